// Tags that end: random acts against a simple model, with the runner coming late or never.
#include <catch2/catch.hpp>

#include <map>
#include <random>

#include "base/failing.h"
#include "core/run.h"
#include "domain/tags.h"
#include "support/crm.h"

using namespace kith;
using kith::test::Crm;
using kith::test::failure_of;

namespace {

constexpr std::int64_t leads = 12;
constexpr int tags = 4;

// Who has which tag until when (0: for ever), as it counts now.
using Model = std::map<std::pair<std::int64_t, std::int64_t>, Millis>;

bool over(Millis expires, Millis now) { return expires != 0 && expires <= now; }

void forget_past(Model& model, Millis now) {
  std::erase_if(model, [&](const auto& entry) { return over(entry.second, now); });
}

// The sets against the rows, whatever is past its time; and what is answered against the model.
void check(Crm& crm, Model& model, const std::vector<std::int64_t>& live) {
  forget_past(model, crm.clock);
  Model rows;
  Model standing;
  for (const std::string& row : crm.rows("SELECT lead_id, tag_id, COALESCE(expires, 0) FROM lead_tag")) {
    std::int64_t lead = 0, tag = 0, expires = 0;
    REQUIRE(std::sscanf(row.c_str(), "%ld|%ld|%ld", &lead, &tag, &expires) == 3);
    rows[{lead, tag}] = expires;
    if (!over(expires, crm.clock)) standing[{lead, tag}] = expires;
  }
  REQUIRE(standing == model);
  crm.read([&](Operation& op) {
    for (std::int64_t tag : live) {
      LeadSet stored = op.sets.load({SetFamily::tag, tag});
      LeadSet counted = leads_with_tag(op, tag);
      std::int64_t now_has = 0;
      for (std::int64_t lead = 1; lead <= leads; ++lead) {
        REQUIRE(stored.contains(lead) == (rows.count({lead, tag}) > 0));
        REQUIRE(counted.contains(lead) == (model.count({lead, tag}) > 0));
        now_has += static_cast<std::int64_t>(model.count({lead, tag}));
      }
      REQUIRE(count_with_tag(op, tag) == now_has);
      Statement field = op.db.query("SELECT COUNT(*) FROM lead_tag WHERE tag_id = $1 AND (expires IS NULL OR expires > $2)", tag, op.now);
      REQUIRE(field.step());
      REQUIRE(field.integer(0) == now_has);
    }
  });
}

}  // namespace

