#include "domain/suppression.h"

#include "base/address.h"
#include "base/checks.h"
#include "base/failure.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "domain/leads.h"

namespace kith {

namespace {

using enum FieldType;

constexpr FieldSpec suppression_fields[] = {
    {.name = "id", .type = id, .flags = sortable | fixed, .summary = "Kith's number of the suppression"},
    {.name = "target", .flags = personal, .summary = "the address, @domain or tel:phone; empty once erased", .most = 320},
    {.name = "channel", .summary = "email, sms, or all"},
    {.name = "reason", .summary = "hard_bounce, soft_bounce, complaint, manual, erased, stop"},
    {.name = "note", .flags = personal, .summary = "the host's", .most = 2000},
    {.name = "hash", .flags = computed, .summary = "SHA-256 of what is suppressed, in hexadecimal", .expression = "t.target_hash"},
    {.name = "created", .type = datetime, .flags = automatic | filled, .summary = "since when"},
};

std::string act_json(std::string_view reason, std::string_view channel) {
  std::string data = "{\"reason\":";
  append_json_text(data, reason);
  data += ",\"channel\":";
  append_json_text(data, channel);
  return data + "}";
}

// Addresses stay out of the data, where an erasure would have to look for them: the subject says which it is.
std::int64_t record(Operation& op, EventKind kind, std::span<const std::int64_t> leads, std::int64_t subject, std::string_view data,
                    std::int64_t cause) {
  Event event;
  event.kind = static_cast<std::int64_t>(kind);
  event.subject_id = subject;
  event.data = data;
  event.cause = cause;
  if (leads.empty()) return op.events.record(event);
  std::int64_t first = 0;
  for (std::int64_t lead : leads) {
    event.lead = lead;
    std::int64_t recorded = op.events.record(event);
    if (first == 0) first = recorded;
  }
  return first;
}

class SuppressionKind final : public Kind {
 public:
  using Kind::Kind;
  std::int64_t about(Operation& op, std::int64_t id) const override {
    Statement row = op.db.query("SELECT target FROM suppression WHERE id = $1", id);
    if (!row.step() || row.is_null(0)) return 0;
    SuppressionTarget target = suppression_target(row.text(0), "target");
    std::vector<std::int64_t> leads = leads_with(op, target);
    return leads.empty() ? 0 : leads.front();
  }
};

}  // namespace

std::unique_ptr<Kind> make_suppression_kind() {
  KindSpec spec;
  spec.name = "suppression";
  spec.table = "suppression";
  spec.owner = Owner::global;
  spec.name_field = "";
  spec.summary = "what must not be contacted, and why; removing one lifts it";
  spec.fields = suppression_fields;
  spec.writable = false;
  spec.removed = EventKind::lead_unsuppressed;
  return std::make_unique<SuppressionKind>(spec);
}

SuppressionTarget email_target(std::string_view email_key) {
  std::string key(email_key);
  return {SuppressionTarget::Type::email, key, key, sha256_hex("email:" + key)};
}

SuppressionTarget phone_target(std::string_view phone) {
  // Gateways leave out the plus that people write.
  std::string key(phone.starts_with('+') ? phone.substr(1) : phone);
  return {SuppressionTarget::Type::phone, key, "tel:" + std::string(phone), sha256_hex("phone:" + key)};
}

SuppressionTarget suppression_target(std::string_view text, std::string_view field) {
  std::string_view wanted = trimmed(text);
  if (wanted.starts_with("tel:")) return phone_target(phone_key(checked_phone(wanted.substr(4), field)));
  if (wanted.starts_with('@')) {
    std::string domain = ascii_domain(wanted.substr(1), field);
    return {SuppressionTarget::Type::domain, domain, "@" + domain, sha256_hex("domain:" + domain)};
  }
  if (wanted.find('@') == std::string_view::npos) {
    fail(Status::invalid, field, "{} cannot be suppressed: write an e-mail address, @domain or tel:phone", shown(text));
  }
  return email_target(parse_address(wanted, field).key);
}

std::vector<std::int64_t> leads_with(Operation& op, const SuppressionTarget& target) {
  std::vector<std::int64_t> leads;
  if (target.type == SuppressionTarget::Type::email) {
    if (std::int64_t lead = lead_with_key(op, KeyKind::email, target.key)) leads.push_back(lead);
  } else if (target.type == SuppressionTarget::Type::phone) {
    std::string international = "+" + target.key;
    Statement rows = op.db.query("SELECT id FROM lead WHERE phone_key IN ($1, $2) ORDER BY id", target.key, international);
    while (rows.step()) leads.push_back(rows.integer(0));
  }
  return leads;
}

std::int64_t suppress(Operation& op, const SuppressionTarget& target, const Suppressing& how) {
  {
    Statement row = op.db.query("SELECT 1 FROM suppression WHERE target_hash = $1 AND channel = $2 AND reason = $3", target.hash,
                                how.channel, how.reason);
    if (row.step()) return 0;
  }
  std::int64_t id = op.ids.next("suppression");
  std::int64_t event = record(op, EventKind::lead_suppressed, leads_with(op, target), id,
                              act_json(how.reason, how.channel), how.cause);
  std::optional<std::string_view> note;
  if (!how.note.empty()) note = how.note;
  op.db.run(
      "INSERT INTO suppression (id, target_hash, channel, reason, target, note, created, event_id) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      id, target.hash, how.channel, how.reason, target.text, note, op.at(), event);
  return event;
}

std::int64_t unsuppress(Operation& op, const SuppressionTarget& target, std::string_view reason,
                        std::optional<std::string_view> channel, std::int64_t cause) {
  struct Standing {
    std::int64_t id;
    std::string channel;
  };
  std::vector<Standing> standing;
  {
    Statement rows = op.db.query(
        "SELECT id, channel FROM suppression WHERE target_hash = $1 AND reason = $2 AND channel = COALESCE($3, channel) ORDER BY id",
        target.hash, reason, channel);
    while (rows.step()) standing.push_back({rows.integer(0), std::string(rows.text(1))});
  }
  if (standing.empty()) return 0;
  std::vector<std::int64_t> leads = leads_with(op, target);
  std::int64_t event = 0;
  for (const Standing& one : standing) {
    event = record(op, EventKind::lead_unsuppressed, leads, one.id, act_json(reason, one.channel), cause);
    op.db.run("DELETE FROM suppression WHERE id = $1", one.id);
  }
  return event;
}

void suppress_erased(Operation& op, std::string_view email_key, bool keep) {
  SuppressionTarget target = email_target(email_key);
  op.db.run("UPDATE suppression SET target = NULL, note = NULL WHERE target_hash = $1", target.hash);
  if (!keep) return;
  {
    Statement row = op.db.query("SELECT 1 FROM suppression WHERE target_hash = $1 AND channel = 'all' AND reason = 'erased'", target.hash);
    if (row.step()) return;
  }
  std::int64_t id = op.ids.next("suppression");
  std::int64_t event = record(op, EventKind::lead_suppressed, {}, id, act_json("erased", "all"), 0);
  op.db.run(
      "INSERT INTO suppression (id, target_hash, channel, reason, created, event_id) VALUES ($1, $2, 'all', 'erased', $3, $4) "
      "ON CONFLICT (target_hash, channel, reason) DO NOTHING",
      id, target.hash, op.at(), event);
}

}  // namespace kith
