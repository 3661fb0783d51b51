// Searching leads: what is found by which words, in which order, through changes, and whatever is typed.
#include "domain/search.h"

#include <catch2/catch.hpp>

#include "base/failure.h"
#include "sql/search_index.h"
#include "support/crm.h"

using namespace kith;
using kith::test::Crm;

namespace {

std::vector<std::int64_t> ids_of(const Rows& rows) {
  std::vector<std::int64_t> ids;
  for (std::int64_t row = 0; row < rows.count(); ++row) ids.push_back(rows.integer(row, 0));
  return ids;
}

std::vector<std::int64_t> search(Crm& crm, std::string_view text, std::int64_t limit = 0) {
  return crm.read([&](Operation& op) { return ids_of(*search_leads(op, text, limit)); });
}

void build(Crm& crm) {
  crm.write([](Operation& op) {
    build_search(op);
    return 0;
  });
}

using Ids = std::vector<std::int64_t>;

void fill(Crm& crm) {
  crm.put("lead", {{"email", "ada.lovelace@example.com"}, {"first_name", "Ada"}, {"last_name", "Lovelace"}, {"company", "Analytical Engines"}});
  crm.put("lead", {{"email", "grace@navy.mil"}, {"first_name", "Grace"}, {"last_name", "Hopper"}, {"phone", "+46 70-123 45 67"}});
  crm.put("lead", {{"email", "info@ada.org"}, {"first_name", "Émile"}, {"last_name", "O'Brien-Sjöström"}, {"phone2", "070-987 65 43"}});
  crm.put("lead", {{"email", "adam@example.com"}, {"first_name", "Adam"}, {"company", "Hopper & Sons"}});
  crm.put("lead", {{"email", "li@bücher.example"}, {"first_name", "李"}, {"last_name", "小龙"}});
}

}  // namespace

TEST_CASE("search finds what begins with each word, best first, with an index and without", "[search]") {
  Crm crm;
  fill(crm);
  bool with_index = GENERATE(false, true);
  if (with_index) build(crm);
  CHECK(search(crm, "ada") == Ids{1, 3, 4});  // a name, then an address, whole; then what only begins so
  CHECK(search(crm, "ad") == Ids{1, 4, 3});
  CHECK(search(crm, "LOVE ada") == Ids{1});
  CHECK(search(crm, "lace") == Ids{});  // no word begins so
  CHECK(search(crm, "ada hopper") == Ids{4});
  CHECK(search(crm, "hopper") == Ids{2, 4});
  CHECK(search(crm, "ada.lovelace@example.com") == Ids{1});
  CHECK(search(crm, "ÉMILE") == Ids{3});
  CHECK(search(crm, "brien sjö") == Ids{3});
  CHECK(search(crm, "李") == Ids{5});
  CHECK(search(crm, "xn--bcher") == Ids{5});
  CHECK(search(crm, "bücher") == Ids{5});
  CHECK(search(crm, "hopper & s") == Ids{4});
}

TEST_CASE("search does not mind accents, and puts what is spelled alike first", "[search]") {
  Crm crm;
  for (const char* name : {"Jose", "José", "Müller", "Muller", "Łukasz", "Sørensen", "Đorđe", "Strauß", "Ærø", "Żółć", "Nguyễn", "Αθηνά", "Андрей", "Андреи", "が", "か"}) {
    crm.put("lead", {{"email", "l" + std::to_string(std::hash<std::string_view>()(name) % 1000000007) + "@x.example"}, {"first_name", name}});
  }
  if (GENERATE(false, true)) build(crm);
  CHECK(search(crm, "jose") == Ids{1, 2});
  CHECK(search(crm, "JOSÉ") == Ids{2, 1});
  CHECK(search(crm, "jos") == Ids{1, 2});
  CHECK(search(crm, "josé") == search(crm, "jose\u0301"));  // composed or not
  CHECK(search(crm, "muller") == Ids{4, 3});
  CHECK(search(crm, "müll") == Ids{3, 4});
  CHECK(search(crm, "lukasz") == Ids{5});
  CHECK(search(crm, "sorens") == Ids{6});
  CHECK(search(crm, "dorde") == Ids{7});
  CHECK(search(crm, "STRAUSS") == Ids{8});
  CHECK(search(crm, "aero") == Ids{9});
  CHECK(search(crm, "zolc") == Ids{10});
  CHECK(search(crm, "nguyen") == Ids{11});
  CHECK(search(crm, "αθηνα") == Ids{12});
  CHECK(search(crm, "андрей") == Ids{13, 14});
  CHECK(search(crm, "か") == Ids{16});  // a mark that makes another syllable stays
  crm.put("lead", {{"id", 2}, {"first_name", "Josè"}});
  CHECK(search(crm, "josé") == Ids{1, 2});
}

