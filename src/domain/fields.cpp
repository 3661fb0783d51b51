#include "domain/fields.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

#include "base/failure.h"
#include "base/json.h"
#include "base/text.h"
#include "model/parameters.h"
#include "model/record.h"

namespace kith {

namespace {

constexpr std::int64_t most_fields = 500;  // SQLite takes 2,000 columns by default; a statement must hold them all

constexpr FieldSpec field_fields[] = {
    {.name = "id", .type = FieldType::id, .flags = sortable | fixed, .summary = "Kith's number of the field"},
    {.name = "key", .type = FieldType::name, .flags = required | unique | sortable,
     .summary = "the name by which a lead's field is written: small letters, digits and _", .most = 48},
    {.name = "label", .summary = "what people call it"},
    {.name = "type", .type = FieldType::choice, .flags = required, .summary = "what it holds",
     .options = "text,integer,number,boolean,date,datetime,choice,choices"},
    {.name = "options", .type = FieldType::json, .summary = "of a choice or choices: a JSON array of texts"},
    {.name = "required", .type = FieldType::boolean, .summary = "1: a new lead must have it"},
    {.name = "indexed", .type = FieldType::boolean, .summary = "1: leads can be sorted and found by it quickly"},
    {.name = "description", .summary = "what it is for", .most = 2000},
    {.name = "created", .type = FieldType::datetime, .flags = automatic | filled, .summary = "when it was made"},
    {.name = "updated", .type = FieldType::datetime, .flags = automatic | filled, .summary = "when it last changed"},
};

Literal storage_of(FieldType type) {
  switch (type) {
    case FieldType::integer:
    case FieldType::boolean:
    case FieldType::datetime: return "INTEGER";
    case FieldType::real: return "REAL";
    default: return "TEXT";
  }
}

std::vector<std::string> options_of(std::string_view json) {
  std::vector<std::string> options;
  if (json.empty()) return options;
  for (const Json& item : stored_json(json, "options")) {
    if (!item.is_string()) fail(Status::corrupt, "", "the options of a field are not texts");
    options.push_back(item.get<std::string>());
  }
  return options;
}

// The definition as a field of the lead.
Field lead_field(std::int64_t id, std::string_view key, std::string_view type, std::string_view options, bool is_required,
                 bool is_indexed, std::string_view description) {
  Field field;
  field.name = key;
  type_of(type, field.type);
  field.flags = personal | (is_required ? unsigned{required} : 0U) | (is_indexed ? unsigned{sortable} : 0U);
  field.summary = description;
  field.options = options_of(options);
  field.column = Dialect::custom_column(id);
  field.expression = SqlText("u.") + field.column;
  field.most = 4000;
  field.custom_id = id;
  return field;
}

// The columns that hold the values of custom fields.
std::set<std::string> custom_columns(Operation& op) {
  std::set<std::string> columns;
  Statement rows = op.db.query(Dialect::columns_of("lead_custom"));
  while (rows.step()) columns.emplace(rows.text(0));
  return columns;
}

bool has_column(Operation& op, std::int64_t id) { return custom_columns(op).count(Dialect::custom_column(id).string()) == 1; }

void check_key(Operation& op, std::string_view key) {
  bool fine = !key.empty() && key[0] >= 'a' && key[0] <= 'z';
  for (char c : key) fine = fine && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_');
  if (!fine) fail(Status::invalid, "key", "{} cannot be a field's key: begin with a small letter, go on with small letters, digits and _", shown(key));
  const Kind& lead = op.kinds.get("lead");
  int standing = lead.find_field(key);
  if (standing >= 0 && lead.field(standing).custom_id == 0) {
    fail(Status::conflict, "key", "{} is one of the lead's own fields", shown(key));
  }
  for (std::string_view word : {"and", "or", "not", "in", "is", "empty", "contains", "starts", "ends", "with", "true", "false", "null", "tag", "list"}) {
    if (key == word) fail(Status::conflict, "key", "{} is a word of the segment language", shown(key));
  }
}

void check_options(FieldType type, const Value& options) {
  bool wanted = type == FieldType::choice || type == FieldType::choices;
  if (!wanted) {
    if (!options.is_null()) fail(Status::invalid, "options", "belong to the types choice and choices only");
    return;
  }
  if (options.is_null()) fail(Status::invalid, "options", "are missing: a choice needs a JSON array of texts");
  Json parsed = parse_json(options.text, "options");
  if (!parsed.is_array() || parsed.empty()) fail(Status::invalid, "options", "must be a JSON array of texts, such as [\"basic\", \"pro\"]");
  std::vector<std::string> keys;
  for (const Json& item : parsed) {
    if (!item.is_string() || trimmed(item.get_ref<const std::string&>()).empty()) fail(Status::invalid, "options", "must be texts that are not empty");
    std::string key = fold(item.get<std::string>());
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) fail(Status::invalid, "options", "{} is there twice", shown(item.get<std::string>()));
    if (key.find(',') != std::string::npos) fail(Status::invalid, "options", "{} holds a comma, which parts choices", shown(item.get<std::string>()));
    keys.push_back(std::move(key));
  }
}

// A table whose rows are not what its text says, or which an index does not fit, cannot be given another text.
void reshape(Operation& op, const SqlText& text) {
  try {
    op.db.run(text);
  } catch (const Failure& failure) {
    if (failure.status() != Status::internal) throw;
    fail(Status::corrupt, "", "the table of custom fields is not as Kith made it: {}", failure.sentence());
  }
}

// Every value of the column brought to the new description; the first that cannot be refuses the change. Texts lie in
// `arena`.
std::vector<std::pair<std::int64_t, Value>> converted(Operation& op, const Field& from, const Field& to, Arena& arena) {
  std::vector<std::pair<std::int64_t, Value>> values;
  {
    Statement rows = op.db.prepare(SqlText("SELECT lead_id, ") + from.column + " FROM lead_custom WHERE " + from.column + " IS NOT NULL");
    while (rows.step()) {
      Value value = column_value(rows, 1);
      if (value.is_text()) value.text = arena.keep(value.text);
      values.emplace_back(rows.integer(0), value);
    }
  }
  std::string text;
  for (auto& [lead, value] : values) {
    try {
      Value plain = value;
      if (meaning_of(to.type) == Meaning::text || to.type == FieldType::choices || to.type == FieldType::date) {  // as people would write it
        text.clear();
        if (from.type == FieldType::datetime) {
          text = format_time(value.integer);
          bool whole_day = ((value.integer % one_day) + one_day) % one_day == 0;
          if (to.type == FieldType::date && !whole_day) {
            throw Failure(Status::refused, "type", fmt::format("lead id:{} has a time of day in {}, which a date cannot keep: clear it or put midnight (UTC) first", lead, to.name));
          }
          if (to.type == FieldType::date) text.resize(text.find('T'));
        } else if (value.type == SqlType::real) {
          text = written(value);
        } else {
          append_json(text, value, value.is_text() ? Meaning::json : meaning_of(from.type));
        }
        plain = Value(arena.keep(text));
      }
      value = normalised(op, to, plain, arena);
    } catch (const Failure& failure) {  // whose sentence holds the value, which is the lead's
      if (failure.status() == Status::refused) throw;
      fail(Status::refused, "type", "lead id:{} has a value that does not fit: change or clear its {} first", lead, to.name);
    }
  }
  return values;
}

void convert(Operation& op, const Field& from, const Field& to) {
  Arena arena;
  std::vector<std::pair<std::int64_t, Value>> values = converted(op, from, to, arena);
  if (storage_of(from.type) != storage_of(to.type).view()) {
    reshape(op, Dialect::drop_column("lead_custom", from.column));
    reshape(op, Dialect::add_column("lead_custom", to.column, storage_of(to.type)));
  }
  Statement update = op.db.prepare(SqlText("UPDATE lead_custom SET ") + to.column + " = $2 WHERE lead_id = $1");
  for (const auto& [lead, value] : values) {
    update.bind(1, lead);
    bind_value(update, 2, value);
    update.step();
    update.reset();
  }
}

Field described(std::int64_t id, const Record& record, const Record* before) {
  auto value = [&](std::string_view name) -> Value {
    return record.given(name) || before == nullptr ? record.value(name) : before->value(name);
  };
  auto text = [&](std::string_view name) { return value(name).is_text() ? value(name).text : std::string_view(); };
  auto flag = [&](std::string_view name) { return value(name).is_integer() && value(name).integer == 1; };
  return lead_field(id, text("key"), text("type"), text("options"), flag("required"), flag("indexed"), text("description"));
}

// Whether values that were stored as `then` must be brought to `now`.
bool is_reshaped(const Field& then, const Field& now) { return then.type != now.type || then.options != now.options; }

class FieldKind final : public Kind {
 public:
  using Kind::Kind;

