// The two kinds of grid.
#include "grid.h"

#include <numeric>

namespace kith_cli {

RowsGrid::RowsGrid(kith::Rows rows) : source_(std::move(rows)) {
  columns_.resize(static_cast<size_t>(source_.width()));
  std::iota(columns_.begin(), columns_.end(), 0);
  rows_.resize(static_cast<size_t>(source_.size()));
  std::iota(rows_.begin(), rows_.end(), 0);
}

RowsGrid& RowsGrid::columns(const std::vector<std::string>& names) {
  columns_.clear();
  for (const std::string& name : names)
    if (source_.has(name)) columns_.push_back(source_.column(name));
  return *this;
}

RowsGrid& RowsGrid::first_columns(const std::vector<std::string>& names) {
  std::vector<int32_t> all = std::move(columns_);
  columns(names);
  for (const int32_t column : columns_) std::erase(all, column);
  columns_.insert(columns_.end(), all.begin(), all.end());
  return *this;
}

RowsGrid& RowsGrid::where(std::string_view name, std::string_view value) {
  const int32_t column = source_.column(name);
  std::erase_if(rows_, [&](int64_t row) { return source_[row][column].view() != value; });
  return *this;
}

RowsGrid& RowsGrid::first(size_t rows) {
  if (rows < rows_.size()) rows_.resize(rows);
  return *this;
}

Cell RowsGrid::cell(size_t row, size_t column) const {
  const kith::Cell from(source_.c(), rows_[row], columns_[column]);
  Cell cell;
  cell.type = from.type();
  switch (cell.type) {
    case KITH_INTEGER:
      cell.integer = from.integer();
      break;
    case KITH_REAL:
      cell.real = from.real();
      break;
    case KITH_TEXT:
      cell.text = from.view();
      break;
    default:
      break;
  }
  return cell;
}

MadeGrid& MadeGrid::row() {
  rows_.emplace_back();
  return *this;
}
MadeGrid& MadeGrid::null() {
  rows_.back().push_back({KITH_NULL, 0, {}});
  return *this;
}
MadeGrid& MadeGrid::integer(int64_t value) {
  rows_.back().push_back({KITH_INTEGER, value, {}});
  return *this;
}
MadeGrid& MadeGrid::text(std::string value) {
  rows_.back().push_back({KITH_TEXT, 0, std::move(value)});
  return *this;
}

Cell MadeGrid::cell(size_t row, size_t column) const {
  Cell cell;
  if (column >= rows_[row].size()) return cell;
  const Owned& owned = rows_[row][column];
  cell.type = owned.type;
  cell.integer = owned.integer;
  cell.text = owned.text;
  return cell;
}

}  // namespace kith_cli
