#include "domain/erase.h"

#include <charconv>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <unordered_map>
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

// Letters beyond ASCII do not: they rather are words and quotes around it, and too much taken out is the lesser evil.
bool continues_address(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '_' || c == '+'; }

// Whether a folded text holds the address, and not only a longer one that ends or begins with it.
bool holds_address(std::string_view text, std::string_view address) {
  for (std::size_t at = text.find(address); at != std::string_view::npos; at = text.find(address, at + 1)) {
    std::size_t end = at + address.size();
    bool longer = at > 0 && (continues_address(text[at - 1]) || text[at - 1] == '.');
    if (end < text.size() && (continues_address(text[end]) || (text[end] == '.' && end + 1 < text.size() && continues_address(text[end + 1])))) longer = true;
    if (!longer) return true;
  }
  return false;
}

// What tells who somebody is when it stands in a text about something else.
struct Names {
  std::set<std::string> addresses, external_ids;  // folded
  std::set<std::string> phones;

  // In what is about her, everything that is hers tells of her.
  bool in_own(std::string_view text) const {
    return in_others(text) || external_ids.count(fold(text)) != 0 || phones.count(phone_key(text)) != 0;
  }
  // Elsewhere an external id must be called one, and a phone be long enough for one: "anna" and "17" may be anybody.
  bool in_others(std::string_view text) const {
    std::string folded = fold(text);
    for (const std::string& address : addresses) {
      if (holds_address(folded, address)) return true;
    }
    if (folded.starts_with("external:") && external_ids.count(folded.substr(9)) != 0) return true;
    std::string digits = phone_key(text);
    return digits.size() >= 7 && phones.count(digits) != 0;
  }
};

// Of a damaged file as well everything goes, so what cannot be read tells nothing and is kept nowhere.
Json readable(std::string_view text) {
  try {
    return stored_json(text, "data");
  } catch (const Failure&) {
    return nullptr;
  }
}

std::string read_address(std::string_view text) {
  try {
    return parse_address(text, "email").key;
  } catch (const Failure&) {
    return {};
  }
}

// Who a lead is and was: by its rows, by its log, and by the merges that it went through.
class Identity {
 public:
  Identity(Operation& op, std::int64_t lead) {
    for (const LeadKey& key : keys_of_lead(op, lead)) {
      if (key.kind == 1) {
        addresses_.push_back(key.key);
        ever_.addresses.insert(key.key);
      } else {
        ever_.external_ids.insert(fold(key.key));
      }
    }
    Statement row = op.db.query("SELECT email, phone, phone2 FROM lead WHERE id = $1", lead);
    if (row.step()) {
      ever_.addresses.insert(fold(row.text(0)));
      add_phone(row.text(1));
      add_phone(row.text(2));
    }
    Statement others = op.db.query("SELECT email FROM lead_email WHERE lead_id = $1", lead);
    while (others.step()) ever_.addresses.insert(fold(others.text(0)));
  }

  // Addresses, phones and external ids that she had, by the log: of a lead that was removed there is nothing else.
  void add_former(Operation& op, std::int64_t lead) {
    Statement events = op.db.query("SELECT data FROM event WHERE lead_id = $1 AND kind_id IN ($2, $3, $4, $5) AND data IS NOT NULL", lead,
                                   static_cast<std::int64_t>(EventKind::lead_updated), static_cast<std::int64_t>(EventKind::lead_removed),
                                   static_cast<std::int64_t>(EventKind::address_added), static_cast<std::int64_t>(EventKind::address_removed));
    while (events.step()) add_values(readable(events.text(0)), {});
  }
  // What absorbed leads had, by what their merges wrote down.
  void add_merged(Operation& op, std::int64_t lead) {
    Statement merges = op.db.query("SELECT document FROM lead_merge WHERE survivor_id = $1 OR absorbed_id = $1", lead);
    while (merges.step()) add_values(readable(merges.text(0)), {});
  }
  // The last: what somebody else has by now tells of them, but in her own log.
  void leave_to_others(Operation& op, std::int64_t lead) {
    auto is_of_another = [&](KeyKind kind, const std::string& key) {
      std::int64_t holder = lead_with_key(op, kind, key);
      return holder != 0 && holder != lead;
    };
    now_ = ever_;
    for (auto& [key, spellings] : former_addresses_) {
      if (!is_of_another(KeyKind::email, key)) continue;
      now_.addresses.erase(key);
      for (const std::string& spelling : spellings) now_.addresses.erase(spelling);
    }
    for (const std::string& id : former_ids_) {
      if (is_of_another(KeyKind::external_id, id)) now_.external_ids.erase(fold(id));
    }
  }

