// Opening: what is no Kith file, one that is damaged, prepared by a stranger or written by a later version, and what
// this process may not write. Whatever is refused stays as it was, to the byte.
#include <sched.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "support/folder.h"
#include "support/handle.h"
#include "support/raw.h"

using namespace kith::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

std::string kith_file(const Folder& folder, const char* name = "a.kith") {
  std::string path = folder / name;
  Handle db(path);
  REQUIRE(db.failure() == "");
  REQUIRE(db.put("ada@example.com") == "");
  return path;
}

std::string refusal(const std::string& path, std::uint32_t flags = 0) {
  Handle db(path, flags);
  CHECK_FALSE(db.is_open());
  return db.failure();
}

// Refused the same way for writing and for reading, and afterwards nothing has changed and nothing new lies beside it.
void check_refused(const Folder& folder, const std::string& path, const std::string& how) {
  std::string before = bytes_of(path);
  std::size_t entries = folder.entries();
  CHECK_THAT(refusal(path), StartsWith(how));
  CHECK_THAT(refusal(path, KITH_OPEN_READ_ONLY), StartsWith(how));
  CHECK((bytes_of(path) == before));
  CHECK(folder.entries() == entries);
}

}  // namespace

TEST_CASE("what is no SQLite file is not Kith's", "[open]") {
  Folder folder;
  std::string path = folder / "a.kith";
  std::string text = GENERATE(std::string("x"), std::string("hello, I am a text\n"), std::string(5000, 'z'), std::string(100000, '\0'),
                              std::string("SQLite format 3\0and then nothing", 33));
  write_bytes(path, text);
  check_refused(folder, path, "NOT_KITH");
}

TEST_CASE("an empty file becomes one of Kith only where a new one would be made", "[open]") {
  Folder folder;
  std::string path = folder / "a.kith";
  write_bytes(path, "");
  CHECK_THAT(refusal(path, KITH_OPEN_READ_ONLY), StartsWith("NOT_KITH"));
  CHECK_THAT(refusal(path, KITH_OPEN_EXISTING), StartsWith("NOT_KITH path: ") && Contains("is empty"));
  CHECK(bytes_of(path).empty());
  CHECK(folder.entries() == 1);
  Handle db(path);
  CHECK(db.put("ada@example.com") == "");
}

TEST_CASE("a folder, a device and a pipe are not Kith's", "[open]") {
  Folder folder;
  CHECK_THAT(refusal(folder / ""), StartsWith("NOT_KITH"));
  CHECK_THAT(refusal("/dev/null"), StartsWith("NOT_KITH"));
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK_THAT(refusal(folder / "pipe"), StartsWith("NOT_KITH"));
}

TEST_CASE("another program's SQLite file is not Kith's", "[open]") {
  Folder folder;
  std::string path = folder / "a.db";
  SECTION("with a table") { Raw(path).run("CREATE TABLE t (x)"); }
  SECTION("with a table, in WAL mode") { Raw(path).run("PRAGMA journal_mode=WAL; CREATE TABLE t (x)"); }
  SECTION("with another application's id") { Raw(path).run("PRAGMA application_id=77; CREATE TABLE t (x)"); }
  SECTION("with a version") { Raw(path).run("PRAGMA user_version=1"); }
  check_refused(folder, path, "NOT_KITH");
}

TEST_CASE("a missing file is made, or not", "[open]") {
  Folder folder;
  CHECK_THAT(refusal(folder / "a.kith", KITH_OPEN_EXISTING), StartsWith("NOT_FOUND path: "));
  CHECK_THAT(refusal(folder / "a.kith", KITH_OPEN_READ_ONLY), StartsWith("NOT_FOUND path: "));
  CHECK(folder.entries() == 0);
  CHECK_THAT(refusal(folder / "no/such/folder/a.kith"), StartsWith("IO path: "));
  CHECK(Handle(folder / "a.kith").is_open());
}

TEST_CASE("a later version's file is refused and left to the byte", "[open]") {
  Folder folder;
  std::string path = kith_file(folder);
  SECTION("closed") {
    Raw raw(path);
    raw.run("PRAGMA user_version=999");
  }
  SECTION("with a log that its writer left behind") {
    // A writer that dies leaves its log: the copy below is what lies there then.
    Raw raw(path);
    raw.run("PRAGMA user_version=999; CREATE TABLE of_later (x)");
    write_bytes(folder / "b.kith", bytes_of(path));
    write_bytes(folder / "b.kith-wal", bytes_of(path + "-wal"));
    path = folder / "b.kith";
    REQUIRE(bytes_of(path + "-wal").size() > 0);
    std::string log = bytes_of(path + "-wal");
    CHECK_THAT(refusal(path), StartsWith("TOO_NEW"));
    CHECK((bytes_of(path + "-wal") == log));
  }
  check_refused(folder, path, "TOO_NEW path: ");
}

