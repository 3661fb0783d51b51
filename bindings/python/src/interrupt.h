// Ctrl-C during a call: while the main thread is inside the library, SIGINT cancels the call, and Python's handler
// is run as well. Elsewhere, and where there are no POSIX signals, calls are simply not interrupted.
#pragma once

#include "kithpy.h"

namespace kithpy {

enum class Interrupt { allowed, never };

class InterruptScope {
 public:
  InterruptScope(kith_db* db, Interrupt when);
  ~InterruptScope();
  InterruptScope(const InterruptScope&) = delete;
  InterruptScope& operator=(const InterruptScope&) = delete;

 private:
  bool watching_ = false;
};

}  // namespace kithpy
