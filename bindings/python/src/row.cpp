// The type Row: one row of a table, with its columns as attributes. Also a thing of which only the id is known so
// far, such as a put answers: it is read when a field is first asked for.
#include "rows.h"

namespace kithpy {

PyTypeObject* row_type = nullptr;

namespace {

RowObject* of(PyObject* self) { return reinterpret_cast<RowObject*>(self); }

PyObject* owner_of(const RowObject* row) { return row->rows != nullptr ? row->rows->owner : row->owner; }

int row_traverse(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(reinterpret_cast<PyObject*>(Py_TYPE(self)));
  Py_VISIT(reinterpret_cast<PyObject*>(of(self)->rows));
  Py_VISIT(of(self)->owner);
  return 0;
}

void row_dealloc(PyObject* self) {
  PyObject_GC_UnTrack(self);
  Py_XDECREF(reinterpret_cast<PyObject*>(of(self)->rows));
  Py_XDECREF(of(self)->owner);
  free_object(self);
}

// Makes the first row of `table` what this object shows.
bool take_table(RowObject* row, PyObject* table) {
  if (PyObject_TypeCheck(table, rows_type) == 0) {
    PyErr_SetString(PyExc_TypeError, "a Rows object is wanted");
    return false;
  }
  RowsObject* rows = reinterpret_cast<RowsObject*>(table);
  if (rows->count < 1) {
    PyErr_SetString(PyExc_LookupError, "the table has no row");
    return false;
  }
  Py_INCREF(table);
  RowsObject* old = std::exchange(row->rows, rows);
  Py_XDECREF(reinterpret_cast<PyObject*>(old));
  PyObject* owner = std::exchange(row->owner, nullptr);
  Py_XDECREF(owner);
  row->index = 0;
  return true;
}

bool loaded(RowObject* row) {
  if (row->rows != nullptr) return true;
  Ref table(PyObject_CallFunctionObjArgs(hooks.load_thing, reinterpret_cast<PyObject*>(row), nullptr));
  if (!table) return false;
  return row->rows != nullptr || take_table(row, table.get());
}

// The table as it is now: making a cell may run Python code, which may refresh the row and let the table go.
struct Held {
  Ref object;
  RowsObject* rows;
  std::int64_t index;
  explicit Held(const RowObject* row)
      : object(Ref::borrowed(reinterpret_cast<PyObject*>(row->rows))), rows(row->rows), index(row->index) {}
};

PyObject* by_number(RowObject* row, PyObject* number) {
  Held held(row);
  return cell(held.rows, held.index, static_cast<std::int32_t>(PyLong_AsLong(number)));
}

PyObject* row_getattro(PyObject* self, PyObject* name) {
  RowObject* row = of(self);
  if (row->rows != nullptr) {
    PyObject* number = PyDict_GetItemWithError((*row->rows->layout)->plain.get(), name);
    if (number != nullptr) return by_number(row, number);
    if (PyErr_Occurred()) return nullptr;
  }
  PyObject* own = PyObject_GenericGetAttr(self, name);
  if (own != nullptr || !PyErr_ExceptionMatches(PyExc_AttributeError)) return own;
  Ref first(PyUnicode_Substring(name, 0, 1));
  if (!first || PyUnicode_CompareWithASCIIString(first.get(), "_") == 0)
    return nullptr;  // protocols ask for many such
  PyErr_Clear();
  if (row->rows == nullptr) {
    if (PyUnicode_CompareWithASCIIString(name, "id") == 0) return PyLong_FromLongLong(row->index);
    if (!loaded(row)) return nullptr;
    PyObject* number = PyDict_GetItemWithError((*row->rows->layout)->plain.get(), name);
    if (number != nullptr) return by_number(row, number);
    if (PyErr_Occurred()) return nullptr;
  }
  Ref message(PyObject_CallFunctionObjArgs(hooks.no_field, self, name, nullptr));
  if (message) PyErr_SetObject(PyExc_AttributeError, message.get());
  return nullptr;
}

PyObject* row_item(PyObject* self, PyObject* key) {
  RowObject* row = of(self);
  if (!loaded(row)) return nullptr;
  if (PyUnicode_Check(key)) {
    PyObject* number = PyDict_GetItemWithError((*row->rows->layout)->all.get(), key);
    if (number != nullptr) return by_number(row, number);
    if (!PyErr_Occurred()) PyErr_SetObject(PyExc_KeyError, key);
    return nullptr;
  }
  Held held(row);
  Ref tuple(row_tuple(held.rows, held.index));
  return tuple ? PyObject_GetItem(tuple.get(), key) : nullptr;
}

Py_ssize_t row_length(PyObject* self) { return loaded(of(self)) ? of(self)->rows->width : -1; }

PyObject* row_values(PyObject* self, PyObject*) {
  if (!loaded(of(self))) return nullptr;
  Held held(of(self));
  return row_tuple(held.rows, held.index);
}

PyObject* row_to_dict(PyObject* self, PyObject*) {
  if (!loaded(of(self))) return nullptr;
  Held held(of(self));
  return row_dict(held.rows, held.index);
}

PyObject* row_iter(PyObject* self) {
  Ref values(row_values(self, nullptr));
  return values ? PyObject_GetIter(values.get()) : nullptr;
}

PyObject* row_keys(PyObject* self, PyObject*) {
  if (!loaded(of(self))) return nullptr;
  return Ref::borrowed((*of(self)->rows->layout)->names.get()).release();
}

PyObject* row_items(PyObject* self, PyObject*) {
  Ref dict(row_to_dict(self, nullptr));
  return dict ? PyDict_Items(dict.get()) : nullptr;
}

// `_of_id(owner, id, outcome)`: a thing of which only the id is known.
PyObject* row_of_id(PyObject* type, PyObject* args) {
  PyObject* owner;
  long long id;
  int outcome;
  if (!PyArg_ParseTuple(args, "OLi", &owner, &id, &outcome)) return nullptr;
  RowObject* row = new_object<RowObject>(reinterpret_cast<PyTypeObject*>(type));
  if (row == nullptr) return nullptr;
  row->rows = nullptr;
  Py_INCREF(owner);
  row->owner = owner;
  row->index = id;
  row->outcome = outcome;
  return reinterpret_cast<PyObject*>(row);
}

PyObject* row_replace(PyObject* self, PyObject* table) {
  if (!take_table(of(self), table)) return nullptr;
  Py_RETURN_NONE;
}

PyObject* row_new(PyTypeObject* type, PyObject*, PyObject*) {
  PyErr_Format(PyExc_TypeError, "%R is made by the database: put, get or find one", type);
  return nullptr;
}

PyObject* row_owner(PyObject* self, void*) {
  PyObject* owner = owner_of(of(self));
  return Ref::borrowed(owner == nullptr ? Py_None : owner).release();
}

PyObject* row_table(PyObject* self, void*) {
  RowsObject* rows = of(self)->rows;
  return Ref::borrowed(rows == nullptr ? Py_None : reinterpret_cast<PyObject*>(rows)).release();
}

PyObject* row_outcome(PyObject* self, void*) { return PyLong_FromLong(of(self)->outcome); }

PyMethodDef row_methods[] = {{"keys", guarded<row_keys>, METH_NOARGS, "The names of the columns."},
                             {"values", guarded<row_values>, METH_NOARGS, "The values, as a tuple."},
                             {"items", guarded<row_items>, METH_NOARGS, "Pairs of name and value."},
                             {"to_dict", guarded<row_to_dict>, METH_NOARGS, "The row as a dict."},
                             {"_of_id", guarded<row_of_id>, METH_VARARGS | METH_CLASS, nullptr},
                             {"_replace", guarded<row_replace>, METH_O, nullptr},
                             {nullptr, nullptr, 0, nullptr}};

PyGetSetDef row_getset[] = {{"_crm", row_owner, nullptr, nullptr, nullptr},
                            {"_table", row_table, nullptr, nullptr, nullptr},
                            {"_outcome", row_outcome, nullptr, nullptr, nullptr},
                            {nullptr, nullptr, nullptr, nullptr, nullptr}};

PyType_Slot row_slots[] = {
    {Py_tp_dealloc, reinterpret_cast<void*>(row_dealloc)},
    {Py_tp_traverse, reinterpret_cast<void*>(row_traverse)},
    {Py_tp_new, guarded_slot<row_new>()},
    {Py_tp_getattro, guarded_slot<row_getattro>()},
    {Py_tp_iter, guarded_slot<row_iter>()},
    {Py_mp_length, guarded_slot<row_length>()},
    {Py_mp_subscript, guarded_slot<row_item>()},
    {Py_tp_methods, row_methods},
    {Py_tp_getset, row_getset},
    {Py_tp_doc, const_cast<char*>("One row: its columns are attributes, and items by name or number.")},
    {0, nullptr}};
PyType_Spec row_spec = {"kith._kith.Row", sizeof(RowObject), 0,
                        Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC, row_slots};

}  // namespace

PyObject* make_row(RowsObject* rows, std::int64_t index) {
  RowObject* row = new_object<RowObject>((*rows->layout)->row_type);
  if (row == nullptr) return nullptr;
  Py_INCREF(reinterpret_cast<PyObject*>(rows));
  row->rows = rows;
  row->owner = nullptr;
  row->index = index;
  row->outcome = -1;
  return reinterpret_cast<PyObject*>(row);
}

bool init_row(PyObject* module) {
  row_type = add_type(module, row_spec);
  return row_type != nullptr;
}

}  // namespace kithpy
