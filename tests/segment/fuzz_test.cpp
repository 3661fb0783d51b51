// Whatever bytes and tokens come, a condition is answered or refused as INVALID, NOT_FOUND or LIMIT; nothing
// else happens.
#include <catch2/catch.hpp>

#include <random>

#include "segment/fixture.h"

namespace kith::test {

namespace {

// What is not refused must be answered, and counted the same.
bool survives(SegmentCrm& file, std::string_view text, const Args& args) {
  std::int64_t found = -1;
  try {
    found = static_cast<std::int64_t>(file.leads(text, args).size());
  } catch (const Failure& failure) {
    INFO(text);
    INFO(failure.message());
    bool expected = failure.status() == Status::invalid || failure.status() == Status::not_found ||
                    failure.status() == Status::limit;
    CHECK(expected);
    CHECK(failure.field() == "where");
    CHECK(failure.message().size() < 600);
    return false;
  }
  INFO(text);
  CHECK(file.count(text, args) == found);
  return true;
}

}  // namespace

TEST_CASE("random bytes never do harm", "[segment][fuzz]") {
  SegmentCrm file;
  file.lead("ada@example.com");
  std::mt19937 random(20260101);
  for (int round = 0; round < 20000; ++round) {
    std::string text(random() % 60, '\0');
    bool ascii = round % 2 == 0;
    for (char& c : text) c = static_cast<char>(ascii ? 32 + random() % 95 : random());
    survives(file, text, {});
  }
}

TEST_CASE("soups of tokens never do harm", "[segment][fuzz]") {
  SegmentCrm file;
  file.tag("VIP");
  file.put("field", {{"key", "likes"}, {"type", "choices"}, {"options", R"(["a","b"])"}});
  file.assign(file.put("lead", {{"email", "ada@example.com"}, {"city", "Lund"}, {"likes", "a"}}), "VIP");
  file.lead("bob@example.com");
  const std::string_view soup[] = {"and",
                                   "or",
                                   "not",
                                   "(",
                                   ")",
                                   "in",
                                   "(",
                                   ")",
                                   ",",
                                   "is",
                                   "empty",
                                   "contains",
                                   "starts",
                                   "ends",
                                   "with",
                                   "=",
                                   "!=",
                                   "<",
                                   "<=",
                                   ">",
                                   ">=",
                                   "?",
                                   "?",
                                   "'VIP'",
                                   "'a'",
                                   "''",
                                   "'2026-01-01'",
                                   "'ada@example.com'",
                                   "1",
                                   "-2.5",
                                   "true",
                                   "null",
                                   "tag",
                                   "list",
                                   "city",
                                   "email",
                                   "score",
                                   "created",
                                   "likes",
                                   "id",
                                   "phone",
                                   "birth_date",
                                   "last_activity",
                                   "pending",
                                   "\u00E5",
                                   "'\U0010FFFF'",
                                   "1e5",
                                   "0"};
  const Value values[] = {"VIP", "Lund", 1, 2.5, nullptr, "ada@example.com", ""};
  std::mt19937 random(7);
  auto any = [&](const auto& from) { return from[random() % std::size(from)]; };
  for (int round = 0; round < 30000; ++round) {
    std::string text;
    Args args;
    for (std::size_t length = random() % 14; length > 0; --length) {
      std::string_view token = any(soup);
      if (token == "?") args.push_back(any(values));
      text += token;
      if (random() % 8 != 0) text += ' ';
    }
    survives(file, text, args);
  }
}

TEST_CASE("right conditions with one token or byte changed never do harm", "[segment][fuzz]") {
  SegmentCrm file;
  file.tag("VIP");
  file.assign(file.put("lead", {{"email", "ada@example.com"}, {"city", "Lund"}}), "VIP");
  const std::string right =
      "tag 'VIP' and (city in ('Lund', 'Malm\u00F6') or not email ends with '@example.org') and score >= -1 "
      "and "
      "created < '2030-01-01T00:00:00Z' and phone is empty";
  REQUIRE(file.leads(right).size() == 1);
  std::mt19937 random(99);
  int answered = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string text = right;
    std::size_t at = random() % text.size();
    switch (random() % 4) {
      case 0:
        text[at] = static_cast<char>(random());
        break;
      case 1:
        text.erase(at, 1 + random() % 6);
        break;
      case 2:
        text.insert(at, 1, static_cast<char>(32 + random() % 95));
        break;
      default:
        text.insert(at, right.substr(random() % right.size(), 1 + random() % 12));
        break;
    }
    answered += survives(file, text, {}) ? 1 : 0;
  }
  CHECK(answered > 100);
}

}  // namespace kith::test
