#include "domain/lead_keys.h"

#include <algorithm>

#include "base/address.h"
#include "base/failure.h"
#include "base/text.h"
#include "domain/leads.h"

namespace kith {

void need_free_key(Operation& op, KeyKind kind, std::int64_t lead, std::string_view shown, std::string_view key) {
  std::int64_t holder = lead_with_key(op, kind, key);
  if (holder == 0 || holder == lead) return;
  fail(Status::conflict, kind == KeyKind::email ? "email" : "external_id", "{} belongs to lead id:{}", kith::shown(shown), holder);
}

void change_primary_address(Operation& op, std::int64_t lead, std::string_view shown, std::string_view key) {
  std::string old_shown;
  {
    Statement row = op.db.query("SELECT email FROM lead WHERE id = $1", lead);
    if (row.step()) old_shown = row.text(0);
  }
  std::string old_key = parse_address(old_shown, "email").key;
  if (old_key == key) return;  // another spelling of the same
  std::int64_t holder = lead_with_key(op, KeyKind::email, key);
  if (holder != 0 && holder != lead) {
    fail(Status::conflict, "email", "{} belongs to lead id:{}", kith::shown(shown), holder);
  }
  if (holder == lead) {
    op.db.run("UPDATE lead_key SET role = 1 WHERE kind = 1 AND key = $1", key);
    op.db.run("UPDATE lead_key SET role = 0 WHERE kind = 1 AND key = $1", old_key);
    op.db.run("UPDATE lead_email SET email = $3, email_key = $4 WHERE lead_id = $1 AND email_key = $2", lead, key,
              old_shown, old_key);
  } else {
    op.db.run("DELETE FROM lead_key WHERE kind = 1 AND key = $1 AND lead_id = $2", old_key, lead);
    op.db.run("INSERT INTO lead_key (kind, key, lead_id, role) VALUES (1, $1, $2, 1)", key, lead);
  }
}

std::vector<LeadKey> keys_of_lead(Operation& op, std::int64_t lead) {
  std::vector<LeadKey> keys;
  {
    Statement row = op.db.query("SELECT email, external_id FROM lead WHERE id = $1", lead);
    if (row.step()) {
      keys.push_back({1, parse_address(row.text(0), "email").key, 1});
      if (!row.is_null(1)) keys.push_back({2, std::string(row.text(1)), 1});
    }
  }
  Statement others = op.db.query("SELECT kind, key FROM lead_key WHERE lead_id = $1 AND role = 0", lead);
  while (others.step()) keys.push_back({others.integer(0), std::string(others.text(1)), 0});
  std::sort(keys.begin(), keys.end(), [](const LeadKey& a, const LeadKey& b) { return a.kind != b.kind ? a.kind < b.kind : a.key < b.key; });
  return keys;
}

void change_external_id(Operation& op, std::int64_t lead, std::string_view from, std::string_view to) {
  if (!to.empty()) {
    std::int64_t holder = lead_with_key(op, KeyKind::external_id, to);
    if (holder != 0 && holder != lead) {
      fail(Status::conflict, "external_id", "{} belongs to lead id:{}", shown(to), holder);
    }
    op.db.run("INSERT INTO lead_key (kind, key, lead_id, role) VALUES (2, $1, $2, 1) ON CONFLICT (kind, key) DO UPDATE SET role = 1",
              to, lead);
  }
  if (!from.empty()) op.db.run("DELETE FROM lead_key WHERE kind = 2 AND key = $1 AND lead_id = $2", from, lead);
}

}  // namespace kith
