// Putting leads: what is created, updated, unchanged or refused; many at once against one by one.
#include "core/put.h"

#include <catch2/catch.hpp>

#include <random>

#include "base/failing.h"
#include "domain/subscriptions.h"
#include "domain/suppression.h"
#include "model/find.h"
#include "support/crm.h"
#include "support/table.h"

using namespace kith;
using kith::test::Crm;
using kith::test::failure_of;
using kith::test::Table;

namespace {

PutResult put(Crm& crm, std::vector<Given> fields, std::vector<Given> with = {}) {
  return crm.database.write(with, put_extras("lead"), [&](Operation& op, const Extras& extras) { return put_one(op, op.kinds.get("lead"), fields, extras); },
                            put_checks_first("lead", with));
}

std::string refusal(Crm& crm, std::vector<Given> fields, std::vector<Given> with = {}) {
  std::optional<Failure> failure = failure_of([&] { put(crm, fields, with); });
  return failure ? std::string(status_name(failure->status())) + " " + failure->field() : "accepted";
}

// Everything that putting leads writes, but for the ids of events.
std::vector<std::string> all_of(Crm& crm) {
  std::vector<std::string> all = crm.rows("SELECT id, email, external_id, first_name, last_name, phone, phone_key, source, country FROM lead ORDER BY id");
  for (std::string& row : crm.rows("SELECT kind, key, lead_id, role FROM lead_key ORDER BY kind, key")) all.push_back("key " + row);
  for (std::string& row : crm.rows("SELECT lead_id, email, email_key FROM lead_email ORDER BY lead_id, email_key")) all.push_back("address " + row);
  for (std::string& row : crm.rows("SELECT lead_id, c1 FROM lead_custom WHERE c1 IS NOT NULL ORDER BY lead_id")) all.push_back("custom " + row);
  for (std::string& row : crm.rows("SELECT lead_id, kind_id, data FROM event WHERE kind_id < 10 ORDER BY lead_id, id")) all.push_back("event " + row);
  return all;
}

std::string events(Crm& crm) { return crm.one("SELECT COUNT(*) FROM event"); }

}  // namespace

TEST_CASE("a put creates, updates or leaves unchanged, and only changes are told", "[put]") {
  Crm crm;
  PutResult made = put(crm, {{"email", " Ada@Example.com "}, {"first_name", "Ada"}});
  CHECK(made.outcome == Outcome::created);
  CHECK(made.event != 0);
  CHECK(crm.one("SELECT email FROM lead") == "Ada@Example.com");
  PutResult same = put(crm, {{"email", "ada@example.COM"}, {"first_name", " Ada "}});
  CHECK(same.id == made.id);
  CHECK(same.outcome == Outcome::unchanged);
  CHECK(same.event == 0);
  CHECK(events(crm) == "1");
  PutResult changed = put(crm, {{"email", "ada@example.com"}, {"last_name", "Lovelace"}});
  CHECK(changed.outcome == Outcome::updated);
  CHECK(crm.one("SELECT first_name, last_name FROM lead") == "Ada|Lovelace");
  CHECK(crm.one("SELECT data FROM event WHERE id = " + std::to_string(changed.event)) == "{\"changes\":{\"last_name\":[null,\"Lovelace\"]}}");
  CHECK(put(crm, {{"email", "ada@example.com"}, {"last_name", nullptr}}).outcome == Outcome::updated);
  CHECK(crm.one("SELECT last_name FROM lead") == "-");
}

