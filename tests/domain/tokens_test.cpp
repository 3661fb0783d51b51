// Tokens: unguessable, for one purpose, kept as hashes; and what their holders can do with them.
#include "domain/tokens.h"

#include <catch2/catch.hpp>
#include <unordered_set>

#include "base/hash.h"
#include "domain/consent_crm.h"
#include "support/folder.h"

using namespace kith;
using namespace kith::test;

namespace {

Words look(ConsentCrm& crm, std::string_view token) {
  return crm.read([&](Operation& op) {
    RowsPtr rows = look_at_token(op, token);
    if (rows->count() == 0) return Words{};
    Words cells;
    for (int column = 0; column < rows->width(); ++column) cells.emplace_back(rows->text(0, column));
    return cells;
  });
}
std::string state_of_token(ConsentCrm& crm, std::string_view token) {
  Words cells = look(crm, token);
  return cells.empty() ? "none" : cells.back();
}
std::int64_t revoke(ConsentCrm& crm, std::string_view token) {
  return crm.write([&](Operation& op) { return revoke_token(op, token); });
}

// What the file says of everything, to see that nothing changed.
Words everything(ConsentCrm& crm) {
  Words all;
  for (const char* table : {"token", "subscription", "event", "lead", "counter", "lead_set", "pause", "suppression"}) {
    for (std::string& row : crm.rows(std::string("SELECT * FROM ") + table)) all.push_back(std::move(row));
  }
  return all;
}

}  // namespace

TEST_CASE("tokens are distinct, and only their hashes are in the file", "[tokens]") {
  Folder folder;
  std::string path = folder / "tokens.kith";
  std::vector<std::string> some;
  {
    Crm crm(path);
    std::int64_t ada = crm.lead("ada@example.com");
    crm.write([&](Operation& op) {
      for (int i = 0; i < 20; ++i) some.push_back(make_token(op, ada, "data", 0, {}).text);
      return 0;
    });
  }
  std::string bytes = bytes_of(path);
  for (const std::string& token : some) {
    std::string secret = token.substr(token.find('-') + 1);
    CHECK(bytes.find(sha256_hex("data|1|" + secret)) != std::string::npos);
    CHECK(bytes.find(secret) == std::string::npos);
  }
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  constexpr std::size_t count = 50'000;
#else
  constexpr std::size_t count = 1'000'000;
#endif
  std::unordered_set<std::string> secrets;
  for (std::size_t i = 0; i < count; ++i) secrets.insert(new_token(system_random()));
  CHECK(secrets.size() == count);
  for (const std::string& secret : secrets) {
    if (secret.size() != 22) FAIL("a secret of " << secret.size() << " characters");
  }
}

TEST_CASE("looking at a token changes nothing: scanners follow links", "[tokens][trap]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News", "double");
  std::int64_t ada = crm.lead("ada@example.com");
  crm.subscribe(ada, news);
  std::string confirm = crm.token(ada, "confirm", news);
  std::string leave = crm.token(ada, "unsubscribe", news);
  Words before = everything(crm);
  for (int i = 0; i < 3; ++i) {
    CHECK(look(crm, confirm) == Words{"confirm", "News", "a**@example.com", "live"});
    CHECK(look(crm, leave) == Words{"unsubscribe", "News", "a**@example.com", "live"});
  }
  CHECK(everything(crm) == before);
  CHECK(crm.state(ada, news) == "pending");
}

TEST_CASE("confirming works once, and the same link again is harmless", "[tokens]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News", "double");
  std::int64_t ada = crm.lead("ada@example.com");
  crm.subscribe(ada, news);
  std::string token = crm.token(ada, "confirm", news);
  std::int64_t event = crm.confirm(token);
  CHECK(crm.one("SELECT kind_id, data FROM event WHERE id = " + std::to_string(event)) == R"(32|{"via":"token","from":"pending","to":"subscribed"})");
  // It is caused by the token's making.
  CHECK(crm.one("SELECT c.kind_id FROM event e JOIN event c ON c.id = e.cause_id WHERE e.id = " + std::to_string(event)) == "43");
  CHECK(state_of_token(crm, token) == "used");
  CHECK(crm.confirm(token) == 0);
  crm.clock += 100 * one_day;
  CHECK(crm.confirm(token) == 0);
  crm.leave(ada, news);
  CHECK(refused([&] { crm.confirm(token); }));  // an old mail does not undo leaving
  CHECK(crm.state(ada, news) == "unsubscribed");
}

