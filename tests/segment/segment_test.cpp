// What compiled conditions answer: sets, SQL and both together.
#include "segment/segment.h"

#include <catch2/catch.hpp>

#include "segment/fixture.h"

namespace kith {

namespace {

std::vector<std::int64_t> ids(const LeadSet& leads) {
  std::vector<std::int64_t> all;
  leads.each([&](std::int64_t id) { all.push_back(id); });
  return all;
}

using Ids = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("conditions find leads by fields, tags, and both", "[segment]") {
  SegmentFixture file;
  std::int64_t ada = file.lead({{"email", "Ada@Example.com"}, {"country", "SE"}, {"city", "Lund"}, {"phone", "+46 70-123"}});
  std::int64_t bob = file.lead({{"email", "bob@example.org"}, {"country", "NO"}});
  std::int64_t cy = file.lead({{"email", "cy@example.org"}, {"country", "SE"}, {"city", "Malmö"}});
  file.tag("VIP");
  file.assign(ada, "VIP");
  file.assign(bob, "VIP");
  auto where = [&](std::string_view text, std::vector<Value> args = {}) { return ids(file.leads(text, args)); };
  CHECK(where("") == Ids{ada, bob, cy});
  CHECK(where("country = 'se'") == Ids{ada, cy});
  CHECK(where("tag 'vip'") == Ids{ada, bob});
  CHECK(where("tag 'vip' and country = 'se'") == Ids{ada});
  CHECK(where("not tag 'vip'") == Ids{cy});
  CHECK(where("country = 'se' and not tag ?", {"VIP"}) == Ids{cy});
  CHECK(where("not tag 'vip' or city starts with 'Lu'") == Ids{ada, cy});
  CHECK(where("email = ?", {"ADA@example.COM"}) == Ids{ada});
  CHECK(where("city != 'Lund'") == Ids{bob, cy});
  CHECK(where("phone = '0046 70 123'") == Ids{ada});
}

}  // namespace kith
