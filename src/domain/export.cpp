#include "domain/export.h"

#include <set>

#include <nlohmann/json.hpp>

#include "base/address.h"
#include "base/checks.h"
#include "base/json.h"
#include "base/time.h"
#include "domain/activity.h"
#include "domain/lead_keys.h"
#include "domain/suppression.h"
#include "model/find.h"
#include "model/parameters.h"

namespace kith {

namespace {

// A time as text. One that no clock shows, as a stray tool may have written it, stays the number that it is: what is kept of
// somebody is told whatever it is.
Json time_json(Millis time) {
  if (time < earliest_time || time > latest_time) return time;
  return format_time(time);
}

Json json_of(const Rows& rows, std::int64_t row, int column) {
  switch (rows.type(row, column)) {
    case SqlType::integer: {
      Meaning meaning = rows.column(column).meaning;
      if (meaning == Meaning::boolean) return rows.integer(row, column) != 0;
      if (meaning == Meaning::datetime) return time_json(rows.integer(row, column));
      return rows.integer(row, column);
    }
    case SqlType::real: return rows.real(row, column);
    case SqlType::text: {
      std::string_view text = rows.text(row, column);
      if (rows.column(column).meaning == Meaning::json) return stored_json(text, rows.column(column).name);
      return std::string(text);
    }
    default: return nullptr;
  }
}

// What people call a column of the lead: of a custom field, "c12" is its key.
std::string name_of(Operation& op, const std::string& column) {
  for (const Field& field : op.kinds.get("lead").fields()) {
    if (field.custom_id != 0 && field.column.string() == column) return field.name;
  }
  return column;
}

Json object_of(const Rows& rows, std::int64_t row, std::string_view without) {
  Json object = Json::object();
  for (int column = 0; column < rows.width(); ++column) {
    if (rows.column(column).name != without) object[rows.column(column).name] = json_of(rows, row, column);
  }
  return object;
}

// A document in the making: its members are written as they come, so that a long log is never whole in memory twice.
class Document {
 public:
  void add(std::string_view name, const Json& value) {
    begin(name);
    text_ += to_json(value);
  }
  void begin_list(std::string_view name) {
    begin(name);
    text_ += '[';
    first_ = true;
  }
  void add_item(const Json& value) {
    if (!first_) text_ += ',';
    first_ = false;
    text_ += to_json(value);
  }
  void end_list() { text_ += ']'; }
  std::string finish() { return std::move(text_) + "}"; }

