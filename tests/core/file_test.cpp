// A file as a whole, through the C interface: telling about it, copying it, compacting it.
#include <catch2/catch.hpp>

#include <filesystem>

#include "support/child.h"
#include "support/folder.h"
#include "support/full_file.h"
#include "support/handle.h"

using namespace kith::test;
using Catch::Matchers::StartsWith;

namespace {

using Lines = std::vector<std::string>;

// Every row of every table, but for what the engine keeps for itself.
Lines content(kith_db* db) {
  Lines all;
  kith_rows* tables = nullptr;
  OK(kith_sql(db, "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'lead_search%' ORDER BY name", nullptr, 0, &tables, err));
  for (std::int64_t i = 0; i < kith_rows_count(tables); ++i) {
    std::string name = kith_rows_text(tables, i, 0);
    kith_rows* rows = nullptr;
    OK(kith_sql(db, ("SELECT * FROM \"" + name + "\"").c_str(), nullptr, 0, &rows, err));
    for (const std::string& row : texts_of(rows)) all.push_back(name + "|" + row);
  }
  kith_rows_free(tables);
  return all;
}

void put_many(kith_db* db, int from, int count, const char* field = nullptr, const std::string& text = {}) {
  std::vector<std::string> emails;
  for (int i = 0; i < count; ++i) emails.push_back("l" + std::to_string(from + i) + "@example.com");
  std::vector<kith_field> fields;
  for (const std::string& email : emails) {
    fields.push_back(kith_text("email", email.c_str()));
    if (field != nullptr) fields.push_back(kith_text(field, text.c_str()));
  }
  OK(kith_put_many(db, "lead", fields.data(), field == nullptr ? 1 : 2, emails.size(), 0, nullptr, 0, nullptr, err));
}

}  // namespace

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

TEST_CASE("a backup has what every table had", "[file]") {
  Folder folder;
  Handle db(folder / "a.kith");
  fill_every_table(db);
  REQUIRE(db.backup(folder / "b.kith") == "");
  CHECK(folder.entries() == 4);  // the file with its log and shared memory, and the copy alone
  Handle copy(folder / "b.kith", KITH_OPEN_EXISTING);
  CHECK((content(copy) == content(db)));
  CHECK(copy.check().empty());
}

TEST_CASE("a backup is readable by whom the file is, and by nobody else", "[file]") {
  using std::filesystem::perms;
  Folder folder;
  Handle db(folder / "a.kith");
  REQUIRE(db.put("ada@example.com") == "");
  for (perms rights : {perms::owner_read | perms::owner_write, perms::owner_read | perms::owner_write | perms::group_read}) {
    std::filesystem::permissions(folder / "a.kith", rights);
    std::string to = folder / ("b" + std::to_string(static_cast<int>(rights)));
    REQUIRE(db.backup(to) == "");
    CHECK(std::filesystem::status(to).permissions() == rights);
  }
  Handle memory("", KITH_OPEN_MEMORY);
  REQUIRE(memory.backup(folder / "m.kith") == "");
  CHECK(std::filesystem::status(folder / "m.kith").permissions() == (perms::owner_read | perms::owner_write));
}

TEST_CASE("a backup goes to a new file in a folder that is there", "[file]") {
  Folder folder;
  Handle db(folder / "a.kith");
  REQUIRE(db.put("ada@example.com") == "");
  write_bytes(folder / "taken", "text");
  CHECK_THAT(db.backup(folder / "taken"), StartsWith("CONFLICT path: "));
  CHECK(bytes_of(folder / "taken") == "text");
  CHECK_THAT(db.backup(folder / "a.kith"), StartsWith("CONFLICT path: "));
  CHECK_THAT(db.backup(folder / ""), StartsWith("CONFLICT path: "));
  std::filesystem::create_symlink(folder / "nowhere", folder / "link");
  CHECK_THAT(db.backup(folder / "link"), StartsWith("CONFLICT path: "));
  CHECK_THAT(db.backup(folder / "no/such/folder/b.kith"), StartsWith("IO path: "));
  CHECK_THAT(db.backup(""), StartsWith("INVALID path: "));
  kith_error* error = nullptr;
  CHECK(kith_backup(db, nullptr, &error) == KITH_MISUSE);
  kith_error_free(error);
  REQUIRE(db.begin() == "");
  CHECK_THAT(db.backup(folder / "b.kith"), StartsWith("MISUSE "));
  REQUIRE(db.commit() == "");
  CHECK(folder.entries() == 5);  // no part of a copy is left: the file and its two, what was there, the link
  CHECK(db.put("bob@example.com") == "");
}

