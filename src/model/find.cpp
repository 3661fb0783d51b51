#include "model/find.h"

#include <algorithm>

#include "base/failure.h"
#include "base/json.h"
#include "base/text.h"
#include "model/id_batches.h"
#include "model/page_order.h"
#include "model/record.h"

namespace kith {

namespace {

constexpr std::int64_t set_sorted_in_sql = 50000;  // larger sets are met while walking the index of the order

// What a page is made of: the columns asked for, and what they are sorted by.
struct Plan {
  SqlText select;
  RowsBuilder::Columns columns;
  std::vector<SortKey> keys;
  std::optional<PagePlace> place;  // where the page before ended
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

Plan make_plan(const Kind& kind, const Query& query) {
  Plan plan;
  plan_columns(kind, query.columns, plan);
  plan.keys = sort_keys(kind, query.sort);
  if (!query.after.empty()) plan.place.emplace(query.after, plan.keys);
  return plan;
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

// As the engine orders them: NULL before numbers, numbers before text, text by its bytes.
int order_of(const Value& a, const Value& b) {
  auto rank = [](const Value& value) { return value.is_null() ? 0 : value.is_text() ? 2 : 1; };
  auto sign = [](auto one, auto other) { return one < other ? -1 : one > other ? 1 : 0; };
  if (rank(a) != rank(b) || a.is_null()) return sign(rank(a), rank(b));
  if (a.is_text()) return sign(a.text, b.text);
  if (a.is_integer() && b.is_integer()) return sign(a.integer, b.integer);
  auto real = [](const Value& value) { return value.is_integer() ? static_cast<double>(value.integer) : value.real; };
  return sign(real(a), real(b));
}

// A page that is being filled.
class Page {
 public:
  Page(const Plan& plan, std::int64_t limit)
      : plan_(plan), rows_(plan.columns, expected_rows(limit)), width_(static_cast<int>(plan.columns->size())), keys_(plan.keys.size()), limit_(limit) {}

  // Takes rows in their order, behind whose columns stand the keys; passes over those outside the set. False: the page is full.
  bool fill(Statement& statement, const LeadSet* set) {
    int id_column = width_ + static_cast<int>(keys_) - 1;  // the id ends every sort
    while (statement.step()) {
      if (set != nullptr && !set->contains(statement.integer(id_column))) continue;
      if (rows_.count() == limit_) {
        rows_.set_next(token_);
        return false;
      }
      rows_.add_row(statement);
      if (rows_.count() == limit_) end_at(statement);
    }
    return true;
  }
  std::int64_t count() const { return rows_.count(); }
  RowsPtr finish() { return rows_.finish(); }

 private:
  // Where the page ends must lie behind where it began, or who asks for page after page of a damaged file never ends.
  void end_at(const Statement& statement) {
    token_ = token_of(statement, width_, keys_);
    if (!plan_.place) return;
    for (std::size_t i = 0; i < keys_; ++i) {
      int order = order_of(column_value(statement, width_ + static_cast<int>(i)), plan_.place->value(i));
      if (order == 0) continue;
      if ((order > 0) != plan_.keys[i].descending) return;
      break;
    }
    fail(Status::corrupt, "", "rows do not stand in the order of the index that they are read by: kith_check tells more");
  }

  const Plan& plan_;
  RowsBuilder rows_;
  int width_;
  std::size_t keys_;
  std::int64_t limit_;
  std::string token_;
};

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

constexpr std::int64_t every_row = std::int64_t{1} << 53;  // no page has more, and one more is still a number

std::int64_t most_rows(const Query& query) { return query.limit < 0 ? every_row : std::min(query.limit, every_row); }

// By id: the set itself is the order, so only the page's rows are read.
RowsPtr page_of_set(Operation& op, const Kind& kind, const Query& query, const Condition& condition, const Plan& plan, Parameters& parameters) {
  bool descending = plan.keys.front().descending;
  std::int64_t at = descending ? every_row : 0;
  if (plan.place) at = plan.place->value(0).integer;
  Page page(plan, query.limit);
  SqlText text = SqlText("SELECT ") + plan.select + ", t.id" + kind.from();
  bool first = true;
  std::string ids;
  Parameters all = parameters;
  int ids_parameter = all.reserve();
  add_condition(text, first, SqlText("t.id IN (") + Dialect::id_list(ids_parameter) + ")");
  add_condition(text, first, condition.sql);
  text += descending ? Literal(" ORDER BY t.id DESC") : Literal(" ORDER BY t.id");
  while (true) {
    std::int64_t last = at;
    std::int64_t missing = most_rows(query) - page.count() + 1;
    std::size_t wanted = std::min(ids_a_statement, static_cast<std::size_t>(std::min<std::int64_t>(missing, 1 << 20)));
    ids = id_list(*condition.set, at, descending, wanted, last);
    if (last == at) break;
    at = last;
    all.set(ids_parameter, Value(std::string_view(ids)));
    Statement statement = op.db.prepare(text);
    all.bind(statement);
    if (!page.fill(statement, nullptr)) break;
  }
  return page.finish();
}

// By a key that lies in another table, sorted over everything: of a small set it is rather made from each thing's value.
RowsPtr page_by_key(Operation& op, const Kind& kind, const Query& query, const Condition& condition, const Plan& plan, Parameters& parameters,
                    SqlText text) {
  const SortKey& by = plan.keys.front();
  using Entry = std::pair<std::string, std::int64_t>;
  std::vector<Entry> entries;
  auto before = [&](const Entry& a, const Entry& b) { return by.descending ? b < a : a < b; };
  {
    bool first = true;
    std::int64_t last = 0;
    Parameters all = parameters;
    int place = all.reserve();
    std::string ids = id_list(*condition.set, 0, false, static_cast<std::size_t>(set_sorted_in_sql), last);
    all.set(place, Value(std::string_view(ids)));
    SqlText keys = SqlText("SELECT t.id, ") + by.field->expression + kind.from();
    add_condition(keys, first, SqlText("t.id IN (") + Dialect::id_list(place) + ")");
    add_condition(keys, first, condition.sql);
    Statement row = op.db.prepare(keys);
    all.bind(row);
    std::optional<Entry> from;
    if (plan.place) from.emplace(plan.place->value(0).text, plan.place->value(1).integer);
    while (row.step()) {
      Entry entry(kind.sort_key(*by.field, row.text(1)), row.integer(0));
      if (!from || before(*from, entry)) entries.push_back(std::move(entry));
    }
  }
  std::size_t wanted = static_cast<std::size_t>(std::min<std::int64_t>(most_rows(query), static_cast<std::int64_t>(entries.size())));
  std::partial_sort(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(wanted), entries.end(), before);
  RowsBuilder rows(plan.columns, expected_rows(query.limit));
  Statement one = op.db.prepare(std::move(text) + kind.from() + " WHERE t.id = " + Dialect::parameter(2));
  for (std::size_t i = 0; i < wanted; ++i) {
    one.bind_all(op.now, entries[i].second);
    if (one.step()) rows.add_row(one);
    one.reset();
  }
  if (wanted > 0 && wanted < entries.size()) {
    std::string token = "[";
    append_json_text(token, entries[wanted - 1].first);
    rows.set_next(token + "," + std::to_string(entries[wanted - 1].second) + "]");
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
  Plan plan = make_plan(kind, query);
  const Field& by = *plan.keys.front().field;
  if (condition.set && by.name == "id") return page_of_set(op, kind, query, condition, plan, parameters);
  bool few = condition.set && condition.set->size() <= set_sorted_in_sql;
  Kind::SortSource source = kind.sort_source(by);
  if (few && source.has_own_key) return page_by_key(op, kind, query, condition, plan, parameters, SqlText("SELECT ") + plan.select);
  SqlText set_condition;
  Parameters all = parameters;
  std::string ids;
  if (few) {
    source = {kind.from(), {}, kind.id_column()};
    std::int64_t last = 0;
    ids = id_list(*condition.set, 0, false, static_cast<std::size_t>(set_sorted_in_sql), last);
    int place = all.reserve();
    all.set(place, Value(std::string_view(ids)));
    set_condition = SqlText("t.id IN (") + Dialect::id_list(place) + ")";
  }
  std::vector<SqlText> columns;
  for (const SortKey& key : plan.keys) {
    if (key.field->type == FieldType::id) {
      columns.push_back(source.id);
    } else {  // the order of another table is only there to begin with
      columns.push_back(columns.empty() ? kind.sort_column(*key.field) : key.field->expression);
    }
  }
  SqlText select = SqlText("SELECT ") + plan.select;
  for (const SqlText& column : columns) select += SqlText(", ") + column;
  Page page(plan, query.limit);
  for (const PagePart& part : page_parts(plan.keys, columns, plan.place, all)) {
    SqlText text = select + source.from;
    bool first = true;
    const SqlText* conditions[] = {&source.condition, &set_condition, &condition.sql, &part.condition};
    for (const SqlText* one : conditions) add_condition(text, first, *one);
    Statement statement = op.db.prepare(text + " ORDER BY " + part.order);
    all.bind(statement);
    if (!page.fill(statement, condition.set && !few ? &*condition.set : nullptr)) break;
  }
  return page.finish();
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
