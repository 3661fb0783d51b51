// SQL text that cannot come from a user: Literal is a compile-time string, SqlText is put together from
// literals and from what the dialect makes. Neither has a constructor from a run-time string.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kith {

class Literal {
 public:
  constexpr Literal() : text_("") {}
  template <std::size_t N>
  consteval Literal(const char (&text)[N]) : text_(text, N - 1) {}  // NOLINT: meant to convert

  constexpr std::string_view view() const { return text_; }
  constexpr bool empty() const { return text_.empty(); }
  std::string string() const { return std::string(text_); }
  friend constexpr bool operator==(Literal a, std::string_view b) { return a.text_ == b; }

 private:
  std::string_view text_;
};

class SqlText {
 public:
  SqlText() = default;
  SqlText(Literal text) : text_(text.view()) {}  // NOLINT: meant to convert

  SqlText& operator+=(const SqlText& more) {
    text_ += more.text_;
    return *this;
  }
  SqlText& operator+=(Literal more) {
    text_ += more.view();
    return *this;
  }
  friend SqlText operator+(SqlText a, const SqlText& b) { return a += b; }
  friend SqlText operator+(SqlText a, Literal b) { return a += b; }

  const std::string& string() const { return text_; }
  bool empty() const { return text_.empty(); }
  // A whole statement of the dialect's, in words that only this engine knows.
  bool is_native() const { return native_; }

 private:
  friend class Dialect;
  std::string text_;
  bool native_ = false;
};

}  // namespace kith
