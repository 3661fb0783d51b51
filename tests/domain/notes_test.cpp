// Notes: added, edited, removed, each in the log of the lead.
#include <catch2/catch.hpp>

#include "base/failure.h"
#include "support/crm.h"

using namespace kith;
using kith::test::Crm;

TEST_CASE("a note is added, edited and removed, and the log says so", "[notes]") {
  Crm crm;
  crm.lead("ada@example.com");
  std::int64_t note = crm.put("note", {{"lead", "ada@example.com"}, {"text", "called back"}});
  CHECK(note == 1);
  CHECK(crm.put("note", {{"lead", 1}, {"text", "called back"}}) == 2);  // two notes may say the same
  crm.clock += 1000;
  CHECK(crm.put("note", {{"id", note}, {"text", "called back twice"}}) == note);
  CHECK(crm.rows("SELECT id, lead_id, text, updated - created FROM note ORDER BY id") ==
        std::vector<std::string>{"1|1|called back twice|1000", "2|1|called back|0"});
  crm.remove("note", "id:2");
  CHECK(crm.one("SELECT COUNT(*) FROM note") == "1");
  CHECK(crm.rows("SELECT lead_id, kind_id, subject_id FROM event WHERE kind_id IN (9, 10, 11) ORDER BY id") ==
        std::vector<std::string>{"1|9|1", "1|9|2", "1|10|1", "1|11|2"});
}

TEST_CASE("a note's author is who puts it, unless one is given", "[notes]") {
  Crm crm;
  crm.lead("ada@example.com");
  auto put = [&](std::initializer_list<Given> fields) {
    crm.write_with({{"by", "anna"}}, [&](Operation& op) {
      return put_thing(op, op.kinds.get("note"), std::span(fields.begin(), fields.size())).id;
    });
  };
  put({{"lead", 1}, {"text", "a"}});
  put({{"lead", 1}, {"text", "b"}, {"author", "bert"}});
  put({{"lead", 1}, {"text", "c"}, {"author", nullptr}});
  put({{"id", 2}, {"text", "bb"}});
  CHECK(crm.rows("SELECT author FROM note ORDER BY id") == std::vector<std::string>{"anna", "bert", "-"});
}

TEST_CASE("a note has a lead, a text, and a size that is refused beyond 64 KB", "[notes]") {
  Crm crm;
  crm.lead("ada@example.com");
  crm.lead("bob@example.com");
  std::string text(64 * 1024, 'x');
  CHECK(crm.put("note", {{"lead", 1}, {"text", text}}) == 1);
  std::string over = text + "x";
  CHECK_THROWS_WITH(crm.put("note", {{"lead", 1}, {"text", over}}), Catch::Contains("65536"));
  std::string wide;
  for (int i = 0; i < 40000; ++i) wide += "ö";
  CHECK_THROWS_WITH(crm.put("note", {{"lead", 1}, {"text", wide}}), Catch::Contains("bytes"));
  CHECK_THROWS_WITH(crm.put("note", {{"text", "x"}}), Catch::Contains("lead"));
  CHECK_THROWS_WITH(crm.put("note", {{"lead", 1}}), Catch::Contains("text"));
  CHECK_THROWS_WITH(crm.put("note", {{"id", 1}, {"text", ""}}), Catch::Contains("text"));
  CHECK_THROWS_WITH(crm.put("note", {{"lead", "nobody@example.com"}, {"text", "x"}}), Catch::Contains("nobody"));
  CHECK_THROWS_WITH(crm.put("note", {{"id", 1}, {"lead", 2}}), Catch::Contains("once"));
  CHECK(crm.one("SELECT COUNT(*) FROM note") == "1");
}

TEST_CASE("the host's key of a note's put is the note's, not a lead's of that number", "[notes]") {
  Crm crm;
  crm.lead("ada@example.com");
  crm.lead("bob@example.com");
  auto put = [&] {
    return crm.database.write(std::vector<Given>{{"key", "n1"}}, {}, [&](Operation& op, const Extras& extras) {
      Given fields[] = {{"lead", 2}, {"text", "once"}};
      return put_one(op, op.kinds.get("note"), fields, extras).id;
    });
  };
  CHECK(put() == 1);
  CHECK(put() == 1);
  CHECK(crm.one("SELECT COUNT(*) FROM note") == "1");
  CHECK(crm.one("SELECT lead_id, thing_id FROM write_key") == "2|1");
}
