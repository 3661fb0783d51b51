// Addresses, domains and phones that must not be contacted. They are kept by hash and hang on no lead, so they
// outlive leads, and an erased address can stay suppressed; reasons stack.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/lists.h"
#include "model/lead_set.h"
#include "model/operation.h"

namespace kith {

std::unique_ptr<Kind> make_suppression_kind();

// What is suppressed: "ada@example.com", "@example.com" or "tel:+46701234567".
struct SuppressionTarget {
  enum class Type : std::uint8_t { email, domain, phone };
  Type type;
  std::string key;   // folded: an address, a domain, digits
  std::string text;  // as it is shown
  std::string hash;
};
SuppressionTarget suppression_target(std::string_view text, std::string_view field);
SuppressionTarget email_target(std::string_view email_key);
SuppressionTarget phone_target(std::string_view phone_key);

// The leads that have the address now, in ascending order; of a domain none.
std::vector<std::int64_t> leads_with(Operation& op, const SuppressionTarget& target);

struct Suppressing {
  std::string_view reason = "manual";
  std::string_view channel = "all";  // "email", "sms"
  std::string_view note = {};
  std::int64_t cause = 0;
};
// The event, 0 when it was suppressed for this reason already. It is recorded for each lead that has the address.
std::int64_t suppress(Operation& op, const SuppressionTarget& target, const Suppressing& how);
// Lifts one reason; without a channel, on every one. 0 when nothing was to lift.
std::int64_t unsuppress(Operation& op, const SuppressionTarget& target, std::string_view reason,
                        std::optional<std::string_view> channel, std::int64_t cause = 0);

// For an erasure: of the address only its hash stays, and with `keep` it is suppressed as erased.
void suppress_erased(Operation& op, std::string_view email_key, bool keep = true);

// Why a lead must not be contacted over a channel: the reason that stands longest. A hard bounce counts for the
// address that would be used; what is about the person (manual, complaint, erased) for any address that they have.
std::optional<std::string> suppression_of(Operation& op, std::int64_t lead, Channel channel);
// No channel of the list is open to the lead.
bool suppressed_on(Operation& op, std::int64_t lead, const List& list);
LeadSet suppressed_among(Operation& op, const LeadSet& leads, const List& list);

}  // namespace kith
