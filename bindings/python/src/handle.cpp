// The type Handle: opening and closing, the clock, and the methods that the generator makes from kith.json.
#include "handle.h"

#include "rows.h"

namespace kithpy {

namespace {

PyTypeObject* handle_type = nullptr;

// The host's clock. What it raises ends the call, which is cancelled, and is raised when the call comes back.
std::int64_t ask_clock_with_gil(Core& core) {
  if (core.clock == nullptr) return core.last_time;  // the collector took it: the database is going
  Ref answer(PyObject_CallObject(core.clock, nullptr));
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
  PyObject* old = std::exchange(clock_error, value);
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
  if (busy_ms != 0) core->patience = std::chrono::milliseconds(busy_ms < 0 ? 0 : busy_ms);
  if (now != Py_None) {
    Py_INCREF(now);
    core->clock = now;
    options.now = ask_clock;
    options.user = core.get();
  }
  kith_error* error = nullptr;
  kith_status status;
  {
    WithoutGil free;
    Core* outer = std::exchange(inside, core.get());
    status = kith_open(path, &options, &core->db, &error);
    inside = outer;
  }
  auto held = std::make_unique<std::shared_ptr<Core>>(core);
  if (!settle(*core, Core::Turn::taken, status, error)) return nullptr;
  Handle* handle = new_object<Handle>(type);
  if (handle != nullptr) handle->core = held.release();
  return reinterpret_cast<PyObject*>(handle);
}

// A clock that reaches its own database is a cycle, which the collector sees unless a stream shares the core.
PyObject** own_clock(PyObject* self) {
  std::shared_ptr<Core>* core = reinterpret_cast<Handle*>(self)->core;
  return core == nullptr || core->use_count() != 1 ? nullptr : &(*core)->clock;
}

int handle_traverse(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(reinterpret_cast<PyObject*>(Py_TYPE(self)));
  if (PyObject** clock = own_clock(self)) Py_VISIT(*clock);
  return 0;
}

int handle_clear(PyObject* self) {
  if (PyObject** clock = own_clock(self)) {
    PyObject* old = std::exchange(*clock, nullptr);
    Py_XDECREF(old);
  }
  return 0;
}

void handle_dealloc(PyObject* self) {
  PyObject_GC_UnTrack(self);
  Handle* handle = reinterpret_cast<Handle*>(self);
  std::shared_ptr<Core>* core = std::exchange(handle->core, nullptr);
  if (core != nullptr) {
    WithoutGil free;
    delete core;
  }
  free_object(self);
}

PyObject* handle_close(PyObject* self, PyObject*) {
  Core& core = core_of(self);
  if (inside == &core)
    return raise_status(KITH_MISUSE, "a clock or a stream that the database is calling cannot close it");
  {
    WithoutGil free;
    core.close();
  }
  Py_RETURN_NONE;
}

// Unlike every other call it comes while another one runs, and it waits for nothing.
PyObject* handle_cancel(PyObject* self, PyObject*) {
  core_of(self).cancel();
  Py_RETURN_NONE;
}

kith_status roll_back(kith_db* db, kith_error**) {
  kith_rollback(db);
  return KITH_OK;
}

PyObject* handle_rollback(PyObject* self, PyObject*) {
  if (!run(core_of(self), roll_back, Interrupt::never, Act::rollback)) return nullptr;
  Py_RETURN_NONE;
}

// Undoes a transaction whole, whatever thread began it: for one that is left in another thread.
PyObject* handle_abandon(PyObject* self, PyObject*) {
  Core& core = core_of(self);
  if (!refuse_inside(core)) return nullptr;
  {
    WithoutGil free;
    while (Who owner = core.owner()) {
      Call call(core, owner, Act::rollback);
      if (call.turn() != Core::Turn::taken) break;
      kith_rollback(core.db);
    }
  }
  Py_RETURN_NONE;
}

PyObject* handle_closed(PyObject* self, void*) { return PyBool_FromLong(core_of(self).closed()); }
PyObject* handle_depth(PyObject* self, void*) { return PyLong_FromLong(core_of(self).depth(this_thread())); }

PyMethodDef own_methods[] = {
    {"close", guarded<handle_close>, METH_NOARGS, "kith_close: waits for the calls that run, then closes."},
    {"cancel", guarded<handle_cancel>, METH_NOARGS,
     "kith_cancel: from another thread, ends the call that is running."},
    {"rollback", guarded<handle_rollback>, METH_NOARGS, "kith_rollback"},
    {"abandon", guarded<handle_abandon>, METH_NOARGS, "Undoes the open transaction whole, from any thread."},
    {"put_many", guarded<handle_put_many>, METH_VARARGS,
     "kith_put_many, kith_record_many: (kind, rows, columns, skip_bad, with)"},
    {"put_stream", guarded<handle_put_stream>, METH_VARARGS, "kith_put_stream: (kind, capsule, flags, with)"},
    {"put_batch", guarded<handle_put_batch>, METH_VARARGS,
     "kith_put_batch: (kind, schema capsule, array capsule, flags, with)"},
    {"find_stream", guarded<handle_find_stream>, METH_VARARGS,
     "kith_find, page after page, as an Arrow stream: (kind, query)"},
};

PyGetSetDef handle_getset[] = {
    {"closed", guarded<handle_closed>, nullptr, "Whether the database is closed.", nullptr},
    {"depth", guarded<handle_depth>, nullptr, "How many transactions of this thread are open.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

}  // namespace

bool init_handle(PyObject* module) {
  // The type keeps pointing at its methods.
  static auto* methods = new std::vector<PyMethodDef>(std::begin(own_methods), std::end(own_methods));
  for (PyMethodDef* made = generated_methods; made->ml_name != nullptr; ++made) methods->push_back(*made);
  methods->push_back({nullptr, nullptr, 0, nullptr});
  PyType_Slot slots[] = {{Py_tp_new, guarded_slot<handle_new>()},
                         {Py_tp_dealloc, reinterpret_cast<void*>(handle_dealloc)},
                         {Py_tp_traverse, reinterpret_cast<void*>(handle_traverse)},
                         {Py_tp_clear, reinterpret_cast<void*>(handle_clear)},
                         {Py_tp_methods, methods->data()},
                         {Py_tp_getset, handle_getset},
                         {0, nullptr}};
  PyType_Spec spec = {"kith._kith.Handle", sizeof(Handle), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, slots};
  handle_type = add_type(module, spec);
  return handle_type != nullptr;
}

}  // namespace kithpy
