#include "core/erasure.h"

#include <algorithm>

#include "base/failure.h"
#include "base/hash.h"
#include "domain/erase.h"
#include "domain/leads.h"
#include "model/write_key.h"

namespace kith {

namespace {

constexpr int most_wait_ms = 250;  // for readers that are about to end

}  // namespace

ErasureResult erase(Database& database, std::string_view lead, std::span<const Given> with) {
  ErasureResult result;
  result.event = database.write(with, {"suppress"}, [&](Operation& op, const Extras& extras) {
    // The host's key may tell who it was, so of it, too, only the hash stays.
    std::string key = op.act.key.empty() ? std::string() : sha256_hex(op.act.key);
    if (!key.empty()) {
      if (std::optional<KeyedAnswer> known = answer_of_key(op, "erase", key)) {
        std::int64_t other = find_lead(op, lead);
        if (other != 0 && other != known->lead) key_is_of_lead(op.act.key, known->lead);
        return known->event;
      }
    }
    std::int64_t id = lead_to_erase(op, lead);
    std::int64_t event = erase_lead(op, id, extras.flag("suppress"));
    if (!key.empty()) remember_key(op, "erase", key, {id, event, 0, {}});
    return event;
  });
  try {
    result.pending = !finish_erasures(database);
  } catch (...) {
    result.pending = true;  // the lead is erased; what hinders the rest, be it memory, will say so to a run
  }
  return result;
}

bool finish_erasures(Database& database) {
  std::string pending = database.read([](Operation& op) { return pending_erasure(op); });
  if (pending.empty()) return true;
  int wait = std::clamp(database.settings().file.busy_ms, 0, most_wait_ms);
  if (!database.alone_if_idle([&](Connection& connection) { return connection.empty_log(wait); }).value_or(false)) return false;
  try {
    database.write({}, {}, [&](Operation& op, const Extras&) {
      erasure_is_done(op, pending);
      return 0;
    });
  } catch (const Failure& failure) {
    if (failure.status() != Status::busy) throw;
    return false;  // it is done, and a later call will say so
  }
  return true;
}

}  // namespace kith
