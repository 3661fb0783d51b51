// The process, or the power, ends at any call of a migration that changes the disk: what is found is the file as it was
// or as it was to become, and opening it goes on from there.
#include <catch2/catch.hpp>

#include <cstdio>
#include <filesystem>

#include "fault/disk.h"
#include "fault/stage.h"
#include "support/handle.h"
#include "support/raw.h"
#include "support/schemas.h"

using namespace kith::test;

namespace {

void lay_down(const std::string& path, const Files& files) {
  std::filesystem::remove(path + "-shm");
  for (std::size_t part = 0; part < parts; ++part) {
    std::filesystem::remove(path + part_names[part]);
    if (files[part]) write_bytes(path + part_names[part], *files[part]);
  }
}

Files found(const std::string& path) {
  Files files;
  for (std::size_t part = 0; part < parts; ++part) {
    if (std::filesystem::exists(path + part_names[part])) files[part] = bytes_of(path + part_names[part]);
  }
  return files;
}

// "old", "new", or what is neither.
std::string state_of(const std::string& path) {
  Raw raw(path);
  std::string version = raw.one("PRAGMA user_version");
  std::string tables = raw.one("SELECT COUNT(*) FROM sqlite_schema WHERE name IN ('extra', 'extra_name')");
  std::string column = raw.one("SELECT COUNT(*) FROM pragma_table_info('tag') WHERE name = 'colour'");
  std::string rewritten = raw.one("SELECT COUNT(*) FROM lead WHERE city = 'LUND'");
  std::string said = version + " " + tables + " " + column + " " + rewritten;
  int first = kith::schema_files().back().number;
  if (said == std::to_string(first) + " 0 0 0") return "old";
  if (said == std::to_string(first + 1) + " 2 1 300") return "new";
  return said;
}

}  // namespace

TEST_CASE("a migration that is ended at any call was done or was not", "[power][migrate]") {
  Folder folder;
  std::string path = folder / "a.kith";
  {
    Handle db(path);
    for (int i = 0; i < 300; ++i) {
      std::string email = "l" + std::to_string(i) + "@example.com";
      kith_field fields[] = {kith_text("email", email.c_str()), kith_text("city", "Lund")};
      REQUIRE(kith_put(db, "lead", fields, 2, nullptr, 0, nullptr, nullptr, nullptr) == KITH_OK);
    }
  }
  Files before = found(path);
  Schemas later({later_step});
  CrashVfs::record(path);
  {
    Handle db(path);
    REQUIRE(db.failure() == "");
  }
  std::vector<DiskCall> calls = CrashVfs::stop();
  REQUIRE(calls.size() > 10);
  REQUIRE(state_of(path) == "new");
  Disk disk(before);
  int olds = 0, news = 0;
  std::size_t tried = 0;
  for (std::size_t made = 0; made <= calls.size(); ++made) {
    if (made > 0) disk.take(calls[made - 1]);
    for (int i = 0; i < losses; ++i) {
      std::mt19937_64 random(made * 10 + static_cast<std::size_t>(i));
      Files image = disk.image(static_cast<Loss>(i), random);
      INFO("after call " << made << " of " << calls.size() << ", " << loss_name(static_cast<Loss>(i)));
      lay_down(path, image);
      std::string state = state_of(path);
      CHECK((state == "old" || state == "new"));
      ++(state == "old" ? olds : news);
      lay_down(path, image);
      Handle db(path);
      REQUIRE(db.failure() == "");
      CHECK(db.count() == 300);
      CHECK(db.check() == std::vector<std::string>{});
      db.close();
      CHECK(state_of(path) == "new");
      ++tried;
    }
  }
  CHECK(olds > 0);
  CHECK(news > 0);
  std::printf("%zu images of disks in a migration: %d as before, %d as after\n", tried, olds, news);
}
