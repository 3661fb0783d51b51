#include "model/arrow_out.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <limits>
#include <memory>
#include <vector>

#include "base/failure.h"
#include "base/time.h"

namespace kith {

namespace {

// How a column is handed over.
enum class Shape { integer, time, real, mixed_real, boolean, date, text, large_text };

const char* format_of(Shape shape) {
  switch (shape) {
    case Shape::integer: return "l";
    case Shape::time: return "tsm:UTC";
    case Shape::real:
    case Shape::mixed_real: return "g";
    case Shape::boolean: return "b";
    case Shape::date: return "tdD";
    case Shape::text: return "u";
    case Shape::large_text: return "U";
  }
  return "u";
}

constexpr std::int64_t exact_in_double = std::int64_t{1} << 53;

// What the cells of a column are, from one pass over their types.
struct Census {
  std::int64_t nulls = 0;
  std::int64_t integers = 0;
  std::int64_t reals = 0;
  std::int64_t texts = 0;
};

Census census(const Rows& rows, int column) {
  Census found;
  const std::uint8_t* types = rows.types(column);
  for (std::int64_t row = 0; row < rows.count(); ++row) {
    found.nulls += types[row] == static_cast<std::uint8_t>(SqlType::null);
    found.integers += types[row] == static_cast<std::uint8_t>(SqlType::integer);
    found.reals += types[row] == static_cast<std::uint8_t>(SqlType::real);
  }
  found.texts = rows.count() - found.nulls - found.integers - found.reals;
  return found;
}

// A number as text: what a column of numbers and texts shows.
std::string_view number_text(const Rows& rows, std::int64_t row, int column, fmt::memory_buffer& buffer) {
  buffer.clear();
  if (rows.type(row, column) == SqlType::integer) {
    fmt::format_to(std::back_inserter(buffer), "{}", rows.integer(row, column));
  } else {
    fmt::format_to(std::back_inserter(buffer), "{}", rows.real(row, column));
  }
  return {buffer.data(), buffer.size()};
}

template <class Each>
void for_each_text(const Rows& rows, int column, Each each) {
  fmt::memory_buffer buffer;
  for (std::int64_t row = 0; row < rows.count(); ++row) {
    switch (rows.type(row, column)) {
      case SqlType::null: each(row, std::string_view()); break;
      case SqlType::integer:
      case SqlType::real: each(row, number_text(rows, row, column, buffer)); break;
      default: each(row, rows.text(row, column)); break;
    }
  }
}

Shape text_shape(const Rows& rows, int column) {
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int32_t>::max());
  // Mostly all texts of the table together are far from it, and none needs to be looked at.
  constexpr std::uint64_t longest_number = 32;
  if (rows.text_bytes() + longest_number * static_cast<std::uint64_t>(rows.count()) <= most) return Shape::text;
  std::uint64_t bytes = 0;
  for_each_text(rows, column, [&](std::int64_t, std::string_view text) { bytes += text.size(); });
  return bytes > most ? Shape::large_text : Shape::text;
}

bool all_boolean(const Rows& rows, int column) {
  for (std::int64_t row = 0; row < rows.count(); ++row) {
    if (rows.slots(column)[row] > 1) return false;  // a NULL's slot is 0
  }
  return true;
}

bool all_exact(const Rows& rows, int column) {
  for (std::int64_t row = 0; row < rows.count(); ++row) {
    if (rows.type(row, column) != SqlType::integer) continue;
    std::int64_t value = rows.integer(row, column);
    if (value > exact_in_double || value < -exact_in_double) return false;
  }
  return true;
}

bool all_dates(const Rows& rows, int column) {
  for (std::int64_t row = 0; row < rows.count(); ++row) {
    if (rows.type(row, column) == SqlType::text && !valid_date(rows.text(row, column))) return false;
  }
  return true;
}

// What a column without any value is.
Shape shape_of_meaning(Meaning meaning) {
  switch (meaning) {
    case Meaning::integer:
    case Meaning::id: return Shape::integer;
    case Meaning::real: return Shape::real;
    case Meaning::boolean: return Shape::boolean;
    case Meaning::date: return Shape::date;
    case Meaning::datetime: return Shape::time;
    case Meaning::text:
    case Meaning::json: return Shape::text;
  }
  return Shape::text;
}

Shape shape_of(const Rows& rows, int column, const Census& cells) {
  Meaning meaning = rows.column(column).meaning;
  if (cells.nulls == rows.count()) return shape_of_meaning(meaning);
  if (cells.texts == 0 && cells.reals == 0) {
    if (meaning == Meaning::datetime) return Shape::time;
    if (meaning == Meaning::boolean && all_boolean(rows, column)) return Shape::boolean;
    return meaning == Meaning::real && all_exact(rows, column) ? Shape::mixed_real : Shape::integer;
  }
  if (cells.texts == 0) {
    if (cells.integers == 0) return Shape::real;
    if (all_exact(rows, column)) return Shape::mixed_real;
  }
  if (meaning == Meaning::date && cells.integers + cells.reals == 0 && all_dates(rows, column)) return Shape::date;
  return text_shape(rows, column);
}

Shape shape_of(const Rows& rows, int column) { return shape_of(rows, column, census(rows, column)); }

using Bytes = std::unique_ptr<std::uint8_t[]>;

// A bit a row, set where `test(row)`; the bits behind the last row are 0.
template <class Test>
Bytes bits(std::int64_t count, Test test) {
  auto out = std::make_unique_for_overwrite<std::uint8_t[]>(static_cast<std::size_t>(count / 8 + 1));
  std::int64_t row = 0;
  for (; row + 8 <= count; row += 8) {
    unsigned byte = 0;
    for (int bit = 0; bit < 8; ++bit) byte |= static_cast<unsigned>(test(row + bit)) << bit;
    out[static_cast<std::size_t>(row / 8)] = static_cast<std::uint8_t>(byte);
  }
  unsigned last = 0;
  for (int bit = 0; row + bit < count; ++bit) last |= static_cast<unsigned>(test(row + bit)) << bit;
  out[static_cast<std::size_t>(row / 8)] = static_cast<std::uint8_t>(last);
  return out;
}

template <class Number>
Bytes numbers(std::size_t count) {
  return std::make_unique_for_overwrite<std::uint8_t[]>(count * sizeof(Number));
}

template <class Number>
void put_number(const Bytes& bytes, std::int64_t at, Number value) {
  std::memcpy(bytes.get() + static_cast<std::size_t>(at) * sizeof(Number), &value, sizeof value);
}

// The buffers of one column, and what keeps alive those that are shared.
struct ColumnBuffers {
  RowsPtr rows;
  Bytes validity;
  Bytes first;
  Bytes second;
  const void* buffers[3] = {};
};

// In one pass, for the texts of a column lie far apart.
template <class Offset>
void copy_texts(const Rows& rows, int column, ColumnBuffers& out) {
  out.first = numbers<Offset>(static_cast<std::size_t>(rows.count()) + 1);
  std::size_t room = static_cast<std::size_t>(rows.count()) * 16 + 64, bytes = 0;
  out.second = numbers<char>(room);
  for_each_text(rows, column, [&](std::int64_t row, std::string_view text) {
    put_number(out.first, row, static_cast<Offset>(bytes));
    if (text.empty()) return;
    if (text.size() > room - bytes) {
      room = std::max(room * 2, bytes + text.size());
      Bytes larger = numbers<char>(room);
      std::memcpy(larger.get(), out.second.get(), bytes);
      out.second = std::move(larger);
    }
    std::memcpy(out.second.get() + bytes, text.data(), text.size());
    bytes += text.size();
  });
  put_number(out.first, rows.count(), static_cast<Offset>(bytes));
}

void release_column(ArrowArray* array) {
  delete static_cast<ColumnBuffers*>(array->private_data);
  array->release = nullptr;
}

void export_column(const RowsPtr& owner, int column, ArrowArray& out) {
  const Rows& rows = *owner;
  Census cells = census(rows, column);
  auto held = std::make_unique<ColumnBuffers>();
  held->rows = owner;
  Shape shape = shape_of(rows, column, cells);
  const std::uint8_t* types = rows.types(column);
  if (cells.nulls > 0) {
    held->validity = bits(rows.count(), [&](std::int64_t row) { return types[row] != static_cast<std::uint8_t>(SqlType::null); });
  }
  const void* values = nullptr;
  switch (shape) {
    case Shape::integer:
    case Shape::time:
    case Shape::real: values = rows.slots(column); break;  // a NULL's slot is 0, in either reading
    case Shape::mixed_real:
      held->first = numbers<double>(static_cast<std::size_t>(rows.count()) + 1);
      for (std::int64_t row = 0; row < rows.count(); ++row) put_number(held->first, row, rows.real(row, column));
      break;
    case Shape::boolean: held->first = bits(rows.count(), [&](std::int64_t row) { return rows.slots(column)[row] == 1; }); break;
    case Shape::date:
      held->first = numbers<std::int32_t>(static_cast<std::size_t>(rows.count()) + 1);
      for (std::int64_t row = 0; row < rows.count(); ++row) {
        // A date alone is its midnight, so the division leaves nothing over.
        Millis midnight = rows.type(row, column) == SqlType::text ? parse_time(rows.text(row, column)).value_or(0) : 0;
        put_number(held->first, row, static_cast<std::int32_t>(midnight / one_day));
      }
      break;
    case Shape::text: copy_texts<std::int32_t>(rows, column, *held); break;
    case Shape::large_text: copy_texts<std::int64_t>(rows, column, *held); break;
  }
  held->buffers[0] = held->validity.get();
  held->buffers[1] = values != nullptr ? values : held->first.get();
  held->buffers[2] = held->second.get();
  out = {};
  out.length = rows.count();
  out.null_count = cells.nulls;
  out.n_buffers = held->second != nullptr ? 3 : 2;
  out.buffers = held->buffers;
  out.release = release_column;
  out.private_data = held.release();
}

// A table's columns, each of which its receiver may move out and release by itself.
template <class Struct>
struct Children {
  RowsPtr rows;
  std::vector<Struct> columns;
  std::vector<Struct*> pointers;
  const void* buffers[1] = {nullptr};

