// kith.hpp against the shared library: that values, failures, tables, pages and transactions of the wrapper are
// what kith.h gives. What the verbs do is tested elsewhere.
#define CATCH_CONFIG_MAIN
#include <kith_arrow.h>
#include <kith.hpp>

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <ranges>
#include <thread>

static_assert(std::ranges::random_access_range<kith::Rows>);
static_assert(std::ranges::input_range<kith::RowRange>);
static_assert(std::is_nothrow_move_constructible_v<kith::Database> &&
              !std::is_copy_constructible_v<kith::Database>);
static_assert(std::is_nothrow_move_constructible_v<kith::Csv> && !std::is_copy_constructible_v<kith::Csv>);
static_assert(!std::is_convertible_v<char, kith::Value> && !std::is_convertible_v<void*, kith::Value>);

namespace {

constexpr std::int64_t noon = 1767268800000;  // 2026-01-01T12:00Z

kith::Database fresh() {
  return kith::Database::memory({.clock = [] { return noon; }});
}

// A folder that goes when the test is over.
struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() /
      ("kith_wrapper_" + std::to_string(std::chrono::steady_clock::now().time_since_epoch().count()));
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string file(const char* name) const { return (path / name).string(); }
};

// What `body` throws.
template <typename Body>
kith::Error failure_of(Body body) {
  try {
    body();
  } catch (const kith::Error& error) {
    return error;
  }
  FAIL("nothing was thrown");
  throw 0;
}

kith_field c(const kith::Value& value) { return value.c("f"); }

// lead0@example.com in city 0, lead1@example.com in city 1 ...
void put_leads(kith::Database& db, int count) {
  kith::Table table({"email", "city"});
  for (int i = 0; i < count; ++i) table.add({"lead" + std::to_string(i) + "@example.com", std::to_string(i)});
  db.put_many("lead", table);
}

}  // namespace

TEST_CASE("a value becomes the field that kith.h has for its type") {
  CHECK(c(5).integer == 5);
  CHECK(c(5).type == KITH_INTEGER);
  CHECK(c(true).integer == 1);
  CHECK(c(std::int64_t{-1} << 62).integer == -(std::int64_t{1} << 62));
  CHECK(c(7u).integer == 7);
  CHECK(c(2.5).real == 2.5);
  CHECK(c(2.5f).type == KITH_REAL);
  CHECK(std::string(c("text").text) == "text");
  CHECK(c("text").type == KITH_TEXT);
  CHECK(std::string(c(std::string_view("texture").substr(0, 4)).text) == "text");
  CHECK(c(nullptr).type == KITH_NULL);
  CHECK(c(std::nullopt).type == KITH_NULL);
  CHECK(c(static_cast<const char*>(nullptr)).type == KITH_NULL);
  CHECK(c(std::optional<std::string>()).type == KITH_NULL);
  CHECK(c(std::optional<int>(3)).integer == 3);
  CHECK(c(kith::Time(std::chrono::milliseconds(noon))).integer == noon);
  CHECK(c(std::chrono::sys_time<std::chrono::nanoseconds>(std::chrono::nanoseconds(-1))).integer == -1);
  CHECK(c(std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)).integer == noon - 12 * 3600 * 1000);
}

TEST_CASE("what C could not take whole is refused before it gets there") {
  const kith::Error number = failure_of([] { kith::Value(~std::uint64_t{0}); });
  CHECK(number.status() == KITH_INVALID);
  auto db = fresh();
  using namespace std::string_view_literals;
  for (const kith::Error& error :
       {failure_of([&] { db.get("lead", "ada\0@example.com"sv); }), failure_of([&] {
          db.put("lead", {{"email", std::string("a\0b", 3)}});
        }),
        failure_of([&] {
          db.put("lead", {{std::string("e\0", 2), "a"}});
        }),
        failure_of([&] { db.count("lead", {.where = std::string("a\0b", 3)}); }),
        failure_of([&] { db.sql("SELECT ?1", {std::string("a\0b", 3)}); })}) {
    CHECK(error.status() == KITH_INVALID);
    CHECK_THAT(error.what(), Catch::Contains("NUL"));
  }
}

TEST_CASE("two texts in braces are two values, not a range of characters") {
  kith::Table table({"email", "first_name"});
  table.add({"ada@example.com", "Ada"});
  REQUIRE(table.c().size() == 2);
  CHECK(std::string(table.c()[1].text) == "Ada");
  const kith::Query query{.args = {"a", "b"}};
  CHECK(query.args.size() == 2);
  const kith::Fields fields{{"a", "b"}};
  CHECK(fields.size() == 1);
}