TEST_CASE("the first source stays, later ones are told in the log", "[put]") {
  Crm crm;
  put(crm, {{"email", "a@x.example"}, {"source", "form"}});
  CHECK(put(crm, {{"email", "a@x.example"}, {"source", "form"}}).outcome == Outcome::unchanged);
  CHECK(put(crm, {{"email", "a@x.example"}, {"source", "import"}}).outcome == Outcome::updated);  // told, although nothing else is
  CHECK(crm.one("SELECT data FROM event ORDER BY id DESC LIMIT 1") == "{\"source\":\"import\"}");
  CHECK(crm.one("SELECT source, latest_source FROM lead") == "form|import");
  CHECK(put(crm, {{"email", "a@x.example"}, {"source", "import"}}).outcome == Outcome::unchanged);  // once
  put(crm, {{"email", "a@x.example"}, {"source", "api"}, {"first_name", "A"}});
  CHECK(crm.one("SELECT source FROM lead") == "form");
  CHECK(crm.one("SELECT data FROM event ORDER BY id DESC LIMIT 1") == "{\"changes\":{\"first_name\":[null,\"A\"]},\"source\":\"api\"}");
  put(crm, {{"email", "b@x.example"}}, {{"source", "web"}});
  put(crm, {{"email", "b@x.example"}}, {{"source", "late"}});
  put(crm, {{"email", "c@x.example"}, {"source", "own"}}, {{"source", "web"}});
  CHECK(crm.rows("SELECT source FROM lead WHERE id > 1") == std::vector<std::string>{"web", "own"});
}

TEST_CASE("fill_gaps, create_only and update_only", "[put]") {
  Crm crm;
  put(crm, {{"email", "a@x.example"}, {"first_name", "Ada"}});
  PutResult filled = put(crm, {{"email", "a@x.example"}, {"first_name", "Eve"}, {"last_name", "L"}}, {{"fill_gaps", Value(1)}});
  CHECK(filled.outcome == Outcome::updated);
  CHECK(crm.one("SELECT first_name, last_name FROM lead") == "Ada|L");
  CHECK(put(crm, {{"email", "a@x.example"}, {"first_name", nullptr}}, {{"fill_gaps", Value(1)}}).outcome == Outcome::unchanged);
  CHECK(crm.one("SELECT first_name FROM lead") == "Ada");
  PutResult kept = put(crm, {{"email", "a@x.example"}, {"first_name", "Eve"}}, {{"create_only", Value(1)}});
  CHECK(kept.id == 1);
  CHECK(kept.outcome == Outcome::unchanged);
  PutResult none = put(crm, {{"email", "new@x.example"}}, {{"update_only", Value(1)}});
  CHECK(none.id == 0);
  CHECK(none.outcome == Outcome::unchanged);
  CHECK(crm.one("SELECT COUNT(*), MAX(first_name) FROM lead") == "1|Ada");
  CHECK(refusal(crm, {{"email", "a@x.example"}}, {{"create_only", Value(1)}, {"update_only", Value(1)}}) == "INVALID update_only");
}

TEST_CASE("a lead is found by any of its addresses and keeps its own", "[put]") {
  Crm crm;
  put(crm, {{"email", "main@x.example"}});
  crm.put("address", {{"lead", "main@x.example"}, {"email", "other@x.example"}});
  PutResult found = put(crm, {{"email", "OTHER@x.example"}, {"first_name", "A"}});
  CHECK(found.id == 1);
  CHECK(crm.one("SELECT email, first_name FROM lead") == "main@x.example|A");
  // By id the address is a field like others: the two change places.
  put(crm, {{"id", Value(1)}, {"email", "other@x.example"}});
  CHECK(crm.one("SELECT email FROM lead") == "other@x.example");
  CHECK(crm.one("SELECT email FROM lead_email") == "main@x.example");
  CHECK(put(crm, {{"email", "main@x.example"}}).id == 1);
}

