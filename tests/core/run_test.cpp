// Doing what is due: in the order of time whatever it is, so that a limit lets nobody starve.
#include "core/run.h"

#include <catch2/catch.hpp>
#include <limits>
#include <random>

#include "domain/pauses.h"
#include "domain/subscriptions.h"
#include "domain/tags.h"
#include "support/crm.h"

using namespace kith;
using kith::test::Crm;

namespace {

using Lines = std::vector<std::string>;

constexpr Millis hour = 3'600'000;

// What ran since event `id`: its kind and the lead, in the order of the log.
Lines ran(Crm& crm, std::int64_t id = 0) {
  return crm.rows("SELECT k.name || ' ' || e.lead_id FROM event e JOIN event_kind k ON k.id = e.kind_id WHERE e.id > " + std::to_string(id) +
                  " AND k.name IN ('tag.expired', 'subscription.lapsed', 'messages.resumed') ORDER BY e.id");
}

struct Waiting {
  Crm crm;
  std::int64_t tag = crm.put("tag", {{"name", "T"}});
  std::int64_t list = 0;

  explicit Waiting(int leads) {
    list = crm.put("list", {{"name", "L"}, {"opt_in", "double"}, {"lapse_after", Value(std::int64_t{50} * hour)}});
    for (int i = 0; i < leads; ++i) crm.lead("l" + std::to_string(i) + "@x.example");
  }
  void expires(std::int64_t lead, Millis at) {
    crm.write([&](Operation& op) { return assign_tag(op, lead, tag, {true, at}); });
  }
  // The list's wait is fixed, so the clock says when it ends.
  void lapses(std::int64_t lead, Millis at) {
    Millis now = crm.clock;
    crm.clock = at - 50 * hour;
    crm.write([&](Operation& op) { return subscribe(op, lead, list, subscribe_act("host", "", false)); });
    crm.clock = now;
  }
  void resumes(std::int64_t lead, Millis at) {
    crm.write([&](Operation& op) { return pause_messages(op, lead, list, at, ""); });
  }
};

}  // namespace

TEST_CASE("what is due is done in the order of time, whatever it is", "[run]") {
  Waiting waiting(6);
  Millis start = waiting.crm.clock;
  waiting.expires(6, start + 6 * hour);
  waiting.expires(3, start + 2 * hour);
  waiting.resumes(1, start + 3 * hour);
  waiting.lapses(2, start + 1 * hour);
  waiting.lapses(4, start + 5 * hour);
  waiting.resumes(5, start + 4 * hour);
  waiting.expires(1, start + 4 * hour);  // as a pause at the same time: in the order of the kinds
  waiting.crm.clock = start + 5 * hour;
  Lines order = {"subscription.lapsed 2", "tag.expired 3", "messages.resumed 1", "tag.expired 1", "messages.resumed 5", "subscription.lapsed 4"};
  SECTION("in one run") {
    RunResult result = run_due(waiting.crm.database, 0);
    CHECK(result.done == 6);
    CHECK(result.next == start + 6 * hour);
    CHECK(ran(waiting.crm) == order);
  }
  SECTION("one at a time") {
    for (std::size_t i = 0; i < order.size(); ++i) {
      RunResult result = run_due(waiting.crm.database, 1);
      CHECK(result.done == 1);
      CHECK(ran(waiting.crm) == Lines(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(i) + 1));
    }
    CHECK(run_due(waiting.crm.database, 1).done == 0);
  }
}