TEST_CASE("a file that a stranger changed is refused", "[open]") {
  Folder folder;
  std::string path = kith_file(folder);
  std::string named;
  auto change = [&](const char* sql, const char* part) {
    Raw(path).run(sql);
    named = part;
  };
  SECTION("a trigger") {
    change("CREATE TRIGGER spy AFTER INSERT ON lead BEGIN DELETE FROM tag; END", "spy");
  }
  SECTION("a view") { change("CREATE VIEW all_leads AS SELECT * FROM lead", "all_leads"); }
  SECTION("a table") { change("CREATE TABLE mine (x)", "mine"); }
  SECTION("a table with a name at the end") { change("CREATE TABLE zzz (x)", "zzz"); }
  SECTION("a table named like the engine's") { change("CREATE TABLE lead_search_more (x)", "lead_search_more"); }
  SECTION("a search index that is another module's") {
    change("CREATE VIRTUAL TABLE lead_search USING fts5vocab ('x', 'row')", "lead_search");
  }
  SECTION("an index") { change("CREATE INDEX mine ON lead (city)", "mine"); }
  SECTION("an index with the name of a custom field's, on other columns") {
    change("CREATE INDEX lead_custom_c1 ON lead_custom (lead_id)", "lead_custom_c1");
  }
  SECTION("an index is missing") { change("DROP INDEX lead_score", "lead_score"); }
  SECTION("a table is missing") { change("DROP TABLE write_key", "write_key"); }
  SECTION("a column more") { change("ALTER TABLE tag ADD COLUMN colour TEXT", "tag"); }
  SECTION("a custom column that Kith would not name so") { change("ALTER TABLE lead_custom ADD COLUMN colour TEXT", "lead_custom"); }
  SECTION("a custom column with a default that runs something") {
    change("ALTER TABLE lead_custom ADD COLUMN c1 TEXT DEFAULT (lower('X'))", "lead_custom");
  }
  SECTION("a constraint less") {
    change("PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql = replace(sql, 'name_key TEXT NOT NULL UNIQUE', 'name_key TEXT UNIQUE') "
           "WHERE name = 'tag'",
           "tag");
  }
  check_refused(folder, path, "CORRUPT path: ");
  CHECK_THAT(refusal(path), Contains(named));
}

TEST_CASE("what Kith itself adds to the schema is accepted", "[open]") {
  Folder folder;
  std::string path = kith_file(folder);
  {
    Raw raw(path);
    raw.run("ALTER TABLE lead_custom ADD COLUMN c1 TEXT; ALTER TABLE lead_custom ADD COLUMN c22 INTEGER; "
            "ALTER TABLE lead_custom ADD COLUMN c3 REAL; CREATE INDEX lead_custom_c22 ON lead_custom (c22, lead_id); "
            "ALTER TABLE lead_custom DROP COLUMN c1; "
            "CREATE VIRTUAL TABLE lead_search USING fts5 (words, tokenize = 'ascii', prefix = '1 2 3', columnsize = 0); ANALYZE");
  }
  CHECK(Handle(path).failure() == "");
}

TEST_CASE("a truncated or torn file is found damaged", "[open]") {
  Folder folder;
  std::string path = kith_file(folder);
  std::string whole = bytes_of(path);
  REQUIRE(whole.size() > 20 * 4096);
  SECTION("half of it") { write_bytes(path, whole.substr(0, 10 * 4096)); }
  SECTION("but for a page") { write_bytes(path, whole.substr(0, whole.size() - 4096)); }
  SECTION("its first page alone") { write_bytes(path, whole.substr(0, 4096)); }
  SECTION("rubbish where the schema stands") {
    std::string torn = whole;
    torn.replace(100, 400, 400, '\x55');
    write_bytes(path, torn);
  }
  std::string before = bytes_of(path);
  CHECK_THAT(refusal(path), StartsWith("CORRUPT"));
  CHECK((bytes_of(path) == before));
}

TEST_CASE("whatever byte of a file is damaged, opening and reading it never crash", "[open]") {
  Folder folder;
  std::string path = kith_file(folder);
  std::string whole = bytes_of(path);
  std::uint64_t seed = 1;
  for (int round = 0; round < 150; ++round) {
    std::string torn = whole;
    for (int i = 0; i < 3; ++i) {
      seed = seed * 6364136223846793005U + 1442695040888963407U;
      torn[(seed >> 20) % (round % 2 == 0 ? torn.size() : 4096)] = static_cast<char>(seed >> 55);
    }
    write_bytes(path, torn);
    Handle db(path);
    if (!db.is_open()) {
      CHECK(db.failure().size() > 10);
      continue;
    }
    CHECK_NOTHROW(db.check());
    CHECK_NOTHROW(db.put("bob@example.com"));
  }
}

