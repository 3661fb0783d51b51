#include "segment/sql_writer.h"

#include <span>

#include "segment/field_compare.h"

namespace kith {

namespace {

// Halves, so that thousands of terms nest only some levels deep: engines bound the depth of an expression.
SqlText joined(const Kind& kind, std::span<const Term* const> terms, Literal word, bool negated,
               Parameters& parameters) {
  if (terms.size() == 1) return condition_sql(kind, *terms.front(), negated, parameters);
  std::size_t half = terms.size() / 2;
  SqlText left = joined(kind, terms.first(half), word, negated, parameters);
  return SqlText("(") + left + word + joined(kind, terms.subspan(half), word, negated, parameters) + ")";
}

}  // namespace

SqlText condition_sql(const Kind& kind, const Term& term, bool negated, Parameters& parameters) {
  switch (term.form) {
    case Form::negation:
      return condition_sql(kind, term.parts.front(), !negated, parameters);
    case Form::comparison:
      return comparison_sql(kind, term, negated, parameters);
    default:
      break;
  }
  std::vector<const Term*> terms;
  for (const Term& part : term.parts) terms.push_back(&part);
  return joined_sql(kind, terms, term.form == Form::all, negated, parameters);
}

SqlText joined_sql(const Kind& kind, const std::vector<const Term*>& terms, bool all, bool negated,
                   Parameters& parameters) {
  return joined(kind, terms, all != negated ? Literal(" AND ") : Literal(" OR "), negated, parameters);
}

}  // namespace kith
