// What every source of the module shares: owned references, the Python objects that are looked up once, and how a
// failure of the library becomes an exception. Nothing here calls the library with the GIL held for long.
#pragma once

#define PY_SSIZE_T_CLEAN
#ifndef Py_LIMITED_API
#define Py_LIMITED_API 0x03090000
#endif
#include <Python.h>
#include <kith.h>

#include <cstdint>
#include <string>
#include <utility>

namespace kithpy {

// An owned reference, given back at the end of its scope.
class Ref {
 public:
  Ref() = default;
  explicit Ref(PyObject* owned) : object_(owned) {}
  Ref(Ref&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Ref& operator=(Ref&& other) noexcept {
    if (this != &other) {
      PyObject* old = std::exchange(object_, std::exchange(other.object_, nullptr));
      Py_XDECREF(old);
    }
    return *this;
  }
  Ref(const Ref&) = delete;
  Ref& operator=(const Ref&) = delete;
  ~Ref() { Py_XDECREF(object_); }
  static Ref borrowed(PyObject* object) {
    Py_XINCREF(object);
    return Ref(object);
  }
  PyObject* get() const { return object_; }
  PyObject* release() { return std::exchange(object_, nullptr); }
  explicit operator bool() const { return object_ != nullptr; }

 private:
  PyObject* object_ = nullptr;
};

// Set once by the Python side, when it is imported (module.cpp).
struct Hooks {
  PyObject* make_error = nullptr;  // (status, message, field, nearest) -> exception
  PyObject* plain = nullptr;       // any value -> None, bool, int, float or str
  PyObject* loads = nullptr;       // JSON text -> object
  PyObject* datetime = nullptr;
  PyObject* date = nullptr;
  PyObject* utc = nullptr;
  PyObject* load_thing = nullptr;  // (row) -> Rows: reads a thing of which only the id is known
  PyObject* no_field = nullptr;    // (row, name) -> message of the AttributeError
};
extern Hooks hooks;

// Raise, and answer nullptr so that callers can return it.
PyObject* raise_status(kith_status status, const std::string& message, const std::string& field = "",
                       const std::string& nearest = "");
// Where rows are put in several calls: how many went before, so that "[3].email" counts from the first row of all.
extern thread_local std::int64_t rows_before;
PyObject* raise_error(kith_status status, kith_error* error);  // takes the error over
PyObject* raise_closed();

// A heap type made from a spec and put into the module; it lives as long as the process.
PyTypeObject* add_type(PyObject* module, PyType_Spec& spec);
template <class Object>
Object* new_object(PyTypeObject* type) {
  auto make = reinterpret_cast<allocfunc>(PyType_GetSlot(type, Py_tp_alloc));
  return reinterpret_cast<Object*>(make(type, 0));
}
// Gives the memory of an object of a heap type back, and its share of the type.
void free_object(PyObject* object);

bool init_handle(PyObject* module);
bool init_rows(PyObject* module);
bool init_row(PyObject* module);
bool init_csv(PyObject* module);
bool init_interrupt(PyObject* module);

}  // namespace kithpy
