// Subscribing and unsubscribing: acts of consent done to rows, sets and the log, for one lead or for many. What an
// act does in which state is the table of consent.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/consent.h"
#include "domain/lists.h"
#include "model/lead_set.h"
#include "model/operation.h"

namespace kith {

struct ListAct {
  ConsentAct act = ConsentAct::host;
  std::string_view via = "host";
  std::string_view consent = {};  // the wording agreed to
  std::string_view reason = {};
  bool welcome = true;     // whether a welcome is asked for where the table has one
  std::int64_t cause = 0;  // 0: the call's
  std::optional<Channel> channel = {};  // it says something only of lists that use this channel and no other
};
using SubscribeAct = ListAct;

// Free text without outer space; LIMIT when it is longer than `most` characters.
std::string_view limited_wording(std::string_view text, std::string_view field, std::size_t most);
// What kith_subscribe's extras mean. `via`: host, form, import, automation.
SubscribeAct subscribe_act(std::string_view via, std::string_view consent, bool confirmed);
ListAct unsubscribe_act(std::string_view via, std::string_view reason);

// What an act came to: the event (of the state, else of what was asked for), or why it was refused.
struct ActResult {
  std::int64_t event = 0;
  std::string refusal;
};
ActResult act_on_list(Operation& op, std::int64_t lead, const List& list, const ListAct& act);
// The same; a refusal fails with REFUSED.
std::int64_t subscribe(Operation& op, std::int64_t lead, std::int64_t list, const SubscribeAct& act);
std::int64_t unsubscribe(Operation& op, std::int64_t lead, std::int64_t list, const ListAct& act);
// On every list that the lead is on in any state, opt-out lists included. The first event.
std::int64_t act_on_every_list(Operation& op, std::int64_t lead, const ListAct& act);

// Sets at a time; how many leads changed. Who may not be subscribed is passed over, and who is not on the list is
// not taken off it. Wording for all is proof for nobody in particular: it brings nobody back who left.
// Whom an act for many did not bring to a list: suppressed, or by the state that stands.
struct PassedOver {
  LeadSet suppressed;
  LeadSet by_state[subscription_states];
  std::string_view why(std::int64_t lead) const;  // "suppressed", "unsubscribed", "bounced", "complained"; "": it was not
};
std::int64_t subscribe_all(Operation& op, const LeadSet& leads, std::int64_t list, const SubscribeAct& act,
                           PassedOver* passed_over = nullptr);
std::int64_t unsubscribe_all(Operation& op, const LeadSet& leads, std::int64_t list, const ListAct& act);

// How a lead stands to a list now.
struct Standing {
  SubscriptionState state = SubscriptionState::none;
  Millis since = 0;
  bool own = false;
  std::optional<Millis> lapses;
  SubscriptionState lapses_to = SubscriptionState::none;
  std::int64_t event = 0;
};
// As it counts: past its lapse a pending one is what it falls to.
Standing standing_on(Operation& op, std::int64_t lead, std::int64_t list);

// What the lead has not confirmed in time lapses now.
void lapse_due_of(Operation& op, std::int64_t lead);
// The absorbed lead's subscriptions become the survivor's. Where both stand on a list, the latest act that was the
// lead's own wins; without one the stricter state. Pauses and what limits count come along; `cause`: the merge.
void merge_subscriptions(Operation& op, std::int64_t survivor, std::int64_t absorbed, std::int64_t cause = 0);
// The list goes: who was on it is told in the log, and nothing is left but that.
void end_subscriptions(Operation& op, std::int64_t list, std::string_view name);

// Ends at most `limit` subscriptions that nobody confirmed in time; how many it did.
std::int64_t lapse_subscriptions(Operation& op, std::int64_t limit);
std::vector<Millis> lapses(Operation& op, std::int64_t limit);  // when the next ones lapse

// No lead is asked to confirm more often in a day than this over all lists - or than the list's own limit, if greater.
inline constexpr std::int64_t confirm_most_a_day = 12;

}  // namespace kith
