// The database object behind a handle: its lock, its clock, its kinds, and one way each to read and to write. Calls
// take turns; each is a transaction, or a savepoint inside the one that the host has open.
#pragma once

#include <unistd.h>

#include <atomic>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/failure.h"
#include "model/extras.h"
#include "model/operation.h"

namespace kith {

struct DatabaseSettings {
  OpenSettings file;
  std::int64_t (*now)(void* user) = nullptr;
  void* user = nullptr;
  Random* random = nullptr;  // NULL: the system's
};

class Database {
 public:
  explicit Database(const DatabaseSettings& settings);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Runs `work(op)` on one state of the file.
  template <class Work>
  auto read(Work work) {
    Turn mine(*this);
    RunningCall call(*this);
    ReadTurn turn(*this);
    static const Act nobody;
    Operation op = operation(now(), nobody);
    refresh_kinds(op);
    if constexpr (std::is_void_v<decltype(work(op))>) {
      work(op);
      turn.done();
    } else {
      auto answer = work(op);
      turn.done();
      return answer;
    }
  }

  // Runs `work(op, extras)` and commits what it did, or leaves the file as it was. `own`: the verb's extras.
  // Inside a host's transaction work runs in a savepoint, which costs a copy of every page that it writes. Work that
  // refuses before it writes has no need of one: `checks_first`. Should it fail after all - no space, no memory - the
  // whole transaction is undone and every further call says so until it is rolled back.
  template <class Work>
  auto write(std::span<const Given> with, std::initializer_list<std::string_view> own, Work work, bool checks_first = false) {
    Turn mine(*this);
    check_writable();
    RunningCall call(*this);
    Millis time = now();
    Extras extras(with, own, time);
    WriteTurn turn(*this, checks_first);
    Operation op = operation(time, extras.act());
    refresh_kinds(op);
    check_cause(connection_, op.ids, op.act.cause, op.act.at);
    auto answer = work(op, static_cast<const Extras&>(extras));
    turn.done();
    return answer;
  }

  void begin();
  void commit();
  void rollback();
  void cancel();  // the call that runs now, if one does

  // Work on the connection itself, outside any transaction: backup, checkpoint, compacting. `verb` is for the sentence.
  template <class Work>
  auto alone(std::string_view verb, Work work) {
    Turn mine(*this);
    if (depth_ > 0) fail(Status::misuse, "", "{} cannot be inside a transaction: commit or roll back first", verb);
    RunningCall call(*this);
    return work(connection_);
  }
  // The same, or nothing while the host has a transaction open.
  template <class Work>
  auto alone_if_idle(Work work) -> std::optional<decltype(work(std::declval<Connection&>()))> {
    Turn mine(*this);
    if (depth_ > 0) return std::nullopt;
    RunningCall call(*this);
    return work(connection_);
  }
  // Whether a failure has ended the transaction that the host has open.
  bool transaction_is_lost();
  // Moves what it can from the write-ahead log into the file, unless somebody is at work.
  void checkpoint_if_idle();
  // Whether the caller is a callback - the clock, an Arrow stream - of a call that runs on this thread.
  bool within_a_call() const { return runs_on_.load(std::memory_order_relaxed) == std::this_thread::get_id(); }
  const DatabaseSettings& settings() const { return settings_; }
  Registry& kinds() { return kinds_; }

 private:
  // One call at a time. What a callback of the host asks of the very handle that called it would wait for ever.
  class Turn {
   public:
    explicit Turn(Database& database) : database_(database) {
      database.check_process();  // before the lock, which a forked child may have inherited taken
      if (database.within_a_call()) {
        fail(Status::misuse, "", "a call on this handle is under way on this thread: the clock and streams must not use the handle that asks them");
      }
      database_.mutex_.lock();
      database_.runs_on_.store(std::this_thread::get_id(), std::memory_order_relaxed);
    }
    ~Turn() {
      database_.runs_on_.store(std::thread::id(), std::memory_order_relaxed);
      database_.mutex_.unlock();
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    Database& database_;
  };
  // Marks that a call runs, which is what cancel() cancels.
  class RunningCall {
   public:
    explicit RunningCall(Database& database);
    ~RunningCall();

   private:
    Database& database_;
  };
  class ReadTurn {
   public:
    explicit ReadTurn(Database& database);
    ~ReadTurn();
    void done();

   private:
    Database& database_;
    bool open_ = false;
  };
  class WriteTurn {
   public:
    WriteTurn(Database& database, bool checks_first);
    ~WriteTurn();
    void done();

   private:
    Database& database_;
    Counters::State counters_;
    bool nested_;
    bool savepoint_;
    std::int64_t writes_before_ = 0;
    bool open_ = true;
  };

  Millis now() const;  // the clock may be the host's, so it is asked only by who has the turn
  Operation operation(Millis time, const Act& act) {
    return Operation(connection_, kinds_, counters_, event_kinds_, *random_, time, act);
  }
  void prepare_file_in_turn();
  void prepare_file();
  void bring_up_to_date();
  void check_process() const;
  void check_transaction() const;
  void check_writable() const;
  void refresh_kinds(Operation& op);
  void forget();  // after a rollback: nothing remembered of what was undone
  void finish_commit();

  DatabaseSettings settings_;
  Random* random_;
  pid_t process_;
  std::mutex mutex_;
  std::atomic<std::thread::id> runs_on_;
  std::mutex cancel_mutex_;
  bool running_ = false;
  Connection connection_;
  Counters counters_;
  EventKinds event_kinds_;
  Registry kinds_;
  std::int64_t fields_version_ = -1;
  int depth_ = 0;  // of the host's transactions
  std::vector<Counters::State> savepoints_;
};

}  // namespace kith
