// What drops the locks of a live file without a word: a second SQLite in the process, a fork, a file that changes under
// its name. Each must be refused before the next write, and none of Kith's own ways may be taken for one.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <thread>

#include "support/folder.h"
#include "support/handle.h"
#include "support/raw.h"

using namespace kith::test;
using Catch::Matchers::StartsWith;

namespace {

// The system's SQLite, which is another copy than the one in the library. Where there is none, or it is the very one
// that the library uses, there is nothing to try.
class ForeignSqlite {
 public:
  ForeignSqlite() : library_(dlopen("libsqlite3.so.0", RTLD_NOW | RTLD_LOCAL)) {
    if (library_ == nullptr) return;
    load(open_, "sqlite3_open");
    load(close_, "sqlite3_close");
    load(exec_, "sqlite3_exec");
    if (open_ == &sqlite3_open) library_ = nullptr;
  }
  bool is_there() const { return library_ != nullptr; }
  void open(const std::string& path) { REQUIRE(open_(path.c_str(), &db_) == SQLITE_OK); }
  bool run(const char* sql) { return exec_(db_, sql, nullptr, nullptr, nullptr) == SQLITE_OK; }
  void close() {
    close_(db_);
    db_ = nullptr;
  }

 private:
  template <class Function>
  void load(Function& function, const char* name) {
    function = reinterpret_cast<Function>(dlsym(library_, name));
    REQUIRE(function != nullptr);
  }
  void* library_;
  sqlite3* db_ = nullptr;
  decltype(&sqlite3_open) open_ = nullptr;
  decltype(&sqlite3_close) close_ = nullptr;
  decltype(&sqlite3_exec) exec_ = nullptr;
};

// What the first of at most `most` puts that fails says.
std::string first_refusal(Handle& db, int most) {
  static int number = 0;
  for (int i = 0; i < most; ++i) {
    std::string said = db.put("n" + std::to_string(++number) + "@example.com");
    if (!said.empty()) return said;
  }
  return "";
}

// What `work` answers in a forked child.
int in_child(const std::function<int()>& work) {
  pid_t child = fork();
  if (child == 0) {
    int answer = 99;
    try {
      answer = work();
    } catch (...) {
    }
    _exit(answer);
  }
  int state = 0;
  REQUIRE(waitpid(child, &state, 0) == child);
  REQUIRE(WIFEXITED(state));
  return WEXITSTATUS(state);
}

bool lock_is_held(const std::string& path) {
  return in_child([&] {
           int file = open(path.c_str(), O_RDWR);
           struct flock lock = {};
           lock.l_type = F_WRLCK;
           lock.l_whence = SEEK_SET;
           lock.l_start = 0x40000002;
           lock.l_len = 510;
           return fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK ? 1 : 0;
         }) == 1;
}

}  // namespace

TEST_CASE("two handles on one file in one process are fine", "[guard]") {
  Folder folder;
  Handle a(folder / "a.kith");
  Handle b(folder / "a.kith");
  std::filesystem::create_symlink(folder / "a.kith", folder / "link.kith");
  Handle c(folder / "link.kith");
  for (int i = 0; i < 600; ++i) {
    Handle& db = i % 3 == 0 ? a : i % 3 == 1 ? b : c;
    REQUIRE(db.put("a" + std::to_string(i) + "@example.com") == "");
  }
  b.close();
  CHECK(a.put("after@example.com") == "");
  CHECK(c.count() == 601);
  CHECK(lock_is_held(folder / "a.kith"));
}

TEST_CASE("many threads may open one new file at once", "[guard][threads]") {
  Folder folder;
  for (int round = 0; round < 10; ++round) {
    std::string path = folder / ("a" + std::to_string(round) + ".kith");
    std::string said[4];
    std::vector<std::thread> threads;
    for (std::string& text : said) {
      threads.emplace_back([&path, &text] {
        Handle db(path);
        text = db.failure();
        if (text.empty()) text = db.put(std::to_string(reinterpret_cast<std::uintptr_t>(&text)) + "@example.com");
      });
    }
    for (std::thread& thread : threads) thread.join();
    for (const std::string& text : said) CHECK(text == "");
  }
}