TEST_CASE("a token confirms nothing once it expired, is revoked, or its list is gone", "[tokens]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News", "double");
  std::int64_t ada = crm.lead("ada@example.com");
  crm.subscribe(ada, news);
  std::string token = crm.token(ada, "confirm", news);
  std::string revoked = crm.token(ada, "confirm", news);
  std::string lasting = crm.token(ada, "confirm", news, crm.clock + 50 * one_day);
  CHECK(revoke(crm, revoked) > 0);
  CHECK(revoke(crm, revoked) == 0);
  CHECK(state_of_token(crm, revoked) == "revoked");
  CHECK(refused([&] { crm.confirm(revoked); }));
  crm.clock += 14 * one_day;  // with the pending subscription
  CHECK(state_of_token(crm, token) == "expired");
  CHECK(refused([&] { crm.confirm(token); }));
  CHECK(crm.state(ada, news) == "none");
  CHECK(crm.confirm(lasting) > 0);
  std::string last = crm.token(ada, "confirm", news);
  std::string leave = crm.token(ada, "unsubscribe", news);
  crm.remove("list", "News");
  CHECK(refused([&] { crm.confirm(last); }));
  CHECK(crm.leave_by(leave) == 0);  // nothing left to leave, and no failure for a mail's link
  CHECK(look(crm, leave) == Words{"unsubscribe", "", "a**@example.com", "live"});
}

TEST_CASE("what may be confirmed for a very long time may be until the calendar ends", "[tokens][trap]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News", "double");
  crm.put("list", {{"name", "News"}, {"lapse_after", Value(longest_duration)}});
  std::int64_t ada = crm.lead("ada@example.com");
  crm.subscribe(ada, news);
  std::string token = crm.token(ada, "confirm", news);
  CHECK(crm.one("SELECT lapses FROM subscription") == std::to_string(latest_time));
  CHECK(crm.one("SELECT expires FROM token") == std::to_string(latest_time));
  CHECK(crm.confirm(token) > 0);
}

TEST_CASE("a lapse is no leaving: a link that is younger than that counts, whether or not the runner came", "[tokens][trap]") {
  for (bool runs : {false, true}) {
    INFO(runs);
    ConsentCrm crm;
    std::int64_t list = crm.list("News", "double");
    std::int64_t lead = crm.lead("ada@example.com");
    std::string before = crm.token(lead, "confirm", list, crm.clock + 99 * one_day);
    crm.leave(lead, list);
    crm.clock += one_day;
    std::string after = crm.token(lead, "confirm", list, crm.clock + 99 * one_day);
    crm.subscribe(lead, list, "host", "I agree");
    crm.clock += 20 * one_day;
    if (runs) CHECK(crm.run() == 1);
    CHECK(crm.state(lead, list) == "unsubscribed");
    CHECK_THAT(said_by([&] { crm.confirm(before); }), Catch::Contains("before the lead left"));
    CHECK(crm.confirm(after) > 0);
    CHECK(crm.state(lead, list) == "subscribed");
  }
}

TEST_CASE("an old mail's unsubscribe link always has effect", "[tokens][trap]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News");
  std::int64_t offers = crm.list("Offers");
  std::int64_t notices = crm.list("Notices", "out");
  std::int64_t ada = crm.lead("ada@example.com");
  crm.subscribe(ada, offers);
  std::string token = crm.token(ada, "unsubscribe", news);
  crm.clock += 3650 * one_day;
  // There is no row: a fresh one is made, so that nothing puts the lead on the list.
  CHECK(crm.leave_by(token) > 0);
  CHECK(crm.state(ada, news) == "unsubscribed");
  CHECK(refused([&] { crm.subscribe(ada, news, "import"); }));
  CHECK(crm.leave_by(token) == 0);
  crm.subscribe(ada, news, "host", "I want it again");
  CHECK(crm.leave_by(token) > 0);  // again and again
  CHECK(crm.state(ada, news) == "unsubscribed");
  CHECK(crm.state(ada, offers) == "subscribed");
  CHECK(crm.leave_by(token, true) > 0);
  CHECK(crm.state(ada, offers) == "unsubscribed");
  CHECK(crm.state(ada, notices) == "unsubscribed");
  revoke(crm, token);
  CHECK(refused([&] { crm.leave_by(token); }));
}

