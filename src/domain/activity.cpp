#include "domain/activity.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>

#include "base/checks.h"
#include "base/failure.h"
#include "base/json.h"
#include "base/text.h"
#include "model/parameters.h"
#include "model/write_key.h"

namespace kith {

namespace {

using enum FieldType;

constexpr std::size_t most_data = 64 * 1024;
constexpr std::size_t most_subject = 255;

constexpr FieldSpec event_fields[] = {
    {.name = "id", .type = id, .flags = sortable, .summary = "the event's number; later events have higher ones"},
    {.name = "at", .type = datetime, .flags = automatic, .summary = "when it happened"},
    {.name = "kind", .flags = computed, .summary = "what happened, such as tag.assigned",
     .expression = "(SELECT n.name FROM event_kind n WHERE n.id = t.kind_id)"},
    {.name = "lead", .type = reference, .flags = automatic, .summary = "to whom; empty: to no lead", .refers = "lead",
     .expression = "CASE WHEN t.lead_id = 0 THEN NULL ELSE t.lead_id END"},
    {.name = "subject", .flags = computed, .summary = "the host's own subject", .expression = "t.subject"},
    {.name = "by", .flags = computed, .summary = "who did it", .expression = "t.actor"},
    {.name = "ip", .type = ip, .flags = computed, .summary = "from which address"},
    {.name = "cause", .type = integer, .flags = computed, .summary = "the event that led to it", .expression = "t.cause_id"},
    {.name = "data", .type = json, .flags = computed, .summary = "what else is known of it"},
};

constexpr FieldSpec event_kind_fields[] = {
    {.name = "id", .type = id, .flags = sortable, .summary = "the kind's number; the host's begin at 1000"},
    {.name = "name", .type = name, .flags = required | unique | sortable, .summary = "such as shop.cart_left"},
    {.name = "created", .type = datetime, .flags = automatic, .summary = "when it was first recorded"},
};

void check_data(std::string_view data) {
  if (data.empty()) return;
  if (data.size() > most_data) fail(Status::limit, "data", "has {} bytes; an event takes at most {}", data.size(), most_data);
  check_json(data, "data");
}

void check_subject(std::string_view subject) {
  if (subject.size() > most_subject && code_points(subject) > most_subject) {
    fail(Status::limit, "subject", "has {} characters; at most {} are taken", code_points(subject), most_subject);
  }
}

// To record another kind of event is another verb: one order has one key for all that happens to it.
std::string verb_of(std::int64_t kind) { return "record:" + std::to_string(kind); }

constexpr std::string_view record_fields[] = {"lead", "kind", "data", "subject", "at", "by", "ip", "key", "cause"};
enum Column { of_lead, of_kind, of_data, of_subject, of_at, of_by, of_ip, of_key, of_cause, columns };

// The rows of one record_many: names resolved once each, keys answered, events gathered for one bulk write.
class ManyEvents {
 public:
  ManyEvents(Operation& op, const RowSource& source, bool skip_bad) : op_(op), source_(source), skip_bad_(skip_bad) {
    std::fill(std::begin(place_), std::end(place_), -1);
    for (std::size_t i = 0; i < source.fields().size(); ++i) {
      auto known = std::find(std::begin(record_fields), std::end(record_fields), source.fields()[i]);
      if (known == std::end(record_fields)) {
        std::string near = nearest(source.fields()[i], record_fields);
        Failure failure(Status::invalid, source.fields()[i],
                        fmt::format("is no field of an event{}", near.empty() ? "" : "; did you mean \"" + near + "\"?"));
        throw failure.near(near);
      }
      int& place = place_[known - std::begin(record_fields)];
      if (place >= 0) fail(Status::invalid, *known, "is given twice");
      place = static_cast<int>(i);
    }
    for (Column wanted : {of_lead, of_kind}) {
      if (place_[wanted] < 0 && source.rows() > 0) fail(Status::invalid, record_fields[wanted], "is missing: every event must have one");
    }
  }

