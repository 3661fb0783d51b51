// One value on its way in or out: null, integer, real or text. Text is borrowed; an Arena keeps what must
// outlive the call that made it.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "sql/statement.h"

namespace kith {

struct Value {
  SqlType type = SqlType::null;
  union {
    std::int64_t integer = 0;
    double real;
  };
  std::string_view text;

  Value() = default;
  Value(std::nullptr_t) {}                                                      // NOLINT
  Value(std::int64_t value) : type(SqlType::integer), integer(value) {}         // NOLINT
  Value(int value) : Value(std::int64_t{value}) {}                              // NOLINT
  Value(double value) : type(SqlType::real), real(value) {}                     // NOLINT
  Value(std::string_view value) : type(SqlType::text), text(value) {}           // NOLINT
  Value(const char* value) : Value(std::string_view(value)) {}                  // NOLINT
  Value(const std::string& value) : Value(std::string_view(value)) {}           // NOLINT

  bool is_null() const { return type == SqlType::null; }
  bool is_text() const { return type == SqlType::text; }
  bool is_integer() const { return type == SqlType::integer; }
  friend bool operator==(const Value& a, const Value& b) {
    if (a.type != b.type) return false;
    switch (a.type) {
      case SqlType::null: return true;
      case SqlType::real: return a.real == b.real;
      case SqlType::integer: return a.integer == b.integer;
      default: return a.text == b.text;
    }
  }
};

inline void bind_value(Statement& statement, int index, const Value& value) {
  switch (value.type) {
    case SqlType::null: statement.bind(index, nullptr); break;
    case SqlType::integer: statement.bind(index, value.integer); break;
    case SqlType::real: statement.bind(index, value.real); break;
    default: statement.bind(index, value.text); break;
  }
}

// The value of a result's column; text lives until the statement moves on.
inline Value column_value(const Statement& statement, int column) {
  switch (statement.type(column)) {
    case SqlType::integer: return Value(statement.integer(column));
    case SqlType::real: return Value(statement.real(column));
    case SqlType::text: return Value(statement.text(column));
    default: return {};
  }
}

// Text that lives as long as the arena. Blocks are kept by clear(), so a loop over rows allocates once.
class Arena {
 public:
  std::string_view keep(std::string_view text) {
    if (text.size() > left_) grow(text.size());
    char* place = next_;
    std::memcpy(place, text.data(), text.size());
    next_ += text.size();
    left_ -= text.size();
    return {place, text.size()};
  }
  void clear() {
    if (blocks_.size() > 1) blocks_.resize(1);
    next_ = blocks_.empty() ? nullptr : blocks_.front().get();
    left_ = blocks_.empty() ? 0 : first_size_;
  }

 private:
  void grow(std::size_t wanted) {
    std::size_t size = wanted > block_size ? wanted : block_size;
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(size));
    if (blocks_.size() == 1) first_size_ = size;
    next_ = blocks_.back().get();
    left_ = size;
  }

  static constexpr std::size_t block_size = 16 * 1024;
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  std::size_t left_ = 0;
  std::size_t first_size_ = 0;
};

}  // namespace kith
