// Taking a lead away: its rows, keys, sets and what hangs on it. The log keeps its events, and what is suppressed stays
// suppressed; erasing, which leaves nothing personal, is in erase.h.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/json.h"
#include "model/operation.h"

namespace kith {

// By name, as a call removes it; the act's key is honoured. The event.
std::int64_t remove_lead(Operation& op, std::string_view name);

// Deletes every row that goes when a lead is removed - or erased -, its place in the sets and in the search index. How
// many of what there were.
Json forget_lead(Operation& op, std::int64_t lead, bool erased);
// The id is no lead any more: `state` is "merged", "removed" or "erased".
void note_gone(Operation& op, std::int64_t lead, std::string_view state, std::int64_t survivor, std::int64_t event,
               std::string_view counts);

}  // namespace kith