TEST_CASE("a file that this user may not write is read-only", "[open]") {
  Folder folder;
  std::string path = kith_file(folder);
  REQUIRE(chmod((folder / "").c_str(), 0755) == 0);
  REQUIRE(chmod(path.c_str(), 0444) == 0);
  pid_t child = fork();
  if (child == 0) {
    // As root everything may be written.
    if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(9);
    Handle db(path);
    if (db.failure().rfind("READ_ONLY", 0) != 0) _exit(1);
    Handle fresh(folder / "b.kith");
    if (getuid() == 65534 && fresh.failure().rfind("READ_ONLY", 0) != 0) _exit(2);
    // A log is needed even for reading, and cannot be made here.
    Handle reader(path, KITH_OPEN_READ_ONLY);
    if (getuid() == 65534 && reader.failure().rfind("READ_ONLY path: the log of", 0) != 0) _exit(3);
    _exit(0);
  }
  int state = 0;
  REQUIRE(waitpid(child, &state, 0) == child);
  CHECK(WIFEXITED(state));
  CHECK(WEXITSTATUS(state) == 0);
  {
    Handle db(path, KITH_OPEN_READ_ONLY);
    CHECK(db.count() == 1);
    CHECK_THAT(db.put("bob@example.com"), StartsWith("READ_ONLY"));
    CHECK_THAT(db.compact(), StartsWith("READ_ONLY"));
    CHECK(db.check().empty());
  }
  CHECK(folder.entries() == 1);
}

// In a place of its own, which only root or a user with namespaces can make.
TEST_CASE("a file on a read-only medium can be read", "[open]") {
  Folder folder;
  std::string path = kith_file(folder, "a%20?#.kith");
  std::string script = "exec 2> /dev/null; set -e; cd '" + (folder / "") + "'; mkdir m; mount -t tmpfs none m; cp a* m/; sync; ";
  auto in_child = [&](const std::string& prepare, auto work) {
    pid_t child = fork();
    if (child == 0) {
      std::string user = "0 " + std::to_string(getuid()) + " 1", group = "0 " + std::to_string(getgid()) + " 1";
      if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) _exit(77);
      write_bytes("/proc/self/setgroups", "deny");
      write_bytes("/proc/self/uid_map", user);
      write_bytes("/proc/self/gid_map", group);
      if (std::system((script + prepare + "mount -o remount,ro m").c_str()) != 0) _exit(77);
      _exit(work());
    }
    int state = 0;
    REQUIRE(waitpid(child, &state, 0) == child);
    std::error_code ignored;
    std::filesystem::remove_all(folder / "m", ignored);
    return WIFEXITED(state) ? WEXITSTATUS(state) : -1;
  };
  std::string there = (folder / "m/") + "a%20?#.kith";
  int read = in_child("", [&] {
    if (Handle(there).failure().rfind("READ_ONLY", 0) != 0) return 1;
    Handle db(there, KITH_OPEN_READ_ONLY);
    if (!db.is_open()) return 2;
    if (db.count() != 1 || !db.check().empty()) return 3;
    return db.put("bob@example.com").rfind("READ_ONLY", 0) == 0 ? 0 : 4;
  });
  if (read == 77) {
    WARN("no read-only place can be made here");
    return;
  }
  CHECK(read == 0);
  CHECK(in_child("echo what waits to be folded in > 'm/a%20?#.kith-wal'; ", [&] {
          Handle db(there, KITH_OPEN_READ_ONLY);
          return db.failure().find("with a log beside it") != std::string::npos ? 0 : 1;
        }) == 0);
}

TEST_CASE("a handle for reading leaves a log that it found", "[open]") {
  Folder folder;
  std::string path = kith_file(folder);
  Handle writer(path);
  REQUIRE(writer.put("bob@example.com") == "");
  // What a writer that dies leaves behind.
  write_bytes(folder / "b.kith", bytes_of(path));
  write_bytes(folder / "b.kith-wal", bytes_of(path + "-wal"));
  std::string file = bytes_of(folder / "b.kith");
  std::string log = bytes_of(folder / "b.kith-wal");
  {
    Handle reader(folder / "b.kith", KITH_OPEN_READ_ONLY);
    CHECK(reader.count() == 2);
  }
  CHECK((bytes_of(folder / "b.kith") == file));
  CHECK((bytes_of(folder / "b.kith-wal") == log));
}

TEST_CASE("opening a file is quick", "[open]") {
  Folder folder;
  std::string path = kith_file(folder);
  auto best = std::chrono::nanoseconds::max();
  for (int i = 0; i < 20; ++i) {
    auto start = std::chrono::steady_clock::now();
    Handle db(path);
    best = std::min<std::chrono::nanoseconds>(best, std::chrono::steady_clock::now() - start);
  }
#ifdef __OPTIMIZE__
  CHECK(best < std::chrono::milliseconds(5));
#else
  CHECK(best < std::chrono::milliseconds(50));
#endif
}
