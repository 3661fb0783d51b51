#include "core/put.h"

#include <algorithm>

#include "base/failure.h"
#include "base/json.h"
#include "base/text.h"
#include "domain/lead_remove.h"
#include "domain/subscriptions.h"
#include "domain/tags.h"
#include "model/write_key.h"

namespace kith {

namespace {

bool is_lead(const Kind& kind) { return kind.name() == "lead"; }

LeadPutOptions lead_options(const Extras& extras) {
  LeadPutOptions options;
  options.fill_gaps = extras.flag("fill_gaps");
  options.skip_null = extras.flag("skip_null");
  options.create_only = extras.flag("create_only");
  options.update_only = extras.flag("update_only");
  options.source = extras.text("source");
  options.skip_read_only = extras.flag("skip_read_only");
  if (options.create_only && options.update_only) fail(Status::invalid, "update_only", "create_only and update_only leave nothing to do");
  return options;
}

// What a put of leads does besides. Its making checks all of it, so it comes before anything is written.
class Besides {
 public:
  // `one`: a put of one lead, whose extras speak of that lead.
  Besides(Operation& op, const Extras& extras, bool one) : op_(op) {
    for (std::string_view tag : extras.texts("tag")) tags_.push_back(op.kinds.get("tag").need(op, tag));
    act_ = subscribe_act(extras.choice("via", {"host", "form", "import", "automation"}), extras.text("consent"), extras.flag("confirmed"));
    act_.welcome = extras.has("welcome") ? extras.flag("welcome") : one && act_.welcome;
    for (std::string_view list : extras.texts("list")) lists_.push_back(op.kinds.get("list").need(op, list));
  }
  // Who may not be subscribed is put all the same. For one lead no set is read whole.
  void run(std::int64_t lead) const {
    for (std::int64_t tag : tags_) assign_tag(op_, lead, tag, {});
    for (std::int64_t list : lists_) act_on_list(op_, lead, load_list(op_, list), act_);
  }
  void run(const LeadSet& leads) {
    for (std::int64_t tag : tags_) assign_tag_to(op_, leads, tag, {});
    passed_over_.resize(lists_.size());
    for (std::size_t i = 0; i < lists_.size(); ++i) subscribe_all(op_, leads, lists_[i], act_, &passed_over_[i]);
  }
  // The lists that did not take the lead, with why: {"News":"suppressed"}. NULL: all did.
  std::shared_ptr<const std::string> refused(std::int64_t lead) {
    std::string text;
    for (std::size_t i = 0; i < passed_over_.size(); ++i) {
      std::string_view why = passed_over_[i].why(lead);
      if (why.empty()) continue;
      text += text.empty() ? '{' : ',';
      append_json_text(text, load_list(op_, lists_[i]).name);
      text += ':';
      append_json_text(text, why);
    }
    if (text.empty()) return nullptr;
    if (said_ == nullptr || *said_ != text + '}') said_ = std::make_shared<const std::string>(text + '}');
    return said_;
  }

 private:
  Operation& op_;
  std::vector<std::int64_t> tags_;
  std::vector<std::int64_t> lists_;
  SubscribeAct act_;
  std::vector<PassedOver> passed_over_;  // of each list
  std::shared_ptr<const std::string> said_;  // many rows say the same
};

// Whether a row meant its lead: those that create_only or update_only leave alone it did not.
bool is_meant(const LeadPutOptions& options, std::int64_t id, Outcome outcome) {
  if (id == 0 || outcome == Outcome::failed) return false;
  return !options.create_only || outcome == Outcome::created;
}

// What a put that was done before under this key answers.
PutResult earlier(Operation& op, const Kind& kind, const KeyedAnswer& known) {
  PutResult result;
  result.id = is_lead(kind) ? known.lead : known.thing;
  result.event = known.event;
  Statement row = op.db.query("SELECT kind_id FROM event WHERE id = $1", known.event);
  if (row.step()) {
    bool made = row.integer(0) == static_cast<std::int64_t>(kind.spec().created);
    result.outcome = made ? Outcome::created : Outcome::updated;
  }
  return result;
}

// The fields by which a put says what it means, as text.
std::string named_in(const Kind& kind, std::span<const Given> given) {
  std::string text;
  for (const Given& one : given) {
    bool names = one.name == "id" || one.name == kind.spec().name_field || one.name == (is_lead(kind) ? "external_id" : "lead");
    if (!names || one.value.is_null()) continue;
    text += std::string(one.name) + "=" + fold(written(one.value)) + "\n";
  }
  return text;
}

// A key that comes again with another name for the same thing is the same put; with one of another thing it is CONFLICT.
void check_same_thing(Operation& op, const Kind& kind, std::span<const Given> given, const KeyedAnswer& known) {
  for (const Given& one : given) {
    if (one.value.is_null()) continue;
    std::string name = written(one.value);
    if (one.name == "id") name = "id:" + name;
    if (one.name == "external_id") name = "external:" + name;
    if (is_lead(kind)) {
      if (one.name != "id" && one.name != "email" && one.name != "external_id") continue;
      if (find_lead(op, name) == known.lead) return;
    } else if (one.name == "id" || one.name == kind.spec().name_field) {
      if (kind.resolve(op, name) == known.thing) return;
    }
  }
  key_is_of_object(op.act.key, "put");
}

// Whether a put of what was read before passes this field over.
bool is_passed_over(const Kind& kind, std::string_view name, const Extras& extras) {
  if (!extras.flag("skip_read_only")) return false;
  int field = kind.find_field(name);
  return field >= 0 && name != "id" && !kind.field(field).writable();
}

class RowValues {
 public:
  RowValues(const Kind& kind, const RowSource& source, const Extras& extras) : source_(source) {
    for (std::size_t i = 0; i < source.fields().size(); ++i) {
      if (!is_passed_over(kind, source.fields()[i], extras)) columns_.push_back(i);
    }
    given_.resize(columns_.size());
  }
  std::span<const Given> read(std::size_t row) {
    for (std::size_t i = 0; i < given_.size(); ++i) given_[i] = {source_.fields()[columns_[i]], source_.value(row, columns_[i])};
    return given_;
  }

