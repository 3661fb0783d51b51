// Conditions without memberships, as SQL. A negation is carried down to the comparisons, each of which knows
// its opposite: SQL's own NOT would leave out what has no value.
#pragma once

#include <vector>

#include "model/parameters.h"
#include "segment/checker.h"

namespace kith {

// `term`, or its opposite.
SqlText condition_sql(const Kind& kind, const Term& term, bool negated, Parameters& parameters);
// All of the terms, or any of them; for the opposites of all terms, `negated`.
SqlText joined_sql(const Kind& kind, const std::vector<const Term*>& terms, bool all, bool negated,
                   Parameters& parameters);

}  // namespace kith