TEST_CASE("a row of another width does not get into a table") {
  kith::Table table({"email", "score"});
  CHECK(failure_of([&] { table.add({"ada@example.com"}); }).status() == KITH_MISUSE);
  CHECK(table.height() == 0);
}

TEST_CASE("a put answers id and outcome, and get finds it") {
  auto db = fresh();
  const kith::Put made =
      db.put("lead", {{"email", "ada@example.com"}, {"first_name", "Ada"}, {"source", nullptr}});
  CHECK(made.created());
  CHECK(made.id > 0);
  const kith::Put again = db.put("lead", {{"email", "ada@example.com"}, {"first_name", "Ada"}});
  CHECK(again.id == made.id);
  CHECK(again.outcome == KITH_UNCHANGED);
  const std::optional<kith::Row> ada = db.get("lead", "ADA@example.com");
  REQUIRE(ada);
  CHECK((*ada)["first_name"].text() == "Ada");
  CHECK((*ada)["id"].integer() == made.id);
  CHECK_FALSE(db.get("lead", "bob@example.com"));
}

TEST_CASE("a cell reads as what it is asked for, and NULL as nothing") {
  auto db = fresh();
  const kith::Row row = db.sql("SELECT 7 AS i, 2.5 AS r, 'x' AS t, NULL AS n, ?1 AS at", {noon})[0];
  CHECK(row["i"].integer() == 7);
  CHECK(row["i"].boolean());
  CHECK(row["r"].real() == 2.5);
  CHECK(row["t"].view() == "x");
  CHECK(row["n"].is_null());
  CHECK(row["n"].text().empty());
  CHECK(row[0].type() == KITH_INTEGER);
  CHECK(row["at"].time().time_since_epoch().count() == noon);
  const std::optional<std::string> text = row["t"], none = row["n"];
  const std::optional<int> number = row["i"];
  const std::optional<kith::Time> at(row["at"]);
  CHECK(text == "x");
  CHECK(none == std::nullopt);
  CHECK(number == 7);
  CHECK(at.has_value());
  CHECK(row["r"].get<float>() == 2.5f);
  CHECK(row["i"].get<bool>() == true);
  CHECK(row.width() == 5);
  CHECK(row.rows().name(1) == "r");
  CHECK(row.rows().has("t"));
  CHECK_FALSE(row.rows().has("u"));
  const kith::Error error = failure_of([&] { row["u"]; });
  CHECK(error.status() == KITH_MISUSE);
  CHECK(error.field() == "u");
}

TEST_CASE("rows outlive their database, their table object and the loop over them") {
  std::optional<kith::Row> kept;
  {
    auto db = fresh();
    put_leads(db, 3);
    for (kith::Row row : db.find("lead", {.sort = "email"})) kept = row;
  }
  CHECK((*kept)["email"].text() == "lead2@example.com");
}

TEST_CASE("rows are a random access range") {
  auto db = fresh();
  const kith::Rows rows = db.sql("SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3");
  auto it = rows.begin();
  CHECK((*(it + 2))["n"].integer() == 3);
  CHECK(it[1]["n"].integer() == 2);
  CHECK(rows.end() - it == 3);
  CHECK((*--rows.end())["n"].integer() == 3);
  CHECK(it++ == rows.begin());
  CHECK(it > rows.begin());
  std::int64_t sum = 0;
  for (std::int64_t n :
       rows | std::views::reverse | std::views::transform([](auto row) { return row["n"].integer(); }))
    sum = sum * 10 + n;
  CHECK(sum == 321);
  CHECK(kith::Rows().begin() == kith::Rows().end());
  CHECK_FALSE(kith::Rows().first());
}

TEST_CASE("a walk whose next portion failed goes on from there") {
  kith::Database db = kith::Database::memory();
  db.put_many("lead", kith::Table({"email"}).add({"a@example.com"}).add({"b@example.com"}));
  int asked = 0;
  kith::RowRange range([&]() -> kith::Rows {
    if (++asked == 2) throw kith::Error(KITH_BUSY, "", "another writer");
    return db.find_page("lead", {.where = "email = ?", .args = {asked == 1 ? "a@example.com" : asked == 3 ? "b@example.com" : "none@example.com"}});
  });
  std::vector<std::string> seen;
  auto walk = [&] {
    for (auto lead : range) seen.push_back(lead["email"].text());
  };
  CHECK_THROWS_AS(walk(), kith::Error);
  walk();
  CHECK(seen == std::vector<std::string>{"a@example.com", "b@example.com"});
}

