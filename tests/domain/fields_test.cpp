// Custom fields: every type, conversions that convert or refuse, names, limits, and what rename and remove leave.
#include "domain/fields.h"

#include <catch2/catch.hpp>

#include "base/failing.h"
#include "core/put.h"
#include "model/find.h"
#include "segment/segment.h"
#include "support/crm.h"

using namespace kith;
using kith::test::Crm;
using kith::test::failure_of;

namespace {

std::string refusal(Crm& crm, std::string_view kind, std::vector<Given> fields) {
  std::optional<Failure> failure = failure_of([&] {
    crm.write([&](Operation& op) {
      static const Extras none({}, {}, 0);
      return put_one(op, op.kinds.get(kind), fields, none).id;
    });
  });
  return failure ? std::string(status_name(failure->status())) + " " + failure->message() : "accepted";
}

std::string value_of(Crm& crm, const std::string& key, std::int64_t lead = 1) {
  return crm.read([&](Operation& op) {
    RowsPtr rows = get_thing(op, op.kinds.get("lead"), lead);
    int column = rows->find(key);
    if (column < 0) return std::string("no column");
    switch (rows->type(0, column)) {
      case SqlType::null: return std::string("-");
      case SqlType::integer: return std::to_string(rows->integer(0, column));
      case SqlType::real: return std::to_string(rows->real(0, column));
      default: return std::string(rows->text(0, column));
    }
  });
}

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

}  // namespace

TEST_CASE("a field of every type takes its values and refuses others by name", "[fields]") {
  struct Type {
    const char* type;
    Value options;
    Value given;
    const char* stored;
    Value wrong;
  };
  const Type types[] = {
      {"text", Value(), " hello ", "hello", Value(1.5)},
      {"integer", Value(), "42", "42", "4.5"},
      {"number", Value(), "2.5", "2.500000", "much"},
      {"boolean", Value(), "yes", "1", "perhaps"},
      {"date", Value(), "2024-02-29", "2024-02-29", "2023-02-29"},
      {"datetime", Value(), "2024-02-29T12:00:00Z", "1709208000000", "noon"},
      {"choice", "[\"Basic\",\"Pro\"]", "pro", "Pro", "Gold"},
      {"choices", "[\"a\",\"b\",\"c\"]", "c, a", "[\"a\",\"c\"]", "[\"a\",\"z\"]"},
  };
  for (const Type& type : types) {
    for (int indexed : {0, 1}) {
      INFO(type.type);
      Crm crm;
      crm.put("field", {{"key", "f"}, {"type", type.type}, {"options", type.options}, {"indexed", Value(indexed)}});
      crm.put("lead", {{"email", "a@x.example"}, {"f", type.given}});
      CHECK(value_of(crm, "f") == type.stored);
      CHECK_THAT(refusal(crm, "lead", {{"email", "a@x.example"}, {"f", type.wrong}}), StartsWith("INVALID f:"));
      CHECK(value_of(crm, "f") == type.stored);
      crm.put("lead", {{"email", "a@x.example"}, {"f", nullptr}});
      CHECK(value_of(crm, "f") == "-");
    }
  }
}