TEST_CASE("an external id finds, moves and is given up", "[put]") {
  Crm crm;
  put(crm, {{"email", "a@x.example"}, {"external_id", "A"}});
  put(crm, {{"email", "b@x.example"}});
  CHECK(put(crm, {{"external_id", "A"}, {"first_name", "Ada"}}).id == 1);
  CHECK(put(crm, {{"external_id", "A"}, {"email", "new@x.example"}}).id == 1);
  CHECK(crm.one("SELECT email FROM lead WHERE id = 1") == "new@x.example");
  CHECK(put(crm, {{"email", "a@x.example"}}).id == 3);  // the old address was given up
  CHECK(refusal(crm, {{"email", "b@x.example"}, {"external_id", "A"}}).starts_with("CONFLICT"));
  put(crm, {{"email", "new@x.example"}, {"external_id", "A2"}});
  CHECK(refusal(crm, {{"external_id", "A"}, {"first_name", "X"}}) == "INVALID email");  // nobody has it: a new lead needs an address
  put(crm, {{"email", "new@x.example"}, {"external_id", nullptr}});
  CHECK(put(crm, {{"email", "b@x.example"}, {"external_id", "A2"}}).outcome == Outcome::updated);
  CHECK(crm.rows("SELECT key, lead_id FROM lead_key WHERE kind = 2") == std::vector<std::string>{"A2|2"});
}

TEST_CASE("the same key twice is one put, and answers the same", "[put]") {
  Crm crm;
  PutResult first = put(crm, {{"email", "a@x.example"}, {"first_name", "A"}}, {{"key", "order-1"}});
  PutResult again = put(crm, {{"email", "a@x.example"}, {"first_name", "B"}}, {{"key", "order-1"}});
  CHECK(again.id == first.id);
  CHECK(again.event == first.event);
  CHECK(again.outcome == Outcome::created);
  CHECK(crm.one("SELECT first_name FROM lead") == "A");
  PutResult update = put(crm, {{"email", "a@x.example"}, {"first_name", "C"}}, {{"key", "order-2"}});
  CHECK(put(crm, {{"email", "a@x.example"}, {"first_name", "D"}}, {{"key", "order-2"}}).outcome == Outcome::updated);
  CHECK(update.outcome == Outcome::updated);
  // A key whose put changed nothing is used all the same.
  CHECK(put(crm, {{"email", "a@x.example"}}, {{"key", "order-3"}}).outcome == Outcome::unchanged);
  PutResult nothing = put(crm, {{"email", "a@x.example"}, {"first_name", "E"}}, {{"key", "order-3"}});
  CHECK(nothing.id == 1);
  CHECK(nothing.outcome == Outcome::unchanged);
  CHECK(crm.one("SELECT first_name FROM lead") == "C");
}

TEST_CASE("what a put refuses, by field", "[put]") {
  Crm crm;
  put(crm, {{"email", "a@x.example"}});
  CHECK(refusal(crm, {{"first_name", "A"}}) == "INVALID email");
  CHECK(refusal(crm, {{"email", nullptr}, {"first_name", "A"}}) == "INVALID email");
  CHECK(refusal(crm, {{"email", "a@x.example"}, {"score", Value(5)}}) == "INVALID score");
  CHECK(refusal(crm, {{"email", "a@x.example"}, {"created", Value(5)}}) == "INVALID created");
  CHECK(refusal(crm, {{"email", "a@x.example"}, {"email", "b@x.example"}}) == "INVALID email");
  CHECK(refusal(crm, {{"email", "a@x.example"}, {"frist_name", "A"}}) == "INVALID frist_name");
  CHECK(refusal(crm, {{"id", Value(9)}, {"email", "c@x.example"}}).starts_with("NOT_FOUND"));
  CHECK(refusal(crm, {{"email", "c@x.example"}}, {{"tag", "Nothing"}}).starts_with("NOT_FOUND"));
  CHECK(crm.one("SELECT COUNT(*) FROM lead") == "1");
  CHECK(events(crm) == "1");
}