TEST_CASE("find walks over all pages, one at a time") {
  auto db = fresh();
  put_leads(db, 10);
  std::string cities;
  for (kith::Row row : db.find("lead", {.sort = "-email", .limit = 3})) cities += row["city"].view();
  CHECK(cities == "9876543210");

  SECTION("a page that is exactly full is not asked twice") {
    auto range = db.find("lead", {.limit = 5});
    CHECK(std::ranges::distance(range.begin(), range.end()) == 10);
    CHECK(range.begin() == range.end());
  }
  SECTION("what is not walked over is not fetched") {
    int seen = 0;
    for (kith::Row row : db.find("lead", {.limit = 2}) | std::views::take(4)) seen += row["id"].integer() > 0;
    CHECK(seen == 4);
  }
  SECTION("nothing found is an empty range") {
    auto none = db.find("lead", {.where = "email = ?", .args = {"nobody@example.com"}});
    CHECK(none.begin() == none.end());
  }
  SECTION("one page, and where the next begins") {
    const kith::Rows page = db.find_page("lead", {.sort = "email", .limit = 4});
    CHECK(page.size() == 4);
    REQUIRE(page.next());
    const kith::Rows next = db.find_page("lead", {.sort = "email", .after = page.next(), .limit = 100});
    CHECK(next.size() == 6);
    CHECK(next[0]["city"].text() == "4");
    CHECK_FALSE(next.next());
  }
  CHECK(db.count("lead", {.where = "city = ? or city = ?", .args = {"5", "6"}}) == 2);
}

TEST_CASE("a failure tells status, field, and the nearest name") {
  auto db = fresh();
  db.put("tag", {{"name", "VIP-Member"}});
  db.put("lead", {{"email", "ada@example.com"}});
  const kith::Error unknown = failure_of([&] { db.assign("ada@example.com", "VIP-Membr"); });
  CHECK(unknown.status() == KITH_NOT_FOUND);
  CHECK(unknown.nearest() == "VIP-Member");
  CHECK_THAT(unknown.what(), Catch::Contains("VIP-Membr"));
  const kith::Error invalid = failure_of([&] { db.put("lead", {{"email", "no address"}}); });
  CHECK(invalid.status() == KITH_INVALID);
  CHECK(invalid.field() == "email");
  CHECK(failure_of([] { kith::Database("/nonexistent/folder/shop.kith"); }).status() != KITH_OK);
  CHECK(kith::status_name(KITH_CONFLICT) == "CONFLICT");
  CHECK(kith::version().find('.') != std::string_view::npos);
}

TEST_CASE("a transaction happens whole or not at all") {
  auto db = fresh();
  SECTION("it is committed, and answers what its body answers") {
    const auto id = db.transaction([&] { return db.put("lead", {{"email", "ada@example.com"}}).id; });
    CHECK(db.count("lead") == 1);
    CHECK(id > 0);
  }
  SECTION("what is thrown undoes it") {
    CHECK_THROWS_AS(db.transaction([&] {
      db.put("lead", {{"email", "ada@example.com"}});
      throw std::logic_error("no");
    }),
                    std::logic_error);
    CHECK(db.count("lead") == 0);
  }
  SECTION("an inner one can fail alone") {
    db.transaction([&] {
      db.put("lead", {{"email", "ada@example.com"}});
      CHECK_THROWS(db.transaction([&] {
        db.put("lead", {{"email", "bob@example.com"}});
        throw 1;
      }));
    });
    CHECK(db.count("lead") == 1);
  }
  SECTION("without commit it is rolled back") {
    {
      kith::Transaction transaction(db);
      db.put("lead", {{"email", "ada@example.com"}});
    }
    CHECK(db.count("lead") == 0);
    {
      kith::Transaction transaction(db);
      db.put("lead", {{"email", "ada@example.com"}});
      transaction.commit();
    }
    CHECK(db.count("lead") == 1);
  }
  SECTION("RETRY runs it again, from the outermost") {
    int outer = 0, inner = 0;
    db.transaction([&] {
      ++outer;
      db.put("lead", {{"email", "lead" + std::to_string(outer) + "@example.com"}});
      db.transaction([&] {
        if (++inner < 3) throw kith::Error(KITH_RETRY, "", "lost a race");
      });
    });
    CHECK(outer == 3);
    CHECK(inner == 3);
    CHECK(db.count("lead") == 1);
  }
  SECTION("RETRY for ever is given up") {
    int runs = 0;
    const auto always = [&] {
      ++runs;
      throw kith::Error(KITH_RETRY, "", "lost a race");
    };
    CHECK(failure_of([&] { db.transaction(always, 4); }).status() == KITH_RETRY);
    CHECK(runs == 4);
  }
  SECTION("no other failure is repeated") {
    int runs = 0;
    const auto refused = [&] {
      ++runs;
      throw kith::Error(KITH_REFUSED, "", "no");
    };
    CHECK_THROWS_AS(db.transaction(refused), kith::Error);
    CHECK(runs == 1);
  }
}

