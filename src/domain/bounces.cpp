#include "domain/bounces.h"

#include <fmt/format.h>

#include "base/address.h"
#include "base/failure.h"
#include "base/json.h"
#include "domain/subscriptions.h"
#include "domain/suppression.h"

namespace kith {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The first "5.7.1" in the text, as its first two numbers; false: there is none.
bool enhanced_status(std::string_view text, int& kind, int& subject) {
  for (std::size_t i = 0; i + 4 < text.size(); ++i) {
    if (text[i] != '2' && text[i] != '4' && text[i] != '5') continue;
    if (text[i + 1] != '.' || (i > 0 && (is_digit(text[i - 1]) || text[i - 1] == '.'))) continue;
    std::size_t at = i + 2;
    int number = 0;
    while (at < text.size() && is_digit(text[at]) && at < i + 5) number = number * 10 + (text[at++] - '0');
    if (at == i + 2 || at + 1 >= text.size() || text[at] != '.' || !is_digit(text[at + 1])) continue;
    kind = text[i] - '0';
    subject = number;
    return true;
  }
  return false;
}

// The address that the report is about, and whether it is the one in use.
struct About {
  SuppressionTarget target;
  bool in_use = true;
};

About about(Operation& op, std::int64_t lead, const GatewayReport& report) {
  Statement row = op.db.query("SELECT email, phone_key FROM lead WHERE id = $1", lead);
  if (!row.step()) fail(Status::not_found, "lead", "there is no lead id:{}", lead);
  if (report.channel == Channel::sms) {
    if (row.is_null(1)) fail(Status::invalid, "channel", "the lead has no phone that an SMS could have gone to");
    return {phone_target(row.text(1)), true};
  }
  std::string primary = parse_address(row.text(0), "email").key;
  if (report.address.empty() || report.address == primary) return {email_target(primary), true};
  return {email_target(report.address), false};
}

std::int64_t act(Operation& op, std::int64_t lead, std::int64_t list, ConsentAct what, std::string_view reason,
                 std::optional<Channel> channel = {}) {
  ListAct by_gateway{.act = what, .via = "gateway", .reason = reason, .channel = channel};
  if (list == 0) return act_on_every_list(op, lead, by_gateway);
  return act_on_list(op, lead, load_list(op, list), by_gateway).event;
}

std::int64_t soft_bounce(Operation& op, std::int64_t lead, std::int64_t list, const GatewayReport& report, const About& address, bool policy) {
  std::string data = "{\"via\":\"gateway\",\"channel\":";
  append_json_text(data, channel_name(report.channel));
  if (!report.code.empty()) {
    data += ",\"code\":";
    append_json_text(data, report.code);
  }
  data += policy ? ",\"policy\":true}" : "}";
  std::int64_t event = op.events.record(EventKind::subscription_soft_bounced, lead, list, data);
  if (policy) return event;
  op.db.run("INSERT INTO soft_bounce (lead_id, target_hash, at, event_id) VALUES ($1, $2, $3, $4)", lead, address.target.hash, op.at(), event);
  op.db.run("DELETE FROM soft_bounce WHERE lead_id = $1 AND at <= $2", lead, op.now - soft_bounce_period);
  std::int64_t count = 0;
  {
    Statement row = op.db.query("SELECT COUNT(*) FROM soft_bounce WHERE lead_id = $1 AND target_hash = $2", lead, address.target.hash);
    if (row.step()) count = row.integer(0);
  }
  if (count < soft_bounce_limit) return event;
  std::string note = fmt::format("{} soft bounces within {}", count, format_duration(soft_bounce_period));
  suppress(op, address.target, {.reason = "soft_bounce", .channel = channel_name(report.channel), .note = note, .cause = event});
  op.db.run("DELETE FROM soft_bounce WHERE lead_id = $1 AND target_hash = $2", lead, address.target.hash);
  return event;
}

}  // namespace

Bounce bounce_of(bool called_hard, std::string_view code) {
  int kind = 0;
  int subject = 0;
  if (enhanced_status(code, kind, subject)) {
    if (kind == 5 && subject == 7) return Bounce::policy;
    if (kind == 4) return Bounce::soft;
  }
  return called_hard ? Bounce::hard : Bounce::soft;
}

std::int64_t take_report(Operation& op, std::int64_t lead, std::int64_t list, const GatewayReport& report) {
  About address = about(op, lead, report);
  std::string_view channel = channel_name(report.channel);
  if (report.what == GatewayReport::What::delivered) {
    op.db.run("DELETE FROM soft_bounce WHERE lead_id = $1 AND target_hash = $2 AND at <= $3", lead, address.target.hash, op.at());
    return 0;
  }
  if (report.what == GatewayReport::What::complained) {
    std::int64_t event = act(op, lead, list, ConsentAct::complaint, report.code);
    std::int64_t suppressed = suppress(op, address.target, {.reason = "complaint", .channel = channel, .cause = event});
    return event != 0 ? event : suppressed;
  }
  Bounce bounce = bounce_of(report.hard, report.code);
  if (bounce != Bounce::hard) return soft_bounce(op, lead, list, report, address, bounce == Bounce::policy);
  // A late answer about an address that the lead no longer uses says nothing of the one that it uses. Nor does an
  // address that failed say anything of lists which reach the lead by another channel: there the suppression is enough.
  std::int64_t event = address.in_use ? act(op, lead, list, ConsentAct::hard_bounce, report.code, report.channel) : 0;
  std::int64_t suppressed = suppress(op, address.target, {.reason = "hard_bounce", .channel = channel, .cause = event});
  return event != 0 ? event : suppressed;
}

}  // namespace kith