// The other process writes pairs in one transaction each: a copy between them would show.
TEST_CASE("a backup while another process writes is one state of the file", "[file]") {
  Folder folder;
  std::string path = folder / "a.kith";
  {
    Handle db(path, KITH_OPEN_NORMAL_SYNC);
    make_definitions(db);
    put_many(db, 0, 8000, "custom_text", std::string(1000, 'x'));  // more pages than are copied at a time
  }
  Child child([&path](Child& parent) {
    Handle db(path, KITH_OPEN_NORMAL_SYNC, 60'000);
    parent.tell('r');
    for (int i = 0;; ++i) {
      if (!db.begin().empty()) return 1;
      if (!db.put("left" + std::to_string(i) + "@pair.example").empty()) return 2;
      if (!db.put("right" + std::to_string(i) + "@pair.example").empty()) return 3;
      if (!db.commit().empty()) return 4;
    }
  });
  REQUIRE(child.hear() == 'r');
  Handle db(path, KITH_OPEN_NORMAL_SYNC);
  std::int64_t last = -1;
  for (int round = 0; round < 4; ++round) {
    std::string to = folder / ("b" + std::to_string(round));
    REQUIRE(db.backup(to) == "");
    Handle copy(to, KITH_OPEN_READ_ONLY);
    CHECK(copy.check().empty());
    CHECK(copy.one("SELECT COUNT(*) FROM lead WHERE email LIKE 'left%'") == copy.one("SELECT COUNT(*) FROM lead WHERE email LIKE 'right%'"));
    CHECK(copy.count() > last);
    last = copy.count();
  }
  child.kill();
}

TEST_CASE("compacting gives pages back and changes nothing, and another handle goes on", "[file]") {
  Folder folder;
  Handle db(folder / "a.kith", KITH_OPEN_NORMAL_SYNC);
  fill_every_table(db);
  put_many(db, 0, 3000, "custom_text", std::string(1500, 'x'));
  OK(kith_begin(db, err));
  for (int i = 0; i < 3000; ++i) OK(kith_remove(db, "lead", ("l" + std::to_string(i) + "@example.com").c_str(), nullptr, 0, nullptr, err));
  OK(kith_commit(db, err));
  std::int64_t done = 0;
  OK(kith_run(db, 0, &done, nullptr, err));  // folds the log in
  Handle other(folder / "a.kith", KITH_OPEN_NORMAL_SYNC);
  Lines before = content(other);
  auto size = std::filesystem::file_size(folder / "a.kith");
  REQUIRE(db.compact() == "");
  CHECK(std::filesystem::file_size(folder / "a.kith") * 2 < size);
  CHECK((content(db) == before));
  CHECK((content(other) == before));
  CHECK(other.put("new@example.com") == "");
  CHECK(db.put("newer@example.com") == "");
  CHECK(other.check().empty());
  CHECK(db.check().empty());
  kith_rows* rows = nullptr;
  OK(kith_search(db, "newer", 0, &rows, err));
  CHECK(texts_of(rows).size() == 1);
  CHECK(db.compact() == "");
}

TEST_CASE("compacting is refused where it cannot be", "[file]") {
  Folder folder;
  std::string path = folder / "a.kith";
  {
    Handle db(path);
    REQUIRE(db.put("ada@example.com") == "");
    REQUIRE(db.begin() == "");
    CHECK_THAT(db.compact(), StartsWith("MISUSE "));
    CHECK(db.put("bob@example.com") == "");
    CHECK(db.commit() == "");
    CHECK(db.count() == 2);
  }
  CHECK_THAT(Handle(path, KITH_OPEN_READ_ONLY).compact(), StartsWith("READ_ONLY "));
  Handle memory("", KITH_OPEN_MEMORY);
  REQUIRE(memory.put("ada@example.com") == "");
  CHECK(memory.compact() == "");
  CHECK(memory.count() == 1);
}

TEST_CASE("compacting beside a reader of an old state waits for a later checkpoint", "[file]") {
  Folder folder;
  Handle db(folder / "a.kith", KITH_OPEN_NORMAL_SYNC, 50);
  put_many(db, 0, 2000);
  Handle reader(folder / "a.kith", KITH_OPEN_READ_ONLY);
  REQUIRE(reader.begin() == "");
  CHECK(reader.count() == 2000);
  std::string said = db.compact();
  CHECK((said.empty() || said.rfind("BUSY ", 0) == 0));
  CHECK(reader.count() == 2000);
  CHECK(reader.check().empty());
  REQUIRE(reader.commit() == "");
  CHECK(db.compact() == "");
  CHECK(db.count() == 2000);
  CHECK(db.check().empty());
}
