// Likely duplicates: leads with the same phone, the same mailbox but for what its provider ignores, the same name at
// the same company. They are listed; nothing merges by itself.
#pragma once

#include <cstddef>
#include <optional>

#include "model/find.h"
#include "model/lead_set.h"
#include "model/operation.h"
#include "model/rows.h"

namespace kith {

// lead, other, reason ("phone", "address", "name_and_company"), value. Of several that are alike each is paired with
// the one of the lowest id. A page begins after `query.after`; memory does not grow with the file. `among`: both must be in it.
// `in_memory`: how many leads are compared at a time.
RowsPtr find_duplicates(Operation& op, const Query& query, const std::optional<LeadSet>& among,
                        std::size_t in_memory = std::size_t{1} << 20);

}  // namespace kith
