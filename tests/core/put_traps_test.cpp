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