  void check(Operation& op, Record& record, const Record* before) const override {
    for (std::string_view flag : {"required", "indexed"}) {  // an empty one is the default
      if (record.given(flag) && record.value(flag).is_null()) record.set(flag, Value(0));
    }
    if (record.given("key")) check_key(op, record.value("key").text);
    if (before == nullptr) {
      Statement count = op.db.prepare("SELECT COUNT(*) FROM field");
      if (count.step() && count.integer(0) >= most_fields) fail(Status::limit, "key", "there are {} custom fields, and no more are taken", most_fields);
    }
    FieldType type = FieldType::text;
    const Value& given_type = record.given("type") || before == nullptr ? record.value("type") : before->value("type");
    type_of(given_type.text, type);
    bool choice = type == FieldType::choice || type == FieldType::choices;
    if (before != nullptr && record.given("type") && !choice && !record.given("options")) record.set("options", Value());
    check_options(type, record.given("options") || before == nullptr ? record.value("options") : before->value("options"));
    if (before == nullptr) return;
    std::int64_t id = before->value("id").integer;
    if (!has_column(op, id)) fail(Status::corrupt, "", "the file lacks the column of field {}", id);
    Field then = described(id, *before, nullptr);
    Field now = described(id, record, before);
    Arena arena;
    if (is_reshaped(then, now)) converted(op, then, now, arena);
  }

