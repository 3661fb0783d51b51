#include "sql/file_facts.h"

#include <charconv>

#include "sql/sqlite_errors.h"
#include "sqlite3.h"

namespace kith {

namespace {

std::int64_t pragma(Connection& db, Literal text) {
  Statement row = db.prepare_native(text);
  return row.step() ? row.integer(0) : 0;
}

}  // namespace

FileFacts file_facts(Connection& db) {
  FileFacts facts;
  facts.schema = pragma(db, "PRAGMA user_version");
  facts.page_size = pragma(db, "PRAGMA page_size");
  facts.pages = pragma(db, "PRAGMA page_count");
  facts.free_pages = pragma(db, "PRAGMA freelist_count");
  facts.log_bytes = db.log_bytes();
  return facts;
}

std::string_view engine_version() { return sqlite3_libversion(); }

Statement examination(Connection& db) { return db.prepare_native("PRAGMA integrity_check(1000)"); }

void fail_if_unread(const Connection& db, std::string_view fault) {
  constexpr std::string_view before = "error code=";
  for (std::size_t at = fault.find(before); at != std::string_view::npos; at = fault.find(before, at)) {
    at += before.size();
    int code = 0;
    std::from_chars(fault.data() + at, fault.data() + fault.size(), code);
    int primary = code & 0xff;
    if (primary == SQLITE_OK || primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB) continue;
    fail_as_sqlite(code, 0, sqlite3_errstr(code), db.settings().path, db.settings().busy_ms);
  }
}

}  // namespace kith
