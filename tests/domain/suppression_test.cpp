// What must not be contacted: by address, domain and phone, through leads that come, change and go; and whether a
// message may be sent.
#include "domain/suppression.h"

#include <catch2/catch.hpp>

#include "domain/consent_crm.h"

using namespace kith;
using namespace kith::test;

namespace {

bool blocked(ConsentCrm& crm, std::int64_t lead, Channel channel = Channel::email) {
  return crm.read([&](Operation& op) { return suppression_of(op, lead, channel).has_value(); });
}

}  // namespace

TEST_CASE("reasons stack, and lifting one leaves the others and every subscription", "[suppression][trap]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News");
  std::int64_t ada = crm.lead("Ada@Example.com");
  crm.subscribe(ada, news);
  crm.leave(ada, news);
  CHECK(crm.suppress("ada@example.COM", {.note = "asked on the phone"}) > 0);
  CHECK(crm.suppress("ada@example.com") == 0);  // the same again
  CHECK(crm.suppress("ada@example.com", {.reason = "complaint", .channel = "email"}) > 0);
  CHECK(crm.lift("ADA@example.com") > 0);
  CHECK(blocked(crm, ada));
  CHECK(crm.lift("ada@example.com", "complaint", "sms") == 0);  // not on this channel
  CHECK(crm.lift("ada@example.com", "complaint") > 0);          // on whichever it is
  CHECK_FALSE(blocked(crm, ada));
  CHECK(crm.state(ada, news) == "unsubscribed");  // lifting a block subscribes nobody
  CHECK(crm.why(ada, news) == "unsubscribed");
  CHECK(crm.one("SELECT COUNT(*) FROM suppression") == "0");
}

TEST_CASE("suppression outlives the lead, and comes back with the address", "[suppression][trap]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News");
  std::int64_t ada = crm.lead("ada@example.com");
  crm.suppress("ada@example.com");
  crm.remove("lead", "ada@example.com");
  std::int64_t again = crm.lead("ada@example.com");
  CHECK(again != ada);
  CHECK(blocked(crm, again));
  CHECK(refused([&] { crm.subscribe(again, news); }));
  crm.remove("list", "News");
  CHECK(crm.one("SELECT COUNT(*) FROM suppression") == "1");
}

TEST_CASE("a suppressed address refuses every way of subscribing, and no way of leaving", "[suppression]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News");
  std::int64_t ada = crm.lead("ada@example.com");
  std::string confirm = crm.token(ada, "confirm", news);
  crm.suppress("@example.com");
  for (std::string_view via : {"host", "form", "import", "automation"}) {
    CHECK(refused([&] { crm.subscribe(ada, news, via); }));
    CHECK(refused([&] { crm.subscribe(ada, news, via, "agreed", true); }));
  }
  CHECK(refused([&] { crm.confirm(confirm); }));
  CHECK(crm.choose(ada, {{"News", Value(1)}}) == 0);
  CHECK(crm.leave(ada, news) > 0);
  // A put goes on without the list.
  crm.write([&](Operation& op) {
    const Extras with(std::vector<Given>{{"list", "News"}}, put_extras("lead"), op.now);
    std::vector<Given> fields = {{"email", "ben@example.com"}};
    CHECK(put_one(op, op.kinds.get("lead"), fields, with).outcome == Outcome::created);
    return 0;
  });
  CHECK(crm.one("SELECT COUNT(*) FROM subscription WHERE lead_id = 2") == "0");
}

TEST_CASE("correcting a typo frees the lead, and a domain is that domain only", "[suppression]") {
  ConsentCrm crm;
  std::int64_t ada = crm.lead("ada@exmaple.com");
  crm.report(ada, 0, {});
  CHECK(blocked(crm, ada));
  crm.put("lead", {{"id", ada}, {"email", "ada@example.com"}});
  CHECK_FALSE(blocked(crm, ada));
  crm.suppress("@EXAMPLE.com");
  CHECK(blocked(crm, ada));
  std::int64_t below = crm.lead("ada@mail.example.com");
  CHECK_FALSE(blocked(crm, below));
  std::int64_t idn = crm.lead("li@bücher.example");
  crm.suppress("@BÜCHER.example");
  CHECK(blocked(crm, idn));
}