  void stored(Operation& op, std::int64_t id, const Record& record, const Record* before) const override {
    Field now = described(id, record, before);
    if (before == nullptr) {
      reshape(op, Dialect::add_column("lead_custom", now.column, storage_of(now.type)));
      if (now.is(sortable)) make_field_index(op, id);
    } else {
      Field then = described(id, *before, nullptr);
      bool reshaped = is_reshaped(then, now);
      if (then.is(sortable) && (reshaped || !now.is(sortable))) op.db.run(SqlText("DROP INDEX ") + field_index_name(id));
      if (reshaped) convert(op, then, now);
      if (now.is(sortable) && (reshaped || !then.is(sortable))) make_field_index(op, id);
    }
    op.ids.next("fields_version");
  }

  void removing(Operation& op, std::int64_t id, std::string_view) const override {
    if (op.db.query(Dialect::has_index(), field_index_name(id).string()).step()) op.db.run(SqlText("DROP INDEX ") + field_index_name(id));
    if (has_column(op, id)) reshape(op, Dialect::drop_column("lead_custom", Dialect::custom_column(id)));
    op.ids.next("fields_version");
  }
};

}  // namespace

bool needs_custom_rows(const Kind& lead) {
  return std::any_of(lead.fields().begin() + static_cast<std::ptrdiff_t>(lead.standard_fields()), lead.fields().end(),
                     [](const Field& field) { return field.is(sortable); });
}

void need_custom_row(Operation& op, std::int64_t lead) {
  if (!needs_custom_rows(op.kinds.get("lead"))) return;
  op.db.run("INSERT INTO lead_custom (lead_id) VALUES ($1) ON CONFLICT (lead_id) DO NOTHING", lead);
}

std::unique_ptr<Kind> make_field_kind() {
  KindSpec spec;
  spec.name = "field";
  spec.table = "field";
  spec.owner = Owner::definition;
  spec.name_field = "key";
  spec.summary = "a field of leads that the host defines";
  spec.fields = field_fields;
  spec.created = EventKind::field_created;
  spec.updated = EventKind::field_updated;
  spec.removed = EventKind::field_removed;
  return std::make_unique<FieldKind>(spec);
}

SqlText field_index_name(std::int64_t field) { return SqlText("lead_custom_") + Dialect::custom_column(field); }

void make_field_index(Operation& op, std::int64_t field) {
  op.db.run("INSERT INTO lead_custom (lead_id) SELECT l.id FROM lead l LEFT JOIN lead_custom u ON u.lead_id = l.id WHERE u.lead_id IS NULL");
  op.db.run(SqlText("CREATE INDEX ") + field_index_name(field) + " ON lead_custom (" + Dialect::custom_column(field) + ", lead_id)");
}

// A definition that does not fit the file is left out, for otherwise nothing could be called, kith_check included, which
// says so.
std::vector<Field> load_custom_fields(Operation& op) {
  std::vector<Field> fields;
  std::set<std::string> columns = custom_columns(op);
  Statement rows = op.db.prepare("SELECT id, key, type, options, required, indexed, description FROM field ORDER BY id");
  while (rows.step()) {
    if (columns.count(Dialect::custom_column(rows.integer(0)).string()) == 0) continue;
    try {
      fields.push_back(lead_field(rows.integer(0), rows.text(1), rows.text(2), rows.text(3), rows.integer(4) == 1,
                                  rows.integer(5) == 1, rows.text(6)));
    } catch (const Failure& failure) {
      if (failure.status() != Status::corrupt) throw;
    }
  }
  return fields;
}

}  // namespace kith
