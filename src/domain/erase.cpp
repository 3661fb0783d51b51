#include "domain/erase.h"

#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <vector>

#include "base/address.h"
#include "base/checks.h"
#include "base/failure.h"
#include "base/json.h"
#include "base/text.h"
#include "domain/lead_keys.h"
#include "domain/lead_remove.h"
#include "domain/leads.h"
#include "domain/search.h"
#include "domain/suppression.h"
#include "sql/search_index.h"

namespace kith {

namespace {

constexpr std::int64_t batch = 500;  // events rewritten at a time
constexpr std::string_view setting = "erase_pending";

// What tells who somebody is when it stands in a text about something else.
class Identity {
 public:
  Identity(Operation& op, std::int64_t lead) {
    for (LeadKey& key : keys_of_lead(op, lead)) (key.kind == 1 ? addresses_ : external_ids_).push_back(std::move(key.key));
    Statement row = op.db.query("SELECT email, phone, phone2 FROM lead WHERE id = $1", lead);
    if (!row.step()) return;
    shown_.push_back(fold(row.text(0)));
    for (int column : {1, 2}) {
      if (std::string key = phone_key(row.text(column)); !key.empty()) phones_.push_back(std::move(key));
    }
    Statement others = op.db.query("SELECT email FROM lead_email WHERE lead_id = $1", lead);
    while (others.step()) shown_.push_back(fold(others.text(0)));
  }

  // Addresses and phones that she had, by the log: suppressions may still name them.
  void add_former(Operation& op, std::int64_t lead) {
    Statement events = op.db.query("SELECT data FROM event WHERE lead_id = $1 AND kind_id IN ($2, $3, $4, $5) AND data IS NOT NULL", lead,
                                   static_cast<std::int64_t>(EventKind::lead_updated), static_cast<std::int64_t>(EventKind::lead_removed),
                                   static_cast<std::int64_t>(EventKind::address_added), static_cast<std::int64_t>(EventKind::address_removed));
    while (events.step()) add_values(parse_json(events.text(0), "data"), {});
  }
  // What absorbed leads had, by what their merges wrote down.
  void add_merged(Operation& op, std::int64_t lead) {
    Statement merges = op.db.query("SELECT document FROM lead_merge WHERE survivor_id = $1 OR absorbed_id = $1", lead);
    while (merges.step()) add_values(Json::parse(merges.text(0), nullptr, false), {});  // Kith's own, of any size
  }

  const std::vector<std::string>& addresses() const { return addresses_; }
  const std::set<std::string>& former_addresses() const { return former_addresses_; }
  const std::vector<std::string>& phones() const { return phones_; }

  bool is_addressed_by(std::string_view text) const {
    std::string folded = fold(text);
    for (const auto* list : {&addresses_, &shown_}) {
      for (const std::string& address : *list) {
        if (folded.find(address) != std::string::npos) return true;
      }
    }
    return false;
  }
  bool is_told_by(std::string_view text) const {
    if (is_addressed_by(text)) return true;
    std::string folded = fold(text);
    for (const std::string& id : external_ids_) {
      if (folded == fold(id)) return true;
    }
    std::string digits = phone_key(text);
    for (const std::string& phone : phones_) {
      if (digits == phone) return true;
    }
    return false;
  }

 private:
  // Every text below a key that a lead has addresses and phones under.
  void add_values(const Json& value, std::string_view name) {
    if (value.is_object()) {
      for (const auto& [key, inner] : value.items()) add_values(inner, key);
    } else if (value.is_array()) {
      for (const Json& inner : value) add_values(inner, name);
    } else if (value.is_string()) {
      const std::string& text = value.get_ref<const std::string&>();
      if (name == "email") {
        former_addresses_.insert(parse_address(text, "email").key);
      } else if (name == "phone" || name == "phone2") {
        if (std::string key = phone_key(text); !key.empty()) phones_.push_back(std::move(key));
      }
    }
  }

