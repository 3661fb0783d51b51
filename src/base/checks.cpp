// The checks that need few words: IP addresses, zones, dates, times, durations. The others have files of
// their own: codes.cpp, language.cpp, phone.cpp, url.cpp.
#include "base/checks.h"

#include "base/failure.h"
#include "base/ip.h"
#include "base/text.h"
#include "base/zone.h"

namespace kith {

std::string checked_ip(std::string_view value, std::string_view field) {
  if (std::optional<std::string> ip = canonical_ip(trimmed(value))) return *ip;
  fail(Status::invalid, field, "{} is no IP address, as in \"192.0.2.7\" or \"2001:db8::7\"", shown(value));
}

std::string checked_zone(std::string_view value, std::string_view field) {
  std::string_view name = trimmed(value);
  if (known_zone(name)) return std::string(name);
  std::string likely = likely_zone(name);
  if (!likely.empty())
    fail(Status::invalid, field, "{} is no time zone; did you mean \"{}\"?", shown(name), likely);
  fail(Status::invalid, field, "{} is no time zone; give an IANA name, as in \"Europe/Stockholm\"",
       shown(name));
}

std::string checked_date(std::string_view value, std::string_view field) {
  std::string_view date = trimmed(value);
  if (valid_date(date)) return std::string(date);
  bool shaped = date.size() == 10;
  for (std::size_t i = 0; shaped && i < 10; ++i) {
    shaped = i == 4 || i == 7 ? date[i] == '-' : date[i] >= '0' && date[i] <= '9';
  }
  if (shaped) fail(Status::invalid, field, "{} is no day that the calendar has", shown(date));
  fail(Status::invalid, field, "{} is no date; write year, month and day, as in \"2026-11-24\"", shown(date));
}

Millis checked_time(std::string_view value, std::string_view field) {
  std::string_view text = trimmed(value);
  if (std::optional<Millis> time = parse_time(text)) return *time;
  if (parse_time(std::string(text) + "Z")) {
    fail(Status::invalid, field,
         "{} does not say in which zone; add \"Z\" for UTC or an offset such as \"+02:00\"", shown(text));
  }
  fail(Status::invalid, field,
       "{} is no time in the years 1 to 9999; write it as in \"2026-11-24T08:01:20Z\"", shown(text));
}

Millis checked_duration(std::string_view value, std::string_view field) {
  if (std::optional<Millis> duration = parse_duration(value)) return *duration;
  fail(Status::invalid, field,
       "{} is no duration; write it as in \"3 days\" or \"1 h 30 min\" (weeks, days, hours, minutes, "
       "seconds, ms)",
       shown(trimmed(value)));
}

}  // namespace kith
