#include "model/find.h"

#include <nlohmann/json.hpp>

#include <algorithm>

#include "base/failure.h"
#include "base/json.h"
#include "base/text.h"
#include "model/record.h"

namespace kith {

namespace {

constexpr std::size_t ids_a_statement = 512;
constexpr std::int64_t set_sorted_in_sql = 50000;  // larger sets are met while walking the index of the order

struct SortKey {
  const Field* field;
  bool descending;
};

std::vector<std::string_view> split_names(std::string_view text, std::string_view what) {
  std::vector<std::string_view> names;
  while (!text.empty()) {
    std::size_t comma = text.find(',');
    std::string_view name = trimmed(text.substr(0, comma));
    if (name.empty()) fail(Status::invalid, what, "has an empty name between its commas");
    names.push_back(name);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  return names;
}

std::vector<SortKey> sort_keys(const Kind& kind, std::string_view text) {
  std::vector<SortKey> keys;
  for (std::string_view name : split_names(text, "sort")) {
    bool descending = name.front() == '-';
    if (descending || name.front() == '+') name.remove_prefix(1);
    const Field& field = kind.field(kind.field_index(name));
    if (!field.is(sortable)) {
      std::vector<std::string_view> can;
      for (const Field& other : kind.fields()) {
        if (other.is(sortable)) can.push_back(other.name);
      }
      fail(Status::invalid, "sort", "no index serves the order by {}; sort by one of {}", field.name, fmt::join(can, ", "));
    }
    keys.push_back({&field, descending});
  }
  bool unique_end = !keys.empty() && keys.back().field->name == "id";
  if (!unique_end) keys.push_back({&kind.field(kind.field_index("id")), !keys.empty() && keys.back().descending});
  return keys;
}

// What a page is made of: the columns asked for, then the sort's values, for the place where the next begins.
struct Plan {
  SqlText select;
  RowsBuilder::Columns columns;
  std::vector<SortKey> keys;
  std::vector<SqlText> key_columns;
  SqlText order;
  SqlText after;  // the condition of the place, empty for a first page
};

void plan_columns(const Kind& kind, std::string_view asked, Plan& plan) {
  if (trimmed(asked).empty()) {
    plan.columns = kind.usual_columns();
    bool first = true;
    for (int index : kind.usual_fields()) {
      if (!first) plan.select += ", ";
      first = false;
      plan.select += kind.field(index).expression;
    }
    return;
  }
  auto columns = std::make_shared<std::vector<Rows::Column>>();
  for (std::string_view name : split_names(asked, "columns")) {
    const Field& field = kind.field(kind.field_index(name));
    if (!columns->empty()) plan.select += ", ";
    plan.select += field.expression;
    columns->push_back({field.name, kind.meaning(field)});
  }
  plan.columns = std::move(columns);
}

// Behind the last row of the page before: (a, b, id) > (x, y, z), each part in its own direction.
SqlText place_after(const std::vector<SortKey>& keys, const std::vector<SqlText>& columns, std::string_view token,
                    Parameters& parameters) {
  Json place;
  try {
    place = parse_json(token, "after");
  } catch (const Failure&) {
    place = nullptr;
  }
  if (!place.is_array() || place.size() != keys.size()) {
    fail(Status::invalid, "after", "{} does not come from a page with this sort", shown(token));
  }
  std::vector<Value> values;
  std::vector<std::string> kept;
  kept.reserve(keys.size());
  for (const Json& item : place) {
    if (item.is_number_integer()) {
      values.emplace_back(item.get<std::int64_t>());
    } else if (item.is_number_float()) {
      values.emplace_back(item.get<double>());
    } else if (item.is_string()) {
      kept.push_back(item.get<std::string>());
      values.emplace_back(std::string_view(kept.back()));
    } else {
      values.emplace_back(nullptr);
    }
  }
  bool one_way = std::all_of(keys.begin(), keys.end(), [&](const SortKey& key) { return key.descending == keys[0].descending; });
  bool no_null = std::none_of(values.begin(), values.end(), [](const Value& value) { return value.is_null(); }) &&
                 std::all_of(keys.begin(), keys.end(), [](const SortKey& key) {
                   return key.field->is(required) || key.field->is(automatic) || key.field->type == FieldType::id;
                 });
  if (one_way && no_null) {
    SqlText left("(");
    SqlText right("(");
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (i > 0) {
        left += ", ";
        right += ", ";
      }
      left += columns[i];
      right += parameters.add(values[i]);
    }
    return left + (keys[0].descending ? Literal(") < ") : Literal(") > ")) + right + ")";
  }
  // In general: greater in the first part, or equal there and greater in the second, and so on. NULL is least.
  SqlText any("(");
  SqlText equal_so_far;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    SqlText greater;
    SqlText equal = columns[i];
    if (values[i].is_null()) {
      greater = keys[i].descending ? SqlText("1 = 0") : columns[i] + " IS NOT NULL";
      equal += " IS NULL";
    } else {
      SqlText place_holder = parameters.add(values[i]);
      greater = keys[i].descending ? SqlText("(") + columns[i] + " < " + place_holder + " OR " + columns[i] + " IS NULL)"
                                   : columns[i] + " > " + place_holder;
      equal += SqlText(" = ") + place_holder;
    }
    if (i > 0) any += " OR ";
    any += SqlText("(") + equal_so_far + greater + ")";
    equal_so_far += equal + " AND ";
  }
  return any + ")";
}

Plan make_plan(const Kind& kind, const Query& query, Parameters& parameters) {
  Plan plan;
  plan_columns(kind, query.columns, plan);
  plan.keys = sort_keys(kind, query.sort);
  for (const SortKey& key : plan.keys) {
    SqlText column = kind.sort_column(*key.field);
    if (!plan.order.empty()) plan.order += ", ";
    bool never_null = key.field->is(required) || key.field->is(automatic) || key.field->type == FieldType::id;
    plan.order += column;
    if (key.descending) {
      plan.order += never_null ? Literal(" DESC") : Literal(" DESC NULLS LAST");
    } else if (!never_null) {
      plan.order += " NULLS FIRST";
    }
    plan.key_columns.push_back(column);
  }
  if (!query.after.empty()) plan.after = place_after(plan.keys, plan.key_columns, query.after, parameters);
  for (const SqlText& column : plan.key_columns) plan.select += SqlText(", ") + column;
  return plan;
}

SqlText from_of(const Kind& kind, const Plan& plan) {
  SqlText from = kind.sort_from(*plan.keys.front().field);
  if (from.empty()) return kind.from();
  if (kind.has_custom_fields()) from += " LEFT JOIN lead_custom u ON u.lead_id = t.id";
  return from;
}

void add_condition(SqlText& text, bool& first, const SqlText& condition) {
  if (condition.empty()) return;
  text += first ? Literal(" WHERE ") : Literal(" AND ");
  first = false;
  text += SqlText("(") + condition + ")";
}

std::string token_of(const Statement& row, int from, std::size_t count) {
  std::string token = "[";
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) token += ',';
    append_json(token, column_value(row, from + static_cast<int>(i)), Meaning::text);
  }
  return token + "]";
}

