// Writing the log: events with their ids, kinds and causes, one or many. Reading it is the work of domain/activity.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/time.h"
#include "model/counters.h"
#include "model/event_kinds.h"
#include "model/extras.h"
#include "sql/bulk_insert.h"
#include "sql/connection.h"

namespace kith {

struct Event {
  std::int64_t lead = 0;  // 0: nobody's
  std::int64_t kind = 0;
  std::int64_t subject_id = 0;    // the tag, list ... that it is about; 0: none
  std::string_view data = {};     // JSON; "" for none
  std::string_view subject = {};  // the host's own subject
  Millis at = 0;                  // 0: the act's
  std::int64_t cause = 0;         // 0: the act's
  // NULL: the act's.
  const std::string_view* by = nullptr;
  const std::string_view* ip = nullptr;
};

class EventLog {
 public:
  EventLog(Connection& db, Counters& counters, EventKinds& kinds, Millis now, const Act& act)
      : db_(db), counters_(counters), kinds_(kinds), now_(now), act_(act) {}

  // Its id.
  std::int64_t record(const Event& event);
  std::int64_t record(EventKind kind, std::int64_t lead, std::int64_t subject_id = 0, std::string_view data = {}) {
    Event event;
    event.lead = lead;
    event.kind = static_cast<std::int64_t>(kind);
    event.subject_id = subject_id;
    event.data = data;
    return record(event);
  }
  // Many: they are written in the order of their leads, and ids follow that order; ids[i] is that of events[i].
  void record_many(std::span<const Event> events, std::int64_t* ids);
  // The same, in the order in which they stand: the id of the first, the others follow.
  std::int64_t record_in_order(std::span<const Event> events);
  // One event each for leads in ascending order, all else alike: the id of the first, the others follow.
  std::int64_t record_each(EventKind kind, std::span<const std::int64_t> leads, std::int64_t subject_id,
                           std::string_view data);

  EventKinds& kinds() { return kinds_; }
  std::int64_t recorded() const { return recorded_; }

 private:
  template <class Sink>
  void write(Sink sink, const Event& event, std::int64_t id);

  Connection& db_;
  Counters& counters_;
  EventKinds& kinds_;
  Millis now_;
  const Act& act_;
  std::int64_t recorded_ = 0;
};

// INVALID for a cause that has not happened, or happened after `at`; 0: now.
void check_cause(Connection& db, Counters& counters, std::int64_t cause, Millis at);
// The lead of event `id`; nullopt: no such event.
std::optional<std::int64_t> lead_of_event(Connection& db, std::int64_t id);

}  // namespace kith
