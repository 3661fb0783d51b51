// How a checked condition is answered: sets of leads by algebra, everything else by SQL, and each group of
// SQL conditions in one statement.
#pragma once

#include <cstdint>

#include "model/find.h"
#include "model/operation.h"
#include "segment/checker.h"

namespace kith {

Condition plan(Operation& op, const Kind& kind, const Term& term, Parameters& parameters);
std::int64_t count(Operation& op, const Kind& kind, const Term& term);

}  // namespace kith