TEST_CASE("another SQLite that opens a live file is noticed", "[guard]") {
  ForeignSqlite foreign;
  if (!foreign.is_there()) {
    WARN("no second SQLite on this machine");
    return;
  }
  Folder folder;
  Handle db(folder / "a.kith", KITH_OPEN_NORMAL_SYNC);
  REQUIRE(db.put("ada@example.com") == "");
  foreign.open(folder / "a.kith");
  REQUIRE(foreign.run("SELECT * FROM lead"));
  SECTION("within 256 writes") { CHECK_THAT(first_refusal(db, 257), StartsWith("FOREIGN_SQLITE path: ")); }
  SECTION("within a second") {
    std::this_thread::sleep_for(std::chrono::milliseconds(1010));
    CHECK_THAT(first_refusal(db, 1), StartsWith("FOREIGN_SQLITE path: "));
  }
  SECTION("when the host begins a transaction") {
    std::this_thread::sleep_for(std::chrono::milliseconds(1010));
    CHECK_THAT(db.begin(), StartsWith("FOREIGN_SQLITE"));
  }
  SECTION("by a handle that is opened then") {
    CHECK_THAT(Handle(folder / "a.kith").failure(), StartsWith("FOREIGN_SQLITE"));
    first_refusal(db, 257);
  }
  foreign.close();
  // It may have taken the locks with it: the handle writes no more.
  CHECK_THAT(first_refusal(db, 1), StartsWith("FOREIGN_SQLITE"));
  CHECK(db.count() >= 1);
}

TEST_CASE("through a symbolic link the same is noticed as without it", "[guard]") {
  Folder folder;
  std::filesystem::create_directory(folder / "links");
  {
    Handle made(folder / "a.kith");
    REQUIRE(made.failure() == "");
  }
  std::filesystem::create_symlink(folder / "a.kith", folder / "links/b.kith");
  Handle db(folder / "links/b.kith", KITH_OPEN_NORMAL_SYNC);
  REQUIRE(db.put("ada@example.com") == "");
  kith_rows* facts = nullptr;
  REQUIRE(kith_info(db, &facts, nullptr) == KITH_OK);
  std::int32_t column = kith_rows_column(facts, "wal_bytes");
  CHECK(kith_rows_integer(facts, 0, column) > 0);
  kith_rows_free(facts);
  SECTION("a log that is removed") {
    std::filesystem::remove(folder / "a.kith-wal");
    CHECK_THAT(db.put("bob@example.com"), StartsWith("IO path: "));
  }
  SECTION("another SQLite") {
    ForeignSqlite foreign;
    if (!foreign.is_there()) return;
    foreign.open(folder / "a.kith");
    REQUIRE(foreign.run("SELECT * FROM lead"));
    CHECK_THAT(first_refusal(db, 257), StartsWith("FOREIGN_SQLITE path: "));
    foreign.close();
  }
}

TEST_CASE("a file that another SQLite has open is not opened, and keeps its locks", "[guard]") {
  ForeignSqlite foreign;
  if (!foreign.is_there()) {
    WARN("no second SQLite on this machine");
    return;
  }
  Folder folder;
  REQUIRE(Handle(folder / "a.kith").put("ada@example.com") == "");
  foreign.open(folder / "a.kith");
  REQUIRE(foreign.run("SELECT * FROM lead"));
  REQUIRE(lock_is_held(folder / "a.kith"));
  CHECK_THAT(Handle(folder / "a.kith").failure(), StartsWith("FOREIGN_SQLITE"));
  CHECK(lock_is_held(folder / "a.kith"));
  CHECK(foreign.run("INSERT INTO setting VALUES ('x', 'y')"));
  foreign.close();
  CHECK(Handle(folder / "a.kith").put("bob@example.com") == "");
}

TEST_CASE("another SQLite that opened and closed a live file is noticed at the next write", "[guard]") {
  ForeignSqlite foreign;
  if (!foreign.is_there()) {
    WARN("no second SQLite on this machine");
    return;
  }
  Folder folder;
  Handle db(folder / "a.kith");
  REQUIRE(db.put("ada@example.com") == "");
  foreign.open(folder / "a.kith");
  REQUIRE(foreign.run("SELECT * FROM lead"));
  foreign.close();
  CHECK_THAT(first_refusal(db, 1), StartsWith("FOREIGN_SQLITE"));
}

