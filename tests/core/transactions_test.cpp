// Transactions of the host: nesting, what a failed verb inside leaves, and ids, which are never lost or given twice.
#include <catch2/catch.hpp>

#include "base/failing.h"
#include "domain/activity.h"
#include "support/crm.h"
#include "support/statements.h"

using namespace kith;
using kith::test::Crm;
using kith::test::failure_of;

namespace {

std::string leads(Crm& crm) {
  std::string all;
  for (const std::string& row : crm.rows("SELECT id || ':' || email FROM lead ORDER BY id")) all += (all.empty() ? "" : " ") + row;
  return all;
}

// As kith_put does it: without a savepoint.
std::int64_t light_put(Crm& crm, std::vector<Given> fields) {
  return crm.database.write({}, {}, [&](Operation& op, const Extras& extras) { return put_one(op, op.kinds.get("lead"), fields, extras).id; }, true);
}

// Counters against what is there: no id was given twice, none is lower than one in use.
void check_counters(Crm& crm) {
  CHECK(crm.one("SELECT COUNT(*) FROM lead WHERE id > COALESCE((SELECT value FROM counter WHERE name = 'lead'), 0)") == "0");
  CHECK(crm.one("SELECT COUNT(*) FROM event WHERE id > COALESCE((SELECT value FROM counter WHERE name = 'event'), 0)") == "0");
}

// Cancels the call under way when it first prepares a text that begins so.
class CancelsAt : public kith::test::StatementWatch {
 public:
  CancelsAt(Database& database, std::string_view text) : database_(database), text_(text) {}
  bool fired() const { return fired_; }

 protected:
  void prepared(std::string_view text, sqlite3_stmt*, sqlite3*) override {
    if (fired_ || !text.starts_with(text_)) return;
    fired_ = true;
    database_.cancel();
  }

 private:
  Database& database_;
  std::string_view text_;
  bool fired_ = false;
};

}  // namespace

TEST_CASE("a rollback gives back the ids, and the next write takes them", "[transactions]") {
  Crm crm;
  CHECK(crm.lead("a@x.example") == 1);
  crm.database.begin();
  CHECK(crm.lead("b@x.example") == 2);
  CHECK(crm.put("tag", {{"name", "T"}}) == 1);
  crm.database.rollback();
  CHECK(crm.lead("c@x.example") == 2);
  CHECK(crm.put("tag", {{"name", "T"}}) == 1);
  CHECK(leads(crm) == "1:a@x.example 2:c@x.example");
  check_counters(crm);
}

TEST_CASE("an inner rollback undoes what came after its begin, and no more", "[transactions]") {
  Crm crm;
  crm.database.begin();
  crm.lead("a@x.example");
  crm.database.begin();
  crm.lead("b@x.example");
  crm.database.begin();
  crm.lead("c@x.example");
  crm.database.rollback();
  CHECK(crm.lead("d@x.example") == 3);
  crm.database.commit();
  crm.database.begin();
  crm.lead("e@x.example");
  crm.put("tag", {{"name", "T"}});  // a counter that the outer one never saw
  crm.database.rollback();
  CHECK(crm.lead("f@x.example") == 4);
  CHECK(crm.put("tag", {{"name", "U"}}) == 1);
  crm.database.commit();
  CHECK(leads(crm) == "1:a@x.example 2:b@x.example 3:d@x.example 4:f@x.example");
  check_counters(crm);
  CHECK(failure_of([&] { crm.database.commit(); }).value().status() == Status::misuse);  // none is open
}

TEST_CASE("an outer rollback undoes what inner ones committed", "[transactions]") {
  Crm crm;
  crm.database.begin();
  crm.database.begin();
  crm.lead("a@x.example");
  crm.database.commit();
  crm.database.rollback();
  CHECK(leads(crm).empty());
  CHECK(crm.lead("b@x.example") == 1);
  check_counters(crm);
}

TEST_CASE("a verb that fails inside a transaction leaves the others' work", "[transactions]") {
  Crm crm;
  crm.database.begin();
  crm.lead("a@x.example");
  CHECK_THROWS_AS(crm.write([](Operation& op) -> int {
    op.events.record(EventKind::sms_received, 1);
    op.db.run("INSERT INTO lead_tag (lead_id, tag_id, at, event_id) VALUES (1, 1, 1, 1)");
    fail(Status::refused, "", "no");
  }), Failure);
  CHECK(crm.lead("b@x.example") == 2);
  crm.database.commit();
  CHECK(leads(crm) == "1:a@x.example 2:b@x.example");
  CHECK(crm.one("SELECT COUNT(*) FROM lead_tag") == "0");
  CHECK(crm.one("SELECT COUNT(*) FROM event") == "2");
  CHECK(crm.one("SELECT MAX(id) FROM event") == "2");  // its id was given back
  check_counters(crm);
}

