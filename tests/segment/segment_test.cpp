// What conditions answer, comparison by comparison, for every way to ask: find, count, and the set of leads.
#include <catch2/catch.hpp>

#include "segment/fixture.h"

namespace kith::test {

namespace {

struct Three : SegmentCrm {
  std::int64_t ada = put("lead", {{"email", "Ada@Example.com"},
                                  {"country", "SE"},
                                  {"city", "Lund"},
                                  {"phone", "+46 (0)70-123 45"},
                                  {"birth_date", "1990-12-24"},
                                  {"postcode", "01234"},
                                  {"external_id", "A 1"}});
  std::int64_t bob =
      put("lead", {{"email", "bob@exämple.org"}, {"country", "NO"}, {"company", "100% O'Neill_"}});
  std::int64_t cy =
      put("lead", {{"email", "cy@example.org"}, {"country", "SE"}, {"city", "Malmö"}, {"company", "Æther"}});

  Three() {
    for (std::string_view name : {"VIP", "R&D", "nobody"}) tag(name);
    assign(ada, "VIP");
    assign(bob, "VIP");
    assign(bob, "R&D");
  }
  // All ways must agree.
  Ids where(std::string_view text, const Args& args = {}) {
    Ids ids = leads(text, args);
    CHECK(found(text, args) == ids);
    CHECK(found(text, args, "lead", "created").size() == ids.size());
    CHECK(count(text, args) == static_cast<std::int64_t>(ids.size()));
    return ids;
  }
};

}  // namespace

TEST_CASE("no condition is everybody", "[segment]") {
  Three file;
  Ids all = {file.ada, file.bob, file.cy};
  CHECK(file.where("") == all);
  CHECK(file.where(" \n\t ") == all);
  file.remove("lead", "bob@exämple.org");
  CHECK(file.where("") == Ids{file.ada, file.cy});
  CHECK(file.where("not tag 'vip'") == Ids{file.cy});
}

TEST_CASE("tags are sets, and join with each other and with fields", "[segment]") {
  Three file;
  Ids ada{file.ada}, bob{file.bob}, cy{file.cy};
  CHECK(file.where("tag 'vip'") == Ids{file.ada, file.bob});
  CHECK(file.where("TAG ?", {"  vip "}) == Ids{file.ada, file.bob});
  CHECK(file.where("tag 'R&D'") == bob);
  CHECK(file.where("tag 'id:1'") == Ids{file.ada, file.bob});
  CHECK(file.where("tag ?", {1}) == Ids{file.ada, file.bob});
  CHECK(file.where("tag 'nobody'").empty());
  CHECK(file.where("not tag 'vip'") == cy);
  CHECK(file.where("tag 'vip' and not tag 'r&d'") == ada);
  CHECK(file.where("not tag 'vip' and not tag 'r&d'") == cy);
  CHECK(file.where("not tag 'vip' or not tag 'r&d'") == Ids{file.ada, file.cy});
  CHECK(file.where("tag 'vip' and country = 'se'") == ada);
  CHECK(file.where("country = 'se' and not tag ?", {"VIP"}) == cy);
  CHECK(file.where("not (tag 'vip' and country = 'se')") == Ids{file.bob, file.cy});
  CHECK(file.where("tag 'nobody' or city = 'Lund'") == ada);
  CHECK(file.where("tag 'vip' and (tag 'r&d' or not city is empty)") == Ids{file.ada, file.bob});
}

TEST_CASE("what is past its expiry is not counted, whether or not the runner came", "[segment]") {
  Three file;
  file.assign(file.cy, "VIP", {.given = true, .at = file.clock + 1000});
  CHECK(file.where("tag 'vip'").size() == 3);
  file.clock += 1000;
  CHECK(file.where("tag 'vip'") == Ids{file.ada, file.bob});
  CHECK(file.where("not tag 'vip'") == Ids{file.cy});
}

TEST_CASE("text compares by code point, and an absent one is unlike any", "[segment]") {
  Three file;
  Ids ada{file.ada}, bob{file.bob}, cy{file.cy};
  CHECK(file.where("city = 'Lund'") == ada);
  CHECK(file.where("city = ' Lund '") == ada);
  CHECK(file.where("city = 'lund'").empty());
  CHECK(file.where("city != 'Lund'") == Ids{file.bob, file.cy});
  CHECK(file.where("not city = 'Lund'") == Ids{file.bob, file.cy});
  CHECK(file.where("not (not city = 'Lund')") == ada);
  CHECK(file.where("city in ('Lund', 'Malmö', ?)", {"Oslo"}) == Ids{file.ada, file.cy});
  CHECK(file.where("city not in ('Lund', 'Oslo')") == Ids{file.bob, file.cy});
  CHECK(file.where("city is empty") == bob);
  CHECK(file.where("city is not empty") == Ids{file.ada, file.cy});
  CHECK(file.where("city < 'M'") == ada);
  CHECK(file.where("not city < 'M'") == Ids{file.bob, file.cy});
  CHECK(file.where("city >= 'M'") == cy);
  CHECK(file.where("company contains '%'") == bob);
  CHECK(file.where("company contains 'O''Neill_'") == bob);
  CHECK(file.where("company contains 'ther'") == cy);
  CHECK(file.where("company not contains 'ther'") == Ids{file.ada, file.bob});
  CHECK(file.where("company starts with 'Æ'") == cy);
  CHECK(file.where("company starts with '100% O''Neill_'") == bob);
  CHECK(file.where("company starts with '100% O''Neill_ '").empty());
  CHECK(file.where("company not starts with 'Æ'") == Ids{file.ada, file.bob});
  CHECK(file.where("city ends with 'mö'") == cy);
  CHECK(file.where("city ends with 'Malmö'") == cy);
  CHECK(file.where("city ends with ' Malmö'").empty());
  CHECK(file.where("city ends with 'xMalmö'").empty());
  CHECK(file.where("city ends with 'xxMalmö'").empty());
  CHECK(file.where("city not ends with 'mö'") == Ids{file.ada, file.bob});
  CHECK(file.where("postcode = 01234") == ada);
  CHECK(file.where("postcode = 1234").empty());
}

TEST_CASE("the last code points have an end too", "[segment]") {
  SegmentCrm file;
  std::int64_t last = file.put("lead", {{"email", "a@b.se"}, {"city", "\U0010FFFF\U0010FFFF!"}});
  std::int64_t below = file.put("lead", {{"email", "b@b.se"}, {"city", "\uD7FFx"}});
  std::int64_t above = file.put("lead", {{"email", "c@b.se"}, {"city", "\uE000x"}});
  std::int64_t mixed = file.put("lead", {{"email", "d@b.se"}, {"city", "m\U0010FFFFx"}});
  file.put("lead", {{"email", "e@b.se"}, {"city", "n"}});
  CHECK(file.leads("city starts with '\U0010FFFF'") == Ids{last});
  CHECK(file.leads("not city starts with '\U0010FFFF'").size() == 4);
  CHECK(file.leads("city starts with '\uD7FF'") == Ids{below});
  CHECK(file.leads("city starts with '\uE000'") == Ids{above});
  CHECK(file.leads("city starts with 'm\U0010FFFF'") == Ids{mixed});
  CHECK(file.leads("city < '\uE000'").size() == 3);
}

TEST_CASE("addresses and phones compare by their keys", "[segment]") {
  Three file;
  Ids ada{file.ada}, bob{file.bob}, cy{file.cy};
  CHECK(file.where("email = ?", {"ADA@example.COM"}) == ada);
  CHECK(file.where("email != 'ada@example.com'") == Ids{file.bob, file.cy});
  CHECK(file.where("email in ('ada@example.com', 'bob@xn--exmple-cua.org')") == Ids{file.ada, file.bob});
  CHECK(file.where("email starts with 'ADA'") == ada);
  CHECK(file.where("email contains 'EXAMPLE'") == Ids{file.ada, file.cy});
  CHECK(file.where("email ends with '@EXÄMPLE.org'") == bob);
  CHECK(file.where("email ends with '.exämple.org'").empty());
  CHECK(file.where("email ends with 'exämple.org'") == bob);
  CHECK(file.where("email ends with '.ORG'") == Ids{file.bob, file.cy});
  CHECK(file.where("email not ends with '.org'") == ada);
  CHECK(file.where("email is empty").empty());
  CHECK(file.where("email is not empty").size() == 3);
  CHECK(file.where("phone = '0046 70 123 45'") == ada);
  CHECK(file.where("phone != '0046 70 123 45'") == Ids{file.bob, file.cy});
  CHECK(file.where("phone starts with '+46 70'") == ada);
  CHECK(file.where("phone contains '12-34'") == ada);
  CHECK(file.where("phone is empty") == Ids{file.bob, file.cy});
  CHECK(file.where("external_id = 'A 1'") == ada);
}

TEST_CASE("a lead is found by any of its addresses", "[segment]") {
  Three file;
  file.write([&](Operation& op) {
    op.db.run("INSERT INTO lead_key (kind, key, lead_id, role) VALUES (1, 'ada@work.example', $1, 0)",
              file.ada);
    return 0;
  });
  CHECK(file.where("email = 'Ada@Work.example'") == Ids{file.ada});
  CHECK(file.where("email contains 'work'") == Ids{file.ada});
  CHECK(file.where("email != 'ada@work.example'") == Ids{file.bob, file.cy});
}

TEST_CASE("values are read as their fields read them", "[segment]") {
  Three file;
  file.clock += 60'000;
  std::int64_t dan = file.lead("dan@example.net");
  CHECK(file.where("country = 'se'") == Ids{file.ada, file.cy});
  CHECK(file.where("country not in ('se', 'no')") == Ids{dan});
  CHECK(file.where("birth_date < '2000-01-01'") == Ids{file.ada});
  CHECK(file.where("birth_date ends with '-12-24'") == Ids{file.ada});
  CHECK(file.where("created >= '2023-11-14T22:14:20Z'") == Ids{dan});
  CHECK(file.where("created >= '2023-11-14T23:14:20+01:00'") == Ids{dan});
  CHECK(file.where("created < 1700000060000") == Ids{file.ada, file.bob, file.cy});
  CHECK(file.where("created = ?", {std::int64_t{1700000060000}}) == Ids{dan});
  CHECK(file.where("score = 0").size() == 4);
  CHECK(file.where("score > -1 and score >= 0 and score <= 0 and score < +1").size() == 4);
  CHECK(file.where("id = 2") == Ids{file.bob});
  CHECK(file.where("id = '2'") == Ids{file.bob});
  CHECK(file.where("id >= 2 and id < 4") == Ids{file.bob, file.cy});
  CHECK(file.where("id != 2").size() == 3);
  CHECK(file.where("last_activity >= '2023-11-14T22:14:20Z'") == Ids{dan});
  CHECK(file.where("not last_activity > 1").empty());
}

TEST_CASE("custom fields compare like standard ones", "[segment]") {
  SegmentCrm file;
  file.put("field", {{"key", "plan"}, {"type", "choice"}, {"options", R"(["Basic","Pro"])"}});
  file.put("field", {{"key", "likes"}, {"type", "choices"}, {"options", R"(["a","b\"a","a\\","ab"])"}});
  file.put("field", {{"key", "height"}, {"type", "number"}});
  file.put("field", {{"key", "vegan"}, {"type", "boolean"}});
  file.put("field", {{"key", "seen"}, {"type", "datetime"}});
  std::int64_t a = file.put(
      "lead",
      {{"email", "a@b.se"}, {"plan", "pro"}, {"likes", R"(["a","ab"])"}, {"height", 1.75}, {"vegan", "yes"}});
  std::int64_t b = file.put(
      "lead",
      {{"email", "b@b.se"}, {"plan", "basic"}, {"likes", R"(["b\"a"])"}, {"height", 2}, {"vegan", 0}});
  std::int64_t c = file.put("lead", {{"email", "c@b.se"}, {"likes", R"(["a\\"])"}, {"seen", "2024-02-29"}});
  std::int64_t d = file.lead("d@b.se");
  CHECK(file.found("plan = 'PRO'") == Ids{a});
  CHECK(file.found("plan != 'pro'") == Ids{b, c, d});
  CHECK(file.found("likes contains 'A'") == Ids{a});
  CHECK(file.found("likes contains 'b\"a'") == Ids{b});
  CHECK(file.found("likes contains 'a\\'") == Ids{c});
  CHECK(file.found("likes not contains 'a'") == Ids{b, c, d});
  CHECK(file.found("likes = 'ab,a'") == Ids{a});
  CHECK(file.found("likes is empty") == Ids{d});
  CHECK(file.found("height = 1.75") == Ids{a});
  CHECK(file.found("height > 1.9") == Ids{b});
  CHECK(file.found("not height > 1.9") == Ids{a, c, d});
  CHECK(file.found("vegan = true") == Ids{a});
  CHECK(file.found("vegan = false") == Ids{b});
  CHECK(file.found("vegan != true") == Ids{b, c, d});
  CHECK(file.found("vegan = ?", {"no"}) == Ids{b});
  CHECK(file.found("seen = '2024-02-29'") == Ids{c});
  CHECK(file.leads("vegan = true or seen is not empty") == Ids{a, c});
  CHECK(file.count("height is not empty") == 2);
}

TEST_CASE("other kinds have conditions too", "[segment]") {
  SegmentCrm file;
  std::int64_t group = file.put("category", {{"name", "Membership-Sales"}});
  std::int64_t basic = file.put(
      "tag", {{"name", "Basic-Member"}, {"category", "membership-sales"}, {"expires_after", "30 days"}});
  std::int64_t loose = file.put("tag", {{"name", "Straße"}});
  std::int64_t ada = file.lead("ada@example.com");
  file.assign(ada, "Basic-Member");
  auto tags = [&](std::string_view where, const Args& args = {}) {
    Ids ids = file.found(where, args, "tag");
    CHECK(file.count(where, args, "tag") == static_cast<std::int64_t>(ids.size()));
    return ids;
  };
  CHECK(tags("") == Ids{basic, loose});
  CHECK(tags("category = 'MEMBERSHIP-sales'") == Ids{basic});
  CHECK(tags("category = ?", {group}) == Ids{basic});
  CHECK(tags("category != ?", {"Membership-Sales"}) == Ids{loose});
  CHECK(tags("category is empty") == Ids{loose});
  CHECK(tags("category in ('membership-sales')") == Ids{basic});
  CHECK(tags("name = 'BASIC-member'") == Ids{basic});
  CHECK(tags("name contains 'ic-MEM'") == Ids{basic});
  CHECK(tags("name starts with 'STRASS'") == Ids{loose});
  CHECK(tags("name >= 'C'") == Ids{loose});
  CHECK(tags("expires_after = '30 days'") == Ids{basic});
  CHECK(tags("expires_after >= 1") == Ids{basic});
  CHECK(tags("leads = 1") == Ids{basic});
  CHECK(tags("leads >= 0").size() == 2);
  CHECK(file.found("lead = 'ADA@example.com'", {}, "assignment").size() == 1);
  CHECK(file.found("lead = ? and tag = 'basic-member'", {"id:1"}, "assignment").size() == 1);
  CHECK(file.found("tag = 'straße'", {}, "assignment").empty());
  CHECK(file.count("tags = 1", {}, "category") == 1);
}

TEST_CASE("things of a lead are found by their lead, addresses by their keys", "[segment]") {
  SegmentCrm file;
  std::int64_t ada = file.lead("ada@example.com"), bob = file.lead("bob@example.com");
  std::int64_t work = file.put("address", {{"lead", ada}, {"email", "Ada@Work.Example"}});
  std::int64_t home = file.put("address", {{"lead", bob}, {"email", "bob@exämple.org"}});
  CHECK(file.leads("email = 'ADA@work.example'") == Ids{ada});
  CHECK(file.found("email = 'ADA@work.example'", {}, "address") == Ids{work});
  CHECK(file.found("email != 'ADA@work.example'", {}, "address") == Ids{home});
  CHECK(file.found("email ends with '@Exämple.ORG'", {}, "address") == Ids{home});
  CHECK(file.found("lead = 'ada@work.example'", {}, "address") == Ids{work});
  CHECK(file.found("lead != ?", {ada}, "address") == Ids{home});
  file.put("field", {{"key", "shoe_size"}, {"type", "integer"}});
  CHECK(file.found("lead is empty and kind = 'field.created'", {}, "event").size() == 1);
  CHECK(file.count("lead = 'ada@example.com'", {}, "event") == 2);
  CHECK(file.count("lead = 'ada@example.com'", {}, "event") +
            file.count("lead = 'bob@example.com'", {}, "event") + file.count("lead is empty", {}, "event") ==
        file.count("", {}, "event"));
}

TEST_CASE("a pause of all lists has an empty list", "[segment]") {
  SegmentCrm file;
  std::int64_t ada = file.lead("ada@example.com");
  std::int64_t news = file.put("list", {{"name", "News"}});
  file.write([&](Operation& op) {
    op.db.run("INSERT INTO pause (lead_id, list_id, until, event_id) VALUES ($1, 0, $2, 77)", ada,
              op.now + 1000);
    op.db.run("INSERT INTO pause (lead_id, list_id, until, event_id) VALUES ($1, $3, $2, 78)", ada,
              op.now + 1000, news);
    return 0;
  });
  CHECK(file.found("list is empty", {}, "pause") == Ids{77});
  CHECK(file.found("list = 'news'", {}, "pause") == Ids{78});
  CHECK(file.found("not list = 'news'", {}, "pause") == Ids{77});
}

TEST_CASE("the widest conditions that are taken are answered", "[segment]") {
  Three file;
  std::string wide = "score = 0";
  for (int i = 1; i < 5000; ++i) wide += " or id = 2";
  CHECK(file.leads(wide).size() == 3);
  std::string list = "id in (1";
  for (int i = 1; i < 10000; ++i) list += ", " + std::to_string(i % 3 + 1);
  CHECK(file.leads(list + ")").size() == 3);
  std::string deep, close;
  for (int i = 0; i < 62; ++i) deep += i % 2 == 0 ? "(city = 'Lund' or " : "(id > 0 and ", close += ")";
  CHECK(file.leads(deep + "id = 2" + close) == Ids{file.ada, file.bob});
  CHECK(file.leads("tag 'vip' and (" + deep + "id = 2" + close + ")") == Ids{file.ada, file.bob});
}

TEST_CASE("thousands of addresses in one condition are found at once", "[segment]") {
  Three file;
  std::string many = "email in (?";
  Args args{"ada@example.com"};
  std::vector<std::string> kept;
  for (int i = 1; i < 9000; ++i) {
    many += ",?";
    kept.push_back("x" + std::to_string(i) + "@example.com");
  }
  for (const std::string& one : kept) args.emplace_back(one);
  CHECK(file.leads(many + ")", args) == Ids{file.ada});
}

}  // namespace kith::test
