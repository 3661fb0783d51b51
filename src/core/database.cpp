#include "core/database.h"

#include <chrono>
#include <thread>

#include "base/time.h"
#include "base/text.h"
#include "core/kinds.h"
#include "domain/fields.h"
#include "sql/migrate.h"
#include "sql/sqlite_errors.h"

namespace kith {

Database::Database(const DatabaseSettings& settings)
    : settings_(settings), random_(settings.random != nullptr ? settings.random : &system_random()), process_(getpid()),
      connection_(settings.file), counters_(connection_), event_kinds_(connection_) {
  prepare_file_in_turn();
  register_kinds(kinds_);
}

Database::~Database() {
  if (getpid() == process_) return;
  // In a forked child. What a call had under way belongs to the parent; a quiet handle can be let go of.
  if (mutex_.try_lock()) {
    mutex_.unlock();
    if (depth_ == 0 && !connection_.in_transaction()) {
      connection_.close_without_writing();
      return;
    }
  }
  connection_.abandon();
}

// Two that make one file at once can be in each other's way so that waiting would not help: SQLite then says at once
// that the file is busy, and one of them has to begin anew.
void Database::prepare_file_in_turn() {
  auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(settings_.file.busy_ms);
  while (true) {
    try {
      return prepare_file();
    } catch (const Failure& failure) {
      if (failure.status() == Status::internal && !settings_.file.memory) fail_unreadable(failure, settings_.file.path);
      if (failure.status() != Status::busy || std::chrono::steady_clock::now() >= end) throw;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1 + getpid() % 7));
  }
}

void Database::prepare_file() {
  FileState state = examine(connection_);
  if (connection_.read_only()) {
    if (state == FileState::empty) fail(Status::not_kith, "path", "{} is empty", shown(settings_.file.path, 200));
    if (state == FileState::older) {
      fail(Status::read_only, "path", "{} has an older schema: open it once for writing", shown(settings_.file.path, 200));
    }
    return connection_.file_accepted();
  }
  if (state == FileState::empty && settings_.file.must_exist) {
    fail(Status::not_kith, "path", "{} is empty, and no file of Kith yet: only opening that may make a file makes it one", shown(settings_.file.path, 200));
  }
  if (!settings_.file.memory && !connection_.keep_log()) {
    fail(Status::unsupported, "path", "{} lies where a write-ahead log cannot be kept, such as on a network file system",
         shown(settings_.file.path, 200));
  }
  if (state != FileState::current) bring_up_to_date();
  connection_.file_accepted();
}

void Database::bring_up_to_date() {
  connection_.begin_write();
  try {
    examine(connection_);  // once more: somebody else may have been faster, and have a later version
    bool fresh = migrate(connection_);
    if (fresh) {
      for (const EventKindSpec& kind : own_event_kinds()) {
        connection_.run("INSERT INTO event_kind (id, name, name_key, created) VALUES ($1, $2, $2, $3)",
                        static_cast<std::int64_t>(kind.kind), kind.name, now());
      }
      std::string file_id = new_token(*random_);
      connection_.run("INSERT INTO setting (name, value) VALUES ('file_id', $1)", file_id);
    }
    connection_.run("COMMIT");
  } catch (...) {
    if (connection_.in_transaction()) connection_.roll_back();
    throw;
  }
}

Millis Database::now() const {
  Millis time = settings_.now == nullptr ? system_now() : settings_.now(settings_.user);
  if (time < earliest_time || time > latest_time) {
    fail(Status::invalid, "now", "the clock says {}, which lies outside the years 1 to 9999; times are milliseconds since 1970", time);
  }
  return time;
}

void Database::check_process() const {
  if (getpid() != process_) {
    fail(Status::misuse, "", "this handle belongs to process {}: after a fork close it, and open the file again", process_);
  }
}

void Database::check_writable() const {
  if (connection_.read_only()) fail(Status::read_only, "", "the handle was opened for reading only");
}

void Database::refresh_kinds(Operation& op) {
  std::int64_t version = op.ids.stored("fields_version");
  if (version == fields_version_) return;
  kinds_.get("lead").set_custom_fields(load_custom_fields(op));
  fields_version_ = version;
}

void Database::forget() {
  event_kinds_.forget();
  fields_version_ = -1;
}

void Database::finish_commit() {
  counters_.flush();
  connection_.run("COMMIT");
  counters_.forget();
}

