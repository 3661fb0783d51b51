// Doing what is due: expiries, lapses, ends of pauses, what an erase left. In batches, each a transaction, so that a
// million due things run in bounded memory and a killed process loses nothing.
#pragma once

#include <cstdint>

#include "core/database.h"

namespace kith {

struct RunResult {
  std::int64_t done = 0;
  Millis next = 0;  // 0: nothing is waiting
};

// A failure after some of it is done is left for the next call to meet, which is due at once.
// At most `limit` things, 0: all; in the order of their times, whatever they are, so that no kind keeps another waiting.
RunResult run_due(Database& database, std::int64_t limit);

}  // namespace kith
