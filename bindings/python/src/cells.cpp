// One cell of a table as a Python object, by the meaning of its column: int, str, bool, date, aware datetime, JSON.
#include <cstdio>

#include "rows.h"

namespace kithpy {

namespace {

// Rows written by one call share their times, so the latest datetimes are worth remembering.
struct Remembered {
  std::int64_t ms = 0;
  PyObject* object = nullptr;
};
Remembered remembered[256];

constexpr std::int64_t day_ms = 86400000;
// The years 1 to 9999, which is what datetime can hold.
constexpr std::int64_t first_ms = -62135596800000, last_ms = 253402300799999;

struct Day {
  int year, month, day;
};

// The day that is `days` after 1970-01-01, in the proleptic Gregorian calendar.
Day day_of(std::int64_t days) {
  std::int64_t z = days + 719468;  // since 0000-03-01
  std::int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  int of_era = static_cast<int>(z - era * 146097);
  int year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  int of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int shifted = (5 * of_year + 2) / 153;
  int month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {static_cast<int>(era * 400) + year_of_era + (month <= 2), month,
          of_year - (153 * shifted + 2) / 5 + 1};
}

PyObject* moment(std::int64_t ms) {
  if (ms < first_ms || ms > last_ms) return PyLong_FromLongLong(ms);
  Remembered& place = remembered[static_cast<std::uint64_t>(ms ^ (ms >> 8)) % 256];
  if (place.object != nullptr && place.ms == ms) {
    Py_INCREF(place.object);
    return place.object;
  }
  std::int64_t days = ms / day_ms, rest = ms % day_ms;
  if (rest < 0) {
    rest += day_ms;
    --days;
  }
  Day day = day_of(days);
  int seconds = static_cast<int>(rest / 1000);
  PyObject* made =
      PyObject_CallFunction(hooks.datetime, "iiiiiiiO", day.year, day.month, day.day, seconds / 3600,
                            seconds / 60 % 60, seconds % 60, static_cast<int>(rest % 1000) * 1000, hooks.utc);
  if (made == nullptr) return nullptr;
  Py_INCREF(made);
  PyObject* old = std::exchange(place.object, made);
  place.ms = ms;
  Py_XDECREF(old);
  return made;
}

PyObject* text_cell(const RowsObject* rows, std::int64_t row, std::int32_t column) {
  const char* text = kith_rows_text(rows->rows, row, column);
  std::size_t size = kith_rows_size(rows->rows, row, column);
  Meaning meaning = (*rows->layout)->meanings[static_cast<std::size_t>(column)];
  if (meaning == Meaning::date && size == 10) {
    int year, month, day;
    if (std::sscanf(text, "%4d-%2d-%2d", &year, &month, &day) == 3) {
      PyObject* date = PyObject_CallFunction(hooks.date, "iii", year, month, day);
      if (date != nullptr || !PyErr_ExceptionMatches(PyExc_ValueError)) return date;
      PyErr_Clear();
    }
  }
  PyObject* str = PyUnicode_FromStringAndSize(text, static_cast<Py_ssize_t>(size));
  if (str == nullptr || meaning != Meaning::json) return str;
  Ref held(str);
  PyObject* parsed = PyObject_CallFunctionObjArgs(hooks.loads, str, nullptr);
  if (parsed != nullptr || !PyErr_ExceptionMatches(PyExc_ValueError)) return parsed;
  PyErr_Clear();
  return held.release();
}

}  // namespace

PyObject* cell(const RowsObject* rows, std::int64_t row, std::int32_t column) {
  switch (kith_rows_type(rows->rows, row, column)) {
    case KITH_TEXT:
      return text_cell(rows, row, column);
    case KITH_REAL:
      return PyFloat_FromDouble(kith_rows_real(rows->rows, row, column));
    case KITH_INTEGER: {
      std::int64_t number = kith_rows_integer(rows->rows, row, column);
      Meaning meaning = (*rows->layout)->meanings[static_cast<std::size_t>(column)];
      if (meaning == Meaning::datetime) return moment(number);
      if (meaning == Meaning::boolean && (number == 0 || number == 1))
        return PyBool_FromLong(static_cast<long>(number));
      return PyLong_FromLongLong(number);
    }
    default:
      break;
  }
  Py_RETURN_NONE;
}

PyObject* row_tuple(const RowsObject* rows, std::int64_t row) {
  Ref tuple(PyTuple_New(rows->width));
  if (!tuple) return nullptr;
  for (std::int32_t column = 0; column < rows->width; ++column) {
    PyObject* value = cell(rows, row, column);
    if (value == nullptr || PyTuple_SetItem(tuple.get(), column, value) != 0) return nullptr;
  }
  return tuple.release();
}

PyObject* row_dict(const RowsObject* rows, std::int64_t row) {
  Ref dict(PyDict_New());
  if (!dict) return nullptr;
  PyObject* names = (*rows->layout)->names.get();
  for (std::int32_t column = 0; column < rows->width; ++column) {
    Ref value(cell(rows, row, column));
    if (!value || PyDict_SetItem(dict.get(), PyTuple_GetItem(names, column), value.get()) != 0)
      return nullptr;
  }
  return dict.release();
}

}  // namespace kithpy
