// The type Handle: opening and closing, the clock, and the methods that the generator makes from kith.json.
#include "handle.h"

#include "rows.h"

namespace kithpy {

thread_local Core* inside = nullptr;

void Core::close() {
  std::unique_lock lock(gate);
  kith_close(std::exchange(db, nullptr));
}

Core::~Core() {
  close();
  if ((clock == nullptr && clock_error == nullptr) || Py_IsInitialized() == 0) return;
  PyGILState_STATE state = PyGILState_Ensure();
  Py_XDECREF(clock);
  Py_XDECREF(clock_error);
  PyGILState_Release(state);
}

namespace {

PyTypeObject* handle_type = nullptr;

// The host's clock. What it raises ends the call, which is cancelled, and is raised when the call comes back.
std::int64_t ask_clock_with_gil(Core& core) {
  Ref answer(PyObject_CallNoArgs(core.clock));
  int overflow = 0;
  std::int64_t time = answer ? PyLong_AsLongLongAndOverflow(answer.get(), &overflow) : -1;
  if (overflow != 0) PyErr_SetString(PyExc_OverflowError, "now() answers milliseconds since 1970 UTC");
  if (PyErr_Occurred() == nullptr) return core.last_time = time;
  PyObject *type, *value, *trace;
  PyErr_Fetch(&type, &value, &trace);
  PyErr_NormalizeException(&type, &value, &trace);
  if (value != nullptr && trace != nullptr) PyException_SetTraceback(value, trace);
  Py_XDECREF(type);
  Py_XDECREF(trace);
  PyObject* old = std::exchange(core.clock_error, value);
  Py_XDECREF(old);
  if (core.db != nullptr) kith_cancel(core.db);
  return core.last_time;
}

// Every reference is given back before the GIL is.
std::int64_t ask_clock(void* user) {
  PyGILState_STATE state = PyGILState_Ensure();
  std::int64_t time = ask_clock_with_gil(*static_cast<Core*>(user));
  PyGILState_Release(state);
  return time;
}

// open(path, flags, busy_ms, now): `now` answers milliseconds, or is None.
PyObject* handle_new(PyTypeObject* type, PyObject* args, PyObject*) {
  PyObject *path_object, *now;
  unsigned int flags;
  int busy_ms;
  if (!PyArg_ParseTuple(args, "OIiO", &path_object, &flags, &busy_ms, &now)) return nullptr;
  Keep keep;
  const char* path;
  if (!text_of(path_object, "path", keep, path)) return nullptr;
  auto core = std::make_shared<Core>();
  kith_options options = {};
  options.size = sizeof options;
  options.flags = flags;
  options.busy_ms = busy_ms;
  if (now != Py_None) {
    Py_INCREF(now);
    core->clock = now;
    options.now = ask_clock;
    options.user = core.get();
  }
  kith_error* error = nullptr;
  kith_status status;
  Py_BEGIN_ALLOW_THREADS;
  Core* outer = std::exchange(inside, core.get());
  status = kith_open(path, &options, &core->db, &error);
  inside = outer;
  Py_END_ALLOW_THREADS;
  if (core->clock_error != nullptr) {
    kith_error_free(error);
    Ref raised(std::exchange(core->clock_error, nullptr));
    PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(raised.get())), raised.get());
    return nullptr;
  }
  if (status != KITH_OK) return raise_error(status, error);
  Handle* handle = new_object<Handle>(type);
  if (handle != nullptr) handle->core = new std::shared_ptr<Core>(std::move(core));
  return reinterpret_cast<PyObject*>(handle);
}

void handle_dealloc(PyObject* self) {
  Handle* handle = reinterpret_cast<Handle*>(self);
  std::shared_ptr<Core>* core = std::exchange(handle->core, nullptr);
  if (core != nullptr) {
    Py_BEGIN_ALLOW_THREADS;
    delete core;
    Py_END_ALLOW_THREADS;
  }
  free_object(self);
}

PyObject* handle_close(PyObject* self, PyObject*) {
  Core& core = core_of(self);
  if (inside == &core) return raise_status(KITH_MISUSE, "a clock or a stream that the database is calling cannot close it");
  Py_BEGIN_ALLOW_THREADS;
  core.close();
  Py_END_ALLOW_THREADS;
  Py_RETURN_NONE;
}

// Unlike every other call it comes while another one runs, and it waits for nothing.
PyObject* handle_cancel(PyObject* self, PyObject*) {
  Core& core = core_of(self);
  Py_BEGIN_ALLOW_THREADS;
  if (inside == &core) {
    kith_cancel(core.db);
  } else {
    std::shared_lock lock(core.gate);
    kith_cancel(core.db);
  }
  Py_END_ALLOW_THREADS;
  Py_RETURN_NONE;
}

PyObject* handle_rollback(PyObject* self, PyObject*) {
  auto work = [](kith_db* db, kith_error**) {
    kith_rollback(db);
    return static_cast<kith_status>(KITH_OK);
  };
  if (!run(core_of(self), work, Interrupt::never)) return nullptr;
  Py_RETURN_NONE;
}

PyObject* handle_closed(PyObject* self, void*) {
  Core& core = core_of(self);
  bool closed;
  Py_BEGIN_ALLOW_THREADS;
  if (inside == &core) {
    closed = false;
  } else {
    std::shared_lock lock(core.gate);
    closed = core.db == nullptr;
  }
  Py_END_ALLOW_THREADS;
  return PyBool_FromLong(closed);
}

PyMethodDef own_methods[] = {
    {"close", handle_close, METH_NOARGS, "kith_close: waits for the calls that run, then closes."},
    {"cancel", handle_cancel, METH_NOARGS, "kith_cancel: from another thread, ends the call that is running."},
    {"rollback", handle_rollback, METH_NOARGS, "kith_rollback"},
    {"put_many", handle_put_many, METH_VARARGS, "kith_put_many, kith_record_many: (kind, rows, columns, skip_bad, with)"},
    {"put_stream", handle_put_stream, METH_VARARGS, "kith_put_stream: (kind, capsule, flags, with)"},
    {"put_batch", handle_put_batch, METH_VARARGS, "kith_put_batch: (kind, schema capsule, array capsule, flags, with)"},
    {"find_stream", handle_find_stream, METH_VARARGS, "kith_find, page after page, as an Arrow stream: (kind, query)"},
};

PyGetSetDef handle_getset[] = {{"closed", handle_closed, nullptr, "Whether the database is closed.", nullptr}, {nullptr, nullptr, nullptr, nullptr, nullptr}};

}  // namespace

bool init_handle(PyObject* module) {
  // The type keeps pointing at its methods.
  static auto* methods = new std::vector<PyMethodDef>(std::begin(own_methods), std::end(own_methods));
  for (PyMethodDef* made = generated_methods; made->ml_name != nullptr; ++made) methods->push_back(*made);
  methods->push_back({nullptr, nullptr, 0, nullptr});
  PyType_Slot slots[] = {{Py_tp_new, reinterpret_cast<void*>(handle_new)},
                         {Py_tp_dealloc, reinterpret_cast<void*>(handle_dealloc)},
                         {Py_tp_methods, methods->data()},
                         {Py_tp_getset, handle_getset},
                         {0, nullptr}};
  PyType_Spec spec = {"kith._kith.Handle", sizeof(Handle), 0, Py_TPFLAGS_DEFAULT, slots};
  handle_type = add_type(module, spec);
  return handle_type != nullptr;
}

}  // namespace kithpy
