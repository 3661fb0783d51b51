// Times, dates and durations as text, with the borders of what is taken.
#include "base/time.h"

#include <vector>

#include "base/checks.h"
#include "base/random.h"
#include "failing.h"

using namespace kith;
using kith::test::said_by;

TEST_CASE("times are read and written", "[base][time]") {
  struct Row {
    std::string_view text;
    Millis time;
    std::string_view written;
  };
  const std::vector<Row> rows = {
      {"1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z"},
      {"2026-11-24T08:01:20Z", 1795507280000, "2026-11-24T08:01:20Z"},
      {"2026-11-24t08:01:20z", 1795507280000, "2026-11-24T08:01:20Z"},
      {"2026-11-24 08:01:20Z", 1795507280000, "2026-11-24T08:01:20Z"},
      {"2026-11-24T08:01Z", 1795507260000, "2026-11-24T08:01:00Z"},
      {"2026-11-24", 1795478400000, "2026-11-24T00:00:00Z"},
      {"2026-11-24T10:01:20+02:00", 1795507280000, "2026-11-24T08:01:20Z"},
      {"2026-11-24T10:01:20+0200", 1795507280000, "2026-11-24T08:01:20Z"},
      {"2026-11-24 10:01:20+02", 1795507280000, "2026-11-24T08:01:20Z"},
      {"2026-11-24T02:31:20-05:30", 1795507280000, "2026-11-24T08:01:20Z"},
      {"2026-11-24T08:01:20.5Z", 1795507280500, "2026-11-24T08:01:20.500Z"},
      {"2026-11-24T08:01:20.1239999Z", 1795507280123, "2026-11-24T08:01:20.123Z"},
      {"2026-11-24T08:01:20.000Z", 1795507280000, "2026-11-24T08:01:20Z"},
      {"1969-12-31T23:59:59.999Z", -1, "1969-12-31T23:59:59.999Z"},
      {"2024-02-29T00:00Z", 1709164800000, "2024-02-29T00:00:00Z"},
      {"2016-12-31T23:59:60Z", 1483228800000, "2017-01-01T00:00:00Z"},
      {"2017-01-01T00:59:60+01:00", 1483228800000, "2017-01-01T00:00:00Z"},
      {"0001-01-01T00:00:00Z", earliest_time, "0001-01-01T00:00:00Z"},
      {"9999-12-31T23:59:59.999Z", latest_time, "9999-12-31T23:59:59.999Z"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    REQUIRE(parse_time(row.text).has_value());
    CHECK(*parse_time(row.text) == row.time);
    CHECK(format_time(row.time) == row.written);
  }
}

TEST_CASE("what is no time is not taken for one", "[base][time]") {
  for (std::string_view text : {"",
                                "now",
                                "1795507280",
                                "17955072800",
                                "1795507280000",
                                "2026-11-24T08:01:20",
                                "2026-11-24T08",
                                "2026-11-24T",
                                "2026-11-24 ",
                                " 2026-11-24",
                                "2026-11-24TZ",
                                "2026-11-24T8:01Z",
                                "2026-11-24T08:1Z",
                                "2026-11-24T24:00Z",
                                "2026-11-24T08:60Z",
                                "2026-11-24T08:01:60Z",
                                "2026-11-24T23:59:61Z",
                                "2026-11-24T08:01:20.Z",
                                "2026-11-24T08:01:20,5Z",
                                "2026-11-24T08:01:20+24:00",
                                "2026-11-24T08:01:20+02:60",
                                "2026-11-24T08:01:20+2",
                                "2026-11-24T08:01:20+02:",
                                "2026-11-24T08:01:20Zx",
                                "2026-11-24T08:01:20 Z",
                                "2026-11-24Z",
                                "2026-02-29T00:00Z",
                                "2026-13-01",
                                "2026-00-01",
                                "2026-01-00",
                                "2026-01-32",
                                "2026-1-1",
                                "24/11/2026",
                                "20261124",
                                "0000-01-01T00:00Z",
                                "0001-01-01T00:00+01:00",
                                "9999-12-31T23:59:59-00:01",
                                "9999-12-31T23:59:60Z",
                                "12026-01-01",
                                "+2026-01-01"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_time(text).has_value());
  }
}

TEST_CASE("a time outside the calendar's years is refused when written", "[base][time]") {
  CHECK_THROWS_AS(format_time(earliest_time - 1), Failure);
  CHECK_THROWS_AS(format_time(latest_time + 1), Failure);
  CHECK_THROWS_AS(format_time(INT64_MIN), Failure);
  CHECK_THROWS_AS(format_time(INT64_MAX), Failure);
}

TEST_CASE("a written time reads back the same", "[base][time]") {
  SeededRandom random(4);
  for (int i = 0; i < 50000; ++i) {
    Millis time =
        earliest_time + static_cast<Millis>(random.below(static_cast<std::uint64_t>(longest_duration) + 1));
    if (random.below(2) == 0) time -= time % 1000;
    if (parse_time(format_time(time)) != time) FAIL("differs: " << time);
  }
}

TEST_CASE("the clock is in milliseconds of this age", "[base][time]") {
  Millis first = system_now();
  CHECK(first > *parse_time("2025-01-01"));
  CHECK(first < *parse_time("2200-01-01"));
  CHECK(system_now() - first < one_hour);
}

TEST_CASE("dates are days of the calendar", "[base][time]") {
  for (std::string_view good : {"2026-11-24", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"})
    CHECK(valid_date(good));
  for (std::string_view bad :
       {"", "2026-11-31", "2026-02-29", "1900-02-29", "0000-12-31", "2026-11-24 ", "2026-11-2", "26-11-24",
        "2026/11/24", "2026-11-24T00:00Z", "10000-01-01", "-001-01-01"}) {
    CAPTURE(bad);
    CHECK_FALSE(valid_date(bad));
  }
  CHECK(checked_date(" 2026-11-24\n", "born") == "2026-11-24");
  CHECK(said_by([] { checked_date("2026-02-30", "born"); }) ==
        "INVALID born: \"2026-02-30\" is no day that the calendar has");
  CHECK(said_by([] { checked_date("24.11.2026", "born"); }) ==
        "INVALID born: \"24.11.2026\" is no date; write year, month and day, as in \"2026-11-24\"");
}

TEST_CASE("a time without a zone is told what it lacks", "[base][time]") {
  CHECK(checked_time(" 2026-11-24T08:01:20Z ", "at") == 1795507280000);
  CHECK(said_by([] { checked_time("2026-11-24 08:01", "at"); }) ==
        "INVALID at: \"2026-11-24 08:01\" does not say in which zone; add \"Z\" for UTC or an offset such as "
        "\"+02:00\"");
  CHECK(
      said_by([] { checked_time("yesterday", "at"); }) ==
      "INVALID at: \"yesterday\" is no time in the years 1 to 9999; write it as in \"2026-11-24T08:01:20Z\"");
}

TEST_CASE("durations are read", "[base][time]") {
  struct Row {
    std::string_view text;
    Millis duration;
  };
  const std::vector<Row> rows = {
      {"90 s", 90000},
      {"90s", 90000},
      {"0 s", 0},
      {"3 days", 3 * one_day},
      {"1 day", one_day},
      {"2 weeks", 2 * one_week},
      {"1h30m", 5400000},
      {"1h 30m", 5400000},
      {"1 hour 30 minutes", 5400000},
      {"5 min", 300000},
      {"5m", 300000},
      {" 5  MIN ", 300000},
      {"250 ms", 250},
      {"1.5 h", 5400000},
      {"0.5 days", 43200000},
      {"1.25s", 1250},
      {"0.001 s", 1},
      {"1.500 s", 1500},
      {"1w2d3h4m5s6ms", one_week + 2 * one_day + 3 * one_hour + 4 * one_minute + 5006},
      {"90 min", 5400000},
      {"48 hours", 2 * one_day},
      {"1\u00A0day", one_day},
      {"P3DT2H", 3 * one_day + 2 * one_hour},
      {"PT90S", 90000},
      {"P2W", 2 * one_week},
      {"PT1.5H", 5400000},
      {"P1DT0S", one_day},
      {"PT5M", 300000},
      {"0.000000000000 s", 0},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    REQUIRE(parse_duration(row.text).has_value());
    CHECK(*parse_duration(row.text) == row.duration);
  }
}

TEST_CASE("what is no duration is not taken for one", "[base][time]") {
  for (std::string_view text : {"",
                                " ",
                                "3",
                                "days",
                                "2 dayz",
                                "-1 day",
                                "+1 day",
                                "1 month",
                                "2 years",
                                "5 M",
                                "1 h 1 h",
                                "5 min 2 h",
                                "1.5",
                                ".5 h",
                                "1. h",
                                "1.2.3 h",
                                "1,5 h",
                                "1 day, 2 h",
                                "0.0001 s",
                                "1.0005 s",
                                "P",
                                "PT",
                                "P1",
                                "P1M",
                                "P1Y",
                                "P1DT",
                                "PT1D",
                                "P1H",
                                "P1D2W",
                                "PT1.5H30M",
                                "p1d",
                                "P-1D",
                                "P1D ago",
                                "1 day ago",
                                "9999999999999999 s",
                                "1e3 s",
                                "1 d\xFF",
                                "1 daysdaysdaysdaysdays",
                                "99999999999999 weeks",
                                "T1H",
                                "PTT1H",
                                "P1DTT1H"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_duration(text).has_value());
  }
  CHECK(said_by([] { checked_duration(" 2 dayz", "wait"); }) ==
        "INVALID wait: \"2 dayz\" is no duration; write it as in \"3 days\" or \"1 h 30 min\" (weeks, days, "
        "hours, minutes, "
        "seconds, ms)");
  CHECK(checked_duration("3 days", "wait") == 3 * one_day);
}

TEST_CASE("durations end at the length of the calendar", "[base][time]") {
  CHECK(parse_duration(std::to_string(longest_duration) + " ms") == longest_duration);
  CHECK_FALSE(parse_duration(std::to_string(longest_duration + 1) + " ms").has_value());
  CHECK_FALSE(parse_duration(std::to_string(longest_duration / 1000) + " s 1000 ms").has_value());
}

TEST_CASE("durations are written for people", "[base][time]") {
  CHECK(format_duration(0) == "0 s");
  CHECK(format_duration(1) == "1 ms");
  CHECK(format_duration(90000) == "1 min 30 s");
  CHECK(format_duration(5400000) == "1 h 30 min");
  CHECK(format_duration(one_day) == "1 day");
  CHECK(format_duration(10 * one_day) == "10 days");
  CHECK(format_duration(one_week) == "1 week");
  CHECK(format_duration(2 * one_week) == "2 weeks");
  CHECK(format_duration(one_day + 1500) == "1 day 1 s 500 ms");
  CHECK(format_duration(-5400000) == "-1 h 30 min");
  CHECK(format_duration(INT64_MIN).starts_with("-"));
}

TEST_CASE("a written duration reads back the same", "[base][time]") {
  SeededRandom random(5);
  for (int i = 0; i < 50000; ++i) {
    Millis duration = static_cast<Millis>(random.below(static_cast<std::uint64_t>(longest_duration) + 1)) >>
                      random.below(48);
    constexpr Millis units[] = {1, one_second, one_minute, one_hour, one_day, one_week};
    duration -= duration % units[random.below(6)];
    if (parse_duration(format_duration(duration)) != duration)
      FAIL("differs: " << duration << ", " << format_duration(duration));
  }
}

TEST_CASE("random text never breaks the readers of times", "[base][time]") {
  SeededRandom random(6);
  constexpr std::string_view alphabet = "0123456789-:.TZ+ PWDHMSdhmsw";
  int times = 0, durations = 0;
  for (int i = 0; i < 200000; ++i) {
    constexpr std::string_view starts[] = {
        "", "P", "2026-11-24T08:01:20.5Z", "2026-11-24 08:01+02:00", "1h30m", "P3DT2H"};
    std::string text(starts[random.below(6)]);
    for (std::size_t j = random.below(text.empty() ? 12 : 3); j > 0; --j) {
      std::size_t at = random.below(text.size() + 1);
      text.replace(at, random.below(2), 1, alphabet[random.below(alphabet.size())]);
    }
    if (auto time = parse_time(text)) {
      ++times;
      if (*time < earliest_time || *time > latest_time || parse_time(format_time(*time)) != time) FAIL(text);
    }
    if (auto duration = parse_duration(text)) {
      ++durations;
      if (*duration < 0 || parse_duration(format_duration(*duration)) != duration) FAIL(text);
    }
  }
  CHECK(times > 100);
  CHECK(durations > 100);
}
