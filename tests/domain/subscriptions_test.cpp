// Subscribing and leaving, one lead at a time: the rules of consent, each by what it guards against.
#include "domain/subscriptions.h"

#include <catch2/catch.hpp>

#include "domain/consent_crm.h"
#include "model/find.h"

using namespace kith;
using namespace kith::test;

TEST_CASE("subscribing and leaving are in the log with way, states, wording and reason", "[subscriptions]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News");
  std::int64_t ada = crm.lead("ada@example.com");
  std::int64_t joined = crm.database.write(std::vector<Given>{{"by", "checkout"}, {"ip", "192.0.2.7"}}, {}, [&](Operation& op, const Extras&) {
    return subscribe(op, ada, news, subscribe_act("host", "Yes, send me the \"News\"", false));
  });
  CHECK(joined > 0);
  CHECK(crm.one("SELECT kind_id, subject_id, actor, ip, data FROM event WHERE id = " + std::to_string(joined)) ==
        R"(32|1|checkout|192.0.2.7|{"via":"host","from":"none","to":"subscribed","consent":"Yes, send me the \"News\""})");
  CHECK(crm.leave(ada, news, "lead", "too many") > joined);
  CHECK(crm.one("SELECT data FROM event ORDER BY id DESC LIMIT 1") ==
        R"({"via":"lead","from":"subscribed","to":"unsubscribed","reason":"too many"})");
  CHECK(crm.history(ada) == Words{"subscribed", "welcome_wanted", "unsubscribed"});
  CHECK(crm.out_of_step().empty());
}

TEST_CASE("what changes nothing records nothing", "[subscriptions]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News");
  std::int64_t ada = crm.lead("ada@example.com");
  crm.subscribe(ada, news);
  std::string before = crm.one("SELECT MAX(id) FROM event");
  CHECK(crm.subscribe(ada, news) == 0);
  CHECK(crm.subscribe(ada, news, "form") == 0);
  CHECK(crm.subscribe(ada, news, "import", "", true) == 0);
  CHECK(crm.one("SELECT MAX(id) FROM event") == before);
  crm.leave(ada, news);
  CHECK(crm.leave(ada, news) == 0);
}

TEST_CASE("who unsubscribed stays so: host, import, automation and bulk do not bring them back", "[subscriptions][trap]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News", GENERATE("single", "double", "out"));
  std::int64_t ada = crm.lead("ada@example.com");
  crm.leave(ada, news);
  for (std::string_view via : {"host", "import", "automation"}) {
    INFO(via);
    CHECK(refused([&] { crm.subscribe(ada, news, via); }));
    CHECK(refused([&] { crm.subscribe(ada, news, via, "", true); }));
    LeadSet one;
    one.add(ada);
    CHECK(crm.write([&](Operation& op) { return subscribe_all(op, one, news, subscribe_act(via, "All agreed", true)); }) == 0);
    CHECK(crm.state(ada, news) == "unsubscribed");
  }
  CHECK(refused([&] { crm.subscribe(ada, news, "import", "They agreed"); }));
  crm.write([&](Operation& op) {
    const Extras with(std::vector<Given>{{"list", "News"}}, put_extras("lead"), op.now);
    std::vector<Given> fields = {{"email", "ada@example.com"}, {"first_name", "Ada"}};
    CHECK(put_one(op, op.kinds.get("lead"), fields, with).outcome == Outcome::updated);  // the profile, and not the consent
    return 0;
  });
  CHECK(crm.state(ada, news) == "unsubscribed");
  CHECK(crm.why(ada, news) == "unsubscribed");
  CHECK(crm.subscribe(ada, news, "host", "I want it back") > 0);
  CHECK(crm.out_of_step().empty());
}

TEST_CASE("consent older than the leaving brings nobody back", "[subscriptions][trap]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News");
  std::int64_t ada = crm.lead("ada@example.com");
  crm.leave(ada, news);
  auto agree_at = [&](Millis at) {
    return crm.write_with({{"at", Value(at)}}, [&](Operation& op) { return subscribe(op, ada, news, subscribe_act("host", "I agreed once", false)); });
  };
  CHECK(refused([&] { agree_at(crm.clock - one_day); }));
  CHECK(crm.state(ada, news) == "unsubscribed");
  crm.clock += one_day;
  CHECK(agree_at(crm.clock - one_hour) > 0);
  CHECK(crm.state(ada, news) == "subscribed");
}

