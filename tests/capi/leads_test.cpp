// What is done to leads through the C interface: who survives, keys, questions about some leads, search on a file that
// cannot be written.
#include <catch2/catch.hpp>

#include "support/folder.h"
#include "support/handle.h"
#include "support/marked.h"

using kith::test::Fields;
using kith::test::Folder;
using kith::test::Handle;
using kith::test::said;
using kith::test::texts_of;

namespace {

using Lines = std::vector<std::string>;

// "event" or what it failed with.
std::string merge(Handle& db, const char* lead, const char* other, const Fields& with = {}, std::int64_t* event = nullptr) {
  kith_error* error = nullptr;
  kith_merge(db, lead, other, with.data(), with.size(), event, &error);
  return said(error);
}
std::string survivors(Handle& db) {
  std::string all;
  for (const std::string& id : db.sql("SELECT id FROM lead ORDER BY id")) all += id + " ";
  return all;
}
Lines search(Handle& db, const char* text, std::int64_t limit = 0) {
  kith_rows* rows = nullptr;
  kith_error* error = nullptr;
  if (kith_search(db, text, limit, &rows, &error) != KITH_OK) return {said(error)};
  return texts_of(rows);
}

}  // namespace

TEST_CASE("no failure suggests somebody's address", "[capi][trap]") {
  Handle db("", KITH_OPEN_MEMORY);
  db.put("ada@example.com");
  kith_field tag = kith_text("name", "VIP");
  REQUIRE(kith_put(db, "tag", &tag, 1, nullptr, 0, nullptr, nullptr, nullptr) == KITH_OK);
  kith_field other[] = {kith_text("lead", "ada@example.com"), kith_text("email", "other@example.com")};
  REQUIRE(kith_put(db, "address", other, 2, nullptr, 0, nullptr, nullptr, nullptr) == KITH_OK);
  const char* near = "adda@example.com";
  kith_error* error = nullptr;
  auto silent = [&](kith_status status) {
    CHECK(status == KITH_NOT_FOUND);
    std::string text = kith_error_message(error);
    INFO(text);
    CHECK(text.find("ada@") == std::string::npos);
    CHECK(text.find("other@") == std::string::npos);
    CHECK(std::string(kith_error_nearest(error)).empty());
    kith_error_free(error);
    error = nullptr;
  };
  kith_field note[] = {kith_text("lead", near), kith_text("text", "a")};
  kith_rows* rows = nullptr;
  kith_query query = {};
  query.size = sizeof query;
  silent(kith_put(db, "note", note, 2, nullptr, 0, nullptr, nullptr, &error));
  silent(kith_assign(db, near, "VIP", nullptr, 0, nullptr, &error));
  silent(kith_record(db, near, "shop.bought", nullptr, nullptr, 0, nullptr, &error));
  silent(kith_merge(db, near, "ada@example.com", nullptr, 0, nullptr, &error));
  silent(kith_erase(db, near, nullptr, 0, nullptr, nullptr, &error));
  silent(kith_timeline(db, near, nullptr, &rows, &error));
  silent(kith_remove(db, "lead", near, nullptr, 0, nullptr, &error));
  silent(kith_remove(db, "address", "otter@example.com", nullptr, 0, nullptr, &error));
  query.where = "lead = 'adda@example.com'";
  for (const char* kind : {"assignment", "note", "event"}) silent(kith_find(db, kind, &query, &rows, &error));
  // What is nobody's own is.
  CHECK(kith_assign(db, "ada@example.com", "VPI", nullptr, 0, nullptr, &error) == KITH_NOT_FOUND);
  CHECK(std::string(kith_error_nearest(error)) == "VIP");
  kith_error_free(error);
}

TEST_CASE("the older lead survives a merge unless another is named", "[capi]") {
  Handle db("", KITH_OPEN_MEMORY);
  db.put("one@example.com");
  db.put("two@example.com");
  SECTION("older") { CHECK(merge(db, "two@example.com", "one@example.com").empty()); CHECK(survivors(db) == "1 "); }
  SECTION("lead") {
    CHECK(merge(db, "id:2", "id:1", Fields().text("survivor", "lead")).empty());
    CHECK(survivors(db) == "2 ");
  }
  SECTION("other") {
    CHECK(merge(db, "id:1", "id:2", Fields().text("survivor", "other")).empty());
    CHECK(survivors(db) == "2 ");
    CHECK(db.one("SELECT COUNT(*) FROM lead_key WHERE lead_id = 2") == "2");
  }
  SECTION("refused") {
    CHECK(merge(db, "id:1", "id:1").find("INVALID other") == 0);
    CHECK(merge(db, "id:1", "id:9").find("NOT_FOUND") == 0);
    CHECK(merge(db, "id:1", "id:2", Fields().text("survivor", "younger")).find("INVALID survivor") == 0);
    CHECK(merge(db, "id:1", "id:2", Fields().text("field", "newer")).find("INVALID field") == 0);
    CHECK(survivors(db) == "1 2 ");
  }
}