  Children(const RowsPtr& owner) : rows(owner), columns(static_cast<std::size_t>(owner->width()), Struct{}) {
    for (Struct& column : columns) pointers.push_back(&column);
  }
  ~Children() {
    for (Struct& column : columns) {
      if (column.release != nullptr) column.release(&column);
    }
  }
  Children(const Children&) = delete;
  Children& operator=(const Children&) = delete;
};

template <class Struct>
void release_table(Struct* table) {
  delete static_cast<Children<Struct>*>(table->private_data);
  table->release = nullptr;
}

// The name of a column is the rows' own, which its schema keeps alive.
void release_column_schema(ArrowSchema* schema) {
  delete static_cast<RowsPtr*>(schema->private_data);
  schema->release = nullptr;
}

}  // namespace

void export_schema(const RowsPtr& rows, ArrowSchema& out) {
  auto children = std::make_unique<Children<ArrowSchema>>(rows);
  for (int column = 0; column < rows->width(); ++column) {
    ArrowSchema& schema = children->columns[static_cast<std::size_t>(column)];
    schema.format = format_of(shape_of(*rows, column));
    schema.name = rows->column(column).name.c_str();
    schema.flags = ARROW_FLAG_NULLABLE;
    schema.private_data = new RowsPtr(rows);
    schema.release = release_column_schema;
  }
  out = {};
  out.format = "+s";
  out.name = "";
  out.n_children = rows->width();
  out.children = children->pointers.data();
  out.release = release_table<ArrowSchema>;
  out.private_data = children.release();
}

void export_rows(const RowsPtr& rows, ArrowArray& out) {
  auto children = std::make_unique<Children<ArrowArray>>(rows);
  for (int column = 0; column < rows->width(); ++column) {
    export_column(rows, column, children->columns[static_cast<std::size_t>(column)]);
  }
  out = {};
  out.length = rows->count();
  out.n_buffers = 1;
  out.buffers = children->buffers;
  out.n_children = rows->width();
  out.children = children->pointers.data();
  out.release = release_table<ArrowArray>;
  out.private_data = children.release();
}

}  // namespace kith
