// A connection to one file: opening it as Kith needs it, the cache of prepared statements, errors as classes,
// and the transaction state. Knows nothing of leads.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sql/literal.h"
#include "sql/statement.h"

struct sqlite3;

namespace kith {

struct OpenSettings {
  std::string path;
  bool read_only = false;
  bool memory = false;
  bool must_exist = false;
  bool normal_sync = false;
  int busy_ms = 5000;
};

class Connection {
 public:
  explicit Connection(const OpenSettings& settings);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // The statement of a text, prepared once. A literal is looked up by its address, so it costs no hashing. Of texts that
  // are put together there may be any number, so the cache keeps some hundred of them.
  Statement prepare(Literal text);
  Statement prepare(const SqlText& text);
  // A text that the host wrote, for kith_sql alone: not cached.
  Statement prepare_foreign(std::string_view text);

  template <class... Values>
  Statement query(Literal text, const Values&... values) {
    Statement statement = prepare(text);
    statement.bind_all(values...);
    return statement;
  }
  template <class... Values>
  Statement query(const SqlText& text, const Values&... values) {
    Statement statement = prepare(text);
    statement.bind_all(values...);
    return statement;
  }
  template <class... Values>
  void run(Literal text, const Values&... values) {
    query(text, values...).run();
  }
  template <class... Values>
  void run(const SqlText& text, const Values&... values) {
    query(text, values...).run();
  }

  std::int64_t changes() const;            // rows that the latest statement changed
  std::uint64_t statements_run() const { return statements_run_; }
  std::size_t statements_kept() const { return by_text_.size(); }
  void run_script(std::string_view text);  // a migration's text

  bool in_transaction() const;
  // For clearing up after a failure: they do not fail themselves.
  void roll_back() noexcept;
  void roll_back_to(Literal savepoint) noexcept;
  void interrupt();
  void checkpoint() noexcept;  // as far as readers allow
  bool read_only() const { return settings_.read_only; }
  const OpenSettings& settings() const { return settings_; }
  sqlite3* raw() const { return db_; }

  // Throws what SQLite's present error means; `code` is what the call answered.
  [[noreturn]] void fail_with(int code) const;
  void forget_statements();  // before the schema changes, or a copy is closed
  // In another process than the one that opened it: nothing may be touched, not even to close.
  void abandon() { db_ = nullptr; }

 private:
  friend class Statement;
  Statement acquire(std::string_view text, bool assembled);
  void make_room();
  std::unique_ptr<Statement::Slot> compile(std::string_view text, bool lasting);
  void open();
  void configure();

  OpenSettings settings_;
  sqlite3* db_ = nullptr;
  std::unordered_map<const char*, Statement::Slot*> by_address_;
  std::unordered_map<std::string_view, std::unique_ptr<Statement::Slot>> by_text_;
  std::uint64_t statements_run_ = 0;
  std::size_t assembled_ = 0;  // statements in the cache whose texts were put together
};

}  // namespace kith
