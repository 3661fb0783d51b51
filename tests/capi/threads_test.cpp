// One handle in several threads, several handles on one file, cancelling and sharing rows: what rule 4 of kith.h
// promises. Each thread keeps what it saw; only the main one judges, for Catch2's checks are not for threads.
#include <catch2/catch.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "support/folder.h"
#include "support/handle.h"

using kith::test::Folder;
using kith::test::Handle;
using kith::test::said;
using kith::test::texts_of;

namespace {

constexpr int threads = 4;

// Runs `work(number)` in every thread; answers what each said, "" for one that has nothing to complain of.
std::vector<std::string> in_threads(int count, const std::function<std::string(int)>& work) {
  std::vector<std::string> all(static_cast<std::size_t>(count));
  std::vector<std::thread> running;
  for (int number = 0; number < count; ++number) {
    running.emplace_back([&all, &work, number] { all[static_cast<std::size_t>(number)] = work(number); });
  }
  for (std::thread& thread : running) thread.join();
  return all;
}

std::string address(int thread, int number) {
  return "t" + std::to_string(thread) + "n" + std::to_string(number) + "@example.com";
}

}  // namespace

TEST_CASE("threads on one handle take turns, and nothing is lost", "[threads]") {
  Folder folder;
  Handle db(folder / "a.kith", KITH_OPEN_NORMAL_SYNC);
  kith_field tag = kith_text("name", "VIP");
  REQUIRE(kith_put(db, "tag", &tag, 1, nullptr, 0, nullptr, nullptr, nullptr) == KITH_OK);
  constexpr int each = 40;
  std::vector<std::string> all = in_threads(threads, [&](int thread) {
    for (int i = 0; i < each; ++i) {
      std::string who = address(thread, i);
      kith_error* error = nullptr;
      if (std::string wrong = db.put(who); !wrong.empty()) return wrong;
      if (kith_assign(db, who.c_str(), "VIP", nullptr, 0, nullptr, &error) != KITH_OK) return said(error);
      if (kith_record(db, who.c_str(), "shop.seen", "{\"n\":1}", nullptr, 0, nullptr, &error) != KITH_OK) return said(error);
      kith_rows* rows = nullptr;
      if (kith_get(db, "lead", who.c_str(), &rows, &error) != KITH_OK) return said(error);
      if (texts_of(rows).size() != 1) return "lost " + who;
      if (kith_timeline(db, who.c_str(), nullptr, &rows, &error) != KITH_OK) return said(error);
      if (texts_of(rows).size() != 3) return "another log for " + who;
    }
    return std::string();
  });
  for (const std::string& one : all) CHECK(one == "");
  CHECK(db.count() == threads * each);
  CHECK(db.one("SELECT COUNT(*) FROM event WHERE lead_id <> 0") == std::to_string(threads * each * 3));
  CHECK(db.check().empty());
}

TEST_CASE("each failure reaches the thread that made it", "[threads]") {
  Folder folder;
  Handle db(folder / "a.kith", KITH_OPEN_NORMAL_SYNC);
  std::vector<std::string> all = in_threads(threads, [&](int thread) {
    for (int i = 0; i < 200; ++i) {
      std::string name = "nobody" + std::to_string(thread);
      kith_error* error = nullptr;
      if (kith_assign(db, (name + "@example.com").c_str(), "VIP", nullptr, 0, nullptr, &error) != KITH_NOT_FOUND) return "status: " + said(error);
      std::string text = said(error);
      if (text.find(name) == std::string::npos) return "another's error: " + text;
    }
    return std::string();
  });
  for (const std::string& one : all) CHECK(one == "");
}

