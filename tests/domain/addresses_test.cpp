// Other addresses: unique over all leads, finding the lead, changing places with the primary one.
#include <catch2/catch.hpp>

#include "base/failure.h"
#include "domain/leads.h"
#include "domain/search.h"
#include "support/crm.h"

using namespace kith;
using kith::test::Crm;

namespace {

std::int64_t find(Crm& crm, std::string_view name) {
  return crm.read([&](Operation& op) { return find_lead(op, name); });
}
std::vector<std::string> keys(Crm& crm) { return crm.rows("SELECT kind, key, lead_id, role FROM lead_key ORDER BY kind, key"); }

}  // namespace

TEST_CASE("a lead is found by any of its addresses, and each is one lead's", "[addresses]") {
  Crm crm;
  crm.lead("ada@example.com");
  crm.lead("bob@example.com");
  CHECK(crm.put("address", {{"lead", 1}, {"email", "Ada@Wörk.example"}}) == 1);
  CHECK(find(crm, "ADA@xn--wrk-sna.EXAMPLE") == 1);
  CHECK(crm.put("address", {{"lead", 1}, {"email", "ada@wörk.EXAMPLE"}}) == 1);  // the same
  CHECK(crm.one("SELECT COUNT(*) FROM lead_email") == "1");
  CHECK_THROWS_WITH(crm.put("address", {{"lead", 2}, {"email", "ada@wörk.example"}}), Catch::Contains("belongs to lead id:1"));
  CHECK_THROWS_WITH(crm.put("address", {{"lead", 2}, {"email", "ada@example.com"}}), Catch::Contains("belongs to lead id:1"));
  CHECK_THROWS_WITH(crm.put("address", {{"lead", 1}, {"email", "ADA@example.com"}}), Catch::Contains("primary"));
  CHECK_THROWS_WITH(crm.put("lead", {{"id", 2}, {"email", "ada@wörk.example"}}), Catch::Contains("belongs to lead id:1"));
  CHECK(crm.lead("ada@WÖRK.example") == 1);  // putting by it updates its lead
  CHECK(crm.one("SELECT email FROM lead WHERE id = 1") == "ada@example.com");
}

TEST_CASE("an address that is removed is free, and an event says that it was there", "[addresses]") {
  Crm crm;
  crm.lead("ada@example.com");
  crm.put("address", {{"lead", 1}, {"email", "ada@work.example"}});
  crm.write([](Operation& op) {
    build_search(op);
    return 0;
  });
  auto found = [&](std::string_view text) { return crm.read([&](Operation& op) { return search_leads(op, text, 0)->count(); }); };
  crm.put("address", {{"lead", 1}, {"email", "ada@club.example"}});
  CHECK(found("club") == 1);
  CHECK(found("work") == 1);
  crm.remove("address", "ADA@work.example");
  CHECK(found("work") == 0);
  CHECK(find(crm, "ada@work.example") == 0);
  CHECK(crm.lead("ada@work.example") == 2);
  crm.remove("address", "id:2");
  CHECK(find(crm, "ada@club.example") == 0);
  CHECK(crm.rows("SELECT lead_id, kind_id FROM event WHERE kind_id IN (7, 8) ORDER BY id") ==
        std::vector<std::string>{"1|7", "1|7", "1|8", "1|8"});
  CHECK_THROWS_AS(crm.remove("address", "ada@example.com"), Failure);  // the primary one is no address of this kind
  CHECK(find(crm, "ada@example.com") == 1);
}

TEST_CASE("who would remove a primary address is told what it is", "[addresses]") {
  Crm crm;
  crm.lead("ada@example.com");
  CHECK_THROWS_WITH(crm.remove("address", "ada@example.com"), Catch::Contains("there is no address") && Catch::Contains("primary address"));
  CHECK_THROWS_WITH(crm.remove("address", "bob@example.com"), Catch::Contains("there is no address") && !Catch::Contains("primary"));
  CHECK_THROWS_WITH(crm.put("address", {{"lead", 1}}), Catch::Contains("an address must have one"));
}

TEST_CASE("making an address primary changes places", "[addresses]") {
  Crm crm;
  crm.lead("ada@example.com");
  crm.put("address", {{"lead", 1}, {"email", "Ada@Work.example"}});
  crm.put("lead", {{"id", 1}, {"email", "Ada@Work.example"}});
  CHECK(crm.one("SELECT email FROM lead") == "Ada@Work.example");
  CHECK(crm.one("SELECT id, email, email_key FROM lead_email") == "1|ada@example.com|ada@example.com");
  CHECK(keys(crm) == std::vector<std::string>{"1|ada@example.com|1|0", "1|ada@work.example|1|1"});
  crm.remove("address", "ada@example.com");
  CHECK(keys(crm) == std::vector<std::string>{"1|ada@work.example|1|1"});
}

TEST_CASE("the failure about an address that was named by its id does not tell the address", "[addresses]") {
  Crm crm;
  crm.lead("ada@example.com");
  crm.lead("bob@example.com");
  crm.put("address", {{"lead", 1}, {"email", "secret@example.com"}});
  CHECK_THROWS_WITH(crm.put("address", {{"id", 1}, {"lead", 2}}), Catch::Contains("address id:1 belongs to lead id:1") && !Catch::Contains("secret"));
}
