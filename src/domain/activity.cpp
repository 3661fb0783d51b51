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
      if (!at.is_null()) event.at = time_value(at, "at");
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

// ------------------------------------------------------------------------------------------------ Reading

const RowsBuilder::Columns& event_columns() {
  static const RowsBuilder::Columns columns = std::make_shared<const std::vector<Rows::Column>>(std::vector<Rows::Column>{
      {"id", Meaning::id}, {"at", Meaning::datetime}, {"kind", Meaning::text}, {"lead", Meaning::id}, {"subject", Meaning::text},
      {"by", Meaning::text}, {"ip", Meaning::text}, {"cause", Meaning::id}, {"data", Meaning::json}, {"what", Meaning::text}});
  return columns;
}

// Puts events of the log into rows, with the names of what they are about. Reads, in this order: id, at, kind_id, lead_id,
// subject_id, subject, actor, ip, cause_id, data.
class EventRows {
 public:
  EventRows(Operation& op, std::size_t expected) : op_(op), rows_(event_columns(), expected) {}

  void add(const Statement& row) {
    rows_.add_row();
    rows_.set_integer(0, row.integer(0));
    rows_.set_integer(1, row.integer(1));
    std::int64_t kind = row.integer(2);
    const EventKindSpec* own = own_event_kind(kind);
    std::string_view kind_name = own != nullptr ? own->name : op_.events.kinds().name(kind);
    rows_.set_text(2, kind_name);
    if (std::int64_t lead = row.integer(3); lead != 0) rows_.set_integer(3, lead);
    std::string_view subject = row.text(5);
    if (subject.empty() && own != nullptr && !own->subject.empty()) subject = subject_name(*own, row.integer(4));
    if (!subject.empty()) rows_.set_text(4, subject);
    for (int column : {6, 7, 8, 9}) rows_.set_column(row, column, column - 1);
    sentence(own, kind_name, subject);
  }

  RowsBuilder& rows() { return rows_; }

 private:
  std::string_view subject_name(const EventKindSpec& own, std::int64_t id) {
    if (id == 0) return {};
    for (const Named& known : names_) {
      if (known.kind.data() == own.subject.data() && known.id == id) return known.name;
    }
    std::string name;
    const Kind* kind = op_.kinds.find(own.subject);
    if (kind != nullptr && !kind->spec().name_field.empty() && own.subject != "lead") {
      Statement row = op_.db.query(SqlText("SELECT ") + kind->spec().name_field + " FROM " + kind->spec().table + " WHERE id = $1", id);
      if (row.step()) name = row.text(0);
    }
    if (name.empty()) name = "id:" + std::to_string(id);
    names_.push_back({own.subject, id, std::move(name)});
    return names_.back().name;
  }

  void sentence(const EventKindSpec* own, std::string_view kind, std::string_view subject) {
    if (own == nullptr) {
      rows_.set_text(9, kind);
      return;
    }
    std::size_t place = own->summary.find("{subject}");
    if (place == std::string_view::npos) {
      rows_.set_text(9, own->summary);
      return;
    }
    what_.assign(own->summary.substr(0, place));
    what_ += subject.empty() ? std::string_view("every list") : subject;
    what_ += own->summary.substr(place + 9);
    rows_.set_text(9, what_);
  }

  struct Named {
    std::string_view kind;
    std::int64_t id;
    std::string name;
  };
  Operation& op_;
  RowsBuilder rows_;
  std::vector<Named> names_;
  std::string what_;
};

constexpr Literal event_by_id =
    "SELECT id, at, kind_id, lead_id, subject_id, subject, actor, ip, cause_id, data FROM event WHERE id = $1";

constexpr std::int64_t all_events = std::int64_t{1} << 53;  // ids are below it

// At most `limit` of the statement's events; where there are more, the last one's id leads to the next page.
void add_page(EventRows& rows, Statement& page, std::int64_t limit) {
  std::int64_t last = 0;
  while (page.step()) {
    if (rows.rows().count() == limit) return rows.rows().set_next(std::to_string(last));
    last = page.integer(0);
    rows.add(page);
  }
}

std::int64_t id_after(std::string_view token) {
  std::int64_t id = 0;
  auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), id);
  if (error != std::errc() || end != token.data() + token.size() || id <= 0) {
    fail(Status::invalid, "after", "{} does not come from a page of a timeline", shown(token));
  }
  return id;
}

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

RowsPtr timeline(Operation& op, std::int64_t lead, const Query& query, const Condition& condition, Parameters& parameters) {
  std::int64_t before = query.after.empty() ? all_events : id_after(query.after);
  std::int64_t limit = query.limit < 0 ? all_events : std::min(query.limit, all_events);
  EventRows rows(op, static_cast<std::size_t>(std::min<std::int64_t>(limit, 64)));
  if (condition.sql.empty()) {
    Statement page = op.db.query(
        "SELECT id, at, kind_id, lead_id, subject_id, subject, actor, ip, cause_id, data FROM event "
        "WHERE lead_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
        lead, before, limit + 1);
    add_page(rows, page, limit);
  } else {
    SqlText text("SELECT t.id, t.at, t.kind_id, t.lead_id, t.subject_id, t.subject, t.actor, t.ip, t.cause_id, t.data FROM event t WHERE t.lead_id = ");
    text += parameters.add(lead) + " AND t.id < " + parameters.add(before) + " AND (" + condition.sql + ") ORDER BY t.id DESC LIMIT " + parameters.add(limit + 1);
    Statement page = op.db.prepare(text);
    parameters.bind(page);
    add_page(rows, page, limit);
  }
  return rows.rows().finish();
}

RowsPtr causes_of(Operation& op, std::int64_t event) {
  constexpr int most_causes = 10000;  // each is older than the one before, so a chain ends by itself
  EventRows rows(op, 4);
  std::int64_t next = event;
  for (int steps = 0; next > 0 && steps < most_causes; ++steps) {
    Statement row = op.db.query(event_by_id, next);
    if (!row.step()) break;
    rows.add(row);
    std::int64_t cause = row.integer(8);
    if (cause >= next) break;  // a cause is older than what it led to: anything else is a host's mistake
    next = cause;
  }
  return rows.rows().finish();
}

RowsPtr events_after(Operation& op, std::int64_t id, std::int64_t limit) {
  limit = std::min(limit, all_events);
  EventRows rows(op, static_cast<std::size_t>(std::min<std::int64_t>(limit, 1000)));
  Statement page = op.db.query(
      "SELECT id, at, kind_id, lead_id, subject_id, subject, actor, ip, cause_id, data FROM event WHERE id > $1 ORDER BY id LIMIT $2", id,
      limit + 1);
  add_page(rows, page, limit);
  return rows.rows().finish();
}

}  // namespace kith