TEST_CASE("handles of their own on one file work side by side", "[threads]") {
  Folder folder;
  std::string path = folder / "a.kith";
  Handle first(path, KITH_OPEN_NORMAL_SYNC);
  constexpr int each = 25;
  std::vector<std::string> all = in_threads(threads, [&](int thread) {
    Handle db(path, KITH_OPEN_NORMAL_SYNC, 20000);
    if (!db.failure().empty()) return db.failure();
    for (int i = 0; i < each; ++i) {
      if (std::string wrong = db.begin(); !wrong.empty()) return wrong;
      for (int part = 0; part < 2; ++part) {
        if (std::string wrong = db.put(address(thread, 2 * i + part)); !wrong.empty()) return wrong;
      }
      if (std::string wrong = db.commit(); !wrong.empty()) return wrong;
      if (db.count() % 2 != 0) return std::string("half of a transaction was seen");
    }
    return std::string();
  });
  for (const std::string& one : all) CHECK(one == "");
  CHECK(first.count() == threads * each * 2);
  CHECK(first.check().empty());
}

TEST_CASE("rows are read by several threads while the handle goes on, and after it is closed", "[threads]") {
  Folder folder;
  Handle db(folder / "a.kith", KITH_OPEN_NORMAL_SYNC);
  for (int i = 0; i < 50; ++i) REQUIRE(db.put(address(0, i)) == "");
  kith_rows* rows = nullptr;
  REQUIRE(kith_find(db, "lead", nullptr, &rows, nullptr) == KITH_OK);
  REQUIRE(kith_rows_count(rows) == 50);
  std::int32_t email = kith_rows_column(rows, "email");
  std::vector<std::string> all = in_threads(threads, [&](int thread) {
    if (thread == 0) {
      for (int i = 0; i < 20; ++i) {
        if (std::string wrong = db.put(address(1, i)); !wrong.empty()) return wrong;
      }
      db.close();
      return std::string();
    }
    for (int round = 0; round < 100; ++round) {
      for (int i = 0; i < 50; ++i) {
        if (kith_rows_text(rows, i, email) != address(0, i)) return std::string("a row changed");
      }
    }
    return std::string();
  });
  for (const std::string& one : all) CHECK(one == "");
  kith_rows_free(rows);
}

TEST_CASE("a call is cancelled from another thread, and the next one is not", "[threads]") {
  Folder folder;
  Handle db(folder / "a.kith", KITH_OPEN_NORMAL_SYNC);
  REQUIRE(db.put("ada@example.com") == "");
  std::atomic<bool> over = false;
  std::thread canceller([&] {
    while (!over) {
      kith_cancel(db);
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  });
  std::string endless = db.one("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n");
  over = true;
  canceller.join();
  CHECK(endless.rfind("CANCELLED", 0) == 0);
  CHECK(db.count() == 1);
}

TEST_CASE("runs and erasures beside another thread's transactions do their work or leave it pending", "[threads]") {
  Folder folder;
  Handle db(folder / "a.kith", KITH_OPEN_NORMAL_SYNC);
  constexpr int each = 60;
  for (int i = 0; i < each; ++i) REQUIRE(db.put(address(0, i)) == "");
  std::vector<std::string> all = in_threads(3, [&](int thread) {
    for (int i = 0; i < each; ++i) {
      kith_error* error = nullptr;
      if (thread == 0) {
        if (kith_erase(db, address(0, i).c_str(), nullptr, 0, nullptr, nullptr, &error) != KITH_OK) return "erase: " + said(error);
      } else if (thread == 1) {
        if (kith_run(db, 0, nullptr, nullptr, &error) != KITH_OK) return "run: " + said(error);
      } else {
        if (std::string wrong = db.begin(); !wrong.empty()) return wrong;
        if (std::string wrong = db.put(address(2, i)); !wrong.empty()) return wrong;
        if (std::string wrong = db.commit(); !wrong.empty()) return wrong;
      }
    }
    return std::string();
  });
  for (const std::string& one : all) CHECK(one == "");
  CHECK(db.count() == each);
  std::int64_t next = -1;
  CHECK(kith_run(db, 0, nullptr, &next, nullptr) == KITH_OK);
  CHECK(next == 0);
}
