#include "sql/connection.h"

#include <sys/stat.h>

#include <new>

#include "base/failure.h"
#include "base/text.h"
#include "sql/dialect.h"
#include "sql/slot.h"
#include "sqlite3.h"

namespace kith {

namespace {

constexpr std::size_t most_assembled = 500;
constexpr std::size_t longest_kept = 16 * 1024;

// SQLite's primary codes as the classes of failure that Kith knows; `detail` is SQLite's own text.
Status status_of(int code) {
  if (code == SQLITE_BUSY_SNAPSHOT) return Status::retry;
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return Status::busy;
    case SQLITE_INTERRUPT: return Status::cancelled;
    case SQLITE_READONLY:
    case SQLITE_PERM: return Status::read_only;
    case SQLITE_FULL: return Status::full;
    case SQLITE_IOERR: return Status::io;
    case SQLITE_CANTOPEN: return Status::io;
    case SQLITE_CORRUPT: return Status::corrupt;
    case SQLITE_NOTADB: return Status::not_kith;
    case SQLITE_TOOBIG: return Status::limit;
    case SQLITE_CONSTRAINT: return Status::conflict;
    case SQLITE_AUTH: return Status::refused;
    case SQLITE_PROTOCOL:
    case SQLITE_NOLFS: return Status::unsupported;
    default: return Status::internal;
  }
}

}  // namespace