  const std::vector<std::string>& addresses() const { return addresses_; }
  const std::map<std::string, std::set<std::string>>& former_addresses() const { return former_addresses_; }
  const std::set<std::string>& phones() const { return ever_.phones; }
  const Names& ever() const { return ever_; }
  const Names& now() const { return now_; }

 private:
  void add_phone(std::string_view text) {
    if (std::string key = phone_key(text); !key.empty()) ever_.phones.insert(std::move(key));
  }
  // Every text below a key that a lead has what tells of it under.
  void add_values(const Json& value, std::string_view name) {
    if (value.is_object()) {
      for (const auto& [key, inner] : value.items()) add_values(inner, key);
    } else if (value.is_array()) {
      for (const Json& inner : value) add_values(inner, name);
    } else if (value.is_string()) {
      const std::string& text = value.get_ref<const std::string&>();
      if (name == "email") {
        std::string key = read_address(text);
        if (key.empty()) return;
        ever_.addresses.insert(key);
        ever_.addresses.insert(fold(text));
        former_addresses_[std::move(key)].insert(fold(text));
      } else if (name == "external_id") {
        ever_.external_ids.insert(fold(text));
        former_ids_.insert(text);
      } else if (name == "phone" || name == "phone2") {
        add_phone(text);
      }
    }
  }

  std::vector<std::string> addresses_;                             // keys of those that she has
  std::map<std::string, std::set<std::string>> former_addresses_;  // by key, as they were written
  std::set<std::string> former_ids_;
  Names ever_, now_;
};

// The parts of an event's data that its kind declares not to be personal; "" when there are none.
std::string kept_data(std::int64_t kind, std::string_view data) {
  const EventKindSpec* spec = own_event_kind(kind);
  if (spec == nullptr || spec->keeps.empty() || data.empty()) return {};
  Json kept = Json::object();
  Json all = readable(data);
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
        if (!events.is_null(2) && !identity.ever().in_own(events.text(2))) row.actor = events.text(2);
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

// What she did to others: an actor that names her. One walk over the log: no index has it by actors, since only an
// erasure asks.
void scrub_actors(Operation& op, const Identity& identity) {
  std::unordered_map<std::string, bool> known;  // actors are few
  std::vector<std::int64_t> hers;
  {
    Statement events = op.db.prepare("SELECT id, actor FROM event WHERE actor IS NOT NULL");
    std::string actor;
    while (events.step()) {
      actor = events.text(1);
      auto [found, fresh] = known.try_emplace(actor, false);
      if (fresh) found->second = identity.now().in_others(actor);
      if (found->second) hers.push_back(events.integer(0));
    }
  }
  Statement update = op.db.prepare("UPDATE event SET actor = NULL WHERE id = $1");
  for (std::int64_t event : hers) update.bind_all(event).run();
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
      if (row.step() && !row.is_null(0) && !identity.now().in_own(row.text(0))) actor = row.text(0);
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
  identity.leave_to_others(op, lead);
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
  if (identity.now().in_own(op.act.by)) event.by = &nobody;
  std::int64_t id = op.events.record(event);
  for (const std::string& address : identity.addresses()) {
    suppress_erased(op, address, suppress);
    scrub_suppressions(op, email_target(address).hash, identity);
  }
  for (const auto& [address, spellings] : identity.former_addresses()) {
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
