#include "support/plans.h"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "sql/dialect.h"
#include "sqlite3.h"
#include "support/sql_tokens.h"

namespace kith::test {

namespace {

// Tables whose rows become more as leads do, and what each of them may be searched by: what is equal to it is one
// thing, or what belongs to one lead. All other tables hold definitions, of which there are few.
const std::map<std::string, std::vector<std::string>, std::less<>>& growing_tables() {
  static const std::map<std::string, std::vector<std::string>, std::less<>> tables = {
      {"lead", {"rowid=?", "phone_key=?"}},
      {"lead_key", {"kind=? AND key=?", "lead_id=?"}},
      {"lead_custom", {"rowid=?"}},
      {"lead_gone", {"rowid=?", "survivor_id=?"}},
      {"lead_email", {"lead_id=?", "id=?"}},
      {"note", {"lead_id=?", "id=?"}},
      {"lead_merge", {"rowid=?", "survivor_id=?", "absorbed_id=?"}},
      {"lead_tag", {"lead_id=?"}},
      {"subscription", {"lead_id=?"}},
      {"pause", {"lead_id=?"}},
      {"confirm_wanted", {"lead_id=?"}},
      {"soft_bounce", {"lead_id=?"}},
      {"suppression", {"rowid=?", "target_hash=?"}},
      {"token", {"rowid=?", "lead_id=?"}},
      {"event", {"rowid=?", "lead_id=?"}},
      {"write_key", {"verb=? AND key=?", "lead_id=?"}},
      {"lead_set", {"family=? AND owner=?"}},
      {"lead_search", {}},  // a virtual table: SQLite shows no columns
  };
  return tables;
}

bool is_wide_step(const std::string& table, const std::string& step) {
  auto known = growing_tables().find(table);
  if (known == growing_tables().end()) return false;
  if (step.find("VIRTUAL TABLE INDEX") != std::string::npos) return step.ends_with(":");
  if (!step.starts_with("SEARCH ") || step.find("AUTOMATIC") != std::string::npos) return true;
  std::size_t open = step.find('(');
  if (open == std::string::npos) return false;  // the least or the greatest: the first of an index
  std::string by = step.substr(open + 1);
  return std::none_of(known->second.begin(), known->second.end(), [&](const std::string& column) {
    return by.starts_with(column + ")") || by.starts_with(column + " ");
  });
}

}  // namespace

std::vector<PlanStep> plan_steps(std::string_view sql, sqlite3* db) {
  std::vector<PlanStep> steps;
  std::vector<SqlToken> tokens = sql_tokens(sql);
  // A pragma may act while it is prepared; a definition and a transaction's word have no plan.
  if (!tokens[0].is("SELECT") && !tokens[0].is("INSERT") && !tokens[0].is("UPDATE") && !tokens[0].is("DELETE") && !tokens[0].is("WITH")) return steps;
  std::vector<NamedTable> tables = sql_tables(tokens);
  std::string text = "EXPLAIN QUERY PLAN " + Dialect::numbered(sql);
  sqlite3_stmt* plan = nullptr;
  if (sqlite3_prepare_v2(db, text.c_str(), -1, &plan, nullptr) != SQLITE_OK) throw std::runtime_error(text + ": " + sqlite3_errmsg(db));
  bool sorts = false;
  while (sqlite3_step(plan) == SQLITE_ROW) {
    std::string line = reinterpret_cast<const char*>(sqlite3_column_text(plan, 3));
    if (line.starts_with("USE TEMP B-TREE") && line.find("LAST") == std::string::npos) sorts = true;  // else: what is equal so far
    std::size_t verb = line.starts_with("SEARCH ") ? 7 : line.starts_with("SCAN ") ? 5 : 0;
    if (verb == 0) continue;
    std::size_t end = std::min(line.find(' ', verb), line.size());
    std::string name = line.substr(verb, end - verb);
    // A name that stands for two tables is taken for whichever is worse.
    PlanStep step;
    for (const NamedTable& one : tables) {
      if (one.alias != name) continue;
      std::string of_table = line.substr(0, verb) + one.table + line.substr(end);
      bool wide = is_wide_step(one.table, of_table);
      if (step.step.empty() || (wide && !step.is_wide)) step = {of_table, std::string(sql), wide};
    }
    if (step.step.empty()) step = {line, std::string(sql), is_wide_step(name, line)};
    steps.push_back(std::move(step));
  }
  sqlite3_finalize(plan);
  for (PlanStep& step : steps) {
    if (step.is_wide && sorts) step.step += ", SORTED";
  }
  return steps;
}

void PlanWatch::prepared(std::string_view text, sqlite3_stmt*, sqlite3* db) {
  for (PlanStep& step : plan_steps(text, db)) {
    bool known = std::any_of(steps_.begin(), steps_.end(), [&](const PlanStep& other) { return other.step == step.step && other.sql == step.sql; });
    if (!known) steps_.push_back(std::move(step));
  }
}

}  // namespace kith::test