Connection::Connection(const OpenSettings& settings) : settings_(settings) {
  try {
    open();
    configure();
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
  sqlite3_close_v2(db_);
}

void Connection::open() {
  if (!settings_.memory) {
    struct stat facts = {};
    bool exists = stat(settings_.path.c_str(), &facts) == 0;
    if (exists && S_ISDIR(facts.st_mode)) {
      fail(Status::not_kith, "path", "{} is a folder", shown(settings_.path, 200));
    }
    if (!exists && (settings_.must_exist || settings_.read_only)) {
      fail(Status::not_found, "path", "there is no file {}", shown(settings_.path, 200));
    }
  }
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_PRIVATECACHE;
  if (settings_.memory) {
    flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY;
  } else if (settings_.read_only) {
    flags |= SQLITE_OPEN_READONLY;
  } else {
    flags |= SQLITE_OPEN_READWRITE | (settings_.must_exist ? 0 : SQLITE_OPEN_CREATE);
  }
  int code = sqlite3_open_v2(settings_.memory ? ":memory:" : settings_.path.c_str(), &db_, flags, nullptr);
  if (db_ == nullptr) throw std::bad_alloc();
  if (code != SQLITE_OK) {
    if ((code & 0xff) == SQLITE_CANTOPEN) {
      fail(Status::io, "path", "{} cannot be opened: does its folder exist, and may this process write there?",
           shown(settings_.path, 200));
    }
    fail_with(code);
  }
}

void Connection::configure() {
  sqlite3_busy_timeout(db_, settings_.busy_ms);
  sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(db_, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
  sqlite3_limit(db_, SQLITE_LIMIT_ATTACHED, 0);
  run_script(
      "PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; PRAGMA cell_size_check=ON; PRAGMA secure_delete=ON;"
      "PRAGMA cache_size=-32768; PRAGMA journal_size_limit=67108864;");
  run_script(settings_.normal_sync ? "PRAGMA synchronous=NORMAL" : "PRAGMA synchronous=FULL");
}

Statement Connection::prepare(Literal text) {
  auto [found, fresh] = by_address_.try_emplace(text.view().data(), nullptr);
  if (!fresh && found->second != nullptr && !found->second->in_use) {
    found->second->in_use = true;
    ++statements_run_;
    return Statement(*this, found->second);
  }
  Statement statement = acquire(text.view(), false);
  auto known = by_text_.find(text.view());
  if (known != by_text_.end()) {
    if (known->second->assembled) --assembled_;
    known->second->assembled = false;  // by_address_ points at it from now on
    by_address_[text.view().data()] = known->second.get();
  }
  return statement;
}

Statement Connection::prepare(const SqlText& text) { return acquire(text.string(), true); }

Statement Connection::acquire(std::string_view text, bool assembled) {
  ++statements_run_;
  auto known = by_text_.find(text);
  if (known != by_text_.end() && !known->second->in_use) {
    known->second->in_use = true;
    return Statement(*this, known->second.get());
  }
  bool lasting = known == by_text_.end() && (!assembled || text.size() <= longest_kept);
  if (lasting && assembled && assembled_ >= most_assembled) make_room();
  std::unique_ptr<Statement::Slot> slot = compile(text, lasting);
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

std::unique_ptr<Statement::Slot> Connection::compile(std::string_view text, bool lasting) {
  auto slot = std::make_unique<Statement::Slot>();
  slot->text = text;
  slot->lasting = lasting;
  std::string native = Dialect::numbered(text);
  int code = sqlite3_prepare_v3(db_, native.c_str(), static_cast<int>(native.size()) + 1,
                                lasting ? SQLITE_PREPARE_PERSISTENT : 0, &slot->statement, nullptr);
  if (code != SQLITE_OK) fail_with(code);
  slot->parameters = sqlite3_bind_parameter_count(slot->statement);
  if (StatementObserver* observer = statement_observer()) observer->seen(text, slot->statement, db_);
  return slot;
}

void Connection::run_script(std::string_view text) {
  std::string copy(text);
  int code = sqlite3_exec(db_, copy.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail_with(code);
}

std::int64_t Connection::changes() const { return sqlite3_changes64(db_); }
bool Connection::in_transaction() const { return sqlite3_get_autocommit(db_) == 0; }
void Connection::roll_back() noexcept { sqlite3_exec(db_, "ROLLBACK", nullptr, nullptr, nullptr); }
void Connection::roll_back_to(Literal savepoint) noexcept {
  char text[96];
  auto name = savepoint.view();
  sqlite3_snprintf(sizeof text, text, "ROLLBACK TO %.*s; RELEASE %.*s", static_cast<int>(name.size()), name.data(),
                   static_cast<int>(name.size()), name.data());
  sqlite3_exec(db_, text, nullptr, nullptr, nullptr);
}
void Connection::checkpoint() noexcept {
  sqlite3_wal_checkpoint_v2(db_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
}
void Connection::interrupt() { sqlite3_interrupt(db_); }

void Connection::make_room() {
  for (auto entry = by_text_.begin(); entry != by_text_.end();) {
    if (entry->second->assembled && !entry->second->in_use) {
      sqlite3_finalize(entry->second->statement);
      entry = by_text_.erase(entry);
      --assembled_;
    } else {
      ++entry;
    }
  }
}

void Connection::forget_statements() {
  by_address_.clear();
  for (auto& [text, slot] : by_text_) sqlite3_finalize(slot->statement);
  by_text_.clear();
  assembled_ = 0;
}

void Connection::fail_with(int code) const {
  if ((code & 0xff) == SQLITE_NOMEM) throw std::bad_alloc();
  Status status = status_of(code);
  const char* detail = db_ == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(db_);
  switch (status) {
    case Status::busy: fail(status, "", "another writer held the file for longer than {} ms", settings_.busy_ms);
    case Status::retry: fail(status, "", "another writer was faster: roll back and repeat the whole transaction");
    case Status::cancelled: fail(status, "", "the call was cancelled");
    case Status::full: fail(status, "", "no space is left for {}", shown(settings_.path, 200));
    case Status::read_only: fail(status, "", "{} cannot be written", shown(settings_.path, 200));
    case Status::not_kith: fail(status, "path", "{} is not a Kith file", shown(settings_.path, 200));
    default: fail(status, "", "{} ({}, code {})", detail, sqlite3_errstr(code), code);
  }
}

}  // namespace kith
