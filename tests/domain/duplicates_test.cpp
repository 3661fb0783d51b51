// Likely duplicates: which pairs, for which reason, in pages, among some leads, and against the same found by comparing
// every lead with every other.
#include "domain/duplicates.h"

#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "base/address.h"
#include "base/checks.h"
#include "base/failure.h"
#include "base/random.h"
#include "base/text.h"
#include "support/crm.h"

using namespace kith;
using kith::test::Crm;

namespace {

using Lines = std::vector<std::string>;

struct Page {
  Lines lines;
  std::string next;
};

Page page(Crm& crm, std::int64_t limit, std::string_view after = {}, const std::optional<LeadSet>& among = std::nullopt,
          std::size_t in_memory = 1 << 20) {
  return crm.read([&](Operation& op) {
    Query query;
    query.limit = limit;
    query.after = after;
    RowsPtr rows = find_duplicates(op, query, among, in_memory);
    Page out;
    for (std::int64_t row = 0; row < rows->count(); ++row) {
      out.lines.push_back(fmt::format("{} {} {} {}", rows->integer(row, 0), rows->integer(row, 1), rows->text(row, 2), rows->text(row, 3)));
    }
    if (rows->next() != nullptr) out.next = *rows->next();
    return out;
  });
}
Lines sorted(Lines lines) {
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace

TEST_CASE("duplicates are the same phone, mailbox, or name at a company", "[duplicates]") {
  Crm crm;
  crm.put("lead", {{"email", "ada.lovelace@gmail.com"}, {"first_name", "Ada"}, {"last_name", "Lovelace"}, {"company", "Engines AB"}});
  crm.put("lead", {{"email", "adalovelace+news@googlemail.com"}, {"phone", "+46 70-123 45 67"}});
  crm.put("lead", {{"email", "al@example.com"}, {"first_name", " ADA"}, {"last_name", "lovelace"}, {"company", "engines  ab"}, {"phone", "0046701234567"}});
  crm.put("lead", {{"email", "ada+x@example.com"}, {"first_name", "Ada"}, {"last_name", "Lovelace"}});  // no such provider, no company
  crm.put("lead", {{"email", "ada@example.com"}, {"phone", "0701234567"}});
  crm.put("address", {{"lead", 1}, {"email", "a.dalovelace@gmail.com"}});  // her own: no pair with herself
  CHECK(page(crm, -1).lines == Lines{"2 3 phone +46701234567", "1 2 address adalovelace@gmail.com", "1 3 name_and_company Ada Lovelace, Engines AB"});
}

TEST_CASE("a lead is found a duplicate by its other addresses", "[duplicates]") {
  Crm crm;
  crm.lead("one@example.com");
  crm.lead("two@example.com");
  crm.put("address", {{"lead", 1}, {"email", "me.too@icloud.com"}});
  crm.put("address", {{"lead", 2}, {"email", "me.too+shop@me.com"}});
  CHECK(page(crm, -1).lines == Lines{"1 2 address me.too@icloud.com"});
  crm.remove("address", "me.too@icloud.com");
  CHECK(page(crm, -1).lines == Lines{});
}

TEST_CASE("pages of duplicates hold each pair once, and both leads are among those asked about", "[duplicates]") {
  auto seed = GENERATE(range(1U, 9U));
  SeededRandom random(seed);
  Crm crm;
  struct One {
    std::string phone, address, name;
  };
  std::map<std::int64_t, One> leads;
  for (int i = 0; i < 120; ++i) {
    std::string dots(random.below(2), '.');
    std::string email = "a" + dots + "b" + std::to_string(random.below(60)) + "+" + std::to_string(i) + "@gmail.com";
    std::string phone = "070 12" + std::to_string(100 + random.below(60));
    std::string name = "N" + std::to_string(random.below(6));
    std::string company = "C" + std::to_string(random.below(6));
    std::int64_t id = crm.put("lead", {{"email", email}, {"phone", random.below(2) == 0 ? Value(phone) : Value()}, {"first_name", name},
                                       {"company", random.below(2) == 0 ? Value(company) : Value()}});
    One one;
    one.address = loose_key(parse_address(email, "email").key);
    Crm& c = crm;
    if (!c.one("SELECT phone FROM lead WHERE phone IS NOT NULL AND id = " + std::to_string(id)).empty()) one.phone = phone_key(phone);
    if (!c.one("SELECT company FROM lead WHERE company IS NOT NULL AND id = " + std::to_string(id)).empty()) one.name = name + company;
    leads[id] = one;
  }
  std::optional<LeadSet> among;
  if (random.below(2) == 0) {
    among.emplace();
    for (const auto& [id, one] : leads) {
      if (random.below(3) != 0) among->add(id);
    }
  }
  std::map<std::string, std::int64_t> first;
  Lines expected;
  for (const auto& [id, one] : leads) {
    if (among && !among->contains(id)) continue;
    for (auto [reason, key] : {std::pair("phone", one.phone), std::pair("address", one.address), std::pair("name_and_company", one.name)}) {
      if (key.empty()) continue;
      auto [known, fresh] = first.emplace(std::string(reason) + key, id);
      if (!fresh) expected.push_back(fmt::format("{} {} {}", known->second, id, reason));
    }
  }
  REQUIRE(expected.size() > 10);
  for (std::int64_t limit : {-1, 1, 7, 1000}) {
    Lines all;
    std::string after;
    for (int pages = 0; pages < 500; ++pages) {
      Page one = page(crm, limit, after, among, seed % 2 == 0 ? 1 << 20 : 16);
      if (limit > 0) CHECK(static_cast<std::int64_t>(one.lines.size()) <= limit);
      for (const std::string& line : one.lines) all.push_back(line.substr(0, line.find(' ', line.find(' ', line.find(' ') + 1) + 1)));
      after = one.next;
      if (after.empty()) break;
    }
    CHECK(sorted(all) == sorted(expected));
  }
}

TEST_CASE("a place in duplicates that is none is refused", "[duplicates]") {
  Crm crm;
  crm.lead("one@example.com");
  for (const char* after : {"x", "1", "1:", "::", "9:1:1", "1:x:1", "0:+46:x", "-1:1:1", "1:1:1:x"}) {
    INFO(after);
    CHECK_THROWS_WITH(page(crm, 10, after), Catch::Contains("no place"));
  }
  CHECK(page(crm, 10, "2:18446744073709551615:9").lines.empty());
}
