// The type Csv: a reader of delimited text, which needs no database.
#include "convert.h"
#include "rows.h"

#include <mutex>

namespace kithpy {

namespace {

// A reader is not to be used by two threads at once, so calls take turns.
struct State {
  std::mutex mutex;
  kith_csv* csv = nullptr;
};

struct Csv {
  PyObject_HEAD State* state;
};

State& of(PyObject* self) { return *reinterpret_cast<Csv*>(self)->state; }

PyObject* csv_new(PyTypeObject* type, PyObject* args, PyObject*) {
  PyObject *path_object, *with_object;
  if (!PyArg_ParseTuple(args, "OO", &path_object, &with_object)) return nullptr;
  Keep keep;
  const char* path;
  std::vector<kith_field> with;
  if (!text_of(path_object, "path", keep, path) || !fields_of(with_object, true, keep, with)) return nullptr;
  kith_csv* csv = nullptr;
  kith_error* error = nullptr;
  kith_status status;
  auto state = std::make_unique<State>();
  {
    WithoutGil free;
    status = kith_csv_open(path, with.data(), with.size(), &csv, &error);
  }
  if (status != KITH_OK) return raise_error(status, error);
  Csv* self = new_object<Csv>(type);
  if (self == nullptr) {
    kith_csv_free(csv);
    return nullptr;
  }
  self->state = state.release();
  self->state->csv = csv;
  return reinterpret_cast<PyObject*>(self);
}

void csv_dealloc(PyObject* self) {
  State* state = reinterpret_cast<Csv*>(self)->state;
  if (state != nullptr) kith_csv_free(state->csv);
  delete state;
  free_object(self);
}

PyObject* csv_read(PyObject* self, PyObject* limit_object) {
  long long limit = PyLong_AsLongLong(limit_object);
  if (limit == -1 && PyErr_Occurred()) return nullptr;
  OwnedRows out;
  kith_error* error = nullptr;
  kith_status status = KITH_OK;
  bool closed;
  {
    WithoutGil free;
    std::lock_guard lock(of(self).mutex);
    closed = of(self).csv == nullptr;
    if (!closed) status = kith_csv_read(of(self).csv, limit, &out.rows, &error);
  }
  if (closed) return raise_closed("the CSV file is closed");
  if (status != KITH_OK) return raise_error(status, error);
  return make_rows(out.take(), nullptr, row_type);
}

PyObject* csv_close(PyObject* self, PyObject*) {
  {
    WithoutGil free;
    std::lock_guard lock(of(self).mutex);
    kith_csv_free(std::exchange(of(self).csv, nullptr));
  }
  Py_RETURN_NONE;
}

PyObject* csv_progress(PyObject* self, void*) {
  double progress;
  {
    WithoutGil free;
    std::lock_guard lock(of(self).mutex);
    progress = of(self).csv == nullptr ? 1.0 : kith_csv_progress(of(self).csv);
  }
  return PyFloat_FromDouble(progress);
}

PyMethodDef csv_methods[] = {
    {"read", guarded<csv_read>, METH_O, "kith_csv_read: the next rows, at most so many."},
    {"close", guarded<csv_close>, METH_NOARGS, "kith_csv_free"},
    {nullptr, nullptr, 0, nullptr}};
PyGetSetDef csv_getset[] = {
    {"progress", guarded<csv_progress>, nullptr, "kith_csv_progress: how far it has come, 0 to 1.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};
PyType_Slot csv_slots[] = {{Py_tp_new, guarded_slot<csv_new>()},
                           {Py_tp_dealloc, reinterpret_cast<void*>(csv_dealloc)},
                           {Py_tp_methods, csv_methods},
                           {Py_tp_getset, csv_getset},
                           {0, nullptr}};
PyType_Spec csv_spec = {"kith._kith.Csv", sizeof(Csv), 0, Py_TPFLAGS_DEFAULT, csv_slots};

}  // namespace

bool init_csv(PyObject* module) { return add_type(module, csv_spec) != nullptr; }

}  // namespace kithpy
