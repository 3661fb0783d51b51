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
#include <exception>
#include <new>
#include <string>
#include <type_traits>
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
  PyObject* closed = nullptr;      // the class Closed
  PyObject* rows = nullptr;        // the class of tables
  PyObject* empty_means =
      nullptr;  // extras that None says something about: set when the schema has been read
};
extern Hooks hooks;

// Raise, and answer nullptr so that callers can return it.
PyObject* raise_status(kith_status status, const std::string& message, const std::string& field = "",
                       const std::string& nearest = "");
// Where rows are put in several calls: how many went before, so that "[3].email" counts from the first row of all.
extern thread_local std::int64_t rows_before;
PyObject* raise_error(kith_status status, kith_error* error);  // takes the error over
PyObject* raise_closed(const char* what = "the database is closed");

void raise_internal(const char* what) noexcept;

// Gives up the GIL for a scope, and takes it again however the scope is left.
class WithoutGil {
 public:
  WithoutGil() : state_(PyEval_SaveThread()) {}
  ~WithoutGil() { PyEval_RestoreThread(state_); }
  WithoutGil(const WithoutGil&) = delete;
  WithoutGil& operator=(const WithoutGil&) = delete;

 private:
  PyThreadState* state_;
};

// What Python calls is never left by a C++ exception: `guarded<function>` raises MemoryError or Internal instead.
template <auto function>
struct Guard;
template <class Answer, class... Given, Answer (*function)(Given...)>
struct Guard<function> {
  static Answer call(Given... given) noexcept {
    try {
      return function(given...);
    } catch (const std::bad_alloc&) {
      PyErr_NoMemory();
    } catch (const std::exception& error) {
      raise_internal(error.what());
    } catch (...) {
      raise_internal("an unknown exception");
    }
    if constexpr (std::is_pointer_v<Answer>) {
      return nullptr;
    } else {
      return static_cast<Answer>(-1);
    }
  }
};
template <auto function>
constexpr auto guarded = &Guard<function>::call;
// The same for a slot or a method of another signature.
template <auto function>
void* guarded_slot() {
  return reinterpret_cast<void*>(guarded<function>);
}
template <auto function>
PyCFunction guarded_method() {
  return reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(guarded<function>));
}

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
