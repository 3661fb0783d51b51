// Acts on lists for many leads at once: sorted by state with the stored sets, then a statement of rows a group. Also
// what the runner does, and the ends of leads and lists.
#include <map>
#include <span>
#include <unordered_map>

#include "base/json.h"
#include "domain/subscription_rows.h"
#include "domain/suppression.h"
#include "model/due.h"
#include "model/id_batches.h"
#include "sql/bulk_insert.h"

namespace kith {

namespace {

constexpr SubscriptionState all_states[] = {SubscriptionState::none,         SubscriptionState::pending, SubscriptionState::subscribed,
                                            SubscriptionState::unsubscribed, SubscriptionState::bounced, SubscriptionState::complained};

// "list_id = $1 AND lead_id IN (the ids in $2)".
SqlText of_list_and_leads() { return SqlText("list_id = $1 AND lead_id IN (") + Dialect::id_list(2) + ")"; }

void delete_subscriptions(Operation& op, const LeadSet& leads, std::int64_t list) {
  SqlText text = SqlText("DELETE FROM subscription WHERE ") + of_list_and_leads();
  in_batches(leads, [&](std::string_view ids) { op.db.run(text, list, ids); });
}

// Rows of one state for leads in ascending order; `event_at` says by which event each.
template <class EventAt>
void insert_subscriptions(Operation& op, std::span<const std::int64_t> leads, std::int64_t list, const Standing& standing, std::string_view via,
                          EventAt event_at) {
  BulkInsert insert(op.db, SqlText("subscription (lead_id, list_id, state, since, via, own, lapses, lapses_to, event_id)"), 9);
  std::optional<std::string_view> lapses_to;
  if (standing.lapses_to != SubscriptionState::none) lapses_to = state_name(standing.lapses_to);
  for (std::size_t i = 0; i < leads.size(); ++i) {
    insert << leads[i] << list << state_name(standing.state) << standing.since << via << (standing.own ? 1 : 0) << standing.lapses << lapses_to << event_at(i);
  }
  insert.finish();
}

struct Due {
  std::int64_t lead, list;
  SubscriptionState to;
};

SubscriptionState state_in(const Statement& row, int column) { return row.is_null(column) ? SubscriptionState::none : state_of(row.text(column)); }

// As lapse_now does it for one: the log in the order given, then a group for each list and state.
void lapse_all(Operation& op, const std::vector<Due>& due) {
  ListAct act{.act = ConsentAct::lapse, .via = "time"};
  std::string data[subscription_states];
  std::vector<Event> events;
  std::map<std::pair<std::int64_t, SubscriptionState>, std::map<std::int64_t, std::size_t>> groups;  // of a lead: which of the events
  for (const Due& one : due) {
    std::string& text = data[static_cast<std::size_t>(one.to)];
    if (text.empty()) text = act_json(act, SubscriptionState::pending, one.to);
    groups[{one.list, one.to}][one.lead] = events.size();
    Event event;
    event.lead = one.lead;
    event.kind = static_cast<std::int64_t>(EventKind::subscription_lapsed);
    event.subject_id = one.list;
    event.at = op.now;
    events.push_back(event);
  }
  for (std::size_t i = 0; i < events.size(); ++i) events[i].data = data[static_cast<std::size_t>(due[i].to)];
  std::int64_t first = op.events.record_in_order(events);
  for (const auto& [group, places] : groups) {
    auto [list, to] = group;
    LeadSet leads;
    std::vector<std::int64_t> ids, recorded;
    for (const auto& [lead, place] : places) {
      leads.add(lead);
      ids.push_back(lead);
      recorded.push_back(first + static_cast<std::int64_t>(place));
    }
    delete_subscriptions(op, leads, list);
    op.sets.remove_all(subscription_set(list, SubscriptionState::pending), leads);
    if (to == SubscriptionState::none) continue;
    insert_subscriptions(op, ids, list, standing_after_lapse(op, to), act.via, [&](std::size_t i) { return recorded[i]; });
    op.sets.add_all(subscription_set(list, to), leads);
  }
}

void lapse_among(Operation& op, const LeadSet& leads, std::int64_t list) {
  std::vector<Due> due;
  {
    Statement rows = op.db.query("SELECT lead_id, lapses_to FROM subscription WHERE lapses <= $1 AND list_id = $2", op.now, list);
    while (rows.step()) {
      if (leads.contains(rows.integer(0))) due.push_back({rows.integer(0), list, state_in(rows, 1)});
    }
  }
  lapse_all(op, due);
}

// One act on the leads of one state.
class Group {
 public:
  Group(Operation& op, const List& list, const ListAct& act, SubscriptionState from, const Effect& effect)
      : op_(op), list_(list), act_(act), from_(from), effect_(effect) {}

