// What is well written and means nothing: unknown names, comparisons and values that a field cannot take.
#include <catch2/catch.hpp>

#include "segment/fixture.h"

namespace kith::test {

namespace {

struct Row {
  std::string_view text, sentence;
  std::string_view near = "";
  Status status = Status::invalid;
};

void check(SegmentCrm& file, const Row& row, std::string_view kind = "lead") {
  INFO(row.text);
  CHECK(file.refusal(row.text, {}, kind) == fmt::format("where: {}", row.sentence));
  CHECK(file.refused == row.status);
  CHECK(file.near == row.near);
}

}  // namespace

TEST_CASE("names that are not known come with the nearest", "[segment]") {
  SegmentCrm file;
  file.tag("VIP-Member");
  file.put("field", {{"key", "shoe_size"}, {"type", "integer"}});
  const Row rows[] = {
      {"emial = 'a'", "at character 1: a lead has no field \"emial\"; did you mean email?", "email"},
      {"score > 1 and shoesize = 4",
       "at character 15: a lead has no field \"shoesize\"; did you mean shoe_size?", "shoe_size"},
      {"qqqqqqqq = 1", "at character 1: a lead has no field \"qqqqqqqq\""},
      {"tga 'VIP-Member'", "at character 1: \"tga\" is neither a field nor a condition; did you mean tag?",
       "tag"},
      {"qqqqqqqq 'x'", "at character 1: \"qqqqqqqq\" is neither a field nor a condition"},
      {"city 'Lund'", "at character 6: city is a field: write = or another comparison before the value"},
      {"tag = 'VIP-Member'", "at character 1: tag is no field: write tag 'name', without a sign between",
       "tag"},
      {"tag 'VIP-Membr'", "at character 5: tag: there is no tag \"VIP-Membr\"; did you mean \"VIP-Member\"?",
       "VIP-Member", Status::not_found},
      {"tag 'id:99'", "at character 5: tag: there is no tag \"id:99\"", "", Status::not_found},
      {"tag ''", "at character 5: tag: there is no tag \"\"", "", Status::not_found},
      {"tag 5", "at character 5: tag is followed by a name in single quotes or ?"},
      {"tag 'VIP-Member' pending",
       "at character 18: tag takes no word behind the name; and, or, or the end should follow"},
  };
  for (const Row& row : rows) check(file, row);
}

TEST_CASE("a comparison that a type does not have is refused with those it has", "[segment]") {
  SegmentCrm file;
  file.put("field", {{"key", "plan"}, {"type", "choice"}, {"options", R"(["Basic","Pro"])"}});
  file.put("field", {{"key", "likes"}, {"type", "choices"}, {"options", R"(["a","b"])"}});
  const Row rows[] = {
      {"email < 'a'",
       "at character 1: email is of type email: it takes =, !=, in, not in, contains, starts with, ends "
       "with, is empty and is not empty"},
      {"country > 'SE'",
       "at character 1: country is of type country: it takes =, !=, in, not in, is empty and is not empty"},
      {"score contains '5'",
       "at character 1: score is of type integer: it takes =, !=, in, not in, <, <=, >, >=, is empty and is "
       "not empty"},
      {"plan starts with 'B'",
       "at character 1: plan is of type choice: it takes =, !=, in, not in, is empty and is not empty"},
      {"likes ends with 'b'",
       "at character 1: likes is of type choices: it takes =, !=, in, not in, contains, is empty and is not "
       "empty"},
  };
  for (const Row& row : rows) check(file, row);
  check(file, {"data = '1'", "at character 1: data is of type json: it takes is empty and is not empty"},
        "event");
}

TEST_CASE("values get the failure of their field, and its place", "[segment]") {
  SegmentCrm file;
  file.put("field", {{"key", "plan"}, {"type", "choice"}, {"options", R"(["Basic","Pro"])"}});
  file.put("field", {{"key", "likes"}, {"type", "choices"}, {"options", R"(["apples","pears"])"}});
  file.put("field", {{"key", "vegan"}, {"type", "boolean"}});
  auto begins = [&](std::string_view text, std::string_view beginning, std::string_view near = "",
                    Status status = Status::invalid) {
    INFO(text);
    std::string said = file.refusal(text);
    INFO(said);
    CHECK(said.starts_with(beginning));
    CHECK(file.near == near);
    CHECK(file.refused == status);
  };
  begins("score = 'many'", "where: at character 9: score: ");
  begins("score = 2.5", "where: at character 9: score: ");
  begins("country in ('SE', 'Sweden')", "where: at character 19: country: ");
  begins("created > 'yesterday'", "where: at character 11: created: ");
  begins("birth_date = 2000", "where: at character 14: birth_date: ");
  begins("email = 'ada'", "where: at character 9: email: ");
  begins("plan = 'Prp'", "where: at character 8: plan: \"Prp\" is none of the options Basic, Pro", "Pro");
  begins("likes contains 'apple'",
         "where: at character 16: likes: \"apple\" is none of the options apples, pears", "apples");
  begins("phone contains 'abc'", "where: at character 16: phone: ");
  begins("id = 0", "where: at character 6: id: ");
  begins("vegan = 'maybe'", "where: at character 9: vegan: ");
  begins("city = '" + std::string(300, 'x') + "'", "where: at character 8: city: ", "", Status::limit);
  check(file, {"score = true", "at character 9: score is of type integer, which is never true"});
  check(file, {"city = false", "at character 8: city is of type text, which is never false"});
  check(file, {"city = ''",
               "at character 8: an empty text is no value: write city is empty, or city is not empty"});
  check(file, {"city contains ''",
               "at character 15: an empty text is no value: write city is empty, or city is not empty"});
  check(file, {"city in ('a', ' ')",
               "at character 15: an empty text is no value: write city is empty, or city is not empty"});
}

TEST_CASE("references are names of things that exist", "[segment]") {
  SegmentCrm file;
  file.put("category", {{"name", "Membership"}});
  file.lead("ada@example.com");
  check(file,
        {"category = 'Memberships'",
         "at character 12: category: there is no category \"Memberships\"; did you mean \"Membership\"?",
         "Membership", Status::not_found},
        "tag");
  check(file,
        {"lead = 'somebody.else@example.org'",
         "at character 8: lead: there is no lead \"somebody.else@example.org\"", "", Status::not_found},
        "assignment");
  check(file,
        {"category < 'M'",
         "at character 1: category is of type reference: it takes =, !=, in, not in, is empty and is not "
         "empty"},
        "tag");
}

TEST_CASE("conditions that ask about leads are refused for other things", "[segment]") {
  SegmentCrm file;
  file.tag("VIP");
  check(file, {"tag 'VIP'", "at character 1: tag asks about leads, and these are things of kind category"},
        "category");
  check(
      file,
      {"name = 'x' or tag 'VIP'", "at character 15: tag asks about leads, and these are things of kind tag"},
      "tag");
  check(file,
        {"tag 'VIP'",
         "at character 1: tag asks about leads, and these are things of kind assignment; its field is "
         "compared by tag = ..."},
        "assignment");
}

TEST_CASE("every ? has its argument", "[segment]") {
  SegmentCrm file;
  CHECK(file.refusal("city = ?") == "where: has 1 ?, but 0 arguments came with it");
  CHECK(file.refusal("city = ? or city = ?", {"a"}) == "where: has 2 ?, but 1 argument came with it");
  CHECK(file.refusal("", {"a"}) == "where: has 0 ?, but 1 argument came with it");
  CHECK(file.refusal("city = '?'", {"a"}) == "where: has 0 ?, but 1 argument came with it");
  CHECK(file.refusal("city = ? or city = ?", {"a", nullptr}) ==
        "where: at character 20: argument 2 is NULL: write city is empty, or is not empty");
  CHECK(file.refusal("tag ?", {nullptr}) == "where: at character 5: argument 1 is NULL: a name is needed");
  CHECK(file.refusal("tag ?", {1.5}) ==
        "where: at character 5: tag is followed by a name in single quotes or ?");
  CHECK(file.refusal("city = ?", {"\xFF"}) == "where: at character 8: argument 1 is not well-formed UTF-8");
  CHECK(file.refusal("city contains ?", {7}).starts_with("where: at character 15: city: "));
}

}  // namespace kith::test
