#include "sql/file_facts.h"

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

}  // namespace kith
