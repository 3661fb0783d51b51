#include "model/kind.h"

#include <charconv>

#include "base/failure.h"
#include "base/text.h"
#include "model/operation.h"
#include "sql/dialect.h"

namespace kith {

namespace {

struct TypeRow {
  FieldType type;
  std::string_view name;
  Meaning meaning;
};
constexpr TypeRow types[] = {
    {FieldType::text, "text", Meaning::text},
    {FieldType::name, "name", Meaning::text},
    {FieldType::email, "email", Meaning::text},
    {FieldType::url, "url", Meaning::text},
    {FieldType::phone, "phone", Meaning::text},
    {FieldType::country, "country", Meaning::text},
    {FieldType::zone, "time_zone", Meaning::text},
    {FieldType::language, "language", Meaning::text},
    {FieldType::ip, "ip", Meaning::text},
    {FieldType::date, "date", Meaning::date},
    {FieldType::datetime, "datetime", Meaning::datetime},
    {FieldType::duration, "duration", Meaning::integer},
    {FieldType::integer, "integer", Meaning::integer},
    {FieldType::real, "number", Meaning::real},
    {FieldType::boolean, "boolean", Meaning::boolean},
    {FieldType::choice, "choice", Meaning::text},
    {FieldType::choices, "choices", Meaning::json},
    {FieldType::json, "json", Meaning::json},
    {FieldType::reference, "reference", Meaning::text},
    {FieldType::id, "id", Meaning::id},
};

std::vector<std::string> split_options(std::string_view options) {
  std::vector<std::string> out;
  while (!options.empty()) {
    std::size_t comma = options.find(',');
    out.emplace_back(options.substr(0, comma));
    options = comma == std::string_view::npos ? std::string_view() : options.substr(comma + 1);
  }
  return out;
}

// "id:7" as 7; 0: it is not of this form.
std::int64_t id_of(std::string_view name) {
  if (!name.starts_with("id:")) return 0;
  std::int64_t id = 0;
  auto [end, error] = std::from_chars(name.data() + 3, name.data() + name.size(), id);
  if (error != std::errc() || end != name.data() + name.size() || id <= 0) {
    fail(Status::invalid, "id", "{} is no id: write id: and a positive whole number", shown(name));
  }
  return id;
}

}  // namespace

const char* type_name(FieldType type) {
  for (const TypeRow& row : types) {
    if (row.type == type) return row.name.data();
  }
  return "text";
}

bool type_of(std::string_view name, FieldType& type) {
  for (const TypeRow& row : types) {
    if (row.name != name) continue;
    type = row.type;
    return true;
  }
  return false;
}

Meaning meaning_of(FieldType type) {
  for (const TypeRow& row : types) {
    if (row.type == type) return row.meaning;
  }
  return Meaning::text;
}

Kind::Kind(const KindSpec& spec) : spec_(spec) {
  for (const FieldSpec& from : spec.fields) {
    Field field;
    field.name = from.name.string();
    field.type = from.type;
    field.flags = from.flags;
    field.summary = from.summary.string();
    field.options = split_options(from.options.view());
    field.refers = from.refers.string();
    field.most = from.most;
    field.column = SqlText(from.name);
    if (from.type == FieldType::reference) field.column += "_id";
    field.expression = from.expression.empty() ? SqlText("t.") + field.column : SqlText(from.expression);
    fields_.push_back(std::move(field));
  }
  standard_ = fields_.size();
  rebuild();
}

void Kind::set_custom_fields(std::vector<Field> custom) {
  fields_.erase(fields_.begin() + static_cast<std::ptrdiff_t>(standard_), fields_.end());
  for (Field& field : custom) fields_.push_back(std::move(field));
  rebuild();
}

SqlText Kind::from() const {
  SqlText text = SqlText(" FROM ") + spec_.table + " t";
  if (has_custom_fields()) text += " LEFT JOIN lead_custom u ON u.lead_id = t.id";
  return text;
}

SqlText Kind::with_id(const SqlText& ids) const {
  SqlText condition = id_column() + " IN (" + ids + ")";
  if (id_column().string() != "t.event_id") return condition;
  return SqlText("t.lead_id IN (SELECT o.lead_id FROM event o WHERE o.id IN (") + ids + ")) AND " + condition;
}

Meaning Kind::meaning(const Field& field) const { return field.refers == "lead" ? Meaning::id : meaning_of(field.type); }

void Kind::rebuild() {
  usual_.clear();
  by_name_.clear();
  for (std::size_t i = 0; i < fields_.size(); ++i) by_name_.emplace(fields_[i].name, static_cast<int>(i));
  auto columns = std::make_shared<std::vector<Rows::Column>>();
  SqlText text("SELECT ");
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].is(on_request)) continue;
    if (!usual_.empty()) text += ", ";
    text += fields_[i].expression;
    usual_.push_back(static_cast<int>(i));
    columns->push_back({fields_[i].name, meaning(fields_[i])});
  }
  select_usual_ = text + from();
  select_one_ = select_usual_ + " WHERE " + with_id(Dialect::parameter(2));
  usual_columns_ = std::move(columns);
}

