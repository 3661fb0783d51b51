// The one table of everything in kith.h that changes a file: how each is set up, and the call. Tests that break the
// ground beneath a call walk it, and a verb that is missing from it fails a test.
#pragma once

#include <cstdint>
#include <span>

#include "kith.h"

namespace kith::test {

// What a call hands out, spoilt beforehand: after a failure it must be NULL or 0.
class Answers {
 public:
  std::int64_t* number() {
    number_used_ = true;
    return &number_;
  }
  std::int32_t* small() {
    small_used_ = true;
    return &small_;
  }
  kith_rows** rows() {
    rows_used_ = true;
    return &rows_;
  }
  bool are_clear() const { return (!number_used_ || number_ == 0) && (!small_used_ || small_ == 0) && (!rows_used_ || rows_ == nullptr); }
  void release() {
    if (rows_used_) kith_rows_free(rows_);
    rows_ = nullptr;
    rows_used_ = false;
  }

 private:
  std::int64_t number_ = 77;
  std::int32_t small_ = 77;
  kith_rows* rows_ = reinterpret_cast<kith_rows*>(1);
  bool number_used_ = false;
  bool small_used_ = false;
  bool rows_used_ = false;
};

// What a verb's set-up leaves for its act.
struct Prepared {
  std::int64_t event = 0;
  char token[64] = "";
};

// One act. It allocates nothing itself, for memory may be what is missing.
struct Turn {
  kith_db* db;       // NULL: the act opens `path` itself
  const char* path;
  const char* copy;  // where nothing lies, for a backup
  const kith_options* options;
  const Prepared* prepared;
  int n;  // another number, another lead
  Answers* out;
  kith_error** err;
};

struct Verb {
  const char* function;  // of kith.h
  const char* line;      // what of it this line does
  void (*prepare)(kith_db* db, Prepared& prepared);
  kith_status (*act)(Turn& turn);
  const char* raw = nullptr;  // SQL that is run on the file after `prepare`
  bool opens = false;         // the act opens the file itself
  bool fresh = false;         // there is no file yet
  bool unsound = false;       // what is set up is not sound, and the act mends it
  int steps = 1;              // transactions that the act is made of
};

std::span<const Verb> changing_verbs();

// The clock of every handle here; an act may move it, and opening sets it back.
extern std::int64_t stage_clock;
inline constexpr std::int64_t stage_start = 1'800'000'000'000;

}  // namespace kith::test
