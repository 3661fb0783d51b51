// JSON: what is read, what is refused and where, what is written.
#include "base/json.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/random.h"
#include "base/text.h"
#include "failing.h"

using namespace kith;
using namespace std::string_literals;
using kith::test::failure_of;
using kith::test::said_by;

namespace {

std::string fault_of(std::string_view text) {
  auto failure = failure_of([&] { parse_json(text, "steps"); });
  if (!failure) return "";
  CHECK(failure->field() == "steps");
  std::string message(failure->sentence());
  std::string_view start = "not JSON that can be used: ";
  return message.starts_with(start) ? message.substr(start.size()) : message;
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

std::string literal(std::string_view text) {
  std::string out;
  append_json_text(out, text);
  return out;
}

template <typename Number>
std::string number(Number value) {
  std::string out;
  append_json_number(out, value);
  return out;
}

}  // namespace

TEST_CASE("JSON is read and written back as it was", "[base][json]") {
  for (std::string_view text :
       {"null", "true", "0", "-12", "9223372036854775807", "-9223372036854775808", "1.5", "\"a\"", "[]", "{}",
        R"({"b":1,"a":[true,null,{"x":"å"}],"":""})", R"(["\"\\\n\u0001"])", "[[],[[]],{}]"}) {
    CAPTURE(text);
    CHECK(to_json(parse_json(text, "steps")) == text);
  }
  CHECK(to_json(parse_json(" [ 1 ,\n{ \"a\" : \"\\u00e5\\ud83d\\ude00\" } ] ", "")) == "[1,{\"a\":\"å😀\"}]");
  CHECK(parse_json("\xEF\xBB\xBF[1]", "").is_array());
}

TEST_CASE("what is wrong with JSON is said, with the place", "[base][json]") {
  struct Row {
    std::string text, fault;
  };
  const std::vector<Row> rows = {
      {"", "the text ends too early (line 1, column 1)"},
      {"{", "the text ends too early (line 1, column 2)"},
      {"[1,\n 2", "the text ends too early (line 2, column 3)"},
      {"[1,]", "\"]\" does not belong there (line 1, column 4)"},
      {"[1] x", "\"x\" does not belong there (line 1, column 5)"},
      {"{\n  \"a\": tru\n}", "\"\\n\" does not belong there (line 2, column 11)"},
      {"['a']", "\"'\" does not belong there (line 1, column 2)"},
      {"[\"å\" å]", "\"å\" does not belong there (line 1, column 6)"},
      {"[01]", "\"1\" does not belong there (line 1, column 3)"},
      {"[1e999]", "a number is too large (line 1, column 6)"},
      {"[NaN]", "\"N\" does not belong there (line 1, column 2)"},
      {"// x\n1", "\"/\" does not belong there (line 1, column 1)"},
      {"[\"\\ud800\"]", "\"\\\"\" does not belong there (line 1, column 9)"},
      {"[\"a\nb\"]", "\"\\n\" does not belong there (line 1, column 4)"},
      {"{\"a\":1,\n \"a\":2}", "the key \"a\" stands twice in one object (line 2, column 4)"},
      {"{\"a\":1,\"\\u0061\":2}", "the key \"a\" stands twice in one object (line 1, column 15)"},
      {"[\"a\\u0000\"]", "a text holds the NUL character (\\u0000) (line 1, column 10)"},
      {"{\"\\u0000\":1}", "a text holds the NUL character (\\u0000) (line 1, column 9)"},
      {"[\"\xFF\"]", "JSON must be well-formed UTF-8 without NUL"},
      {"[1]\0"s, "JSON must be well-formed UTF-8 without NUL"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(fault_of(row.text) == row.fault);
  }
  CHECK(said_by([] { parse_json("[1,]", "steps"); }) ==
        "INVALID steps: not JSON that can be used: \"]\" does not belong there (line 1, column 4)");
}

TEST_CASE("keys may stand again in another object", "[base][json]") {
  CHECK(fault_of(R"({"a":{"a":1},"b":[{"a":1},{"a":2}]})") == "");
}

TEST_CASE("a wide object finds its doubled key, and soon", "[base][json]") {
  std::string text = "{";
  for (int i = 0; i < 300000; ++i) text += "\"k" + std::to_string(i) + "\":1,";
  CHECK(fault_of(text + "\"z\":1}") == "");
  CHECK(fault_of(text + "\"k7\":1}").starts_with("the key \"k7\" stands twice"));
  CHECK(fault_of(text + "\"k299999\":1}").starts_with("the key \"k299999\" stands twice"));
  for (int size = 14; size < 19; ++size) {
    std::string small = "{";
    for (int i = 0; i < size; ++i) small += "\"k" + std::to_string(i) + "\":1,";
    for (int i = 0; i < size; ++i) CHECK(fault_of(small + "\"k" + std::to_string(i) + "\":1}") != "");
  }
}

TEST_CASE("depth and length have limits", "[base][json]") {
  CHECK(fault_of(nested(63)) == "");
  CHECK(fault_of(nested(64)) == "");
  CHECK(fault_of(nested(65)) == "nested deeper than 64 levels (line 1, column 65)");
  CHECK(fault_of(std::string(1000000, '[')) == "nested deeper than 64 levels (line 1, column 65)");
  std::string text = "\"" + std::string(most_json_bytes - 2, 'a') + "\"";
  CHECK(fault_of(text) == "");
  auto failure = failure_of([&] { parse_json(text + " ", "steps"); });
  REQUIRE(failure);
  CHECK(failure->status() == Status::limit);
}

TEST_CASE("texts become literals that read back", "[base][json]") {
  CHECK(literal("") == "\"\"");
  CHECK(literal("a/b å 😀") == "\"a/b å 😀\"");
  CHECK(literal("\"\\\b\f\n\r\t\x01\x1F\x7F") == "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\x7F\"");
  SeededRandom random(10);
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (std::size_t j = random.below(10); j > 0; --j) {
      append_utf8(text, static_cast<char32_t>(
                            1 + (random.below(2) == 0 ? random.below(0x7F) : random.below(0xD000))));
    }
    if (parse_json(literal(text), "").get<std::string>() != text) FAIL(shown(text));
    if (literal(text) != to_json(Json(text))) FAIL(shown(text));
  }
}

