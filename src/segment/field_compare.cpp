#include "segment/field_compare.h"

#include <algorithm>

#include "base/address.h"
#include "base/checks.h"
#include "base/failure.h"
#include "base/json.h"
#include "base/text.h"
#include "model/record.h"

namespace kith {

namespace {

using enum FieldType;

// What a field compares by, where that is not its text: a lead's addresses and external id in lead_key, its phone's key,
// the id of an event's kind, the key by which things of a kind are named.
enum class Key : std::uint8_t { none, addresses, external_id, phone, event_kind, name };

Key key_of(const Kind& kind, const Field& field) {
  if (kind.name() == "lead") {
    if (field.custom_id != 0) return Key::none;
    if (field.name == "email") return Key::addresses;
    if (field.name == "external_id") return Key::external_id;
    return field.name == "phone" ? Key::phone : Key::none;
  }
  if (kind.name() == "event" && field.name == "kind") return Key::event_kind;
  return !kind.spec().name_field.empty() && kind.spec().name_field == field.name ? Key::name : Key::none;
}

bool of_parts(Comparison comparison) {
  return comparison == Comparison::contains || comparison == Comparison::starts_with ||
         comparison == Comparison::ends_with;
}

bool has_order(FieldType type) {
  switch (type) {
    case text:
    case name:
    case url:
    case date:
    case datetime:
    case duration:
    case integer:
    case real:
    case id:
      return true;
    default:
      return false;
  }
}

bool has_parts(FieldType type) {
  switch (type) {
    case text:
    case name:
    case email:
    case url:
    case phone:
    case zone:
    case language:
    case ip:
    case date:
      return true;
    default:
      return false;
  }
}

// References compare by id. Where they are empty their expression says; the column may hold 0 then.
SqlText column_of(const Field& field) {
  if (field.type != reference || field.is(computed)) return field.expression;
  return (field.custom_id != 0 ? SqlText("u.") : SqlText("t.")) + field.column;
}

bool never_null(const Field& field) { return field.never_null(); }

// As the keys of addresses are folded: ß and ss are two letters there.
std::string folded_address_part(std::string_view part) {
  constexpr std::string_view sharp = "ß";
  std::string out;
  for (std::size_t at = part.find(sharp); at != part.npos; at = part.find(sharp)) {
    out += fold_case(part.substr(0, at));
    out += sharp;
    part.remove_prefix(at + sharp.size());
  }
  return out + fold_case(part);
}

// An end of an address is an end of its domain, which keys have in ASCII.
std::string address_part(Comparison comparison, std::string_view part) {
  bool ascii =
      std::all_of(part.begin(), part.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (comparison != Comparison::ends_with || ascii) return folded_address_part(part);
  std::size_t at = part.rfind('@');
  std::size_t domain = at != part.npos ? at + 1 : part.front() == '.' ? 1 : 0;
  return folded_address_part(part.substr(0, domain)) + ascii_domain(part.substr(domain), "email");
}

Value part_of_text(const Kind& kind, const Field& field, Comparison comparison, const Value& value,
                   Arena& arena) {
  std::string_view part = text_value(value, field.name);
  if (part.empty()) return {};
  switch (key_of(kind, field)) {
    case Key::none:
    case Key::external_id:
    case Key::event_kind:
      return Value(arena.keep(part));
    case Key::addresses:
      return Value(arena.keep(address_part(comparison, part)));
    case Key::name:
      return Value(arena.keep(field.type == email ? address_part(comparison, part) : fold_case(part)));
    case Key::phone: {
      std::string key = phone_key(part);
      if (key.empty()) fail(Status::invalid, field.name, "{} has no digits", shown(part));
      return Value(arena.keep(key));
    }
  }
  return {};
}

// The option as it stands in the stored array, quotes and all.
Value option_in_array(Operation& op, const Field& field, const Value& value, Arena& arena) {
  Field one = field;
  one.type = choice;
  Value option = normalised(op, one, value, arena);
  if (option.is_null()) return option;
  std::string json;
  append_json_text(json, option.text);
  return Value(arena.keep(json));
}

// The first text behind all that begin with `text`, in the order of code points; "": there is none.
std::string behind(std::string_view text) {
  std::u32string points;
  for (std::size_t at = 0; at < text.size();) points += next_code_point(text, at);
  while (!points.empty() && points.back() == 0x10FFFF) points.pop_back();
  std::string out;
  if (points.empty()) return out;
  points.back() += points.back() == 0xD7FF ? 0x801 : 1;  // surrogates are no text
  for (char32_t point : points) append_utf8(out, point);
  return out;
}

SqlText value_list(const Term& term, Parameters& parameters) {
  SqlText list;
  for (const Value& value : term.values) {
    if (!list.empty()) list += ", ";
    list += parameters.add(value);
  }
  return list;
}

// The comparison over `column`, which is not NULL; `negated`: its opposite.
SqlText plain_sql(const SqlText& column, const Term& term, bool negated, Parameters& parameters) {
  auto relation = [&](Literal yes, Literal no) {
    return column + (negated ? no : yes) + parameters.add(term.values.front());
  };
  switch (term.comparison) {
    case Comparison::in:
      if (term.values.size() == 1) return relation(" = ", " <> ");
      return column + (negated ? Literal(" NOT IN (") : Literal(" IN (")) + value_list(term, parameters) +
             ")";
    case Comparison::less:
      return relation(" < ", " >= ");
    case Comparison::less_equal:
      return relation(" <= ", " > ");
    case Comparison::greater:
      return relation(" > ", " <= ");
    case Comparison::greater_equal:
      return relation(" >= ", " < ");
    case Comparison::contains:
      return SqlText("replace(") + column + ", " + parameters.add(term.values.front()) +
             (negated ? Literal(", '') = ") : Literal(", '') <> ")) + column;
    case Comparison::starts_with: {
      SqlText from = parameters.add(term.values.front());
      std::string end = behind(term.values.front().text);
      if (end.empty()) return column + (negated ? Literal(" < ") : Literal(" >= ")) + from;
      SqlText to = parameters.add(Value(end));
      return negated ? SqlText("(") + column + " < " + from + " OR " + column + " >= " + to + ")"
                     : column + " >= " + from + " AND " + column + " < " + to;
    }
    case Comparison::ends_with: {
      SqlText before =
          parameters.add(Value(static_cast<std::int64_t>(code_points(term.values.front().text)) - 1));
      return SqlText("substr(") + column + ", length(" + column + ") - " + before +
             (negated ? Literal(") <> ") : Literal(") = ")) + parameters.add(term.values.front());
    }
    case Comparison::empty:
      break;
  }
  return {};
}

// Elements of the array stand behind "[" or ",", which no option can fake: its own quotes are escaped.
SqlText array_sql(const SqlText& column, const Term& term, bool negated, Parameters& parameters) {
  std::string first = "[" + std::string(term.values.front().text);
  std::string later = "," + std::string(term.values.front().text);
  auto holds = [&](const std::string& part) {
    return SqlText("replace(") + column + ", " + parameters.add(Value(part)) +
           (negated ? Literal(", '') = ") : Literal(", '') <> ")) + column;
  };
  SqlText one = holds(first);
  return SqlText("(") + one + (negated ? Literal(" AND ") : Literal(" OR ")) + holds(later) + ")";
}

}  // namespace

std::string objection(const Field& field, Comparison comparison) {
  if (comparison == Comparison::empty) return {};
  std::string can;
  if (field.type != json) can = "=, !=, in, not in, ";
  if (has_order(field.type)) can += "<, <=, >, >=, ";
  if (has_parts(field.type)) can += "contains, starts with, ends with, ";
  if (field.type == choices) can += "contains, ";
  bool fine = of_parts(comparison)
                  ? has_parts(field.type) || (field.type == choices && comparison == Comparison::contains)
              : comparison == Comparison::in ? field.type != json
                                             : has_order(field.type);
  return fine ? std::string() : fmt::format("it takes {}is empty and is not empty", can);
}

Value comparable(Operation& op, const Kind& kind, const Field& field, Comparison comparison,
                 const Value& value, Arena& arena) {
  if (of_parts(comparison)) {
    return field.type == choices ? option_in_array(op, field, value, arena)
                                 : part_of_text(kind, field, comparison, value, arena);
  }
  // `id > 0` is fine, although 0 is no id.
  if (field.type == id && comparison != Comparison::in) return Value(integer_value(value, field.name));
  Value stored = normalised(op, field, value, arena);
  if (!stored.is_text()) return stored;
  switch (key_of(kind, field)) {
    case Key::none:
    case Key::external_id:
      return Value(arena.keep(stored.text));
    case Key::event_kind:  // one that is not known yet has no event: 0 is no kind's id
      return comparison == Comparison::in ? Value(op.events.kinds().find(stored.text)) : Value(arena.keep(stored.text));
    case Key::phone:
      return Value(arena.keep(phone_key(stored.text)));
    case Key::addresses:
      return Value(arena.keep(parse_address(stored.text, field.name).key));
    case Key::name:
      return Value(arena.keep(kind.name_key(stored.text)));
  }
  return stored;
}

SqlText comparison_sql(const Kind& kind, const Term& term, bool negated, Parameters& parameters) {
  const Field& field = *term.field;
  if (term.comparison == Comparison::empty) {
    if (never_null(field)) return negated ? SqlText("1 = 1") : SqlText("1 = 0");
    return field.expression + (negated ? Literal(" IS NOT NULL") : Literal(" IS NULL"));
  }
  SqlText column = column_of(field);
  if (field.type == id && term.comparison == Comparison::in && !negated) return kind.with_id(value_list(term, parameters));
  switch (key_of(kind, field)) {
    case Key::addresses:  // any of a lead's addresses will do
      return SqlText(negated ? Literal("t.id NOT IN (SELECT a.lead_id FROM lead_key a WHERE a.kind = 1 AND ")
                             : Literal("t.id IN (SELECT a.lead_id FROM lead_key a WHERE a.kind = 1 AND ")) +
             plain_sql(SqlText("a.key"), term, false, parameters) + ")";
    case Key::external_id:  // the key table has it sorted, and what absorbed leads had beside it
      if (negated || (term.comparison != Comparison::in && term.comparison != Comparison::starts_with)) break;
      return SqlText("t.id IN (SELECT a.lead_id FROM lead_key a WHERE a.kind = 2 AND ") +
             plain_sql(SqlText("a.key"), term, false, parameters) + ") AND " + plain_sql(column, term, false, parameters);
    case Key::event_kind:
      if (term.comparison == Comparison::in) return plain_sql(SqlText("t.kind_id"), term, negated, parameters);
      return SqlText(negated ? Literal("t.kind_id NOT IN (SELECT n.id FROM event_kind n WHERE ")
                             : Literal("t.kind_id IN (SELECT n.id FROM event_kind n WHERE ")) +
             plain_sql(SqlText("n.name"), term, false, parameters) + ")";
    case Key::phone:
      column = SqlText("t.phone_key");
      break;
    case Key::name:
      column = SqlText("t.") + kind.spec().key_column;
      break;
    case Key::none:
      break;
  }
  SqlText sql = field.type == choices && term.comparison == Comparison::contains
                    ? array_sql(column, term, negated, parameters)
                    : plain_sql(column, term, negated, parameters);
  return negated && !never_null(field) ? SqlText("(") + column + " IS NULL OR " + sql + ")" : sql;
}

}  // namespace kith
