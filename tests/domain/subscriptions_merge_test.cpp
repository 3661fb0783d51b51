// Merging what two leads are on lists: the lead's own latest act wins, failing that the stricter state.
#include <catch2/catch.hpp>

#include "domain/consent_crm.h"

using namespace kith;
using namespace kith::test;

namespace {

using enum SubscriptionState;

class Pair {
 public:
  Pair() : news(crm.list("News", "double")), ada(crm.lead("ada@example.com")), ben(crm.lead("ben@example.com")) {}
  void merge() {
    crm.write([&](Operation& op) {
      merge_subscriptions(op, ada, ben);
      return 0;
    });
    CHECK(crm.out_of_step().empty());
    CHECK(crm.one("SELECT COUNT(*) FROM subscription WHERE lead_id = 2") == "0");
  }
  ConsentCrm crm;
  std::int64_t news, ada, ben;
};

}  // namespace

TEST_CASE("the latest act of the lead's own wins, on whichever of the two", "[merge][trap]") {
  Pair pair;
  bool leaves_later = GENERATE(true, false);
  bool survivor_left = GENERATE(true, false);
  std::int64_t left = survivor_left ? pair.ada : pair.ben;
  std::int64_t confirmed = survivor_left ? pair.ben : pair.ada;
  auto leave = [&] { pair.crm.leave(left, pair.news, "lead"); };
  auto confirm = [&] { pair.crm.confirm(pair.crm.token(confirmed, "confirm", pair.news)); };
  if (leaves_later) confirm();
  else leave();
  pair.crm.clock += 1;
  if (leaves_later) leave();
  else confirm();
  pair.merge();
  CHECK(pair.crm.state(pair.ada, pair.news) == (leaves_later ? "unsubscribed" : "subscribed"));
}

TEST_CASE("leaving is never undone by what the host or an import did", "[merge][trap]") {
  Pair pair;
  bool survivor_left = GENERATE(true, false);
  std::int64_t left = survivor_left ? pair.ada : pair.ben;
  std::int64_t other = survivor_left ? pair.ben : pair.ada;
  pair.crm.leave(left, pair.news, GENERATE("host", "lead", "import", "automation"));
  pair.crm.clock += one_day;
  pair.crm.subscribe(other, pair.news, "import", "", true);
  pair.merge();
  CHECK(pair.crm.state(pair.ada, pair.news) == "unsubscribed");
}

TEST_CASE("at one and the same time the stricter wins", "[merge]") {
  Pair pair;
  pair.crm.leave(pair.ben, pair.news);
  pair.crm.confirm(pair.crm.token(pair.ada, "confirm", pair.news));
  pair.merge();
  CHECK(pair.crm.state(pair.ada, pair.news) == "unsubscribed");
  CHECK(pair.crm.history(pair.ada).back() == "unsubscribed");
  CHECK(pair.crm.one("SELECT data FROM event ORDER BY id DESC LIMIT 1") == R"({"via":"merge","from":"subscribed","to":"unsubscribed"})");
}

TEST_CASE("without acts of their own the stricter state stands", "[merge]") {
  Pair pair;
  pair.crm.subscribe(pair.ada, pair.news, "import", "", true);
  pair.crm.subscribe(pair.ben, pair.news, "import", "", true);
  pair.crm.report(pair.ben, pair.news, {});
  pair.merge();
  CHECK(pair.crm.state(pair.ada, pair.news) == "bounced");
}

TEST_CASE("a list on which one of them stands is simply taken over, with its history's time", "[merge]") {
  Pair pair;
  pair.crm.subscribe(pair.ben, pair.news);
  Millis asked = pair.crm.clock;
  std::string events = pair.crm.one("SELECT COUNT(*) FROM event");
  pair.crm.clock += one_hour;
  pair.merge();
  CHECK(pair.crm.one("SELECT lead_id, state, since, lapses FROM subscription") ==
        "1|pending|" + std::to_string(asked) + "|" + std::to_string(asked + 14 * one_day));
  CHECK(pair.crm.one("SELECT COUNT(*) FROM event") == events);
  CHECK(pair.crm.one("SELECT COUNT(*) FROM confirm_wanted WHERE lead_id = 1") == "1");  // the limit goes on counting
  CHECK(pair.crm.one("SELECT COUNT(*) FROM subscription WHERE lead_id = 1 AND event_id IN (SELECT id FROM event)") == "1");
}

TEST_CASE("what has lapsed on either side does not come along", "[merge]") {
  Pair pair;
  pair.crm.subscribe(pair.ben, pair.news);
  pair.crm.clock += 14 * one_day;
  pair.crm.subscribe(pair.ada, pair.news, "host", "", true);
  pair.merge();
  CHECK(pair.crm.state(pair.ada, pair.news) == "subscribed");
}

TEST_CASE("a block of the absorbed lead's own choice goes on holding", "[merge][trap]") {
  Pair pair;
  pair.crm.suppress("ben@example.com");
  pair.merge();
  pair.crm.write([&](Operation& op) {  // as a merge does with addresses
    op.db.run("UPDATE lead_key SET lead_id = 1, role = 0 WHERE lead_id = 2");
    op.db.run("INSERT INTO lead_email (lead_id, id, email, email_key, created) VALUES (1, 99, 'ben@example.com', 'ben@example.com', 0)");
    return 0;
  });
  CHECK(pair.crm.why(pair.ada, 0) == "suppressed");
}
