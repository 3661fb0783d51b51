// The open file: a core that calls share, which closes only when no call runs, and the Python object that holds it.
// Every call gives up the GIL while it is inside the library.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>

#include "convert.h"
#include "interrupt.h"
#include "kithpy.h"

namespace kithpy {

// A thread, by a number that no later thread gets. A stream goes on as the thread that made it.
using Who = std::uint64_t;
Who this_thread();

// What a call means for the transaction.
enum class Act { call, begin, commit, rollback };

// Calls take turns, and a transaction belongs to the thread that began it: others wait until it ends.
struct Core {
  kith_db* db = nullptr;
  PyObject* clock = nullptr;  // the host's `now`, or nullptr
  std::int64_t last_time = 0;
  std::chrono::milliseconds patience{5000};  // how long a call waits for another thread's transaction

  Core();
  ~Core();
  enum class Turn { taken, closed, busy, signalled, forked };
  // Without the GIL. Only `taken` is to be ended. Nobody holds the mutex while waiting for the GIL.
  Turn take(Who who);
  void end(Who who, Act act, bool well);
  void close();   // waits for the call that runs
  void cancel();  // waits for nothing
  bool closed();
  Who owner();          // who has a transaction open; 0: nobody
  int depth(Who who);   // how many transactions of this thread are open, one in the other
  bool forked() const;  // nothing of the handle can be used, and what guards it may be locked for ever

 private:
  std::mutex mutex_;
  std::condition_variable turned_;
  bool running_ = false;
  Who owner_ = 0;  // who has a transaction open
  int depth_ = 0;
  long process_;
};

struct Handle {
  PyObject_HEAD std::shared_ptr<Core>* core;
};

// The core whose library call this thread is inside of: calling into it again would wait for itself.
extern thread_local Core* inside;
// What a clock raised in this thread, until the call comes back.
extern thread_local PyObject* clock_error;

// One call's turn. In another process there are none, for what guards them there may be locked for ever.
class Call {
 public:
  Call(Core& core, Who who, Act act);
  ~Call();
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;
  Core::Turn turn() const { return turn_; }
  kith_status done(kith_status status) {
    well_ = status == KITH_OK;
    return status;
  }

 private:
  Core& core_;
  Who who_;
  Act act_;
  Core::Turn turn_;
  Core* outer_;
  bool well_ = false;
};

// Raises what went wrong. True when nothing did.
bool settle(Core& core, Core::Turn turn, kith_status status, kith_error* error);
bool refuse_inside(Core& core);

// Runs `work(db, &error)` without the GIL and raises what goes wrong. True when it went well.
template <class Work>
bool run(Core& core, Work work, Interrupt when = Interrupt::allowed, Act act = Act::call) {
  if (!refuse_inside(core)) return false;
  kith_error* error = nullptr;
  kith_status status = KITH_OK;
  Core::Turn turn;
  {
    WithoutGil free;
    Call call(core, this_thread(), act);
    turn = call.turn();
    if (turn == Core::Turn::taken) {
      InterruptScope scope(core.db, when);
      status = call.done(work(core.db, &error));
    }
  }
  return settle(core, turn, status, error);
}

inline Core& core_of(PyObject* self) { return **reinterpret_cast<Handle*>(self)->core; }

// The hand-written calls, in files of their own.
PyObject* handle_put_many(PyObject* self, PyObject* args);
PyObject* handle_put_stream(PyObject* self, PyObject* args);
PyObject* handle_put_batch(PyObject* self, PyObject* args);
PyObject* handle_find_stream(PyObject* self, PyObject* args);

extern PyMethodDef generated_methods[];

}  // namespace kithpy