  std::vector<RowResult> run() {
    std::size_t count = source_.rows();
    std::vector<RowResult> results(count);
    events_.reserve(count);
    rows_.reserve(count);
    if (count > 64) live_ = op_.sets.everybody();
    // The first bytes of what a row points at are kept stable by the source; only ip and by are kept aside.
    by_.reserve(place_[of_by] >= 0 ? count : 0);
    ip_.reserve(place_[of_ip] >= 0 ? count : 0);
    ip_text_.reserve(place_[of_ip] >= 0 ? count : 0);
    for (std::size_t row = 0; row < count; ++row) {
      try {
        read(row, results[row]);
      } catch (const Failure& failure) {
        if (!skip_bad_ || !is_bad_row(failure.status())) throw failure.within("[" + std::to_string(row) + "]");
        results[row].outcome = Outcome::failed;
        results[row].status = failure.status();
        results[row].field = failure.field();
        results[row].message = failure.message();
      }
    }
    std::vector<std::int64_t> ids(events_.size());
    op_.events.record_many(events_, ids.data());
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      results[rows_[i]].event = ids[i];
      results[rows_[i]].outcome = Outcome::created;
    }
    for (const Keyed& keyed : keys_) {
      std::int64_t event = ids[keyed.event];
      remember_key(op_, keyed.verb, keyed.key, {events_[keyed.event].lead, event, 0, {}});
    }
    for (const auto& [row, first] : repeats_) results[row].event = results[first].event;
    return results;
  }

 private:
  struct Keyed {
    std::string verb;
    std::string_view key;
    std::size_t event;
  };

  std::string_view text(std::size_t row, Column column) const {
    if (place_[column] < 0) return {};
    Value value = source_.value(row, static_cast<std::size_t>(place_[column]));
    return value.is_null() ? std::string_view() : text_value(value, record_fields[column]);
  }

  std::int64_t lead_of(std::size_t row) {
    Value value = source_.value(row, static_cast<std::size_t>(place_[of_lead]));
    std::int64_t id = 0;
    if (value.is_integer()) {
      id = value.integer;
    } else {
      std::string_view name = text_value(value, "lead");
      if (!name.starts_with("id:")) {
        auto known = names_.find(name);
        if (known == names_.end()) known = names_.emplace(name, need_lead(op_, name)).first;
        return known->second;
      }
      auto [end, error] = std::from_chars(name.data() + 3, name.data() + name.size(), id);
      if (error != std::errc() || end != name.data() + name.size()) id = 0;
    }
    if (id <= 0) fail(Status::invalid, "lead", "{} is no id", value.is_text() ? shown(value.text) : std::to_string(value.integer));
    if (live_.contains(id)) return id;
    std::int64_t live = live_lead(op_, id);
    if (live == 0) fail(Status::not_found, "lead", "there is no lead id:{}", id);
    return live;
  }

  std::int64_t kind_of(std::string_view name) {
    for (const auto& [known, id] : kinds_) {
      if (known == name) return id;
    }
    std::int64_t id = op_.events.kinds().find_or_make(op_.ids, name, op_.now);
    kinds_.emplace_back(name, id);
    return id;
  }

