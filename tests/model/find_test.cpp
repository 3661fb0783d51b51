// Pages: whatever they are sorted by, and however small they are, together they are every row once, in the order of a
// plain sort; and things by their ids, by whatever their ids are.
#include <catch2/catch.hpp>

#include <algorithm>
#include <kith.hpp>

#include "support/folder.h"
#include "support/raw.h"

using kith::Database;
using kith::Query;

namespace {

struct Person {
  std::int64_t id = 0;
  std::string email;
  std::int64_t created = 0;
  std::optional<std::int64_t> seats;  // custom, indexed
  std::optional<std::string> plan;    // custom, indexed, and without a row beside the lead for some
};

// Leads of whom some were there before the fields were.
class Office {
 public:
  std::int64_t clock = 1'700'000'000'000;
  Database db = Database::memory({.clock = [this] { return clock; }});
  std::vector<Person> people;

  Office() {
    db.put("tag", {{"name", "T"}});
    db.put("tag", {{"name", "None"}});
    for (int i = 0; i < 15; ++i) add(i);
    db.put("field", {{"key", "note_to_self"}, {"type", "text"}});
    for (int i = 15; i < 25; ++i) add(i);
    for (const char* key : {"seats", "plan"}) db.put("field", {{"key", key}, {"type", *key == 's' ? "integer" : "text"}, {"indexed", 1}, {"required", 0}});
    for (int i = 25; i < 45; ++i) add(i);
    kith::Table many({"email", "seats", "plan"});
    for (int i = 45; i < 60; ++i) {
      people.push_back({0, "p" + std::to_string(i * 37 % 101) + "@x.example", clock, i % 3 == 0 ? std::nullopt : std::optional<std::int64_t>(i % 4), std::nullopt});
      many.add({people.back().email, kith::Value(people.back().seats), kith::Value()});
    }
    kith::Rows made = db.put_many("lead", many);
    for (std::int64_t i = 0; i < made.size(); ++i) people[static_cast<std::size_t>(45 + i)].id = made[i]["id"].integer();
    for (int i = 0; i < 45; ++i) {
      if (i % 4 == 0) continue;
      people[static_cast<std::size_t>(i)].seats = i % 5;
      db.put("lead", {{"id", people[static_cast<std::size_t>(i)].id}, {"seats", i % 5}});
      if (i % 3 != 0) continue;
      people[static_cast<std::size_t>(i)].plan = i % 2 == 0 ? "gold" : "free";
      db.put("lead", {{"id", people[static_cast<std::size_t>(i)].id}, {"plan", *people[static_cast<std::size_t>(i)].plan}});
    }
    db.remove("lead", "id:7");
    std::erase_if(people, [](const Person& person) { return person.id == 7; });
    for (const Person& person : people) {
      if (person.id % 3 == 1) db.assign("id:" + std::to_string(person.id), "T");
    }
  }

  std::vector<std::int64_t> sorted(const std::string& sort, std::optional<std::int64_t> only) const {
    std::vector<Person> order = people;
    if (only) std::erase_if(order, [&](const Person& person) { return person.id % 3 != *only; });
    std::vector<std::pair<std::string, bool>> keys;
    for (std::size_t at = 0; at < sort.size();) {
      std::size_t end = std::min(sort.find(", ", at), sort.size());
      std::string key = sort.substr(at, end - at);
      keys.emplace_back(key[0] == '-' ? key.substr(1) : key, key[0] == '-');
      at = end + 2;
    }
    bool down = !keys.empty() && keys.back().second;
    if (keys.empty() || keys.back().first != "id") keys.emplace_back("id", down);
    auto compare = [](const auto& a, const auto& b) { return a < b ? -1 : b < a ? 1 : 0; };  // no value is less than any
    std::sort(order.begin(), order.end(), [&](const Person& a, const Person& b) {
      for (const auto& [key, descending] : keys) {
        int way = key == "email" ? compare(a.email, b.email) : key == "created" ? compare(a.created, b.created) : key == "seats" ? compare(a.seats, b.seats) : key == "plan" ? compare(a.plan, b.plan) : compare(a.id, b.id);
        if (way != 0) return descending ? way > 0 : way < 0;
      }
      return false;
    });
    std::vector<std::int64_t> ids;
    for (const Person& person : order) ids.push_back(person.id);
    return ids;
  }

  std::vector<std::int64_t> paged(Query query) {
    std::vector<std::int64_t> ids;
    for (int pages = 0; pages < 200; ++pages) {
      kith::Rows page = db.find_page("lead", query);
      if (query.limit > 0) REQUIRE(page.size() <= query.limit);
      for (std::int64_t i = 0; i < page.size(); ++i) ids.push_back(page[i]["id"].integer());
      query.after = page.next();
      if (!query.after) return ids;
      REQUIRE(page.size() == query.limit);
    }
    FAIL("the pages have no end");
    return ids;
  }

 private:
  void add(int i) {
    if (i % 4 == 0) clock += 1000;
    people.push_back({0, "p" + std::to_string(i * 37 % 101) + "@x.example", clock, {}, {}});
    people.back().id = db.put("lead", {{"email", people.back().email}}).id;
  }
};

}  // namespace

