#include "model/record.h"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "base/address.h"
#include "base/checks.h"
#include "base/failure.h"
#include "base/json.h"
#include "base/text.h"
#include "model/operation.h"

namespace kith {

namespace {

constexpr std::size_t longest_json = 1 << 20;

Value kept(std::string_view text, const Value& original, Arena& arena) {
  if (original.is_text() && text.data() >= original.text.data() &&
      text.data() + text.size() <= original.text.data() + original.text.size()) {
    return Value(text);  // a part of what the host gave, which lives as long as the call
  }
  return Value(arena.keep(text));
}

Value checked_text(const Field& field, const Value& value, Arena& arena) {
  std::string_view text;
  char digits[24];
  if (value.type == SqlType::integer) {  // a number where text is wanted, as CSV readers and JSON give it
    auto end = fmt::format_to(digits, "{}", value.integer);
    text = arena.keep({digits, static_cast<std::size_t>(end - digits)});
  } else {
    text = trimmed(text_value(value, field.name));
  }
  if (text.empty()) return {};
  if (text.size() > static_cast<std::size_t>(field.most) && code_points(text) > static_cast<std::size_t>(field.most)) {
    fail(Status::limit, field.name, "has {} characters; at most {} are taken", code_points(text), field.most);
  }
  return kept(text, value, arena);
}

std::string matched_option(const Field& field, std::string_view text) {
  std::string key = fold(text);
  std::vector<std::string_view> known(field.options.begin(), field.options.end());
  for (const std::string& option : field.options) {
    if (option == text || fold(option) == key) return option;
  }
  std::string near = nearest(text, known);
  Failure failure(Status::invalid, field.name,
                  fmt::format("{} is none of the options {}{}", shown(text), fmt::join(known, ", "), did_you_mean(near)));
  throw failure.near(near);
}

// A JSON array of options, or options with commas between; stored as an array in the order of the definition.
Value checked_choices(const Field& field, const Value& value, Arena& arena) {
  std::string_view text = trimmed(text_value(value, field.name));
  if (text.empty()) return {};
  std::vector<std::string> wanted;
  if (text.front() == '[') {
    for (const Json& item : parse_json(text, field.name)) {
      if (!item.is_string()) fail(Status::invalid, field.name, "must be an array of texts");
      wanted.push_back(matched_option(field, item.get_ref<const std::string&>()));
    }
  } else {
    for (std::string_view rest = text; !rest.empty();) {
      std::size_t comma = rest.find(',');
      wanted.push_back(matched_option(field, trimmed(rest.substr(0, comma))));
      rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    }
  }
  std::string out = "[";
  for (const std::string& option : field.options) {
    if (std::find(wanted.begin(), wanted.end(), option) == wanted.end()) continue;
    if (out.size() > 1) out += ',';
    append_json_text(out, option);
  }
  return Value(arena.keep(out + "]"));
}

Value checked_json(const Field& field, const Value& value) {
  std::string_view text = text_value(value, field.name);
  if (text.size() > longest_json) {
    fail(Status::limit, field.name, "has {} bytes; at most {} are taken", text.size(), longest_json);
  }
  if (trimmed(text).empty()) return {};
  parse_json(text, field.name);
  return Value(text);
}

Value checked_reference(Operation& op, const Field& field, const Value& value) {
  const Kind& kind = op.kinds.get(field.refers);
  if (value.type == SqlType::integer) {
    if (value.integer <= 0) fail(Status::invalid, field.name, "{} is no id", value.integer);
    return Value(kind.need(op, "id:" + std::to_string(value.integer)));
  }
  std::string_view text = trimmed(text_value(value, field.name));
  if (text.empty()) return {};
  return Value(kind.need(op, text));
}

}  // namespace

Value normalised(Operation& op, const Field& field, const Value& value, Arena& arena) {
  if (value.is_null()) return {};
  if (value.is_text() && field.type != FieldType::json && trimmed(value.text).empty()) return {};
  std::string_view name = field.name;
  switch (field.type) {
    case FieldType::text:
    case FieldType::name: return checked_text(field, value, arena);
    case FieldType::email: return kept(parse_address(text_value(value, name), name).shown, value, arena);
    case FieldType::url: return kept(checked_url(text_value(value, name), name), value, arena);
    case FieldType::phone: {
      Value text = checked_text(field, value, arena);
      return text.is_null() ? text : kept(checked_phone(text.text, name), value, arena);
    }
    case FieldType::country: return Value(arena.keep(checked_country(text_value(value, name), name)));
    case FieldType::zone: return Value(arena.keep(checked_zone(text_value(value, name), name)));
    case FieldType::language: return Value(arena.keep(checked_language(text_value(value, name), name)));
    case FieldType::ip: return Value(arena.keep(checked_ip(text_value(value, name), name)));
    case FieldType::date:  // whoever gives a number means a time, which has no day before its zone is known
      if (value.type != SqlType::text && !value.is_null())
        fail(Status::invalid, name, "is a number; a date is text: year, month and day, as in \"2026-11-24\"");
      return Value(arena.keep(checked_date(text_value(value, name), name)));
    case FieldType::datetime: return Value(time_value(value, name));
    case FieldType::duration: {
      Millis length = value.is_text() ? checked_duration(value.text, name) : integer_value(value, name);
      if (length < 0) fail(Status::invalid, name, "a duration must not be negative");
      if (length > longest_duration) {
        fail(Status::invalid, name, "{} ms is too long: at most {} ms are taken, the years 1 to 9999", length, longest_duration);
      }
      return Value(length);
    }
    case FieldType::integer: return Value(integer_value(value, name));
    case FieldType::real: return Value(real_value(value, name));
    case FieldType::boolean: return Value(std::int64_t{boolean_value(value, name) ? 1 : 0});
    case FieldType::choice: return Value(arena.keep(matched_option(field, trimmed(text_value(value, name)))));
    case FieldType::choices: return checked_choices(field, value, arena);
    case FieldType::json: return checked_json(field, value);
    case FieldType::reference: return checked_reference(op, field, value);
    case FieldType::id: {
      std::int64_t id = integer_value(value, name);
      if (id <= 0 || id >= (std::int64_t{1} << 53)) fail(Status::invalid, name, "{} is no id: ids are positive and below 2^53", id);
      return Value(id);
    }
  }
  return {};
}

void fail_read_only(std::string_view field) {
  fail(Status::invalid, field, "is made by Kith and cannot be put: leave it out, or say skip_read_only");
}

std::string written(const Value& value) {
  if (value.is_text()) return std::string(value.text);
  if (value.is_integer()) return std::to_string(value.integer);
  bool whole = std::nearbyint(value.real) == value.real && std::abs(value.real) <= 9007199254740992.0;
  return whole ? std::to_string(static_cast<std::int64_t>(value.real)) : fmt::format("{}", value.real);
}

Record checked_record(Operation& op, const Kind& kind, std::span<const Given> given, Arena& arena) {
  Record record(kind);
  for (const Given& pair : given) {
    int index = kind.field_index(pair.name);
    const Field& field = kind.field(index);
    if (field.name != "id" && !field.writable()) {
      fail_read_only(field.name);
    }
    if (record.given(index)) fail(Status::invalid, field.name, "is given twice");
    record.set(index, normalised(op, field, pair.value, arena));
  }
  return record;
}

bool read_record(Operation& op, const Kind& kind, std::int64_t id, Record& out, Arena& arena) {
  SqlText text("SELECT ");
  std::vector<int> stored;
  for (std::size_t i = 0; i < kind.fields().size(); ++i) {
    const Field& field = kind.fields()[i];
    if (field.is(computed)) continue;
    if (!stored.empty()) text += ", ";
    text += (field.custom_id != 0 ? SqlText("u.") : SqlText("t.")) + field.column;
    stored.push_back(static_cast<int>(i));
  }
  Statement row = op.db.query(text + kind.from() + " WHERE t.id = $1", id);
  if (!row.step()) return false;
  for (std::size_t i = 0; i < stored.size(); ++i) {
    Value value = column_value(row, static_cast<int>(i));
    if (value.is_text()) value.text = arena.keep(value.text);
    out.set(stored[i], value);
  }
  return true;
}

std::vector<int> changed_fields(const Record& record, const Record* before) {
  std::vector<int> changed;
  const std::vector<Field>& fields = record.kind().fields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    int index = static_cast<int>(i);
    if (!record.given(index) || fields[i].name == "id") continue;
    const Value& value = record.value(index);
    bool differs = before == nullptr ? !value.is_null() : !(value == before->value(index));
    if (differs) changed.push_back(index);
  }
  return changed;
}

void append_json(std::string& out, const Value& value, Meaning meaning) {
  switch (value.type) {
    case SqlType::null: out += "null"; break;
    case SqlType::integer:
      if (meaning == Meaning::boolean) {
        out += value.integer != 0 ? "true" : "false";
      } else {
        append_json_number(out, value.integer);
      }
      break;
    case SqlType::real: append_json_number(out, value.real); break;
    default:
      if (meaning == Meaning::json) {
        out += value.text;
      } else {
        append_json_text(out, value.text);
      }
  }
}

std::string changes_json(const Record& record, const Record* before, std::span<const int> fields) {
  std::string out = "{\"changes\":{";
  bool first = true;
  for (int index : fields) {
    const Field& field = record.kind().field(index);
    if (field.is(automatic) || field.refers == "lead") continue;  // whose it is, the event says
    if (!first) out += ',';
    first = false;
    append_json_text(out, field.name);
    out += ":[";
    append_json(out, before == nullptr ? Value() : before->value(index), meaning_of(field.type));
    out += ',';
    append_json(out, record.value(index), meaning_of(field.type));
    out += ']';
  }
  return out + "}}";
}

}  // namespace kith