  void read(std::size_t row, RowResult& result) {
    Event event;
    event.lead = lead_of(row);
    std::string_view kind = text(row, of_kind);
    if (kind.empty()) fail(Status::invalid, "kind", "is missing: every event must have one");
    event.data = trimmed(text(row, of_data));
    check_data(event.data);
    event.subject = trimmed(text(row, of_subject));
    check_subject(event.subject);
    if (place_[of_at] >= 0) {
      Value at = source_.value(row, static_cast<std::size_t>(place_[of_at]));
      if (!at.is_null()) {
        event.at = time_value(at, "at");
        if (event.at == 0) fail(Status::invalid, "at", "is 0, 1970-01-01T00:00:00Z, as a time is that nobody set: leave it out for now");
      }
      if (event.at > op_.now + 1000) fail(Status::invalid, "at", "{} has not come yet", format_time(event.at));
    }
    if (place_[of_cause] >= 0) {
      Value cause = source_.value(row, static_cast<std::size_t>(place_[of_cause]));
      if (!cause.is_null()) event.cause = integer_value(cause, "cause");
      check_cause(op_.ids, event.cause);
    }
    if (std::string_view by = trimmed(text(row, of_by)); !by.empty()) {
      if (code_points(by) > 255) fail(Status::limit, "by", "has more than 255 characters");
      by_.push_back(by);
      event.by = &by_.back();
    }
    if (std::string_view ip = text(row, of_ip); !ip.empty()) {
      ip_text_.push_back(checked_ip(ip, "ip"));
      ip_.push_back(ip_text_.back());
      event.ip = &ip_.back();
    }
    event.kind = kind_of(kind);
    if (std::string_view key = text(row, of_key); !key.empty() && answered(row, key, event, result)) return;
    rows_.push_back(row);
    events_.push_back(event);
  }

  // Whether this key was used before, in the file or earlier in the call.
  bool answered(std::size_t row, std::string_view key, const Event& event, RowResult& result) {
    if (key.size() > 255) fail(Status::limit, "key", "must have 1 to 255 bytes");
    std::string verb = verb_of(event.kind);
    auto used_for = [&](std::int64_t lead) {
      if (lead != event.lead) key_is_of_lead(key, lead);
    };
    if (std::optional<KeyedAnswer> known = answer_of_key(op_, verb, key)) {
      used_for(known->lead);
      result.event = known->event;
      return true;
    }
    auto [first, fresh] = in_call_.try_emplace(verb + "\n" + std::string(key), events_.size());
    if (!fresh) {
      used_for(events_[first->second].lead);
      repeats_.emplace_back(row, rows_[first->second]);
      return true;
    }
    keys_.push_back({std::move(verb), key, events_.size()});
    return false;
  }

  Operation& op_;
  const RowSource& source_;
  bool skip_bad_;
  int place_[columns];
  LeadSet live_;
  std::unordered_map<std::string_view, std::int64_t> names_;
  std::vector<std::pair<std::string_view, std::int64_t>> kinds_;
  std::vector<Event> events_;
  std::vector<std::size_t> rows_;  // of each event
  std::vector<std::string_view> by_;
  std::vector<std::string_view> ip_;
  std::vector<std::string> ip_text_;
  std::vector<Keyed> keys_;
  std::unordered_map<std::string, std::size_t> in_call_;
  std::vector<std::pair<std::size_t, std::size_t>> repeats_;
};

}  // namespace

std::unique_ptr<Kind> make_event_kind() {
  KindSpec spec;
  spec.name = "event";
  spec.table = "event";
  spec.owner = Owner::lead;
  spec.summary = "something that happened: the log";
  spec.fields = event_fields;
  spec.writable = spec.removable = false;
  return std::make_unique<Kind>(spec);
}

std::unique_ptr<Kind> make_event_kind_kind() {
  KindSpec spec;
  spec.name = "event_kind";
  spec.table = "event_kind";
  spec.owner = Owner::definition;
  spec.name_field = "name";
  spec.summary = "a kind of event: Kith's own, and those the host has recorded";
  spec.fields = event_kind_fields;
  spec.writable = spec.removable = false;
  return std::make_unique<Kind>(spec);
}

std::int64_t record_event(Operation& op, std::int64_t lead, std::string_view kind, std::string_view data, std::string_view subject) {
  Event event;
  event.data = trimmed(data);
  check_data(event.data);
  event.subject = trimmed(subject);
  check_subject(event.subject);
  event.lead = lead;
  event.kind = op.events.kinds().find_or_make(op.ids, kind, op.now);
  return once(op, verb_of(event.kind), lead, {}, [&] { return op.events.record(event); });
}

std::vector<RowResult> record_events(Operation& op, const RowSource& source, bool skip_bad) {
  return ManyEvents(op, source, skip_bad).run();
}

}  // namespace kith