TEST_CASE("pages: every row once, in every order", "[find]") {
  Office office;
  std::string sort = GENERATE(as<std::string>(), "", "id", "-id", "email", "-email", "created", "-created", "seats", "-seats", "plan", "-plan", "seats, -created",
                              "-seats, plan", "plan, -seats, email", "created, seats", "-created, -seats", "-plan, -id", "email, seats");
  for (std::int64_t limit : {1, 2, 7, 59, 60, 1000, -1}) {
    INFO(sort << ", " << limit << " a page");
    std::optional<std::string> by = sort.empty() ? std::nullopt : std::optional(sort);
    CHECK(office.paged({.columns = "id", .sort = by, .limit = limit}) == office.sorted(sort, {}));
    CHECK(office.paged({.where = "tag 'T'", .columns = "id", .sort = by, .limit = limit}) == office.sorted(sort, 1));
    CHECK(office.paged({.where = "tag 'T' and email contains 'x.example'", .columns = "email, id", .sort = by, .limit = limit}) == office.sorted(sort, 1));
    CHECK(office.paged({.where = "tag 'None'", .sort = by, .limit = limit}).empty());
  }
}

TEST_CASE("pages: an index of a custom field has every lead, whatever becomes of them", "[find]") {
  Office office;
  Database& db = office.db;
  auto lacking = [&] { return db.sql("SELECT COUNT(*) FROM lead l WHERE NOT EXISTS (SELECT 1 FROM lead_custom u WHERE u.lead_id = l.id)")[0][0].integer(); };
  CHECK(lacking() == 0);
  kith::Fields bare = {{"email", "bare@x.example"}};
  db.put("lead", bare);
  std::int64_t merge = db.merge("id:1", "id:2");
  CHECK(lacking() == 0);
  db.unmerge(merge);
  CHECK(lacking() == 0);
  CHECK(db.check().empty());
}

TEST_CASE("pages: a lead that an index lacks is found by kith_check, and given to it", "[find][check]") {
  kith::test::Folder folder;
  {
    Database db(folder / "a.kith");
    db.put("field", {{"key", "seats"}, {"type", "integer"}, {"indexed", 1}});
    for (const char* email : {"a@x.example", "b@x.example"}) db.put("lead", {{"email", email}});
  }
  kith::test::Raw(folder / "a.kith").run("DELETE FROM lead_custom WHERE lead_id = 2");
  Database db(folder / "a.kith");
  CHECK(db.find_page("lead", {.sort = "seats"}).size() == 1);
  kith::Rows faults = db.check();
  REQUIRE(faults.size() == 1);
  CHECK(faults[0]["place"].text() == "lead 2");
  CHECK(db.check(true).size() == 1);
  CHECK(db.check().empty());
  CHECK(db.find_page("lead", {.sort = "seats"}).size() == 2);
}

TEST_CASE("pages: a place of another order is refused", "[find]") {
  Office office;
  std::optional<std::string> place = office.db.find_page("lead", {.sort = "seats", .limit = 3}).next();
  REQUIRE(place);
  CHECK_THROWS_AS(office.db.find_page("lead", {.sort = "email, seats, id", .after = "[1]"}), kith::Error);
  CHECK_THROWS_AS(office.db.find_page("lead", {.sort = "seats", .after = "[1, 2, 3]"}), kith::Error);
  CHECK_THROWS_AS(office.db.find_page("lead", {.sort = "id", .after = place}), kith::Error);
  CHECK_THROWS_AS(office.db.find_page("lead", {.sort = "note_to_self"}), kith::Error);
}

TEST_CASE("what an event made is found by its id, also after a merge", "[find]") {
  Database db = Database::memory();
  db.put("tag", {{"name", "T"}});
  db.put("list", {{"name", "L"}});
  for (const char* email : {"a@x.example", "b@x.example", "c@x.example"}) db.put("lead", {{"email", email}});
  struct Made {
    const char* kind;
    std::int64_t id;
  };
  std::int64_t until = 4'000'000'000'000;
  const Made made[] = {{"assignment", db.assign("b@x.example", "T")}, {"subscription", db.subscribe("b@x.example", "L")}, {"pause", db.pause("b@x.example", "L", {{"until", until}})}};
  auto check = [&](std::int64_t lead) {
    for (const Made& one : made) {
      INFO(one.kind);
      auto row = db.get(one.kind, "id:" + std::to_string(one.id));
      REQUIRE(row);
      CHECK((*row)["lead"].integer() == lead);
      CHECK(db.find_page(one.kind, {.where = "id = ?", .args = {one.id}}).size() == 1);
      CHECK(db.find_page(one.kind, {.where = "id in (?, 1)", .args = {one.id}}).size() == 1);
      CHECK(db.find_page(one.kind, {.where = "id != ?", .args = {one.id}}).size() == 0);
      CHECK_FALSE(db.get(one.kind, "id:1"));    // an event of something else
      CHECK_FALSE(db.get(one.kind, "id:999"));  // none
    }
  };
  check(2);
  std::int64_t merge = db.merge("a@x.example", "b@x.example");
  check(1);
  db.unmerge(merge);
  check(2);
}