 private:
  void begin(std::string_view name) {
    if (text_.size() > 1) text_ += ',';
    append_json_text(text_, name);
    text_ += ':';
  }
  std::string text_ = "{";
  bool first_ = true;
};

// What is kept of a kind that belongs to leads, for this one: every usual column but the lead itself.
void add_things(Operation& op, Document& document, const Kind& kind, std::int64_t lead) {
  Parameters parameters(op.now);
  Statement found = op.db.prepare(kind.select_usual() + " WHERE t.lead_id = " + parameters.add(lead) + " ORDER BY " + kind.id_column());
  parameters.bind(found);
  document.begin_list(kind.name());
  while (found.step()) {
    RowsBuilder rows(kind.usual_columns());
    rows.add_row(found);
    document.add_item(object_of(*rows.finish(), 0, "lead"));
  }
  document.end_list();
}

// The log, with the names of what happened to the lead, page by page.
void add_events(Operation& op, Document& document, std::int64_t lead) {
  constexpr std::int64_t a_page = 500;
  document.begin_list("event");
  std::int64_t after = 0;
  while (true) {
    RowsPtr page = events_of(op, lead, after, a_page);
    for (std::int64_t row = 0; row < page->count(); ++row) document.add_item(object_of(*page, row, "lead"));
    if (page->next() == nullptr) break;
    after = page->integer(page->count() - 1, 0);
  }
  document.end_list();
}

// Every key that finds the lead, also those of leads that were merged into it.
Json keys_json(Operation& op, std::int64_t lead) {
  Json list = Json::array();
  for (const LeadKey& key : keys_of_lead(op, lead)) {
    Json one = Json::object();  // step by step: the short way loses memory when there is no more
    one["kind"] = key.kind == 1 ? "email" : "external_id";
    one["key"] = key.key;
    one["own"] = key.role == 1;
    list.push_back(std::move(one));
  }
  return list;
}

struct Merged {
  std::int64_t lead, at, event;
  Json document;  // of the merge: who was absorbed, as they were then
};
// The leads that were merged into it, however many merges ago.
std::vector<Merged> merged_into(Operation& op, std::int64_t lead) {
  std::vector<Merged> all;
  std::set<std::int64_t> known = {lead};
  for (std::size_t next = 0; lead != 0; lead = next < all.size() ? all[next++].lead : 0) {
    Statement rows = op.db.query("SELECT absorbed_id, at, event_id, document FROM lead_merge WHERE survivor_id = $1 ORDER BY event_id", lead);
    while (rows.step()) {
      // A lead is merged once: in a damaged file they could go round in a ring.
      if (!known.insert(rows.integer(0)).second) fail(Status::corrupt, "", "lead {} was merged twice, by the file", rows.integer(0));
      Json document = stored_json(rows.text(3), "what a merge did");
      all.push_back({rows.integer(0), rows.integer(1), rows.integer(2), document.is_object() ? std::move(document) : Json::object()});
    }
  }
  return all;
}

// Suppressions hang on no lead: they are looked up by every address and phone that this one has, and by the phones of
// those who were merged into it, which a merge does not keep otherwise.
Json suppressions_of(Operation& op, std::int64_t lead, const std::vector<Merged>& merged) {
  std::vector<SuppressionTarget> targets;
  for (const LeadKey& key : keys_of_lead(op, lead)) {
    if (key.kind == 1) targets.push_back(email_target(key.key));
  }
  Statement own = op.db.query("SELECT email, phone, phone2 FROM lead WHERE id = $1", lead);
  if (own.step()) {
    targets.push_back(suppression_target("@" + std::string(domain_of(parse_address(own.text(0), "email").key)), "email"));
    for (int column : {1, 2}) {
      if (std::string key = phone_key(own.text(column)); !key.empty()) targets.push_back(phone_target(key));
    }
  }
  for (const Merged& one : merged) {
    for (const char* phone : {"phone", "phone2"}) {
      Json absorbed = one.document.value("absorbed", Json::object());
      if (!absorbed.is_object() || !absorbed.contains(phone) || !absorbed[phone].is_string()) continue;
      if (std::string key = phone_key(absorbed[phone].get_ref<const std::string&>()); !key.empty()) targets.push_back(phone_target(key));
    }
  }
  Json list = Json::array();
  std::set<std::string> looked_up;
  for (const SuppressionTarget& target : targets) {
    if (!looked_up.insert(target.hash).second) continue;
    Statement rows = op.db.query("SELECT channel, reason, note, created FROM suppression WHERE target_hash = $1 ORDER BY id", target.hash);
    while (rows.step()) {
      Json one = {{"target", target.text}, {"channel", rows.text(0)}, {"reason", rows.text(1)}};
      one["note"] = rows.is_null(2) ? Json() : Json(rows.text(2));
      one["created"] = time_json(rows.integer(3));
      list.push_back(std::move(one));
    }
  }
  return list;
}

Json merges_json(Operation& op, const std::vector<Merged>& merged) {
  Json list = Json::array();
  for (const Merged& one : merged) {
    Json told = {{"absorbed", one.lead}, {"at", time_json(one.at)}, {"event", one.event}};
    for (const char* part : {"absorbed", "absorbed_custom"}) {
      if (!one.document.contains(part) || !one.document[part].is_object()) continue;
      for (const auto& [column, value] : one.document[part].items()) {
        if (!value.is_null() && column != "id" && column != "lead_id") told["lead"][name_of(op, column)] = value;
      }
    }
    list.push_back(std::move(told));
  }
  return list;
}

Json who(Operation& op, std::int64_t lead) {
  Json object = {{"id", lead}};
  Statement row = op.db.query("SELECT email FROM lead WHERE id = $1", lead);
  if (row.step()) object["email"] = row.text(0);
  return object;
}

}  // namespace

std::string export_lead_json(Operation& op, std::int64_t lead) {
  const Kind& kind = op.kinds.get("lead");
  RowsPtr row = get_thing(op, kind, lead);
  Document document;
  document.add("exported", time_json(op.now));
  document.add("lead", row->count() == 1 ? object_of(*row, 0, "") : Json());
  document.add("key", keys_json(op, lead));
  for (const auto& owned : op.kinds.all()) {
    if (owned->spec().owner != Owner::lead) continue;
    owned->name() == "event" ? add_events(op, document, lead) : add_things(op, document, *owned, lead);
  }
  std::vector<Merged> merged = merged_into(op, lead);
  document.add("suppression", suppressions_of(op, lead, merged));
  document.add("merge", merges_json(op, merged));
  return document.finish();
}

std::string consent_proof_json(Operation& op, std::int64_t lead) {
  Document document;
  document.add("exported", time_json(op.now));
  document.add("lead", who(op, lead));
  document.begin_list("acts");
  Statement rows = op.db.query(
      "SELECT e.id, e.at, k.name, COALESCE(l.name, g.name), e.actor, e.ip, e.data "
      "FROM event e JOIN event_kind k ON k.id = e.kind_id LEFT JOIN list l ON l.id = e.subject_id "
      "LEFT JOIN definition_gone g ON g.kind = 'list' AND g.id = e.subject_id WHERE e.lead_id = $1 AND k.name >= 'subscription.' AND k.name < 'subscription/' ORDER BY e.id",
      lead);
  while (rows.step()) {
    Json act = {{"event", rows.integer(0)}, {"at", time_json(rows.integer(1))}, {"act", rows.text(2)}};
    const char* names[] = {"list", "by", "ip"};
    for (int i = 0; i < 3; ++i) act[names[i]] = rows.is_null(3 + i) ? Json() : Json(rows.text(3 + i));
    if (!rows.is_null(6)) act.update(stored_json(rows.text(6), "data"));
    document.add_item(act);
  }
  document.end_list();
  return document.finish();
}

}  // namespace kith
