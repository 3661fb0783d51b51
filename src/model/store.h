// Putting and removing one thing of any kind but leads, by its description. Looks things up by id or name,
// writes what differs, records the kind's events.
#pragma once

#include <cstdint>
#include <span>

#include "model/operation.h"
#include "model/record.h"

namespace kith {

enum class Outcome : std::int32_t { unchanged = 0, created = 1, updated = 2, failed = 3 };

struct PutResult {
  std::int64_t id = 0;
  Outcome outcome = Outcome::unchanged;
  std::int64_t event = 0;
  std::int64_t lead = 0;  // whom the thing belongs to, 0: nobody
};

PutResult put_thing(Operation& op, const Kind& kind, std::span<const Given> given);
// The event that it recorded. NOT_FOUND when there is no such thing.
std::int64_t remove_thing(Operation& op, const Kind& kind, std::string_view name);
// What a definition that goes was called, which the log goes on saying.
void keep_name(Operation& op, const Kind& kind, std::int64_t id, std::string_view name);
std::int64_t rename_thing(Operation& op, const Kind& kind, std::string_view name, std::string_view to);

}  // namespace kith
