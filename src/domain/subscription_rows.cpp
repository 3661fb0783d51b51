#include "domain/subscription_rows.h"

#include "base/deadline.h"
#include "base/json.h"

namespace kith {

namespace {

void append_pair(std::string& data, std::string_view key, std::string_view value) {
  data += data.size() > 1 ? ",\"" : "\"";
  data += key;
  data += "\":";
  append_json_text(data, value);
}

}  // namespace

Standing stored_standing(Operation& op, std::int64_t lead, std::int64_t list) {
  Standing standing;
  Statement row = op.db.query(
      "SELECT state, since, own, lapses, lapses_to, event_id FROM subscription WHERE lead_id = $1 AND list_id = $2", lead, list);
  if (!row.step()) return standing;
  standing.state = state_of(row.text(0));
  standing.since = row.integer(1);
  standing.own = row.integer(2) != 0;
  standing.lapses = row.optional_integer(3);
  if (!row.is_null(4)) standing.lapses_to = state_of(row.text(4));
  standing.event = row.integer(5);
  return standing;
}

Standing standing_on(Operation& op, std::int64_t lead, std::int64_t list) {
  Standing standing = stored_standing(op, lead, list);
  if (standing.lapses && *standing.lapses <= op.now) {
    standing.state = standing.lapses_to;
    standing.lapses.reset();
    standing.own = false;
  }
  return standing;
}

void change_standing(Operation& op, std::int64_t lead, std::int64_t list, SubscriptionState from, const Standing& to, std::string_view via) {
  if (to.state == SubscriptionState::none) {
    op.db.run("DELETE FROM subscription WHERE lead_id = $1 AND list_id = $2", lead, list);
  } else {
    std::optional<std::string_view> lapses_to;
    if (to.lapses_to != SubscriptionState::none) lapses_to = state_name(to.lapses_to);
    op.db.run(
        "INSERT INTO subscription (lead_id, list_id, state, since, via, own, lapses, lapses_to, event_id) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (lead_id, list_id) DO UPDATE SET state = excluded.state, "
        "since = excluded.since, via = excluded.via, own = excluded.own, lapses = excluded.lapses, lapses_to = excluded.lapses_to, "
        "event_id = excluded.event_id",
        lead, list, state_name(to.state), to.since, via, to.own ? 1 : 0, to.lapses, lapses_to, to.event);
  }
  if (from == to.state) return;
  if (from != SubscriptionState::none) op.sets.remove(subscription_set(list, from), lead);
  if (to.state != SubscriptionState::none) op.sets.add(subscription_set(list, to.state), lead);
}

void lapse_now(Operation& op, std::int64_t lead, std::int64_t list, Standing& standing) {
  ListAct act{.act = ConsentAct::lapse, .via = "time"};
  std::string data = act_json(act, SubscriptionState::pending, standing.lapses_to);
  Event event;
  event.lead = lead;
  event.kind = static_cast<std::int64_t>(EventKind::subscription_lapsed);
  event.subject_id = list;
  event.data = data;
  event.at = op.now;
  Standing after = standing_after_lapse(op, standing.lapses_to);
  after.event = op.events.record(event);
  change_standing(op, lead, list, SubscriptionState::pending, after, "time");
  standing = after;
}

Standing standing_after_lapse(Operation& op, SubscriptionState to) {
  Standing after;
  after.state = to;
  after.since = op.now;
  // What it falls back to was the lead's own before, if it was to leave.
  after.own = to == SubscriptionState::unsubscribed || to == SubscriptionState::complained;
  return after;
}

EventKind event_of(SubscriptionState state) {
  switch (state) {
    case SubscriptionState::pending: return EventKind::subscription_pending;
    case SubscriptionState::subscribed: return EventKind::subscription_subscribed;
    case SubscriptionState::unsubscribed: return EventKind::subscription_unsubscribed;
    case SubscriptionState::bounced: return EventKind::subscription_bounced;
    case SubscriptionState::complained: return EventKind::subscription_complained;
    case SubscriptionState::none: break;
  }
  return EventKind::subscription_lapsed;
}

std::string act_json(const ListAct& act, SubscriptionState from, SubscriptionState to) {
  std::string data = "{";
  append_pair(data, "via", act.via);
  append_pair(data, "from", state_name(from));
  append_pair(data, "to", state_name(to));
  if (!act.consent.empty()) append_pair(data, "consent", act.consent);
  if (!act.reason.empty()) append_pair(data, "reason", act.reason);
  return data + "}";
}

std::string ask_json(const ListAct& act, std::string_view purpose, std::string_view list) {
  std::string data = "{";
  append_pair(data, "purpose", purpose);
  append_pair(data, "list", list);
  append_pair(data, "via", act.via);
  if (!act.consent.empty()) append_pair(data, "consent", act.consent);
  return data + "}";
}

std::optional<Millis> lapse_time(const List& list, Millis now) {
  if (list.lapse_after <= 0) return std::nullopt;
  return deadline(now, list.lapse_after);
}

Standing standing_after(Operation& op, const List& list, const ListAct& act, const Effect& effect, SubscriptionState from) {
  Standing after;
  after.state = effect.to;
  after.since = op.at();
  after.own = is_own_act(act.act);
  if (effect.to == SubscriptionState::pending) {
    // From the present on, whenever the act was: the lead is asked now.
    after.lapses = lapse_time(list, op.now);
    if (from != SubscriptionState::none) after.lapses_to = from;
    after.own = false;
  }
  return after;
}

bool bulk_passes_over(const ListAct& act, const List& list, SubscriptionState from) {
  return from == SubscriptionState::none && !subscribes(act.act) && list.opt_in != OptIn::out;
}

}  // namespace kith
