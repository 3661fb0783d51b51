// Disks that are full, file systems that cannot carry a file of Kith's: what the real system answers, in processes of
// their own. That every single write may fail is the business of tests/fault.
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <csignal>
#include <fstream>

#include "support/child.h"
#include "support/folder.h"
#include "support/handle.h"
#include "support/marked.h"
#include "support/raw.h"

using namespace kith::test;
using Catch::Matchers::StartsWith;

namespace {

unsigned file_system = 0;  // what the system is made to say; 0: the truth

bool begins(const std::string& text, const char* with) { return text.rfind(with, 0) == 0; }

// Puts leads until one fails, and answers what it said.
std::string fill(Handle& db, const char* prefix) {
  std::string text(200, 'x');
  for (int i = 0; i < 20'000; ++i) {
    std::string email = prefix + std::to_string(i) + "@example.com";
    kith_field fields[] = {kith_text("email", email.c_str()), kith_text("company", text.c_str()), kith_text("city", text.c_str())};
    kith_error* error = nullptr;
    std::int64_t id = 77;
    std::int32_t outcome = 77;
    if (kith_put(db, "lead", fields, 3, nullptr, 0, &id, &outcome, &error) == KITH_OK) continue;
    return id == 0 && outcome == 0 ? said(error) : "outputs are left";
  }
  return "it never was full";
}

}  // namespace

// In place of the C library's, for the guard to see other file systems than this machine has.
extern "C" int statfs(const char* path, struct statfs* facts) noexcept {
  long answer = syscall(SYS_statfs, path, facts);
  if (answer == 0 && file_system != 0) facts->f_type = static_cast<decltype(facts->f_type)>(file_system);
  return static_cast<int>(answer);
}

TEST_CASE("a file that may grow no more", "[full]") {
  Folder folder;
  Child child([&folder](Child&) {
    signal(SIGXFSZ, SIG_IGN);
    Handle db(folder / "a.kith", KITH_OPEN_NORMAL_SYNC);
    if (!db.put("first@example.com").empty()) return 1;
    rlimit limit = {600'000, RLIM_INFINITY};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 2;
    if (!begins(fill(db, "a"), "FULL ")) return 3;
    std::int64_t count = db.count();
    if (count < 10 || !begins(fill(db, "b"), "FULL ") || db.count() != count) return 4;
    if (!db.check().empty()) return 5;
    // Inside a transaction the disk is full when it is written, at its end; then all of it is undone.
    if (!db.begin().empty()) return 6;
    for (int i = 0; i < 100; ++i) db.put("c" + std::to_string(i) + "@example.com");
    if (!begins(db.commit(), "FULL ")) return 7;
    kith_rollback(db);
    if (db.count() != count || !db.check().empty()) return 8;
    if (!begins(db.backup("/dev/full/b.kith"), "IO ")) return 9;
    limit.rlim_cur = RLIM_INFINITY;
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 10;
    if (!db.put("last@example.com").empty() || db.count() != count + 1 || !db.check().empty()) return 11;
    return 0;
  });
  CHECK(child.end() == 0);
  Handle db(folder / "a.kith");
  CHECK(db.check().empty());
}

TEST_CASE("a disk that is full", "[full]") {
  Folder folder;
  std::string disk = folder / "disk";
  REQUIRE(mkdir(disk.c_str(), 0700) == 0);
  constexpr int cannot = 42;
  Child child([&disk](Child&) {
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return cannot;
    if (mount("none", disk.c_str(), "tmpfs", 0, "size=2m") != 0) return cannot;
    Handle db(disk + "/a.kith", KITH_OPEN_NORMAL_SYNC);
    make_definitions(db);
    if (!db.put("first@example.com").empty()) return 1;
    {
      std::ofstream filler(disk + "/filler", std::ios::binary);
      while (filler.write(std::string(4096, 'x').c_str(), 4096).flush()) {
      }
    }
    std::int64_t count = 0;
    std::string said = fill(db, "a");
    if (!begins(said, "FULL ")) return 2;
    count = db.count();
    if (!begins(db.put("more@example.com"), "FULL ") && db.count() != count + 1) return 3;
    count = db.count();
    if (!db.check().empty()) return 4;
    if (!begins(db.backup(disk + "/b.kith"), "FULL ")) return 5;
    for (const auto& entry : std::filesystem::directory_iterator(disk)) {
      if (entry.path().filename().string().find("b.kith") == 0) return 6;
    }
    Handle fresh(disk + "/c.kith");
    if (!begins(fresh.failure(), "FULL ")) return 7;
    if (unlink((disk + "/filler").c_str()) != 0) return 8;
    if (!db.put("last@example.com").empty() || db.count() != count + 1 || !db.check().empty()) return 9;
    return 0;
  });
  int code = child.end();
  if (code == cannot) {
    WARN("a small disk cannot be mounted here");
    return;
  }
  CHECK(code == 0);
}

TEST_CASE("a network file system is not supported", "[full]") {
  Folder folder;
  REQUIRE(Handle(folder / "there.kith").put("ada@example.com") == "");
  std::string before = bytes_of(folder / "there.kith");
  for (unsigned type : {0x6969U, 0xff534d42U, 0xfe534d42U, 0x00c36400U}) {
    file_system = type;
    CHECK_THAT(Handle(folder / "a.kith").failure(), StartsWith("UNSUPPORTED path: "));
    CHECK_THAT(Handle(folder / "there.kith").failure(), StartsWith("UNSUPPORTED path: "));
    CHECK_THAT(Handle(folder / "there.kith", KITH_OPEN_READ_ONLY).failure(), StartsWith("UNSUPPORTED path: "));
  }
  file_system = 0;
  CHECK(folder.entries() == 1);
  CHECK((bytes_of(folder / "there.kith") == before));
  CHECK(Handle(folder / "there.kith").failure().empty());
}

TEST_CASE("a file system without shared memory is not supported", "[full]") {
  Folder folder;
  Child child([&folder](Child&) {
    if (sqlite3_vfs_register(sqlite3_vfs_find("unix-dotfile"), 1) != SQLITE_OK) return 1;
    Handle db(folder / "a.kith");
    return begins(db.failure(), "UNSUPPORTED path: ") ? 0 : 2;
  });
  CHECK(child.end() == 0);
}
