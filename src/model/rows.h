// The one result type: an immutable table that owns its bytes. Cells lie column by column, texts in one heap
// where each ends with NUL. Built by a RowsBuilder, then never changed.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/value.h"

namespace kith {

// What a column means to people and bindings; how its cells are stored is each cell's type.
enum class Meaning : std::uint8_t { text, integer, real, boolean, date, datetime, json, id };
const char* meaning_name(Meaning meaning);

class Rows {
 public:
  struct Column {
    std::string name;
    Meaning meaning;
  };

  std::int64_t count() const { return count_; }
  int width() const { return static_cast<int>(columns_->size()); }
  const Column& column(int index) const { return (*columns_)[static_cast<std::size_t>(index)]; }
  int find(std::string_view name) const;  // -1: there is none

  SqlType type(std::int64_t row, int column) const { return static_cast<SqlType>(types_[place(row, column)]); }
  std::int64_t integer(std::int64_t row, int column) const;
  double real(std::int64_t row, int column) const;
  std::string_view text(std::int64_t row, int column) const;  // NUL follows
  std::uint64_t text_bytes() const { return heap_size_; }  // of all texts, with what is kept beside each
  const std::string* next() const { return next_.empty() ? nullptr : &next_; }

  // For handing whole columns over: `count()` slots of 8 bytes, and as many types.
  const std::uint64_t* slots(int column) const { return slots_.get() + place(0, column); }
  const std::uint8_t* types(int column) const { return types_.get() + place(0, column); }

 private:
  friend class RowsBuilder;
  struct Free {
    void operator()(void* memory) const { std::free(memory); }
  };
  std::size_t place(std::int64_t row, int column) const {
    return static_cast<std::size_t>(column) * capacity_ + static_cast<std::size_t>(row);
  }

  std::shared_ptr<const std::vector<Column>> columns_;  // results of one shape share them
  std::int64_t count_ = 0;
  std::size_t capacity_ = 0;
  // Memory that begins as zeros, which is what NULL is: of a column that is nearly empty nearly nothing is touched.
  std::unique_ptr<std::uint64_t[], Free> slots_;  // an integer, a real's bits, or the place of a text in the heap
  std::unique_ptr<std::uint8_t[], Free> types_;
  std::unique_ptr<char[], Free> heap_;            // each text: 4 bytes of length, the bytes, NUL
  std::size_t heap_size_ = 0;
  std::size_t heap_capacity_ = 0;
  std::string next_;
};

class RowsBuilder {
 public:
  using Columns = std::shared_ptr<const std::vector<Rows::Column>>;
  explicit RowsBuilder(Columns columns, std::size_t expected_rows = 1);
  explicit RowsBuilder(std::vector<Rows::Column> columns, std::size_t expected_rows = 1)
      : RowsBuilder(std::make_shared<const std::vector<Rows::Column>>(std::move(columns)), expected_rows) {}

  void add_row();                             // all NULL
  void set(int column, const Value& value);   // in the row added last
  void set_text(int column, std::string_view text);
  void set_text(std::int64_t row, int column, std::string_view text);  // in one added before
  void set_integer(int column, std::int64_t value);
  void set_column(const Statement& statement, int from, int to);  // one cell of a result
  void add_row(const Statement& statement);  // the first `width` columns of its present row
  // Adds a row with these values.
  void add(std::initializer_list<Value> values);
  void set_next(std::string token) { rows_->next_ = std::move(token); }
  std::int64_t count() const { return rows_->count_; }
  std::shared_ptr<const Rows> finish() { return std::move(rows_); }

 private:
  void grow();
  std::size_t next_row();
  void place_text(std::size_t at, const char* text, std::size_t size);
  std::shared_ptr<Rows> rows_;
};

using RowsPtr = std::shared_ptr<const Rows>;

}  // namespace kith