TEST_CASE("a live file that was read and closed by other means is noticed", "[guard]") {
  Folder folder;
  Handle db(folder / "a.kith", KITH_OPEN_NORMAL_SYNC);
  REQUIRE(db.put("ada@example.com") == "");
  REQUIRE(lock_is_held(folder / "a.kith"));
  CHECK(bytes_of(folder / "a.kith").size() > 0);
  REQUIRE_FALSE(lock_is_held(folder / "a.kith"));
  CHECK_THAT(first_refusal(db, 257), StartsWith("FOREIGN_SQLITE"));
}

TEST_CASE("a file that is renamed, removed or replaced is not written any more", "[guard]") {
  Folder folder;
  std::string path = folder / "a.kith";
  std::string other = folder / "b.kith";
  REQUIRE(Handle(other).put("other@example.com") == "");
  Handle db(path);
  REQUIRE(db.put("ada@example.com") == "");
  SECTION("renamed") {
    std::filesystem::rename(path, folder / "c.kith");
    CHECK_THAT(first_refusal(db, 1), StartsWith("IO path: "));
    std::filesystem::rename(folder / "c.kith", path);
    CHECK(first_refusal(db, 1) == "");
  }
  SECTION("removed") {
    std::filesystem::remove(path);
    CHECK_THAT(first_refusal(db, 1), StartsWith("IO path: "));
    CHECK_THAT(db.begin(), StartsWith("IO path: "));
    CHECK_THAT(db.compact(), StartsWith("IO path: "));
  }
  SECTION("replaced") {
    std::filesystem::rename(other, path);
    CHECK_THAT(first_refusal(db, 1), StartsWith("IO path: "));
  }
  SECTION("without its log") {
    std::filesystem::remove(path + "-wal");
    CHECK_THAT(first_refusal(db, 1), StartsWith("IO path: "));
  }
  CHECK(db.count() >= 1);
}

TEST_CASE("a handle that came through a fork", "[guard]") {
  Folder folder;
  std::string path = folder / "a.kith";
  Handle db(path);
  REQUIRE(db.put("ada@example.com") == "");
  auto begins = [](const std::string& text, const char* with) { return text.rfind(with, 0) == 0; };

  SECTION("is misuse, and so is opening the file beside it") {
    CHECK(in_child([&] {
            if (!begins(db.put("bob@example.com"), "MISUSE")) return 1;
            if (!begins(db.one("SELECT 1"), "MISUSE")) return 2;
            if (!begins(db.begin(), "MISUSE")) return 3;
            if (!begins(db.commit(), "MISUSE")) return 4;
            kith_rollback(db);
            kith_cancel(db);
            if (!begins(Handle(path).failure(), "MISUSE")) return 5;
            return 0;
          }) == 0);
  }
  SECTION("is let go of by closing it, and the parent keeps its locks") {
    CHECK(in_child([&] {
            db.close();
            if (!lock_is_held(path)) return 1;
            Handle own(path);
            if (!own.failure().empty()) return 2;
            if (!own.put("child@example.com").empty()) return 3;
            return own.count() == 2 ? 0 : 4;
          }) == 0);
    CHECK(lock_is_held(path));
    CHECK(db.count() == 2);
  }
  SECTION("in the middle of a transaction is left alone") {
    REQUIRE(db.begin() == "");
    REQUIRE(db.put("bob@example.com") == "");
    CHECK(in_child([&] {
            db.close();
            return begins(Handle(path).failure(), "MISUSE") ? 0 : 1;
          }) == 0);
    CHECK(db.put("cy@example.com") == "");
    CHECK(db.commit() == "");
    CHECK(db.count() == 3);
  }
  CHECK(db.put("zoe@example.com") == "");
  CHECK(db.check().empty());
}

TEST_CASE("a live file is no CSV", "[guard]") {
  Folder folder;
  Handle db(folder / "a.kith");
  REQUIRE(db.put("ada@example.com") == "");
  for (const char* part : {"a.kith", "a.kith-wal", "a.kith-shm"}) {
    kith_csv* csv = nullptr;
    CHECK(kith_csv_open((folder / part).c_str(), nullptr, 0, &csv, nullptr) == KITH_REFUSED);
  }
  CHECK(lock_is_held(folder / "a.kith"));
}
