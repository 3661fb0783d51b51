// A file as a whole, through the C interface: telling about it, copying it, compacting it.
#include <catch2/catch.hpp>

#include "support/folder.h"
#include "support/handle.h"

using namespace kith::test;

TEST_CASE("info tells about the file and the library", "[file]") {
  Folder folder;
  Handle db(folder / "a.kith");
  REQUIRE(db.failure().empty());
  REQUIRE(db.put("ada@example.com").empty());
  kith_rows* rows = nullptr;
  REQUIRE(kith_info(db, &rows, nullptr) == KITH_OK);
  REQUIRE(kith_rows_count(rows) == 1);
  auto text = [&](const char* name) { return std::string(kith_rows_text(rows, 0, kith_rows_column(rows, name))); };
  auto number = [&](const char* name) { return kith_rows_integer(rows, 0, kith_rows_column(rows, name)); };
  CHECK(text("path") == folder / "a.kith");
  CHECK(text("file_id").size() == 22);
  CHECK(text("kith") == kith_version());
  CHECK(text("sqlite").substr(0, 2) == "3.");
  CHECK(number("schema") >= 1);
  CHECK(number("page_size") == 4096);
  CHECK(number("pages") > 10);
  CHECK(number("wal_bytes") > 0);
  CHECK(number("leads") == 1);
  CHECK(number("last_event") == 1);
  kith_rows_free(rows);
}

TEST_CASE("a backup is a Kith file with what was in the first", "[file]") {
  Folder folder;
  Handle db(folder / "a.kith");
  for (int i = 0; i < 100; ++i) REQUIRE(db.put("a" + std::to_string(i) + "@example.com").empty());
  REQUIRE(db.backup(folder / "b.kith") == "");
  Handle copy(folder / "b.kith", KITH_OPEN_EXISTING);
  REQUIRE(copy.failure() == "");
  CHECK(copy.count() == 100);
  CHECK(copy.check().empty());
  CHECK(copy.put("new@example.com") == "");
  CHECK(db.count() == 100);
}