TEST_CASE("what is about the person holds for each of their addresses, a bounce for the address alone", "[suppression][trap]") {
  ConsentCrm crm;
  std::int64_t ada = crm.put("lead", {{"email", "ada@example.com"}, {"phone", "+46 70 123 45 67"}});
  crm.put("address", {{"lead", ada}, {"email", "ada@old.example"}});
  crm.suppress("ada@old.example", {.reason = "hard_bounce", .channel = "email"});
  CHECK_FALSE(blocked(crm, ada));
  crm.suppress("ada@old.example", {.reason = "complaint", .channel = "email"});
  CHECK(blocked(crm, ada));
  CHECK_FALSE(blocked(crm, ada, Channel::sms));
  crm.suppress("ada@old.example");  // by hand, on all channels
  CHECK(blocked(crm, ada, Channel::sms));
  crm.lift("ada@old.example");
  crm.lift("ada@old.example", "complaint");
  crm.suppress("tel:0046701234567", {.reason = "stop", .channel = "sms"});
  CHECK(blocked(crm, ada, Channel::sms));
  CHECK_FALSE(blocked(crm, ada));
  crm.suppress("tel:+46 70-123 45 67");
  CHECK(blocked(crm, ada));
}

TEST_CASE("a list of two channels is closed only when both are", "[suppression]") {
  ConsentCrm crm;
  std::int64_t both = crm.put("list", {{"name", "Both"}, {"channels", "email,sms"}});
  std::int64_t sms = crm.put("list", {{"name", "SMS"}, {"channels", "sms"}});
  std::int64_t ada = crm.put("lead", {{"email", "ada@example.com"}, {"phone", "+46701234567"}});
  std::int64_t ben = crm.lead("ben@example.com");
  crm.suppress("ada@example.com", {.reason = "hard_bounce", .channel = "email"});
  crm.suppress("ben@example.com", {.reason = "hard_bounce", .channel = "email"});
  CHECK(crm.subscribe(ada, both) > 0);
  CHECK(crm.subscribe(ada, sms) > 0);
  CHECK(refused([&] { crm.subscribe(ben, both); }));  // has no phone
  CHECK(crm.subscribe(ben, sms) > 0);
  CHECK(crm.why(ada, both) == "suppressed");
  CHECK(crm.why(ada, both, Channel::sms) == "allowed");
  CHECK(crm.why(ben, sms, Channel::sms) == "no_address");
  CHECK(crm.why(ada, sms) == "channel");
  crm.suppress("tel:+46701234567", {.reason = "stop", .channel = "sms"});
  CHECK(refused([&] { crm.subscribe(ada, both); }));
}

TEST_CASE("many leads are found suppressed as one by one", "[suppression]") {
  ConsentCrm crm;
  constexpr int count = 2600;  // more than are looked at one by one
  std::vector<std::string> emails;
  LeadSet all;
  for (int i = 0; i < count; ++i) {
    std::string email = "l" + std::to_string(i) + "@" + (i % 5 == 0 ? "blocked.example" : i % 3 == 0 ? "b.example" : "c.example");
    std::string phone = "+4670" + std::to_string(1000000 + i);
    std::int64_t lead = i % 2 == 0 ? crm.put("lead", {{"email", email}, {"phone", phone}}) : crm.lead(email);
    if (i % 11 == 0) crm.put("address", {{"lead", lead}, {"email", "other" + std::to_string(i) + "@example.com"}});
    all.add(lead);
  }
  for (const char* channels : {"email", "sms", "email,sms"}) crm.put("list", {{"name", channels}, {"channels", channels}});
  crm.suppress("@blocked.example", {.channel = "email"});
  for (int i = 0; i < count; i += 7) {
    crm.suppress("l" + std::to_string(i) + "@c.example", {.reason = i % 2 == 0 ? "manual" : "hard_bounce", .channel = i % 3 == 0 ? "email" : "all"});
    crm.suppress("tel:+4670" + std::to_string(1000000 + i), {.reason = "stop", .channel = "sms"});
  }
  for (int i = 0; i < count; i += 33) crm.suppress("other" + std::to_string(i) + "@example.com", {.reason = i % 2 == 0 ? "manual" : "hard_bounce"});
  crm.read([&](Operation& op) {
    for (std::int64_t id : {1, 2, 3}) {
      List list = load_list(op, id);
      LeadSet expected;
      all.each([&](std::int64_t lead) {
        if (suppressed_on(op, lead, list)) expected.add(lead);
      });
      INFO(list.name);
      CHECK(expected.size() > 20);
      CHECK(expected.size() < count);
      CHECK(suppressed_among(op, all, list) == expected);
      LeadSet few;
      for (std::int64_t lead = 1; lead < 300; ++lead) few.add(lead);
      LeadSet expected_few = expected;
      expected_few &= few;
      CHECK(suppressed_among(op, few, list) == expected_few);
    }
  });
}

