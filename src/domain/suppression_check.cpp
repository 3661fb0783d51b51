// Whether leads are suppressed, by their addresses and phones: of many, some thousands at a time, with what is said
// against any of them.
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "base/address.h"
#include "base/json.h"
#include "base/text.h"
#include "domain/suppression.h"
#include "model/id_batches.h"

namespace kith {

namespace {


bool nothing_suppressed(Operation& op) {
  Statement row = op.db.prepare("SELECT 1 FROM suppression LIMIT 1");
  return !row.step();
}

// About the person, and not only about the address.
bool is_personal(std::string_view reason) { return reason == "manual" || reason == "complaint" || reason == "erased"; }

std::string domain_hash(std::string_view email_key) {
  return suppression_target("@" + std::string(domain_of(email_key)), "email").hash;
}

struct Contact {
  std::string email;  // the key of the primary address
  std::string phone;
  std::vector<std::string> others;
};

// What is suppressed, and why, among the hashes of some contacts.
class Reasons {
 public:
  // Reads what is said against any of them.
  Reasons(Operation& op, const std::map<std::int64_t, Contact>& contacts) {
    std::string hashes = "[";
    auto add = [&](std::string_view hash) {
      if (hashes.size() > 1) hashes += ',';
      append_json_text(hashes, hash);
    };
    for (const auto& [lead, contact] : contacts) {
      if (!contact.email.empty()) {
        add(email_target(contact.email).hash);
        std::string_view domain = domain_of(contact.email);
        auto [known, fresh] = domains_.try_emplace(std::string(domain));
        if (fresh) add(known->second = domain_hash(contact.email));
      }
      if (!contact.phone.empty()) add(phone_target(contact.phone).hash);
      for (const std::string& other : contact.others) add(email_target(other).hash);
    }
    hashes += ']';
    Statement rows = op.db.query(SqlText("SELECT target_hash, channel, reason FROM suppression WHERE target_hash IN (") + Dialect::id_list(1) +
                                     ") ORDER BY id",
                                 hashes);
    while (rows.step()) reasons_[std::string(rows.text(0))].emplace_back(rows.text(1), rows.text(2));
  }

  // The first reason against a contact on a channel; "" for none.
  std::string_view against(const Contact& contact, Channel channel) const {
    if (reasons_.empty()) return {};
    bool by_email = channel == Channel::email;
    if (!contact.email.empty()) {
      if (std::string_view reason = first(email_target(contact.email).hash, channel, !by_email); !reason.empty()) return reason;
      if (std::string_view reason = first(domains_.at(std::string(domain_of(contact.email))), channel, !by_email); !reason.empty()) return reason;
    }
    if (!contact.phone.empty()) {
      if (std::string_view reason = first(phone_target(contact.phone).hash, channel, by_email); !reason.empty()) return reason;
    }
    for (const std::string& other : contact.others) {
      if (std::string_view reason = first(email_target(other).hash, channel, true); !reason.empty()) return reason;
    }
    return {};
  }

  // No channel of the list is open to the contact.
  bool close(const Contact& contact, const List& list) const {
    if (reasons_.empty()) return false;
    if (list.email && against(contact, Channel::email).empty()) return false;
    // A way that the lead has not got is not open; but when it is the only one, nothing is suppressed.
    if (list.sms && contact.phone.empty()) return list.email;
    return !list.sms || !against(contact, Channel::sms).empty();
  }

 private:
  // Of a hash. A hard bounce is about an address, other reasons about the person: of ways that would not be used only those count.
  std::string_view first(const std::string& hash, Channel channel, bool only_personal) const {
    auto known = reasons_.find(hash);
    if (known == reasons_.end()) return {};
    for (const auto& [on, reason] : known->second) {
      if (on != "all" && on != channel_name(channel)) continue;
      if (!only_personal || is_personal(reason)) return reason;
    }
    return {};
  }

  std::unordered_map<std::string, std::vector<std::pair<std::string, std::string>>> reasons_;
  std::unordered_map<std::string, std::string> domains_;  // their hashes: few domains have most addresses
};

std::map<std::int64_t, Contact> contacts_of(Operation& op, std::string_view ids) {
  std::map<std::int64_t, Contact> contacts;
  {
    Statement rows = op.db.query(SqlText("SELECT id, email, phone_key FROM lead WHERE id IN (") + Dialect::id_list(1) + ")", ids);
    while (rows.step()) {
      Contact& contact = contacts[rows.integer(0)];
      contact.email = parse_address(rows.text(1), "email").key;
      if (!rows.is_null(2)) contact.phone = rows.text(2);
    }
  }
  Statement rows = op.db.query(SqlText("SELECT lead_id, email_key FROM lead_email WHERE lead_id IN (") + Dialect::id_list(1) + ") ORDER BY lead_id, id", ids);
  while (rows.step()) contacts[rows.integer(0)].others.emplace_back(rows.text(1));
  return contacts;
}

std::map<std::int64_t, Contact> contact_of(Operation& op, std::int64_t lead) { return contacts_of(op, "[" + std::to_string(lead) + "]"); }

}  // namespace

std::optional<std::string> suppression_of(Operation& op, std::int64_t lead, Channel channel) {
  if (nothing_suppressed(op)) return std::nullopt;
  auto contact = contact_of(op, lead);
  if (contact.empty()) return std::nullopt;
  std::string reason(Reasons(op, contact).against(contact.begin()->second, channel));
  if (reason.empty()) return std::nullopt;
  return reason;
}

bool suppressed_on(Operation& op, std::int64_t lead, const List& list) {
  if (nothing_suppressed(op)) return false;
  auto contact = contact_of(op, lead);
  return !contact.empty() && Reasons(op, contact).close(contact.begin()->second, list);
}

LeadSet suppressed_among(Operation& op, const LeadSet& leads, const List& list) {
  LeadSet suppressed;
  if (nothing_suppressed(op)) return suppressed;
  in_batches(leads, [&](std::string_view ids) {
    auto contacts = contacts_of(op, ids);
    Reasons reasons(op, contacts);
    for (const auto& [lead, contact] : contacts) {
      if (reasons.close(contact, list)) suppressed.add(lead);
    }
  });
  return suppressed;
}

}  // namespace kith
