#include "segment/checker.h"

#include <algorithm>

#include "base/text.h"
#include "segment/field_compare.h"

namespace kith {

namespace {

std::string meant(std::string_view near) {
  return near.empty() ? std::string() : fmt::format("; did you mean {}?", near);
}

class Checker {
 public:
  Checker(Operation& op, const Kind& kind, const Source& source, std::span<const Value> args, Arena& arena)
      : op_(op), kind_(kind), source_(source), args_(args), arena_(arena) {}

  Term term(const Syntax& syntax) {
    Term term;
    term.form = syntax.form;
    switch (syntax.form) {
      case Form::comparison:
        comparison(syntax, term);
        break;
      case Form::membership:
        membership(syntax, term);
        break;
      default:
        for (const Syntax& part : syntax.parts) {
          term.parts.push_back(this->term(part));
          term.has_sets = term.has_sets || term.parts.back().has_sets;
          term.has_sql = term.has_sql || term.parts.back().has_sql;
        }
    }
    return term;
  }

 private:
  const Predicate* find_predicate(std::string_view word) const {
    for (const Predicate* predicate : op_.kinds.predicates()) {
      if (predicate->word == word) return predicate;
    }
    return nullptr;
  }
  const Field* find_field(std::string_view name) const {
    for (const Field& field : kind_.fields()) {
      if (fold_case(field.name) == name) return &field;
    }
    return nullptr;
  }
  std::string near_field(std::string_view name) const {
    std::vector<std::string_view> known;
    for (const Field& field : kind_.fields()) known.push_back(field.name);
    return nearest(name, known);
  }
  std::string near_predicate(std::string_view word) const {
    std::vector<std::string_view> known;
    for (const Predicate* predicate : op_.kinds.predicates()) known.push_back(predicate->word);
    return nearest(word, known);
  }
  bool of_leads() const { return kind_.name() == "lead"; }

  void comparison(const Syntax& syntax, Term& term) {
    term.has_sql = true;
    term.field = find_field(syntax.name);
    term.comparison = syntax.comparison;
    if (term.field == nullptr) no_field(syntax);
    const Field& field = *term.field;
    std::string wrong = objection(field, syntax.comparison);
    if (!wrong.empty()) {
      source_.fail_at(syntax.at,
                      fmt::format("{} is of type {}: {}", field.name, type_name(field.type), wrong));
    }
    for (const Operand& operand : syntax.operands) {
      term.values.push_back(value(field, syntax.comparison, operand));
    }
  }

  [[noreturn]] void no_field(const Syntax& syntax) {
    if (of_leads() && find_predicate(syntax.name) != nullptr) {
      source_.fail_at(syntax.at,
                      fmt::format("{0} is no field: write {0} 'name', without a sign between", syntax.name),
                      syntax.name);
    }
    std::string near = near_field(syntax.name);
    if (near.empty() && of_leads()) near = near_predicate(syntax.name);
    source_.fail_at(syntax.at,
                    fmt::format("{} has no field {}{}", with_article(kind_.name()), shown(syntax.name), meant(near)),
                    near);
  }

  // The value of an operand; what is said is checked by the field.
  Value value(const Field& field, Comparison comparison, const Operand& operand) {
    Value given = plain(operand, field.name);
    bool wants_text = meaning_of(field.type) == Meaning::text || meaning_of(field.type) == Meaning::date ||
                      field.type == FieldType::choices;
    if (operand.type == Operand::Type::number && wants_text && field.type != FieldType::reference) {
      given = Value(operand.text);  // 007 stays 007
    }
    if (operand.type == Operand::Type::boolean && field.type != FieldType::boolean) {
      source_.fail_at(operand.at, fmt::format("{} is of type {}, which is never {}", field.name,
                                              type_name(field.type), operand.text));
    }
    Value stored;
    try {
      stored = comparable(op_, kind_, field, comparison, given, arena_);
    } catch (const Failure& failure) {
      source_.fail_at(operand.at, failure);
    }
    if (stored.is_null()) {
      source_.fail_at(
          operand.at,
          fmt::format("an empty text is no value: write {0} is empty, or {0} is not empty", field.name));
    }
    return stored;
  }

