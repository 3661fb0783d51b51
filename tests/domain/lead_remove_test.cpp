// Removing a lead: what goes, what stays, and that the address can be used again.
#include "domain/lead_remove.h"

#include <catch2/catch.hpp>

#include "base/failure.h"
#include "domain/leads.h"
#include "domain/search.h"
#include "domain/tags.h"
#include "support/crm.h"

using namespace kith;
using kith::test::Crm;

TEST_CASE("a removed lead leaves nothing but its log and its number", "[lead_remove]") {
  Crm crm;
  crm.put("lead", {{"email", "ada@example.com"}, {"external_id", "a1"}});
  crm.lead("bob@example.com");
  crm.put("tag", {{"name", "VIP"}});
  crm.put("note", {{"lead", 1}, {"text", "hello"}});
  crm.put("address", {{"lead", 1}, {"email", "ada@work.example"}});
  crm.write([](Operation& op) {
    build_search(op);
    LeadSet both;
    both.add(1);
    both.add(2);
    return assign_tag_to(op, both, 1, {});
  });
  std::string events = crm.one("SELECT COUNT(*) FROM event WHERE lead_id = 1");
  std::int64_t event = crm.remove("lead", "external:a1");
  CHECK(event > 0);
  for (const char* table : {"lead_key", "note", "lead_email", "lead_tag"}) {
    INFO(table);
    CHECK(crm.one("SELECT COUNT(*) FROM " + std::string(table) + " WHERE lead_id = 1") == "0");
  }
  CHECK(crm.one("SELECT COUNT(*) FROM lead") == "1");
  CHECK(crm.one("SELECT id, state, event_id FROM lead_gone") == "1|removed|" + std::to_string(event));
  CHECK(crm.one("SELECT COUNT(*) - 1 FROM event WHERE lead_id = 1") == events);
  crm.read([](Operation& op) {
    CHECK(op.sets.everybody().size() == 1);
    CHECK(count_with_tag(op, 1) == 1);
    CHECK(search_leads(op, "ada", 0)->count() == 0);
    CHECK(find_lead(op, "id:1") == 0);
    CHECK(find_lead(op, "ada@work.example") == 0);
    CHECK(find_lead(op, "external:a1") == 0);
  });
  CHECK_THROWS_WITH(crm.remove("lead", "ada@example.com"), Catch::Contains("there is no lead"));
  CHECK(crm.put("lead", {{"email", "ada@example.com"}, {"external_id", "a1"}}) == 3);  // a tombstone blocks nobody
}

TEST_CASE("removing under a key is done once, though the name finds nobody then", "[lead_remove]") {
  Crm crm;
  crm.lead("ada@example.com");
  crm.lead("bob@example.com");
  auto remove = [&](std::string_view name) {
    return crm.write_with({{"key", "k"}}, [&](Operation& op) { return remove_one(op, op.kinds.get("lead"), name); });
  };
  std::int64_t event = remove("ada@example.com");
  CHECK(remove("ada@example.com") == event);
  CHECK_THROWS_WITH(remove("bob@example.com"), Catch::Contains("for lead id:1 before"));
  CHECK(crm.one("SELECT verb, lead_id FROM write_key") == "remove:lead|1");  // no address in it
}