TEST_CASE("a merge and its undoing are done once under a key", "[capi]") {
  Handle db("", KITH_OPEN_MEMORY);
  for (const char* email : {"one@example.com", "two@example.com", "three@example.com"}) db.put(email);
  std::int64_t event = 0;
  std::int64_t again = 0;
  Fields key;
  key.text("key", "m1");
  CHECK(merge(db, "two@example.com", "one@example.com", key, &event).empty());
  CHECK(merge(db, "two@example.com", "one@example.com", key, &again).empty());
  CHECK(event > 0);
  CHECK(again == event);
  std::int64_t undone = 0;
  std::int64_t undone_again = 0;
  OK(kith_unmerge(db, event, key.data(), key.size(), &undone, err));
  OK(kith_unmerge(db, event, key.data(), key.size(), &undone_again, err));
  CHECK(undone_again == undone);
  CHECK(survivors(db) == "1 2 3 ");
  kith_error* error = nullptr;
  CHECK(kith_unmerge(db, event, nullptr, 0, &undone, &error) == KITH_NOT_FOUND);
  CHECK(undone == 0);
  CHECK(said(error).find("merge_event") != std::string::npos);
}

TEST_CASE("duplicates are asked for among some leads, in pages", "[capi]") {
  Handle db("", KITH_OPEN_MEMORY);
  for (int i = 1; i <= 4; ++i) {
    Fields lead;
    lead.text("email", "l" + std::to_string(i) + "@example.com").text("phone", "0701234567").text("country", i == 2 ? "NO" : "SE");
    OK(kith_put(db, "lead", lead.data(), lead.size(), nullptr, 0, nullptr, nullptr, err));
  }
  auto ask = [&](const char* where, std::int64_t limit) {
    kith_query query = {};
    query.size = sizeof query;
    query.where = where;
    query.limit = limit;
    kith_rows* rows = nullptr;
    OK(kith_duplicates(db, &query, &rows, err));
    std::string next = kith_rows_next(rows) == nullptr ? "" : kith_rows_next(rows);
    Lines lines = texts_of(rows);
    lines.push_back(next);
    return lines;
  };
  CHECK(ask(nullptr, 0) == Lines{"1|2|phone|0701234567", "1|3|phone|0701234567", "1|4|phone|0701234567", ""});
  CHECK(ask("country = 'SE'", 0) == Lines{"1|3|phone|0701234567", "1|4|phone|0701234567", ""});
  CHECK(ask("country = 'SE'", 1).front() == "1|3|phone|0701234567");
  CHECK_FALSE(ask("country = 'SE'", 1).back().empty());
  kith_rows* rows = nullptr;
  OK(kith_duplicates(db, nullptr, &rows, err));
  CHECK(texts_of(rows).size() == 3);
}

TEST_CASE("a search builds its index when it may write, and reads the leads when it may not", "[capi]") {
  Folder folder;
  {
    Handle db(folder / "a.kith");
    db.put("ada@example.com");
  }
  {
    Handle db(folder / "a.kith", KITH_OPEN_READ_ONLY);
    CHECK(search(db, "ada") == Lines{"1|ada@example.com|-|-|-|-"});
  }
  Handle db(folder / "a.kith");
  CHECK(db.one("SELECT COUNT(*) FROM sqlite_schema WHERE name = 'lead_search'") == "0");
  CHECK(search(db, "ada") == Lines{"1|ada@example.com|-|-|-|-"});
  CHECK(db.one("SELECT COUNT(*) FROM sqlite_schema WHERE name = 'lead_search'") == "1");
  CHECK(search(db, "ada", -1).front().find("INVALID limit") == 0);
  CHECK(search(db, "") == Lines{});
  CHECK(db.check() == Lines{});
  kith_rows* rows = reinterpret_cast<kith_rows*>(1);
  CHECK(kith_search(db, nullptr, 0, &rows, nullptr) == KITH_MISUSE);
  CHECK(rows == nullptr);
  db.close();
  Handle reopened(folder / "a.kith");  // the index is no stranger in the schema
  CHECK(reopened.failure().empty());
  CHECK(search(reopened, "exam ada") == Lines{"1|ada@example.com|-|-|-|-"});
}

TEST_CASE("a search index that was made inside a rolled back transaction is made again", "[capi]") {
  Handle db("", KITH_OPEN_MEMORY);
  db.put("ada@example.com");
  db.begin();
  CHECK(search(db, "ada").size() == 1);
  kith_rollback(db);
  db.put("bob@example.com");
  CHECK(search(db, "bob").size() == 1);
  CHECK(db.check() == Lines{});
}

TEST_CASE("a topic that is no topic brings the nearest, or says where fields of a kind are", "[schema]") {
  Handle db("", KITH_OPEN_MEMORY);
  auto said_of = [&](const char* topic) {
    kith_rows* rows = nullptr;
    kith_error* error = nullptr;
    kith_schema(db, topic, &rows, &error);
    return said(error);
  };
  CHECK_THAT(said_of("feilds"), Catch::Contains("did you mean \"fields\"?"));
  CHECK_THAT(said_of("leed"), Catch::Contains("the topic fields has those of a lead"));
  CHECK_THAT(said_of("adress"), Catch::Contains("those of an address"));
  CHECK_THAT(said_of("zzz"), Catch::EndsWith("or predicates"));
}
