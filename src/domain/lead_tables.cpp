#include "domain/lead_tables.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "domain/lists.h"
#include "sql/dialect.h"

namespace kith {

namespace {

using enum OnMerge;

std::vector<LeadTable> without_kind() {
  return {
      {.table = "lead", .lead = "id", .on_merge = own},
      {.table = "lead_custom", .lead = "lead_id", .on_merge = own},
      {.table = "lead_key", .lead = "lead_id", .key = Literal("kind"), .key2 = Literal("key"), .on_merge = own},
      {.table = "pause", .lead = "lead_id", .key = Literal("list_id"), .ends = "until", .on_merge = unite},
      {.table = "confirm_wanted", .lead = "lead_id", .key = Literal("event_id")},
      {.table = "soft_bounce", .lead = "lead_id", .key = Literal("event_id")},
      {.table = "token", .lead = "lead_id", .key = Literal("id")},
      {.table = "token", .lead = "issued_to", .key = Literal("id"), .on_merge = stays, .goes = Goes::never},
      // A retry of what was done to a lead that is removed must not do it again.
      {.table = "write_key", .lead = "lead_id", .key = Literal("verb"), .key2 = Literal("key"), .goes = Goes::erased},
      {.table = "event", .lead = "lead_id", .key = Literal("id"), .goes = Goes::never},
      {.table = "lead_merge", .lead = "survivor_id", .key = Literal("event_id"), .on_merge = stays},
      {.table = "lead_merge", .lead = "absorbed_id", .key = Literal("event_id"), .on_merge = stays},
      {.table = "lead_gone", .lead = "survivor_id", .key = Literal("id"), .on_merge = stays, .goes = Goes::never},
  };
}

// Of a kind that leads own, things have ids, or there is one for each lead and tag, lead and list.
LeadTable table_of(const Kind& kind) {
  LeadTable table;
  table.table = kind.spec().table;
  table.lead = "lead_id";
  for (const FieldSpec& field : kind.spec().fields) {
    if (field.name == "id" && field.expression.empty()) table.key = field.name;
    if (field.type == FieldType::reference && !(field.refers == "lead") && table.key.empty()) {
      table.key = SqlText(field.name) + "_id";
      table.on_merge = unite;
    }
    if (field.name == "expires" && field.expression.empty()) table.ends = field.name;
  }
  return table;
}

}  // namespace

std::vector<LeadTable> lead_tables(const Registry& kinds) {
  std::vector<LeadTable> tables = without_kind();
  for (const auto& kind : kinds.all()) {
    if (kind->spec().owner != Owner::lead) continue;
    bool declared = std::any_of(tables.begin(), tables.end(), [&](const LeadTable& table) { return table.table == kind->spec().table.view(); });
    if (!declared) tables.push_back(table_of(*kind));  // the log is a kind that does not go with its lead
  }
  return tables;
}

Json row_json(const Statement& row) {
  Json out = Json::object();
  for (int column = 0; column < row.columns(); ++column) {
    Json& value = out[std::string(row.column_name(column))];
    switch (row.type(column)) {
      case SqlType::integer: value = row.integer(column); break;
      case SqlType::real: value = row.real(column); break;
      case SqlType::text: value = std::string(row.text(column)); break;
      default: value = nullptr;
    }
  }
  return out;
}

void insert_row(Operation& op, Literal table, const Json& row) {
  SqlText columns;
  SqlText places;
  int place = 0;
  for (const auto& [name, value] : row.items()) {
    if (place > 0) {
      columns += ", ";
      places += ", ";
    }
    columns += Dialect::quoted(name);
    places += Dialect::parameter(++place);
  }
  Statement statement = op.db.prepare(SqlText("INSERT INTO ") + table + " (" + columns + ") VALUES (" + places + ")");
  place = 0;
  for (const auto& [name, value] : row.items()) {
    ++place;
    if (value.is_null()) {
      statement.bind(place, nullptr);
    } else if (value.is_string()) {
      statement.bind(place, std::string_view(value.get_ref<const std::string&>()));
    } else if (value.is_number_float()) {
      statement.bind(place, value.get<double>());
    } else {
      statement.bind(place, value.get<std::int64_t>());
    }
  }
  statement.run();
}

std::vector<Json> rows_of_lead(Operation& op, const LeadTable& table, std::int64_t lead) {
  SqlText text = SqlText("SELECT * FROM ") + table.table + " WHERE " + table.lead + " = $1";
  if (!table.key.empty()) text += SqlText(" ORDER BY ") + table.key;
  if (!table.key2.empty()) text += SqlText(", ") + table.key2;
  Statement rows = op.db.query(text, lead);
  std::vector<Json> out;
  while (rows.step()) out.push_back(row_json(rows));
  return out;
}

std::int64_t delete_rows_of_lead(Operation& op, const LeadTable& table, std::int64_t lead) {
  std::int64_t count = 0;
  {
    Statement row = op.db.query(SqlText("SELECT COUNT(*) FROM ") + table.table + " WHERE " + table.lead + " = $1", lead);
    if (row.step()) count = row.integer(0);
  }
  if (count == 0) return 0;
  op.db.run(SqlText("DELETE FROM ") + table.table + " WHERE " + table.lead + " = $1", lead);
  return count;
}

std::optional<SetKey> set_of_row(const LeadTable& table, const Json& row) {
  if (table.table == "lead_tag") return SetKey{SetFamily::tag, row.at("tag_id").get<std::int64_t>()};
  if (table.table == "subscription") {
    return subscription_set(row.at("list_id").get<std::int64_t>(), state_of(row.at("state").get_ref<const std::string&>()));
  }
  return std::nullopt;
}

}  // namespace kith