TEST_CASE("a token is of no use for another purpose or in another's name", "[tokens][trap]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News", "double");
  std::int64_t ada = crm.lead("ada@example.com");
  std::int64_t ben = crm.lead("ben@example.com");
  crm.subscribe(ada, news);
  std::vector<std::pair<std::string, std::string>> tokens = {{"confirm", crm.token(ada, "confirm", news)},
                                                             {"unsubscribe", crm.token(ada, "unsubscribe", news)},
                                                             {"preferences", crm.token(ada, "preferences")},
                                                             {"data", crm.token(ada, "data")}};
  for (const auto& [purpose, token] : tokens) {
    for (const auto& [other, unused] : tokens) {
      INFO(purpose << " as " << other);
      bool no = refused([&, &text = token, &as = other] { crm.read([&](Operation& op) { need_token(op, text, as); }); });
      CHECK(no == (purpose != other));
    }
  }
  // The secret of one behind the id of another.
  std::string of_ben = crm.token(ben, "confirm", news);
  std::string mixed = of_ben.substr(0, of_ben.find('-')) + tokens[0].second.substr(tokens[0].second.find('-'));
  CHECK(state_of_token(crm, mixed) == "none");
  // A row that says another lead or purpose than the token was made for.
  crm.write([&](Operation& op) {
    op.db.run("UPDATE token SET issued_to = $1, lead_id = $1 WHERE purpose = 'confirm' AND lead_id = $2", ben, ada);
    op.db.run("UPDATE token SET purpose = 'preferences' WHERE purpose = 'data'");
    return 0;
  });
  CHECK(state_of_token(crm, tokens[0].second) == "none");
  CHECK(state_of_token(crm, tokens[3].second) == "none");
}

TEST_CASE("what is no token is refused without a word of it", "[tokens]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News");
  std::int64_t ada = crm.lead("ada@example.com");
  std::string token = crm.token(ada, "unsubscribe", news);
  std::string secret = token.substr(token.find('-') + 1);
  std::vector<std::string> wrong = {"", "-", "1-", "1", "-" + secret, "1-" + secret + "A", "1-" + secret.substr(1), "01-" + secret, "0-" + secret,
                                    "2-" + secret, "zzzzzzzzzzz-" + secret, "zzzzzzzzzzzz-" + secret, "1-'; DROP TABLE token; --xx", "A-" + secret,
                                    " " + token, token + " ", token + token, "+1-" + secret, std::string(1000000, '1') + "-" + secret};
  std::string flipped = token;
  flipped.back() = flipped.back() == 'A' ? 'Q' : 'A';
  wrong.push_back(flipped);
  for (const std::string& text : wrong) {
    INFO(text.substr(0, 60));
    CHECK(look(crm, text).empty());
    CHECK(said_by([&] { crm.leave_by(text); }) == "REFUSED token: is not known");
    if (!text.starts_with("id:")) CHECK(failure_of([&] { revoke(crm, text); })->status() == Status::not_found);
  }
  CHECK(state_of_token(crm, token) == "live");
  CHECK(revoke(crm, "id:1") > 0);
  CHECK(state_of_token(crm, token) == "revoked");
}

TEST_CASE("tokens go with their lead, and after a merge stand for the one that stayed", "[tokens][trap]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News", "double");
  std::int64_t ada = crm.lead("ada@example.com");
  std::int64_t ben = crm.lead("ben@example.com");
  std::string of_ada = crm.token(ada, "unsubscribe", news);
  std::string of_ben = crm.token(ben, "unsubscribe", news);
  crm.write([&](Operation& op) {
    op.db.run("UPDATE token SET lead_id = $1 WHERE lead_id = $2", ada, ben);  // as a merge does
    return 0;
  });
  CHECK(crm.leave_by(of_ben) > 0);
  CHECK(crm.state(ada, news) == "unsubscribed");
  crm.remove("lead", "ada@example.com");
  CHECK(look(crm, of_ada).empty());
  CHECK(refused([&] { crm.leave_by(of_ada); }));
}