TEST_CASE("many rows end where one by one would", "[put]") {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random(seed);
    auto pick = [&](std::initializer_list<Value> values) { return *(values.begin() + random() % values.size()); };
    Crm one;
    Crm all;
    bool with_external = seed % 3 != 0;
    bool with_id = seed % 7 == 0;
    std::vector<Given> with;
    if (seed % 5 == 1) with.push_back({"fill_gaps", Value(1)});
    if (seed % 5 == 2) with.push_back({"create_only", Value(1)});
    if (seed % 5 == 3) with.push_back({"update_only", Value(1)});
    for (Crm* crm : {&one, &all}) {
      crm->put("field", {{"key", "plan"}, {"type", "choice"}, {"options", "[\"basic\",\"pro\"]"}});
      if (seed % 4 == 0) continue;  // an empty file
      put(*crm, {{"email", "l1@x.example"}, {"external_id", "X1"}});
      put(*crm, {{"email", "l2@x.example"}, {"first_name", "Two"}});
      put(*crm, {{"email", "l3@x.example"}, {"external_id", "X3"}, {"plan", "pro"}});
      crm->put("address", {{"lead", "l2@x.example"}, {"email", "l9@x.example"}});
      crm->lead("gone@x.example");
      crm->remove("lead", "gone@x.example");
    }
    Table table = with_id         ? Table({"id", "email", "external_id", "first_name", "phone", "source", "plan"})
                  : with_external ? Table({"email", "external_id", "first_name", "phone", "source", "plan"})
                                  : Table({"email", "first_name", "phone", "source", "plan"});
    std::size_t count = 1 + random() % 60;
    for (std::size_t row = 0; row < count; ++row) {
      std::vector<Value> values;
      if (with_id) values.push_back(pick({Value(), Value(1), Value(2), Value(77), Value()}));
      std::string fresh = "n" + std::to_string(random() % 12) + "@x.example";
      values.push_back(pick({"l1@x.example", "L2@X.example", "l3@x.example", "l9@x.example", "gone@x.example", Value(fresh), Value(fresh), Value(fresh), "bad", Value(), " l1@x.example "}));
      if (with_id || with_external) values.push_back(pick({Value(), Value(), "X1", "X3", "X5", "X6", "X6", Value()}));
      values.push_back(pick({Value(), "Ada", "Bob", ""}));
      values.push_back(pick({Value(), "+46 70 123 45 67", "070-1"}));
      values.push_back(pick({Value(), "form", "import"}));
      values.push_back(pick({Value(), "basic", "pro", "gold", "basic"}));
      table.add(values);
    }
    std::vector<std::string> expected;
    for (std::size_t row = 0; row < count; ++row) {
      try {
        PutResult result = put(one, table.row(row), with);
        expected.push_back(std::to_string(result.id) + " " + std::to_string(static_cast<int>(result.outcome)));
      } catch (const Failure& failure) {
        expected.push_back(std::string(status_name(failure.status())) + " " + failure.message());
      }
    }
    std::vector<RowResult> results = all.database.write(with, put_extras("lead"), [&](Operation& op, const Extras& extras) {
      return put_rows(op, op.kinds.get("lead"), table, extras, true);
    });
    REQUIRE(results.size() == count);
    for (std::size_t row = 0; row < count; ++row) {
      const RowResult& result = results[row];
      std::string told = result.outcome == Outcome::failed ? std::string(status_name(result.status)) + " " + result.message
                                                           : std::to_string(result.id) + " " + std::to_string(static_cast<int>(result.outcome));
      INFO("row " << row);
      REQUIRE(told == expected[row]);
    }
    REQUIRE(all_of(all) == all_of(one));
    REQUIRE(all.one("SELECT COUNT(*) FROM event") == one.one("SELECT COUNT(*) FROM event"));
    REQUIRE(all.one("SELECT COUNT(*) FROM lead WHERE id > (SELECT value FROM counter WHERE name = 'lead')") == "0");
  }
}