TEST_CASE("a change of type converts every value, or refuses and names the first that does not fit", "[fields]") {
  struct Change {
    const char* from;
    Value from_options;
    std::vector<Value> values;
    const char* to;
    Value to_options;
    std::vector<std::string> after;  // empty: refused for the last value
  };
  const Change changes[] = {
      {"text", Value(), {"1", " 22 "}, "integer", Value(), {"1", "22"}},
      {"text", Value(), {"1", "two"}, "integer", Value(), {}},
      {"integer", Value(), {Value(5), Value(-7)}, "text", Value(), {"5", "-7"}},
      {"integer", Value(), {Value(5)}, "number", Value(), {"5.000000"}},
      {"number", Value(), {2.0, 1.5}, "integer", Value(), {}},
      {"number", Value(), {2.0}, "integer", Value(), {"2"}},
      {"number", Value(), {0.1}, "text", Value(), {"0.1"}},
      {"number", Value(), {17.0, -2.0}, "text", Value(), {"17", "-2"}},
      {"integer", Value(), {Value(1), Value(2)}, "boolean", Value(), {}},
      {"text", Value(), {"yes", "no"}, "boolean", Value(), {"1", "0"}},
      {"boolean", Value(), {Value(1)}, "text", Value(), {"true"}},
      {"text", Value(), {"2024-02-29"}, "date", Value(), {"2024-02-29"}},
      {"date", Value(), {"2024-02-29"}, "datetime", Value(), {"1709164800000"}},
      {"datetime", Value(), {Value(1709164800000), Value(-86400000)}, "date", Value(), {"2024-02-29", "1969-12-31"}},
      {"datetime", Value(), {Value(1709208000000)}, "text", Value(), {"2024-02-29T12:00:00Z"}},
      {"text", Value(), {"pro", "BASIC"}, "choice", "[\"Basic\",\"Pro\"]", {"Pro", "Basic"}},
      {"text", Value(), {"pro", "gold"}, "choice", "[\"Basic\",\"Pro\"]", {}},
      {"choice", "[\"Basic\",\"Pro\"]", {"Pro"}, "choices", "[\"Basic\",\"Pro\"]", {"[\"Pro\"]"}},
      {"choice", "[\"Basic\",\"Pro\"]", {"Pro"}, "text", Value(), {"Pro"}},
      {"choice", "[\"Basic\",\"Pro\"]", {"Basic", "Pro"}, "choice", "[\"Basic\"]", {}},
      {"choice", "[\"Basic\",\"Pro\"]", {"Basic"}, "choice", "[\"BASIC\",\"New\"]", {"BASIC"}},
      {"choices", "[\"a\",\"b\"]", {"a,b"}, "choices", "[\"b\"]", {}},
      {"choices", "[\"a\",\"b\"]", {"a,b"}, "choices", "[\"b\",\"c\",\"a\"]", {"[\"b\",\"a\"]"}},
  };
  for (const Change& change : changes) {
    for (int indexed : {0, 1}) {
      INFO(change.from << " to " << change.to << ", " << change.values.size() << " values");
      Crm crm;
      crm.put("field", {{"key", "f"}, {"type", change.from}, {"options", change.from_options}, {"indexed", Value(indexed)}});
      std::vector<std::string> before;
      for (std::size_t i = 0; i < change.values.size(); ++i) {
        crm.put("lead", {{"email", "l" + std::to_string(i) + "@x.example"}, {"f", change.values[i]}});
        before.push_back(value_of(crm, "f", static_cast<std::int64_t>(i) + 1));
      }
      std::string said = refusal(crm, "field", {{"key", "f"}, {"type", change.to}, {"options", change.to_options}});
      if (change.after.empty()) {
        CHECK_THAT(said, StartsWith("REFUSED type: lead id:" + std::to_string(change.values.size()) + " has a value that does not fit"));
      } else {
        CHECK(said == "accepted");
      }
      const std::vector<std::string>& expected = change.after.empty() ? before : change.after;
      for (std::size_t i = 0; i < expected.size(); ++i) CHECK(value_of(crm, "f", static_cast<std::int64_t>(i) + 1) == expected[i]);
      CHECK(crm.one("SELECT type FROM field") == (change.after.empty() ? change.from : change.to));
      CHECK(crm.one("SELECT COUNT(*) FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'lead_custom' AND name LIKE 'lead_custom_%'") == std::to_string(indexed));
    }
  }
}

