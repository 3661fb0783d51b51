// How SQLite means to answer statements: the steps of their plans, each with the name of the table instead of the
// statement's own name for it. Judges which steps read no more than one lead or one thing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/statements.h"

namespace kith::test {

struct PlanStep {
  std::string step;  // "SEARCH lead_key USING PRIMARY KEY (kind=? AND key=?)", or "SCAN lead"
  std::string sql;   // whose it is
  // Of a table that grows with leads, and not by what names one lead or one thing: it reads rows without bound.
  bool is_wide = false;
};

// The steps of every statement that is prepared while it lives, each step of each statement once.
class PlanWatch final : public StatementWatch {
 public:
  const std::vector<PlanStep>& steps() const { return steps_; }
  void forget() { steps_.clear(); }

 private:
  void prepared(std::string_view text, sqlite3_stmt* statement, sqlite3* db) override;
  std::vector<PlanStep> steps_;
};

std::vector<PlanStep> plan_steps(std::string_view sql, sqlite3* db);

}  // namespace kith::test
