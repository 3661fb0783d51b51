#include "convert.h"

#include <algorithm>
#include <cstring>

namespace kithpy {

void Keep::clear() {
  blocks_.clear();
  at_ = nullptr;
  left_ = 0;
}

char* Keep::room(std::size_t size) {
  if (size > left_) {
    std::size_t block = std::max<std::size_t>(size, blocks_.empty()      ? 256
                                                    : blocks_.size() < 4 ? 4096
                                                                         : 1 << 18);
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(block));
    at_ = blocks_.back().get();
    left_ = block;
  }
  char* room = at_;
  at_ += size;
  left_ -= size;
  return room;
}

const char* Keep::text(PyObject* str, const char* field) {
  Ref bytes(PyUnicode_AsUTF8String(str));
  if (!bytes) {
    if (PyErr_ExceptionMatches(PyExc_UnicodeError)) {
      PyErr_Clear();
      raise_status(KITH_INVALID, std::string(field) + ": holds a lone surrogate, which is no character",
                   field);
    }
    return nullptr;
  }
  const char* text = PyBytes_AsString(bytes.get());
  auto size = static_cast<std::size_t>(PyBytes_Size(bytes.get()));
  if (std::memchr(text, 0, size) != nullptr) {
    raise_status(KITH_INVALID, std::string(field) + ": holds a NUL character", field);
    return nullptr;
  }
  char* kept = room(size + 1);
  std::memcpy(kept, text, size + 1);
  return kept;
}

bool text_of(PyObject* object, const char* name, Keep& keep, const char*& out) {
  out = nullptr;
  if (object == Py_None) return true;
  if (!PyUnicode_Check(object)) {
    PyErr_Format(PyExc_TypeError, "%s must be a str, not %R", name, Py_TYPE(object));
    return false;
  }
  out = keep.text(object, name);
  return out != nullptr;
}

bool value_of(PyObject* object, const char* name, Keep& keep, kith_field& out, int depth) {
  if (object == Py_None) {
    out = kith_null(name);
    return true;
  }
  if (PyUnicode_Check(object)) {
    const char* text = keep.text(object, name);
    out = kith_text(name, text);
    return text != nullptr;
  }
  if (PyLong_Check(object)) {  // a bool is one
    int overflow = 0;
    long long number = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (overflow != 0) {
      raise_status(KITH_INVALID, std::string(name) + ": the number has more than 64 bits", name);
      return false;
    }
    out = kith_integer(name, number);
    return number != -1 || PyErr_Occurred() == nullptr;
  }
  if (PyFloat_Check(object)) {
    out = kith_real(name, PyFloat_AsDouble(object));
    return true;
  }
  if (depth > 0) {
    PyErr_Format(PyExc_TypeError, "%s: %R is no value that Kith can keep", name, object);
    return false;
  }
  Ref field(PyUnicode_FromString(name));
  if (!field) return false;
  Ref plain(PyObject_CallFunctionObjArgs(hooks.plain, object, field.get(), nullptr));
  return plain && value_of(plain.get(), name, keep, out, depth + 1);
}

namespace {

bool one_field(PyObject* name, PyObject* value, bool repeat, Keep& keep, std::vector<kith_field>& out) {
  if (!PyUnicode_Check(name)) {
    PyErr_Format(PyExc_TypeError, "names of fields are str, not %R", name);
    return false;
  }
  const char* text = keep.text(name, "name");
  if (text == nullptr) return false;
  kith_field field;
  if (repeat && value == Py_None) {  // as good as not said, but for the few where nothing has a meaning
    int meant = hooks.empty_means == nullptr ? 0 : PySequence_Contains(hooks.empty_means, name);
    if (meant <= 0) return meant == 0;
  }
  if (repeat && (PyList_Check(value) || PyTuple_Check(value))) {
    Py_ssize_t size = PySequence_Size(value);
    for (Py_ssize_t i = 0; i < size; ++i) {
      Ref item(PySequence_GetItem(value, i));
      if (!item || !value_of(item.get(), text, keep, field)) return false;
      out.push_back(field);
    }
    return true;
  }
  if (!value_of(value, text, keep, field)) return false;
  out.push_back(field);
  return true;
}

}  // namespace

bool fields_of(PyObject* object, bool repeat, Keep& keep, std::vector<kith_field>& out) {
  if (object == Py_None) return true;
  if (PyDict_Check(object)) {
    Py_ssize_t at = 0;
    PyObject *name, *value;
    while (PyDict_Next(object, &at, &name, &value)) {
      // The hook may run Python code, which may change the mapping.
      Ref held_name = Ref::borrowed(name), held_value = Ref::borrowed(value);
      if (!one_field(name, value, repeat, keep, out)) return false;
    }
    return true;
  }
  Ref items;
  if (PyMapping_Check(object) && PyObject_HasAttrString(object, "keys")) {
    items = Ref(PyMapping_Items(object));
  } else {
    items = Ref(PySequence_List(object));
  }
  if (!items) return false;
  for (Py_ssize_t i = 0; i < PyList_Size(items.get()); ++i) {
    Ref pair(PySequence_Tuple(PyList_GetItem(items.get(), i)));
    if (!pair) return false;
    if (PyTuple_Size(pair.get()) != 2) {
      PyErr_SetString(PyExc_TypeError, "fields are a mapping, or pairs of name and value");
      return false;
    }
    if (!one_field(PyTuple_GetItem(pair.get(), 0), PyTuple_GetItem(pair.get(), 1), repeat, keep, out))
      return false;
  }
  return true;
}

bool Query::parse(PyObject* object, Keep& keep) {
  if (object == Py_None) return true;
  PyObject *where, *args, *columns, *sort, *after;
  long long limit;
  if (!PyTuple_Check(object) ||
      !PyArg_ParseTuple(object, "OOOOOL", &where, &args, &columns, &sort, &after, &limit)) {
    if (!PyErr_Occurred())
      PyErr_SetString(PyExc_TypeError, "a query is the tuple (where, args, columns, sort, after, limit)");
    return false;
  }
  query_.size = sizeof query_;
  query_.limit = limit;
  if (!text_of(where, "where", keep, query_.where) || !text_of(columns, "columns", keep, query_.columns) ||
      !text_of(sort, "sort", keep, query_.sort) || !text_of(after, "after", keep, query_.after)) {
    return false;
  }
  Py_ssize_t size = PySequence_Size(args);
  if (size < 0) return false;
  for (Py_ssize_t i = 0; i < size; ++i) {
    Ref item(PySequence_GetItem(args, i));
    kith_field field;
    if (!item || !value_of(item.get(), "args", keep, field)) return false;
    args_.push_back(field);
  }
  query_.args = args_.data();
  query_.arg_count = args_.size();
  given_ = true;
  return true;
}

}  // namespace kithpy