// Room to begin with; memory that no row comes to use is never touched.
std::size_t expected_rows(std::int64_t limit) {
  return static_cast<std::size_t>(limit < 0 ? 1000 : std::clamp<std::int64_t>(limit, 1, 100000));
}

// Walks rows in order until the page is full; rows outside the set are passed over.
RowsPtr walk(Operation& op, const SqlText& text, const Parameters& parameters, const Plan& plan, const LeadSet* set,
             std::int64_t limit) {
  int width = static_cast<int>(plan.columns->size());
  RowsBuilder rows(plan.columns, expected_rows(limit));
  Statement statement = op.db.prepare(text);
  parameters.bind(statement);
  int id_column = width + static_cast<int>(plan.keys.size()) - 1;  // the id ends every sort
  std::string token;
  while (statement.step()) {
    if (set != nullptr && !set->contains(statement.integer(id_column))) continue;
    if (rows.count() == limit) {
      rows.set_next(token);
      break;
    }
    rows.add_row(statement);
    if (rows.count() == limit) token = token_of(statement, width, plan.keys.size());
  }
  return rows.finish();
}

std::string id_list(const LeadSet& set, std::int64_t after, bool descending, std::size_t most, std::int64_t& last) {
  std::string ids = "[";
  std::int64_t id = after;
  for (std::size_t i = 0; i < most; ++i) {
    id = descending ? set.before(id) : set.after(id);
    if (id == 0) break;
    if (ids.size() > 1) ids += ',';
    append_json_number(ids, id);
    last = id;
  }
  return ids + "]";
}

