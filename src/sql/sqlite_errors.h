// SQLite's result codes as the library's statuses. Codes only, never texts.
#pragma once

#include <string_view>

#include "base/failure.h"

namespace kith {

// `system_error`: the errno that SQLite met, 0 if none; a full disk and a protected file hide behind I/O errors.
Status status_of_sqlite(int code, int system_error);

// Throws what `code` means for the file at `path`; `detail` is SQLite's own text. Running out of memory is
// std::bad_alloc.
[[noreturn]] void fail_as_sqlite(int code, int system_error, const char* detail, std::string_view path, int busy_ms);

// Of what fails in opening a file that is there, with a code that names no reason.
[[noreturn]] void fail_unreadable(const Failure& failure, std::string_view path);

}  // namespace kith
