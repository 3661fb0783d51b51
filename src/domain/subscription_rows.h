// What single and many acts on lists share: rows and sets that change together, and the data of their events.
// Only for the files of subscriptions.
#pragma once

#include <string>
#include <string_view>

#include "domain/subscriptions.h"

namespace kith {

// As the row has it, past its lapse or not.
Standing stored_standing(Operation& op, std::int64_t lead, std::int64_t list);
// Writes the row and moves the lead between the sets. To `none` the row goes.
void change_standing(Operation& op, std::int64_t lead, std::int64_t list, SubscriptionState from, const Standing& to, std::string_view via);
// The lapse of a pending subscription past its time; `standing` becomes what it fell to.
void lapse_now(Operation& op, std::int64_t lead, std::int64_t list, Standing& standing);

// What a pending one becomes when its time is over, but for its event.
Standing standing_after_lapse(Operation& op, SubscriptionState to);

EventKind event_of(SubscriptionState state);
std::string act_json(const ListAct& act, SubscriptionState from, SubscriptionState to);
std::string ask_json(const ListAct& act, std::string_view purpose, std::string_view list);
// When a subscription that is asked now to be confirmed lapses; nothing: never.
std::optional<Millis> lapse_time(const List& list, Millis now);
// The state that `effect` brings a lead to, for an act at op.at().
Standing standing_after(Operation& op, const List& list, const ListAct& act, const Effect& effect, SubscriptionState from);
// Where many are meant, who has no row has nothing to leave - but on an opt-out list everybody has.
bool bulk_passes_over(const ListAct& act, const List& list, SubscriptionState from);

}  // namespace kith
