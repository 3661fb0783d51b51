// Reports of gateways and incoming SMS: what suppresses, what only counts, and what says nothing of the address.
#include "domain/bounces.h"

#include <catch2/catch.hpp>

#include "domain/consent_crm.h"
#include "domain/sms.h"

using namespace kith;
using namespace kith::test;

namespace {

constexpr auto complained = GatewayReport::What::complained;

std::int64_t sms(ConsentCrm& crm, std::string_view phone, std::string_view text) {
  return crm.write([&](Operation& op) { return receive_sms(op, phone, text); });
}
std::string suppressions(ConsentCrm& crm) {
  std::string all;
  for (const std::string& row : crm.rows("SELECT target, channel, reason FROM suppression ORDER BY id")) all += row + "\n";
  return all;
}

}  // namespace

TEST_CASE("refusals by policy and for the present are never hard bounces", "[bounces][trap]") {
  CHECK(bounce_of(true, "550 5.7.1 Blocked by our list") == Bounce::policy);
  CHECK(bounce_of(true, "5.7.26") == Bounce::policy);
  CHECK(bounce_of(false, "554-5.7.0") == Bounce::policy);
  CHECK(bounce_of(true, "smtp; 550-5.7.1 [192.0.2.1]") == Bounce::policy);
  CHECK(bounce_of(true, "421 4.7.0 try later") == Bounce::soft);
  CHECK(bounce_of(true, "4.2.2") == Bounce::soft);
  CHECK(bounce_of(true, "550 5.1.1 user unknown") == Bounce::hard);
  CHECK(bounce_of(false, "550 5.1.1") == Bounce::soft);  // the gateway knows better
  // What only looks like a status is none.
  CHECK(bounce_of(true, "") == Bounce::hard);
  CHECK(bounce_of(true, "host 15.7.1.4 said 550") == Bounce::hard);
  CHECK(bounce_of(true, "5.7") == Bounce::hard);
  CHECK(bounce_of(true, "5.7.") == Bounce::hard);
  CHECK(bounce_of(true, "5..1") == Bounce::hard);
  CHECK(bounce_of(true, std::string(1000, '5')) == Bounce::hard);
}

TEST_CASE("a policy refusal leaves subscription and address as they were, however often", "[bounces][trap]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News");
  std::int64_t ada = crm.lead("ada@example.com");
  crm.subscribe(ada, news);
  for (int i = 0; i < 10; ++i) CHECK(crm.report(ada, news, {.code = "550 5.7.1 blocked"}) > 0);
  CHECK(crm.why(ada, news) == "allowed");
  CHECK(suppressions(crm).empty());
  CHECK(crm.one("SELECT data FROM event ORDER BY id DESC LIMIT 1") ==
        R"({"via":"gateway","channel":"email","code":"550 5.7.1 blocked","policy":true})");
}

TEST_CASE("a hard bounce and a complaint end subscriptions and suppress the address", "[bounces]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News");
  std::int64_t offers = crm.list("Offers");
  std::int64_t ada = crm.lead("ada@example.com");
  std::int64_t ben = crm.lead("ben@example.com");
  crm.subscribe(ada, news);
  crm.subscribe(ada, offers);
  crm.subscribe(ben, news);
  crm.subscribe(ben, offers);
  std::int64_t event = crm.report(ada, 0, {.code = "550 5.1.1"});
  CHECK(crm.one("SELECT data FROM event WHERE id = " + std::to_string(event)) ==
        R"({"via":"gateway","from":"subscribed","to":"bounced","reason":"550 5.1.1"})");
  CHECK(crm.state(ada, news) == "bounced");
  CHECK(crm.state(ada, offers) == "bounced");
  crm.report(ben, news, {.what = complained});
  CHECK(crm.state(ben, news) == "complained");
  CHECK(crm.state(ben, offers) == "subscribed");
  CHECK(crm.why(ben, offers) == "suppressed");
  CHECK(suppressions(crm) == "ada@example.com|email|hard_bounce\nben@example.com|email|complaint\n");
  CHECK(crm.report(ada, 0, {}) == 0);  // nothing new
  crm.lift("ada@example.com", "hard_bounce");
  CHECK(refused([&] { crm.subscribe(ada, news); }));
  CHECK(crm.subscribe(ada, news, "host", "It works again, send it") > 0);
}