TEST_CASE("puts that are refused need no savepoint", "[transactions]") {
  Crm crm;
  crm.put("lead", {{"email", "a@x.example"}, {"external_id", "A"}});
  crm.put("lead", {{"email", "b@x.example"}, {"external_id", "B"}});
  crm.put("field", {{"key", "plan"}, {"type", "choice"}, {"options", "[\"basic\"]"}});
  std::vector<std::vector<Given>> refused = {
      {{"email", "no address"}},
      {{"email", "c@x.example"}, {"country", "Nowhere"}},
      {{"email", "c@x.example"}, {"plan", "gold"}},
      {{"email", "c@x.example"}, {"nothing", "x"}},
      {{"first_name", "Nobody"}},
      {{"email", "a@x.example"}, {"external_id", "B"}},
      {{"id", Value(1)}, {"email", "b@x.example"}},
      {{"id", Value(1)}, {"external_id", "B"}},
      {{"id", Value(1)}, {"external_id", "new"}, {"email", "b@x.example"}},
      {{"id", Value(1)}, {"email", "new@x.example"}, {"external_id", "B"}},
      {{"id", Value(1)}, {"email", "new@x.example"}, {"external_id", "B"}, {"plan", "basic"}, {"first_name", "X"}},
      {{"id", Value(99)}, {"email", "c@x.example"}},
      {{"email", Value()}, {"external_id", "A"}},
  };
  crm.database.begin();
  light_put(crm, {{"email", "first@x.example"}});
  std::string before = crm.one("SELECT group_concat(kind || key || lead_id || role, ' ') FROM (SELECT * FROM lead_key ORDER BY kind, key)");
  for (std::size_t i = 0; i < refused.size(); ++i) {
    INFO(i);
    std::optional<Failure> failure = failure_of([&] { light_put(crm, refused[i]); });
    REQUIRE(failure);
    CHECK(failure->status() != Status::retry);
    CHECK(failure->status() <= Status::refused);
    CHECK(crm.one("SELECT group_concat(kind || key || lead_id || role, ' ') FROM (SELECT * FROM lead_key ORDER BY kind, key)") == before);
  }
  CHECK(light_put(crm, {{"email", "last@x.example"}}) == 4);
  crm.database.commit();
  CHECK(leads(crm) == "1:a@x.example 2:b@x.example 3:first@x.example 4:last@x.example");
  check_counters(crm);
}

TEST_CASE("work that promised to check first and failed after writing ends the transaction", "[transactions]") {
  Crm crm;
  crm.lead("a@x.example");
  crm.database.begin();
  crm.lead("b@x.example");
  CHECK_THROWS_AS(crm.database.write({}, {}, [](Operation& op, const Extras&) -> int {
    op.events.record(EventKind::sms_received, 1);
    fail(Status::full, "", "no space is left");
  }, true), Failure);
  std::optional<Failure> next = failure_of([&] { crm.lead("c@x.example"); });
  REQUIRE(next);
  CHECK(next->status() == Status::retry);
  next = failure_of([&] { crm.read([](Operation& op) { return op.sets.count_everybody(); }); });
  REQUIRE(next);
  CHECK(next->status() == Status::retry);
  next = failure_of([&] { crm.database.commit(); });
  REQUIRE(next);
  crm.database.rollback();
  CHECK(leads(crm) == "1:a@x.example");
  CHECK(crm.lead("d@x.example") == 2);
  check_counters(crm);
}

TEST_CASE("a kind of event whose first use is undone can be used again", "[transactions]") {
  Crm crm;
  crm.lead("a@x.example");
  auto record = [&] { return crm.write([](Operation& op) { return record_event(op, 1, "shop.bought", "", ""); }); };
  crm.database.begin();
  record();
  crm.database.rollback();
  CHECK(crm.one("SELECT COUNT(*) FROM event_kind WHERE id >= 1000") == "0");
  record();
  record();
  CHECK(crm.rows("SELECT n.name, n.id FROM event e JOIN event_kind n ON n.id = e.kind_id WHERE n.id >= 1000") ==
        std::vector<std::string>{"shop.bought|1000", "shop.bought|1000"});
}

TEST_CASE("a field that was defined in a transaction goes with its rollback", "[transactions]") {
  Crm crm;
  crm.database.begin();
  crm.put("field", {{"key", "size"}, {"type", "integer"}});
  crm.put("lead", {{"email", "a@x.example"}, {"size", Value(5)}});
  crm.database.rollback();
  std::optional<Failure> failure = failure_of([&] { crm.put("lead", {{"email", "a@x.example"}, {"size", Value(5)}}); });
  REQUIRE(failure);
  CHECK(failure->field() == "size");
  crm.put("field", {{"key", "size"}, {"type", "text"}});
  crm.put("lead", {{"email", "a@x.example"}, {"size", "XL"}});
  CHECK(crm.one("SELECT COUNT(*) FROM lead_custom") == "1");
}

TEST_CASE("a commit that was cancelled may be tried again, and gives no id twice", "[transactions][counters]") {
  bool pair = GENERATE(true, false);  // of counters that are written together
  Crm crm;
  crm.database.begin();
  if (pair) {
    crm.lead("a@x.example");
  } else {
    crm.write([](Operation& op) { return op.ids.next("lead"); });
  }
  CancelsAt watch(crm.database, "INSERT INTO counter");
  std::optional<Failure> failure = failure_of([&] { crm.database.commit(); });
  REQUIRE(watch.fired());
  REQUIRE(failure);
  CHECK(failure->status() == Status::cancelled);
  crm.database.commit();
  CHECK(crm.lead("b@x.example") == 2);
  check_counters(crm);
}

TEST_CASE("commit and rollback outside a transaction", "[transactions]") {
  Crm crm;
  crm.database.rollback();
  std::optional<Failure> failure = failure_of([&] { crm.database.commit(); });
  REQUIRE(failure);
  CHECK(failure->status() == Status::misuse);
}
