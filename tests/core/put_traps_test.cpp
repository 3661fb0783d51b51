// Traps that users of other systems fell into, as far as putting leads goes; each test is named by what it guards.
#include <catch2/catch.hpp>

#include "base/failing.h"
#include "support/crm.h"
#include "support/table.h"

using namespace kith;
using kith::test::Crm;
using kith::test::failure_of;
using kith::test::Table;

namespace {

std::vector<RowResult> put_many(Crm& crm, const Table& table, std::vector<Given> with = {}) {
  return crm.database.write(with, put_extras("lead"), [&](Operation& op, const Extras& extras) {
    return put_rows(op, op.kinds.get("lead"), table, extras, true);
  });
}

}  // namespace

TEST_CASE("trap: a name with & is stored as it is, and found by the same", "[traps]") {
  Crm crm;
  for (const char* name : {"R&D", "R&amp;D", "a < b", "O'Neill; --"}) {
    std::int64_t id = crm.put("tag", {{"name", name}});
    CHECK(crm.one("SELECT name FROM tag WHERE id = " + std::to_string(id)) == name);
    CHECK(crm.put("tag", {{"name", name}}) == id);
    CHECK(crm.read([&](Operation& op) { return op.kinds.get("tag").resolve(op, name); }) == id);
  }
  CHECK(crm.one("SELECT COUNT(*) FROM tag") == "4");
}

TEST_CASE("trap: one person however the address is spelled", "[traps]") {
  Crm crm;
  std::int64_t id = crm.lead("Björn@BÜCHER.example");
  for (const char* spelled : {"björn@bücher.example", " BJÖRN@xn--bcher-kva.example ", "Björn@Bücher.Example"}) CHECK(crm.lead(spelled) == id);
  CHECK(crm.one("SELECT COUNT(*) FROM lead") == "1");
  CHECK(crm.one("SELECT COUNT(*) FROM lead_key") == "1");
  Table table({"email"});
  for (const char* spelled : {"new@x.example", "NEW@X.EXAMPLE", " new@x.example"}) table.add({spelled});
  std::vector<RowResult> results = put_many(crm, table);
  CHECK(results[0].outcome == Outcome::created);
  CHECK(results[1].outcome == Outcome::unchanged);
  CHECK(results[2].id == results[0].id);
}

TEST_CASE("trap: a bad row does not take its neighbours with it", "[traps]") {
  Crm crm;
  Table table({"email", "country"});
  for (int i = 0; i < 200; ++i) {
    std::string email = i % 10 == 3 ? "no address" : "l" + std::to_string(i) + "@x.example";
    table.add({email, i % 10 == 7 ? Value("Nowhere") : Value("SE")});
  }
  std::vector<RowResult> results = put_many(crm, table);
  for (int i = 0; i < 200; ++i) {
    INFO(i);
    const RowResult& result = results[static_cast<std::size_t>(i)];
    CHECK((result.outcome == Outcome::failed) == (i % 10 == 3 || i % 10 == 7));
    CHECK(result.field == (i % 10 == 3 ? "email" : i % 10 == 7 ? "country" : ""));
  }
  CHECK(crm.one("SELECT COUNT(*) FROM lead") == "160");
  CHECK(crm.one("SELECT COUNT(*) FROM lead_key") == "160");
  CHECK(crm.one("SELECT COUNT(*) FROM event") == "160");
}

TEST_CASE("trap: a bad row among keys that move leaves nothing of itself behind", "[traps]") {
  Crm crm;
  crm.put("lead", {{"email", "a@x.example"}, {"external_id", "A"}});
  crm.put("lead", {{"email", "b@x.example"}, {"external_id", "B"}});
  Table table({"id", "email", "external_id"});
  table.add({Value(1), "new@x.example", "B"});  // its address could change, its external id cannot
  table.add({Value(1), "b@x.example", "A2"});
  table.add({Value(2), "b2@x.example", "B2"});
  std::vector<RowResult> results = put_many(crm, table);
  CHECK(results[0].status == Status::conflict);
  CHECK(results[1].status == Status::conflict);
  CHECK(results[2].outcome == Outcome::updated);
  CHECK(crm.rows("SELECT kind, key, lead_id FROM lead_key ORDER BY kind, key") ==
        std::vector<std::string>{"1|a@x.example|1", "1|b2@x.example|2", "2|A|1", "2|B2|2"});
}

TEST_CASE("trap: what is not named is not touched, what is empty in the file is", "[traps]") {
  Crm crm;
  crm.put("lead", {{"email", "a@x.example"}, {"first_name", "Ada"}, {"last_name", "L"}, {"city", "London"}});
  Table table({"email", "last_name"});
  table.add({"a@x.example", Value()});
  put_many(crm, table);
  CHECK(crm.one("SELECT first_name, last_name, city FROM lead") == "Ada|-|London");
}

