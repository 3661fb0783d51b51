// The two kinds of grid.
#include "grid.h"

#include <numeric>

namespace kith_cli {

RowsGrid::RowsGrid(const Rows &rows) : source_(rows.get()) {
  columns_.resize(static_cast<size_t>(rows.width()));
  std::iota(columns_.begin(), columns_.end(), 0);
  rows_.resize(static_cast<size_t>(rows.count()));
  std::iota(rows_.begin(), rows_.end(), 0);
}

RowsGrid &RowsGrid::columns(const std::vector<std::string> &names) {
  columns_.clear();
  for (const std::string &name : names) {
    const int32_t column = kith_rows_column(source_, name.c_str());
    if (column >= 0) columns_.push_back(column);
  }
  return *this;
}

RowsGrid &RowsGrid::where(const char *name, std::string_view value) {
  const int32_t column = kith_rows_column(source_, name);
  std::erase_if(rows_, [&](int64_t row) { return kith_rows_text(source_, row, column) != value; });
  return *this;
}

RowsGrid &RowsGrid::first(size_t rows) {
  if (rows < rows_.size()) rows_.resize(rows);
  return *this;
}

std::string_view RowsGrid::name(size_t column) const { return kith_rows_name(source_, columns_[column]); }
std::string_view RowsGrid::meaning(size_t column) const { return kith_rows_meaning(source_, columns_[column]); }

Cell RowsGrid::cell(size_t row, size_t column) const {
  const int64_t y = rows_[row];
  const int32_t x = columns_[column];
  Cell cell;
  cell.type = kith_rows_type(source_, y, x);
  switch (cell.type) {
    case KITH_INTEGER: cell.integer = kith_rows_integer(source_, y, x); break;
    case KITH_REAL: cell.real = kith_rows_real(source_, y, x); break;
    case KITH_TEXT: cell.text = {kith_rows_text(source_, y, x), kith_rows_size(source_, y, x)}; break;
    default: break;
  }
  return cell;
}

MadeGrid &MadeGrid::row() {
  rows_.emplace_back();
  return *this;
}
MadeGrid &MadeGrid::null() {
  rows_.back().push_back({KITH_NULL, 0, {}});
  return *this;
}
MadeGrid &MadeGrid::integer(int64_t value) {
  rows_.back().push_back({KITH_INTEGER, value, {}});
  return *this;
}
MadeGrid &MadeGrid::text(std::string value) {
  rows_.back().push_back({KITH_TEXT, 0, std::move(value)});
  return *this;
}

Cell MadeGrid::cell(size_t row, size_t column) const {
  Cell cell;
  if (column >= rows_[row].size()) return cell;
  const Owned &owned = rows_[row][column];
  cell.type = owned.type;
  cell.integer = owned.integer;
  cell.text = owned.text;
  return cell;
}

}  // namespace kith_cli