TEST_CASE("making a token asks for what its purpose needs", "[tokens]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News");
  std::int64_t ada = crm.lead("ada@example.com");
  CHECK(failure_of([&] { crm.token(ada, "confirm"); })->field() == "list");
  CHECK(failure_of([&] { crm.token(ada, "unsubscribe"); })->field() == "list");
  CHECK(failure_of([&] { crm.token(ada, "data", news); })->field() == "list");
  CHECK(failure_of([&] { crm.token(ada, "data", 0, crm.clock); })->field() == "expires");
  CHECK(crm.one("SELECT COUNT(*) FROM token") == "0");
  crm.token(ada, "preferences", 0, crm.clock + 1);
  CHECK(crm.one("SELECT expires FROM token") == std::to_string(crm.clock + 1));
  CHECK(masked_address("a@example.com") == "a**@example.com");
  CHECK(masked_address("Ünal@bücher.example") == "Ü**@bücher.example");
  CHECK(masked_address("\"a@b\"@example.com") == "\"**@example.com");
}

TEST_CASE("the preference centre shows public lists and takes what the lead chooses", "[tokens][preferences]") {
  ConsentCrm crm;
  std::int64_t news = crm.put("list", {{"name", "news-se"}, {"public_name", "News"}, {"description", "Once a week"}, {"opt_in", "double"}});
  std::int64_t notices = crm.list("notices", "out");
  std::int64_t hidden = crm.put("list", {{"name", "hidden"}, {"visible", Value(0)}});
  std::int64_t offers = crm.list("offers");
  std::int64_t ada = crm.lead("ada@example.com");
  crm.subscribe(ada, hidden);
  crm.write([&](Operation& op) { return pause_messages(op, ada, news, op.now + one_day, ""); });
  auto shown = [&] {
    return crm.read([&](Operation& op) {
      Words all;
      RowsPtr rows = preferences(op, ada);
      for (std::int64_t row = 0; row < rows->count(); ++row) {
        all.push_back(std::string(rows->text(row, 0)) + "|" + std::string(rows->text(row, 1)) + "|" + std::string(rows->text(row, 2)) + "|" +
                      std::string(rows->text(row, 3)) + "|" + std::to_string(rows->integer(row, 4)));
      }
      return all;
    });
  };
  CHECK(shown() == Words{"news-se|News|Once a week|none|" + std::to_string(crm.clock + one_day), "notices|notices||subscribed|0", "offers|offers||none|0"});
  // A page posts every list, ticked or not: what is not on and stays off is no change.
  CHECK(crm.choose(ada, {{"news-se", Value(1)}, {"notices", "off"}, {"offers", Value(0)}}) == 2);
  CHECK(crm.state(ada, news) == "subscribed");  // no confirmation: the token came to the mailbox
  CHECK(crm.state(ada, notices) == "unsubscribed");
  CHECK(crm.state(ada, offers) == "none");
  CHECK(crm.choose(ada, {{"news-se", Value(1)}, {"notices", Value(0)}}) == 0);
  CHECK(crm.choose(ada, {{"NOTICES", Value(1)}}) == 1);  // an unsubscribe can be undone by the lead
  CHECK(refused([&] { crm.choose(ada, {{"news-se", Value(0)}, {"hidden", Value(0)}}); }));
  CHECK(crm.state(ada, news) == "subscribed");  // nothing half done
  CHECK(crm.state(ada, hidden) == "subscribed");
  CHECK(failure_of([&] { crm.choose(ada, {{"news-se", Value(0)}, {"News-SE", Value(1)}}); })->status() == Status::invalid);
  CHECK(failure_of([&] { crm.choose(ada, {{"news-se", Value(2)}}); })->status() == Status::invalid);
  CHECK(failure_of([&] { crm.choose(ada, {{"newz-se", Value(1)}}); })->nearest() == "news-se");
}

TEST_CASE("what a lead leaves on the page is left, even where it cannot come back elsewhere", "[tokens][preferences]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News");
  std::int64_t offers = crm.list("Offers");
  std::int64_t ada = crm.lead("ada@example.com");
  crm.subscribe(ada, news);
  crm.subscribe(ada, offers);
  crm.report(ada, offers, {.what = GatewayReport::What::complained});
  CHECK(crm.choose(ada, {{"Offers", Value(1)}, {"News", Value(0)}}) == 1);
  CHECK(crm.state(ada, news) == "unsubscribed");
  CHECK(crm.state(ada, offers) == "complained");
  crm.lift("ada@example.com", "complaint");
  CHECK(crm.choose(ada, {{"Offers", Value(1)}}) == 0);
  CHECK(crm.choose(ada, {{"Offers", Value(1)}}, "Send me offers after all") == 1);
  CHECK(crm.state(ada, offers) == "subscribed");
}
