#include "domain/lead_remove.h"

#include <nlohmann/json.hpp>

#include "base/failure.h"
#include "base/text.h"
#include "domain/lead_keys.h"
#include "domain/lead_tables.h"
#include "domain/leads.h"
#include "domain/search.h"
#include "model/write_key.h"

namespace kith {

namespace {

// Who it was: for people who read the log, and for an erasure, which has nothing else to know the lead's addresses by.
std::string told(Operation& op, std::int64_t lead) {
  Json data = Json::object();
  Json addresses = Json::array();
  Statement row = op.db.query("SELECT email, phone, phone2 FROM lead WHERE id = $1", lead);
  if (row.step()) {
    addresses.push_back(std::string(row.text(0)));
    if (!row.is_null(1)) data["phone"] = std::string(row.text(1));
    if (!row.is_null(2)) data["phone2"] = std::string(row.text(2));
  }
  Statement others = op.db.query("SELECT email FROM lead_email WHERE lead_id = $1 ORDER BY id", lead);
  while (others.step()) addresses.push_back(std::string(others.text(0)));
  data["email"] = std::move(addresses);
  Json ids = Json::array();
  for (LeadKey& key : keys_of_lead(op, lead)) {
    if (key.kind == static_cast<std::int64_t>(KeyKind::external_id)) ids.push_back(std::move(key.key));
  }
  if (!ids.empty()) data["external_id"] = std::move(ids);
  return to_json(data);
}

}  // namespace

std::int64_t remove_lead(Operation& op, std::string_view name) {
  constexpr std::string_view verb = "remove:lead";
  std::int64_t lead = find_lead(op, name);
  std::string object = op.act.key.empty() ? std::string() : key_object(fold(name));
  if (!op.act.key.empty()) {
    if (std::optional<KeyedAnswer> known = answer_of_key(op, verb, op.act.key)) {
      if (known->object != object) key_is_of_lead(op.act.key, known->lead);
      return known->event;
    }
  }
  if (lead == 0) need_lead(op, name);
  std::string data = told(op, lead);
  forget_lead(op, lead, false);
  std::int64_t event = op.events.record(EventKind::lead_removed, lead, 0, data);
  note_gone(op, lead, "removed", 0, event, {});
  if (!op.act.key.empty()) remember_key(op, verb, op.act.key, {lead, event, 0, object});
  return event;
}

Json forget_lead(Operation& op, std::int64_t lead, bool erased) {
  Json counts = Json::object();
  std::vector<LeadKey> keys = keys_of_lead(op, lead);
  for (const LeadKey& key : keys) op.db.run("DELETE FROM lead_key WHERE kind = $1 AND key = $2", key.kind, key.key);
  for (const LeadTable& table : lead_tables(op.kinds)) {
    if (table.table == "lead_key") continue;  // done: only a lead's other keys can be found by it
    if (table.goes == Goes::never || (table.goes == Goes::erased && !erased)) continue;
    if (table.on_merge == OnMerge::unite) {
      for (const Json& row : rows_of_lead(op, table, lead)) {
        if (std::optional<SetKey> set = set_of_row(table, row)) op.sets.remove(*set, lead);
      }
    }
    if (std::int64_t gone = delete_rows_of_lead(op, table, lead); gone > 0) counts[table.table.string()] = gone;
  }
  search_changed(op, lead);
  return counts;
}

void note_gone(Operation& op, std::int64_t lead, std::string_view state, std::int64_t survivor, std::int64_t event,
               std::string_view counts) {
  std::optional<std::int64_t> to;
  if (survivor != 0) to = survivor;
  std::optional<std::string_view> what;
  if (!counts.empty()) what = counts;
  op.db.run(
      "INSERT INTO lead_gone (id, state, survivor_id, at, event_id, counts) VALUES ($1, $2, $3, $4, $5, $6) "
      "ON CONFLICT (id) DO UPDATE SET state = excluded.state, survivor_id = excluded.survivor_id, at = excluded.at, "
      "event_id = excluded.event_id, counts = excluded.counts",
      lead, state, to, op.at(), event, what);
  op.sets.add({SetFamily::gone, 0}, lead);
}

}  // namespace kith
