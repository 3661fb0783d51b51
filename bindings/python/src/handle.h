// The open file: a core that calls share, which closes only when no call runs, and the Python object that holds it.
// Every call gives up the GIL while it is inside the library.
#pragma once

#include <memory>
#include <mutex>
#include <shared_mutex>

#include "convert.h"
#include "interrupt.h"
#include "kithpy.h"

namespace kithpy {

struct Core {
  kith_db* db = nullptr;
  std::shared_mutex gate;           // calls share it, closing has it alone
  PyObject* clock = nullptr;        // the host's `now`, or nullptr
  PyObject* clock_error = nullptr;  // what it raised; touched under the GIL
  std::int64_t last_time = 0;
  ~Core();
  void close();  // without the GIL; waits for the calls that run
};

struct Handle {
  PyObject_HEAD
  std::shared_ptr<Core>* core;
};

// The core whose library call this thread is inside of: calling into it again would wait for itself.
extern thread_local Core* inside;

// Runs `work(db, &error)` without the GIL and raises what goes wrong. True when it went well.
template <class Work>
bool run(Core& core, Work work, Interrupt when = Interrupt::allowed) {
  if (inside == &core) {
    raise_status(KITH_MISUSE, "a clock or a stream that the database is calling cannot use it: the call would wait for itself");
    return false;
  }
  kith_error* error = nullptr;
  kith_status status = KITH_OK;
  bool closed = false;
  PyThreadState* state = PyEval_SaveThread();
  {
    std::shared_lock lock(core.gate);
    closed = core.db == nullptr;
    if (!closed) {
      Core* outer = std::exchange(inside, &core);
      InterruptScope scope(core.db, when);
      status = work(core.db, &error);
      inside = outer;
    }
  }
  PyEval_RestoreThread(state);
  if (closed) {
    raise_closed();
    return false;
  }
  if (core.clock_error != nullptr) {
    Ref raised(std::exchange(core.clock_error, nullptr));
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

inline Core& core_of(PyObject* self) { return **reinterpret_cast<Handle*>(self)->core; }

// The hand-written calls, in files of their own.
PyObject* handle_put_many(PyObject* self, PyObject* args);
PyObject* handle_put_stream(PyObject* self, PyObject* args);
PyObject* handle_put_batch(PyObject* self, PyObject* args);
PyObject* handle_find_stream(PyObject* self, PyObject* args);

extern PyMethodDef generated_methods[];

}  // namespace kithpy
