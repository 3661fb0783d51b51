#include "domain/merge_rows.h"

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/failure.h"
#include "base/text.h"

namespace kith {

namespace {

SqlText where_lead(const LeadTable& table) { return SqlText(" WHERE ") + table.lead + " = $1"; }

std::int64_t thing_of(const LeadTable& table, const Json& row) { return row.at(table.key.string()).get<std::int64_t>(); }

// The columns that both know: a later version of the file may have more.
bool same(const Json& then, const Json& now) {
  for (const auto& [name, value] : then.items()) {
    auto found = now.find(name);
    if (found == now.end() || *found != value) return false;
  }
  return true;
}

// One lead's rows by what they are about.
std::map<std::int64_t, const Json*> by_thing(const LeadTable& table, const Json& rows) {
  std::map<std::int64_t, const Json*> out;
  for (const Json& row : rows) out.emplace(thing_of(table, row), &row);
  return out;
}

bool is_over(Operation& op, const LeadTable& table, const Json& row) {
  if (table.ends.empty()) return false;
  const Json& ends = row.at(table.ends.string());
  return ends.is_number() && ends.get<std::int64_t>() <= op.now;
}

// Whether the tag or the list that a row is about is there; list 0 of a pause is every list.
bool is_there(Operation& op, const LeadTable& table, std::int64_t thing) {
  std::string_view column = table.key.string();
  const Kind* kind = op.kinds.find(column.substr(0, column.size() - 3));
  if (kind == nullptr || thing == 0) return true;
  Statement row = op.db.query(SqlText("SELECT 1 FROM ") + kind->spec().table + " WHERE id = $1", thing);
  return row.step();
}

// "the tag \"VIP\"": what a row is about, for people.
std::string told(Operation& op, const LeadTable& table, std::int64_t thing) {
  std::string_view column = table.key.string();
  std::string_view kind_name = column.substr(0, column.size() - 3);  // tag_id
  const Kind* kind = op.kinds.find(kind_name);
  if (kind != nullptr && !kind->spec().name_field.empty()) {
    Statement row = op.db.query(SqlText("SELECT ") + kind->spec().name_field + " FROM " + kind->spec().table + " WHERE id = $1", thing);
    if (row.step()) return fmt::format("the {} {}", kind_name, shown(row.text(0)));
  }
  return fmt::format("{} id:{}", kind_name, thing);
}

void drop_row(Operation& op, const LeadTable& table, std::int64_t lead, std::int64_t thing) {
  op.db.run(SqlText("DELETE FROM ") + table.table + where_lead(table) + " AND " + table.key + " = $2", lead, thing);
}

}  // namespace

Json keys_of_lead(Operation& op, const LeadTable& table, std::int64_t lead) {
  Json keys = Json::array();
  SqlText text = SqlText("SELECT ") + table.key;
  if (!table.key2.empty()) text += SqlText(", ") + table.key2;
  Statement rows = op.db.query(text + " FROM " + table.table + where_lead(table) + " ORDER BY " + table.key, lead);
  while (rows.step()) {
    if (!table.key2.empty()) {
      keys.push_back(Json::array({std::string(rows.text(0)), std::string(rows.text(1))}));
      continue;
    }
    std::int64_t id = rows.integer(0);
    if (!keys.empty() && keys.back()[1].get<std::int64_t>() + 1 == id) {
      keys.back()[1] = id;
    } else {
      keys.push_back(Json::array({id, id}));
    }
  }
  return keys;
}

void move_rows(Operation& op, const LeadTable& table, std::int64_t from, std::int64_t to) {
  op.db.run(SqlText("UPDATE ") + table.table + " SET " + table.lead + " = $2" + where_lead(table), from, to);
}

void move_rows_back(Operation& op, const LeadTable& table, const Json& keys, std::int64_t from, std::int64_t to) {
  bool texts = !table.key2.empty();
  SqlText text = SqlText("UPDATE ") + table.table + " SET " + table.lead + " = $2" + where_lead(table) + " AND " + table.key;
  text += texts ? SqlText(" = $3 AND ") + table.key2 + " = $4" : SqlText(" BETWEEN $3 AND $4");
  Statement statement = op.db.prepare(text);
  for (const Json& key : keys) {
    statement.bind(1, from);
    statement.bind(2, to);
    for (int i : {0, 1}) {
      const Json& part = key.at(static_cast<std::size_t>(i));
      if (texts) {
        statement.bind(3 + i, std::string_view(part.get_ref<const std::string&>()));
      } else {
        statement.bind(3 + i, part.get<std::int64_t>());
      }
    }
    statement.run();
  }
}

Json rows_to_unite(Operation& op, const LeadTable& table, std::int64_t survivor, std::int64_t absorbed) {
  Json rows = Json::array();
  for (Json& row : rows_of_lead(op, table, absorbed)) rows.push_back(std::move(row));
  Json ours = united_rows(op, table, survivor, rows);
  for (Json& row : ours) rows.push_back(std::move(row));
  return rows;
}

Json united_rows(Operation& op, const LeadTable& table, std::int64_t survivor, const Json& before) {
  Json rows = Json::array();
  SqlText text = SqlText("SELECT * FROM ") + table.table + where_lead(table) + " AND " + table.key + " = $2";
  for (const auto& [thing, row] : by_thing(table, before)) {
    Statement found = op.db.query(text, survivor, thing);
    if (found.step()) rows.push_back(row_json(found));
  }
  return rows;
}

void part_rows(Operation& op, const LeadTable& table, std::int64_t survivor, const Json& before, const Json& after) {
  Json now = united_rows(op, table, survivor, before);
  std::map<std::int64_t, const Json*> after_by = by_thing(table, after);
  std::map<std::int64_t, const Json*> now_by = by_thing(table, now);
  std::set<std::int64_t> over;  // ended since by itself: nothing to bring back
  for (const auto& [thing, row] : by_thing(table, before)) {
    auto then = after_by.find(thing);
    auto present = now_by.find(thing);
    bool stands = present != now_by.end();
    if (then != after_by.end() && !stands && is_over(op, table, *then->second)) {
      over.insert(thing);
      continue;
    }
    bool unchanged = then == after_by.end() ? !stands : stands && same(*then->second, *present->second);
    if (!unchanged) fail(Status::refused, "merge_event", "{} of lead id:{} was changed since", told(op, table, thing), survivor);
  }
  for (const Json& row : now) {
    drop_row(op, table, survivor, thing_of(table, row));
    if (std::optional<SetKey> set = set_of_row(table, row)) op.sets.remove(*set, survivor);
  }
  for (const Json& row : before) {
    if (over.count(thing_of(table, row)) != 0 || !is_there(op, table, thing_of(table, row))) continue;
    insert_row(op, table.table, row);
    if (std::optional<SetKey> set = set_of_row(table, row)) op.sets.add(*set, row.at(table.lead.string()).get<std::int64_t>());
  }
}

void unite_rows(Operation& op, const LeadTable& table, std::int64_t survivor, std::int64_t absorbed) {
  for (const Json& row : rows_of_lead(op, table, absorbed)) {
    std::int64_t thing = thing_of(table, row);
    std::optional<SetKey> set = set_of_row(table, row);
    bool both = false;
    {
      Statement ours = op.db.query(SqlText("SELECT 1 FROM ") + table.table + where_lead(table) + " AND " + table.key + " = $2", survivor, thing);
      both = ours.step();
    }
    if (both) {
      drop_row(op, table, absorbed, thing);
    } else {
      op.db.run(SqlText("UPDATE ") + table.table + " SET " + table.lead + " = $3" + where_lead(table) + " AND " + table.key + " = $2", absorbed,
                thing, survivor);
      if (set) op.sets.add(*set, survivor);
    }
    if (set) op.sets.remove(*set, absorbed);
  }
}

}  // namespace kith
