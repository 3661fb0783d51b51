// Rows that must fit themselves: states with what belongs to them, hashes with what they were made from, counted bounces
// with the events that were counted.
#include <vector>

#include "base/failure.h"
#include "core/check.h"
#include "domain/suppression.h"

namespace kith {

namespace {

void check_subscriptions(Operation& op, Faults& faults) {
  {
    Statement rows = op.db.prepare("SELECT lead_id, list_id, state FROM subscription WHERE state NOT IN "
                                   "('pending', 'subscribed', 'unsubscribed', 'bounced', 'complained') ORDER BY lead_id, list_id");
    while (rows.step()) {
      faults.add("state", fmt::format("lead {} list {}", rows.integer(0), rows.integer(1)), fmt::format("{} is no state", rows.text(2)));
    }
  }
  // The runner ends what lapses, whatever its state.
  std::int64_t count = 0;
  {
    Statement row = op.db.prepare("SELECT COUNT(*) FROM subscription WHERE lapses IS NOT NULL AND state <> 'pending'");
    if (row.step()) count = row.integer(0);
  }
  if (count == 0) return;
  if (!faults.derived("state", "subscription", fmt::format("{} that are not pending would lapse", count))) return;
  op.db.run("UPDATE subscription SET lapses = NULL, lapses_to = NULL WHERE lapses IS NOT NULL AND state <> 'pending'");
}

// A bounce counts by its event; one without such an event would suppress an address that nothing is known of.
void check_soft_bounces(Operation& op, Faults& faults) {
  struct Row {
    std::int64_t lead, event;
  };
  std::vector<Row> strays;
  {
    Statement rows = op.db.query(
        "SELECT b.lead_id, b.event_id FROM soft_bounce b LEFT JOIN event e ON e.id = b.event_id "
        "WHERE e.id IS NULL OR e.kind_id <> $1 OR e.lead_id <> b.lead_id ORDER BY b.lead_id, b.event_id",
        static_cast<std::int64_t>(EventKind::subscription_soft_bounced));
    while (rows.step()) strays.push_back({rows.integer(0), rows.integer(1)});
  }
  for (const Row& row : strays) {
    if (!faults.derived("state", fmt::format("soft_bounce of lead {}", row.lead), fmt::format("event {} is no soft bounce of the lead", row.event))) continue;
    op.db.run("DELETE FROM soft_bounce WHERE lead_id = $1 AND event_id = $2", row.lead, row.event);
  }
}

void check_suppressions(Operation& op, Faults& faults) {
  Statement rows = op.db.prepare("SELECT id, target_hash, target, channel, reason FROM suppression WHERE target IS NOT NULL ORDER BY id");
  while (rows.step()) {
    std::string place = fmt::format("suppression {}", rows.integer(0));
    std::string hash;
    try {
      hash = suppression_target(rows.text(2), "target").hash;
    } catch (const Failure&) {
      faults.add("state", place, "its target is no address, domain or phone");
      continue;
    }
    if (hash == rows.text(1)) continue;
    bool taken = op.db.query("SELECT 1 FROM suppression WHERE target_hash = $1 AND channel = $2 AND reason = $3", hash, rows.text(3), rows.text(4)).step();
    if (taken) {
      faults.add("state", place, "its hash is of something else, and its target is suppressed already");
    } else if (faults.derived("state", place, "its hash is of something else")) {
      op.db.run("UPDATE suppression SET target_hash = $2 WHERE id = $1", rows.integer(0), hash);
    }
  }
}

}  // namespace

void check_states(Operation& op, Faults& faults) {
  check_subscriptions(op, faults);
  check_soft_bounces(op, faults);
  check_suppressions(op, faults);
  if (!op.db.prepare("SELECT 1 FROM setting WHERE name = 'file_id'").step()) faults.add("state", "setting", "the file has lost its file_id");
}

}  // namespace kith
