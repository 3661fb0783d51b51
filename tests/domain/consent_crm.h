// A database with short ways to subscribe, to leave, to ask for states and to read the log of consent.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/failing.h"
#include "domain/bounces.h"
#include "domain/may_send.h"
#include "domain/pauses.h"
#include "domain/preferences.h"
#include "domain/subscriptions.h"
#include "domain/suppression.h"
#include "domain/tokens.h"
#include "support/crm.h"

namespace kith::test {

class ConsentCrm : public Crm {
 public:
  std::int64_t list(std::string_view name, std::string_view opt_in = "single") { return put("list", {{"name", name}, {"opt_in", opt_in}}); }

  std::int64_t subscribe(std::int64_t lead, std::int64_t list, std::string_view via = "host", std::string_view consent = "", bool confirmed = false) {
    return write([&](Operation& op) { return kith::subscribe(op, lead, list, subscribe_act(via, consent, confirmed)); });
  }
  std::int64_t leave(std::int64_t lead, std::int64_t list, std::string_view via = "host", std::string_view reason = "") {
    return write([&](Operation& op) { return unsubscribe(op, lead, list, unsubscribe_act(via, reason)); });
  }
  std::int64_t report(std::int64_t lead, std::int64_t list, const GatewayReport& report) {
    return write([&](Operation& op) { return take_report(op, lead, list, report); });
  }
  std::int64_t suppress(std::string_view target, const Suppressing& how = {}) {
    return write([&](Operation& op) { return kith::suppress(op, suppression_target(target, "target"), how); });
  }
  std::int64_t lift(std::string_view target, std::string_view reason = "manual", std::optional<std::string_view> channel = {}) {
    return write([&](Operation& op) { return unsuppress(op, suppression_target(target, "target"), reason, channel); });
  }
  std::string token(std::int64_t lead, std::string_view purpose, std::int64_t list = 0, std::optional<Millis> expires = {}) {
    return write([&](Operation& op) { return make_token(op, lead, purpose, list, expires).text; });
  }
  std::int64_t confirm(std::string_view token) {
    return write([&](Operation& op) { return kith::confirm(op, need_token(op, token, "confirm")); });
  }
  std::int64_t leave_by(std::string_view token, bool all = false) {
    return write([&](Operation& op) { return unsubscribe_by(op, need_token(op, token, "unsubscribe"), all, ""); });
  }
  std::int64_t choose(std::int64_t lead, std::initializer_list<Given> choices, std::string_view consent = "") {
    return write([&](Operation& op) { return set_preferences(op, lead, std::span(choices.begin(), choices.size()), consent, "", 0); });
  }
  std::int64_t run() {
    return write([](Operation& op) { return lapse_subscriptions(op, 1000) + end_pauses(op, 1000); });
  }

  std::string state(std::int64_t lead, std::int64_t list) {
    return read([&](Operation& op) { return std::string(state_name(standing_on(op, lead, list).state)); });
  }
  std::string why(std::int64_t lead, std::int64_t list, Channel channel = Channel::email) {
    return read([&](Operation& op) {
      if (list == 0) return std::string(may_send(op, lead, nullptr, channel).why);
      List found = load_list(op, list);
      return std::string(may_send(op, lead, &found, channel).why);
    });
  }
  // Kinds of the lead's events about consent, oldest first, without "subscription.".
  std::vector<std::string> history(std::int64_t lead) {
    return rows("SELECT replace(k.name, 'subscription.', '') FROM event e JOIN event_kind k ON k.id = e.kind_id WHERE k.name GLOB "
                "'subscription.*' AND e.lead_id = " +
                std::to_string(lead) + " ORDER BY e.id");
  }
  std::int64_t asks(std::int64_t lead) { return std::stoll(one("SELECT COUNT(*) FROM event WHERE kind_id = 31 AND lead_id = " + std::to_string(lead))); }
  // Rows that no set has, and members that no row has.
  std::vector<std::string> out_of_step() {
    return read([](Operation& op) {
      std::vector<std::string> faults;
      std::map<std::pair<std::int64_t, std::int64_t>, LeadSet> sets;  // by family and list
      Statement stored = op.db.prepare("SELECT lead_id, list_id, state FROM subscription");
      while (stored.step()) {
        SetKey key = subscription_set(stored.integer(1), state_of(stored.text(2)));
        sets[{static_cast<std::int64_t>(key.family), key.owner}].add(stored.integer(0));
      }
      Statement known = op.db.prepare("SELECT DISTINCT family, owner FROM lead_set WHERE family BETWEEN 3 AND 7");
      while (known.step()) sets[{known.integer(0), known.integer(1)}];
      for (const auto& [key, set] : sets) {
        if (!(op.sets.load({static_cast<SetFamily>(key.first), key.second}) == set)) {
          faults.push_back("family " + std::to_string(key.first) + " of list " + std::to_string(key.second));
        }
      }
      return faults;
    });
  }
};

template <class Call>
bool refused(Call call) {
  std::optional<Failure> failure = failure_of(call);
  return failure && failure->status() == Status::refused;
}

using Words = std::vector<std::string>;

}  // namespace kith::test
