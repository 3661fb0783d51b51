// The preference centre: what a lead sees of the public lists, and the changes that it makes there.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "model/extras.h"
#include "model/operation.h"
#include "model/rows.h"

namespace kith {

// The public lists, by name: list, name, description, state ("none" without one), paused_until.
RowsPtr preferences(Operation& op, std::int64_t lead);
// `choices` names public lists and says 1 (in) or 0 (out). How many changed. A list that the lead cannot come back to
// is passed over, so that what it leaves in the same act is left.
std::int64_t set_preferences(Operation& op, std::int64_t lead, std::span<const Given> choices, std::string_view consent,
                             std::string_view reason, std::int64_t cause);

}  // namespace kith
