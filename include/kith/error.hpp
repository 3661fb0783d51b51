// What is thrown when a call fails, and how texts and calls go over to C. Part of kith.hpp.
#ifndef KITH_ERROR_HPP
#define KITH_ERROR_HPP

#include <kith.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace kith {
inline namespace cpp {

inline std::string_view version() { return kith_version(); }
inline std::string_view status_name(kith_status status) { return kith_status_name(status); }

// The status, as the code to compare with (KITH_CONFLICT ...); the field or path at fault; for an unknown
// name the nearest known one; and in what() one sentence.
class Error : public std::runtime_error {
 public:
  Error(kith_status status, std::string field, const std::string& message, std::string nearest = {})
      : std::runtime_error(message),
        status_(status),
        field_(std::move(field)),
        nearest_(std::move(nearest)) {}

  kith_status status() const noexcept { return status_; }
  const std::string& field() const noexcept { return field_; }
  const std::string& nearest() const noexcept { return nearest_; }

 private:
  kith_status status_;
  std::string field_;
  std::string nearest_;
};

namespace detail {

struct Free {
  void operator()(kith_error* error) const noexcept { kith_error_free(error); }
  void operator()(kith_db* db) const noexcept { kith_close(db); }
  void operator()(kith_csv* csv) const noexcept { kith_csv_free(csv); }
};

// Calls `function` with the arguments and an error behind them, and throws what it answers.
template <typename Function, typename... Args>
void call(Function function, Args... args) {
  kith_error* raw = nullptr;
  const kith_status status = function(args..., &raw);
  const std::unique_ptr<kith_error, Free> error(raw);
  if (status != KITH_OK) {
    throw Error(status, kith_error_field(raw), raw ? kith_error_message(raw) : kith_status_name(status),
                kith_error_nearest(raw));
  }
}

// C would see a text only up to the NUL.
inline const std::string& without_nul(std::string_view name, const std::string& text) {
  if (text.find('\0') != std::string::npos) {
    throw Error(KITH_INVALID, std::string(name), std::string(name) + ": the text holds a NUL");
  }
  return text;
}

// A text parameter as C takes it, alive until the call is over.
class Text {
 public:
  Text(std::string_view name, std::optional<std::string_view> text) {
    if (text) text_ = std::string(*text);
    if (text_) without_nul(name, *text_);
  }
  const char* c() const noexcept { return text_ ? text_->c_str() : nullptr; }

 private:
  std::optional<std::string> text_;
};

}  // namespace detail

}  // namespace cpp
}  // namespace kith
#endif