TEST_CASE("the clock is asked, also after the database has moved") {
  std::int64_t now = noon;
  auto db = kith::Database::memory({.clock = [&] { return now; }});
  kith::Database moved = std::move(db);
  now += 1000;
  moved.put("lead", {{"email", "ada@example.com"}});
  const kith::Rows events = moved.events_after(0);
  REQUIRE_FALSE(events.empty());
  CHECK(events[0]["at"].integer() == noon + 1000);
  moved = fresh();
  CHECK(moved.count("lead") == 0);
}

TEST_CASE("every verb reaches its function") {
  auto db = fresh();
  db.put("lead", {{"email", "ada@example.com"}, {"phone", "+46701234567"}});
  db.put("lead", {{"email", "bob@example.com"}}, {{"by", "test"}});
  db.put("tag", {{"name", "T"}});
  db.put("tag", {{"name", "U"}});
  db.put("list", {{"name", "News"}});

  const auto assigned = db.assign("ada@example.com", "T", {{"by", "anna"}});
  CHECK(assigned > 0);
  CHECK(db.why(assigned)[0]["by"].text() == "anna");
  CHECK(db.assign("ada@example.com", "T") == 0);
  CHECK(db.count("lead", {.where = "tag ?", .args = {"T"}}) == 1);
  CHECK(db.assign_where({}, "U") == 2);
  CHECK(db.unassign_where({.where = "tag ?", .args = {"T"}}, "U") == 1);
  CHECK(db.unassign("ada@example.com", "T") > 0);
  CHECK(db.merge_tags("T", "U") > 0);
  CHECK(db.rename("tag", "T", "VIP") > 0);
  CHECK(db.get("tag", "VIP"));

  CHECK(db.subscribe("ada@example.com", "News", {{"consent", "I want it"}, {"confirmed", 1}}) > 0);
  CHECK(db.may_send("ada@example.com", "News")["allowed"].boolean());
  CHECK(db.pause("ada@example.com", "News",
                 {{"until", kith::Time(std::chrono::milliseconds(noon + 86400000))}}) > 0);
  CHECK(db.may_send("ada@example.com", "News")["why"].text() == "paused");
  CHECK(db.resume("ada@example.com", kith::all_lists) > 0);
  CHECK(db.subscribe_where({}, "News", {{"consent", "all"}, {"confirmed", 1}}) == 1);
  CHECK(db.unsubscribe_where({.where = "email = ?", .args = {"bob@example.com"}}, "News") == 1);
  CHECK(db.report("ada@example.com", "News", "bounced", {{"bounce", "soft"}}) > 0);
  CHECK(db.sms_received("+46701234567", "hello") > 0);
  CHECK(db.may_send("ada@example.com", kith::transactional)["allowed"].boolean());
  CHECK(db.unsubscribe("ada@example.com", kith::all_lists, {{"reason", "enough"}}) > 0);
  CHECK_FALSE(db.may_send("ada@example.com", "News")["allowed"].boolean());

  const std::string token = db.token("ada@example.com", "unsubscribe", {{"list", "News"}})["token"].text();
  REQUIRE(db.token_look(token));
  CHECK((*db.token_look(token))["state"].text() == "live");
  CHECK_FALSE(db.token_look("nonsense"));
  db.unsubscribe_by_token(token);
  const std::string preferences = db.token("ada@example.com", "preferences")["token"].text();
  db.preferences(preferences);
  CHECK(failure_of([&] { db.set_preferences(preferences, {{"No such list", 1}}); }).status() != KITH_OK);
  CHECK(db.token_revoke(preferences) > 0);
  CHECK(failure_of([&] { db.confirm("nonsense"); }).status() == KITH_REFUSED);
  const std::string data = db.token("ada@example.com", "data")["token"].text();
  CHECK_THAT(db.my_data(data), Catch::Contains("ada@example.com"));

  const auto order = db.record("ada@example.com", "order.paid", R"({"total": 4900})", {{"key", "order-1"}});
  CHECK(order > 0);
  CHECK(db.record("ada@example.com", "order.paid", R"({"total": 4900})", {{"key", "order-1"}}) == order);
  kith::Table events({"lead", "kind"});
  events.add({"ada@example.com", "page.seen"}).add({"nobody@example.com", "page.seen"});
  const kith::Rows recorded = db.record_many(events, KITH_SKIP_BAD);
  CHECK(recorded[0]["event"].integer() > 0);
  CHECK(recorded[1]["outcome"].integer() == KITH_FAILED);
  auto timeline = db.timeline("ada@example.com", {.limit = 2});
  CHECK(std::ranges::distance(timeline.begin(), timeline.end()) > 5);
  CHECK(db.events_after(order, 1).size() == 1);
  CHECK(db.run().done >= 0);

  CHECK(db.suppress("eve@example.com", {{"reason", "complaint"}}) > 0);
  CHECK(db.unsuppress("eve@example.com", {{"reason", "complaint"}}) > 0);
  CHECK(db.search("bob", 10).size() == 1);
  auto duplicates = db.duplicates();
  CHECK(std::ranges::distance(duplicates.begin(), duplicates.end()) == 0);
  CHECK_THAT(db.export_lead("ada@example.com"), Catch::Contains("order.paid"));
  CHECK_THAT(db.consent_proof("ada@example.com"), Catch::Contains("I want it"));
  const auto merged = db.merge("ada@example.com", "bob@example.com");
  CHECK(db.count("lead") == 1);
  CHECK(db.unmerge(merged) > 0);
  CHECK(db.count("lead") == 2);
  CHECK(db.erase("bob@example.com", {{"suppress", 1}}).event > 0);
  CHECK(db.remove("tag", "VIP") > 0);
  CHECK_FALSE(db.schema("kinds").empty());
  CHECK(db.check().empty());
  CHECK(db.info()["leads"].integer() >= 1);
}