  // Who changed, among `leads`.
  LeadSet run(LeadSet leads) {
    if (effect_.moves && subscribes(act_.act) && strictness(from_) > strictness(SubscriptionState::pending)) leads -= later(leads);
    LeadSet changed;
    std::vector<std::int64_t> ids = ids_of(leads);
    if (ids.empty()) return changed;
    std::int64_t first = 0;
    if (effect_.moves) {
      first = move(leads, ids);
      changed = leads;
    } else if (effect_.consented) {
      op_.events.record_each(EventKind::subscription_consented, ids, list_.id, act_json(act_, from_, from_));
      changed = leads;
    }
    if (effect_.confirm) ask(leads, ids, first, changed);
    if (effect_.welcome && act_.welcome) {
      ask_for(EventKind::subscription_welcome_wanted, ids, first, ask_json(act_, "welcome", list_.name));
    }
    return changed;
  }

 private:
  // Those whose state is younger than the act.
  LeadSet later(const LeadSet& leads) {
    LeadSet found;
    if (op_.at() >= op_.now) return found;
    SqlText text = SqlText("SELECT lead_id FROM subscription WHERE since > $3 AND ") + of_list_and_leads();
    in_batches(leads, [&](std::string_view ids) {
      Statement rows = op_.db.query(text, list_.id, ids, op_.at());
      while (rows.step()) found.add(rows.integer(0));
    });
    return found;
  }

  std::int64_t move(const LeadSet& leads, const std::vector<std::int64_t>& ids) {
    std::int64_t first = op_.events.record_each(event_of(effect_.to), ids, list_.id, act_json(act_, from_, effect_.to));
    Standing after = standing_after(op_, list_, act_, effect_, from_);
    if (from_ != SubscriptionState::none) {
      delete_subscriptions(op_, leads, list_.id);
      op_.sets.remove_all(subscription_set(list_.id, from_), leads);
    }
    insert_subscriptions(op_, ids, list_.id, after, act_.via, [&](std::size_t i) { return first + static_cast<std::int64_t>(i); });
    op_.sets.add_all(subscription_set(list_.id, after.state), leads);
    return first;
  }

  // An event each, caused by the one that moved the lead. The id of the first.
  std::int64_t ask_for(EventKind kind, const std::vector<std::int64_t>& ids, std::int64_t cause, const std::string& data) {
    std::vector<Event> events(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
      events[i].lead = ids[i];
      events[i].kind = static_cast<std::int64_t>(kind);
      events[i].subject_id = list_.id;
      events[i].data = data;
      events[i].cause = cause == 0 ? 0 : cause + static_cast<std::int64_t>(i);
    }
    std::vector<std::int64_t> recorded(ids.size());
    op_.events.record_many(events, recorded.data());
    return recorded.front();
  }

  void ask(const LeadSet& leads, const std::vector<std::int64_t>& ids, std::int64_t first, LeadSet& changed) {
    struct Asked {
      std::int64_t on_list = 0, in_all = 0;
    };
    std::unordered_map<std::int64_t, Asked> asked;
    Millis oldest = op_.now - std::max(list_.confirm_period, one_day);
    SqlText text = SqlText("SELECT lead_id, list_id, at FROM confirm_wanted WHERE at > $1 AND lead_id IN (") + Dialect::id_list(2) + ")";
    in_batches(leads, [&](std::string_view some) {
      Statement rows = op_.db.query(text, oldest, some);
      while (rows.step()) {
        Asked& one = asked[rows.integer(0)];
        if (rows.integer(1) == list_.id && rows.integer(2) > op_.now - list_.confirm_period) ++one.on_list;
        if (rows.integer(2) > op_.now - one_day) ++one.in_all;
      }
    });
    std::vector<std::int64_t> wanted;
    std::vector<Event> events;
    std::string data = ask_json(act_, "confirm", list_.name);
    for (std::size_t i = 0; i < ids.size(); ++i) {
      auto known = asked.find(ids[i]);
      if (known != asked.end() && (known->second.on_list >= list_.confirm_limit ||
                                   known->second.in_all >= std::max(list_.confirm_limit, confirm_most_a_day))) {
        continue;
      }
      Event event;
      event.lead = ids[i];
      event.kind = static_cast<std::int64_t>(EventKind::subscription_confirm_wanted);
      event.subject_id = list_.id;
      event.data = data;
      event.cause = first == 0 ? 0 : first + static_cast<std::int64_t>(i);
      events.push_back(event);
      wanted.push_back(ids[i]);
    }
    if (wanted.empty()) return;
    std::vector<std::int64_t> recorded(wanted.size());
    op_.events.record_many(events, recorded.data());
    BulkInsert insert(op_.db, SqlText("confirm_wanted (lead_id, list_id, at, event_id)"), 4);
    LeadSet again;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      insert << wanted[i] << list_.id << op_.now << recorded[i];
      again.add(wanted[i]);
    }
    insert.finish();
    if (!effect_.moves && from_ == SubscriptionState::pending) {
      std::optional<Millis> lapses = lapse_time(list_, op_.now);
      SqlText update = SqlText("UPDATE subscription SET lapses = CASE WHEN lapses IS NULL THEN NULL ELSE $3 END WHERE ") + of_list_and_leads();
      in_batches(again, [&](std::string_view some) { op_.db.run(update, list_.id, some, lapses); });
    }
    changed |= again;
  }

