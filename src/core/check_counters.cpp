// The counters that ids come from must be past every id that there is.
#include "base/failure.h"
#include "core/check.h"

namespace kith {

namespace {

struct Source {
  Literal counter;
  Literal largest;  // SQL for the largest id that it can have given
};

constexpr Source sources[] = {
    {"lead", "SELECT MAX(i.id) FROM (SELECT MAX(id) AS id FROM lead UNION ALL SELECT MAX(id) AS id FROM lead_gone) AS i"},
    {"event", "SELECT MAX(id) FROM event"},
    {"event_kind", "SELECT MAX(id) - 999 FROM event_kind WHERE id >= 1000"},
    {"tag", "SELECT MAX(id) FROM tag"},
    {"category", "SELECT MAX(id) FROM category"},
    {"list", "SELECT MAX(id) FROM list"},
    {"field", "SELECT MAX(id) FROM field"},
    {"note", "SELECT MAX(id) FROM note"},
    {"lead_email", "SELECT MAX(id) FROM lead_email"},
    {"suppression", "SELECT MAX(id) FROM suppression"},
    {"token", "SELECT MAX(id) FROM token"},
};

}  // namespace

void check_counters(Operation& op, Faults& faults) {
  for (const Source& source : sources) {
    std::int64_t largest = 0;
    {
      Statement row = op.db.prepare(source.largest);
      if (row.step()) largest = row.integer(0);
    }
    std::int64_t last = op.ids.stored(source.counter);
    if (last >= largest && last <= Counters::most) continue;
    std::string fault = last < largest ? fmt::format("stands at {}, and the id {} is there", last, largest)
                                       : fmt::format("stands at {}, and ids are below 2^53", last);
    if (faults.derived("counter", source.counter.view(), fault)) op.ids.set(source.counter, largest);
  }
}

}  // namespace kith
