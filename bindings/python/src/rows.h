// Tables and their rows. A Rows object owns a kith_rows; a Row is a table and a number, and makes its cells when
// they are asked for. Rows of one shape share a Layout: interned names, and where each column stands.
#pragma once

#include <memory>
#include <vector>

#include "kithpy.h"

namespace kithpy {

enum class Meaning { text, integer, real, boolean, date, datetime, json, id };

struct Layout {
  PyTypeObject* row_type = nullptr;
  Ref names;  // a tuple of interned str
  Ref all;    // name -> column
  Ref plain;  // the same, but for names that the row's type has for itself
  std::vector<std::string> texts;
  std::vector<Meaning> meanings;
};

struct RowsObject {
  PyObject_HEAD kith_rows* rows;
  std::int64_t count;
  std::int32_t width;
  std::shared_ptr<const Layout>* layout;
  PyObject* owner;  // the Database that the rows came from, or nullptr
};

struct RowObject {
  PyObject_HEAD RowsObject* rows;  // nullptr while only the id is known
  PyObject* owner;                 // the Database while only the id is known
  std::int64_t index;              // the row, or that id
  int outcome;                     // what the put that answered it did; -1: no put did
};

// A table that a call fills in, freed unless it is taken.
struct OwnedRows {
  kith_rows* rows = nullptr;
  OwnedRows() = default;
  OwnedRows(const OwnedRows&) = delete;
  OwnedRows& operator=(const OwnedRows&) = delete;
  ~OwnedRows() { kith_rows_free(rows); }
  kith_rows* take() { return std::exchange(rows, nullptr); }
};

extern PyTypeObject* rows_type;
extern PyTypeObject* row_type;

// Takes the table over. `type` is Row or a class made from it.
PyObject* make_rows(kith_rows* rows, PyObject* owner, PyTypeObject* type);
PyObject* make_row(RowsObject* rows, std::int64_t index);
PyObject* cell(const RowsObject* rows, std::int64_t row, std::int32_t column);
PyObject* row_tuple(const RowsObject* rows, std::int64_t row);
PyObject* row_dict(const RowsObject* rows, std::int64_t row);

PyObject* rows_arrow_stream(PyObject* self, PyObject* args, PyObject* named);
PyObject* rows_arrow_array(PyObject* self, PyObject* args, PyObject* named);

}  // namespace kithpy
