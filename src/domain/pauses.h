// Pauses: no messages to a lead until a time, on one list or on all.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "model/kind.h"
#include "model/operation.h"

namespace kith {

std::unique_ptr<Kind> make_pause_kind();

inline constexpr std::int64_t every_list = 0;  // in place of a list's id

// The event, 0 when the lead was paused so already. `until` lies ahead, else INVALID.
std::int64_t pause_messages(Operation& op, std::int64_t lead, std::int64_t list, Millis until, std::string_view reason,
                            std::string_view via = "host");
// Ends a pause before its time; `every_list` ends all that the lead has. 0 when there was none.
std::int64_t resume_messages(Operation& op, std::int64_t lead, std::int64_t list);
// Until when the lead wants nothing under this list (`every_list`: of any kind); nullopt: it is not paused.
std::optional<Millis> paused_until(Operation& op, std::int64_t lead, std::int64_t list);

// Takes away at most `limit` pauses that are over; how many it did.
std::int64_t end_pauses(Operation& op, std::int64_t limit);
std::vector<Millis> pause_ends(Operation& op, std::int64_t limit);  // when the next ones end

// Where both leads paused a list, the longer pause stays.
void merge_pauses(Operation& op, std::int64_t survivor, std::int64_t absorbed);

}  // namespace kith
