// What the opaque types of kith.h are, and the guard that turns the library's exception into a status and an error.
// Every C function is: check pointers, guard, call, hand over.
#pragma once

#include <memory>
#include <new>
#include <string>
#include <utility>

#include "base/failure.h"
#include "core/database.h"
#include "kith.h"
#include "model/rows.h"

struct kith_error {
  kith::Status status = kith::Status::ok;
  std::string message;
  std::string field;
  std::string nearest;
};

struct kith_rows {
  kith::RowsPtr rows;
};

struct kith_db {
  kith::Database database;
};

namespace kith {

// What is answered when there is no memory to say anything: a place that stands for an error, and holds none. So it is
// there before anything is made, and after everything has been destroyed.
kith_error* no_memory_error() noexcept;

kith_status hand_over(const Failure& failure, kith_error** err) noexcept;
kith_status report(Status status, const char* message, kith_error** err) noexcept;

// Of what no part of the library throws by itself: INTERNAL, but for documents in the file that are JSON and not what
// Kith wrote, which is what is the matter when one of their members is missing or of another type.
kith_status report_unexpected(const std::exception& unexpected, kith_error** err) noexcept;

// The catch-all of the library, for functions that tell what failed.
template <class Work>
kith_status guard(kith_error** err, Work work) noexcept {
  if (err != nullptr) *err = nullptr;
  try {
    work();
    return KITH_OK;
  } catch (const Failure& failure) {
    return hand_over(failure, err);
  } catch (const std::bad_alloc&) {
    if (err != nullptr) *err = no_memory_error();
    return KITH_NO_MEMORY;
  } catch (const std::exception& unexpected) {
    return report_unexpected(unexpected, err);
  } catch (...) {
    return report(Status::internal, "an unknown exception", err);
  }
}

// For functions that have no way to tell a failure.
template <class Work>
void quietly(Work work) noexcept {
  try {
    work();
  } catch (...) {  // there is nobody to tell
  }
}

template <class Pointer>
void need_pointer(Pointer* pointer, const char* name) {
  if (pointer == nullptr) fail(Status::misuse, name, "must not be NULL");
}

template <class Pointer, class Answer>
void put_out(Pointer* out, Answer answer) {
  if (out != nullptr) *out = static_cast<Pointer>(answer);
}

inline void give_rows(kith_rows** out, RowsPtr rows) { *out = new kith_rows{std::move(rows)}; }

// For rows that a write answers with: what carries them out is made before the write, since nothing may fail once that
// is committed. `out` may be NULL.
class RowsOut {
 public:
  explicit RowsOut(kith_rows** out) : out_(out), carrier_(out == nullptr ? nullptr : new kith_rows) {}
  bool wanted() const { return out_ != nullptr; }
  void give(RowsPtr rows) {
    if (out_ == nullptr) return;
    carrier_->rows = std::move(rows);
    *out_ = carrier_.release();
  }

 private:
  kith_rows** out_;
  std::unique_ptr<kith_rows> carrier_;
};

}  // namespace kith