TEST_CASE("a time of day is not dropped when a datetime becomes a date", "[fields]") {
  Crm crm;
  crm.put("field", {{"key", "seen"}, {"type", "datetime"}});
  crm.put("lead", {{"email", "a@x.example"}, {"seen", Value(1709208000000)}});
  CHECK_THAT(refusal(crm, "field", {{"key", "seen"}, {"type", "date"}}), StartsWith("REFUSED type: lead id:1 has a time of day in seen"));
  CHECK(value_of(crm, "seen") == "1709208000000");
}

TEST_CASE("an option that does not exist brings the nearest", "[fields]") {
  Crm crm;
  crm.put("field", {{"key", "plan"}, {"type", "choice"}, {"options", "[\"Basic\",\"Advanced\"]"}});
  CHECK_THAT(refusal(crm, "lead", {{"email", "a@x.example"}, {"plan", "Advancd"}}), StartsWith("INVALID plan: ") && Contains("did you mean \"Advanced\"?"));
}

TEST_CASE("keys of fields: what looks like SQL, words of the language and the lead's own are refused", "[fields]") {
  Crm crm;
  for (const char* key : {"a; DROP TABLE lead", "a\"", "A", "1a", "_a", "a b", "a-b", "å", "a)", ""}) {
    INFO(key);
    CHECK_THAT(refusal(crm, "field", {{"key", key}, {"type", "text"}}), StartsWith("INVALID key"));
  }
  for (const char* key : {"email", "id", "score", "tag", "and", "null", "last_activity"}) {
    INFO(key);
    CHECK_THAT(refusal(crm, "field", {{"key", key}, {"type", "text"}}), StartsWith("CONFLICT key"));
  }
  CHECK_THAT(refusal(crm, "field", {{"key", std::string(49, 'a')}, {"type", "text"}}), StartsWith("LIMIT key"));
  // Words of SQL are names like others, for the column has a name of its own.
  for (const char* key : {"select", "order", "group", "table", "c1", "rowid", "lead_id", "from"}) {
    INFO(key);
    CHECK(refusal(crm, "field", {{"key", key}, {"type", "text"}, {"indexed", Value(1)}}) == "accepted");
    CHECK(refusal(crm, "lead", {{"email", "a@x.example"}, {key, key}}) == "accepted");
    CHECK(value_of(crm, key) == key);
  }
}

TEST_CASE("options of choices are checked", "[fields]") {
  Crm crm;
  for (Value options : {Value(), Value("[]"), Value("{}"), Value("[1]"), Value("[\"\"]"), Value("[\"a\",\"A\"]"), Value("[\"a,b\"]"), Value("not json")}) {
    CHECK_THAT(refusal(crm, "field", {{"key", "f"}, {"type", "choice"}, {"options", options}}), StartsWith("INVALID options"));
  }
  CHECK_THAT(refusal(crm, "field", {{"key", "f"}, {"type", "text"}, {"options", "[\"a\"]"}}), StartsWith("INVALID options"));
  CHECK_THAT(refusal(crm, "field", {{"key", "f"}, {"type", "money"}}), StartsWith("INVALID type"));
  CHECK_THAT(refusal(crm, "field", {{"key", "f"}}), StartsWith("INVALID type"));
}

TEST_CASE("a required field is asked of new leads, and is not emptied", "[fields]") {
  Crm crm;
  crm.lead("old@x.example");
  crm.put("field", {{"key", "plan"}, {"type", "text"}, {"required", Value(1)}});
  CHECK_THAT(refusal(crm, "lead", {{"email", "new@x.example"}}), StartsWith("INVALID plan"));
  CHECK(refusal(crm, "lead", {{"email", "old@x.example"}, {"first_name", "Old"}}) == "accepted");
  CHECK(refusal(crm, "lead", {{"email", "new@x.example"}, {"plan", "pro"}}) == "accepted");
  CHECK_THAT(refusal(crm, "lead", {{"email", "new@x.example"}, {"plan", nullptr}}), StartsWith("INVALID plan"));
}

