// Whose turn it is on a handle: one call at a time, the thread of an open transaction before all others, and what
// the outcome of a call becomes in Python.
#include <algorithm>
#include <atomic>
#ifdef _WIN32
#include <process.h>
#else
#include <unistd.h>
#endif

#include "handle.h"

namespace kithpy {

thread_local Core* inside = nullptr;
thread_local PyObject* clock_error = nullptr;

namespace {

long this_process() {
#ifdef _WIN32
  return _getpid();
#else
  return getpid();
#endif
}

// How long a wait goes on before Python may look for Ctrl-C.
constexpr std::chrono::milliseconds glance{50};

// Whether a signal's handler raised. Only the main thread is ever told.
bool signalled() {
  PyGILState_STATE state = PyGILState_Ensure();
  bool raised = PyErr_CheckSignals() != 0;
  PyGILState_Release(state);
  return raised;
}

}  // namespace

Who this_thread() {
  static std::atomic<Who> latest{0};
  thread_local Who number = ++latest;
  return number;
}

Core::Core() : process_(this_process()) {}

Core::~Core() {
  close();
  if (clock == nullptr || Py_IsInitialized() == 0) return;
  PyGILState_STATE state = PyGILState_Ensure();
  Py_XDECREF(clock);
  PyGILState_Release(state);
}

bool Core::forked() const { return process_ != this_process(); }

Core::Turn Core::take(Who who) {
  std::unique_lock lock(mutex_);
  auto start = std::chrono::steady_clock::now();
  while (db != nullptr && (running_ || (owner_ != 0 && owner_ != who))) {
    // The turn of a single call is waited for; a transaction only as long as `busy` says.
    bool foreign = owner_ != 0 && owner_ != who;
    auto waited = std::chrono::steady_clock::now() - start;
    if (foreign && waited >= patience) return Turn::busy;
    auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(patience - waited) +
                std::chrono::milliseconds(1);
    turned_.wait_for(lock, foreign ? std::min(glance, wait) : glance);
    if (!running_ && owner_ == 0) break;
    lock.unlock();
    bool raised = signalled();
    lock.lock();
    if (raised) return Turn::signalled;
  }
  if (db == nullptr) return Turn::closed;
  running_ = true;
  return Turn::taken;
}

void Core::end(Who who, Act act, bool well) {
  {
    std::lock_guard lock(mutex_);
    running_ = false;
    if (act == Act::begin && well) ++depth_;
    if ((act == Act::commit && well) || (act == Act::rollback && depth_ > 0)) --depth_;
    owner_ = depth_ == 0 ? 0 : owner_ == 0 ? who : owner_;
  }
  turned_.notify_all();
}

void Core::close() {
  if (forked()) {
    kith_close(std::exchange(db, nullptr));
    return;
  }
  {
    std::unique_lock lock(mutex_);
    turned_.wait(lock, [this] { return !running_; });
    kith_close(std::exchange(db, nullptr));
    owner_ = 0;
    depth_ = 0;
  }
  turned_.notify_all();
}

void Core::cancel() {
  if (forked()) return;
  std::lock_guard lock(mutex_);
  kith_cancel(db);
}

bool Core::closed() {
  if (forked()) return db == nullptr;
  std::lock_guard lock(mutex_);
  return db == nullptr;
}

Who Core::owner() {
  if (forked()) return 0;
  std::lock_guard lock(mutex_);
  return owner_;
}

int Core::depth(Who who) {
  if (forked()) return 0;
  std::lock_guard lock(mutex_);
  return owner_ == who ? depth_ : 0;
}

Call::Call(Core& core, Who who, Act act)
    : core_(core),
      who_(who),
      act_(act),
      turn_(core.forked() ? Core::Turn::forked : core.take(who)),
      outer_(inside) {
  if (turn_ == Core::Turn::taken) inside = &core;
}

Call::~Call() {
  if (turn_ != Core::Turn::taken) return;
  inside = outer_;
  core_.end(who_, act_, well_);
}

bool refuse_inside(Core& core) {
  if (inside != &core) return true;
  raise_status(
      KITH_MISUSE,
      "a clock or a stream that the database is calling cannot use it: the call would wait for itself");
  return false;
}

bool settle(Core& core, Core::Turn turn, kith_status status, kith_error* error) {
  if (turn == Core::Turn::signalled) return false;
  if (turn == Core::Turn::closed) {
    raise_closed();
    return false;
  }
  if (turn == Core::Turn::forked) {
    raise_status(KITH_MISUSE,
                 "the database was opened before this process was forked: open the file anew here");
    return false;
  }
  if (turn == Core::Turn::busy) {
    raise_status(KITH_BUSY,
                 "another thread has had a transaction open on this database object for longer than " +
                     std::to_string(core.patience.count()) +
                     " ms; nothing was done. To work beside it open the file once more");
    return false;
  }
  if (clock_error != nullptr) {
    Ref raised(std::exchange(clock_error, nullptr));
    kith_error_free(error);
    PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(raised.get())), raised.get());
    return false;
  }
  if (status == KITH_OK) return true;
  // Ctrl-C cancels the call; Python's own handler then says what becomes of it.
  if (status == KITH_CANCELLED && PyErr_CheckSignals() != 0) {
    kith_error_free(error);
    return false;
  }
  raise_error(status, error);
  return false;
}

}  // namespace kithpy
