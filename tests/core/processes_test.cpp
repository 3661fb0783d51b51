// Several processes on one file: who waits for whom and for how long, what a reader sees, and what a process that is
// killed in the middle of its work leaves behind.
#include <catch2/catch.hpp>

#include <fcntl.h>

#include <chrono>
#include <filesystem>
#include <memory>

#include "support/child.h"
#include "support/folder.h"
#include "support/handle.h"
#include "support/marked.h"

using namespace kith::test;
using Catch::Matchers::StartsWith;
using Clock = std::chrono::steady_clock;

namespace {

using Lines = std::vector<std::string>;

std::int64_t ms_since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start).count();
}

// A child that holds the file in a transaction with one lead more, until it is told to end.
std::unique_ptr<Child> writer_of(const std::string& path) {
  auto child = std::make_unique<Child>([&path](Child& parent) {
    Handle db(path);
    if (!db.begin().empty() || !db.put("child@example.com").empty()) return 1;
    parent.tell('h');
    parent.hear();
    return db.commit().empty() ? 0 : 2;
  });
  REQUIRE(child->hear() == 'h');
  return child;
}

std::string made(const Folder& folder) {
  std::string path = folder / "a.kith";
  Handle db(path);
  make_definitions(db);
  REQUIRE(db.put("ada@example.com").empty());
  return path;
}

std::string assign_all(Handle& db) {
  kith_query all = {};
  all.size = sizeof all;
  std::int64_t changed = -1;
  kith_error* error = nullptr;
  kith_assign_where(db, &all, "VIP", nullptr, 0, &changed, &error);
  if (error != nullptr) CHECK(changed == 0);
  return said(error);
}
std::string run(Handle& db) {
  std::int64_t done = -1;
  std::int64_t next = -1;
  kith_error* error = nullptr;
  kith_run(db, 0, &done, &next, &error);
  if (error != nullptr) CHECK((done == 0 && next == 0));
  return said(error);
}

}  // namespace

