// Conditions without memberships, as SQL.
#pragma once

#include <vector>

#include "model/parameters.h"
#include "segment/checker.h"

namespace kith {

// `term`, or its opposite, as SQL that is never NULL.
SqlText condition_sql(const Kind& kind, const Term& term, bool negated, Parameters& parameters);
// All of the terms, or any of them; for the opposites of all terms, `negated`.
SqlText joined_sql(const Kind& kind, const std::vector<const Term*>& terms, bool all, bool negated, Parameters& parameters);

}  // namespace kith