TEST_CASE("a form does not lower who is subscribed, and answers strangers nothing", "[subscriptions][trap]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News", "double");
  std::int64_t ada = crm.lead("ada@example.com");
  crm.subscribe(ada, news, "host", "", true);
  CHECK(crm.subscribe(ada, news, "form") == 0);
  CHECK(crm.state(ada, news) == "subscribed");
  crm.report(ada, news, {.what = GatewayReport::What::complained});
  crm.lift("ada@example.com", "complaint");
  CHECK(crm.subscribe(ada, news, "form") == 0);  // no refusal that a stranger could see
  CHECK(crm.state(ada, news) == "complained");
}

TEST_CASE("a form brings back who left only by the confirmation that follows it, even on a single opt-in list", "[subscriptions][trap]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News");
  std::int64_t ada = crm.lead("ada@example.com");
  std::string early = crm.token(ada, "confirm", news);
  crm.subscribe(ada, news);
  crm.leave(ada, news);
  CHECK(crm.subscribe(ada, news, "form") > 0);
  CHECK(crm.state(ada, news) == "unsubscribed");
  CHECK(crm.history(ada).back() == "confirm_wanted");
  // The clock stands still: what was made before the leaving is known by the order of events.
  CHECK(refused([&] { crm.confirm(early); }));
  std::string after = crm.token(ada, "confirm", news);
  CHECK(crm.confirm(after) > 0);
  CHECK(crm.state(ada, news) == "subscribed");
}

TEST_CASE("unconfirmed people who ask again are sent the confirmation again, within the limit", "[subscriptions][trap]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News", "double");  // 3 a day
  std::int64_t ada = crm.lead("ada@example.com");
  for (int i = 0; i < 6; ++i) {
    crm.subscribe(ada, news, "form");
    CHECK(crm.asks(ada) == std::min(i + 1, 3));
    CHECK(crm.state(ada, news) == "pending");
  }
  CHECK(crm.one("SELECT data FROM event WHERE kind_id = 31 ORDER BY id LIMIT 1") == R"({"purpose":"confirm","list":"News","via":"form"})");
  crm.clock += one_day;
  CHECK(crm.subscribe(ada, news, "form") > 0);
  CHECK(crm.asks(ada) == 4);
  CHECK(crm.one("SELECT COUNT(*) FROM confirm_wanted") == "1");  // what no limit counts any longer is gone
}

TEST_CASE("nobody can flood a stranger: not by many lists, not by leaving and asking", "[subscriptions][trap]") {
  ConsentCrm crm;
  std::int64_t ada = crm.lead("ada@example.com");
  for (int i = 0; i < 40; ++i) {
    std::int64_t list = crm.list("List " + std::to_string(i), "double");
    for (int again = 0; again < 2; ++again) crm.subscribe(ada, list, "form");
  }
  CHECK(crm.asks(ada) == confirm_most_a_day);
  std::int64_t ben = crm.lead("ben@example.com");
  std::int64_t news = crm.list("News", "double");
  for (int i = 0; i < 10; ++i) {
    crm.subscribe(ben, news, "form");
    crm.leave(ben, news, "form");
  }
  CHECK(crm.asks(ben) == 3);
}

TEST_CASE("asking again gives the whole time again, and a lapse leaves nothing behind", "[subscriptions]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News", "double");
  std::int64_t ada = crm.lead("ada@example.com");
  crm.subscribe(ada, news);
  crm.clock += 13 * one_day;
  crm.subscribe(ada, news);
  crm.clock += 13 * one_day;
  CHECK(crm.state(ada, news) == "pending");
  crm.clock += one_day;
  // The runner has not come.
  CHECK(crm.state(ada, news) == "none");
  crm.read([&](Operation& op) {
    CHECK(leads_on_list(op, news, SubscriptionState::pending).empty());
    CHECK(count_on_list(op, news, SubscriptionState::pending) == 0);
    CHECK(lapses(op, 5) == std::vector<Millis>{crm.clock});
  });
  CHECK(crm.why(ada, news) == "not_subscribed");
  CHECK(crm.run() == 1);
  CHECK(crm.run() == 0);
  CHECK(crm.history(ada).back() == "lapsed");
  CHECK(crm.one("SELECT COUNT(*) FROM subscription") == "0");
  CHECK(crm.out_of_step().empty());
  CHECK(crm.subscribe(ada, news) > 0);
}

