#include "sql/connection.h"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <mutex>
#include <new>
#include <thread>
#include <utility>
#include <vector>

#include "base/failure.h"
#include "base/text.h"
#include "sql/dialect.h"
#include "sql/slot.h"
#include "sql/sqlite_errors.h"
#include "sqlite3.h"

namespace kith {

namespace {

constexpr std::size_t most_assembled = 500;
constexpr std::size_t longest_kept = 16 * 1024;

// Two things that SQLite looks up without a lock: whether it has been initialised, and, in opening a file, whether
// this process has opened one before. Settled here, before any thread opens a file, they are no races.
void start_sqlite() {
  static std::once_flag once;
  std::call_once(once, [] {
    if (sqlite3_initialize() != SQLITE_OK) throw std::bad_alloc();
    sqlite3_vfs* unix_files = sqlite3_vfs_find("unix");
    if (unix_files == nullptr) return;
    std::vector<std::max_align_t> file(static_cast<std::size_t>(unix_files->szOsFile) / sizeof(std::max_align_t) + 1);
    auto* opened = reinterpret_cast<sqlite3_file*>(file.data());
    // A name that cannot be: it is the attempt that counts.
    if (unix_files->xOpen(unix_files, "/dev/null/none", opened, SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB, nullptr) == SQLITE_OK) {
      opened->pMethods->xClose(opened);
    }
    unsigned char seeded = 0;  // the first one asked for notes the process as well
    sqlite3_randomness(1, &seeded);
  });
}

// Nobody can write there, so SQLite may do without locks and without the log that it could not make beside the file.
bool lies_on_read_only_medium(const std::string& path) {
  struct statvfs facts = {};
  return statvfs(path.c_str(), &facts) == 0 && (facts.f_flag & ST_RDONLY) != 0;
}

std::string as_immutable(const std::string& path) {
  std::string uri = "file:";
  for (char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      uri += fmt::format("%{:02x}", static_cast<unsigned char>(c));
    } else {
      uri += c;
    }
  }
  return uri + "?immutable=1";
}

}  // namespace

Connection::Connection(const OpenSettings& settings) : settings_(settings) {
  try {
    open();
    configure();
  } catch (const Failure& failure) {
    sqlite3_close(db_);
    if (failure.status() != Status::internal || settings_.memory) throw;
    fail_unreadable(failure, settings_.path);
  } catch (...) {
    sqlite3_close(db_);
    throw;
  }
}

Connection::~Connection() {
  if (db_ == nullptr) {  // abandoned in a forked child: statements belong to the parent's copy
    for (auto& [text, slot] : by_text_) slot.release()->statement = nullptr;
    return;
  }
  forget_statements();
  // Closing last would fold the log into the file, which is writing.
  if (settings_.read_only && guard_ && guard_->has_log()) sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_close_v2(db_);
}

void Connection::abandon() {
  if (guard_) guard_->abandon();
  db_ = nullptr;
}

void Connection::close_without_writing() {
  forget_statements();
  sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_close_v2(std::exchange(db_, nullptr));
}

void Connection::open() {
  if (!settings_.memory) {
    struct stat facts = {};
    bool exists = stat(settings_.path.c_str(), &facts) == 0;
    if (exists && !S_ISREG(facts.st_mode)) {
      fail(Status::not_kith, "path", "{} is {}", shown(settings_.path, 200), S_ISDIR(facts.st_mode) ? "a folder" : "no file but a device or pipe");
    }
    // SQLite takes a file of one byte for an empty one.
    if (exists && facts.st_size == 1) fail(Status::not_kith, "path", "{} is no SQLite file, so not Kith's", shown(settings_.path, 200));
    if (!exists && (settings_.must_exist || settings_.read_only)) {
      fail(Status::not_found, "path", "there is no file {}", shown(settings_.path, 200));
    }
    guard_.emplace(settings_.path);
  }
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_PRIVATECACHE;
  if (settings_.memory) {
    flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY;
  } else {
    // Also for reading only: who could not write could not clear away the log that reading needs. query_only holds
    // such a handle to its word, and where the file is protected SQLite makes do with reading.
    flags |= SQLITE_OPEN_READWRITE | (settings_.must_exist || settings_.read_only ? 0 : SQLITE_OPEN_CREATE);
  }
  std::string name = settings_.memory ? ":memory:" : settings_.path;
  if (settings_.read_only && !settings_.memory && lies_on_read_only_medium(settings_.path)) {
    if (guard_->has_log()) {
      fail(Status::read_only, "path", "{} lies on a read-only medium with a log beside it, which cannot be read there: copy both to where they can be written",
           shown(settings_.path, 200));
    }
    name = as_immutable(settings_.path);
    flags |= SQLITE_OPEN_URI;
  }
  start_sqlite();
  int code = sqlite3_open_v2(name.c_str(), &db_, flags, nullptr);
  if (db_ == nullptr) throw std::bad_alloc();
  if (code != SQLITE_OK) {
    if ((code & 0xff) == SQLITE_CANTOPEN) {
      std::string folder = std::filesystem::absolute(settings_.path).parent_path();
      bool is_protected = access(folder.c_str(), F_OK) == 0 && access(folder.c_str(), W_OK) != 0;
      Status status = is_protected ? Status::read_only : status_of_sqlite(code, sqlite3_system_errno(db_));
      fail(status, "path", "{} cannot be opened: does its folder exist, and may this process {} there?", shown(settings_.path, 200),
           settings_.read_only ? "read" : "write");
    }
    fail_with(code);
  }
  // What another program left in the log is not folded in by us until we know that the file is Kith's.
  if (guard_ && guard_->has_log()) sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  if (!settings_.read_only && sqlite3_db_readonly(db_, "main") == 1) {
    fail(Status::read_only, "path", "{} may not be written by this process: open it for reading only", shown(settings_.path, 200));
  }
}