TEST_CASE("an erased address is kept as a hash and nothing more", "[suppression]") {
  ConsentCrm crm;
  crm.suppress("ada@example.com", {.reason = "complaint", .channel = "email", .note = "ada@example.com said so"});
  bool keep = GENERATE(true, false);
  crm.write([&](Operation& op) {
    suppress_erased(op, "ada@example.com", keep);
    suppress_erased(op, "ada@example.com", keep);  // erased twice
    return 0;
  });
  CHECK(crm.rows("SELECT reason, target, note FROM suppression ORDER BY reason") ==
        (keep ? Words{"complaint|-|-", "erased|-|-"} : Words{"complaint|-|-"}));
  CHECK(crm.one("SELECT COUNT(*) FROM event WHERE data LIKE '%ada@%'") == "0");
  std::int64_t again = crm.lead("ada@example.com");
  CHECK(blocked(crm, again));
  crm.lift("ada@example.com", "complaint");
  CHECK(blocked(crm, again) == keep);
}

TEST_CASE("a suppression is read as a thing, and removing it lifts it", "[suppression]") {
  ConsentCrm crm;
  std::int64_t ada = crm.lead("ada@example.com");
  crm.suppress("ada@example.com");
  CHECK(refused([&] { crm.put("suppression", {{"target", "x@example.com"}}); }));
  std::int64_t event = crm.remove("suppression", "id:1");
  CHECK(crm.one("SELECT kind_id, lead_id, subject_id FROM event WHERE id = " + std::to_string(event)) == "13|" + std::to_string(ada) + "|1");
  CHECK_FALSE(blocked(crm, ada));
}

TEST_CASE("what cannot be suppressed is refused", "[suppression]") {
  ConsentCrm crm;
  for (const char* wrong : {"", "ada", "tel:", "tel:abc", "@", "@nowhere", "ada@", "@@example.com", "example.com", "'; DROP TABLE lead; --"}) {
    INFO(wrong);
    std::optional<Failure> failure = failure_of([&] { crm.suppress(wrong); });
    REQUIRE(failure);
    CHECK(failure->status() == Status::invalid);
    CHECK(failure->field() == "target");
  }
}

TEST_CASE("may_send says the first thing that stands against it", "[suppression][may_send]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News", "double");
  std::int64_t ada = crm.lead("ada@example.com");
  CHECK(crm.why(ada, news) == "not_subscribed");
  crm.subscribe(ada, news);
  CHECK(crm.why(ada, news) == "pending");  // the unconfirmed are not reached
  crm.subscribe(ada, news, "host", "", true);
  CHECK(crm.why(ada, news) == "allowed");
  crm.write([&](Operation& op) { return pause_messages(op, ada, every_list, op.now + one_day, "holiday"); });
  CHECK(crm.why(ada, news) == "paused");
  CHECK(crm.why(ada, 0) == "allowed");  // a receipt
  crm.leave(ada, news);
  CHECK(crm.why(ada, news) == "unsubscribed");
  CHECK(crm.why(ada, 0) == "allowed");
  crm.suppress("ada@example.com", {.reason = GENERATE("manual", "complaint", "hard_bounce", "soft_bounce", "erased"), .channel = "email"});
  CHECK(crm.why(ada, news) == "suppressed");
  CHECK(crm.why(ada, 0) == "suppressed");
  CHECK(crm.why(ada, 0, Channel::sms) == "no_address");
}
