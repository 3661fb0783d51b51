// Two leads become one: what they were on lists, their pauses and what was counted of them.
#include "domain/pauses.h"
#include "domain/subscription_rows.h"

namespace kith {

namespace {

// Whether the absorbed lead's standing is the one that counts.
bool absorbed_wins(const Standing& survivor, const Standing& absorbed) {
  if (survivor.state == SubscriptionState::none) return true;
  if (survivor.own != absorbed.own) return absorbed.own;
  if (survivor.own && survivor.since != absorbed.since) return absorbed.since > survivor.since;
  return strictness(absorbed.state) > strictness(survivor.state);
}

}  // namespace

void lapse_due_of(Operation& op, std::int64_t lead) {
  std::vector<std::int64_t> lists;
  {
    Statement rows = op.db.query("SELECT list_id FROM subscription WHERE lead_id = $1 AND lapses <= $2 ORDER BY list_id", lead, op.now);
    while (rows.step()) lists.push_back(rows.integer(0));
  }
  for (std::int64_t list : lists) {
    Standing standing = stored_standing(op, lead, list);
    lapse_now(op, lead, list, standing);
  }
}

void merge_subscriptions(Operation& op, std::int64_t survivor, std::int64_t absorbed, std::int64_t cause) {
  for (std::int64_t lead : {survivor, absorbed}) lapse_due_of(op, lead);
  struct Row {
    std::int64_t list;
    std::string via;
  };
  std::vector<Row> rows;
  {
    Statement found = op.db.query("SELECT list_id, via FROM subscription WHERE lead_id = $1", absorbed);
    while (found.step()) rows.push_back({found.integer(0), std::string(found.text(1))});
  }
  for (const Row& row : rows) {
    Standing other = stored_standing(op, absorbed, row.list);
    Standing ours = stored_standing(op, survivor, row.list);
    Standing gone;
    change_standing(op, absorbed, row.list, other.state, gone, row.via);
    if (!absorbed_wins(ours, other)) continue;
    change_standing(op, survivor, row.list, ours.state, other, row.via);
    if (ours.state == SubscriptionState::none || ours.state == other.state) continue;
    ListAct act{.via = "merge"};
    std::string data = act_json(act, ours.state, other.state);
    Event event;
    event.lead = survivor;
    event.kind = static_cast<std::int64_t>(event_of(other.state));
    event.subject_id = row.list;
    event.data = data;
    event.cause = cause;
    op.events.record(event);
  }
  op.db.run("UPDATE confirm_wanted SET lead_id = $1 WHERE lead_id = $2", survivor, absorbed);
  op.db.run("UPDATE soft_bounce SET lead_id = $1 WHERE lead_id = $2", survivor, absorbed);
  merge_pauses(op, survivor, absorbed);
}

}  // namespace kith
