// The one exception of the library, and the statuses that tell a host what to do about it.
// It knows nothing of what failed: whoever throws says so in a sentence.
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

#ifndef FMT_HEADER_ONLY
#define FMT_HEADER_ONLY 1
#endif
#include <fmt/format.h>

namespace kith {

enum class Status : std::int32_t {
  ok = 0,
  misuse = 1,
  invalid = 2,
  not_found = 3,
  conflict = 4,
  refused = 5,
  busy = 6,
  retry = 7,
  cancelled = 8,
  read_only = 9,
  full = 10,
  io = 11,
  corrupt = 12,
  too_new = 13,
  not_kith = 14,
  foreign_sqlite = 15,
  unsupported = 16,
  limit = 17,
  no_memory = 18,
  internal = 19,
};

// "INVALID", "NOT_FOUND" ...; "UNKNOWN" for a number that is none of them.
const char* status_name(Status status) noexcept;

// Whether a failure with this status is the row's own, so that its neighbours can go on. All others - a call that is wrong,
// a full disk, a cancellation - end the whole call.
constexpr bool is_bad_row(Status status) noexcept {
  return status == Status::invalid || status == Status::not_found || status == Status::conflict || status == Status::refused ||
         status == Status::limit;
}

class Failure : public std::exception {
 public:
  Failure(Status status, std::string_view field, std::string_view sentence);

  Status status() const noexcept { return status_; }
  // The field or path at fault, "" if none.
  const std::string& field() const noexcept { return field_; }
  // `field: sentence`, or the sentence alone when there is no field.
  const std::string& message() const noexcept { return message_; }
  // The message without the field in front.
  std::string_view sentence() const noexcept;
  const char* what() const noexcept override { return message_.c_str(); }

  // For an unknown name: the known one that was probably meant, or "".
  const std::string& nearest() const noexcept { return nearest_; }
  Failure& near(std::string_view name) {
    nearest_ = name;
    return *this;
  }

  // The same failure seen from outside: at "wait" within "steps[2]" it is at "steps[2].wait", and at
  // "[1]" within "steps" it is at "steps[1]".
  Failure within(std::string_view path) const;

 private:
  Status status_;
  std::string field_;
  std::string message_;
  std::string nearest_;
};

[[noreturn]] void fail_formatted(Status status, std::string_view field, fmt::string_view format,
                                 fmt::format_args args);

// Throws a Failure. The message begins with the field, so the sentence need not repeat it:
// fail(Status::invalid, "wait", "{} is no duration", shown(text)) says `wait: "2 dayz" is no duration`.
template <typename... Args>
[[noreturn]] void fail(Status status, std::string_view field, fmt::format_string<Args...> format,
                       Args&&... args) {
  fail_formatted(status, field, format, fmt::make_format_args(args...));
}

}  // namespace kith
