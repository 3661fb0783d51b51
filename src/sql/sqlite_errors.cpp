#include "sql/sqlite_errors.h"

#include <cerrno>
#include <new>

#include "base/text.h"
#include "sqlite3.h"

namespace kith {

Status status_of_sqlite(int code, int system_error) {
  if (code == SQLITE_BUSY_SNAPSHOT) return Status::retry;
  int primary = code & 0xff;
  if (primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN) {
    if (system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG) return Status::full;
    if (system_error == EROFS || system_error == EACCES || system_error == EPERM) return Status::read_only;
  }
  if (code == SQLITE_IOERR_NOMEM) return Status::no_memory;
  switch (primary) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL: return Status::busy;  // the last: others were faster at the log's locks, again and again
    case SQLITE_INTERRUPT: return Status::cancelled;
    case SQLITE_READONLY:
    case SQLITE_PERM: return Status::read_only;
    case SQLITE_FULL: return Status::full;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN: return Status::io;
    case SQLITE_CORRUPT: return Status::corrupt;
    case SQLITE_NOTADB: return Status::not_kith;
    case SQLITE_TOOBIG: return Status::limit;
    case SQLITE_CONSTRAINT: return Status::conflict;
    case SQLITE_AUTH: return Status::refused;
    case SQLITE_NOLFS: return Status::unsupported;
    case SQLITE_NOMEM: return Status::no_memory;
    default: return Status::internal;
  }
}

namespace {

// SQLite shows what it reads in a damaged file as it stands there.
std::string as_text(std::string_view bytes) {
  if (valid_utf8(bytes)) return std::string(bytes);
  std::string text;
  for (std::size_t at = 0; at < bytes.size();) append_utf8(text, next_code_point(bytes, at));
  return text;
}

}  // namespace

void fail_unreadable(const Failure& failure, std::string_view path) {
  fail(Status::corrupt, "path", "{} cannot be read: {}", shown(path, 200), failure.sentence());
}

void fail_as_sqlite(int code, int system_error, const char* sqlite_says, std::string_view path, int busy_ms) {
  Status status = status_of_sqlite(code, system_error);
  std::string file = shown(path, 200);
  std::string detail = as_text(sqlite_says);
  switch (status) {
    case Status::no_memory: throw std::bad_alloc();
    case Status::busy: fail(status, "", "another writer held the file for longer than {} ms", busy_ms);
    case Status::retry: fail(status, "", "another writer was faster: roll back and repeat the whole transaction");
    case Status::cancelled: fail(status, "", "the call was cancelled");
    case Status::full: fail(status, "", "no space is left for {}", file);
    case Status::read_only:
      if (code == SQLITE_READONLY_CANTINIT || code == SQLITE_READONLY_DIRECTORY || (code & 0xff) == SQLITE_CANTOPEN) {
        fail(status, "path", "the log of {} cannot be made beside it, and not even reading goes without: copy the file to a folder that may be written", file);
      }
      fail(status, "", "{} cannot be written", file);
    case Status::not_kith: fail(status, "path", "{} is no SQLite file, so not Kith's", file);
    case Status::corrupt: fail(status, "", "{} is damaged: {} (code {})", file, detail, code);
    case Status::io: fail(status, "", "{} could not be read or written: {} (code {})", file, detail, code);
    default: fail(status, "", "{} ({}, code {})", detail, sqlite3_errstr(code), code);
  }
}

}  // namespace kith
