#include "sql/search_index.h"

#include "base/failure.h"
#include "sql/dialect.h"
#include "sqlite3.h"

namespace kith {

namespace {

// FTS5 of 3.42 and newer overwrites what is removed; older ones keep it until their segments are merged.
bool removes_for_good() { return sqlite3_libversion_number() >= 3042000; }

// FTS5 has words of its own for what is wrong beneath it, under the code for what is wrong in a statement.
template <class Work>
auto telling_damage(Work work) {
  try {
    return work();
  } catch (const Failure& failure) {
    if (failure.status() != Status::internal) throw;
    fail(Status::corrupt, "", "the search index is damaged: {}", failure.sentence());
  }
}

}  // namespace

bool SearchIndex::exists() { return db_.query(Dialect::has_table(), "lead_search").step(); }

void SearchIndex::drop() {
  telling_damage([&] { db_.run_script("DROP TABLE IF EXISTS lead_search"); });
}

void SearchIndex::create() {
  drop();
  // The ascii tokenizer parts words at what is neither letter nor digit in ASCII and takes all else as letters, so it
  // sees exactly the words that it is given. Ranking is the caller's: no sizes are kept.
  db_.run_script(
      "CREATE VIRTUAL TABLE lead_search USING fts5 (words, tokenize = 'ascii', prefix = '1 2 3', columnsize = 0)");
  if (removes_for_good()) db_.run_script("INSERT INTO lead_search (lead_search, rank) VALUES ('secure-delete', 1)");
  // SQLite tells a virtual table of a rollback to a savepoint only if one began while the table was there. One that is
  // not told would go on writing to what is gone, and nothing more of the transaction would succeed.
  db_.run("SAVEPOINT search_index");
  db_.run("RELEASE search_index");
}

void SearchIndex::index(std::int64_t id, std::string_view words) {
  remove(id);
  add(id, words);
}

void SearchIndex::add(std::int64_t id, std::string_view words) {
  telling_damage([&] { db_.query_native("INSERT INTO lead_search (rowid, words) VALUES ($1, $2)", id, words).run(); });
}

void SearchIndex::remove(std::int64_t id) {
  telling_damage([&] { db_.query_native("DELETE FROM lead_search WHERE rowid = $1", id).run(); });
}

std::vector<std::int64_t> SearchIndex::match(std::span<const Term> terms, std::int64_t limit) {
  std::string expression;
  for (const Term& term : terms) {
    if (!expression.empty()) expression += " AND ";
    expression += '(';
    for (std::size_t i = 0; i < term.any_of.size(); ++i) {
      if (i > 0) expression += " OR ";
      expression += '"';
      for (char c : term.any_of[i]) {
        if (c == '"') expression += '"';
        expression += c;
      }
      expression += term.whole ? "\"" : "\" *";
    }
    expression += ')';
  }
  std::vector<std::int64_t> ids;
  telling_damage([&] {
    Statement rows =
        db_.query_native("SELECT rowid FROM lead_search WHERE lead_search MATCH $1 ORDER BY rowid LIMIT $2", expression, limit);
    while (rows.step()) ids.push_back(rows.integer(0));
  });
  return ids;
}

Statement SearchIndex::documents() {
  return telling_damage([&] { return db_.prepare_native("SELECT rowid, words FROM lead_search ORDER BY rowid"); });
}

void SearchIndex::catch_up() { db_.prepare_native("SELECT rowid FROM lead_search LIMIT 1").step(); }  // opening a cursor does

void SearchIndex::scrub() {
  if (!removes_for_good()) telling_damage([&] { db_.run_script("INSERT INTO lead_search (lead_search) VALUES ('optimize')"); });
}

}  // namespace kith