 private:
  const RowSource& source_;
  std::vector<std::size_t> columns_;
  std::vector<Given> given_;
};

}  // namespace

std::initializer_list<std::string_view> put_extras(std::string_view kind) {
  static const std::initializer_list<std::string_view> of_lead = {"tag", "list", "consent", "confirmed", "via", "welcome", "fill_gaps", "skip_null", "create_only", "update_only", "source", "skip_read_only"};
  static const std::initializer_list<std::string_view> of_others = {"skip_read_only"};
  return kind == "lead" ? of_lead : of_others;
}

bool put_checks_first(std::string_view kind, std::span<const Given> extras) {
  if (kind != "lead") return false;
  return std::none_of(extras.begin(), extras.end(), [](const Given& extra) { return extra.name == "tag" || extra.name == "list"; });
}

PutResult put_one(Operation& op, const Kind& kind, std::span<const Given> given, const Extras& extras) {
  std::string verb, object;
  if (!op.act.key.empty()) {
    verb = "put:" + std::string(kind.name());
    object = key_object(named_in(kind, given));
    if (std::optional<KeyedAnswer> known = answer_of_key(op, verb, op.act.key)) {
      if (known->object != object) check_same_thing(op, kind, given, *known);
      return earlier(op, kind, *known);
    }
  }
  PutResult result;
  if (is_lead(kind)) {
    LeadPutOptions options = lead_options(extras);
    Besides besides(op, extras, true);
    result = put_lead(op, given, options);
    if (is_meant(options, result.id, result.outcome)) besides.run(result.id);
  } else {
    std::vector<Given> writable;
    for (const Given& one : given) {
      if (!is_passed_over(kind, one.name, extras)) writable.push_back(one);
    }
    result = put_thing(op, kind, writable);
  }
  if (!op.act.key.empty()) {
    bool lead = is_lead(kind);
    remember_key(op, verb, op.act.key, {lead ? result.id : result.lead, result.event, lead ? 0 : result.id, object});
  }
  return result;
}

void check_put_extras(Operation& op, const Kind& kind, const Extras& extras) {
  if (!op.act.key.empty()) fail(Status::invalid, "key", "belongs to one write: put rows one by one to give each a key");
  if (!is_lead(kind)) return;
  lead_options(extras);
  Besides(op, extras, false);
}

std::vector<RowResult> put_rows(Operation& op, const Kind& kind, const RowSource& source, const Extras& extras, bool skip_bad) {
  if (!op.act.key.empty()) fail(Status::invalid, "key", "belongs to one write: put rows one by one to give each a key");
  std::vector<RowResult> results;
  if (is_lead(kind)) {
    LeadPutOptions options = lead_options(extras);
    Besides besides(op, extras, false);
    results = put_leads(op, source, options, skip_bad);
    LeadSet leads;
    for (const RowResult& result : results) {
      if (is_meant(options, result.id, result.outcome)) leads.add(result.id);
    }
    besides.run(leads);
    for (RowResult& result : results) {
      if (is_meant(options, result.id, result.outcome)) result.refused = besides.refused(result.id);
    }
    return results;
  }
  RowValues values(kind, source, extras);
  results.resize(source.rows());
  for (std::size_t row = 0; row < source.rows(); ++row) {
    try {
      // A thing is checked whole before anything of it is written - with what the change does to others' values, see
      // Kind::check -, so a refused one leaves nothing behind.
      PutResult result = put_thing(op, kind, values.read(row));
      results[row].id = result.id;
      results[row].outcome = result.outcome;
      results[row].event = result.event;
    } catch (const Failure& failure) {
      if (!skip_bad || !is_bad_row(failure.status())) throw failure.within("[" + std::to_string(row) + "]");
      results[row] = {0, Outcome::failed, 0, failure.status(), failure.field(), failure.message(), nullptr};
    }
  }
  return results;
}

std::int64_t remove_one(Operation& op, const Kind& kind, std::string_view name) {
  if (is_lead(kind)) return remove_lead(op, name);
  if (op.act.key.empty()) return remove_thing(op, kind, name);
  return once(op, "remove:" + std::string(kind.name()), 0, fold(name), [&] { return remove_thing(op, kind, name); });
}

RowsPtr rows_of(const std::vector<RowResult>& results, ResultOf of) {
  bool of_put = of == ResultOf::put;
  std::vector<Rows::Column> columns = {{of_put ? "id" : "event", Meaning::id}, {"outcome", Meaning::integer}, {"status", Meaning::integer},
                                       {"field", Meaning::text}, {"message", Meaning::text}};
  if (of_put) columns.push_back({"refused", Meaning::json});
  RowsBuilder rows(std::move(columns), results.size());
  for (const RowResult& result : results) {
    rows.add_row();
    if (std::int64_t id = of_put ? result.id : result.event; id != 0) rows.set_integer(0, id);
    rows.set_integer(1, static_cast<std::int64_t>(result.outcome));
    if (of_put && result.refused != nullptr) rows.set_text(5, *result.refused);
    if (result.outcome != Outcome::failed) continue;
    rows.set_integer(2, static_cast<std::int64_t>(result.status));
    rows.set_text(3, result.field);
    rows.set_text(4, result.message);
  }
  return rows.finish();
}

}  // namespace kith