TEST_CASE("trap: a default is for new leads only", "[traps]") {
  Crm crm;
  crm.put("lead", {{"email", "a@x.example"}});
  Table table({"email"});
  table.add({"a@x.example"});
  table.add({"b@x.example"});
  std::vector<Given> with = {{"source", "import"}};
  put_many(crm, table, with);
  CHECK(crm.rows("SELECT email, source FROM lead ORDER BY id") == std::vector<std::string>{"a@x.example|-", "b@x.example|import"});
}

TEST_CASE("trap: blank rows make no leads", "[traps]") {
  Crm crm;
  Table table({"email", "first_name"});
  table.add({Value(), Value()});
  table.add({"", ""});
  table.add({"  ", "  "});
  for (const RowResult& result : put_many(crm, table)) {
    CHECK(result.status == Status::invalid);
    CHECK(result.field == "email");
  }
  CHECK(crm.one("SELECT COUNT(*) FROM lead") == "0");
}

TEST_CASE("trap: a lead that was removed does not block its return, and is not revived", "[traps]") {
  Crm crm;
  crm.put("lead", {{"email", "a@x.example"}, {"external_id", "A"}, {"first_name", "Ada"}});
  crm.remove("lead", "a@x.example");
  std::int64_t id = crm.put("lead", {{"email", "a@x.example"}, {"external_id", "A"}});
  CHECK(id == 2);
  CHECK(crm.rows("SELECT id, first_name FROM lead") == std::vector<std::string>{"2|-"});
  CHECK(failure_of([&] { crm.put("lead", {{"id", Value(1)}, {"first_name", "X"}}); }).has_value());
}

TEST_CASE("trap: a match by address and by key does not double people", "[traps]") {
  Crm crm;
  crm.lead("a@x.example");
  Table table({"email", "external_id"});
  table.add({"a@x.example", "A"});
  table.add({"A@X.example", "A"});
  std::vector<RowResult> results = put_many(crm, table);
  CHECK(results[0].id == 1);
  CHECK(results[1].id == 1);
  CHECK(crm.one("SELECT COUNT(*) FROM lead") == "1");
}

TEST_CASE("trap: with fill_gaps nobody's name is overwritten, in one row or in two of a call", "[traps]") {
  Crm crm;
  crm.put("lead", {{"email", "a@x.example"}, {"first_name", "Ada"}});
  Table table({"email", "first_name", "last_name"});
  table.add({"a@x.example", "Eve", "L"});
  table.add({"a@x.example", "Eve", "Other"});
  table.add({"new@x.example", "New", Value()});
  table.add({"new@x.example", "Newer", "N"});
  std::vector<Given> with = {{"fill_gaps", Value(1)}};
  put_many(crm, table, with);
  CHECK(crm.rows("SELECT first_name, last_name FROM lead ORDER BY id") == std::vector<std::string>{"Ada|L", "New|N"});
}

TEST_CASE("trap: a field whose change is refused is left whole, and its neighbours go on", "[traps][fields]") {
  Crm crm;
  crm.put("field", {{"key", "size"}, {"type", "text"}, {"indexed", Value(1)}});
  crm.put("lead", {{"email", "a@x.example"}, {"size", "Secret Street 7"}});
  Table table({"key", "type"});
  table.add({"size", "integer"});
  table.add({"seats", "integer"});
  std::vector<RowResult> results = crm.database.write({}, {}, [&](Operation& op, const Extras& extras) {
    return put_rows(op, op.kinds.get("field"), table, extras, true);
  });
  CHECK(results[0].status == Status::refused);
  CHECK(results[0].message == "type: lead id:1 has a value that does not fit: change or clear its size first");
  CHECK(results[1].outcome == Outcome::created);
  CHECK(crm.rows("SELECT key, type FROM field ORDER BY id") == std::vector<std::string>{"size|text", "seats|integer"});
  CHECK(crm.one("SELECT COUNT(*) FROM sqlite_schema WHERE type = 'index' AND name = 'lead_custom_' || (SELECT name FROM pragma_table_info('lead_custom') WHERE cid = 1)") == "1");
  CHECK(crm.one("SELECT COUNT(*) FROM event e JOIN event_kind k ON k.id = e.kind_id WHERE k.name = 'field.updated'") == "0");
}

TEST_CASE("trap: an extra that is wrong leaves the host's transaction as it is", "[traps][transactions]") {
  Crm crm;
  crm.database.begin();
  crm.lead("first@x.example");
  for (const Given& bad : {Given{"via", "nowhere"}, Given{"consent", Value(5)}, Given{"confirmed", "perhaps"}, Given{"welcome", "perhaps"}}) {
    INFO(bad.name);
    std::vector<Given> with = {bad};
    std::vector<Given> fields = {{"email", "second@x.example"}};
    std::optional<Failure> failure = failure_of([&] {
      crm.database.write(with, put_extras("lead"), [&](Operation& op, const Extras& extras) {
        return put_one(op, op.kinds.get("lead"), fields, extras);
      }, put_checks_first("lead", with));
    });
    REQUIRE(failure);
    CHECK(failure->status() == Status::invalid);
    CHECK(failure->field() == bad.name);
  }
  crm.lead("third@x.example");
  crm.database.commit();
  CHECK(crm.rows("SELECT email FROM lead ORDER BY id") == std::vector<std::string>{"first@x.example", "third@x.example"});
}

