// A connection to one file: opening it as Kith needs it, the cache of prepared statements, errors as classes,
// and the transaction state. Knows nothing of leads.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sql/literal.h"
#include "sql/process_guard.h"
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
  // In words that only this engine knows: for src/sql alone. What is prepared otherwise must be common SQL, and tests
  // read all of it.
  Statement prepare_native(Literal text);
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
  Statement query_native(Literal text, const Values&... values) {
    Statement statement = prepare_native(text);
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
  std::int64_t total_changes() const;      // rows changed since the file was opened
  std::uint64_t statements_run() const { return statements_run_; }
  std::size_t statements_kept() const { return by_text_.size(); }
  void run_script(std::string_view text);  // a migration's text

  void begin_write();  // waits for another writer now, and not in the middle
  bool in_transaction() const;
  // For clearing up after a failure: they do not fail themselves.
  void roll_back() noexcept;
  void roll_back_to(Literal savepoint) noexcept;
  // Writes go through a write-ahead log from now on. False: there can be none where the file lies.
  bool keep_log();
  void checkpoint() noexcept;  // as far as readers allow
  // Folds the whole log into the file and empties it. False: a reader holds old pages, and did so for `wait_ms`.
  bool empty_log(int wait_ms);
  // Who judges what statements do while they are prepared; nullptr: nobody. Changing it costs no statement.
  using Judge = int (*)(void* user, int action, const char* first, const char* second, const char* database, const char* trigger);
  void watch_statements(Judge judge, void* user);

  // From any thread: the statement that runs now and those after it fail, until `uncancel`.
  void cancel();
  // While it lives, cancelling does nothing: for what must happen after a failure, cancelled or not.
  class Undisturbed {
   public:
    explicit Undisturbed(Connection& db) noexcept;
    ~Undisturbed();

   private:
    Connection& db_;
  };
  void uncancel() { cancelled_.store(false, std::memory_order_relaxed); }
  bool cancelled() const { return cancelled_.load(std::memory_order_relaxed); }

  // The file is Kith's, and its log is open. Until then, closing leaves a log as it was.
  void file_accepted();
  // Whether the name still stands for the file, and no other SQLite of this process has it; see ProcessGuard.
  void check_before_write();
  std::int64_t log_bytes() const { return guard_ ? guard_->log_bytes() : 0; }
  bool read_only() const { return settings_.read_only; }
  const OpenSettings& settings() const { return settings_; }
  sqlite3* raw() const { return db_; }

  // Throws what SQLite's present error means; `code` is what the call answered.
  [[noreturn]] void fail_with(int code) const;
  void forget_statements();  // before the schema changes, or a copy is closed
  // In another process than the one that opened it: forgets the file without touching anything, or closes what this
  // process has of it, which is right only when no call was running while it forked.
  void abandon();
  void close_without_writing();

 private:
  friend class Statement;
  enum class Words { common, native };
  Statement prepare(Literal text, Words words);
  Statement acquire(std::string_view text, bool assembled, Words words);
  void make_room();
  std::unique_ptr<Statement::Slot> compile(std::string_view text, bool lasting, Words words);
  void open();
  void configure();
  bool wait_for_lock(int times);

  OpenSettings settings_;
  std::optional<ProcessGuard> guard_;  // none for a file in memory
  sqlite3* db_ = nullptr;
  std::atomic<bool> cancelled_ = false;
  std::mutex cancel_mutex_;
  int undisturbed_ = 0;
  int busy_ms_ = 0;  // how long is waited for another's lock
  std::chrono::steady_clock::time_point busy_since_;
  Judge judge_ = nullptr;
  void* judged_by_ = nullptr;
  bool is_watching_ = false;
  std::unordered_map<const char*, Statement::Slot*> by_address_;
  std::unordered_map<std::string_view, std::unique_ptr<Statement::Slot>> by_text_;
  std::uint64_t statements_run_ = 0;
  std::size_t assembled_ = 0;  // statements in the cache whose texts were put together
};

}  // namespace kith
