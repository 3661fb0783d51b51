// The stored sets against the rows that they were made from.
#include <map>

#include "base/failure.h"
#include "core/check.h"

namespace kith {

namespace {

using Sets = std::map<std::pair<std::int64_t, std::int64_t>, LeadSet>;  // by family and owner

LeadSet& set_of(Sets& sets, SetFamily family, std::int64_t owner) { return sets[{static_cast<std::int64_t>(family), owner}]; }

constexpr struct {
  SetFamily family;
  std::string_view state;
  const char* name;
} families[] = {
    {SetFamily::gone, "", "gone"},
    {SetFamily::tag, "", "tag"},
    {SetFamily::subscribed, "subscribed", "subscribed"},
    {SetFamily::pending, "pending", "pending"},
    {SetFamily::unsubscribed, "unsubscribed", "unsubscribed"},
    {SetFamily::bounced, "bounced", "bounced"},
    {SetFamily::complained, "complained", "complained"},
};

std::string place_of(std::int64_t family, std::int64_t owner) {
  for (const auto& known : families) {
    if (static_cast<std::int64_t>(known.family) == family) return fmt::format("{} {}", known.name, owner);
  }
  return fmt::format("family {} {}", family, owner);
}

// What the sets must be. Ids come in ascending order for each set, so adding one is appending it.
Sets sets_of_rows(Operation& op) {
  Sets sets;
  {
    LeadSet gone = op.sets.every_id();
    LeadSet live;
    Statement rows = op.db.prepare("SELECT id FROM lead ORDER BY id");
    while (rows.step()) live.add(rows.integer(0));
    gone -= live;
    if (!gone.empty()) set_of(sets, SetFamily::gone, 0) = std::move(gone);
  }
  {
    Statement rows = op.db.prepare("SELECT lead_id, tag_id FROM lead_tag ORDER BY lead_id, tag_id");
    while (rows.step()) set_of(sets, SetFamily::tag, rows.integer(1)).add(rows.integer(0));
  }
  Statement rows = op.db.prepare("SELECT lead_id, list_id, state FROM subscription ORDER BY lead_id, list_id");
  while (rows.step()) {
    for (const auto& known : families) {
      if (!known.state.empty() && rows.text(2) == known.state) set_of(sets, known.family, rows.integer(1)).add(rows.integer(0));
    }
  }
  return sets;
}

// What is stored; a set of which a chunk cannot be read counts as empty and is named in `unreadable`.
Sets stored_sets(Operation& op, std::map<std::pair<std::int64_t, std::int64_t>, std::string>& unreadable) {
  Sets sets;
  Statement rows = op.db.prepare("SELECT DISTINCT family, owner FROM lead_set ORDER BY family, owner");
  while (rows.step()) {
    std::pair<std::int64_t, std::int64_t> key(rows.integer(0), rows.integer(1));
    try {
      sets[key] = op.sets.load({static_cast<SetFamily>(key.first), key.second});
    } catch (const Failure& failure) {
      if (failure.status() != Status::corrupt) throw;
      unreadable[key] = failure.sentence();
      sets[key] = {};
    }
  }
  return sets;
}

}  // namespace

void check_sets(Operation& op, Faults& faults) {
  Sets wanted = sets_of_rows(op);
  std::map<std::pair<std::int64_t, std::int64_t>, std::string> unreadable;
  Sets stored = stored_sets(op, unreadable);
  for (const auto& [key, set] : stored) wanted.try_emplace(key);
  for (const auto& [key, should] : wanted) {
    const LeadSet& is = stored[key];
    auto broken = unreadable.find(key);
    if (broken == unreadable.end() && is == should) continue;
    std::string fault;
    if (broken != unreadable.end()) {
      fault = "a chunk of it cannot be read";
    } else {
      LeadSet missing = should;
      missing -= is;
      LeadSet extra = is;
      extra -= should;
      fault = fmt::format("lacks {} leads that belong in it, and has {} that do not", missing.size(), extra.size());
    }
    if (faults.derived("set", place_of(key.first, key.second), fault)) {
      op.sets.replace({static_cast<SetFamily>(key.first), key.second}, should);
    }
  }
}

}  // namespace kith
