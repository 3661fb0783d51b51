// Pauses: on one list or on all, ended by time, by the host, or not yet by the runner.
#include "domain/pauses.h"

#include <catch2/catch.hpp>

#include "domain/consent_crm.h"

using namespace kith;
using namespace kith::test;

namespace {

std::int64_t pause(ConsentCrm& crm, std::int64_t lead, std::int64_t list, Millis until, std::string_view reason = "") {
  return crm.write([&](Operation& op) { return pause_messages(op, lead, list, until, reason); });
}
std::int64_t resume(ConsentCrm& crm, std::int64_t lead, std::int64_t list) {
  return crm.write([&](Operation& op) { return resume_messages(op, lead, list); });
}
std::optional<Millis> next_end(ConsentCrm& crm) {
  std::vector<Millis> ends = crm.read([](Operation& op) { return pause_ends(op, 1); });
  return ends.empty() ? std::nullopt : std::optional(ends[0]);
}

}  // namespace

TEST_CASE("a pause holds messages back until its time, whether or not the runner came", "[pauses]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News");
  std::int64_t offers = crm.list("Offers");
  std::int64_t ada = crm.lead("ada@example.com");
  crm.subscribe(ada, news);
  crm.subscribe(ada, offers);
  Millis until = crm.clock + one_week;
  std::int64_t event = pause(crm, ada, news, until, "on holiday");
  CHECK(crm.one("SELECT kind_id, subject_id, data FROM event WHERE id = " + std::to_string(event)) ==
        "40|1|{\"via\":\"host\",\"until\":" + std::to_string(until) + ",\"reason\":\"on holiday\"}");
  CHECK(pause(crm, ada, news, until, "on holiday") == 0);
  CHECK(crm.why(ada, news) == "paused");
  CHECK(crm.why(ada, offers) == "allowed");
  CHECK(next_end(crm) == until);
  CHECK(pause(crm, ada, news, until + 1) > 0);  // longer, and without the reason
  crm.clock = until + 1;
  CHECK(crm.why(ada, news) == "allowed");
  CHECK(resume(crm, ada, news) == 0);  // it was over; but the log says that it ended
  CHECK(crm.one("SELECT data FROM event ORDER BY id DESC LIMIT 1") == "{\"via\":\"time\"}");
  CHECK(next_end(crm) == std::nullopt);
}

TEST_CASE("a pause of all lists holds each, and resuming all ends every one", "[pauses]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News");
  std::int64_t ada = crm.lead("ada@example.com");
  crm.subscribe(ada, news);
  pause(crm, ada, every_list, crm.clock + one_day);
  pause(crm, ada, news, crm.clock + one_hour);
  CHECK(crm.read([&](Operation& op) { return paused_until(op, ada, news); }) == crm.clock + one_day);  // the longer
  CHECK(resume(crm, ada, news) > 0);
  CHECK(crm.why(ada, news) == "paused");  // by the other
  CHECK(resume(crm, ada, news) == 0);
  pause(crm, ada, news, crm.clock + one_hour);
  CHECK(resume(crm, ada, every_list) > 0);
  CHECK(crm.why(ada, news) == "allowed");
  CHECK(crm.one("SELECT COUNT(*) FROM pause") == "0");
}

TEST_CASE("the runner ends pauses oldest first, and no more than asked", "[pauses]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News");
  for (int i = 0; i < 5; ++i) pause(crm, crm.lead("l" + std::to_string(i) + "@example.com"), news, crm.clock + 5 - i);
  crm.clock += 4;
  CHECK(crm.write([](Operation& op) { return end_pauses(op, 3); }) == 3);
  CHECK(crm.rows("SELECT lead_id FROM pause ORDER BY lead_id") == Words{"1", "2"});
  CHECK(crm.write([](Operation& op) { return end_pauses(op, 3); }) == 1);
  CHECK(crm.write([](Operation& op) { return end_pauses(op, 3); }) == 0);
  CHECK(next_end(crm) == crm.clock + 1);
  CHECK(crm.one("SELECT COUNT(*) FROM event WHERE kind_id = 41") == "4");
}

TEST_CASE("a pause that is over before it begins is refused", "[pauses]") {
  ConsentCrm crm;
  std::int64_t ada = crm.lead("ada@example.com");
  CHECK(failure_of([&] { pause(crm, ada, every_list, crm.clock); })->field() == "until");
  CHECK(crm.one("SELECT COUNT(*) FROM pause") == "0");
}

TEST_CASE("merging two leads keeps the longer pause of each list", "[pauses][merge]") {
  ConsentCrm crm;
  std::int64_t news = crm.list("News");
  std::int64_t offers = crm.list("Offers");
  std::int64_t ada = crm.lead("ada@example.com");
  std::int64_t ben = crm.lead("ben@example.com");
  pause(crm, ada, news, crm.clock + 10);
  pause(crm, ben, news, crm.clock + 20);
  pause(crm, ada, offers, crm.clock + 40);
  pause(crm, ben, offers, crm.clock + 30);
  pause(crm, ben, every_list, crm.clock + 5);
  crm.write([&](Operation& op) {
    merge_pauses(op, ada, ben);
    return 0;
  });
  CHECK(crm.rows("SELECT lead_id, list_id, until - " + std::to_string(crm.clock) + " FROM pause ORDER BY list_id") == Words{"1|0|5", "1|1|20", "1|2|40"});
}
