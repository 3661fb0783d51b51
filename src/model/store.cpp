#include "model/store.h"

#include <algorithm>

#include "base/failure.h"
#include "base/json.h"
#include "base/text.h"
#include "model/parameters.h"

namespace kith {

namespace {

// The lead whom a thing of a lead-owned kind belongs to, 0 for other kinds.
std::int64_t lead_of(const Kind& kind, const Record& record) {
  int field = kind.spec().owner == Owner::lead ? kind.find_field("lead") : -1;
  return field < 0 || record.value(field).is_null() ? 0 : record.value(field).integer;
}

void require_fields(const Kind& kind, const Record& record, const Record* before) {
  for (std::size_t i = 0; i < kind.fields().size(); ++i) {
    const Field& field = kind.fields()[i];
    int index = static_cast<int>(i);
    if (!field.is(required) || !field.writable()) continue;
    bool missing = before == nullptr ? record.value(index).is_null() : record.given(index) && record.value(index).is_null();
    if (missing && before == nullptr && !record.given(index)) {
      fail(Status::invalid, field.name, "is missing: a {} must have one", kind.name());
    }
    if (missing) fail(Status::invalid, field.name, "must not be empty");
  }
}

void insert(Operation& op, const Kind& kind, std::int64_t id, const Record& record) {
  Parameters values(op.now);
  SqlText columns("id");
  SqlText places = values.add(id);
  for (std::size_t i = 0; i < kind.fields().size(); ++i) {
    const Field& field = kind.fields()[i];
    if (field.name == "id" || field.is(computed) || field.custom_id != 0) continue;
    Value value = record.value(static_cast<int>(i));
    if (field.is(automatic)) value = Value(op.at());
    if (value.is_null()) continue;  // the table's default
    columns += SqlText(", ") + field.column;
    places += SqlText(", ") + values.add(value);
  }
  std::string key;
  if (!kind.spec().name_field.empty()) {
    key = kind.name_key(record.value(kind.spec().name_field.view()).text);
    columns += SqlText(", ") + kind.spec().key_column;
    places += SqlText(", ") + values.add(Value(key));
  }
  Statement statement = op.db.prepare(SqlText("INSERT INTO ") + kind.spec().table + " (" + columns + ") VALUES (" + places + ")");
  values.bind(statement);
  statement.run();
}

void update(Operation& op, const Kind& kind, std::int64_t id, const Record& record, const Record& before,
            std::span<const int> changed) {
  Parameters values(op.now);
  SqlText sets("updated = ");
  int updated = kind.find_field("updated");
  sets += values.add(Value(updated < 0 ? op.at() : std::max(op.at(), before.value(updated).integer)));  // never back
  for (int index : changed) {
    const Field& field = kind.field(index);
    sets += SqlText(", ") + field.column + " = " + values.add(record.value(index));
    if (kind.spec().name_field == field.name) {
      sets += SqlText(", ") + kind.spec().key_column + " = " + values.add(Value(kind.name_key(record.value(index).text)));
    }
  }
  SqlText text = SqlText("UPDATE ") + kind.spec().table + " SET " + sets + " WHERE id = " + values.add(id);
  if (std::int64_t lead = lead_of(kind, before); lead != 0) text += SqlText(" AND lead_id = ") + values.add(lead);
  Statement statement = op.db.prepare(text);
  values.bind(statement);
  statement.run();
}

// The thing that the record means: by its id, else by its name; 0: a new one.
std::int64_t existing(Operation& op, const Kind& kind, const Record& record) {
  int id_field = kind.find_field("id");
  if (id_field >= 0 && record.given(id_field)) {
    return kind.need(op, "id:" + std::to_string(record.value(id_field).integer));
  }
  if (kind.spec().name_field.empty()) return 0;
  const Value& name = record.value(kind.spec().name_field.view());
  return name.is_null() ? 0 : kind.resolve(op, name.text);
}

void check_name_is_free(Operation& op, const Kind& kind, std::string_view name, std::int64_t id) {
  std::int64_t holder = kind.resolve(op, name);
  if (holder != 0 && holder != id) {
    fail(Status::conflict, kind.spec().name_field.view(), "{} is the name of another {}, id:{}", shown(name), kind.name(), holder);
  }
}

std::string named_json(std::string_view key, std::string_view name) {
  std::string out = "{";
  append_json_text(out, key);
  out += ':';
  append_json_text(out, name);
  return out + "}";
}

}  // namespace

PutResult put_thing(Operation& op, const Kind& kind, std::span<const Given> given) {
  const KindSpec& spec = kind.spec();
  if (!spec.writable) fail(Status::refused, "kind", "a {} is not put: its own verbs write it", kind.name());
  Arena arena;
  Record record = checked_record(op, kind, given, arena);
  PutResult result;
  result.id = existing(op, kind, record);
  Record stored(kind);
  bool made = result.id == 0;
  if (!made) read_record(op, kind, result.id, stored, arena);
  const Record* before = made ? nullptr : &stored;
  std::int64_t lead = result.lead = lead_of(kind, made ? record : stored);
  require_fields(kind, record, before);
  if (!spec.name_field.empty() && record.given(spec.name_field.view())) {
    std::string_view name = record.value(spec.name_field.view()).text;
    if (name.starts_with("id:")) fail(Status::invalid, spec.name_field.view(), "{} would read as an id: a name must not begin with id:", shown(name));
    check_name_is_free(op, kind, name, result.id);
    // What was found by its name keeps the spelling it has: only who says the id means another one.
    int id_field = kind.find_field("id");
    if (!made && !(id_field >= 0 && record.given(id_field))) record.set(spec.name_field.view(), stored.value(spec.name_field.view()));
  }
  kind.check(op, record, before);
  std::vector<int> changed = changed_fields(record, before);
  for (int index : changed) {
    if (!made && kind.field(index).is(fixed)) {
      fail(Status::refused, kind.field(index).name, "is given once, when a {} is made", kind.name());
    }
  }
  if (!made && changed.empty()) return result;
  if (made) {
    result.id = op.ids.next(spec.table);
    insert(op, kind, result.id, record);
  } else {
    update(op, kind, result.id, record, stored, changed);
  }
  result.outcome = made ? Outcome::created : Outcome::updated;
  EventKind event = made ? spec.created : spec.updated;
  if (event != EventKind{}) {
    std::string data = made && !spec.name_field.empty() && changed.size() == 1
                           ? named_json(spec.name_field.view(), record.value(spec.name_field.view()).text)
                           : changes_json(record, before, changed);
    result.event = op.events.record(event, lead, result.id, data);
  }
  kind.stored(op, result.id, record, before);
  return result;
}

std::int64_t remove_thing(Operation& op, const Kind& kind, std::string_view name) {
  const KindSpec& spec = kind.spec();
  if (!spec.removable) fail(Status::refused, "kind", "a {} is not removed: its own verbs do that", kind.name());
  std::int64_t id = kind.need(op, name);
  Arena arena;
  Record stored(kind);
  read_record(op, kind, id, stored, arena);
  std::string_view shown_name = spec.name_field.empty() ? std::string_view() : stored.value(spec.name_field.view()).text;
  kind.removing(op, id, shown_name);
  std::int64_t told = kind.about(op, id);
  std::int64_t lead = lead_of(kind, stored);
  if (lead != 0) {
    op.db.run(SqlText("DELETE FROM ") + spec.table + " WHERE lead_id = $1 AND id = $2", lead, id);
  } else {
    op.db.run(SqlText("DELETE FROM ") + spec.table + " WHERE id = $1", id);
  }
  if (spec.removed == EventKind{}) return 0;
  std::string data = spec.name_field.empty() ? std::string() : named_json(spec.name_field.view(), shown_name);
  return op.events.record(spec.removed, lead != 0 ? lead : told, id, data);
}

std::int64_t rename_thing(Operation& op, const Kind& kind, std::string_view name, std::string_view to) {
  const KindSpec& spec = kind.spec();
  if (spec.name_field.empty() || !spec.writable) fail(Status::refused, "kind", "a {} has no name to change", kind.name());
  if (spec.owner != Owner::definition) {  // an address is no name that Kith may give
    fail(Status::refused, "kind", "a {} is not renamed: put the new {}", kind.name(), spec.name_field.view());
  }
  Given given[] = {{"id", Value(kind.need(op, name))}, {spec.name_field.view(), Value(to)}};
  return put_thing(op, kind, given).event;
}

}  // namespace kith
