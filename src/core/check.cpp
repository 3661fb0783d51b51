#include "core/check.h"

#include <set>
#include <vector>

#include "base/failure.h"
#include "core/database.h"
#include "domain/search.h"
#include "sql/dialect.h"
#include "sql/file_facts.h"
#include "sql/search_index.h"

namespace kith {

namespace {

constexpr std::size_t most_faults = 10000;  // of a file that is no use any more

// The engine has no code of its own for what its extensions find wrong beneath them.
bool is_damage(const Failure& failure) { return failure.status() == Status::corrupt || failure.status() == Status::internal; }

// A part that meets damage says so, and the others go on.
void run_part(Operation& op, Faults& faults, std::string_view part, void (*check)(Operation&, Faults&)) {
  try {
    check(op, faults);
  } catch (const Failure& failure) {
    if (!is_damage(failure)) throw;
    faults.add(part, "", "the check of this part was cut short: " + failure.message());
  }
}

}  // namespace

bool Faults::derived(std::string_view part, std::string_view place, std::string_view fault) {
  add(part, place, repair_ ? std::string(fault) + "; repaired" : std::string(fault));
  return repair_;
}

void Faults::add(std::string_view part, std::string_view place, std::string_view fault) {
  if (faults_.size() < most_faults) {
    faults_.push_back({std::string(part), std::string(place), std::string(fault)});
  } else {
    ++left_out_;
  }
}

void Faults::cut_short(std::string_view why) {
  constexpr std::string_view mended = "; repaired";  // it was, and is not kept
  for (Fault& fault : faults_) {
    if (repair_ && fault.sentence.ends_with(mended)) fault.sentence.resize(fault.sentence.size() - mended.size());
  }
  faults_.push_back({"file", "", fmt::format("{}: {}", repair_ ? "nothing was repaired" : "the check was cut short", why)});
}

RowsPtr Faults::rows() const {
  RowsBuilder rows({{"part", Meaning::text}, {"place", Meaning::text}, {"fault", Meaning::text}}, faults_.size());
  for (const Fault& fault : faults_) rows.add({fault.part, fault.place, fault.sentence});
  if (left_out_ > 0) rows.add({"file", "", fmt::format("{} more faults are not listed", left_out_)});
  return rows.finish();
}

RowsPtr check(Database& database, bool repair) {
  Faults faults(repair);
  auto run = [&](Operation& op) {
    check_file(op, faults);
    return faults.rows();
  };
  try {
    return repair ? database.write({}, {}, [&](Operation& op, const Extras&) { return run(op); }) : database.read(run);
  } catch (const Failure& failure) {
    if (failure.status() != Status::corrupt) throw;
    faults.cut_short(failure.message());
    return faults.rows();
  }
}

void check_file(Operation& op, Faults& faults) {
  run_part(op, faults, "file", check_engine);
  run_part(op, faults, "counter", check_counters);
  run_part(op, faults, "key", check_keys);
  run_part(op, faults, "set", check_sets);
  run_part(op, faults, "reference", check_references);
  run_part(op, faults, "state", check_states);
  run_part(op, faults, "search", check_search);
}

namespace {

// "row 3 missing from index lead_created": an index that does not fit its table can be made from it again.
std::string index_of_fault(std::string_view fault) {
  constexpr std::string_view before = " index ";
  std::size_t at = fault.rfind(before);
  if (at == std::string_view::npos) return {};
  std::string_view name = fault.substr(at + before.size());
  return name.find(' ') == std::string_view::npos ? std::string(name) : std::string();
}

void rebuild_index(Operation& op, Faults& faults, const std::string& name) {
  try {
    op.db.run(Dialect::rebuild_index(name));
  } catch (const Failure& failure) {
    if (failure.status() != Status::conflict) throw;
    faults.add("file", name, "cannot be made again: two rows have what must be unique");
  }
}

std::vector<std::string> engine_faults(Operation& op) {
  // The engine would compare the index with what this handle remembers of it, though another one may have written since.
  if (SearchIndex index(op.db); index.exists()) index.catch_up();
  std::vector<std::string> found;
  try {
    Statement rows = examination(op.db);
    while (rows.step()) {
      if (rows.text(0) == "ok") continue;
      fail_if_unread(op.db, rows.text(0));
      found.emplace_back(rows.text(0));
    }
  } catch (const Failure& failure) {  // what it found before it met that is worth as much
    if (failure.status() != Status::corrupt) throw;
    found.push_back("the check of this part was cut short: " + failure.message());
  }
  return found;
}

}  // namespace

void check_engine(Operation& op, Faults& faults) {
  bool broken_search = false;
  std::set<std::string> broken_indexes;
  std::vector<std::string> found = engine_faults(op);
  // Twice, for some of what cannot be read for the present is told in no other words than what is broken.
  if (!found.empty()) found = engine_faults(op);
  for (const std::string& fault : found) {
    if (fault.find("lead_search") != std::string_view::npos) {
      broken_search = faults.derived("search", "lead_search", fault) || broken_search;
    } else if (std::string index = index_of_fault(fault); !index.empty()) {
      if (faults.derived("file", index, fault)) broken_indexes.insert(std::move(index));
    } else {
      faults.add("file", "", fault);
    }
  }
  for (const std::string& index : broken_indexes) rebuild_index(op, faults, index);
  if (broken_search) build_search(op);
}

void check_search(Operation& op, Faults& faults) {
  SearchIndex index(op.db);
  bool exists = index.exists();
  if (!search_is_built(op)) {
    if (exists && faults.derived("search", "lead_search", "is there, and nothing keeps it up to date")) index.drop();
    return;
  }
  std::string fault = "is not there";
  try {
    if (exists) fault = search_fault(op);
  } catch (const Failure& failure) {
    if (!is_damage(failure)) throw;
    fault = failure.sentence();
  }
  if (!fault.empty() && faults.derived("search", "lead_search", fault)) build_search(op);
}

}  // namespace kith