TEST_CASE("tags that end: many random acts against a model", "[tags]") {
  for (unsigned seed = 1; seed <= 6; ++seed) {
    std::mt19937 random(seed);
    auto below = [&](std::int64_t limit) { return static_cast<std::int64_t>(random() % static_cast<unsigned long>(limit)); };
    Crm crm;
    for (std::int64_t i = 1; i <= leads; ++i) crm.lead("l" + std::to_string(i) + "@x.example");
    std::map<std::int64_t, Millis> lasts;  // of each live tag: how long an assignment lasts, 0: for ever
    int made = 0;
    auto make_tag = [&] {
      std::string name = "T" + std::to_string(++made);
      Millis after = made % 2 == 0 ? 5000 : 0;
      std::int64_t id = after == 0 ? crm.put("tag", {{"name", name}}) : crm.put("tag", {{"name", name}, {"expires_after", Value(after)}});
      lasts[id] = after;
    };
    for (int i = 0; i < tags; ++i) make_tag();
    Model model;
    for (int step = 0; step < 250; ++step) {
      INFO("seed " << seed << ", step " << step);
      std::vector<std::int64_t> live;
      for (const auto& [id, after] : lasts) live.push_back(id);
      std::int64_t tag = live[static_cast<std::size_t>(below(static_cast<std::int64_t>(live.size())))];
      std::int64_t lead = 1 + below(leads);
      Expiry expiry;
      if (below(2) == 0) {
        expiry.given = true;
        if (below(3) != 0) expiry.at = crm.clock + 1000 * (1 + below(8));
      }
      Millis ends = expiry.given ? expiry.at.value_or(0) : lasts[tag] == 0 ? 0 : crm.clock + lasts[tag];
      LeadSet some;
      for (std::int64_t i = 1; i <= leads; ++i) {
        if (below(2) == 0) some.add(i);
      }
      forget_past(model, crm.clock);
      switch (below(9)) {
        case 0:
        case 1: {
          std::int64_t event = crm.write([&](Operation& op) { return assign_tag(op, lead, tag, expiry); });
          auto had = model.find({lead, tag});
          REQUIRE((event == 0) == (had != model.end() && had->second == ends));
          model[{lead, tag}] = ends;
          break;
        }
        case 2: {
          std::int64_t event = crm.write([&](Operation& op) { return unassign_tag(op, lead, tag); });
          REQUIRE((event != 0) == (model.erase({lead, tag}) > 0));
          break;
        }
        case 3: {
          std::int64_t changed = crm.write([&](Operation& op) { return assign_tag_to(op, some, tag, expiry); });
          std::int64_t expected = 0;
          some.each([&](std::int64_t one) {
            auto [place, fresh] = model.try_emplace({one, tag}, ends);
            if (fresh || place->second != ends) ++expected;
            place->second = ends;
          });
          REQUIRE(changed == expected);
          break;
        }
        case 4: {
          std::int64_t changed = crm.write([&](Operation& op) { return unassign_tag_from(op, some, tag); });
          std::int64_t expected = 0;
          some.each([&](std::int64_t one) { expected += static_cast<std::int64_t>(model.erase({one, tag})); });
          REQUIRE(changed == expected);
          break;
        }
        case 5: {
          if (live.size() < 3 || below(3) != 0) break;
          std::int64_t other = live[0] == tag ? live[1] : live[0];
          crm.write([&](Operation& op) { return merge_tags(op, tag, other); });
          for (std::int64_t one = 1; one <= leads; ++one) {
            auto theirs = model.find({one, other});
            if (theirs == model.end()) continue;
            Millis until = theirs->second;
            model.erase(theirs);
            auto [ours, fresh] = model.try_emplace({one, tag}, until);
            if (!fresh) ours->second = ours->second == 0 || until == 0 ? 0 : std::max(ours->second, until);
          }
          lasts.erase(other);
          break;
        }
        case 6: {
          if (live.size() < 3 || below(3) != 0) break;
          crm.remove("tag", "id:" + std::to_string(tag));
          std::erase_if(model, [&](const auto& entry) { return entry.first.second == tag; });
          lasts.erase(tag);
          make_tag();
          break;
        }
        case 7: crm.clock += 500 * below(6); break;
        default: {
          std::int64_t limit = below(4);
          std::int64_t due = std::stoll(crm.one("SELECT COUNT(*) FROM lead_tag WHERE expires <= " + std::to_string(crm.clock)));
          RunResult result = run_due(crm.database, limit);
          REQUIRE(result.done == (limit == 0 ? due : std::min(limit, due)));
          std::string next = crm.one("SELECT COALESCE(MIN(expires), 0) FROM lead_tag");
          REQUIRE(std::to_string(result.next) == next);
        }
      }
      live.clear();
      for (const auto& [id, after] : lasts) live.push_back(id);
      check(crm, model, live);
    }
    // What was told: each assignment has one beginning and at most one end, in turn.
    run_due(crm.database, 0);
    CHECK(crm.one("SELECT COUNT(*) FROM event WHERE kind_id = 22 AND data IS NULL") == "0");  // each says what its time was
    CHECK(crm.one("SELECT COUNT(*) FROM lead_tag a LEFT JOIN event e ON e.id = a.event_id WHERE e.kind_id IS NOT 20 OR e.lead_id <> a.lead_id") == "0");
  }
}

