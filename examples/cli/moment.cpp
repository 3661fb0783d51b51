// Moments in text: fixed forms only, so that nothing depends on the locale or the zone of the machine.
#include "moment.h"

#include <chrono>
#include <cstdio>

namespace kith_cli {
namespace {

struct Parts {
  long long year, month, day, hour, minute, second, ms;
};

Parts split(int64_t ms) {
  using namespace std::chrono;
  const sys_time<milliseconds> time{milliseconds{ms}};
  const sys_days day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  return {static_cast<int>(date.year()),     static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day()), clock.hours().count(),
          clock.minutes().count(),           clock.seconds().count(),
          clock.subseconds().count()};
}

// Takes exactly `count` digits off the front.
std::optional<int> digits(std::string_view& text, size_t count) {
  if (text.size() < count) return std::nullopt;
  int value = 0;
  for (size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

// Takes "HH:MM", as clocks and offsets have it.
std::optional<int64_t> hours_minutes(std::string_view& text) {
  const auto hour = digits(text, 2);
  if (!hour || *hour > 23 || !take(text, ":")) return std::nullopt;
  const auto minute = digits(text, 2);
  if (!minute || *minute > 59) return std::nullopt;
  return (*hour * 60 + *minute) * int64_t{60'000};
}

}  // namespace

std::string moment_exact(int64_t ms) {
  const Parts at = split(ms);
  char text[64];
  std::snprintf(text, sizeof text, "%04lld-%02lld-%02lldT%02lld:%02lld:%02lld.%03lldZ", at.year, at.month,
                at.day, at.hour, at.minute, at.second, at.ms);
  return text;
}

std::string moment_readable(int64_t ms) {
  const Parts at = split(ms);
  char text[64];
  std::snprintf(text, sizeof text, "%04lld-%02lld-%02lld %02lld:%02lld:%02lldZ", at.year, at.month, at.day,
                at.hour, at.minute, at.second);
  return text;
}

std::optional<int64_t> parse_moment(std::string_view text) {
  using namespace std::chrono;
  const auto y = digits(text, 4);
  if (!y || !take(text, "-")) return std::nullopt;
  const auto m = digits(text, 2);
  if (!m || !take(text, "-")) return std::nullopt;
  const auto d = digits(text, 2);
  if (!d) return std::nullopt;
  const year_month_day date{year{*y}, month{static_cast<unsigned>(*m)}, day{static_cast<unsigned>(*d)}};
  if (!date.ok()) return std::nullopt;
  int64_t ms = duration_cast<milliseconds>(sys_days{date}.time_since_epoch()).count();
  if (text.empty()) return ms;

  if (!take(text, "Tt ")) return std::nullopt;
  const auto clock = hours_minutes(text);
  if (!clock) return std::nullopt;
  ms += *clock;
  if (take(text, ":")) {
    const auto second = digits(text, 2);
    if (!second || *second > 59) return std::nullopt;
    ms += *second * 1000;
    if (take(text, ".")) {
      int64_t scale = 100;
      const size_t before = text.size();
      while (const auto digit = digits(text, 1)) {
        ms += *digit * scale;
        scale /= 10;
      }
      if (text.size() == before) return std::nullopt;
    }
  }
  if (text.empty() || text == "Z" || text == "z") return ms;
  const bool west = text.front() == '-';
  if (!take(text, "+-")) return std::nullopt;
  const auto offset = hours_minutes(text);
  if (!offset || !text.empty()) return std::nullopt;
  return west ? ms + *offset : ms - *offset;
}

std::optional<int64_t> parse_span(std::string_view text) {
  int64_t count = 0;
  const size_t before = text.size();
  while (const auto digit = digits(text, 1)) {
    count = count * 10 + *digit;
    if (count > 1'000'000'000) return std::nullopt;
  }
  if (text.size() == before || text.size() != 1) return std::nullopt;
  switch (text.front()) {
    case 's':
      return count * 1'000;
    case 'm':
      return count * 60'000;
    case 'h':
      return count * 3'600'000;
    case 'd':
      return count * 86'400'000;
    case 'w':
      return count * 7 * 86'400'000;
    default:
      return std::nullopt;
  }
}

}  // namespace kith_cli
