// The type Rows: a table that keeps its bytes, its rows as objects, tuples or dicts, and its columns as lists.
#include "rows.h"

#include <cstring>
#include <map>

namespace kithpy {

PyTypeObject* rows_type = nullptr;

namespace {

PyTypeObject* iterator_type = nullptr;

enum class Shape { objects, tuples, dicts };

struct Iterator {
  PyObject_HEAD RowsObject* rows;
  std::int64_t next;
  Shape shape;
};

Meaning meaning_of(const char* name) {
  static const struct {
    const char* name;
    Meaning meaning;
  } known[] = {{"integer", Meaning::integer},
               {"real", Meaning::real},
               {"boolean", Meaning::boolean},
               {"date", Meaning::date},
               {"json", Meaning::json},
               {"datetime", Meaning::datetime},
               {"id", Meaning::id}};
  for (const auto& entry : known) {
    if (std::strcmp(entry.name, name) == 0) return entry.meaning;
  }
  return Meaning::text;
}

bool fits(const Layout& layout, const kith_rows* rows, std::int32_t width) {
  if (layout.texts.size() != static_cast<std::size_t>(width)) return false;
  for (std::int32_t column = 0; column < width; ++column) {
    auto at = static_cast<std::size_t>(column);
    if (layout.texts[at] != kith_rows_name(rows, column) ||
        layout.meanings[at] != meaning_of(kith_rows_meaning(rows, column)))
      return false;
  }
  return true;
}

std::shared_ptr<const Layout> new_layout(const kith_rows* rows, std::int32_t width, PyTypeObject* type) {
  auto layout = std::make_shared<Layout>();
  layout->row_type = type;
  layout->names = Ref(PyTuple_New(width));
  layout->all = Ref(PyDict_New());
  layout->plain = Ref(PyDict_New());
  if (!layout->names || !layout->all || !layout->plain) return nullptr;
  for (std::int32_t column = 0; column < width; ++column) {
    const char* text = kith_rows_name(rows, column);
    layout->texts.emplace_back(text);
    layout->meanings.push_back(meaning_of(kith_rows_meaning(rows, column)));
    PyObject* name = PyUnicode_InternFromString(text);
    Ref number(PyLong_FromLong(column));
    if (name == nullptr || !number || PyTuple_SetItem(layout->names.get(), column, name) != 0) return nullptr;
    if (PyDict_SetItem(layout->all.get(), name, number.get()) != 0) return nullptr;
    bool own = PyObject_HasAttr(reinterpret_cast<PyObject*>(type), name) != 0;
    if (!own && PyDict_SetItem(layout->plain.get(), name, number.get()) != 0) return nullptr;
  }
  return layout;
}

// The latest layout of each type of row; one kind is mostly read in one shape.
std::shared_ptr<const Layout> layout_of(const kith_rows* rows, std::int32_t width, PyTypeObject* type) {
  static auto* latest =
      new std::map<PyTypeObject*, std::shared_ptr<const Layout>>;  // outlives the interpreter's end
  auto found = latest->find(type);
  if (found != latest->end() && fits(*found->second, rows, width)) return found->second;
  std::shared_ptr<const Layout> made = new_layout(rows, width, type);
  if (made == nullptr) return nullptr;
  if (found == latest->end()) Py_INCREF(reinterpret_cast<PyObject*>(type));
  (*latest)[type] = made;
  return made;
}

RowsObject* of(PyObject* self) { return reinterpret_cast<RowsObject*>(self); }

int rows_traverse(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(reinterpret_cast<PyObject*>(Py_TYPE(self)));
  Py_VISIT(of(self)->owner);
  return 0;
}

void rows_dealloc(PyObject* self) {
  PyObject_GC_UnTrack(self);
  RowsObject* rows = of(self);
  kith_rows_free(rows->rows);
  delete rows->layout;
  Py_XDECREF(rows->owner);
  free_object(self);
}

Py_ssize_t rows_length(PyObject* self) { return static_cast<Py_ssize_t>(of(self)->count); }

PyObject* rows_item(PyObject* self, PyObject* key) {
  RowsObject* rows = of(self);
  if (PySlice_Check(key)) {
    Py_ssize_t start, stop, step;
    if (PySlice_Unpack(key, &start, &stop, &step) != 0) return nullptr;
    Py_ssize_t size = PySlice_AdjustIndices(static_cast<Py_ssize_t>(rows->count), &start, &stop, step);
    Ref list(PyList_New(size));
    if (!list) return nullptr;
    for (Py_ssize_t i = 0; i < size; ++i, start += step) {
      PyObject* row = make_row(rows, start);
      if (row == nullptr || PyList_SetItem(list.get(), i, row) != 0) return nullptr;
    }
    return list.release();
  }
  Py_ssize_t index = PyNumber_AsSsize_t(key, PyExc_IndexError);
  if (index == -1 && PyErr_Occurred()) return nullptr;
  if (index < 0) index += static_cast<Py_ssize_t>(rows->count);
  if (index < 0 || index >= rows->count) {
    PyErr_SetString(PyExc_IndexError, "there is no such row");
    return nullptr;
  }
  return make_row(rows, index);
}

PyObject* iterate(PyObject* self, Shape shape) {
  Iterator* iterator = new_object<Iterator>(iterator_type);
  if (iterator == nullptr) return nullptr;
  Py_INCREF(self);
  iterator->rows = of(self);
  iterator->next = 0;
  iterator->shape = shape;
  return reinterpret_cast<PyObject*>(iterator);
}

PyObject* rows_iter(PyObject* self) { return iterate(self, Shape::objects); }
PyObject* rows_tuples(PyObject* self, PyObject*) { return iterate(self, Shape::tuples); }
PyObject* rows_dicts(PyObject* self, PyObject*) { return iterate(self, Shape::dicts); }

PyObject* rows_column(PyObject* self, PyObject* name) {
  RowsObject* rows = of(self);
  PyObject* number = PyDict_GetItemWithError((*rows->layout)->all.get(), name);
  if (number == nullptr) {
    if (!PyErr_Occurred()) PyErr_SetObject(PyExc_KeyError, name);
    return nullptr;
  }
  auto column = static_cast<std::int32_t>(PyLong_AsLong(number));
  Ref list(PyList_New(static_cast<Py_ssize_t>(rows->count)));
  if (!list) return nullptr;
  for (std::int64_t row = 0; row < rows->count; ++row) {
    PyObject* value = cell(rows, row, column);
    if (value == nullptr || PyList_SetItem(list.get(), static_cast<Py_ssize_t>(row), value) != 0)
      return nullptr;
  }
  return list.release();
}

// A cell of JSON as it is kept, which json.loads would not give back.
PyObject* rows_json_text(PyObject* self, PyObject* args) {
  long long row;
  int column;
  if (!PyArg_ParseTuple(args, "Li", &row, &column)) return nullptr;
  return PyUnicode_FromString(kith_rows_text(of(self)->rows, row, column));
}

PyObject* rows_names(PyObject* self, void*) {
  return Ref::borrowed((*of(self)->layout)->names.get()).release();
}

PyObject* rows_meanings(PyObject* self, void*) {
  RowsObject* rows = of(self);
  Ref tuple(PyTuple_New(rows->width));
  for (std::int32_t column = 0; tuple && column < rows->width; ++column) {
    PyObject* name = PyUnicode_FromString(kith_rows_meaning(rows->rows, column));
    if (name == nullptr || PyTuple_SetItem(tuple.get(), column, name) != 0) return nullptr;
  }
  return tuple.release();
}

PyObject* rows_next(PyObject* self, void*) {
  const char* next = kith_rows_next(of(self)->rows);
  if (next == nullptr) Py_RETURN_NONE;
  return PyUnicode_FromString(next);
}

void iterator_dealloc(PyObject* self) {
  Py_XDECREF(reinterpret_cast<PyObject*>(reinterpret_cast<Iterator*>(self)->rows));
  free_object(self);
}

PyObject* iterator_next(PyObject* self) {
  Iterator* iterator = reinterpret_cast<Iterator*>(self);
  if (iterator->next >= iterator->rows->count) return nullptr;
  std::int64_t row = iterator->next++;
  switch (iterator->shape) {
    case Shape::tuples:
      return row_tuple(iterator->rows, row);
    case Shape::dicts:
      return row_dict(iterator->rows, row);
    default:
      return make_row(iterator->rows, row);
  }
}

PyObject* iterator_self(PyObject* self) { return Ref::borrowed(self).release(); }

PyObject* iterator_hint(PyObject* self, PyObject*) {
  Iterator* iterator = reinterpret_cast<Iterator*>(self);
  return PyLong_FromLongLong(iterator->rows->count - iterator->next);
}

PyMethodDef rows_methods[] = {
    {"tuples", guarded<rows_tuples>, METH_NOARGS, "The rows as tuples, one after another."},
    {"dicts", guarded<rows_dicts>, METH_NOARGS, "The rows as dicts, one after another."},
    {"column", guarded<rows_column>, METH_O, "One column as a list."},
    {"json_text", rows_json_text, METH_VARARGS,
     "The JSON of a cell, by row and column, as the text that it is."},
    {"__arrow_c_stream__", guarded_method<rows_arrow_stream>(), METH_VARARGS | METH_KEYWORDS,
     "The table as a stream of Arrow batches."},
    {"__arrow_c_array__", guarded_method<rows_arrow_array>(), METH_VARARGS | METH_KEYWORDS,
     "The table as one Arrow batch."},
    {nullptr, nullptr, 0, nullptr}};

PyGetSetDef rows_getset[] = {{"names", guarded<rows_names>, nullptr, "The names of the columns.", nullptr},
                             {"meanings", guarded<rows_meanings>, nullptr,
                              "What each column means: \"text\", \"datetime\" ...", nullptr},
                             {"next", guarded<rows_next>, nullptr,
                              "What to continue after for the next page; None: this was the last.", nullptr},
                             {nullptr, nullptr, nullptr, nullptr, nullptr}};

PyType_Slot rows_slots[] = {{Py_tp_dealloc, reinterpret_cast<void*>(rows_dealloc)},
                            {Py_tp_traverse, reinterpret_cast<void*>(rows_traverse)},
                            {Py_tp_methods, rows_methods},
                            {Py_tp_getset, rows_getset},
                            {Py_tp_iter, guarded_slot<rows_iter>()},
                            {Py_mp_length, reinterpret_cast<void*>(rows_length)},
                            {Py_mp_subscript, guarded_slot<rows_item>()},
                            {Py_tp_doc, const_cast<char*>("A table that Kith answered; nothing changes it.")},
                            {0, nullptr}};
PyType_Spec rows_spec = {"kith._kith.Rows", sizeof(RowsObject), 0,
                         Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC, rows_slots};

PyMethodDef iterator_methods[] = {{"__length_hint__", iterator_hint, METH_NOARGS, nullptr},
                                  {nullptr, nullptr, 0, nullptr}};
PyType_Slot iterator_slots[] = {{Py_tp_dealloc, reinterpret_cast<void*>(iterator_dealloc)},
                                {Py_tp_iter, reinterpret_cast<void*>(iterator_self)},
                                {Py_tp_iternext, guarded_slot<iterator_next>()},
                                {Py_tp_methods, iterator_methods},
                                {0, nullptr}};
PyType_Spec iterator_spec = {"kith._kith.RowsIterator", sizeof(Iterator), 0, Py_TPFLAGS_DEFAULT,
                             iterator_slots};

}  // namespace

PyObject* make_rows(kith_rows* rows, PyObject* owner, PyTypeObject* type) {
  OwnedRows owned;
  owned.rows = rows;
  std::int32_t width = kith_rows_width(rows);
  auto layout = std::make_unique<std::shared_ptr<const Layout>>(layout_of(rows, width, type));
  RowsObject* made =
      *layout == nullptr
          ? nullptr
          : new_object<RowsObject>(hooks.rows == nullptr ? rows_type
                                                         : reinterpret_cast<PyTypeObject*>(hooks.rows));
  if (made == nullptr) return nullptr;
  made->rows = owned.take();
  made->count = kith_rows_count(rows);
  made->width = width;
  made->layout = layout.release();
  Py_XINCREF(owner);
  made->owner = owner;
  return reinterpret_cast<PyObject*>(made);
}

bool init_rows(PyObject* module) {
  rows_type = add_type(module, rows_spec);
  iterator_type = add_type(module, iterator_spec);
  return rows_type != nullptr && iterator_type != nullptr;
}

}  // namespace kithpy