TEST_CASE("a renamed field keeps its values, and the old name is free", "[fields]") {
  Crm crm;
  crm.put("field", {{"key", "plan"}, {"type", "text"}, {"indexed", Value(1)}});
  crm.put("lead", {{"email", "a@x.example"}, {"plan", "pro"}});
  crm.write([](Operation& op) { return rename_thing(op, op.kinds.get("field"), "plan", "level"); });
  CHECK(value_of(crm, "level") == "pro");
  CHECK(value_of(crm, "plan") == "no column");
  crm.put("field", {{"key", "plan"}, {"type", "integer"}});
  crm.put("lead", {{"email", "a@x.example"}, {"plan", Value(7)}});
  CHECK(value_of(crm, "level") == "pro");
  CHECK(value_of(crm, "plan") == "7");
  CHECK_THROWS_AS(crm.write([](Operation& op) { return rename_thing(op, op.kinds.get("field"), "plan", "email"); }), Failure);
}

TEST_CASE("a removed field takes its column, its index and its values", "[fields]") {
  Crm crm;
  crm.put("field", {{"key", "plan"}, {"type", "text"}, {"indexed", Value(1)}});
  crm.put("field", {{"key", "size"}, {"type", "integer"}});
  crm.put("lead", {{"email", "a@x.example"}, {"plan", "secret value"}, {"size", Value(5)}});
  crm.remove("field", "plan");
  CHECK(value_of(crm, "plan") == "no column");
  CHECK(value_of(crm, "size") == "5");
  CHECK(crm.one("SELECT COUNT(*) FROM sqlite_schema WHERE name LIKE 'lead_custom_c%'") == "0");
  CHECK_THAT(refusal(crm, "lead", {{"email", "a@x.example"}, {"plan", "x"}}), StartsWith("INVALID plan"));
  crm.put("field", {{"key", "plan"}, {"type", "text"}});
  CHECK(value_of(crm, "plan") == "-");  // a new field, not the old one come back
}

TEST_CASE("trap: fields do not run out before the limit that is stated", "[fields][traps]") {
  Crm crm;
  crm.database.begin();
  for (int i = 1; i <= 500; ++i) crm.put("field", {{"key", "f" + std::to_string(i)}, {"type", i % 2 == 0 ? "integer" : "text"}, {"indexed", Value(i <= 40 ? 1 : 0)}});
  crm.database.commit();
  CHECK_THAT(refusal(crm, "field", {{"key", "one_more"}, {"type", "text"}}), StartsWith("LIMIT key"));
  std::vector<std::string> keys;
  for (int i = 1; i <= 500; ++i) keys.push_back("f" + std::to_string(i));
  std::vector<Given> all = {{"email", "a@x.example"}};
  for (const std::string& key : keys) all.push_back({key, Value(7)});
  CHECK(refusal(crm, "lead", all) == "accepted");
  CHECK(value_of(crm, "f499") == "7");
  CHECK(value_of(crm, "f500") == "7");
  CHECK(refusal(crm, "field", {{"key", "f3"}, {"label", "Third"}}) == "accepted");  // changing one is no new one
  crm.remove("field", "f1");
  CHECK(refusal(crm, "field", {{"key", "one_more"}, {"type", "text"}}) == "accepted");
}

TEST_CASE("trap: a field that fails to be made leaves neither column nor row", "[fields][traps]") {
  Crm crm;
  CHECK_THROWS_AS(crm.write([](Operation& op) -> int {
    std::vector<Given> given = {{"key", "plan"}, {"type", "text"}};
    put_thing(op, op.kinds.get("field"), given);
    fail(Status::full, "", "no space is left");
  }), Failure);
  CHECK(crm.one("SELECT COUNT(*) FROM field") == "0");
  CHECK(crm.one("SELECT COUNT(*) FROM pragma_table_info('lead_custom')") == "1");
  CHECK(value_of(crm, "plan", crm.lead("a@x.example")) == "no column");
}
