// What is unique over all leads against the leads themselves, and the folded texts that names and phones compare by.
#include <algorithm>

#include "base/address.h"
#include "base/checks.h"
#include "base/failure.h"
#include "base/text.h"
#include "core/check.h"
#include "domain/fields.h"
#include "domain/leads.h"

namespace kith {

namespace {

// Whether a key is there, as it should be; one that is not is made when nobody else has it.
void need_key(Operation& op, Faults& faults, KeyKind kind, std::string_view key, std::int64_t lead, int role, std::string_view place) {
  std::int64_t holder = 0;
  int held_as = 0;
  {
    Statement row = op.db.query("SELECT lead_id, role FROM lead_key WHERE kind = $1 AND key = $2", static_cast<int>(kind), key);
    if (row.step()) {
      holder = row.integer(0);
      held_as = static_cast<int>(row.integer(1));
    }
  }
  if (holder == lead && held_as == role) return;
  if (holder != 0 && holder != lead) {
    Statement row = op.db.query("SELECT 1 FROM lead WHERE id = $1", holder);
    if (row.step()) {
      faults.add("key", place, fmt::format("its key belongs to lead {} as well", holder));
      return;
    }
  }
  std::string fault = holder == 0 ? "its key is missing" : holder == lead ? "its key has the wrong role" : "its key belongs to a lead that is not there";
  if (!faults.derived("key", place, fault)) return;
  op.db.run("INSERT INTO lead_key (kind, key, lead_id, role) VALUES ($1, $2, $3, $4) "
            "ON CONFLICT (kind, key) DO UPDATE SET lead_id = excluded.lead_id, role = excluded.role",
            static_cast<int>(kind), key, lead, role);
}

std::string key_of_address(std::string_view address) {
  try {
    return parse_address(address, "").key;
  } catch (const Failure&) {
    return {};
  }
}

void check_leads(Operation& op, Faults& faults) {
  Statement rows = op.db.prepare("SELECT id, email, external_id, phone, phone_key FROM lead ORDER BY id");
  while (rows.step()) {
    std::int64_t id = rows.integer(0);
    auto place = [&](std::string_view field) { return fmt::format("lead {} {}", id, field); };
    std::string key = key_of_address(rows.text(1));
    if (key.empty()) {
      faults.add("key", place("email"), "is no address");
    } else {
      need_key(op, faults, KeyKind::email, key, id, 1, place("email"));
    }
    if (!rows.is_null(2)) need_key(op, faults, KeyKind::external_id, rows.text(2), id, 1, place("external_id"));
    std::string phone = rows.is_null(3) ? std::string() : phone_key(rows.text(3));
    if (phone != rows.text(4) && faults.derived("key", place("phone"), "what it compares by is another number")) {
      op.db.run("UPDATE lead SET phone_key = $2 WHERE id = $1", id, phone.empty() ? std::optional<std::string_view>() : std::string_view(phone));
    }
  }
}

void check_addresses(Operation& op, Faults& faults) {
  Statement rows = op.db.prepare("SELECT lead_id, id, email, email_key FROM lead_email ORDER BY lead_id, id");
  while (rows.step()) {
    std::string place = fmt::format("lead {} address {}", rows.integer(0), rows.integer(1));
    std::string key = key_of_address(rows.text(2));
    if (key.empty()) {
      faults.add("key", place, "is no address");
      continue;
    }
    if (key != rows.text(3) && faults.derived("key", place, "what it compares by is another address")) {
      op.db.run("UPDATE lead_email SET email_key = $3 WHERE lead_id = $1 AND id = $2", rows.integer(0), rows.integer(1), key);
    }
    need_key(op, faults, KeyKind::email, key, rows.integer(0), 0, place);
  }
}

// The row beside each lead that indexes of the host's fields are to have it by.
void check_custom_rows(Operation& op, Faults& faults) {
  if (!needs_custom_rows(op.kinds.get("lead"))) return;
  std::vector<std::int64_t> missing;
  {
    Statement rows = op.db.prepare("SELECT l.id FROM lead l LEFT JOIN lead_custom u ON u.lead_id = l.id WHERE u.lead_id IS NULL ORDER BY l.id");
    while (rows.step()) missing.push_back(rows.integer(0));
  }
  for (std::int64_t lead : missing) {
    if (faults.derived("key", fmt::format("lead {}", lead), "has no row in lead_custom")) need_custom_row(op, lead);
  }
}

// Keys of which no row knows. Role 0 of external ids is what absorbed leads had, which stands nowhere else: only that
// the lead absorbed somebody can be asked.
void check_strays(Operation& op, Faults& faults) {
  struct Stray {
    std::int64_t kind;
    std::string key;
  };
  std::vector<Stray> strays;
  {
    Statement rows = op.db.prepare(
        "SELECT k.kind, k.key, k.lead_id, k.role, l.email, l.external_id, "
        "CASE WHEN k.role = 1 THEN 0 "
        "WHEN k.kind = 1 THEN (SELECT COUNT(*) FROM lead_email a WHERE a.lead_id = k.lead_id AND a.email_key = k.key) "
        "ELSE (SELECT COUNT(*) FROM lead_gone g WHERE g.survivor_id = k.lead_id) END "
        "FROM lead_key k LEFT JOIN lead l ON l.id = k.lead_id ORDER BY k.kind, k.key");
    while (rows.step()) {
      bool is_email = rows.integer(0) == static_cast<std::int64_t>(KeyKind::email);
      bool fine = false;
      if (rows.is_null(4)) {
        fine = false;
      } else if (rows.integer(3) == 1) {
        fine = is_email ? key_of_address(rows.text(4)) == rows.text(1) : rows.text(5) == rows.text(1);
      } else {
        fine = rows.integer(6) != 0;
      }
      if (fine) continue;
      if (faults.derived("key", fmt::format("lead_key {} {}", rows.integer(0), rows.text(1)), fmt::format("lead {} has no such key", rows.integer(2)))) {
        strays.push_back({rows.integer(0), std::string(rows.text(1))});
      }
    }
  }
  for (const Stray& stray : strays) op.db.run("DELETE FROM lead_key WHERE kind = $1 AND key = $2", stray.kind, stray.key);
}

// The folded names of a table against the names.
void check_names_of(Operation& op, Faults& faults, std::string_view what, Literal table, Literal name, Literal key) {
  Statement rows = op.db.prepare(SqlText("SELECT id, ") + name + ", " + key + " FROM " + table + " ORDER BY id");
  while (rows.step()) {
    std::string folded = fold(rows.text(1));
    if (folded == rows.text(2)) continue;
    std::string place = fmt::format("{} {}", what, rows.integer(0));
    bool taken = op.db.query(SqlText("SELECT 1 FROM ") + table + " WHERE " + key + " = $1", folded).step();
    if (taken) {
      faults.add("key", place, "what its name compares by is another name, and its own is taken");
    } else if (faults.derived("key", place, "what its name compares by is another name")) {
      op.db.run(SqlText("UPDATE ") + table + " SET " + key + " = $2 WHERE id = $1", rows.integer(0), folded);
    }
  }
}

void check_names(Operation& op, Faults& faults) {
  for (const auto& kind : op.kinds.all()) {
    const KindSpec& spec = kind->spec();
    if (spec.owner != Owner::definition || spec.name_field.empty()) continue;
    check_names_of(op, faults, kind->name(), spec.table, spec.name_field, spec.key_column);
  }
}

}  // namespace

void check_keys(Operation& op, Faults& faults) {
  check_strays(op, faults);
  check_leads(op, faults);
  check_addresses(op, faults);
  check_custom_rows(op, faults);
  check_names(op, faults);
}

}  // namespace kith