TEST_CASE("three soft bounces of an address within a month suppress it, with no delivery between", "[bounces][trap]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News");
  std::int64_t ada = crm.lead("ada@example.com");
  crm.subscribe(ada, news);
  auto soft = [&] { return crm.report(ada, news, {.hard = false, .code = "452 4.2.2 full"}); };
  CHECK(soft() > 0);
  CHECK(soft() > 0);
  crm.report(ada, 0, {.what = GatewayReport::What::delivered});
  CHECK(soft() > 0);
  CHECK(soft() > 0);
  CHECK(crm.why(ada, news) == "allowed");
  crm.clock += soft_bounce_period;
  CHECK(soft() > 0);
  CHECK(crm.why(ada, news) == "allowed");  // those two were too long ago
  soft();
  std::int64_t last = soft();
  CHECK(crm.why(ada, news) == "suppressed");
  CHECK(crm.state(ada, news) == "subscribed");  // only the address rests
  CHECK(crm.one("SELECT reason, note FROM suppression") == "soft_bounce|3 soft bounces within 30 days");
  CHECK(crm.one("SELECT cause_id FROM event ORDER BY id DESC LIMIT 1") == std::to_string(last));
  crm.lift("ada@example.com", "soft_bounce");
  CHECK(crm.why(ada, news) == "allowed");
  soft();
  CHECK(crm.why(ada, news) == "allowed");  // the count began again
  // Another address, another count.
  soft();
  crm.put("lead", {{"id", ada}, {"email", "ada@new.example"}});
  soft();
  CHECK(crm.why(ada, news) == "allowed");
}

TEST_CASE("a late bounce of an address that was given up leaves the lead alone", "[bounces]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News");
  std::int64_t ada = crm.lead("ada@example.com");
  crm.put("address", {{"lead", ada}, {"email", "ada@old.example"}});
  crm.subscribe(ada, news);
  CHECK(crm.report(ada, news, {.address = "ada@old.example"}) > 0);
  CHECK(crm.state(ada, news) == "subscribed");
  CHECK(crm.why(ada, news) == "allowed");
  CHECK(suppressions(crm) == "ada@old.example|email|hard_bounce\n");
}

TEST_CASE("a failed SMS suppresses the phone and not the address", "[bounces]") {
  ConsentCrm crm;
  std::int64_t texts = crm.put("list", {{"name", "Texts"}, {"channels", "sms"}});
  std::int64_t ada = crm.put("lead", {{"email", "ada@example.com"}, {"phone", "+46701234567"}});
  crm.subscribe(ada, texts);
  crm.report(ada, texts, {.channel = Channel::sms});
  CHECK(suppressions(crm) == "tel:+46701234567|sms|hard_bounce\n");
  std::int64_t ben = crm.lead("ben@example.com");
  CHECK(failure_of([&] { crm.report(ben, 0, {.channel = Channel::sms}); })->status() == Status::invalid);
}

TEST_CASE("stop words stop when they are all that is said", "[sms]") {
  for (const char* stop : {"STOP", " stop ", "Stop!", "STOP.", "stop all", "StopAll", "UNSUBSCRIBE", "cancel", "End", "QUIT", "ARRÊT", "Arrêt!",
                           "\"stop\"", "Stopp", "opt out", "STOP\n"}) {
    INFO(stop);
    CHECK(sms_word(stop) == SmsWord::stop);
  }
  for (const char* start : {"START", "start", "Unstop!", "opt in"}) CHECK(sms_word(start) == SmsWord::start);
  for (const char* other : {"", " ", "Stop by at nine?", "don't stop", "yes", "YES", "ending", "the end", "stopstop", "!!!", "no"}) {
    INFO(other);
    CHECK(sms_word(other) == SmsWord::other);
  }
  CHECK(sms_word(std::string(100000, '.') + "stop") == SmsWord::other);
}

TEST_CASE("STOP forbids SMS to the phone and START allows it again, and e-mail is untouched", "[sms]") {
  ConsentCrm crm;
  std::int64_t both = crm.put("list", {{"name", "Both"}, {"channels", "email,sms"}});
  std::int64_t ada = crm.put("lead", {{"email", "ada@example.com"}, {"phone", "+46 70-123 45 67"}});
  std::int64_t ben = crm.put("lead", {{"email", "ben@example.com"}, {"phone", "0046701234567"}});
  crm.subscribe(ada, both);
  std::int64_t event = sms(crm, "46701234567", "Stop");  // as gateways write it
  CHECK(crm.one("SELECT lead_id, kind_id, data FROM event WHERE id = " + std::to_string(event)) == R"(1|42|{"word":"stop","text":"Stop"})");
  CHECK(crm.one("SELECT COUNT(*) FROM event WHERE kind_id = 42 AND lead_id = " + std::to_string(ben)) == "1");
  CHECK(crm.why(ada, both, Channel::sms) == "suppressed");
  CHECK(crm.why(ada, 0, Channel::sms) == "suppressed");
  CHECK(crm.why(ada, both) == "allowed");
  CHECK(crm.state(ada, both) == "subscribed");
  crm.suppress("tel:+46701234567");
  sms(crm, "+46701234567", "START");
  CHECK(crm.one("SELECT reason FROM suppression") == "manual");  // what the host said stands
  crm.lift("tel:+46701234567");
  CHECK(crm.why(ada, both, Channel::sms) == "allowed");
}

