// Running a SELECT that the host wrote: nothing but reading gets through, for a limited time and to a limited size.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/failure.h"
#include "sql/connection.h"

namespace kith {

struct SandboxLimits {
  std::chrono::milliseconds time = std::chrono::seconds(30);
  std::int64_t memory = std::int64_t{512} << 20;  // more than the process has had so far, in bytes
};

// While it lives, statements of the connection are held to reading. One at a time.
class Sandbox {
 public:
  explicit Sandbox(Connection& db, const SandboxLimits& limits = {});
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  // Fails with REFUSED for what is no reading, INVALID for what is no SQL.
  Statement prepare(std::string_view text);
  // The next row. Fails with CANCELLED when the time is over, LIMIT when the memory is.
  bool step(Statement& statement);

 private:
  static int authorize(void* self, int action, const char* first, const char* second, const char* database, const char* trigger);
  static int progress(void* self);
  int judge(int action, std::string_view first, std::string_view second);
  [[noreturn]] void fail_with(const Failure& failure) const;

  Connection& db_;
  std::chrono::steady_clock::time_point end_;
  std::chrono::milliseconds time_;
  std::string denied_;  // the first thing that was refused
  bool late_ = false;
  std::int64_t memory_;
  std::int64_t peak_before_;
  std::chrono::steady_clock::time_point looked_;
  bool greedy_ = false;
  int saved_limits_[16] = {};
};

}  // namespace kith