Database::RunningCall::RunningCall(Database& database) : database_(database) {
  std::lock_guard lock(database_.cancel_mutex_);
  database_.running_ = true;
}

Database::RunningCall::~RunningCall() {
  std::lock_guard lock(database_.cancel_mutex_);
  database_.running_ = false;
  database_.connection_.uncancel();
}

void Database::cancel() {
  if (getpid() != process_) return;  // in a forked child the lock may have been inherited taken
  std::lock_guard lock(cancel_mutex_);
  if (running_) connection_.cancel();
}

bool Database::transaction_is_lost() {
  Turn mine(*this);
  return depth_ > 0 && !connection_.in_transaction();
}

// SQLite ends a whole transaction after some failures (a full disk, a cancelled write). The host's calls must not go on
// one by one outside of it.
void Database::check_transaction() const {
  if (depth_ > 0 && !connection_.in_transaction()) {
    fail(Status::retry, "", "the failure before this call undid the transaction: roll back, and repeat the whole of it");
  }
}

Database::ReadTurn::ReadTurn(Database& database) : database_(database) {
  database_.check_transaction();
  if (database_.depth_ > 0) return;
  database_.connection_.run("BEGIN");
  open_ = true;
}

void Database::ReadTurn::done() {
  if (!open_) return;
  database_.connection_.run("COMMIT");
  open_ = false;
  database_.counters_.forget();
}

Database::ReadTurn::~ReadTurn() {
  if (!open_) return;
  if (database_.connection_.in_transaction()) database_.connection_.roll_back();
  database_.counters_.forget();
}

Database::WriteTurn::WriteTurn(Database& database, bool checks_first)
    : database_(database), nested_(database.depth_ > 0), savepoint_(nested_ && !checks_first) {
  database_.check_transaction();
  if (!nested_) {
    database_.connection_.check_before_write();
    database_.connection_.begin_write();
    return;
  }
  counters_ = database_.counters_.state();
  writes_before_ = database_.connection_.total_changes();
  if (savepoint_) database_.connection_.run("SAVEPOINT verb");
}

void Database::WriteTurn::done() {
  if (savepoint_) database_.connection_.run("RELEASE verb");
  if (!nested_) database_.finish_commit();
  open_ = false;
}

Database::WriteTurn::~WriteTurn() {
  if (!open_) return;
  Connection& db = database_.connection_;
  if (savepoint_ && db.in_transaction()) db.roll_back_to("verb");
  bool wrote = nested_ && !savepoint_ && db.total_changes() != writes_before_;
  if (nested_ && db.in_transaction() && !wrote) {
    database_.counters_.restore(counters_);
  } else {
    // Of a host's transaction this is the end: check_transaction says so until it is rolled back.
    if (db.in_transaction()) db.roll_back();
    database_.counters_.forget();
  }
  database_.forget();
}

void Database::begin() {
  Turn mine(*this);
  RunningCall call(*this);
  check_transaction();
  savepoints_.push_back(counters_.state());
  try {
    if (depth_ == 0) {
      if (!connection_.read_only()) connection_.check_before_write();
      if (connection_.read_only()) {
        connection_.run("BEGIN");
      } else {
        connection_.begin_write();
      }
    } else {
      connection_.run("SAVEPOINT host");
    }
  } catch (...) {
    savepoints_.pop_back();
    throw;
  }
  ++depth_;
}

void Database::commit() {
  Turn mine(*this);
  RunningCall call(*this);
  if (depth_ == 0) fail(Status::misuse, "", "there is no transaction to commit");
  check_transaction();
  if (depth_ == 1) {
    finish_commit();
  } else {
    connection_.run("RELEASE host");
  }
  savepoints_.pop_back();
  --depth_;
}

void Database::rollback() {
  if (getpid() != process_ || within_a_call()) return;
  Turn mine(*this);
  if (depth_ == 0) return;
  if (depth_ == 1 || !connection_.in_transaction()) {
    if (connection_.in_transaction()) connection_.roll_back();
    counters_.forget();
  } else {
    connection_.roll_back_to("host");
    counters_.restore(savepoints_.back());
  }
  savepoints_.pop_back();
  --depth_;
  forget();
}

void Database::checkpoint_if_idle() {
  Turn mine(*this);
  if (depth_ > 0 || settings_.file.memory || connection_.read_only()) return;
  connection_.checkpoint();
}

}  // namespace kith
