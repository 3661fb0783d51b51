// Bringing files up to date: by one step and by several, what a step that fails leaves, and who may not.
#include <catch2/catch.hpp>

#include "support/folder.h"
#include "support/handle.h"
#include "support/raw.h"
#include "support/schemas.h"

using namespace kith::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

std::string made(const Folder& folder) {
  std::string path = folder / "a.kith";
  Handle db(path);
  REQUIRE(db.put("ada@example.com") == "");
  return path;
}

std::string version(const std::string& path) { return Raw(path).one("PRAGMA user_version"); }
std::string plus(int steps) { return std::to_string(kith::schema_files().back().number + steps); }
std::string state(const std::string& path) { return Raw(path).one("SELECT group_concat(COALESCE(sql, name)) FROM (SELECT * FROM sqlite_schema ORDER BY name)"); }

}  // namespace

TEST_CASE("a file that is one or two schemas older is brought up to date", "[migrate]") {
  Folder folder;
  std::string path = made(folder);
  if (GENERATE(false, true)) {
    Schemas one({later_step});
    Handle db(path);
    REQUIRE(db.failure() == "");
    CHECK(db.one("SELECT name FROM extra") == "ada@example.com");
    CHECK(db.check() == std::vector<std::string>{});
    db.close();
    CHECK(version(path) == plus(1));
  }
  Schemas two({later_step, latest_step});
  for (int again = 0; again < 2; ++again) {
    Handle db(path, KITH_OPEN_EXISTING);
    REQUIRE(db.failure() == "");
    CHECK(db.one("SELECT name, note FROM extra") == "ada@example.com|new");
    CHECK(db.check() == std::vector<std::string>{});
    CHECK(db.count() == 1);
  }
  CHECK(version(path) == plus(2));
  Handle fresh(folder / "b.kith");  // all steps at once
  CHECK(fresh.put("bob@example.com") == "");
  CHECK(version(folder / "b.kith") == plus(2));
}

TEST_CASE("a file that is one schema newer is refused and left to the byte", "[migrate]") {
  Folder folder;
  std::string path = made(folder);
  {
    Schemas one({later_step});
    Handle db(path);
    REQUIRE(db.failure() == "");
  }
  std::string before = bytes_of(path);
  for (std::uint32_t flags : {0U, std::uint32_t{KITH_OPEN_READ_ONLY}, std::uint32_t{KITH_OPEN_EXISTING}}) {
    Handle db(path, flags);
    CHECK_THAT(db.failure(), StartsWith("TOO_NEW path: ") && Contains("its schema is " + plus(1) + ", this version knows " + plus(0)));
  }
  CHECK((bytes_of(path) == before));
  CHECK(folder.entries() == 1);
}

TEST_CASE("an older file is not migrated by a handle for reading", "[migrate]") {
  Folder folder;
  std::string path = made(folder);
  std::string before = bytes_of(path);
  Schemas one({later_step});
  Handle db(path, KITH_OPEN_READ_ONLY);
  CHECK_THAT(db.failure(), StartsWith("READ_ONLY path: ") && Contains("older schema"));
  CHECK((bytes_of(path) == before));
}

TEST_CASE("a migration that fails at its last word leaves the file as it was", "[migrate]") {
  Folder folder;
  std::string path = made(folder);
  std::string before = state(path);
  {
    Schemas broken({later_step, "CREATE TABLE another (x INTEGER) STRICT; INSERT INTO extra SELECT * FROM extra;"});
    Handle db(path);
    CHECK_FALSE(db.is_open());
    CHECK(db.failure().size() > 10);
    CHECK(version(path) == plus(0));
    CHECK(state(path) == before);
  }
  Handle db(path);
  REQUIRE(db.failure() == "");
  CHECK(db.count() == 1);
  CHECK(db.check() == std::vector<std::string>{});
}