int Kind::find_field(std::string_view name) const {
  auto known = by_name_.find(name);
  return known == by_name_.end() ? -1 : known->second;
}

int Kind::field_index(std::string_view name) const {
  int index = find_field(name);
  if (index >= 0) return index;
  std::vector<std::string_view> known;
  for (const Field& field : fields_) known.push_back(field.name);
  std::string near = nearest(name, known);
  Failure failure(Status::invalid, name,
                  fmt::format("{} has no such field{}", with_article(this->name()), did_you_mean(near)));
  throw failure.near(near);
}

std::int64_t Kind::resolve(Operation& op, std::string_view name) const {
  std::int64_t id = id_of(name);
  SqlText select = SqlText("SELECT ") + id_column() + " FROM " + spec_.table + " t WHERE ";
  if (id == 0 && spec_.name_field.empty()) {
    fail(Status::invalid, this->name(), "{} is no {}: write id: and its number", shown(name), this->name());
  }
  std::string key = id == 0 ? name_key(name) : std::string();
  Statement row = id != 0 ? op.db.query(select + with_id(Dialect::parameter(1)), id) : op.db.query(select + spec_.key_column + " = $1", key);
  return row.step() ? row.integer(0) : 0;
}

std::int64_t Kind::need(Operation& op, std::string_view name) const {
  std::int64_t id = resolve(op, name);
  if (id != 0) return id;
  std::string near;
  // What belongs to leads is named by what is personal, and hosts show failures to strangers.
  if (spec_.owner == Owner::definition && !spec_.name_field.empty() && !name.starts_with("id:")) {
    // A hint only, so it is looked for among the first thousands.
    Statement rows = op.db.query(SqlText("SELECT ") + spec_.name_field + " FROM " + spec_.table + " ORDER BY id LIMIT 5000");
    std::vector<std::string> names;
    while (rows.step()) names.emplace_back(rows.text(0));
    near = nearest(name, std::vector<std::string_view>(names.begin(), names.end()));
  }
  Failure failure(Status::not_found, this->name(),
                  fmt::format("there is no {} {}{}", this->name(), shown(name), near.empty() ? instead_of(op, name) : did_you_mean(near)));
  throw failure.near(near);
}

std::string Kind::instead_of(Operation&, std::string_view) const { return {}; }
std::string Kind::name_key(std::string_view name) const { return fold(name); }
void Kind::check(Operation&, Record&, const Record*) const {}
void Kind::stored(Operation&, std::int64_t, const Record&, const Record*) const {}
void Kind::removing(Operation&, std::int64_t, std::string_view) const {}
std::int64_t Kind::about(Operation&, std::int64_t) const { return 0; }
SqlText Kind::sort_column(const Field& field) const { return field.expression; }
Kind::SortSource Kind::sort_source(const Field&) const { return {from(), {}, id_column()}; }
std::string Kind::sort_key(const Field&, std::string_view value) const { return std::string(value); }

Kind* Registry::find(std::string_view name) const {
  for (const auto& kind : kinds_) {
    if (kind->name() == name) return kind.get();
  }
  return nullptr;
}

Kind& Registry::get(std::string_view name) const {
  if (Kind* kind = find(name)) return *kind;
  std::vector<std::string_view> known;
  for (const auto& kind : kinds_) known.push_back(kind->name());
  std::string near = nearest(name, known);
  Failure failure(Status::not_found, "kind", fmt::format("there is no kind {}{}", shown(name),
                                                         did_you_mean(near)));
  throw failure.near(near);
}

}  // namespace kith
