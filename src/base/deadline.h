// When what lasts for a time is over. The times themselves, and their limits, are time.h's.
#pragma once

#include "base/time.h"

namespace kith {

// `length` after `from`, but never later than the latest time that Kith takes. `from` is earliest_time or later.
constexpr Millis deadline(Millis from, Millis length) {
  return from >= latest_time || length >= latest_time - from ? latest_time : from + length;
}

}  // namespace kith