  std::vector<std::string> addresses_, shown_, external_ids_, phones_;
  std::set<std::string> former_addresses_;
};

// The parts of an event's data that its kind declares not to be personal; "" when there are none.
std::string kept_data(std::int64_t kind, std::string_view data) {
  const EventKindSpec* spec = own_event_kind(kind);
  if (spec == nullptr || spec->keeps.empty() || data.empty()) return {};
  Json kept = Json::object();
  Json all = parse_json(data, "data");
  for (std::string_view rest = spec->keeps; !rest.empty();) {
    std::size_t comma = rest.find(',');
    std::string name(rest.substr(0, comma));
    if (auto found = all.find(name); found != all.end()) kept[name] = *found;
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
  }
  return kept.empty() ? std::string() : to_json(kept);
}

// Rewritten where they stand, so the log keeps its order, its causes and its counts.
std::int64_t scrub_events(Operation& op, std::int64_t lead, const Identity& identity) {
  struct Rewritten {
    std::int64_t id;
    std::optional<std::string> actor, data;
  };
  std::int64_t count = 0;
  std::int64_t last = 0;
  std::vector<Rewritten> rows;
  do {
    rows.clear();
    {
      Statement events = op.db.query(
          "SELECT id, kind_id, actor, data FROM event WHERE lead_id = $1 AND id > $2 ORDER BY id LIMIT $3", lead, last, batch);
      while (events.step()) {
        Rewritten row;
        row.id = last = events.integer(0);
        if (!events.is_null(2) && !identity.is_told_by(events.text(2))) row.actor = events.text(2);
        if (std::string data = kept_data(events.integer(1), events.text(3)); !data.empty()) row.data = std::move(data);
        rows.push_back(std::move(row));
      }
    }
    Statement update = op.db.prepare("UPDATE event SET subject = NULL, ip = NULL, actor = $2, data = $3 WHERE id = $1");
    for (const Rewritten& row : rows) update.bind_all(row.id, row.actor, row.data).run();
    count += static_cast<std::int64_t>(rows.size());
  } while (static_cast<std::int64_t>(rows.size()) == batch);
  return count;
}

// What she did to others: an actor that holds one of her addresses. There are few actors, and no index by them, since
// only an erasure asks.
void scrub_actors(Operation& op, const Identity& identity) {
  std::vector<std::string> hers;
  {
    Statement actors = op.db.prepare("SELECT DISTINCT actor FROM event WHERE actor IS NOT NULL");
    while (actors.step()) {
      if (identity.is_addressed_by(actors.text(0))) hers.emplace_back(actors.text(0));
    }
  }
  for (const std::string& actor : hers) op.db.run("UPDATE event SET actor = NULL WHERE actor = $1", actor);
}

// The events that suppressed the address while it was nobody's: who acted then, and from where.
void scrub_suppressions(Operation& op, const std::string& hash, const Identity& identity) {
  std::vector<std::int64_t> events;
  {
    Statement rows = op.db.query("SELECT event_id FROM suppression WHERE target_hash = $1", hash);
    while (rows.step()) events.push_back(rows.integer(0));
  }
  for (std::int64_t event : events) {
    std::optional<std::string> actor;
    {
      Statement row = op.db.query("SELECT actor FROM event WHERE id = $1", event);
      if (row.step() && !row.is_null(0) && !identity.is_told_by(row.text(0))) actor = row.text(0);
    }
    op.db.run("UPDATE event SET ip = NULL, actor = $2 WHERE id = $1", event, actor);
  }
  op.db.run("UPDATE suppression SET target = NULL, note = NULL WHERE target_hash = $1", hash);
}

// The ids that resolve to the lead, however many merges ago they were absorbed.
std::vector<std::int64_t> absorbed_by(Operation& op, std::int64_t lead) {
  std::vector<std::int64_t> all;
  std::set<std::int64_t> seen = {lead};
  for (std::size_t i = 0; i <= all.size(); ++i) {
    Statement rows = op.db.query("SELECT id FROM lead_gone WHERE survivor_id = $1 AND state = 'merged'", i == 0 ? lead : all[i - 1]);
    while (rows.step()) {
      if (seen.insert(rows.integer(0)).second) all.push_back(rows.integer(0));
    }
  }
  return all;
}

}  // namespace

std::int64_t lead_to_erase(Operation& op, std::string_view name) {
  std::int64_t lead = find_lead(op, name);
  if (lead == 0 && name.starts_with("id:")) {
    std::int64_t id = 0;
    std::from_chars(name.data() + 3, name.data() + name.size(), id);
    Statement row = op.db.query("SELECT id FROM lead_gone WHERE id = $1 AND state = 'removed'", id);
    if (row.step()) lead = row.integer(0);
  }
  return lead != 0 ? lead : need_lead(op, name);
}

std::int64_t erase_lead(Operation& op, std::int64_t lead, bool suppress) {
  Identity identity(op, lead);
  identity.add_former(op, lead);
  identity.add_merged(op, lead);
  for (std::int64_t absorbed : absorbed_by(op, lead)) identity.add_merged(op, absorbed);
  for (std::int64_t absorbed : absorbed_by(op, lead)) {
    op.db.run("DELETE FROM lead_merge WHERE survivor_id = $1 OR absorbed_id = $1", absorbed);
  }
  Json counts = forget_lead(op, lead, true);
  counts["event"] = scrub_events(op, lead, identity);
  scrub_actors(op, identity);
  if (search_is_built(op)) SearchIndex(op.db).scrub();

  static constexpr std::string_view nobody;
  Event event;
  event.kind = static_cast<std::int64_t>(EventKind::lead_erased);
  event.lead = lead;
  event.data = suppress ? std::string_view("{\"suppressed\":true}") : std::string_view();
  event.ip = &nobody;
  if (identity.is_told_by(op.act.by)) event.by = &nobody;
  std::int64_t id = op.events.record(event);
  for (const std::string& address : identity.addresses()) {
    suppress_erased(op, address, suppress);
    scrub_suppressions(op, email_target(address).hash, identity);
  }
  for (const std::string& address : identity.former_addresses()) {
    if (lead_with_key(op, KeyKind::email, address) != 0) continue;  // somebody else's by now
    if (suppress && identity.addresses().empty()) suppress_erased(op, address, true);  // of a lead that was removed
    scrub_suppressions(op, email_target(address).hash, identity);
  }
  for (const std::string& phone : identity.phones()) scrub_suppressions(op, phone_target(phone).hash, identity);
  note_gone(op, lead, "erased", 0, id, to_json(counts));
  if (!op.db.settings().memory) {
    op.db.run("INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", setting,
              std::to_string(id));
  }
  return id;
}

std::string pending_erasure(Operation& op) {
  Statement row = op.db.query("SELECT value FROM setting WHERE name = $1", setting);
  return row.step() ? std::string(row.text(0)) : std::string();
}

void erasure_is_done(Operation& op, const std::string& pending) {
  op.db.run("DELETE FROM setting WHERE name = $1 AND value = $2", setting, pending);
}

}  // namespace kith
