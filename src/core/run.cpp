#include "core/run.h"

#include <algorithm>
#include <optional>

#include "core/erasure.h"
#include "domain/pauses.h"
#include "domain/subscriptions.h"
#include "domain/tags.h"

namespace kith {

namespace {

constexpr std::int64_t batch = 1000;
constexpr Millis erasure_retry = 10'000;  // while a reader holds pages of somebody who is erased

// A kind of work that becomes due: doing at most so much of it, and when the next is due.
struct DueWork {
  std::int64_t (*run)(Operation& op, std::int64_t limit);
  std::optional<Millis> (*next)(Operation& op);
};

constexpr DueWork all_work[] = {
    {expire_tags, next_tag_expiry},
    {lapse_subscriptions, next_lapse},
    {end_pauses, next_pause_end},
};

}  // namespace

RunResult run_due(Database& database, std::int64_t limit) {
  RunResult result;
  for (const DueWork& work : all_work) {
    while (limit == 0 || result.done < limit) {
      std::int64_t most = limit == 0 ? batch : std::min(batch, limit - result.done);
      std::int64_t done = database.write({}, {}, [&](Operation& op, const Extras&) { return work.run(op, most); });
      result.done += done;
      if (done < most) break;
    }
  }
  database.read([&](Operation& op) {
    for (const DueWork& work : all_work) {
      std::optional<Millis> next = work.next(op);
      if (next && (result.next == 0 || *next < result.next)) result.next = *next;
    }
  });
  if (!finish_erasures(database)) {
    Millis again = database.now() + erasure_retry;
    if (result.next == 0 || again < result.next) result.next = again;
  }
  database.checkpoint_if_idle();
  return result;
}

}  // namespace kith