TEST_CASE("a writer waits for another as long as it was told, and then has done nothing", "[processes]") {
  Folder folder;
  std::string path = made(folder);
  auto child = writer_of(path);
  SECTION("300 ms") {
    Handle db(path, 0, 300);
    auto start = Clock::now();
    CHECK_THAT(db.put("bob@example.com"), StartsWith("BUSY "));
    CHECK(ms_since(start) >= 250);
    CHECK(ms_since(start) < 3000);
    CHECK(db.count() == 1);
  }
  SECTION("not at all") {
    Handle db(path, 0, -1);
    auto start = Clock::now();
    CHECK_THAT(db.put("bob@example.com"), StartsWith("BUSY "));
    CHECK_THAT(db.begin(), StartsWith("BUSY "));
    CHECK_THAT(db.commit(), StartsWith("MISUSE "));  // it never began
    CHECK_THAT(assign_all(db), StartsWith("BUSY "));
    CHECK_THAT(run(db), StartsWith("BUSY "));
    CHECK_THAT(db.compact(), StartsWith("BUSY "));
    CHECK_THAT(db.check(true).at(0), StartsWith("BUSY "));
    CHECK(ms_since(start) < 1500);
    CHECK(db.check().empty());
    CHECK(db.one("SELECT COUNT(*) FROM lead_tag") == "0");
    CHECK(db.one("SELECT COUNT(*) FROM event") == db.one("SELECT value FROM counter WHERE name = 'event'"));
  }
  SECTION("until the other one is done") {
    Handle db(path, 0, 20'000);
    child->tell('e');
    CHECK(db.put("bob@example.com").empty());
    CHECK(child->end() == 0);
    CHECK(db.count() == 3);
  }
}

TEST_CASE("a handle that could not write can write when the other one is done", "[processes]") {
  Folder folder;
  std::string path = made(folder);
  auto child = writer_of(path);
  Handle db(path, 0, -1);
  CHECK_THAT(db.put("bob@example.com"), StartsWith("BUSY "));
  child->tell('e');
  REQUIRE(child->end() == 0);
  CHECK(db.put("bob@example.com").empty());
  CHECK(db.sql("SELECT id, email FROM lead ORDER BY id") == Lines{"1|ada@example.com", "2|child@example.com", "3|bob@example.com"});
  CHECK(db.check().empty());
}

TEST_CASE("readers wait for no writer, and see what was committed", "[processes]") {
  Folder folder;
  std::string path = made(folder);
  auto child = writer_of(path);
  std::uint32_t flags = GENERATE(0U, static_cast<unsigned>(KITH_OPEN_READ_ONLY));
  auto start = Clock::now();
  Handle db(path, flags, -1);
  REQUIRE(db.failure().empty());
  CHECK(db.count() == 1);
  kith_rows* rows = nullptr;
  OK(kith_find(db, "lead", nullptr, &rows, err));
  CHECK(texts_of(rows).size() == 1);
  OK(kith_get(db, "lead", "child@example.com", &rows, err));
  CHECK(texts_of(rows).empty());
  OK(kith_timeline(db, "ada@example.com", nullptr, &rows, err));
  CHECK(texts_of(rows).size() == 1);
  CHECK(db.check().empty());
  CHECK(db.backup(folder / "b.kith").empty());
  CHECK(ms_since(start) < 3000);
  child->tell('e');
  REQUIRE(child->end() == 0);
  CHECK(db.count() == 2);
  CHECK(Handle(folder / "b.kith", KITH_OPEN_READ_ONLY).count() == 1);
}

TEST_CASE("a reader's transaction sees one state while another process writes", "[processes]") {
  Folder folder;
  std::string path = made(folder);
  Child child([&path](Child& parent) {
    Handle db(path);
    for (int i = 0; parent.hear() == 'n'; ++i) {
      if (!db.put("n" + std::to_string(i) + "@example.com").empty()) return 1;
      parent.tell('d');
    }
    return 0;
  });
  auto one_more = [&] {
    child.tell('n');
    REQUIRE(child.hear() == 'd');
  };
  Handle db(path, KITH_OPEN_READ_ONLY);
  REQUIRE(db.begin().empty());
  CHECK(db.count() == 1);
  one_more();
  CHECK(db.count() == 1);
  CHECK_THAT(db.put("bob@example.com"), StartsWith("READ_ONLY "));
  CHECK_THAT(db.compact(), StartsWith("MISUSE "));
  one_more();
  CHECK(db.count() == 1);
  REQUIRE(db.commit().empty());
  CHECK(db.count() == 3);
  one_more();
  CHECK(db.count() == 4);
  child.tell('e');
  CHECK(child.end() == 0);
  CHECK(db.check().empty());
}

TEST_CASE("processes that open one new file at once make it once", "[processes]") {
  Folder folder;
  for (int round = 0; round < 25; ++round) {
    std::string path = folder / ("a" + std::to_string(round) + ".kith");
    std::vector<std::unique_ptr<Child>> children;
    for (int number = 0; number < 4; ++number) {
      children.push_back(std::make_unique<Child>([&path, number](Child& parent) {
        parent.hear();
        Handle db(path, KITH_OPEN_NORMAL_SYNC, 20'000);
        if (!db.failure().empty()) return 1;
        return db.put("p" + std::to_string(number) + "@example.com").empty() ? 0 : 2;
      }));
    }
    for (auto& child : children) child->tell('g');
    for (auto& child : children) CHECK(child->end() == 0);
    CHECK(Handle(path).count() == 4);
  }
}

// A transaction takes its turn when it begins, so none between processes loses a race later on.
TEST_CASE("processes that write at once lose nothing, and none is told to retry", "[processes]") {
  Folder folder;
  std::string path = made(folder);
  constexpr int count = 60;
  std::vector<std::unique_ptr<Child>> children;
  for (int number = 0; number < 3; ++number) {
    children.push_back(std::make_unique<Child>([&path, number](Child& parent) {
      Handle db(path, KITH_OPEN_NORMAL_SYNC, 60'000);
      parent.hear();
      for (int i = 0; i < count; ++i) {
        if (i % 3 == 0 && !db.begin().empty()) return 1;
        if (db.count() < i) return 2;
        if (!db.put("p" + std::to_string(number) + "n" + std::to_string(i) + "@example.com").empty()) return 3;
        if (i % 3 == 2 && !db.commit().empty()) return 4;
      }
      return db.one("SELECT COUNT(*) FROM lead WHERE email LIKE 'p" + std::to_string(number) + "n%'") == std::to_string(count) ? 0 : 5;
    }));
  }
  for (auto& child : children) child->tell('g');
  for (auto& child : children) CHECK(child->end() == 0);
  Handle db(path);
  CHECK(db.count() == 3 * count + 1);
  CHECK(db.one("SELECT COUNT(DISTINCT id) || ' ' || MAX(id) FROM lead") == "181 181");
  CHECK(db.one("SELECT COUNT(*) FROM event WHERE kind_id = 1") == "181");
  CHECK(db.check().empty());
}

TEST_CASE("a process killed in its transaction leaves the file as it was", "[processes]") {
  Folder folder;
  std::string path = made(folder);
  bool large = GENERATE(false, true);  // large: more than the cache holds, so pages of it are in the log already
  Child child([&path, large](Child& parent) {
    Handle db(path);
    if (!db.begin().empty() || !db.put("child@example.com").empty()) return 1;
    if (large) {
      std::string text(3000, 'x');
      std::vector<std::string> emails;
      for (int i = 0; i < 20'000; ++i) emails.push_back("l" + std::to_string(i) + "@example.com");
      std::vector<kith_field> fields;
      for (const std::string& email : emails) {
        fields.push_back(kith_text("email", email.c_str()));
        fields.push_back(kith_text("custom_text", text.c_str()));
      }
      if (kith_put_many(db, "lead", fields.data(), 2, emails.size(), 0, nullptr, 0, nullptr, nullptr) != KITH_OK) return 2;
      kith_query all = {};
      all.size = sizeof all;
      if (kith_assign_where(db, &all, "VIP", nullptr, 0, nullptr, nullptr) != KITH_OK) return 3;
    }
    parent.tell('h');
    parent.hear();
    return 0;
  });
  REQUIRE(child.hear() == 'h');
  std::int64_t log = static_cast<std::int64_t>(std::filesystem::file_size(path + "-wal"));
  if (large) CHECK(log > 1'000'000);
  child.kill();
  Handle db(path, 0, -1);  // nobody holds it any more
  CHECK(db.count() == 1);
  CHECK(db.check().empty());
  CHECK(db.put("child@example.com").empty());
  CHECK(db.sql("SELECT id, email FROM lead ORDER BY id") == Lines{"1|ada@example.com", "2|child@example.com"});
  CHECK(db.one("SELECT COUNT(*) FROM lead_tag") == "0");
  CHECK(db.check().empty());
}

TEST_CASE("locks that come and go elsewhere hide none of ours", "[processes]") {
  Folder folder;
  std::vector<std::unique_ptr<Child>> others;
  for (int child = 0; child < 2; ++child) {
    others.push_back(std::make_unique<Child>([&](Child&) {
      std::vector<int> files;
      for (int i = 0; i < 60; ++i) files.push_back(open((folder / (std::to_string(child) + "-" + std::to_string(i))).c_str(), O_RDWR | O_CREAT, 0600));
      for (std::uint32_t random = 1;; random = random * 1103515245U + 12345U) {
        struct flock lock = {};
        lock.l_type = (random >> 8) % 2 == 0 ? F_UNLCK : F_WRLCK;
        lock.l_len = 1;
        fcntl(files[(random >> 16) % files.size()], F_SETLK, &lock);
      }
      return 0;
    }));
  }
  std::string path = made(folder);
  std::string failed;
  for (int i = 0; i < 300 && failed.empty(); ++i) {
    Handle db(path);
    failed = db.begin();  // the first write looks whether the lock is there
  }
  CHECK(failed == "");
}