  Operation& op_;
  const List& list_;
  const ListAct& act_;
  SubscriptionState from_;
  const Effect& effect_;
};

std::int64_t act_on_many(Operation& op, const LeadSet& leads, const List& list, const ListAct& act, PassedOver* passed_over) {
  lapse_among(op, leads, list.id);
  LeadSet groups[subscription_states];
  groups[0] = leads;
  for (SubscriptionState state : all_states) {
    if (state == SubscriptionState::none) continue;
    LeadSet& group = groups[static_cast<std::size_t>(state)];
    group = op.sets.load(subscription_set(list.id, state));
    group &= leads;
    groups[0] -= group;
  }
  LeadSet affected;
  const Effect* effects[subscription_states] = {};
  for (SubscriptionState state : all_states) {
    auto place = static_cast<std::size_t>(state);
    const Effect& effect = effect_of(act.act, list.opt_in, state);
    bool brings_back = subscribes(act.act) && effect.moves && strictness(state) > strictness(SubscriptionState::pending);
    bool nothing = effect.refused || (!effect.moves && !effect.confirm && !effect.consented);
    if (nothing || bulk_passes_over(act, list, state)) continue;
    // Wording for all is proof for nobody in particular.
    if (brings_back || effect.consented) continue;
    effects[place] = &effect;
    affected |= groups[place];
  }
  LeadSet suppressed;
  if (subscribes(act.act)) suppressed = suppressed_among(op, affected, list);
  if (passed_over != nullptr) passed_over->suppressed = suppressed;
  std::int64_t changed = 0;
  for (SubscriptionState state : all_states) {
    auto place = static_cast<std::size_t>(state);
    if (passed_over != nullptr && strictness(state) > strictness(SubscriptionState::pending)) passed_over->by_state[place] = groups[place];
    if (effects[place] == nullptr) continue;
    groups[place] -= suppressed;
    LeadSet done = Group(op, list, act, state, *effects[place]).run(std::move(groups[place]));
    changed += done.size();
    if (passed_over != nullptr && effects[place]->moves) passed_over->by_state[place] -= done;
  }
  return changed;
}

}  // namespace

std::string_view PassedOver::why(std::int64_t lead) const {
  for (SubscriptionState state : all_states) {
    if (by_state[static_cast<std::size_t>(state)].contains(lead)) return state_name(state);
  }
  return suppressed.contains(lead) ? "suppressed" : "";
}

std::int64_t subscribe_all(Operation& op, const LeadSet& leads, std::int64_t list, const SubscribeAct& act, PassedOver* passed_over) {
  return act_on_many(op, leads, load_list(op, list), act, passed_over);
}

std::int64_t unsubscribe_all(Operation& op, const LeadSet& leads, std::int64_t list, const ListAct& act) {
  return act_on_many(op, leads, load_list(op, list), act, nullptr);
}

std::int64_t lapse_subscriptions(Operation& op, std::int64_t limit) {
  std::vector<Due> due;
  {
    Statement rows = op.db.query(
        "SELECT lead_id, list_id, lapses_to FROM subscription WHERE lapses <= $1 ORDER BY lapses, lead_id, list_id LIMIT $2", op.now, limit);
    while (rows.step()) due.push_back({rows.integer(0), rows.integer(1), state_in(rows, 2)});
  }
  lapse_all(op, due);
  return static_cast<std::int64_t>(due.size());
}

std::vector<Millis> lapses(Operation& op, std::int64_t limit) { return earliest(op, "subscription", "lapses", limit); }

void end_subscriptions(Operation& op, std::int64_t list, std::string_view name) {
  for (SubscriptionState state : all_states) {
    if (state == SubscriptionState::none) continue;
    SetKey key = subscription_set(list, state);
    LeadSet leads = op.sets.load(key);
    std::vector<std::int64_t> ids = ids_of(leads);
    std::string data = "{\"list\":";
    append_json_text(data, name);
    data += ",\"from\":";
    append_json_text(data, state_name(state));
    data += '}';
    op.events.record_each(EventKind::subscription_removed, ids, list, data);
    delete_subscriptions(op, leads, list);
    op.sets.drop(key);
  }
  op.db.run("DELETE FROM pause WHERE list_id = $1", list);
  op.db.run("DELETE FROM confirm_wanted WHERE list_id = $1", list);
}

}  // namespace kith
