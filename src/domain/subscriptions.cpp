#include "domain/subscriptions.h"

#include "base/failure.h"
#include "base/text.h"
#include "domain/subscription_rows.h"
#include "domain/suppression.h"

namespace kith {

namespace {

// Whether the lead may be asked once more to confirm; what no limit counts any longer goes.
bool may_ask(Operation& op, std::int64_t lead, const List& list) {
  std::int64_t on_list = 0;
  std::int64_t in_all = 0;
  {
    Statement rows = op.db.query("SELECT list_id, at FROM confirm_wanted WHERE lead_id = $1", lead);
    while (rows.step()) {
      if (rows.integer(0) == list.id && rows.integer(1) > op.now - list.confirm_period) ++on_list;
      if (rows.integer(1) > op.now - one_day) ++in_all;
    }
  }
  return on_list < list.confirm_limit && in_all < std::max(list.confirm_limit, confirm_most_a_day);
}

std::int64_t record_ask(Operation& op, EventKind kind, std::int64_t lead, const List& list, std::string_view data, std::int64_t cause) {
  Event event;
  event.lead = lead;
  event.kind = static_cast<std::int64_t>(kind);
  event.subject_id = list.id;
  event.data = data;
  event.cause = cause;
  return op.events.record(event);
}

// The event of the ask, 0 when the limit is reached.
std::int64_t ask_to_confirm(Operation& op, std::int64_t lead, const List& list, const ListAct& act, std::int64_t cause) {
  if (!may_ask(op, lead, list)) return 0;
  op.db.run("DELETE FROM confirm_wanted WHERE lead_id = $1 AND list_id = $2 AND at <= $3", lead, list.id,
            op.now - std::max(list.confirm_period, one_day));
  std::int64_t event = record_ask(op, EventKind::subscription_confirm_wanted, lead, list, ask_json(act, "confirm", list.name), cause);
  op.db.run("INSERT INTO confirm_wanted (lead_id, list_id, at, event_id) VALUES ($1, $2, $3, $4)", lead, list.id, op.now, event);
  return event;
}

std::string refusal_of(const ListAct& act, const List& list, SubscriptionState state) {
  std::string_view said = state == SubscriptionState::unsubscribed ? "unsubscribed from"
                          : state == SubscriptionState::bounced    ? "bounced on"
                                                                   : "complained about";
  std::string_view way = act.act == ConsentAct::token ? "a confirmation does not bring it back: "
                         : act.act == ConsentAct::import || act.act == ConsentAct::import_confirmed || act.act == ConsentAct::automation
                             ? "imports and automations never bring one back: "
                             : "";
  return fmt::format("the lead {} {}; {}subscribe with `consent`, the wording that it agreed to since", said, shown(list.name), way);
}

}  // namespace

std::string_view limited_wording(std::string_view text, std::string_view field, std::size_t most) {
  text = trimmed(text);
  if (text.size() > most && code_points(text) > most) {
    fail(Status::limit, field, "has {} characters; at most {} are taken", code_points(text), most);
  }
  return text;
}

SubscribeAct subscribe_act(std::string_view via, std::string_view consent, bool confirmed) {
  SubscribeAct act;
  act.via = via;
  act.consent = consent = limited_wording(consent, "consent", 10000);
  if (via == "import") {
    act.act = confirmed ? ConsentAct::import_confirmed : ConsentAct::import;
    act.welcome = false;
  } else if (via == "automation") {
    act.act = ConsentAct::automation;
  } else if (via == "form" && !confirmed) {
    act.act = ConsentAct::form;
  } else if (confirmed) {
    act.act = consent.empty() ? ConsentAct::host_confirmed : ConsentAct::host_consent_confirmed;
  } else if (!consent.empty()) {
    act.act = ConsentAct::host_consent;
  }
  return act;
}

ListAct unsubscribe_act(std::string_view via, std::string_view reason) {
  return {.act = ConsentAct::unsubscribe, .via = via, .reason = limited_wording(reason, "reason", 2000)};
}

ActResult act_on_list(Operation& op, std::int64_t lead, const List& list, const ListAct& act) {
  ActResult result;
  if (act.channel && (!list.uses(*act.channel) || (list.email && list.sms))) return result;
  if (subscribes(act.act) && suppressed_on(op, lead, list)) {
    result.refusal = "the lead's address is suppressed: lift that first, with kith_unsuppress";
    return result;
  }
  Standing before = stored_standing(op, lead, list.id);
  if (before.lapses && *before.lapses <= op.now) lapse_now(op, lead, list.id, before);
  const Effect& effect = effect_of(act.act, list.opt_in, before.state);
  if (effect.refused) {
    result.refusal = refusal_of(act, list, before.state);
    return result;
  }
  bool back = subscribes(act.act) && effect.moves && strictness(before.state) > strictness(SubscriptionState::pending);
  if (back && op.at() < before.since) {
    result.refusal = fmt::format("the lead was {} on {} after that, at {}", state_name(before.state), shown(list.name), format_time(before.since));
    return result;
  }
  std::int64_t cause = act.cause;
  auto record = [&](EventKind kind, SubscriptionState to) {
    std::string data = act_json(act, before.state, to);
    return record_ask(op, kind, lead, list, data, cause);
  };
  if (effect.moves) {
    Standing after = standing_after(op, list, act, effect, before.state);
    result.event = after.event = record(event_of(effect.to), effect.to);
    change_standing(op, lead, list.id, before.state, after, act.via);
    cause = result.event;
  } else if (effect.consented) {
    result.event = record(EventKind::subscription_consented, before.state);
  }
  if (effect.confirm) {
    std::int64_t asked = ask_to_confirm(op, lead, list, act, cause);
    if (result.event == 0) result.event = asked;
    // Asked again, it has the whole time again.
    if (asked != 0 && !effect.moves && before.lapses) {
      op.db.run("UPDATE subscription SET lapses = $3 WHERE lead_id = $1 AND list_id = $2", lead, list.id, lapse_time(list, op.now));
    }
  }
  if (effect.welcome && act.welcome) {
    record_ask(op, EventKind::subscription_welcome_wanted, lead, list, ask_json(act, "welcome", list.name), cause);
  }
  return result;
}

std::int64_t subscribe(Operation& op, std::int64_t lead, std::int64_t list, const SubscribeAct& act) {
  ActResult result = act_on_list(op, lead, load_list(op, list), act);
  if (!result.refusal.empty()) fail(Status::refused, "list", "{}", result.refusal);
  return result.event;
}

std::int64_t unsubscribe(Operation& op, std::int64_t lead, std::int64_t list, const ListAct& act) {
  return act_on_list(op, lead, load_list(op, list), act).event;
}

std::int64_t act_on_every_list(Operation& op, std::int64_t lead, const ListAct& act) {
  std::vector<std::int64_t> lists;
  {
    Statement rows = op.db.query(
        "SELECT l.id FROM list l LEFT JOIN subscription s ON s.list_id = l.id AND s.lead_id = $1 "
        "WHERE s.list_id IS NOT NULL OR l.opt_in = 'out' ORDER BY l.id",
        lead);
    while (rows.step()) lists.push_back(rows.integer(0));
  }
  std::int64_t first = 0;
  for (std::int64_t id : lists) {
    List list = load_list(op, id);
    Standing standing = standing_on(op, lead, id);
    if (bulk_passes_over(act, list, standing.state)) continue;
    std::int64_t event = act_on_list(op, lead, list, act).event;
    if (first == 0) first = event;
  }
  return first;
}

}  // namespace kith