TEST_CASE("the runner ends a batch of tags with one event each and says when to come again", "[tags][run]") {
  Crm crm;
  std::int64_t two = crm.put("tag", {{"name", "two"}});
  std::int64_t one = crm.put("tag", {{"name", "one"}});
  for (int i = 1; i <= 5; ++i) crm.lead("l" + std::to_string(i) + "@x.example");
  LeadSet all = LeadSet::up_to(5);
  crm.write([&](Operation& op) {
    assign_tag_to(op, all, two, {true, crm.clock + 10});
    return assign_tag_to(op, all, one, {true, crm.clock + 20});
  });
  RunResult early = run_due(crm.database, 0);
  CHECK(early.done == 0);
  CHECK(early.next == crm.clock + 10);
  crm.clock += 15;
  RunResult some = run_due(crm.database, 3);
  CHECK(some.done == 3);
  CHECK(some.next == crm.clock - 5);  // two are late already
  RunResult rest = run_due(crm.database, 0);
  CHECK(rest.done == 2);
  CHECK(rest.next == crm.clock + 5);
  crm.clock += 100;
  CHECK(run_due(crm.database, 0).done == 5);
  CHECK(run_due(crm.database, 0).next == 0);
  CHECK(crm.one("SELECT COUNT(*) FROM lead_tag") == "0");
  CHECK(crm.one("SELECT COUNT(*) FROM lead_set WHERE family = 2") == "0");
  CHECK(crm.rows("SELECT lead_id, subject_id, COUNT(*) FROM event WHERE kind_id = 22 GROUP BY lead_id, subject_id HAVING COUNT(*) <> 1").empty());
  CHECK(crm.one("SELECT COUNT(*) FROM event WHERE kind_id = 22") == "10");
  CHECK(crm.one("SELECT data FROM event WHERE kind_id = 22 ORDER BY id LIMIT 1") == "{\"expires\":1700000000010}");
}

TEST_CASE("more than a batch of tags ends in one run", "[tags][run]") {
  Crm crm;
  std::int64_t tag = crm.put("tag", {{"name", "T"}});
  crm.write([&](Operation& op) {
    op.ids.next("lead", 2500);
    return assign_tag_to(op, LeadSet::up_to(2500), tag, {true, crm.clock + 1});
  });
  crm.clock += 1;
  crm.read([&](Operation& op) { CHECK(count_with_tag(op, tag) == 0); });
  RunResult result = run_due(crm.database, 0);
  CHECK(result.done == 2500);
  CHECK(result.next == 0);
  CHECK(crm.one("SELECT COUNT(*) FROM event WHERE kind_id = 22") == "2500");
}

TEST_CASE("a merge of tags tells nobody of the end of a tag that they never had", "[tags]") {
  Crm crm;
  crm.lead("a@x.example");
  std::int64_t keep = crm.put("tag", {{"name", "keep"}});
  std::int64_t gone = crm.put("tag", {{"name", "gone"}});
  crm.write([&](Operation& op) { return assign_tag(op, 1, gone, {true, crm.clock + 10}); });
  crm.clock += 20;
  crm.write([&](Operation& op) { return merge_tags(op, keep, gone); });
  run_due(crm.database, 0);
  CHECK(crm.rows("SELECT kind_id, subject_id FROM event WHERE lead_id = 1 AND kind_id = 22") ==
        std::vector<std::string>{"22|" + std::to_string(gone)});
  CHECK(crm.one("SELECT COUNT(*) FROM lead_tag") == "0");
}

TEST_CASE("an assignment for a very long time ends with the calendar", "[tags][trap]") {
  Crm crm;
  std::int64_t ada = crm.lead("ada@example.com");
  // Neither more than the calendar has, however it is said.
  for (const Value& wrong : {Value(INT64_MAX), Value(longest_duration + 1), Value("9223372036854775807"), Value("90000000 weeks")}) {
    std::optional<Failure> failure = failure_of([&] { crm.put("tag", {{"name", "Long"}, {"expires_after", wrong}}); });
    REQUIRE(failure);
    CHECK(failure->status() == Status::invalid);
    CHECK(failure->field() == "expires_after");
  }
  int number = 0;
  for (const Value& length : {Value("500000 weeks"), Value(longest_duration), Value(latest_time - crm.clock + 1)}) {
    std::int64_t tag = crm.put("tag", {{"name", "Long" + std::to_string(++number)}, {"expires_after", length}});
    crm.write([&](Operation& op) { return assign_tag(op, ada, tag, {}); });
    LeadSet one;
    one.add(ada);
    crm.write([&](Operation& op) { return assign_tag_to(op, one, tag, {}); });
  }
  CHECK(crm.rows("SELECT DISTINCT expires FROM lead_tag") == std::vector<std::string>{std::to_string(latest_time)});
  std::int64_t day_less = crm.put("tag", {{"name", "Less"}, {"expires_after", Value(latest_time - crm.clock - one_day)}});
  crm.write([&](Operation& op) { return assign_tag(op, ada, day_less, {}); });
  CHECK(crm.one("SELECT MIN(expires) FROM lead_tag") == std::to_string(latest_time - one_day));
}

