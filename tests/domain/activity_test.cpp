// The log as the host writes and reads it: many at once against one by one, pages of a timeline, causes.
#include "domain/activity.h"

#include <catch2/catch.hpp>

#include <random>

#include "base/failing.h"
#include "segment/segment.h"
#include "support/crm.h"
#include "support/table.h"

using namespace kith;
using kith::test::Crm;
using kith::test::failure_of;
using kith::test::Table;

namespace {

// What a row came to: its event, or the status and field of its refusal.
std::string told(const RowResult& result) {
  return result.outcome == Outcome::failed ? std::string(status_name(result.status)) + " " + result.field : "event " + std::to_string(result.event);
}

std::vector<std::string> many(Crm& crm, const Table& table, bool skip_bad = true) {
  std::vector<std::string> out;
  for (const RowResult& result : crm.write([&](Operation& op) { return record_events(op, table, skip_bad); })) out.push_back(told(result));
  return out;
}

// The same row as a call of kith_record.
std::string single(Crm& crm, const Table& table, std::size_t row) {
  std::vector<Given> with;
  std::string lead, kind, data;
  for (std::size_t i = 0; i < table.fields().size(); ++i) {
    Value value = table.value(row, i);
    std::string_view name = table.fields()[i];
    if (name == "lead") lead = value.text;
    else if (name == "kind") kind = value.text;
    else if (name == "data") data = value.text;
    else if (!value.is_null()) with.push_back({name, value});
  }
  try {
    std::int64_t event = crm.database.write(with, {"subject"}, [&](Operation& op, const Extras& extras) {
      return record_event(op, need_lead(op, lead), kind, data, extras.text("subject"));
    });
    return "event " + std::to_string(event);
  } catch (const Failure& failure) {
    return std::string(status_name(failure.status())) + " " + failure.field();
  }
}

std::vector<std::string> log_of(Crm& crm) {
  return crm.rows(
      "SELECT e.lead_id, n.name, e.at, e.subject, e.actor, e.ip, e.cause_id, e.data FROM event e JOIN event_kind n ON n.id = e.kind_id "
      "WHERE n.id >= 1000 ORDER BY e.lead_id, e.id");
}

RowsPtr page(Crm& crm, std::int64_t lead, std::string_view after, std::int64_t limit, std::string_view where = {}, std::vector<Value> args = {}) {
  return crm.read([&](Operation& op) {
    Parameters parameters(op.now);
    Condition condition;
    if (!where.empty()) condition = compile(op, op.kinds.get("event"), where, args, parameters);
    Query query;
    query.after = after;
    query.limit = limit;
    return timeline(op, lead, query, condition, parameters);
  });
}

std::vector<std::int64_t> ids_of(const RowsPtr& rows) {
  std::vector<std::int64_t> ids;
  for (std::int64_t row = 0; row < rows->count(); ++row) ids.push_back(rows->integer(row, 0));
  return ids;
}

std::int64_t happen(Crm& crm, std::int64_t lead, std::string_view kind, std::int64_t cause = 0, std::string_view data = {}) {
  std::vector<Given> with;
  if (cause != 0) with.push_back({"cause", Value(cause)});
  return crm.database.write(with, {}, [&](Operation& op, const Extras&) { return record_event(op, lead, kind, data, ""); });
}

}  // namespace

TEST_CASE("recording many does what recording one by one does", "[activity]") {
  for (unsigned seed = 1; seed <= 12; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random(seed);
    auto pick = [&](std::initializer_list<Value> values) { return *(values.begin() + random() % values.size()); };
    Crm one;
    Crm all;
    for (Crm* crm : {&one, &all}) {
      for (int i = 1; i <= 6; ++i) crm->put("lead", {{"email", "l" + std::to_string(i) + "@x.example"}, {"external_id", "X" + std::to_string(i)}});
      crm->remove("lead", "id:5");
    }
    std::size_t count = 1 + random() % 150;  // on both sides of where all leads are loaded
    Table table({"lead", "kind", "data", "subject", "at", "by", "ip", "key", "cause"});
    for (std::size_t row = 0; row < count; ++row) {
      table.add({pick({"id:1", "id:2", "L3@X.example", "external:X4", "id:1", "id:5", "id:99", "id:281474976710657", "nobody@x.example", "nonsense", "id:6", "id:1"}),
                 pick({"shop.bought", "shop.left", "shop.bought", "a.b", "notakind", "tag.assigned", "shop.bought"}),
                 pick({Value(), "", "{\"a\":1}", "[1]", "{bad", "{\"a\":1}"}), pick({Value(), "cart", " cart "}),
                 pick({Value(), Value(one.clock - 5), "2023-01-01T00:00:00Z", Value(one.clock + 5000), Value(0), Value()}), pick({Value(), "anna"}),
                 pick({Value(), "192.0.2.7", Value(), "999.1.1.1"}), pick({Value(), Value(), "k1", "k2", "k3"}), pick({Value(), Value(1), Value()})});
    }
    std::vector<std::string> expected;
    for (std::size_t row = 0; row < count; ++row) expected.push_back(single(one, table, row));
    std::vector<std::string> results = many(all, table);
    REQUIRE(results.size() == count);
    for (std::size_t row = 0; row < count; ++row) {
      INFO("row " << row << ": " << results[row] << ", one by one " << expected[row]);
      REQUIRE(results[row].starts_with("event") == expected[row].starts_with("event"));
    }
    REQUIRE(log_of(all) == log_of(one));
    // The same call again: what has a key is answered, the rest happens again.
    std::vector<std::string> again = many(all, table);
    for (std::size_t row = 0; row < count; ++row) {
      if (!table.value(row, 7).is_null()) REQUIRE(again[row] == results[row]);
    }
  }
}