TEST_CASE("numbers become literals that read back", "[base][json]") {
  CHECK(number(std::int64_t{0}) == "0");
  CHECK(number(INT64_MIN) == "-9223372036854775808");
  CHECK(number(0.1) == "0.1");
  CHECK(number(3.0) == "3.0");
  CHECK(number(-0.0) == "-0.0");
  CHECK(number(std::nan("")) == "null");
  CHECK(number(std::numeric_limits<double>::infinity()) == "null");
  SeededRandom random(11);
  for (int i = 0; i < 20000; ++i) {
    std::uint64_t bits = random.next();
    double value;
    std::memcpy(&value, &bits, sizeof value);
    if (!std::isfinite(value)) continue;
    Json read = parse_json(number(value), "");
    if (!read.is_number_float() || read.get<double>() != value) FAIL(number(value));
  }
}

TEST_CASE("random text never breaks the reader of JSON", "[base][json]") {
  SeededRandom random(12);
  const std::vector<std::string> pieces = {"{",     "}",  "[",  "]",  ",",       ":",    "\"a\"",
                                           "\"b\"", "1",  "-",  ".5", "e9",      "true", "null",
                                           " ",     "\n", "\"", "\\", "\\u00e5", "å",    "\xFF"};
  int good = 0;
  for (int i = 0; i < 100000; ++i) {
    std::string text;
    for (std::size_t j = random.below(8); j > 0; --j) text += pieces[random.below(pieces.size())];
    auto failure = failure_of([&] {
      Json value = parse_json(text, "x");
      ++good;
      std::string written = to_json(value);
      if (parse_json(written, "x") != value) FAIL(shown(text));
    });
    if (failure && (failure->status() != Status::invalid || !valid_utf8(failure->message())))
      FAIL(failure->message());
    if (valid_utf8(text) && !failure && !Json::accept(text)) FAIL("taken: " << shown(text));
  }
  CHECK(good > 1000);
}
