// One call's work on the file: the connection, what is known of kinds, ids, sets and the log, the time, and who
// acts. Every domain function takes it first. It outlives no call.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/time.h"
#include "model/counters.h"
#include "model/event_log.h"
#include "model/extras.h"
#include "model/kind.h"
#include "model/set_store.h"
#include "sql/connection.h"

namespace kith {

class Operation {
 public:
  Operation(Connection& connection, Registry& registry, Counters& counters, EventKinds& event_kinds,
            Random& randomness, Millis clock, const Act& acting)
      : db(connection), kinds(registry), ids(counters), sets(connection, counters),
        events(connection, counters, event_kinds, clock, acting), random(randomness), now(clock), act(acting) {}

  Connection& db;
  Registry& kinds;
  Counters& ids;
  SetStore sets;
  EventLog events;
  Random& random;
  const Millis now;
  const Act& act;

  Millis at() const { return act.at == 0 ? now : act.at; }
};

}  // namespace kith
