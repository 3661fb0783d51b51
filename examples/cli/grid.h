// What output is made from: cells in rows and columns with a meaning, either a view on the library's rows
// or made by hand. It owns no format.
#pragma once

#include <cstdint>
#include <kith.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace kith_cli {

struct Cell {
  int32_t type = KITH_NULL;
  int64_t integer = 0;
  double real = 0;
  std::string_view text;
};

class Grid {
 public:
  virtual ~Grid() = default;
  virtual size_t width() const = 0;
  virtual size_t height() const = 0;
  virtual std::string_view name(size_t column) const = 0;
  // As kith_rows_meaning says it: "text", "datetime", "json" ...
  virtual std::string_view meaning(size_t column) const = 0;
  virtual Cell cell(size_t row, size_t column) const = 0;
};

// A view on rows of the library, all of them or some.
class RowsGrid : public Grid {
 public:
  explicit RowsGrid(kith::Rows rows);
  // Only the columns of these names, in this order; a name that is not there is left out.
  RowsGrid& columns(const std::vector<std::string>& names);
  // Only the rows in which the column `name` is `value`.
  RowsGrid& where(std::string_view name, std::string_view value);
  // These columns before the others.
  RowsGrid& first_columns(const std::vector<std::string>& names);
  RowsGrid& first(size_t rows);

  size_t width() const override { return columns_.size(); }
  size_t height() const override { return rows_.size(); }
  std::string_view name(size_t column) const override { return source_.name(columns_[column]); }
  std::string_view meaning(size_t column) const override { return source_.meaning(columns_[column]); }
  Cell cell(size_t row, size_t column) const override;

 private:
  kith::Rows source_;
  std::vector<int32_t> columns_;
  std::vector<int64_t> rows_;
};

// A grid made cell by cell: row() begins a row, text() and its like add to it.
class MadeGrid : public Grid {
 public:
  struct Column {
    std::string name, meaning;
  };
  MadeGrid(std::initializer_list<Column> columns) : columns_(columns) {}
  MadeGrid& row();
  MadeGrid& null();
  MadeGrid& integer(int64_t value);
  MadeGrid& text(std::string value);

  size_t width() const override { return columns_.size(); }
  size_t height() const override { return rows_.size(); }
  std::string_view name(size_t column) const override { return columns_[column].name; }
  std::string_view meaning(size_t column) const override { return columns_[column].meaning; }
  Cell cell(size_t row, size_t column) const override;

 private:
  struct Owned {
    int32_t type;
    int64_t integer;
    std::string text;
  };
  std::vector<Column> columns_;
  std::vector<std::vector<Owned>> rows_;
};

}  // namespace kith_cli