TEST_CASE("trap: create_only tags and subscribes only those who were made", "[traps]") {
  Crm crm;
  crm.put("tag", {{"name", "T"}});
  crm.put("list", {{"name", "L"}});
  crm.lead("old@x.example");
  std::vector<Given> with = {{"create_only", Value(1)}, {"tag", "T"}, {"list", "L"}};
  Table table({"email"});
  for (const char* email : {"old@x.example", "new@x.example", "new@x.example"}) table.add({email});
  put_many(crm, table, with);
  std::vector<Given> fields = {{"email", "old@x.example"}};
  crm.database.write(with, put_extras("lead"), [&](Operation& op, const Extras& extras) { return put_one(op, op.kinds.get("lead"), fields, extras); });
  CHECK(crm.rows("SELECT lead_id FROM lead_tag") == std::vector<std::string>{"2"});
  CHECK(crm.rows("SELECT lead_id FROM subscription") == std::vector<std::string>{"2"});
  with[0] = {"update_only", Value(1)};
  table.add({"nobody@x.example"});
  put_many(crm, table, with);
  CHECK(crm.rows("SELECT lead_id FROM lead_tag ORDER BY lead_id") == std::vector<std::string>{"1", "2"});
}

TEST_CASE("trap: a row skips for the same reasons whatever its kind, and a call that is wrong is no bad row", "[traps]") {
  Crm crm;
  Table table({"name"});
  table.add({std::string(300, 'x')});  // LIMIT
  table.add({"id:7"});                 // INVALID
  table.add({"fine"});
  std::vector<RowResult> results = crm.database.write({}, {}, [&](Operation& op, const Extras& extras) {
    return put_rows(op, op.kinds.get("tag"), table, extras, true);
  });
  CHECK(results[0].status == Status::limit);
  CHECK(results[1].status == Status::invalid);
  CHECK(results[2].outcome == Outcome::created);
  struct Wrong final : RowSource {
    std::string_view name = "name";
    std::size_t rows() const override { return 1; }
    std::span<const std::string_view> fields() const override { return {&name, 1}; }
    Value value(std::size_t, std::size_t) const override { fail(Status::misuse, "name", "has something in `reserved`"); }
  } wrong;
  for (const char* kind : {"tag", "lead"}) {
    wrong.name = *kind == 't' ? "name" : "email";
    std::optional<Failure> failure = failure_of([&] {
      crm.database.write({}, {}, [&](Operation& op, const Extras& extras) { return put_rows(op, op.kinds.get(kind), wrong, extras, true); });
    });
    REQUIRE(failure);
    CHECK(failure->status() == Status::misuse);
  }
}

TEST_CASE("trap: a key means the same put whether its id came as a whole number or as a real", "[traps]") {
  Crm crm;
  std::int64_t id = crm.lead("a@x.example");
  std::vector<Given> with = {{"key", "k"}};
  auto put = [&](Value given) {
    std::vector<Given> fields = {{"id", given}, {"first_name", "Ada"}};
    return crm.database.write(with, put_extras("lead"), [&](Operation& op, const Extras& extras) { return put_one(op, op.kinds.get("lead"), fields, extras); });
  };
  std::int64_t event = put(Value(static_cast<double>(id))).event;
  CHECK(event != 0);
  CHECK(put(Value(id)).event == event);
  CHECK(put(Value(static_cast<double>(id))).event == event);
  CHECK(failure_of([&] { put(Value(5.0)); }).value().status() == Status::conflict);
}

TEST_CASE("trap: an act of the past does not turn `updated` back, and a lead has no name to change", "[traps]") {
  Crm crm;
  std::int64_t id = crm.lead("a@x.example");
  Millis then = crm.clock;
  crm.clock += 1000;
  std::vector<Given> with = {{"at", Value(then - 5000)}};
  std::vector<Given> fields = {{"email", "a@x.example"}, {"first_name", "Ada"}};
  crm.database.write(with, put_extras("lead"), [&](Operation& op, const Extras& extras) { return put_one(op, op.kinds.get("lead"), fields, extras); });
  CHECK(crm.one("SELECT first_name, updated FROM lead") == "Ada|" + std::to_string(then));
  std::optional<Failure> failure = failure_of([&] {
    crm.write([&](Operation& op) { return rename_thing(op, op.kinds.get("lead"), "id:" + std::to_string(id), "b@x.example"); });
  });
  REQUIRE(failure);
  CHECK(failure->status() == Status::refused);
  CHECK(failure->message() == "kind: a lead is not renamed: put the new email");
}
