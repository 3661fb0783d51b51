#include "core/check.h"

#include "base/failure.h"
#include "domain/search.h"

namespace kith {

namespace {

constexpr std::size_t most_faults = 10000;  // of a file that is no use any more

// A part that meets damage says so, and the others go on.
void run_part(Operation& op, Faults& faults, std::string_view part, void (*check)(Operation&, Faults&)) {
  try {
    check(op, faults);
  } catch (const Failure& failure) {
    if (failure.status() != Status::corrupt) throw;
    faults.add(part, "", failure.message());
  }
}

}  // namespace

bool Faults::derived(std::string_view part, std::string_view place, std::string_view fault) {
  add(part, place, repair_ ? std::string(fault) + "; repaired" : std::string(fault));
  return repair_;
}

void Faults::add(std::string_view part, std::string_view place, std::string_view fault) {
  if (faults_.size() < most_faults) faults_.push_back({std::string(part), std::string(place), std::string(fault)});
}

RowsPtr Faults::rows() const {
  RowsBuilder rows({{"part", Meaning::text}, {"place", Meaning::text}, {"fault", Meaning::text}}, faults_.size());
  for (const Fault& fault : faults_) rows.add({fault.part, fault.place, fault.sentence});
  return rows.finish();
}

RowsPtr check_file(Operation& op, bool repair) {
  Faults faults(repair);
  run_part(op, faults, "file", check_engine);
  run_part(op, faults, "counter", check_counters);
  run_part(op, faults, "key", check_keys);
  run_part(op, faults, "set", check_sets);
  run_part(op, faults, "reference", check_references);
  run_part(op, faults, "search", check_search);
  return faults.rows();
}

void check_engine(Operation& op, Faults& faults) {
  bool broken_search = false;
  Statement rows = op.db.prepare("PRAGMA integrity_check(1000)");
  while (rows.step()) {
    std::string_view fault = rows.text(0);
    if (fault == "ok") continue;
    if (fault.find("lead_search") == std::string_view::npos) {
      faults.add("file", "", fault);
    } else {
      broken_search = faults.derived("search", "lead_search", fault) || broken_search;
    }
  }
  rows.reset();
  if (broken_search) build_search(op);
}

void check_search(Operation& op, Faults& faults) {
  if (!search_is_built(op)) return;
  std::string fault = search_fault(op);
  if (!fault.empty() && faults.derived("search", "lead_search", fault)) build_search(op);
}

}  // namespace kith
