// The module kith._kith: its types and constants, the hooks that the Python side sets, and how failures are raised.
#include <cstdlib>

#include "kithpy.h"

namespace kithpy {

Hooks hooks;
thread_local std::int64_t rows_before = 0;

PyObject* raise_status(kith_status status, const std::string& message, const std::string& field,
                       const std::string& nearest) {
  if (hooks.make_error == nullptr) {
    PyErr_SetString(PyExc_RuntimeError, message.c_str());
    return nullptr;
  }
  Ref error(PyObject_CallFunction(hooks.make_error, "isss", static_cast<int>(status), message.c_str(),
                                  field.c_str(), nearest.c_str()));
  if (error) PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(error.get())), error.get());
  return nullptr;
}

PyObject* raise_error(kith_status status, kith_error* error) {
  std::string message = kith_error_message(error), field = kith_error_field(error);
  if (rows_before > 0 && field.size() > 2 && field[0] == '[') {
    std::string here = field.substr(0, field.find(']') + 1);
    std::string there = "[" + std::to_string(std::atoll(here.c_str() + 1) + rows_before) + "]";
    field.replace(0, here.size(), there);
    std::size_t at = message.find(here);
    if (at != std::string::npos) message.replace(at, here.size(), there);
  }
  raise_status(status, message, field, kith_error_nearest(error));
  kith_error_free(error);
  return nullptr;
}

void raise_internal(const char* what) noexcept {
  Ref error;
  if (hooks.make_error != nullptr)
    error =
        Ref(PyObject_CallFunction(hooks.make_error, "isss", static_cast<int>(KITH_INTERNAL), what, "", ""));
  if (error) {
    PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(error.get())), error.get());
  } else if (PyErr_Occurred() == nullptr) {
    PyErr_SetString(PyExc_RuntimeError, what);
  }
}

PyObject* raise_closed(const char* what) {
  if (hooks.closed != nullptr) {
    PyErr_SetString(hooks.closed, what);
    return nullptr;
  }
  return raise_status(KITH_MISUSE, what);
}

PyTypeObject* add_type(PyObject* module, PyType_Spec& spec) {
  PyObject* type = PyType_FromSpec(&spec);
  if (type == nullptr) return nullptr;
  const char* name = spec.name;
  for (const char* at = spec.name; *at != 0; ++at) {
    if (*at == '.') name = at + 1;
  }
  Py_INCREF(type);  // ours to keep
  if (PyModule_AddObject(module, name, type) != 0) {
    Py_DECREF(type);
    Py_DECREF(type);
    return nullptr;
  }
  return reinterpret_cast<PyTypeObject*>(type);
}

void free_object(PyObject* object) {
  PyTypeObject* type = Py_TYPE(object);
  reinterpret_cast<freefunc>(PyType_GetSlot(type, Py_tp_free))(object);
  Py_DECREF(type);
}

namespace {

PyObject* set_hooks(PyObject*, PyObject* args, PyObject* named) {
  static const char* const names[] = {"make_error", "plain",    "loads",  "datetime", "date", "utc",
                                      "load_thing", "no_field", "closed", "rows",     nullptr};
  PyObject** places[] = {&hooks.make_error, &hooks.plain,      &hooks.loads,    &hooks.datetime, &hooks.date,
                         &hooks.utc,        &hooks.load_thing, &hooks.no_field, &hooks.closed,   &hooks.rows};
  PyObject* given[10] = {};
  if (!PyArg_ParseTupleAndKeywords(args, named, "OOOOOOOOOO", const_cast<char**>(names), &given[0], &given[1],
                                   &given[2], &given[3], &given[4], &given[5], &given[6], &given[7],
                                   &given[8], &given[9])) {
    return nullptr;
  }
  for (int i = 0; i < 10; ++i) {
    Py_INCREF(given[i]);
    PyObject* old = std::exchange(*places[i], given[i]);
    Py_XDECREF(old);
  }
  Py_RETURN_NONE;
}

PyObject* set_empty_means(PyObject*, PyObject* names) {
  Py_INCREF(names);
  Py_XDECREF(std::exchange(hooks.empty_means, names));
  Py_RETURN_NONE;
}

PyObject* version(PyObject*, PyObject*) { return PyUnicode_FromString(kith_version()); }

PyObject* status_name(PyObject*, PyObject* status) {
  long number = PyLong_AsLong(status);
  if (number == -1 && PyErr_Occurred()) return nullptr;
  return PyUnicode_FromString(kith_status_name(static_cast<kith_status>(number)));
}

PyMethodDef functions[] = {
    {"set_hooks", guarded_method<set_hooks>(), METH_VARARGS | METH_KEYWORDS, nullptr},
    {"set_empty_means", guarded<set_empty_means>, METH_O, "Extras for which None has a meaning."},
    {"version", guarded<version>, METH_NOARGS, "kith_version: the library's version."},
    {"status_name", guarded<status_name>, METH_O, "kith_status_name: the name of a status."},
    {nullptr, nullptr, 0, nullptr}};

PyModuleDef definition = {PyModuleDef_HEAD_INIT,
                          "kith._kith",
                          "The C interface of Kith, for the package kith.",
                          -1,
                          functions,
                          nullptr,
                          nullptr,
                          nullptr,
                          nullptr};

}  // namespace
}  // namespace kithpy

// Types and hooks are one for the process, so a second interpreter would share the first one's objects.
PyMODINIT_FUNC PyInit__kith() {
  static PyInterpreterState* home = nullptr;
  if (home != nullptr && home != PyInterpreterState_Get()) {
    PyErr_SetString(PyExc_ImportError, "kith does not support subinterpreters");
    return nullptr;
  }
  home = PyInterpreterState_Get();
  using namespace kithpy;
  Ref module(PyModule_Create(&definition));
  if (!module) return nullptr;
  if (!init_interrupt(module.get()) || !init_rows(module.get()) || !init_row(module.get()) ||
      !init_handle(module.get()) || !init_csv(module.get())) {
    return nullptr;
  }
  if (PyModule_AddStringConstant(module.get(), "HEADER_VERSION", KITH_PY_VERSION) != 0) return nullptr;
  return module.release();
}
