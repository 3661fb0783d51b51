#include "core/run.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/erasure.h"
#include "domain/pauses.h"
#include "domain/subscriptions.h"
#include "domain/tags.h"

namespace kith {

namespace {

constexpr std::int64_t batch = 1000;
constexpr Millis erasure_retry = 10'000;  // while a reader holds pages of somebody who is erased

// A kind of work that becomes due: doing so much of it, the earliest first, and when the next ones are due.
struct DueWork {
  std::int64_t (*run)(Operation& op, std::int64_t limit);
  std::vector<Millis> (*times)(Operation& op, std::int64_t limit);
};

constexpr DueWork all_work[] = {
    {expire_tags, tag_expiries},
    {lapse_subscriptions, lapses},
    {end_pauses, pause_ends},
};

// What is due, at most `limit` of it, in the order of time: of one time in the order of the kinds.
std::vector<const DueWork*> due_now(Operation& op, std::int64_t limit) {
  std::vector<std::pair<Millis, const DueWork*>> due;
  for (const DueWork& work : all_work) {
    for (Millis time : work.times(op, limit)) {
      if (time <= op.now) due.emplace_back(time, &work);
    }
  }
  std::sort(due.begin(), due.end());
  std::vector<const DueWork*> order;
  for (const auto& [time, work] : due) order.push_back(work);
  if (order.size() > static_cast<std::size_t>(limit)) order.resize(static_cast<std::size_t>(limit));
  return order;
}

std::int64_t run_batch(Operation& op, std::int64_t limit) {
  std::vector<const DueWork*> order = due_now(op, limit);
  std::int64_t done = 0;
  for (std::size_t from = 0, to = 0; from < order.size(); from = to) {
    while (to < order.size() && order[to] == order[from]) ++to;
    done += order[from]->run(op, static_cast<std::int64_t>(to - from));
  }
  return done;
}

void run_all(Database& database, std::int64_t limit, RunResult& result, Millis& now) {
  while (limit == 0 || result.done < limit) {
    std::int64_t most = limit == 0 ? batch : std::min(batch, limit - result.done);
    std::int64_t done = database.write({}, {}, [&](Operation& op, const Extras&) {
      now = op.now;
      return run_batch(op, most);
    });
    result.done += done;
    if (done < most) break;
  }
  database.read([&](Operation& op) {
    now = op.now;
    for (const DueWork& work : all_work) {
      std::vector<Millis> next = work.times(op, 1);
      if (!next.empty() && (result.next == 0 || next[0] < result.next)) result.next = next[0];
    }
  });
  if (!finish_erasures(database)) {
    Millis again = now + erasure_retry;
    if (result.next == 0 || again < result.next) result.next = again;
  }
  database.checkpoint_if_idle();
}

}  // namespace

RunResult run_due(Database& database, std::int64_t limit) {
  RunResult result;
  Millis now = 0;
  try {
    run_all(database, limit, result, now);
  } catch (...) {
    // What was done stays done, and is to be told; what hinders the rest will say so to the next call.
    if (result.done == 0 || database.transaction_is_lost()) throw;
    result.next = now;
  }
  return result;
}

}  // namespace kith
