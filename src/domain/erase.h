// Erasing a lead (GDPR, Art. 17): nothing personal stays in any table, in the log, in the search index or in free
// pages. Old pages in the engine's own log go afterwards: core/erasure.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/operation.h"

namespace kith {

// The lead that a name means for an erasure: one that was removed can still be erased, by its id. NOT_FOUND otherwise.
std::int64_t lead_to_erase(Operation& op, std::string_view name);
// A tombstone with the id and counts stays. `suppress`: a hash of each address stays suppressed. The event.
std::int64_t erase_lead(Operation& op, std::int64_t lead, bool suppress);

// What names the latest erasure whose old pages are not known to be gone; "" when there is none.
std::string pending_erasure(Operation& op);
// It is done, unless another came meanwhile.
void erasure_is_done(Operation& op, const std::string& pending);

}  // namespace kith