TEST_CASE("an SMS of a stranger is an event of nobody's that keeps no words", "[sms]") {
  ConsentCrm crm;
  std::int64_t event = sms(crm, "+46700000000", "my name is Ada");
  CHECK(crm.one("SELECT lead_id, data FROM event WHERE id = " + std::to_string(event)) == R"(0|{"word":"other"})");
  sms(crm, "+46700000000", "STOP");
  std::int64_t later = crm.put("lead", {{"email", "ada@example.com"}, {"phone", "+46700000000"}});
  CHECK(crm.why(later, 0, Channel::sms) == "suppressed");
  CHECK(failure_of([&] { sms(crm, "nobody", "stop"); })->field() == "phone");
  CHECK(failure_of([&] { sms(crm, "+46700000000", std::string(5001, 'x')); })->status() == Status::limit);
}

TEST_CASE("a report that comes late counts when it happened", "[bounces]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News");
  std::int64_t ada = crm.lead("ada@example.com");
  auto report = [&](Millis at, GatewayReport what) {
    std::vector<Given> with = {{"at", Value(at)}};
    crm.database.write(with, {}, [&](Operation& op, const Extras&) { return take_report(op, ada, news, what); });
  };
  Millis now = crm.clock;
  for (int i = 0; i < 4; ++i) report(now - soft_bounce_period - one_day, {.hard = false});  // too long ago to count
  CHECK(suppressions(crm).empty());
  report(now - 3 * one_day, {.hard = false});
  CHECK(crm.one("SELECT at FROM soft_bounce") == std::to_string(now - 3 * one_day));
  report(now - one_day, {.hard = false});
  report(now - 2 * one_day, {.what = GatewayReport::What::delivered});  // clears what came before it
  CHECK(crm.rows("SELECT at FROM soft_bounce") == std::vector<std::string>{std::to_string(now - one_day)});
  report(now, {.hard = false});
  CHECK(suppressions(crm).empty());
  report(now, {.hard = false});
  CHECK_FALSE(suppressions(crm).empty());
}

TEST_CASE("a bounce on one channel leaves the lists of the other alone", "[bounces][trap]") {
  ConsentCrm crm;
  std::int64_t mail = crm.list("Mail");
  std::int64_t texts = crm.put("list", {{"name", "Texts"}, {"channels", "sms"}});
  std::int64_t both = crm.put("list", {{"name", "Both"}, {"channels", "email,sms"}});
  std::int64_t all = crm.put("list", {{"name", "Everybody"}, {"channels", "sms"}, {"opt_in", "out"}});
  std::int64_t ada = crm.put("lead", {{"email", "ada@example.com"}, {"phone", "+46701234567"}});
  for (std::int64_t list : {mail, texts, both}) crm.subscribe(ada, list);
  std::int64_t event = crm.report(ada, 0, {.code = "550 5.1.1"});
  CHECK(crm.one("SELECT k.name FROM event e JOIN event_kind k ON k.id = e.kind_id WHERE e.id = " + std::to_string(event)) == "subscription.bounced");
  CHECK(crm.state(ada, mail) == "bounced");
  CHECK(crm.state(ada, texts) == "subscribed");
  CHECK(crm.state(ada, all) == "none");
  CHECK(crm.state(ada, both) == "subscribed");
  CHECK(crm.why(ada, both) == "suppressed");
  CHECK(crm.why(ada, both, Channel::sms) == "allowed");
  CHECK(crm.why(ada, texts, Channel::sms) == "allowed");
  // A report that names the list says no more of it.
  crm.report(ada, texts, {.code = "550 5.1.1"});
  CHECK(crm.state(ada, texts) == "subscribed");
  crm.report(ada, 0, {.channel = Channel::sms});
  CHECK(crm.state(ada, texts) == "bounced");
  CHECK(crm.state(ada, all) == "bounced");
  CHECK(crm.state(ada, both) == "subscribed");
  CHECK(crm.why(ada, both, Channel::sms) == "suppressed");
  CHECK(crm.out_of_step().empty());
}

TEST_CASE("a complaint is about the person: it takes off lists of every channel", "[bounces]") {
  ConsentCrm crm;
  std::int64_t texts = crm.put("list", {{"name", "Texts"}, {"channels", "sms"}});
  std::int64_t ada = crm.put("lead", {{"email", "ada@example.com"}, {"phone", "+46701234567"}});
  crm.subscribe(ada, texts);
  crm.report(ada, 0, {.what = complained});
  CHECK(crm.state(ada, texts) == "complained");
}