TEST_CASE("a put of many says whom a list did not take, and why", "[put]") {
  Crm crm;
  std::int64_t news = crm.put("list", {{"name", "News"}});
  crm.put("list", {{"name", "Club \"A\""}});
  auto row = [&](std::string_view email) { return crm.lead(email); };
  std::int64_t gone = row("gone@x.example");
  crm.write([&](Operation& op) {
    suppress(op, suppression_target("bad@x.example", "target"), {});
    subscribe(op, gone, news, {});
    return unsubscribe(op, gone, news, unsubscribe_act("host", ""));
  });
  Table table({"email"});
  for (const char* email : {"new@x.example", "bad@x.example", "gone@x.example", "nonsense", "new@x.example"}) table.add({email});
  Given with[] = {{"list", "News"}, {"list", "Club \"A\""}, {"via", "import"}};
  RowsPtr rows = crm.database.write(with, put_extras("lead"), [&](Operation& op, const Extras& extras) {
    return rows_of(put_rows(op, op.kinds.get("lead"), table, extras, true));
  });
  int refused = rows->find("refused");
  REQUIRE(refused >= 0);
  std::vector<std::string> said;
  for (std::int64_t i = 0; i < rows->count(); ++i) said.emplace_back(rows->text(i, refused));
  CHECK(said == std::vector<std::string>{"", "{\"News\":\"suppressed\",\"Club \\\"A\\\"\":\"suppressed\"}", "{\"News\":\"unsubscribed\"}", "", ""});
  CHECK(crm.rows("SELECT l.email FROM subscription s JOIN lead l ON l.id = s.lead_id WHERE s.list_id = 1 AND s.state = 'subscribed'") ==
        std::vector<std::string>{"new@x.example"});
}

TEST_CASE("what was found can be put back with skip_read_only", "[put]") {
  Crm crm;
  crm.put("field", {{"key", "size"}, {"type", "integer"}});
  crm.put("category", {{"name", "Levels"}});
  crm.put("tag", {{"name", "Gold"}, {"category", "Levels"}, {"expires_after", "30 days"}});
  crm.put("list", {{"name", "News"}, {"opt_in", "double"}});
  put(crm, {{"email", "ada@x.example"}, {"size", 38}, {"phone", "+46 70 1"}}, {{"tag", "Gold"}, {"list", "News"}});
  crm.put("note", {{"lead", 1}, {"text", "n"}});
  crm.put("address", {{"lead", 1}, {"email", "a@y.example"}});
  std::string before = events(crm);
  for (const char* kind : {"lead", "tag", "category", "list", "field", "note", "address"}) {
    INFO(kind);
    RowsPtr found = crm.read([&](Operation& op) { return get_thing(op, op.kinds.get(kind), 1); });
    std::vector<std::string> names;
    for (int i = 0; i < found->width(); ++i) names.push_back(found->column(i).name);
    Table table(std::vector<std::string_view>(names.begin(), names.end()));
    std::vector<Value> cells;
    for (int i = 0; i < found->width(); ++i) {
      SqlType type = found->type(0, i);
      cells.push_back(type == SqlType::text ? Value(found->text(0, i)) : type == SqlType::integer ? Value(found->integer(0, i)) : Value());
    }
    table.add(cells);
    auto put_back = [&](std::vector<Given> with) {
      return crm.database.write(with, put_extras(kind), [&](Operation& op, const Extras& extras) {
        return put_rows(op, op.kinds.get(kind), table, extras, true)[0];
      });
    };
    CHECK(put_back({{"skip_read_only", 1}}).outcome == Outcome::unchanged);
    std::string said;  // of a lead for the whole call, for the columns are the same in every row
    std::optional<Failure> failure = failure_of([&] { said = put_back({}).message; });
    CHECK_THAT(failure ? failure->message() : said, Catch::Contains("skip_read_only"));
  }
  CHECK(events(crm) == before);
}

TEST_CASE("a key belongs to one put, not to many", "[put]") {
  Crm crm;
  Table table({"email"});
  table.add({"a@x.example"});
  std::vector<Given> with = {{"key", "k"}};
  std::optional<Failure> failure = failure_of([&] {
    crm.database.write(with, put_extras("lead"), [&](Operation& op, const Extras& extras) { return put_rows(op, op.kinds.get("lead"), table, extras, true); });
  });
  REQUIRE(failure);
  CHECK(failure->field() == "key");
}