TEST_CASE("assignments that end with their tag follow its date, and those with an end of their own do not", "[tags]") {
  Crm crm;
  for (int i = 1; i <= 4; ++i) crm.lead("l" + std::to_string(i) + "@x.example");
  std::int64_t tag = crm.put("tag", {{"name", "Trial"}});
  auto assign = [&](std::int64_t lead, const Expiry& expiry) {
    crm.write([&](Operation& op) { return assign_tag(op, lead, tag, expiry); });
  };
  auto ends = [&] { return crm.rows("SELECT lead_id, COALESCE(expires, 0) FROM lead_tag ORDER BY lead_id"); };
  auto row = [](std::int64_t lead, Millis expires) { return std::to_string(lead) + "|" + std::to_string(expires); };
  auto date = [&](Value expires) { crm.put("tag", {{"name", "Trial"}, {"expires", expires}}); };
  Millis first = crm.clock + 1000, own = crm.clock + 5000, second = crm.clock + 9000;
  assign(1, {});
  assign(2, {true, own});
  date(Value(first));
  CHECK(ends() == std::vector<std::string>{row(1, first), row(2, own)});
  CHECK(crm.one("SELECT lead_id, subject_id, data FROM event WHERE kind_id = 23 ORDER BY id DESC LIMIT 1") ==
        "1|" + std::to_string(tag) + "|{\"changes\":{\"expires\":[null," + std::to_string(first) + "]}}");
  assign(3, {true, std::nullopt});  // for ever, whatever the tag says
  assign(4, {});
  date(Value(second));
  CHECK(ends() == std::vector<std::string>{row(1, second), row(2, own), row(3, 0), row(4, second)});
  std::string extended = crm.one("SELECT COUNT(*) FROM event WHERE kind_id = 23");
  CHECK(extended == "3");
  crm.put("tag", {{"name", "Trial"}, {"description", "a month"}, {"expires", Value(second)}});
  CHECK(crm.one("SELECT COUNT(*) FROM event WHERE kind_id = 23") == extended);  // no other date
  crm.clock = second + 1;
  date(nullptr);  // what is over stays over
  CHECK(ends() == std::vector<std::string>{row(3, 0)});
  CHECK(crm.one("SELECT COUNT(*) FROM event WHERE kind_id = 22") == "3");
  date(Value(crm.clock + 10));
  assign(1, {});
  date(nullptr);
  CHECK(crm.one("SELECT COALESCE(expires, 0) FROM lead_tag WHERE lead_id = 1") == "0");
}

TEST_CASE("a date on a tag whose assignments last a time leaves those to their own", "[tags]") {
  Crm crm;
  crm.lead("a@x.example");
  crm.lead("b@x.example");
  std::int64_t tag = crm.put("tag", {{"name", "T"}, {"expires_after", "1 day"}});
  crm.write([&](Operation& op) { return assign_tag(op, 1, tag, {}); });
  crm.write([&](Operation& op) { return assign_tag(op, 2, tag, {true, std::nullopt}); });
  crm.put("tag", {{"name", "T"}, {"expires_after", nullptr}, {"expires", Value(crm.clock + 500)}});
  CHECK(crm.rows("SELECT COALESCE(expires, 0) FROM lead_tag ORDER BY lead_id") ==
        std::vector<std::string>{std::to_string(crm.clock + one_day), "0"});
}
