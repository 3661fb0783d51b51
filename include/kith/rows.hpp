// What comes out: tables, their rows and cells, and ranges that fetch page after page. Part of kith.hpp.
#ifndef KITH_ROWS_HPP
#define KITH_ROWS_HPP

#include <kith/value.hpp>

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace kith {
inline namespace cpp {

// One value of a table. It borrows the table: use it at once, or keep what it answers.
class Cell {
 public:
  Cell(const kith_rows* rows, std::int64_t row, std::int32_t column)
      : rows_(rows), row_(row), column_(column) {}

  std::int32_t type() const noexcept { return kith_rows_type(rows_, row_, column_); }  // KITH_NULL ...
  bool is_null() const noexcept { return type() == KITH_NULL; }
  // A copy, and a view that lives as long as the table; empty unless text.
  std::string text() const { return std::string(view()); }
  std::string_view view() const noexcept {
    return {kith_rows_text(rows_, row_, column_), kith_rows_size(rows_, row_, column_)};
  }
  // 0 for NULL and for text.
  std::int64_t integer() const noexcept { return kith_rows_integer(rows_, row_, column_); }
  double real() const noexcept { return kith_rows_real(rows_, row_, column_); }
  bool boolean() const noexcept { return integer() != 0; }
  Time time() const noexcept { return Time(std::chrono::milliseconds(integer())); }

  // nullopt for NULL: std::optional<std::string> phone = row["phone"];
  template <typename T>
  std::optional<T> get() const {
    if (is_null()) return std::nullopt;
    if constexpr (std::same_as<T, bool>) {
      return boolean();
    } else if constexpr (detail::Integer<T>) {
      return static_cast<T>(integer());
    } else if constexpr (std::floating_point<T>) {
      return static_cast<T>(real());
    } else if constexpr (std::same_as<T, Time>) {
      return time();
    } else {
      return T(view());
    }
  }
  template <typename T>
  operator std::optional<T>() const {
    return get<T>();
  }

 private:
  const kith_rows* rows_;
  std::int64_t row_;
  std::int32_t column_;
};

class Row;

// A table that nothing changes; copies share it, also between threads.
class Rows {
 public:
  class Iterator;

  Rows() = default;
  explicit Rows(kith_rows* owned) : rows_(owned, [](kith_rows* rows) { kith_rows_free(rows); }) {}

  std::int64_t size() const noexcept { return kith_rows_count(c()); }
  bool empty() const noexcept { return size() == 0; }
  std::int32_t width() const noexcept { return kith_rows_width(c()); }
  std::string_view name(std::int32_t column) const noexcept { return kith_rows_name(c(), column); }
  std::string_view meaning(std::int32_t column) const noexcept { return kith_rows_meaning(c(), column); }
  bool has(std::string_view name) const { return kith_rows_column(c(), std::string(name).c_str()) >= 0; }
  // Where a column stands: look it up once before a long loop. A name that is none is MISUSE.
  std::int32_t column(std::string_view name) const {
    const std::int32_t column = kith_rows_column(c(), std::string(name).c_str());
    if (column < 0)
      throw Error(KITH_MISUSE, std::string(name), "no column " + std::string(name) + " in this table");
    return column;
  }
  // For the next page, as Query.after; nullopt: this was the last.
  std::optional<std::string> next() const {
    const char* next = kith_rows_next(c());
    return next ? std::optional<std::string>(next) : std::nullopt;
  }

  inline Row operator[](std::int64_t row) const noexcept;
  inline Iterator begin() const noexcept;
  inline Iterator end() const noexcept;
  inline std::optional<Row> first() const noexcept;

  // Fills Arrow's structs (kith_arrow.h), which the caller releases.
  void arrow(ArrowSchema* schema, ArrowArray* array) const {
    detail::call(kith_rows_arrow, c(), schema, array);
  }
  void arrow_stream(ArrowArrayStream* stream) const { detail::call(kith_rows_arrow_stream, c(), stream); }

  const kith_rows* c() const noexcept { return rows_.get(); }

 private:
  std::shared_ptr<const kith_rows> rows_;
};

// One row; it keeps its table alive.
class Row {
 public:
  Row(Rows rows, std::int64_t row) : rows_(std::move(rows)), row_(row) {}

  template <detail::Integer Column>
  Cell operator[](Column column) const noexcept {
    return {rows_.c(), row_, static_cast<std::int32_t>(column)};
  }
  Cell operator[](std::string_view name) const { return {rows_.c(), row_, rows_.column(name)}; }
  Cell operator[](const char* name) const { return (*this)[std::string_view(name)]; }
  std::int32_t width() const noexcept { return rows_.width(); }
  std::int64_t index() const noexcept { return row_; }
  const Rows& rows() const noexcept { return rows_; }

 private:
  Rows rows_;
  std::int64_t row_;
};

class Rows::Iterator {
 public:
  using iterator_concept = std::random_access_iterator_tag;
  using iterator_category = std::input_iterator_tag;  // what it answers is a value
  using value_type = Row;
  using difference_type = std::int64_t;
  using reference = Row;
  using pointer = void;

  Iterator() = default;
  Iterator(Rows rows, std::int64_t at) : rows_(std::move(rows)), at_(at) {}

  Row operator*() const { return {rows_, at_}; }
  Row operator[](difference_type by) const { return {rows_, at_ + by}; }
  Iterator& operator++() { return *this += 1; }
  Iterator& operator--() { return *this += -1; }
  Iterator operator++(int) { return std::exchange(*this, *this + 1); }
  Iterator operator--(int) { return std::exchange(*this, *this - 1); }
  Iterator& operator+=(difference_type by) { return at_ += by, *this; }
  Iterator& operator-=(difference_type by) { return at_ -= by, *this; }
  friend Iterator operator+(Iterator from, difference_type by) { return from += by; }
  friend Iterator operator+(difference_type by, Iterator from) { return from += by; }
  friend Iterator operator-(Iterator from, difference_type by) { return from -= by; }
  friend difference_type operator-(const Iterator& a, const Iterator& b) { return a.at_ - b.at_; }
  friend bool operator==(const Iterator& a, const Iterator& b) { return a.at_ == b.at_; }
  friend auto operator<=>(const Iterator& a, const Iterator& b) { return a.at_ <=> b.at_; }

 private:
  Rows rows_;
  std::int64_t at_ = 0;
};

inline Row Rows::operator[](std::int64_t row) const noexcept { return {*this, row}; }
inline Rows::Iterator Rows::begin() const noexcept { return {*this, 0}; }
inline Rows::Iterator Rows::end() const noexcept { return {*this, size()}; }
inline std::optional<Row> Rows::first() const noexcept {
  return empty() ? std::nullopt : std::optional<Row>(Row(*this, 0));
}

// Rows that come in portions, as an input range: the next portion is fetched when the walk gets there. Each
// walk goes on where the last one stopped.
class RowRange {
 public:
  // Answers the next portion; one without rows ends the walk, and is not asked again.
  using Fetch = std::function<Rows()>;

  explicit RowRange(Fetch fetch) : fetch_(std::move(fetch)) {}

  class Iterator {
   public:
    using iterator_concept = std::input_iterator_tag;
    using value_type = Row;
    using difference_type = std::ptrdiff_t;

    Iterator() = default;
    explicit Iterator(RowRange* range) : range_(range) {}
    Row operator*() const { return range_->rows_[range_->at_]; }
    Iterator& operator++() {
      ++range_->at_;
      range_->settle();
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t) const { return !range_ || range_->done_; }

   private:
    RowRange* range_ = nullptr;
  };

  Iterator begin() {
    settle();
    return Iterator(this);
  }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  void settle() {
    if (done_ || at_ < rows_.size()) return;
    rows_ = fetch_();  // when that fails, the walk goes on from there
    at_ = 0;
    done_ = rows_.empty();
  }

  Fetch fetch_;
  Rows rows_;
  std::int64_t at_ = 0;
  bool done_ = false;
};

}  // namespace cpp
}  // namespace kith
#endif
