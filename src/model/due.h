// When things fall due: the earliest times in a column that has an index.
#pragma once

#include <cstdint>
#include <vector>

#include "model/operation.h"

namespace kith {

// At most `limit`, in order, whether they have come or not.
std::vector<Millis> earliest(Operation& op, Literal table, Literal column, std::int64_t limit);

}  // namespace kith