void Connection::configure() {
  busy_ms_ = settings_.busy_ms;
  sqlite3_busy_handler(db_, [](void* self, int times) { return static_cast<Connection*>(self)->wait_for_lock(times) ? 1 : 0; }, this);
  sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(db_, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
  // Plans must not depend on bound values: with statistics compiled in, SQLite would prepare anew at every binding.
  sqlite3_db_config(db_, SQLITE_DBCONFIG_ENABLE_QPSG, 1, nullptr);
  sqlite3_limit(db_, SQLITE_LIMIT_ATTACHED, 0);
  run_script(
      "PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; PRAGMA cell_size_check=ON; PRAGMA secure_delete=ON;"
      "PRAGMA cache_size=-32768; PRAGMA journal_size_limit=67108864;");
  if (settings_.read_only) run_script("PRAGMA query_only=ON");
  run_script(settings_.normal_sync ? "PRAGMA synchronous=NORMAL" : "PRAGMA synchronous=FULL");
}

Statement Connection::prepare(Literal text) { return prepare(text, Words::common); }
Statement Connection::prepare_native(Literal text) { return prepare(text, Words::native); }

Statement Connection::prepare(Literal text, Words words) {
  auto [found, fresh] = by_address_.try_emplace(text.view().data(), nullptr);
  if (!fresh && found->second != nullptr && !found->second->in_use) {
    found->second->in_use = true;
    ++statements_run_;
    return Statement(*this, found->second);
  }
  Statement statement = acquire(text.view(), false, words);
  auto known = by_text_.find(text.view());
  if (known != by_text_.end()) {
    if (known->second->assembled) --assembled_;
    known->second->assembled = false;  // by_address_ points at it from now on
    by_address_[text.view().data()] = known->second.get();
  }
  return statement;
}

Statement Connection::prepare(const SqlText& text) { return acquire(text.string(), true, text.is_native() ? Words::native : Words::common); }

Statement Connection::acquire(std::string_view text, bool assembled, Words words) {
  ++statements_run_;
  auto known = by_text_.find(text);
  if (known != by_text_.end() && !known->second->in_use) {
    known->second->in_use = true;
    return Statement(*this, known->second.get());
  }
  bool lasting = known == by_text_.end() && (!assembled || text.size() <= longest_kept);
  if (lasting && assembled && assembled_ >= most_assembled) make_room();
  std::unique_ptr<Statement::Slot> slot = compile(text, lasting, words);
  slot->in_use = true;
  slot->assembled = lasting && assembled;
  Statement::Slot* raw = slot.get();
  if (lasting) {
    if (assembled) ++assembled_;
    by_text_.emplace(std::string_view(raw->text), std::move(slot));
  } else {
    slot.release();  // the cached one is busy further up, or it is too large to keep: this one ends with its use
  }
  return Statement(*this, raw);
}

Statement Connection::prepare_foreign(std::string_view text) {
  auto slot = std::make_unique<Statement::Slot>();
  slot->text = text;
  slot->foreign = true;
  const char* rest = nullptr;
  int code = sqlite3_prepare_v3(db_, slot->text.c_str(), static_cast<int>(slot->text.size()) + 1, 0,
                                &slot->statement, &rest);
  if (code != SQLITE_OK) fail_with(code);
  if (slot->statement == nullptr) fail(Status::invalid, "sql", "there is no statement in the text");
  slot->parameters = sqlite3_bind_parameter_count(slot->statement);
  Statement statement(*this, slot.release());
  if (!trimmed(rest).empty()) fail(Status::invalid, "sql", "one statement at a time; the text goes on with {}", shown(rest, 30));
  return statement;
}

std::unique_ptr<Statement::Slot> Connection::compile(std::string_view text, bool lasting, Words words) {
  auto slot = std::make_unique<Statement::Slot>();
  slot->text = text;
  slot->lasting = lasting;
  std::string native = Dialect::numbered(text);
  int code = sqlite3_prepare_v3(db_, native.c_str(), static_cast<int>(native.size()) + 1,
                                lasting ? SQLITE_PREPARE_PERSISTENT : 0, &slot->statement, nullptr);
  if (code != SQLITE_OK) fail_with(code);
  slot->parameters = sqlite3_bind_parameter_count(slot->statement);
  if (StatementObserver* observer = words == Words::common ? statement_observer() : nullptr) observer->seen(text, slot->statement, db_);
  return slot;
}

void Connection::run_script(std::string_view text) {
  std::string copy(text);
  int code = sqlite3_exec(db_, copy.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail_with(code);
}

std::int64_t Connection::changes() const { return sqlite3_changes64(db_); }
std::int64_t Connection::total_changes() const { return sqlite3_total_changes64(db_); }
void Connection::begin_write() { prepare_native("BEGIN IMMEDIATE").run(); }
bool Connection::in_transaction() const { return sqlite3_get_autocommit(db_) == 0; }
void Connection::roll_back() noexcept {
  Undisturbed undisturbed(*this);
  sqlite3_exec(db_, "ROLLBACK", nullptr, nullptr, nullptr);
}
void Connection::roll_back_to(Literal savepoint) noexcept {
  Undisturbed undisturbed(*this);
  char text[96];
  auto name = savepoint.view();
  sqlite3_snprintf(sizeof text, text, "ROLLBACK TO %.*s; RELEASE %.*s", static_cast<int>(name.size()), name.data(),
                   static_cast<int>(name.size()), name.data());
  sqlite3_exec(db_, text, nullptr, nullptr, nullptr);
}
// SQLite's own waiting minds no interruption, so this one goes in short sleeps.
bool Connection::wait_for_lock(int times) {
  auto now = std::chrono::steady_clock::now();
  if (times == 0) busy_since_ = now;
  auto left = busy_since_ + std::chrono::milliseconds(busy_ms_) - now;
  if (cancelled() || left <= left.zero()) return false;
  std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(left, std::chrono::milliseconds(std::min(1 + times, 10))));
  return !cancelled();
}

bool Connection::empty_log(int wait_ms) {
  busy_ms_ = wait_ms;
  int code = sqlite3_wal_checkpoint_v2(db_, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  busy_ms_ = settings_.busy_ms;
  if (code == SQLITE_OK) return true;
  if ((code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED) return false;
  fail_with(code);
}

bool Connection::keep_log() {
  Statement mode = prepare_native("PRAGMA journal_mode=WAL");
  return mode.step() && mode.text(0) == "wal";
}

void Connection::checkpoint() noexcept {
  sqlite3_wal_checkpoint_v2(db_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
}

void Connection::make_room() {
  for (auto entry = by_text_.begin(); entry != by_text_.end();) {
    if (entry->second->assembled && !entry->second->in_use) {
      entry = by_text_.erase(entry);
      --assembled_;
    } else {
      ++entry;
    }
  }
}

void Connection::forget_statements() {
  by_address_.clear();
  by_text_.clear();
  assembled_ = 0;
}

void Connection::fail_with(int code) const {
  const char* detail = db_ == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(db_);
  int system_error = db_ == nullptr ? 0 : sqlite3_system_errno(db_);
  // Who was cancelled waited no longer; and an extension, such as the search index, says by no code of its own what stopped it.
  bool is_stopped = code == SQLITE_ERROR || ((code & 0xff) == SQLITE_BUSY && code != SQLITE_BUSY_SNAPSHOT);
  if (is_stopped && cancelled()) code = SQLITE_INTERRUPT;
  fail_as_sqlite(code, system_error, detail, settings_.path, settings_.busy_ms);
}

void Connection::file_accepted() {
  sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
  if (guard_) guard_->opened();
}

void Connection::check_before_write() {
  if (guard_) guard_->check();
}

// SQLite prepares every cached statement anew when it gets an authorizer, so it gets one that stays.
void Connection::watch_statements(Judge judge, void* user) {
  judge_ = judge;
  judged_by_ = user;
  if (is_watching_ || judge == nullptr) return;
  is_watching_ = true;
  sqlite3_set_authorizer(
      db_,
      [](void* self, int action, const char* first, const char* second, const char* database, const char* trigger) {
        auto* connection = static_cast<Connection*>(self);
        if (connection->judge_ == nullptr) return SQLITE_OK;
        return connection->judge_(connection->judged_by_, action, first, second, database, trigger);
      },
      this);
}

Connection::Undisturbed::Undisturbed(Connection& db) noexcept : db_(db) {
  std::lock_guard lock(db_.cancel_mutex_);
  ++db_.undisturbed_;
}

Connection::Undisturbed::~Undisturbed() {
  std::lock_guard lock(db_.cancel_mutex_);
  --db_.undisturbed_;
}

// SQLite forgets an interruption when the next statement begins while no other is under way.
void Connection::cancel() {
  std::lock_guard lock(cancel_mutex_);
  if (undisturbed_ > 0) return;
  cancelled_.store(true, std::memory_order_relaxed);
  sqlite3_interrupt(db_);
}

}  // namespace kith
