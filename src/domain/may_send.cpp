#include "domain/may_send.h"

#include <fmt/format.h>

#include "base/text.h"
#include "domain/pauses.h"
#include "domain/subscriptions.h"
#include "domain/suppression.h"

namespace kith {

namespace {

SendAnswer no(std::string_view why, std::string detail) { return {false, why, std::move(detail)}; }

bool has_phone(Operation& op, std::int64_t lead) {
  Statement row = op.db.query("SELECT 1 FROM lead WHERE id = $1 AND phone_key IS NOT NULL", lead);
  return row.step();
}

}  // namespace

SendAnswer may_send(Operation& op, std::int64_t lead, const List* list, Channel channel) {
  if (list != nullptr && !list->uses(channel)) {
    return no("channel", fmt::format("{} sends nothing by {}", shown(list->name), channel_name(channel)));
  }
  if (channel == Channel::sms && !has_phone(op, lead)) return no("no_address", "the lead has no phone");
  if (std::optional<std::string> reason = suppression_of(op, lead, channel)) return no("suppressed", *std::move(reason));
  if (list == nullptr) return {true, "allowed", "transactional"};
  Standing standing = standing_on(op, lead, list->id);
  if (standing.state == SubscriptionState::none && list->opt_in != OptIn::out) {
    return no("not_subscribed", fmt::format("the lead is not on {}", shown(list->name)));
  }
  if (standing.state != SubscriptionState::none && standing.state != SubscriptionState::subscribed) {
    return no(state_name(standing.state), fmt::format("{} on {} since {}", state_name(standing.state), shown(list->name), format_time(standing.since)));
  }
  if (std::optional<Millis> until = paused_until(op, lead, list->id)) return no("paused", "until " + format_time(*until));
  return {true, "allowed", standing.state == SubscriptionState::none ? "on an opt-out list" : "subscribed since " + format_time(standing.since)};
}

RowsPtr rows_of(const SendAnswer& answer) {
  RowsBuilder rows({{"allowed", Meaning::boolean}, {"why", Meaning::text}, {"detail", Meaning::text}});
  rows.add({Value(answer.allowed ? 1 : 0), Value(answer.why), Value(answer.detail)});
  return rows.finish();
}

}  // namespace kith
