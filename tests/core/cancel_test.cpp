// kith_cancel from another thread while a call runs: it ends soon, with CANCELLED and nothing changed, and the next call
// is not touched.
#include <catch2/catch.hpp>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <thread>

#include "support/folder.h"
#include "support/handle.h"
#include "support/marked.h"

using namespace kith::test;
using Catch::Matchers::StartsWith;

namespace {

constexpr int leads = 30'000;

struct Crowd {
  Folder folder;
  Handle db{folder / "a.kith", KITH_OPEN_NORMAL_SYNC};
  std::vector<std::string> emails;
  std::vector<kith_field> fields;

  Crowd() {
    make_definitions(db);
    fill("l");
    OK(kith_put_many(db, "lead", fields.data(), 2, emails.size(), 0, nullptr, 0, nullptr, err));
  }
  void fill(const std::string& prefix) {
    emails.clear();
    fields.clear();
    for (int i = 0; i < leads; ++i) emails.push_back(prefix + std::to_string(i) + "@example.com");
    for (const std::string& email : emails) {
      fields.push_back(kith_text("email", email.c_str()));
      fields.push_back(kith_text("first_name", email.c_str()));
    }
  }
  std::string state() {
    return db.one("SELECT (SELECT COUNT(*) FROM lead) || ' ' || (SELECT COUNT(*) FROM event) || ' ' || (SELECT COUNT(*) FROM lead_tag) || ' ' || "
                  "(SELECT COUNT(*) FROM subscription) || ' ' || (SELECT MAX(value) FROM counter)");
  }
};

using Call = std::function<kith_status(kith_error** err)>;

// What the call says when it is cancelled over and over, from `after` on.
std::string cancelled(kith_db* db, std::chrono::microseconds after, const Call& call) {
  std::atomic<bool> runs = true;
  std::thread canceller([&] {
    std::this_thread::sleep_for(after);
    while (runs) {
      kith_cancel(db);
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  });
  kith_error* error = nullptr;
  kith_status status = call(&error);
  runs = false;
  canceller.join();
  if (status == KITH_OK) return "OK";
  return said(error);
}

}  // namespace

TEST_CASE("cancelling ends long calls, which then have changed nothing", "[cancel][threads]") {
  Crowd crowd;
  crowd.fill("m");
  Handle& db = crowd.db;
  kith_query all = {};
  all.size = sizeof all;
  kith_query slow = all;
  slow.limit = -1;
  slow.where = "first_name contains '99' or last_name contains 'x'";
  kith_rows* rows = reinterpret_cast<kith_rows*>(1);
  std::int64_t changed = -1;
  std::string backup = crowd.folder / "b.kith";
  std::vector<std::pair<const char*, Call>> calls = {
      {"sql", [&](kith_error** err) {
         return kith_sql(db, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT MAX(i) FROM n", nullptr, 0, &rows, err);
       }},
      {"put_many", [&](kith_error** err) { return kith_put_many(db, "lead", crowd.fields.data(), 2, crowd.emails.size(), 0, nullptr, 0, &rows, err); }},
      {"find", [&](kith_error** err) { return kith_find(db, "lead", &slow, &rows, err); }},
      {"assign_where", [&](kith_error** err) { return kith_assign_where(db, &all, "VIP", nullptr, 0, &changed, err); }},
      {"subscribe_where", [&](kith_error** err) { return kith_subscribe_where(db, &all, "News", nullptr, 0, &changed, err); }},
      {"check", [&](kith_error** err) { return kith_check(db, 0, &rows, err); }},
      {"repair", [&](kith_error** err) { return kith_check(db, 1, &rows, err); }},
      {"backup", [&](kith_error** err) { return kith_backup(db, backup.c_str(), err); }},
      {"compact", [&](kith_error** err) { return kith_compact(db, err); }},
      {"search", [&](kith_error** err) { return kith_search(db, "l1", 0, &rows, err); }},
  };
  std::string before = crowd.state();
  for (const auto& [name, call] : calls) {
    INFO(name);
    // A machine that has much to do may let the call end before anybody cancels it: then once more.
    int times = 0;
    for (int attempt = 0; attempt < 60 && times < 2; ++attempt) {
      int after = attempt == 1 ? 3000 : 0;
      INFO("after " << after << " us");
      rows = nullptr;
      changed = -1;
      auto start = std::chrono::steady_clock::now();
      std::string said = cancelled(db, std::chrono::microseconds(after), call);
      if (said == "OK") {
        kith_rows_free(rows);
        std::filesystem::remove(backup);
        before = crowd.state();
        continue;
      }
      CHECK_THAT(said, StartsWith("CANCELLED "));
      CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(10));
      CHECK(rows == nullptr);
      CHECK(changed <= 0);
      CHECK_FALSE(std::filesystem::exists(backup));
      CHECK(crowd.state() == before);  // this call is not cancelled
      ++times;
    }
    CHECK(times > 0);
  }
  CHECK(db.check().empty());
  CHECK(db.put("last@example.com") == "");
}

// Whoever is stopped inside an extension of SQLite, as while it reads how the search index is made, says so by no code.
TEST_CASE("a search that is cancelled while its index is opened says so", "[cancel][search][threads]") {
  Folder folder;
  std::string path = folder / "a.kith";
  kith_rows* rows = nullptr;
  {
    Handle db(path);
    REQUIRE(db.put("ada@example.com") == "");
    REQUIRE(kith_search(db, "ada", 0, &rows, nullptr) == KITH_OK);
    kith_rows_free(rows);
  }
  int stopped = 0;
  for (int attempt = 0; attempt < 400; ++attempt) {
    Handle db(path);
    std::atomic<bool> runs = true;
    std::thread canceller([&] {
      while (runs) kith_cancel(db);
    });
    kith_error* error = nullptr;
    kith_status status = kith_search(db, "ada", 0, &rows, &error);
    runs = false;
    canceller.join();
    if (status == KITH_OK) {
      kith_rows_free(rows);
      continue;
    }
    ++stopped;
    std::string why = said(error);
    if (!why.starts_with("CANCELLED ")) FAIL(why);
  }
  CHECK(stopped > 0);
}

TEST_CASE("cancelling when nothing runs does nothing", "[cancel]") {
  Handle db("", KITH_OPEN_MEMORY);
  kith_cancel(db);
  kith_cancel(nullptr);
  CHECK(db.put("ada@example.com") == "");
  CHECK(db.begin() == "");
  kith_cancel(db);
  CHECK(db.put("bob@example.com") == "");
  CHECK(db.commit() == "");
  CHECK(db.count() == 2);
}

TEST_CASE("a verb cancelled inside a transaction leaves the others' work, or undoes it all and says so", "[cancel][threads]") {
  Crowd crowd;
  Handle& db = crowd.db;
  kith_query all = {};
  all.size = sizeof all;
  std::string before = crowd.state();
  REQUIRE(db.begin() == "");
  REQUIRE(db.put("first@example.com") == "");
  CHECK_THAT(cancelled(db, std::chrono::microseconds(2000), [&](kith_error** err) { return kith_assign_where(db, &all, "VIP", nullptr, 0, nullptr, err); }),
             StartsWith("CANCELLED "));
  std::string next = db.put("second@example.com");
  if (next.empty()) {
    CHECK(db.one("SELECT COUNT(*) FROM lead_tag") == "0");
    CHECK(db.commit() == "");
    CHECK(db.count() == leads + 2);
  } else {
    CHECK_THAT(next, StartsWith("RETRY "));
    CHECK_THAT(db.commit(), StartsWith("RETRY "));
    kith_rollback(db);
    CHECK(crowd.state() == before);
  }
  CHECK(db.check().empty());
}

TEST_CASE("waiting for another writer is cancelled like any work", "[cancel][threads]") {
  Folder folder;
  std::string path = folder / "a.kith";
  Handle writer(path);
  REQUIRE(writer.put("ada@example.com") == "");
  Handle db(path, 0, 60'000);
  REQUIRE(writer.begin() == "");
  REQUIRE(writer.put("bob@example.com") == "");
  for (bool of_transaction : {false, true}) {
    auto start = std::chrono::steady_clock::now();
    std::string said = cancelled(db, std::chrono::milliseconds(50), [&](kith_error** err) {
      kith_field field = kith_text("email", "cyd@example.com");
      return of_transaction ? kith_begin(db, err) : kith_put(db, "lead", &field, 1, nullptr, 0, nullptr, nullptr, err);
    });
    CHECK_THAT(said, StartsWith("CANCELLED "));
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
  }
  Handle hasty(path, 0, 100);
  CHECK_THAT(hasty.put("dan@example.com"), StartsWith("BUSY "));
  CHECK(writer.commit() == "");
  CHECK(db.put("cyd@example.com") == "");
  CHECK(db.count() == 3);
}
