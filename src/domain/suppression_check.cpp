// Whether leads are suppressed: one by its own addresses, many by a walk over all addresses.
#include <unordered_map>
#include <unordered_set>

#include "base/address.h"
#include "base/text.h"
#include "domain/suppression.h"

namespace kith {

namespace {

constexpr std::int64_t worth_a_walk = 2000;  // leads from which reading every address is the quicker way

bool nothing_suppressed(Operation& op) {
  Statement row = op.db.prepare("SELECT 1 FROM suppression LIMIT 1");
  return !row.step();
}

// About the person, and not only about the address.
bool is_personal(std::string_view reason) { return reason == "manual" || reason == "complaint" || reason == "erased"; }

std::string domain_hash(std::string_view email_key) {
  return suppression_target("@" + std::string(domain_of(email_key)), "email").hash;
}

// The first reason against a hash on a channel; "" for none.
std::string reason_of(Operation& op, std::string_view hash, Channel channel, bool only_personal) {
  Statement rows = op.db.query("SELECT reason FROM suppression WHERE target_hash = $1 AND channel IN ($2, 'all') ORDER BY id", hash,
                               channel_name(channel));
  while (rows.step()) {
    if (!only_personal || is_personal(rows.text(0))) return std::string(rows.text(0));
  }
  return {};
}

struct Contact {
  std::string email;  // the key of the primary address
  std::string phone;
  std::vector<std::string> others;
};

Contact contact_of(Operation& op, std::int64_t lead) {
  Contact contact;
  {
    Statement row = op.db.query("SELECT email, phone_key FROM lead WHERE id = $1", lead);
    if (!row.step()) return contact;
    contact.email = parse_address(row.text(0), "email").key;
    if (!row.is_null(1)) contact.phone = row.text(1);
  }
  Statement rows = op.db.query("SELECT email_key FROM lead_email WHERE lead_id = $1", lead);
  while (rows.step()) contact.others.emplace_back(rows.text(0));
  return contact;
}

std::string reason_against(Operation& op, const Contact& contact, Channel channel) {
  bool by_email = channel == Channel::email;
  if (!contact.email.empty()) {
    for (const std::string& hash : {email_target(contact.email).hash, domain_hash(contact.email)}) {
      if (std::string reason = reason_of(op, hash, channel, !by_email); !reason.empty()) return reason;
    }
  }
  if (!contact.phone.empty()) {
    if (std::string reason = reason_of(op, phone_target(contact.phone).hash, channel, by_email); !reason.empty()) return reason;
  }
  for (const std::string& other : contact.others) {
    if (std::string reason = reason_of(op, email_target(other).hash, channel, true); !reason.empty()) return reason;
  }
  return {};
}

// The hashes that are suppressed, so that whoever asks for many need not look each up in the file.
class Hashes {
 public:
  explicit Hashes(Operation& op) {
    Statement rows = op.db.query("SELECT DISTINCT target_hash FROM suppression LIMIT $1", most + 1);
    while (rows.step()) known_.emplace(rows.text(0));
    if (static_cast<std::int64_t>(known_.size()) <= most) return;
    complete_ = false;
    known_.clear();
  }
  // False: certainly not.
  bool may_hold(const std::string& hash) const { return !complete_ || known_.count(hash) != 0; }

 private:
  static constexpr std::int64_t most = 100'000;  // more are left in the file
  std::unordered_set<std::string> known_;
  bool complete_ = true;
};

struct Blocked {
  LeadSet email, sms, with_phone;
};

Blocked walk(Operation& op, const LeadSet& leads, const List& list) {
  Blocked blocked;
  Hashes hashes(op);
  auto look = [&](std::int64_t lead, const std::string& hash, bool email_only_personal, bool sms_only_personal) {
    if (!hashes.may_hold(hash)) return;
    if (list.email && !reason_of(op, hash, Channel::email, email_only_personal).empty()) blocked.email.add(lead);
    if (list.sms && !reason_of(op, hash, Channel::sms, sms_only_personal).empty()) blocked.sms.add(lead);
  };
  std::unordered_map<std::string, std::string> domains;  // their hashes: few domains have most addresses
  Statement addresses = op.db.prepare("SELECT key, lead_id, role FROM lead_key WHERE kind = 1");
  while (addresses.step()) {
    std::int64_t lead = addresses.integer(1);
    if (!leads.contains(lead)) continue;
    std::string key(addresses.text(0));
    bool primary = addresses.integer(2) == 1;
    look(lead, email_target(key).hash, !primary, true);
    if (!primary) continue;
    auto [domain, fresh] = domains.try_emplace(std::string(domain_of(key)));
    if (fresh) domain->second = domain_hash(key);
    look(lead, domain->second, false, true);
  }
  Statement phones = op.db.prepare("SELECT id, phone_key FROM lead WHERE phone_key IS NOT NULL");
  while (phones.step()) {
    std::int64_t lead = phones.integer(0);
    if (!leads.contains(lead)) continue;
    blocked.with_phone.add(lead);
    look(lead, phone_target(phones.text(1)).hash, true, false);
  }
  return blocked;
}

}  // namespace

std::optional<std::string> suppression_of(Operation& op, std::int64_t lead, Channel channel) {
  if (nothing_suppressed(op)) return std::nullopt;
  std::string reason = reason_against(op, contact_of(op, lead), channel);
  if (reason.empty()) return std::nullopt;
  return reason;
}

bool suppressed_on(Operation& op, std::int64_t lead, const List& list) {
  if (nothing_suppressed(op)) return false;
  Contact contact = contact_of(op, lead);
  if (list.email && reason_against(op, contact, Channel::email).empty()) return false;
  // A way that the lead has not got is not open; but when it is the only one, nothing is suppressed.
  if (list.sms && contact.phone.empty()) return list.email;
  return !list.sms || !reason_against(op, contact, Channel::sms).empty();
}

LeadSet suppressed_among(Operation& op, const LeadSet& leads, const List& list) {
  LeadSet suppressed;
  if (nothing_suppressed(op)) return suppressed;
  if (leads.size() < worth_a_walk) {
    leads.each([&](std::int64_t lead) {
      if (suppressed_on(op, lead, list)) suppressed.add(lead);
    });
    return suppressed;
  }
  Blocked blocked = walk(op, leads, list);
  if (!list.sms) return blocked.email;
  if (!list.email) {
    blocked.sms &= blocked.with_phone;
    return blocked.sms;
  }
  LeadSet open = blocked.with_phone;
  open -= blocked.sms;
  blocked.email -= open;
  return blocked.email;
}

}  // namespace kith