  // `field`: which it is compared with; "": it names a thing.
  Value plain(const Operand& operand, std::string_view field) {
    switch (operand.type) {
      case Operand::Type::text:
        return Value(operand.text);
      case Operand::Type::number:
      case Operand::Type::boolean:
        return operand.number;
      case Operand::Type::parameter:
        break;
    }
    const Value& value = args_[operand.parameter];
    if (value.is_null()) {
      source_.fail_at(operand.at,
                      fmt::format("argument {} is NULL: {}", operand.parameter + 1,
                                  field.empty() ? "a name is needed"
                                                : fmt::format("write {} is empty, or is not empty", field)));
    }
    if (value.is_text() && !valid_utf8(value.text)) {
      source_.fail_at(operand.at, fmt::format("argument {} is not well-formed UTF-8", operand.parameter + 1));
    }
    return value;
  }

  void membership(const Syntax& syntax, Term& term) {
    const Predicate* predicate = find_predicate(syntax.name);
    if (predicate == nullptr) no_predicate(syntax);
    if (!of_leads()) {
      std::string instead = find_field(syntax.name) == nullptr
                                ? std::string()
                                : fmt::format("; its field is compared by {} = ...", syntax.name);
      source_.fail_at(syntax.at, fmt::format("{} asks about leads, and these are things of kind {}{}",
                                             syntax.name, kind_.name(), instead));
    }
    term.predicate = predicate;
    term.has_sets = true;
    const Operand& name = syntax.operands.front();
    Value value = plain(name, {});
    if (name.type == Operand::Type::number || !(value.is_text() || value.is_integer())) {
      source_.fail_at(name.at, fmt::format("{} is followed by a name in single quotes or ?", syntax.name));
    }
    try {
      const Kind& kind = op_.kinds.get(predicate->kind);
      term.thing = value.is_text() ? kind.need(op_, value.text)
                                   : kind.need(op_, "id:" + std::to_string(value.integer));
    } catch (const Failure& failure) {
      source_.fail_at(name.at, failure);
    }
    if (!syntax.state.empty()) term.state = state(*predicate, syntax);
  }

  [[noreturn]] void no_predicate(const Syntax& syntax) {
    if (find_field(syntax.name) != nullptr) {
      source_.fail_at(
          syntax.operands.front().at,
          fmt::format("{0} is a field: write = or another comparison before the value", syntax.name));
    }
    std::string near = of_leads() ? near_predicate(syntax.name) : std::string();
    if (near.empty()) near = near_field(syntax.name);
    source_.fail_at(syntax.at,
                    fmt::format("{} is neither a field nor a condition{}", shown(syntax.name), meant(near)),
                    near);
  }

  std::size_t state(const Predicate& predicate, const Syntax& syntax) {
    auto found = std::find(predicate.states.begin(), predicate.states.end(), syntax.state);
    if (found != predicate.states.end()) return static_cast<std::size_t>(found - predicate.states.begin());
    if (predicate.states.empty()) {
      source_.fail_at(
          syntax.state_at,
          fmt::format("{} takes no word behind the name; and, or, or the end should follow", predicate.word));
    }
    std::string near = nearest(syntax.state, predicate.states);
    source_.fail_at(syntax.state_at,
                    fmt::format("{} is no state of a {}: write one of {}", shown(syntax.state),
                                predicate.word, fmt::join(predicate.states, ", ")),
                    near);
  }

  Operation& op_;
  const Kind& kind_;
  const Source& source_;
  std::span<const Value> args_;
  Arena& arena_;
};

}  // namespace

Checked check(Operation& op, const Kind& kind, const Source& source, const Parsed& parsed,
              std::span<const Value> args) {
  if (parsed.parameters != args.size()) {
    fail(Status::invalid, "where", "has {} ?, but {} argument{} came with it", parsed.parameters, args.size(),
         args.size() == 1 ? "" : "s");
  }
  Checked checked;
  if (parsed.root) checked.root = Checker(op, kind, source, args, checked.arena).term(*parsed.root);
  return checked;
}

}  // namespace kith
