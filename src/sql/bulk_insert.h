// Many rows into one table by statements of 64 rows each: on ascending keys half again as fast as one row a
// statement. Rows wait in a buffer until 64 are together; finish() writes the rest, in at most six statements of 32, 16 ...
// rows. So n rows take n / 64 + 6 statements, of seven texts.
#pragma once

#include <optional>
#include <vector>

#include "sql/connection.h"
#include "sql/dialect.h"

namespace kith {

class BulkInsert {
 public:
  static constexpr int rows_a_statement = 64;

  // `into`: "lead_tag (lead_id, tag_id)", of `width` columns.
  BulkInsert(Connection& db, SqlText into, int width) : db_(db), into_(std::move(into)), width_(width) {
    cells_.reserve(static_cast<std::size_t>(width * rows_a_statement));
  }

  // The next cell. Text is borrowed until its row is written: until waiting() is 0.
  BulkInsert& operator<<(std::nullptr_t) { return add({}); }
  BulkInsert& operator<<(std::int64_t value) { return add({Kind::integer, value, 0, {}}); }
  BulkInsert& operator<<(int value) { return *this << std::int64_t{value}; }
  BulkInsert& operator<<(double value) { return add({Kind::real, 0, value, {}}); }
  BulkInsert& operator<<(std::string_view value) { return add({Kind::text, 0, 0, value}); }
  template <class T>
  BulkInsert& operator<<(const std::optional<T>& value) {
    return value ? *this << *value : *this << nullptr;
  }

  bool waiting() const { return !cells_.empty(); }
  void finish();

 private:
  enum class Kind { null, integer, real, text };
  struct Cell {
    Kind kind = Kind::null;
    std::int64_t integer = 0;
    double real = 0;
    std::string_view text;
  };

  BulkInsert& add(const Cell& cell) {
    cells_.push_back(cell);
    if (cells_.size() == static_cast<std::size_t>(width_ * rows_a_statement)) write_full();
    return *this;
  }
  void write_full();
  void bind(Statement& statement, std::size_t from, std::size_t count) const;
  SqlText text(int rows) const;

  Connection& db_;
  SqlText into_;
  int width_;
  std::vector<Cell> cells_;
  std::optional<Statement> full_;
};

}  // namespace kith