TEST_CASE("an index of the former folding is made anew", "[search]") {
  Crm crm;
  fill(crm);
  crm.write([](Operation& op) {
    SearchIndex index(op.db);
    index.create();
    index.index(1, "nonsense");
    op.ids.next("search_index", 1);
    return 0;
  });
  CHECK_FALSE(crm.read([](Operation& op) { return search_is_built(op); }));
  CHECK(search(crm, "emile") == Ids{3});
  build(crm);
  CHECK(search(crm, "emile") == Ids{3});
  CHECK(search(crm, "nonsense").empty());
}

TEST_CASE("search finds phones by their digits, however they are typed", "[search]") {
  Crm crm;
  fill(crm);
  if (GENERATE(false, true)) build(crm);
  for (const char* typed : {"+46 70-123 45 67", "46701234567", "0701234567", "070-123", "0046 70 123", "70123", "+4670", "070123"}) {
    INFO(typed);
    CHECK(search(crm, typed) == Ids{2});
  }
  CHECK(search(crm, "0709876543") == Ids{3});
  CHECK(search(crm, "709876") == Ids{3});
  CHECK(search(crm, "grace 0701") == Ids{2});
  CHECK(search(crm, "1234567").empty());  // the middle of a number is no beginning
}

TEST_CASE("search keeps up with what is put", "[search]") {
  Crm crm;
  build(crm);
  fill(crm);
  CHECK(search(crm, "grace") == Ids{2});
  crm.put("lead", {{"email", "grace@navy.mil"}, {"first_name", "Amazing"}});
  CHECK(search(crm, "amazing") == Ids{2});
  crm.put("lead", {{"id", 2}, {"email", "hopper@navy.mil"}});
  CHECK(search(crm, "grace").empty());
  CHECK(crm.one("SELECT value FROM counter WHERE name = 'search_index'") == "2");
}

TEST_CASE("search takes whatever is typed as words, never as syntax", "[search]") {
  Crm crm;
  fill(crm);
  build(crm);
  for (const char* typed : {"\"", "ada\"", "ada OR grace", "NOT ada", "ada*", "*", "^ada", "words:ada", "ada NEAR(grace)", "(ada", "'; DROP TABLE lead; --",
                            "{words}:ada", "ada AND", "- ada", "ada + grace", "\\", "%", "_", "😀"}) {
    INFO(typed);
    CHECK_NOTHROW(search(crm, typed));
  }
  CHECK(search(crm, "ada OR grace").empty());
  CHECK(search(crm, "ada*") == search(crm, "ada"));
  CHECK(search(crm, "words:ada").empty());
  CHECK(search(crm, "").empty());
  CHECK(search(crm, " \t@.- ").empty());
  CHECK(crm.one("SELECT COUNT(*) FROM lead") == "5");
  std::string many;
  for (int i = 0; i < 40; ++i) many += "a ";
  CHECK_THROWS_AS(search(crm, many), Failure);
}

TEST_CASE("search answers at most as many as asked for, ties by id, and its columns", "[search]") {
  Crm crm;
  if (GENERATE(false, true)) build(crm);
  for (int i = 0; i < 30; ++i) crm.put("lead", {{"email", "x" + std::to_string(i) + "@example.com"}, {"first_name", "Same"}});
  crm.put("lead", {{"email", "last@example.com"}, {"company", "Same"}});
  CHECK(search(crm, "sam", 3) == Ids{1, 2, 3});
  CHECK(search(crm, "sam").size() == 20);
  CHECK(search(crm, "same", 100).back() == 31);
  RowsPtr rows = crm.read([](Operation& op) { return search_leads(op, "last", 0); });
  REQUIRE(rows->count() == 1);
  CHECK(rows->text(0, rows->find("email")) == "last@example.com");
  CHECK(rows->text(0, rows->find("company")) == "Same");
  for (const char* column : {"first_name", "last_name", "phone"}) CHECK(rows->type(0, rows->find(column)) == SqlType::null);
}
