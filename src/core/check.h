// Examining a file: what lies in its tables against what must follow from it, and making again what can be derived.
// Each part stands in a file of its own; here is what they share, and their order.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/operation.h"
#include "model/rows.h"

namespace kith {

class Database;

// A row a fault: part, place, fault. With `repair` what is derived is made again, and the sentence of
// its fault ends with "; repaired".
// What was found is told also where damage then cuts the check short.
RowsPtr check(Database& database, bool repair);

class Faults {
 public:
  explicit Faults(bool repair) : repair_(repair) {}
  bool repairs() const { return repair_; }

  // One that can be made good: answers whether to do so.
  bool derived(std::string_view part, std::string_view place, std::string_view fault);
  // One that only people can decide about.
  void add(std::string_view part, std::string_view place, std::string_view fault);
  // The whole was not finished, and what was repaired is undone.
  void cut_short(std::string_view why);
  RowsPtr rows() const;

 private:
  struct Fault {
    std::string part, place, sentence;
  };
  bool repair_;
  std::vector<Fault> faults_;
  std::int64_t left_out_ = 0;
};

void check_file(Operation& op, Faults& faults);        // all that follows
void check_engine(Operation& op, Faults& faults);      // SQLite's own examination
void check_references(Operation& op, Faults& faults);  // what points at what is not there
void check_keys(Operation& op, Faults& faults);        // lead_key, and the folded texts beside names and phones
void check_sets(Operation& op, Faults& faults);        // lead_set
void check_states(Operation& op, Faults& faults);      // subscription, soft_bounce, suppression, setting
void check_counters(Operation& op, Faults& faults);    // counter
void check_search(Operation& op, Faults& faults);      // lead_search

}  // namespace kith