TEST_CASE("a key twice in one call is one event, and for another lead a conflict", "[activity]") {
  Crm crm;
  crm.lead("a@x.example");
  crm.lead("b@x.example");
  Table table({"lead", "kind", "key"});
  table.add({"id:1", "shop.bought", "k"});
  table.add({"id:1", "shop.bought", "k"});
  table.add({"id:2", "shop.bought", "k"});
  table.add({"id:2", "shop.left", "k"});  // another kind of event has its own keys
  std::vector<std::string> results = many(crm, table);
  CHECK(results[0] == results[1]);
  CHECK(results[2] == "CONFLICT key");
  CHECK(results[3].starts_with("event"));
  CHECK(crm.one("SELECT COUNT(*) FROM event WHERE kind_id >= 1000") == "2");
}

TEST_CASE("without skipping, the first bad row fails the call and is told by its number", "[activity]") {
  Crm crm;
  crm.lead("a@x.example");
  Table table({"lead", "kind"});
  table.add({"id:1", "shop.bought"});
  table.add({"id:7", "shop.bought"});
  std::optional<Failure> failure = failure_of([&] { many(crm, table, false); });
  REQUIRE(failure);
  CHECK(failure->status() == Status::not_found);
  CHECK(failure->field() == "[1].lead");
  CHECK(crm.one("SELECT COUNT(*) FROM event WHERE kind_id >= 1000") == "0");
}

TEST_CASE("fields that an event does not have, or has twice, are refused", "[activity]") {
  Crm crm;
  crm.lead("a@x.example");
  Table unknown({"lead", "kind", "sbject"});
  unknown.add({"id:1", "a.b", "x"});
  std::optional<Failure> failure = failure_of([&] { many(crm, unknown); });
  REQUIRE(failure);
  CHECK(failure->field() == "sbject");
  CHECK(failure->nearest() == "subject");
  Table twice({"lead", "kind", "lead"});
  twice.add({"id:1", "a.b", "id:1"});
  failure = failure_of([&] { many(crm, twice); });
  REQUIRE(failure);
  CHECK(failure->field() == "lead");
  Table without({"lead"});
  without.add({"id:1"});
  failure = failure_of([&] { many(crm, without); });
  REQUIRE(failure);
  CHECK(failure->field() == "kind");
}

TEST_CASE("pages of a timeline hold together while events are added", "[activity]") {
  Crm crm;
  crm.lead("a@x.example");
  crm.lead("b@x.example");
  std::vector<std::int64_t> expected;
  for (int i = 0; i < 25; ++i) {
    expected.push_back(happen(crm, 1, "shop.bought"));
    happen(crm, 2, "shop.bought");
  }
  std::reverse(expected.begin(), expected.end());
  expected.push_back(1);  // it was created
  std::vector<std::int64_t> seen;
  std::string after;
  for (int pages = 0;; ++pages) {
    REQUIRE(pages < 10);
    RowsPtr rows = page(crm, 1, after, 4);
    CHECK(rows->count() <= 4);
    for (std::int64_t id : ids_of(rows)) seen.push_back(id);
    happen(crm, 1, "shop.left");  // newer than all pages that follow
    if (rows->next() == nullptr) break;
    after = *rows->next();
  }
  CHECK(seen == expected);
  CHECK(page(crm, 1, "", 26)->next() != nullptr);
  CHECK(page(crm, 1, "", -1)->next() == nullptr);
  CHECK(page(crm, 2, "", 26)->next() == nullptr);  // exactly as many as there are
  for (const char* token : {"x", "-1", "0", "5x", "[5]"}) CHECK_THROWS_AS(page(crm, 1, token, 5), Failure);
}