TEST_CASE("who left, and was asked again with consent, has left again when nobody confirms", "[subscriptions][trap]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News", "double");
  std::int64_t ada = crm.lead("ada@example.com");
  crm.leave(ada, news);
  CHECK(crm.subscribe(ada, news, "host", "I want it back") > 0);
  CHECK(crm.state(ada, news) == "pending");
  crm.clock += 14 * one_day;
  CHECK(crm.state(ada, news) == "unsubscribed");
  crm.read([&](Operation& op) {
    CHECK(leads_on_list(op, news, SubscriptionState::unsubscribed).contains(ada));
    CHECK(count_on_list(op, news, SubscriptionState::unsubscribed) == 1);
  });
  CHECK(refused([&] { crm.subscribe(ada, news); }));
  crm.run();
  CHECK(crm.state(ada, news) == "unsubscribed");
  CHECK(crm.out_of_step().empty());
}

TEST_CASE("on an opt-out list all are in until they leave", "[subscriptions]") {
  ConsentCrm crm;
  std::int64_t ada = crm.lead("ada@example.com");
  std::int64_t ben = crm.lead("ben@example.com");
  std::int64_t notices = crm.list("Notices", "out");
  auto members = [&] {
    return crm.read([&](Operation& op) {
      RowsPtr list = get_thing(op, op.kinds.get("list"), notices);
      std::int64_t counted = count_on_list(op, notices, SubscriptionState::subscribed);
      CHECK(list->integer(0, list->find("leads")) == counted);
      CHECK(leads_on_list(op, notices, SubscriptionState::subscribed).size() == counted);
      return counted;
    });
  };
  CHECK(members() == 2);
  CHECK(crm.why(ada, notices) == "allowed");
  CHECK(crm.leave(ada, notices) > 0);
  CHECK(members() == 1);
  CHECK(crm.why(ada, notices) == "unsubscribed");
  crm.lead("cy@example.com");
  CHECK(members() == 2);
  CHECK(crm.report(ben, 0, {}) > 0);
  CHECK(crm.state(ben, notices) == "bounced");
  CHECK(members() == 1);
  crm.remove("lead", "ben@example.com");
  CHECK(members() == 1);
}

TEST_CASE("leaving all takes in every list that the lead is on, opt-out lists too, and no other", "[subscriptions]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News");
  std::int64_t offers = crm.list("Offers", "double");
  std::int64_t notices = crm.list("Notices", "out");
  std::int64_t other = crm.list("Other");
  std::int64_t ada = crm.lead("ada@example.com");
  crm.subscribe(ada, news);
  crm.subscribe(ada, offers);
  CHECK(crm.write([&](Operation& op) { return act_on_every_list(op, ada, unsubscribe_act("host", "")); }) > 0);
  CHECK(crm.state(ada, news) == "unsubscribed");
  CHECK(crm.state(ada, offers) == "unsubscribed");
  CHECK(crm.state(ada, notices) == "unsubscribed");
  CHECK(crm.state(ada, other) == "none");
  CHECK(crm.write([&](Operation& op) { return act_on_every_list(op, ada, unsubscribe_act("host", "")); }) == 0);
}

