// Making two leads one, and two of one again. What a merge did is kept as a document, by which it is undone while
// nothing that came later depends on it.
#pragma once

#include <cstdint>
#include <string_view>

#include "model/operation.h"

namespace kith {

// Which of two values a field keeps. Where one lead has none it is the other's.
enum class MergeFields : std::uint8_t {
  fill,   // the survivor's
  newer,  // that of the lead that was updated last
  other,  // the absorbed lead's
};

// The absorbed lead's fields, addresses, keys, relations and log become the survivor's, and its id goes on resolving
// to it. The event.
std::int64_t merge_leads(Operation& op, std::int64_t survivor, std::int64_t absorbed, MergeFields fields);

// The lead that the merge of this event made; NOT_FOUND when there is no merge of it to undo.
std::int64_t survivor_of_merge(Operation& op, std::int64_t merge_event);
// REFUSED, naming it, when something that came later depends on the merge. The event.
std::int64_t unmerge_leads(Operation& op, std::int64_t merge_event);

}  // namespace kith