TEST_CASE("a timeline answers a condition, page by page", "[activity]") {
  Crm crm;
  crm.lead("a@x.example");
  std::vector<std::int64_t> bought;
  for (int i = 0; i < 9; ++i) {
    bought.insert(bought.begin(), happen(crm, 1, "shop.bought"));
    happen(crm, 1, "shop.left");
  }
  std::vector<std::int64_t> seen;
  std::string after;
  do {
    RowsPtr rows = page(crm, 1, after, 2, "kind = ?", {"shop.bought"});
    for (std::int64_t id : ids_of(rows)) seen.push_back(id);
    after = rows->next() == nullptr ? "" : *rows->next();
  } while (!after.empty());
  CHECK(seen == bought);
  CHECK(page(crm, 1, "", 100, "at > ?", {Value(crm.clock)})->count() == 0);
  CHECK(page(crm, 1, "", 100, "kind = 'shop.left' and at <= ?", {Value(crm.clock)})->count() == 9);
  CHECK_THROWS_AS(page(crm, 1, "", 100, "nothing = 1"), Failure);
}

TEST_CASE("why: the chain of causes, which ends", "[activity]") {
  Crm crm;
  crm.lead("a@x.example");
  std::int64_t first = happen(crm, 1, "a.first");
  std::int64_t second = happen(crm, 1, "a.second", first);
  std::int64_t third = happen(crm, 1, "a.third", second);
  auto why = [&](std::int64_t event) { return crm.read([&](Operation& op) { return ids_of(causes_of(op, event)); }); };
  CHECK(why(third) == std::vector<std::int64_t>{third, second, first});
  CHECK(why(first) == std::vector<std::int64_t>{first});
  CHECK(why(999).empty());
  CHECK_THROWS_WITH(happen(crm, 1, "a.loop", third + 1), Catch::Contains("cause: ") && Catch::Contains("the newest is"));
  std::int64_t later = happen(crm, 1, "a.loop");
  std::int64_t back = happen(crm, 1, "a.loop", later);
  crm.write([&](Operation& op) {
    op.db.run("UPDATE event SET cause_id = $2 WHERE id = $1", later, back);  // what no verb writes, a reader must survive
    return 0;
  });
  CHECK(why(back) == std::vector<std::int64_t>{back, later});
  std::int64_t lost = happen(crm, 1, "a.lost", back);
  crm.write([&](Operation& op) {
    op.db.run("DELETE FROM event WHERE id = $1", back);
    return 0;
  });
  CHECK(why(lost) == std::vector<std::int64_t>{lost});
}

TEST_CASE("why: a long chain is told to its beginning", "[activity]") {
  Crm crm;
  crm.lead("a@x.example");
  std::int64_t last = 0;
  for (int i = 0; i < 300; ++i) last = happen(crm, 1, "a.step", last);
  CHECK(crm.read([&](Operation& op) { return causes_of(op, last)->count(); }) == 300);
}

TEST_CASE("the log is followed from any event, in order", "[activity]") {
  Crm crm;
  for (int i = 0; i < 5; ++i) crm.lead("l" + std::to_string(i) + "@x.example");
  auto after = [&](std::int64_t id, std::int64_t limit) { return crm.read([&](Operation& op) { return ids_of(events_after(op, id, limit)); }); };
  CHECK(after(0, 3) == std::vector<std::int64_t>{1, 2, 3});
  CHECK(after(3, 10) == std::vector<std::int64_t>{4, 5});
  CHECK(after(5, 10).empty());
  CHECK(after(1'000'000, 10).empty());
  CHECK(after(2, INT64_MAX).size() == 3);
}

TEST_CASE("following the log: a page says where the next begins, and the last one does not", "[activity]") {
  Crm crm;
  for (int i = 0; i < 5; ++i) crm.lead("l" + std::to_string(i) + "@x.example");
  auto next = [&](std::int64_t id, std::int64_t limit) {
    return crm.read([&](Operation& op) { return events_after(op, id, limit)->next() == nullptr ? "" : *events_after(op, id, limit)->next(); });
  };
  CHECK(next(0, 2) == "2");
  CHECK(next(2, 2) == "4");
  CHECK(next(4, 2).empty());
  CHECK(next(3, 2).empty());  // exactly full
  CHECK(next(5, 2).empty());
  CHECK(next(0, 5).empty());
}

TEST_CASE("sentences of a timeline name what they are about", "[activity]") {
  Crm crm;
  crm.lead("a@x.example");
  crm.put("tag", {{"name", "R&D <b>"}});
  crm.write([](Operation& op) { return op.events.record(EventKind::tag_assigned, 1, 1); });
  RowsPtr rows = page(crm, 1, "", 1);
  CHECK(rows->text(0, rows->find("what")) == "got the tag R&D <b>");
  CHECK(rows->text(0, rows->find("subject")) == "R&D <b>");
}

TEST_CASE("who did it is as short in a row of many as in a call", "[activity]") {
  Crm crm;
  crm.lead("a@x.example");
  Table table({"lead", "kind", "by"});
  table.add({"a@x.example", "shop.seen", std::string(256, 'x')});
  table.add({"a@x.example", "shop.seen", std::string(255, 'x')});
  std::vector<RowResult> results = crm.write([&](Operation& op) { return record_events(op, table, true); });
  CHECK(results[0].status == Status::limit);
  CHECK(results[0].field == "by");
  CHECK(results[1].outcome == Outcome::created);
}