TEST_CASE("bulk consent fires no welcome unless asked, and passes over who may not", "[subscriptions][trap]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News");
  LeadSet all;
  std::vector<std::int64_t> leads;
  for (int i = 0; i < 6; ++i) leads.push_back(crm.lead("lead" + std::to_string(i) + "@example.com"));
  for (std::int64_t lead : leads) all.add(lead);
  crm.leave(leads[0], news);
  crm.suppress("lead1@example.com");
  crm.subscribe(leads[2], news);
  std::string welcomes = crm.one("SELECT COUNT(*) FROM event WHERE kind_id = 39");
  ListAct act = subscribe_act("host", "They ticked the box", false);
  act.welcome = false;
  CHECK(crm.write([&](Operation& op) { return subscribe_all(op, all, news, act); }) == 3);
  CHECK(crm.one("SELECT COUNT(*) FROM event WHERE kind_id = 39") == welcomes);
  CHECK(crm.state(leads[0], news) == "unsubscribed");
  CHECK(crm.state(leads[1], news) == "none");
  CHECK(crm.one("SELECT COUNT(*) FROM subscription WHERE state = 'subscribed'") == "4");
  std::int64_t offers = crm.list("Offers", "double");
  act.welcome = true;
  CHECK(crm.write([&](Operation& op) { return subscribe_all(op, all, offers, act); }) == 5);
  // Each ask is caused by what made that lead pending.
  CHECK(crm.one("SELECT COUNT(*) FROM event e JOIN event c ON c.id = e.cause_id WHERE e.kind_id = 31 AND c.kind_id = 30 AND c.lead_id = "
                "e.lead_id") == "5");
  CHECK(crm.write([&](Operation& op) { return unsubscribe_all(op, all, offers, unsubscribe_act("host", "")); }) == 5);
  CHECK(crm.state(leads[1], offers) == "none");  // not there to be taken off
  CHECK(crm.out_of_step().empty());
}

TEST_CASE("subscribing many takes no more statements than subscribing few", "[subscriptions]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News", "double");
  std::int64_t offers = crm.list("Offers", "double");
  LeadSet some;
  LeadSet many;
  for (int i = 0; i < 1000; ++i) {
    std::int64_t lead = crm.lead("l" + std::to_string(i) + "@example.com");
    (i < 100 ? some : many).add(lead);
  }
  auto statements = [&](const LeadSet& leads, std::int64_t list) {
    return crm.write([&](Operation& op) {
      std::uint64_t before = op.db.statements_run();
      subscribe_all(op, leads, list, subscribe_act("host", "", false));
      return op.db.statements_run() - before;
    });
  };
  std::uint64_t few = statements(some, news);
  CHECK(statements(many, offers) < few + 9 * 100);  // rows are written 64 a statement, those over one by one
}

TEST_CASE("wording and reason have a limit, and anything may stand in them", "[subscriptions]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("N'; DROP TABLE lead; --");
  std::int64_t ada = crm.lead("ada@example.com");
  std::string wording = "\"}'; -- \\ \n\t \xE2\x80\xAE <script>";
  std::int64_t event = crm.subscribe(ada, news, "host", wording);
  CHECK(crm.one("SELECT json_extract(data, '$.consent') = '\"}''; -- \\ ' || char(10) || char(9) || ' ' || char(8238) || ' <script>' FROM event "
                "WHERE id = " +
                std::to_string(event)) == "1");
  CHECK(said_by([&] { crm.subscribe(ada, news, "host", std::string(10001, 'x')); }) == "LIMIT consent: has 10001 characters; at most 10000 are taken");
  CHECK(said_by([&] { crm.leave(ada, news, "host", std::string(2001, 'x')); }) == "LIMIT reason: has 2001 characters; at most 2000 are taken");
}

TEST_CASE("asked again on a list that waits for ever since, a lead does not lapse", "[subscriptions]") {
  bool many = GENERATE(false, true);
  ConsentCrm crm;
  std::int64_t news = crm.list("News", "double");
  std::int64_t ada = crm.lead("ada@example.com");
  crm.subscribe(ada, news);
  CHECK(crm.one("SELECT lapses IS NOT NULL FROM subscription") == "1");
  crm.put("list", {{"name", "News"}, {"lapse_after", Value(0)}});
  crm.clock += one_hour;
  if (many) {
    LeadSet one;
    one.add(ada);
    crm.write([&](Operation& op) { return subscribe_all(op, one, news, subscribe_act("host", "", false)); });
  } else {
    crm.subscribe(ada, news);
  }
  CHECK(crm.history(ada) == Words{"pending", "confirm_wanted", "confirm_wanted"});
  CHECK(crm.one("SELECT lapses FROM subscription") == "-");
  crm.clock += 365 * one_day;
  CHECK(crm.state(ada, news) == "pending");
}
