// The log as it is written: ids, their order, what comes from the act and what from the event.
#include "model/event_log.h"

#include <catch2/catch.hpp>

#include <numeric>
#include <random>

#include "base/failing.h"
#include "support/crm.h"

using namespace kith;
using kith::test::Crm;
using kith::test::failure_of;

namespace {

std::int64_t of(EventKind kind) { return static_cast<std::int64_t>(kind); }

}  // namespace

TEST_CASE("a host's kind of event takes no first word that Kith has or will need", "[events][trap]") {
  Crm crm;
  auto make = [&](const std::string& name) {
    return failure_of([&] { crm.write([&](Operation& op) { return op.events.kinds().find_or_make(op.ids, name, op.now); }); });
  };
  std::vector<std::string> taken = {"sms.sent", "email.opened", "form.filled", "score.reached", "sequence.ended", "automation.ran", "message.sent"};
  for (const EventKindSpec& spec : own_event_kinds()) taken.push_back(std::string(spec.name.substr(0, spec.name.find('.'))) + ".of_host");
  for (const std::string& name : taken) {
    INFO(name);
    std::optional<Failure> failure = make(name);
    REQUIRE(failure);
    CHECK(failure->status() == Status::refused);
  }
  for (const char* free : {"order.paid", "shop.cart_left", "mail.opened", "emails.read", "formula.found"}) {
    INFO(free);
    CHECK_FALSE(make(free));
  }
}

TEST_CASE("many events are written by lead, and each gets to know its own id", "[events]") {
  std::mt19937 random(3);
  for (std::size_t count : {std::size_t{1}, std::size_t{2}, std::size_t{63}, std::size_t{64}, std::size_t{65}, std::size_t{129}, std::size_t{1000}}) {
    INFO(count);
    Crm crm;
    std::vector<std::string> data(count);
    std::vector<Event> events(count);
    for (std::size_t i = 0; i < count; ++i) {
      data[i] = "{\"n\":" + std::to_string(i) + "}";
      events[i].lead = static_cast<std::int64_t>(random() % 40);
      events[i].kind = of(EventKind::sms_received);
      events[i].data = data[i];
    }
    std::vector<std::int64_t> ids(count);
    std::int64_t first = 0;
    crm.write([&](Operation& op) {
      first = op.events.record(EventKind::lead_created, 1) + 1;
      op.events.record_many(events, ids.data());
      CHECK(op.events.recorded() == static_cast<std::int64_t>(count) + 1);
      return 0;
    });
    std::vector<std::int64_t> sorted = ids;
    std::sort(sorted.begin(), sorted.end());
    std::vector<std::int64_t> expected(count);
    std::iota(expected.begin(), expected.end(), first);
    CHECK(sorted == expected);  // none left out, none twice
    for (std::size_t i = 0; i < count; ++i) {
      std::string row = crm.one("SELECT lead_id || ' ' || data FROM event WHERE id = " + std::to_string(ids[i]));
      REQUIRE(row == std::to_string(events[i].lead) + " " + data[i]);
      for (std::size_t j = i + 1; j < std::min(count, i + 20); ++j) {
        bool later = events[i].lead < events[j].lead || events[i].lead == events[j].lead;
        REQUIRE((ids[i] < ids[j]) == later);  // by lead, and of one lead as given
      }
    }
  }
}

TEST_CASE("an event takes what it does not say from the act", "[events]") {
  Crm crm;
  crm.clock -= 300'000'000'000;  // a cause is earlier
  crm.lead("ada@example.com");
  crm.clock += 300'000'000'000;
  std::int64_t first = crm.write_with({{"by", "anna"}, {"ip", "192.0.2.1"}, {"at", Value(std::int64_t{1'600'000'000'000})}, {"cause", Value(1)}}, [](Operation& op) {
    std::int64_t id = op.events.record(EventKind::sms_received, 7);
    Event own;
    own.lead = 7;
    own.kind = of(EventKind::sms_received);
    own.at = 5;
    own.cause = 2;
    std::string_view by = "host";
    std::string_view nobody;
    own.by = &by;
    own.ip = &nobody;
    own.subject = "s";
    own.subject_id = 9;
    op.events.record(own);
    std::int64_t leads[] = {3, 4};
    CHECK(op.events.record_each(EventKind::tag_assigned, leads, 6, "{}") == id + 2);
    return id;
  });
  std::vector<std::string> rows = crm.rows("SELECT lead_id, at, subject_id, subject, actor, ip, cause_id, data FROM event WHERE id >= " + std::to_string(first) + " ORDER BY id");
  CHECK(rows == std::vector<std::string>{"7|1600000000000|-|-|anna|192.0.2.1|1|-", "7|5|9|s|host|-|2|-",
                                         "3|1600000000000|6|-|anna|192.0.2.1|1|{}", "4|1600000000000|6|-|anna|192.0.2.1|1|{}"});
}

TEST_CASE("no events are no work", "[events]") {
  Crm crm;
  crm.write([](Operation& op) {
    op.events.record_many({}, nullptr);
    return op.events.record_each(EventKind::tag_assigned, {}, 1, {});
  });
  CHECK(crm.one("SELECT COUNT(*) FROM event") == "0");
}

TEST_CASE("whose an event is", "[events]") {
  Crm crm;
  std::int64_t id = crm.write([](Operation& op) { return op.events.record(EventKind::sms_received, 7); });
  crm.read([&](Operation& op) {
    CHECK(lead_of_event(op.db, id) == 7);
    CHECK_FALSE(lead_of_event(op.db, id + 1).has_value());
  });
}