TEST_CASE("a file is opened, copied, compacted, and closed when the object goes") {
  const Folder folder;
  {
    kith::Database db(folder.file("shop.kith"));
    put_leads(db, 5);
    db.backup(folder.file("copy.kith"));
    db.compact();
  }
  kith::Database copy(folder.file("copy.kith"), {.flags = KITH_OPEN_READ_ONLY | KITH_OPEN_EXISTING});
  CHECK(copy.count("lead") == 5);
  CHECK(failure_of([&] { copy.put("lead", {{"email", "a@example.com"}}); }).status() == KITH_READ_ONLY);
}

TEST_CASE("cancel ends the call that is running in another thread") {
  auto db = fresh();
  put_leads(db, 2000);
  std::jthread other([&](std::stop_token stop) {
    while (!stop.stop_requested()) {
      db.cancel();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  const kith::Error error = failure_of([&] {
    db.sql(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT "
        "count(*) FROM n");
  });
  CHECK(error.status() == KITH_CANCELLED);
}

TEST_CASE("a table goes out and comes in through Arrow") {
  auto db = fresh(), other = fresh();
  put_leads(db, 5);
  const kith::Rows rows = db.find_page("lead", {.columns = "email, city"});
  ArrowSchema schema{};
  ArrowArray array{};
  rows.arrow(&schema, &array);
  CHECK(array.length == 5);
  other.put_batch("lead", &schema, &array);
  schema.release(&schema);
  array.release(&array);
  CHECK(other.count("lead") == 5);

  ArrowArrayStream stream{};
  rows.arrow_stream(&stream);
  auto third = fresh();
  third.put_stream("lead", &stream, 0, {{"by", "arrow"}});
  stream.release(&stream);
  CHECK(third.count("lead") == 5);
}

TEST_CASE("CSV is read a row at a time") {
  const Folder folder;
  std::ofstream(folder.file("leads.csv")) << "email;first_name\nada@example.com;Ada\nbob@example.com;Bob\n";
  kith::Csv csv(folder.file("leads.csv"));
  std::string names;
  for (kith::Row row : csv.rows(1)) names += row["first_name"].text() + std::to_string(row["line"].integer());
  CHECK(names == "Ada2Bob3");
  CHECK(csv.progress() == 1.0);
  CHECK(csv.read().empty());
  CHECK(failure_of([&] { kith::Csv missing(folder.file("missing.csv")); }).status() != KITH_OK);
  kith::Csv other(folder.file("leads.csv"), {{"delimiter", ","}, {"header", 0}});
  CHECK(other.read()[0]["1"].text() == "email;first_name");
}
