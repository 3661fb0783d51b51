// Files of released schemas, kept in the tree: each opens for ever, with every row that it had. The newest one is held
// against what this version writes, as long as it may still be made anew.
#include "golden/story.h"

#include <catch2/catch.hpp>

#include "base/hash.h"
#include "support/folder.h"
#include "support/paths.h"
#include "support/raw.h"

using namespace kith::test;

namespace {

kith::Database opened(const std::string& path, std::int64_t& now, std::uint32_t flags = KITH_OPEN_EXISTING) {
  return kith::Database(path, {.flags = flags, .clock = [&now] { return now; }});
}

// All definitions of a file, in SQLite's own words.
std::string schema_hash(const std::string& path) {
  return kith::sha256_hex(Raw(path).one("SELECT group_concat(type || ' ' || name || ' ' || COALESCE(sql, ''), char(10)) FROM (SELECT * FROM sqlite_schema ORDER BY name)"));
}

// The first line that differs, for people.
std::string difference(const std::string& a, const std::string& b) {
  std::size_t line = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()) && a[i] == b[i]; ++i) {
    if (a[i] == '\n') line = i + 1;
  }
  return a == b ? "" : "is:  " + a.substr(line, a.find('\n', line) - line) + "\nand: " + b.substr(line, b.find('\n', line) - line);
}

}  // namespace

TEST_CASE("the golden file opens, with every row that it had", "[golden]") {
  Folder folder;
  std::string path = folder / "a.kith";
  std::string text = bytes_of(kith::test::path("golden/0001.txt"));
  REQUIRE(text.size() > 10'000);
  Story story;
  std::int64_t now = story.now;
  for (std::uint32_t flags : {KITH_OPEN_READ_ONLY, KITH_OPEN_EXISTING}) {
    write_bytes(path, bytes_of(kith::test::path("golden/0001.kith")));
    kith::Database db = opened(path, now, flags);
    CHECK(difference(Story::text_of(db), text) == "");
    CHECK(db.check().empty());
    CHECK(db.info()["schema"].integer() >= 1);
  }
}

TEST_CASE("the golden file is what this version makes of the same story", "[golden]") {
  Folder folder;
  Story story;
  {
    kith::Database db = opened(folder / "new.kith", story.now, 0);
    story.tell(db);
    CHECK(difference(Story::text_of(db), bytes_of(path("golden/0001.txt"))) == "");
    CHECK(db.check().empty());
  }
  write_bytes(folder / "golden.kith", bytes_of(path("golden/0001.kith")));
  CHECK(schema_hash(folder / "golden.kith") == schema_hash(folder / "new.kith"));
}

TEST_CASE("the golden file holds something of everything", "[golden]") {
  Folder folder;
  write_bytes(folder / "a.kith", bytes_of(path("golden/0001.kith")));
  std::int64_t now = 1'800'000'000'000;
  kith::Database db = opened(folder / "a.kith", now);
  auto number = [&](const std::string& sql) { return db.sql(sql)[0][0].integer(); };
  kith::Rows tables = db.sql("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name");
  std::string text = bytes_of(path("golden/0001.txt"));
  for (std::int64_t i = 0; i < tables.size(); ++i) {
    std::string name = tables[i][0].text();
    INFO(name);
    CHECK(number("SELECT COUNT(*) FROM " + name) > 0);
    if (!name.starts_with("lead_search")) CHECK(("\n" + text).find("\n== " + name + "\n") != std::string::npos);
  }
  kith::Rows events = db.schema("events");
  for (std::int64_t i = 0; i < events.size(); ++i) {
    INFO(events[i]["event"].text());
    CHECK(db.count("event", {.where = "kind = ?", .args = {events[i]["event"].text()}}) > 0);
  }
  for (const char* state : {"subscribed", "pending", "unsubscribed", "bounced", "complained"}) {
    INFO(state);
    CHECK(number(std::string("SELECT COUNT(*) FROM subscription WHERE state = '") + state + "'") > 0);
  }
  for (const char* state : {"merged", "removed", "erased"}) CHECK(number(std::string("SELECT COUNT(*) FROM lead_gone WHERE state = '") + state + "'") > 0);
}

TEST_CASE("the golden file goes on living", "[golden]") {
  Folder folder;
  write_bytes(folder / "a.kith", bytes_of(path("golden/0001.kith")));
  std::int64_t now = 1'700'000'000'000 + std::int64_t{400} * 86'400'000;
  kith::Database db = opened(folder / "a.kith", now);
  kith::Row ada = *db.get("lead", "ivy@example.com");  // whom she absorbed
  CHECK(ada["email"].text() == "Ada.Lovelace@example.com");
  CHECK(ada["city"].text() == "Malmö");
  CHECK(ada["a_text"].text() == "Ünïcode ✓");
  CHECK(ada["a_number"].real() == 2.5);
  CHECK_FALSE(db.get("lead", "fay@example.com"));
  CHECK(db.search("lovel", 5).size() == 1);
  CHECK(db.may_send("external:ada", "News")["allowed"].boolean());
  CHECK_FALSE(db.may_send("cy@example.com", "News")["allowed"].boolean());
  CHECK(db.put("lead", {{"email", "ada@work.example"}, {"city", "Lund"}}, {{"key", "first-again"}}).outcome == KITH_UPDATED);
  CHECK(db.record("external:ada", "shop.cart_left", R"({"items": 3})", {{"subject", "cart 7"}, {"key", "cart-7"}}) < 100);  // done before
  CHECK(db.run().done > 0);
  db.erase("external:ada");
  CHECK(db.check().empty());
}