TEST_CASE("an opt-out list has every lead but those who left, whoever was removed", "[find]") {
  Database db = Database::memory();
  db.put("list", {{"name", "All"}, {"opt_in", "out"}});
  auto leads = [&] { return (*db.get("list", "All"))["leads"].integer(); };
  CHECK(leads() == 0);
  for (const char* email : {"a@x.example", "b@x.example", "c@x.example", "d@x.example"}) db.put("lead", {{"email", email}});
  CHECK(leads() == 4);
  db.remove("lead", "d@x.example");
  CHECK(leads() == 3);
  db.unsubscribe("a@x.example", "All");
  CHECK(leads() == 2);
  std::int64_t merge = db.merge("b@x.example", "c@x.example");
  CHECK(leads() == 1);
  db.unmerge(merge);
  CHECK(leads() == 2);
  db.transaction([&] {
    db.put("lead", {{"email", "e@x.example"}});
    CHECK(leads() == 3);
  });
}

TEST_CASE("events compare by their kinds", "[find]") {
  Database db = Database::memory();
  db.put("lead", {{"email", "a@x.example"}});
  db.record("a@x.example", "shop.visited");
  db.record("a@x.example", "shop.bought");
  db.put("lead", {{"email", "a@x.example"}, {"city", "Lund"}});
  auto kinds = [&](const char* where) {
    std::string all;
    kith::Rows rows = db.timeline_page("a@x.example", {.where = where});
    for (std::int64_t i = rows.size(); i-- > 0;) all += (all.empty() ? "" : " ") + rows[i]["kind"].text();
    CHECK(db.count("event", {.where = std::string("lead = 'a@x.example' and (") + where + ")"}) == rows.size());
    return all;
  };
  CHECK(kinds("kind = 'shop.visited'") == "shop.visited");
  CHECK(kinds("kind != 'shop.visited'") == "lead.created shop.bought lead.updated");
  CHECK(kinds("kind in ('lead.created', 'lead.updated', 'shop.never')") == "lead.created lead.updated");
  CHECK(kinds("kind not in ('lead.created', 'lead.updated', 'shop.never')") == "shop.visited shop.bought");
  CHECK(kinds("kind = 'shop.never'").empty());
  CHECK(kinds("kind != 'shop.never'") == "lead.created shop.visited shop.bought lead.updated");
  CHECK(kinds("kind starts with 'shop.'") == "shop.visited shop.bought");
  CHECK(kinds("not kind starts with 'shop.'") == "lead.created lead.updated");
  CHECK(kinds("kind contains 'at' and not kind ends with 'created'") == "lead.updated");
  CHECK(kinds("kind < 'lead.d'") == "lead.created");
  CHECK(kinds("kind >= 'lead.d' and kind <= 'shop.c'") == "shop.bought lead.updated");
  CHECK(kinds("kind is empty").empty());
}

TEST_CASE("an external id is the lead's own in a condition, and finds who absorbed it by name", "[find]") {
  Database db = Database::memory();
  for (const char* key : {"one", "two", "three"}) db.put("lead", {{"email", std::string(key) + "@x.example"}, {"external_id", key}});
  db.merge("external:one", "external:two");
  CHECK((*db.get("lead", "external:two"))["id"].integer() == 1);
  auto count = [&](const char* where) { return db.count("lead", {.where = where}); };
  CHECK(count("external_id = 'one'") == 1);
  CHECK(count("external_id = 'two'") == 0);
  CHECK(count("external_id in ('one', 'two', 'three')") == 2);
  CHECK(count("external_id starts with 't'") == 1);
  CHECK(count("external_id != 'one'") == 1);
  CHECK(count("not external_id starts with 'o'") == 1);
  CHECK(count("external_id contains 'ree'") == 1);
}

TEST_CASE("a place that comes from no page of this sort is refused, not read as the beginning", "[find]") {
  Office office;
  struct Wrong {
    const char* sort;
    const char* after;
  };
  for (const Wrong& wrong : {Wrong{"", "[\"x\"]"}, {"", "[true]"}, {"", "[null]"}, {"", "[1.5]"}, {"", "[18446744073709551615]"}, {"", "[[1]]"},
                             {"", "[1, 2]"}, {"", "{}"}, {"", "[]"}, {"-id", "[\"x\"]"}, {"email", "[1, 2]"}, {"email", "[null, 2]"}, {"created", "[\"1\", 2]"},
                             {"created", "[1.5, 2]"}, {"seats", "[\"2\", 2]"}, {"plan", "[2, 2]"}, {"plan", "[\"free\", \"2\"]"}}) {
    INFO(wrong.sort << " " << wrong.after);
    for (const char* where : {"", "tag 'T'"}) {
      Query query;
      query.where = where;
      query.sort = wrong.sort;
      query.after = wrong.after;
      query.limit = 5;
      try {
        office.db.find_page("lead", query);
        FAIL_CHECK("taken");
      } catch (const kith::Error& error) {
        CHECK(error.status() == KITH_INVALID);
        CHECK(error.field() == "after");
      }
    }
  }
}
