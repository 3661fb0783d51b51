// Lists and the subscriptions to them: their kinds, and who is on a list in which state. How a state changes is
// in subscriptions.h, by the table of consent.h.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "domain/consent.h"
#include "model/lead_set.h"
#include "model/operation.h"
#include "model/predicate.h"

namespace kith {

std::unique_ptr<Kind> make_list_kind();
std::unique_ptr<Kind> make_subscription_kind();
const Predicate& list_predicate();

enum class Channel : std::uint8_t { email, sms };
std::string_view channel_name(Channel channel);
Channel channel_of(std::string_view name);

// A list as its rules need it.
struct List {
  std::int64_t id = 0;
  std::string name;
  OptIn opt_in = OptIn::single;
  bool visible = true;
  bool email = true;
  bool sms = false;
  Millis lapse_after = 0;  // 0: never
  std::int64_t confirm_limit = 0;
  Millis confirm_period = 0;

  bool uses(Channel channel) const { return channel == Channel::email ? email : sms; }
};
std::optional<List> find_list(Operation& op, std::int64_t id);
List load_list(Operation& op, std::int64_t id);  // it must be there

SetKey subscription_set(std::int64_t list, SubscriptionState state);

// Who is in a state now: what is pending past its lapse counts as lapsed, whether or not the runner came. On an
// opt-out list everybody without another state is subscribed. Not for `none`.
LeadSet leads_on_list(Operation& op, std::int64_t list, SubscriptionState state);
std::int64_t count_on_list(Operation& op, std::int64_t list, SubscriptionState state);

}  // namespace kith