TEST_CASE("runs of any limit do the same in the same order", "[run]") {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    Lines first;
    for (std::int64_t limit : {0, 1, 3, 7}) {
      INFO("seed " << seed << ", limit " << limit);
      std::mt19937 random(seed);
      Waiting waiting(20);
      Millis start = waiting.crm.clock;
      for (std::int64_t lead = 1; lead <= 20; ++lead) {
        if (random() % 3 != 0) waiting.expires(lead, start + 1 + random() % 10);
        if (random() % 3 != 0) waiting.lapses(lead, start + 1 + random() % 10);
        if (random() % 3 != 0) waiting.resumes(lead, start + 1 + random() % 10);
      }
      waiting.crm.clock = start + 8;
      while (run_due(waiting.crm.database, limit).done > 0) {}
      waiting.crm.clock = start + 20;
      while (run_due(waiting.crm.database, limit).done > 0) {}
      if (limit == 0) first = ran(waiting.crm);
      CHECK(ran(waiting.crm) == first);
      CHECK(waiting.crm.one("SELECT (SELECT COUNT(*) FROM lead_tag) + (SELECT COUNT(*) FROM subscription) + (SELECT COUNT(*) FROM pause)") == "0");
    }
  }
}

TEST_CASE("a limited run lets no kind starve while another goes on", "[run]") {
  Waiting waiting(50);
  Millis start = waiting.crm.clock;
  waiting.lapses(1, start + hour);
  waiting.resumes(2, start + hour);
  for (std::int64_t lead = 1; lead <= 50; ++lead) waiting.expires(lead, start + 2 * hour);
  waiting.crm.clock = start + 3 * hour;
  CHECK(run_due(waiting.crm.database, 2).done == 2);
  CHECK(ran(waiting.crm) == Lines{"subscription.lapsed 1", "messages.resumed 2"});
}

TEST_CASE("a run that is hindered after some of it tells what it did, and asks for a call at once", "[run]") {
  // The clock fails once the first batch of 1,000 is there: no other way into the middle of a run is as plain.
  struct Watch {
    Millis time = 1'700'000'000'000;
    int left = -1;  // how often it is asked before it fails; -1: never
  } watch;
  DatabaseSettings settings;
  settings.file.memory = true;
  settings.user = &watch;
  settings.now = [](void* user) -> std::int64_t {
    auto* own = static_cast<Watch*>(user);
    if (own->left == 0) return latest_time + 1;
    if (own->left > 0) --own->left;
    return own->time;
  };
  Database database(settings);
  constexpr std::int64_t leads = 1500;
  database.write({}, {}, [&](Operation& op, const Extras& none) {
    std::vector<Given> tag = {{"name", "T"}};
    std::int64_t id = put_one(op, op.kinds.get("tag"), tag, none).id;
    for (std::int64_t lead = 1; lead <= leads; ++lead) {
      std::string email = "l" + std::to_string(lead) + "@x.example";
      std::vector<Given> fields = {{"email", email}};
      put_one(op, op.kinds.get("lead"), fields, none);
      assign_tag(op, lead, id, {true, op.now + 5});
    }
    return 0;
  });
  watch.time += 10;
  auto assigned = [&] {
    return database.read([](Operation& op) {
      Statement row = op.db.prepare("SELECT COUNT(*) FROM lead_tag");
      return row.step() ? row.integer(0) : -1;
    });
  };
  watch.left = 0;
  CHECK_THROWS_AS(run_due(database, 0), Failure);  // nothing is done: it fails
  watch.left = 1;
  RunResult result = run_due(database, 0);
  CHECK(result.done == 1000);
  CHECK(result.next == watch.time);
  watch.left = -1;
  CHECK(assigned() == leads - 1000);
  watch.left = 2;  // all batches are done; what looks for the next time fails
  result = run_due(database, 500);
  CHECK(result.done == 500);
  watch.left = -1;
  CHECK(assigned() == 0);
  CHECK(run_due(database, 0).next == 0);
}

TEST_CASE("a clock outside the years 1 to 9999 is refused", "[run]") {
  Crm crm;
  for (Millis wrong : {earliest_time - 1, latest_time + 1, std::numeric_limits<Millis>::max(), std::numeric_limits<Millis>::min()}) {
    crm.clock = wrong;
    try {
      crm.lead("a@x.example");
      FAIL("taken");
    } catch (const Failure& failure) {
      CHECK(failure.status() == Status::invalid);
      CHECK(failure.field() == "now");
    }
  }
  for (Millis right : {earliest_time, latest_time}) {
    crm.clock = right;
    CHECK_NOTHROW(crm.one("SELECT COUNT(*) FROM lead"));
  }
}