// By id: the set itself is the order, so only the page's rows are read.
RowsPtr page_of_set(Operation& op, const Kind& kind, const Query& query, const Condition& condition, Plan& plan,
                    Parameters& parameters) {
  bool descending = plan.keys.front().descending;
  std::int64_t at = descending ? std::int64_t{1} << 53 : 0;
  if (!query.after.empty()) at = parse_json(query.after, "after").at(0).get<std::int64_t>();
  int width = static_cast<int>(plan.columns->size());
  RowsBuilder rows(plan.columns, expected_rows(query.limit));
  SqlText text = SqlText("SELECT ") + plan.select + kind.from();
  bool first = true;
  std::string ids;
  Parameters all = parameters;
  int ids_parameter = all.reserve();
  add_condition(text, first, SqlText("t.id IN (") + Dialect::id_list(ids_parameter) + ")");
  add_condition(text, first, condition.sql);
  text += SqlText(" ORDER BY ") + plan.order;
  constexpr std::int64_t all_ids = std::int64_t{1} << 53;  // no page has more, and one more is still a number
  std::int64_t limit = query.limit < 0 ? all_ids : std::min(query.limit, all_ids);
  std::string token;
  while (true) {
    std::int64_t last = at;
    std::int64_t missing = limit - rows.count() + 1;
    std::size_t wanted = std::min(ids_a_statement, static_cast<std::size_t>(std::min<std::int64_t>(missing, 1 << 20)));
    ids = id_list(*condition.set, at, descending, wanted, last);
    if (last == at) break;
    at = last;
    all.set(ids_parameter, Value(std::string_view(ids)));
    Statement statement = op.db.prepare(text);
    all.bind(statement);
    while (statement.step()) {
      if (rows.count() == limit) {
        rows.set_next(token);
        return rows.finish();
      }
      rows.add_row(statement);
      if (rows.count() == limit) token = token_of(statement, width, plan.keys.size());
    }
  }
  return rows.finish();
}

}  // namespace

RowsPtr get_thing(Operation& op, const Kind& kind, std::int64_t id) {
  RowsBuilder rows(kind.usual_columns());
  Statement row = op.db.prepare(kind.select_one());
  row.bind_all(op.now, id);
  if (row.step()) rows.add_row(row);
  return rows.finish();
}

RowsPtr find_things(Operation& op, const Kind& kind, const Query& query, const Condition& condition, Parameters& parameters) {
  Plan plan = make_plan(kind, query, parameters);
  if (condition.set && plan.keys.front().field->name == "id") return page_of_set(op, kind, query, condition, plan, parameters);
  SqlText text = SqlText("SELECT ") + plan.select + from_of(kind, plan);
  bool first = true;
  bool few = condition.set && condition.set->size() <= set_sorted_in_sql;
  Parameters all = parameters;
  std::string ids;
  if (few) {
    std::int64_t last = 0;
    ids = id_list(*condition.set, 0, false, static_cast<std::size_t>(set_sorted_in_sql), last);
    int place = all.reserve();
    all.set(place, Value(std::string_view(ids)));
    text = SqlText("SELECT ") + plan.select + from_of(kind, plan);
    add_condition(text, first, SqlText("t.id IN (") + Dialect::id_list(place) + ")");
  }
  add_condition(text, first, condition.sql);
  add_condition(text, first, plan.after);
  text += SqlText(" ORDER BY ") + plan.order;
  return walk(op, text, all, plan, condition.set && !few ? &*condition.set : nullptr, query.limit);
}

std::int64_t count_things(Operation& op, const Kind& kind, const Condition& condition, const Parameters& parameters) {
  if (condition.set && condition.sql.empty()) return condition.set->size();
  if (condition.set) return leads_of(op, condition, parameters).size();
  SqlText text = SqlText("SELECT COUNT(*)") + kind.from();
  bool first = true;
  add_condition(text, first, condition.sql);
  Statement row = op.db.prepare(text);
  parameters.bind(row);
  return row.step() ? row.integer(0) : 0;
}

LeadSet leads_of(Operation& op, const Condition& condition, const Parameters& parameters) {
  if (condition.set && condition.sql.empty()) return *condition.set;
  LeadSet leads;
  if (condition.set && condition.set->empty()) return leads;
  SqlText text = SqlText("SELECT t.id") + op.kinds.get("lead").from();
  bool first = true;
  bool few = condition.set && condition.set->size() <= set_sorted_in_sql;
  Parameters all = parameters;
  std::string ids;
  if (few) {
    std::int64_t last = 0;
    ids = id_list(*condition.set, 0, false, static_cast<std::size_t>(set_sorted_in_sql), last);
    int place = all.reserve();
    all.set(place, Value(std::string_view(ids)));
    add_condition(text, first, SqlText("t.id IN (") + Dialect::id_list(place) + ")");
  }
  add_condition(text, first, condition.sql);
  Statement row = op.db.prepare(text + " ORDER BY t.id");
  all.bind(row);
  while (row.step()) leads.add(row.integer(0));
  if (condition.set && !few) leads &= *condition.set;
  return leads;
}

}  // namespace kith
