// Putting and recording many: rows are read from Python into fields here, and go in as few calls as their shape
// allows. More than one call share a transaction.
#include "handle.h"
#include "rows.h"

namespace kithpy {

namespace {

// A field takes about 64 bytes while it waits, with its text. What needs several calls is slower, for each of them is
// a savepoint in the transaction that they share.
constexpr std::size_t most_cells = 3000000;

// For the time of one call, how many rows went before it.
struct RowsBefore {
  explicit RowsBefore(std::int64_t count) { rows_before = count; }
  ~RowsBefore() { rows_before = 0; }
};

class Batch {
 public:
  Batch(Core& core, const char* kind, bool skip_bad, const std::vector<kith_field>& with)
      : core_(core),
        kind_(kind),
        flags_(skip_bad ? std::uint32_t{KITH_SKIP_BAD} : 0),
        with_(with),
        answers_(PyList_New(0)) {}
  ~Batch() { forget_names(); }

  // A list of Rows, one for each call; nullptr when it failed and nothing was done.
  PyObject* put(PyObject* rows, PyObject* columns) {
    bool well = false;
    try {
      well = answers_ && put_all(rows, columns) && flush() && (!open_ || commit());
    } catch (...) {
      if (open_) rollback();
      throw;
    }
    if (!well && open_) rollback();
    return well ? answers_.release() : nullptr;
  }

 private:
  bool put_all(PyObject* rows, PyObject* columns) {
    Ref iterator(PyObject_GetIter(rows));
    if (!iterator) return false;
    for (;;) {
      Ref row(PyIter_Next(iterator.get()));
      if (!row) return PyErr_Occurred() == nullptr;
      if (!add(row.get(), columns)) return false;
      if (fields_.size() >= most_cells && !part()) return false;
    }
  }

  bool add(PyObject* row, PyObject* columns) {
    if (PyDict_Check(row)) return add_dict(row);
    if (PyTuple_Check(row) || PyList_Check(row)) return add_sequence(row, columns);
    if (!PyObject_HasAttrString(row, "keys")) {
      PyErr_Format(PyExc_TypeError, "a row is a dict, a tuple, a list or a mapping, not %R", Py_TYPE(row));
      return false;
    }
    Ref dict(PyDict_New());
    return dict && PyDict_Update(dict.get(), row) == 0 && add_dict(dict.get());
  }

  bool add_dict(PyObject* row) {
    std::size_t before = fields_.size();
    if (started_ && static_cast<std::size_t>(PyDict_Size(row)) == names_.size()) {
      bool same = true;
      if (!read_dict(row, same)) return false;
      if (same) return true;
      fields_.resize(before);
    }
    Ref keys(PyDict_Keys(row));
    if (!keys || !shape(keys.get())) return false;
    bool same = true;
    return read_dict(row, same);
  }

  // In the order of the names when the keys come so, which they mostly do; else by looking each one up.
  bool read_dict(PyObject* row, bool& same) {
    Py_ssize_t at = 0;
    PyObject *key, *value;
    std::size_t index = 0;
    std::size_t before = fields_.size();
    while (PyDict_Next(row, &at, &key, &value)) {
      if (index >= names_.size() || key != keys_[index]) break;
      Ref held = Ref::borrowed(value);
      if (!cell(value, index++)) return false;
    }
    if (index == names_.size() && row_size(row) == index) {
      ++height_;
      return true;
    }
    fields_.resize(before);
    for (index = 0; index < names_.size(); ++index) {
      value = PyDict_GetItemWithError(row, keys_[index]);
      if (value == nullptr) {
        same = false;
        return PyErr_Occurred() == nullptr;
      }
      Ref held = Ref::borrowed(value);
      if (!cell(value, index)) return false;
    }
    ++height_;
    return true;
  }

  static std::size_t row_size(PyObject* row) { return static_cast<std::size_t>(PyDict_Size(row)); }

  bool add_sequence(PyObject* row, PyObject* columns) {
    Ref named;
    if (columns == Py_None) {
      named = Ref(PyObject_GetAttrString(row, "_fields"));  // of a named tuple
      if (!named) {
        PyErr_SetString(PyExc_TypeError, "tuples need columns=: the names of their fields");
        return false;
      }
      columns = named.get();
    }
    if ((!started_ || columns != columns_.get()) && !shape_of_columns(columns)) return false;
    if (PySequence_Size(row) != static_cast<Py_ssize_t>(names_.size())) {
      PyErr_Format(PyExc_ValueError, "row %zd has %zd values, and there are %zd columns",
                   static_cast<Py_ssize_t>(before_ + height_), PySequence_Size(row),
                   static_cast<Py_ssize_t>(names_.size()));
      return false;
    }
    bool tuple = PyTuple_Check(row) != 0;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      auto at = static_cast<Py_ssize_t>(i);
      // Converting a value may run Python code, which may make a list shorter.
      Ref value = Ref::borrowed(tuple ? PyTuple_GetItem(row, at) : PyList_GetItem(row, at));
      if (!value || !cell(value.get(), i)) return false;
    }
    ++height_;
    return true;
  }

