// What gateways report: messages that bounced, for good or for the present, complaints, deliveries. It decides what
// becomes of subscriptions and which addresses are suppressed.
#pragma once

#include <cstdint>
#include <string_view>

#include "domain/lists.h"
#include "model/operation.h"

namespace kith {

// So many soft bounces of an address within the period, with no delivery between, suppress it.
inline constexpr std::int64_t soft_bounce_limit = 3;
inline constexpr Millis soft_bounce_period = 30 * one_day;

enum class Bounce : std::uint8_t { hard, soft, policy };
// What a bounce is, by what the gateway called it and by the code it gave ("550 5.7.1 ..."). A refusal by policy (5.7.x)
// says something about the sender, and 4.x.x is for the present, whatever it was called: neither is ever hard.
Bounce bounce_of(bool called_hard, std::string_view code);

struct GatewayReport {
  enum class What : std::uint8_t { bounced, complained, delivered };
  What what = What::bounced;
  bool hard = true;
  std::string_view code = {};
  Channel channel = Channel::email;
  std::string_view address = {};  // the key of the address, where the report named one
};
// `list` 0: all. The event of the first subscription that changed, else of the suppression; 0: nothing changed.
std::int64_t take_report(Operation& op, std::int64_t lead, std::int64_t list, const GatewayReport& report);

}  // namespace kith
