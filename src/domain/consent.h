// What each act of consent does in each state: one table, which docs/consent.md shows and a test compares. It
// decides, and touches no row.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace kith {

// How a lead stands to a list. `none`: no row, which on an opt-out list means to be in.
enum class SubscriptionState : std::uint8_t { none, pending, subscribed, unsubscribed, bounced, complained };
inline constexpr std::size_t subscription_states = 6;
std::string_view state_name(SubscriptionState state);
SubscriptionState state_of(std::string_view name);  // as it stands in the file

enum class OptIn : std::uint8_t { single = 1, twice = 2, out = 4 };
OptIn opt_in_of(std::string_view name);

enum class ConsentAct : std::uint8_t {
  host,                    // kith_subscribe without more
  host_consent,            // with the wording agreed to
  host_confirmed,          // confirmed elsewhere
  host_consent_confirmed,  // both
  form,                    // nobody knows who filled it in
  token,                   // the confirmation, by its token
  page_in,                 // the preference page
  page_in_consent,
  page_out,
  import,
  import_confirmed,
  automation,
  unsubscribe,  // by the host, a token, an SMS ...
  hard_bounce,
  soft_bounce,
  complaint,
  lapse,  // nobody confirmed in time
};

// What an act does to a state.
struct Effect {
  bool refused = false;
  bool moves = false;  // to `to`
  SubscriptionState to = SubscriptionState::none;
  bool confirm = false;    // a confirmation message is asked for
  bool welcome = false;    // the list's welcome is asked for
  bool consented = false;  // the state stays, the wording is recorded
};

struct ConsentRule {
  ConsentAct act;
  unsigned opt_ins;  // OptIn bits that it holds for
  std::array<Effect, subscription_states> effects;
};

std::span<const ConsentRule> consent_rules();
const Effect& effect_of(ConsentAct act, OptIn opt_in, SubscriptionState state);
std::string_view act_name(ConsentAct act);

// Acts that put on a list; a suppressed address refuses them all.
bool subscribes(ConsentAct act);
// Acts that are the lead's own, or that the host says are: in a merge the latest of them wins. Leaving always is.
bool is_own_act(ConsentAct act);
// How far a state is from being written to: a merge without acts of the lead's own takes the stricter.
int strictness(SubscriptionState state);

}  // namespace kith
