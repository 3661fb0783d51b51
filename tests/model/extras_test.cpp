// The named extras of a verb: which are known, what they take, what they refuse and how.
#include "model/extras.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

#include "base/failing.h"
#include "base/failure.h"

using namespace kith;
using kith::test::failure_of;

namespace {

constexpr Millis now = 1'700'000'000'000;

std::string refusal(std::vector<Given> given, std::initializer_list<std::string_view> own = {}) {
  std::optional<Failure> failure = failure_of([&] { Extras extras(given, own, now); });
  return failure ? std::string(status_name(failure->status())) + " " + failure->field() : "taken";
}

}  // namespace

TEST_CASE("what every verb knows becomes the act", "[extras]") {
  std::vector<Given> given = {{"by", "  anna "}, {"ip", "2001:DB8::1"}, {"at", "2023-11-14T22:13:20Z"}, {"key", "k"}, {"cause", Value(7)}};
  Extras extras(given, {}, now);
  CHECK(extras.act().by == "anna");
  CHECK(extras.act().ip == "2001:db8::1");
  CHECK(extras.act().at == now);
  CHECK(extras.act().key == "k");
  CHECK(extras.act().cause == 7);
}

TEST_CASE("extras that are wrong are refused by their name", "[extras]") {
  CHECK(refusal({{"by", Value(5)}}) == "INVALID by");
  CHECK(refusal({{"by", Value()}}) == "INVALID by");
  std::string long_name(256, 'a');
  CHECK(refusal({{"by", long_name}}) == "LIMIT by");
  CHECK(refusal({{"ip", "1.2.3"}}) == "INVALID ip");
  CHECK(refusal({{"at", Value(now + 1001)}}) == "INVALID at");
  CHECK(refusal({{"at", Value(now + 1000)}}) == "taken");  // clocks differ a little
  CHECK(refusal({{"at", "yesterday"}}) == "INVALID at");
  CHECK(refusal({{"at", Value(0)}}) == "INVALID at");  // a time that nobody set is not now
  CHECK(refusal({{"at", "1970-01-01T00:00:00Z"}}) == "INVALID at");
  CHECK(refusal({{"at", Value(1)}}) == "taken");
  CHECK(refusal({{"at", Value(-1)}}) == "taken");
  CHECK(refusal({{"at", Value(std::numeric_limits<std::int64_t>::min())}}) == "INVALID at");
  CHECK(refusal({{"key", ""}}) == "LIMIT key");
  CHECK(refusal({{"key", long_name}}) == "LIMIT key");
  CHECK(refusal({{"cause", Value(0)}}) == "INVALID cause");
  CHECK(refusal({{"cause", "first"}}) == "INVALID cause");
}

TEST_CASE("an extra that the verb does not know is refused with the nearest it knows", "[extras]") {
  std::vector<Given> given = {{"expire", Value(1)}};
  std::optional<Failure> failure = failure_of([&] { Extras extras(given, {"expires"}, now); });
  REQUIRE(failure);
  CHECK(failure->status() == Status::invalid);
  CHECK(failure->field() == "expire");
  CHECK(failure->nearest() == "expires");
  CHECK(refusal({{"expires", Value(1)}}, {"expires"}) == "taken");
  CHECK(refusal({{"expires", Value(1)}}) == "INVALID expires");
  CHECK(refusal({{"", Value(1)}}) == "INVALID ");
}

TEST_CASE("a verb's own extras are read by type, the last of several, or all", "[extras]") {
  std::vector<Given> given = {{"tag", "a"}, {"tag", Value()}, {"tag", "b"}, {"n", Value(1)}, {"n", "+42"}, {"on", "Yes"}, {"off", Value(0)},
                              {"empty", Value()}, {"way", "FORM"}, {"when", Value(now)}};
  Extras extras(given, {"tag", "n", "on", "off", "empty", "way", "when"}, now);
  CHECK(extras.texts("tag") == std::vector<std::string_view>{"a", "b"});
  CHECK(extras.text("tag") == "b");
  CHECK(extras.integer("n", 5) == 42);
  CHECK(extras.integer("empty", 5) == 5);
  CHECK(extras.flag("on"));
  CHECK_FALSE(extras.flag("off"));
  CHECK_FALSE(extras.flag("empty"));
  CHECK(extras.has("empty"));
  CHECK_FALSE(extras.has("other"));
  CHECK(extras.choice("way", {"host", "form"}) == "form");
  CHECK(extras.choice("empty", {"host", "form"}) == "host");
  CHECK(extras.time("when") == now);
  CHECK_FALSE(extras.time("empty").has_value());
  CHECK_THROWS_AS(extras.choice("tag", {"x", "y"}), Failure);
  CHECK_THROWS_AS(extras.flag("way"), Failure);
  CHECK_THROWS_AS(extras.integer("tag", 0), Failure);
}

TEST_CASE("numbers and booleans from what hosts write", "[extras]") {
  CHECK(integer_value(" 12 ", "n") == 12);
  CHECK(integer_value(3.0, "n") == 3);
  for (Value wrong : {Value("1.5"), Value("1e3"), Value(""), Value("9223372036854775808"), Value(0.5), Value(1e300), Value(std::nan("")), Value("+"), Value("+-1"), Value("--1")}) {
    CHECK_THROWS_AS(integer_value(wrong, "n"), Failure);
  }
  CHECK(real_value("1e3", "n") == 1000);
  for (Value wrong : {Value("nan"), Value("inf"), Value(INFINITY), Value("1,5"), Value("")}) CHECK_THROWS_AS(real_value(wrong, "n"), Failure);
  CHECK(boolean_value("TRUE", "b"));
  for (Value wrong : {Value(2), Value("maybe"), Value(), Value(1.0)}) CHECK_THROWS_AS(boolean_value(wrong, "b"), Failure);
}

TEST_CASE("what only reads knows no extras but its own", "[extras]") {
  for (const Given& common : {Given{"by", "anna"}, Given{"ip", "192.0.2.1"}, Given{"at", Value(now)}, Given{"key", "k"}, Given{"cause", Value(1)}}) {
    std::vector<Given> given = {{"channel", "sms"}, common};
    std::optional<Failure> failure = failure_of([&] { Extras::of_reading(given, {"channel"}); });
    REQUIRE(failure);
    CHECK(failure->status() == Status::invalid);
    CHECK(failure->field() == common.name);
  }
  std::vector<Given> own = {{"channel", "sms"}};
  CHECK(Extras::of_reading(own, {"channel"}).text("channel") == "sms");
}
