#include "domain/export.h"

#include <nlohmann/json.hpp>

#include "base/json.h"
#include "base/time.h"
#include "domain/suppression.h"
#include "model/find.h"
#include "model/parameters.h"

namespace kith {

namespace {

Json json_of(const Rows& rows, std::int64_t row, int column) {
  switch (rows.type(row, column)) {
    case SqlType::integer: {
      Meaning meaning = rows.column(column).meaning;
      if (meaning == Meaning::boolean) return rows.integer(row, column) != 0;
      if (meaning == Meaning::datetime) return format_time(rows.integer(row, column));
      return rows.integer(row, column);
    }
    case SqlType::real: return rows.real(row, column);
    case SqlType::text: {
      std::string_view text = rows.text(row, column);
      if (rows.column(column).meaning == Meaning::json) return parse_json(text, rows.column(column).name);
      return std::string(text);
    }
    default: return nullptr;
  }
}

Json object_of(const Rows& rows, std::int64_t row, std::string_view without) {
  Json object = Json::object();
  for (int column = 0; column < rows.width(); ++column) {
    if (rows.column(column).name != without) object[rows.column(column).name] = json_of(rows, row, column);
  }
  return object;
}

// What is kept of a kind that belongs to leads, for this one: every usual column but the lead itself.
Json things_of(Operation& op, const Kind& kind, std::int64_t lead) {
  Parameters parameters(op.now);
  Statement found = op.db.prepare(kind.select_usual() + " WHERE t.lead_id = " + parameters.add(lead) + " ORDER BY " + kind.id_column());
  parameters.bind(found);
  RowsBuilder rows(kind.usual_columns());
  while (found.step()) rows.add_row(found);
  RowsPtr all = rows.finish();
  Json list = Json::array();
  for (std::int64_t row = 0; row < all->count(); ++row) list.push_back(object_of(*all, row, "lead"));
  return list;
}

// Suppressions hang on no lead: they are looked up by every address and phone that this one has.
Json suppressions_of(Operation& op, std::int64_t lead) {
  std::vector<SuppressionTarget> targets;
  Statement keys = op.db.query("SELECT key FROM lead_key WHERE kind = 1 AND key IN (SELECT email_key FROM lead_email WHERE lead_id = $1)", lead);
  while (keys.step()) targets.push_back(email_target(keys.text(0)));
  Statement own = op.db.query("SELECT email, phone_key FROM lead WHERE id = $1", lead);
  if (own.step()) {
    targets.push_back(suppression_target(own.text(0), "email"));
    if (!own.is_null(1)) targets.push_back(phone_target(own.text(1)));
  }
  Json list = Json::array();
  for (const SuppressionTarget& target : targets) {
    Statement rows = op.db.query("SELECT channel, reason, note, created FROM suppression WHERE target_hash = $1 ORDER BY id", target.hash);
    while (rows.step()) {
      Json one = {{"target", target.text}, {"channel", rows.text(0)}, {"reason", rows.text(1)}};
      one["note"] = rows.is_null(2) ? Json() : Json(rows.text(2));
      one["created"] = format_time(rows.integer(3));
      list.push_back(std::move(one));
    }
  }
  return list;
}

Json merges_of(Operation& op, std::int64_t lead) {
  Json list = Json::array();
  Statement rows = op.db.query("SELECT absorbed_id, at, event_id FROM lead_merge WHERE survivor_id = $1 ORDER BY event_id", lead);
  while (rows.step()) list.push_back({{"absorbed", rows.integer(0)}, {"at", format_time(rows.integer(1))}, {"event", rows.integer(2)}});
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
  Json document = {{"exported", format_time(op.now)}};
  document["lead"] = row->count() == 1 ? object_of(*row, 0, "") : Json();
  for (const auto& owned : op.kinds.all()) {
    if (owned->spec().owner == Owner::lead) document[std::string(owned->name())] = things_of(op, *owned, lead);
  }
  document["suppression"] = suppressions_of(op, lead);
  document["merge"] = merges_of(op, lead);
  return to_json(document);
}

std::string consent_proof_json(Operation& op, std::int64_t lead) {
  Json document = {{"exported", format_time(op.now)}, {"lead", who(op, lead)}};
  Json acts = Json::array();
  Statement rows = op.db.query(
      "SELECT e.id, e.at, k.name, l.name, e.actor, e.ip, e.data FROM event e JOIN event_kind k ON k.id = e.kind_id "
      "LEFT JOIN list l ON l.id = e.subject_id WHERE e.lead_id = $1 AND k.name >= 'subscription.' AND k.name < 'subscription/' ORDER BY e.id",
      lead);
  while (rows.step()) {
    Json act = {{"event", rows.integer(0)}, {"at", format_time(rows.integer(1))}, {"act", rows.text(2)}};
    const char* names[] = {"list", "by", "ip"};
    for (int i = 0; i < 3; ++i) act[names[i]] = rows.is_null(3 + i) ? Json() : Json(rows.text(3 + i));
    if (!rows.is_null(6)) act.update(parse_json(rows.text(6), "data"));
    acts.push_back(std::move(act));
  }
  document["acts"] = std::move(acts);
  return to_json(document);
}

}  // namespace kith
