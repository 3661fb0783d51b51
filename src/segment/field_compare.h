// How fields of each type compare: which comparisons make sense, what a value is turned into, and the SQL of
// it. Text compares by code point; what has a folded key - addresses, phones, names of things - compares by
// that.
#pragma once

#include <string>

#include "model/kind.h"
#include "model/operation.h"
#include "model/parameters.h"
#include "segment/checker.h"

namespace kith {

// Why `comparison` makes no sense for the field, as the end of a sentence; "": it does.
std::string objection(const Field& field, Comparison comparison);
// `value` as the comparison wants it. NULL: an empty text. Fails as the field itself does.
Value comparable(Operation& op, const Kind& kind, const Field& field, Comparison comparison,
                 const Value& value, Arena& arena);
// A comparison, or its opposite, as SQL: true exactly for the things that it holds for, and for others false
// or NULL.
SqlText comparison_sql(const Kind& kind, const Term& term, bool negated, Parameters& parameters);

}  // namespace kith