  bool shape_of_columns(PyObject* columns) {
    Ref list(PySequence_List(columns));
    if (!list || !shape(list.get())) return false;
    columns_ = Ref::borrowed(columns);
    return true;
  }

  // Another set of names begins another call.
  bool shape(PyObject* names) {
    if (height_ > 0 && !part()) return false;
    forget_names();
    columns_ = Ref();
    Py_ssize_t size = PyList_Size(names);
    names_.reserve(static_cast<std::size_t>(size));
    for (Py_ssize_t i = 0; i < size; ++i) {
      PyObject* name = PyList_GetItem(names, i);
      Keep keep;
      const char* text = nullptr;
      if (!text_of(name, "name", keep, text)) return false;
      if (text == nullptr) {
        PyErr_SetString(PyExc_TypeError, "names of fields are str, not None");
        return false;
      }
      names_.emplace_back(text);
      Py_INCREF(name);
      keys_.push_back(name);
    }
    started_ = true;
    return true;
  }

  void forget_names() {
    for (PyObject* key : keys_) Py_DECREF(key);
    keys_.clear();
    names_.clear();
  }

  bool cell(PyObject* value, std::size_t index) {
    kith_field field;
    if (!value_of(value, names_[index].c_str(), keep_, field)) return false;
    fields_.push_back(field);
    return true;
  }

  bool part() {
    if (!open_) {
      if (!run(
              core_, [](kith_db* db, kith_error** error) { return kith_begin(db, error); }, Interrupt::never,
              Act::begin))
        return false;
      open_ = true;
    }
    return flush();
  }

  bool flush() {
    if (height_ == 0) return true;
    OwnedRows out;
    auto work = [&](kith_db* db, kith_error** error) {
      if (kind_ == nullptr) {
        return kith_record_many(db, fields_.data(), names_.size(), height_, flags_, with_.data(),
                                with_.size(), &out.rows, error);
      }
      return kith_put_many(db, kind_, fields_.data(), names_.size(), height_, flags_, with_.data(),
                           with_.size(), &out.rows, error);
    };
    bool well;
    {
      RowsBefore counted(static_cast<std::int64_t>(before_));
      well = run(core_, work);
    }
    if (!well) return false;
    before_ += height_;
    height_ = 0;
    fields_.clear();
    keep_.clear();
    Ref rows(make_rows(out.take(), nullptr, row_type));
    return rows && PyList_Append(answers_.get(), rows.get()) == 0;
  }

  bool commit() {
    return run(
        core_, [](kith_db* db, kith_error** error) { return kith_commit(db, error); }, Interrupt::never,
        Act::commit);
  }

  void rollback() {
    PyObject *type, *value, *trace;
    PyErr_Fetch(&type, &value, &trace);
    auto work = [](kith_db* db, kith_error**) {
      kith_rollback(db);
      return static_cast<kith_status>(KITH_OK);
    };
    if (!run(core_, work, Interrupt::never, Act::rollback)) PyErr_Clear();
    PyErr_Restore(type, value, trace);
  }

  Core& core_;
  const char* kind_;
  std::uint32_t flags_;
  const std::vector<kith_field>& with_;
  Ref answers_;
  bool started_ = false;
  bool open_ = false;
  std::vector<std::string> names_;
  std::vector<PyObject*> keys_;
  Ref columns_;
  std::vector<kith_field> fields_;
  Keep keep_;
  std::size_t height_ = 0;
  std::size_t before_ = 0;
};

}  // namespace

PyObject* handle_put_many(PyObject* self, PyObject* args) {
  PyObject *kind_object, *rows, *columns, *with_object;
  int skip_bad;
  if (!PyArg_ParseTuple(args, "OOOpO", &kind_object, &rows, &columns, &skip_bad, &with_object))
    return nullptr;
  Keep keep;
  const char* kind;
  std::vector<kith_field> with;
  if (!text_of(kind_object, "kind", keep, kind) || !fields_of(with_object, true, keep, with)) return nullptr;
  return Batch(core_of(self), kind, skip_bad != 0, with).put(rows, columns);
}

}  // namespace kithpy
