// Points in time, dates and durations as numbers and as text. All is UTC: zones are zone.h's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kith {

using Millis = std::int64_t;  // since 1970-01-01T00:00:00Z, or a length of time

inline constexpr Millis one_second = 1000;
inline constexpr Millis one_minute = 60 * one_second;
inline constexpr Millis one_hour = 60 * one_minute;
inline constexpr Millis one_day = 24 * one_hour;
inline constexpr Millis one_week = 7 * one_day;

inline constexpr Millis earliest_time = -62135596800000;  // 0001-01-01T00:00:00Z
inline constexpr Millis latest_time = 253402300799999;    // 9999-12-31T23:59:59.999Z
inline constexpr Millis longest_duration = latest_time - earliest_time;

Millis system_now();

// RFC 3339: `2026-11-24T08:01:20Z`, also with a space for the T, without seconds, with a fraction (cut
// to milliseconds) and with an offset (`+02:00`, `+0200`, `+02`). A date alone is its midnight in UTC; a
// time of day without an offset is nothing, because nobody can say when it is.
std::optional<Millis> parse_time(std::string_view text) noexcept;

// `2026-11-24T08:01:20Z`, with `.123` only when there are milliseconds. INVALID outside the years 1 to 9999.
std::string format_time(Millis time);

// `YYYY-MM-DD`, a day that the calendar has, in the years 0001 to 9999.
bool valid_date(std::string_view text) noexcept;

// "90 s", "3 days", "1h30m", "1.5 hours", largest unit first; or ISO 8601 "P3DT2H". Units from ms to
// weeks: months and years have no fixed length. Never negative, at most longest_duration.
std::optional<Millis> parse_duration(std::string_view text) noexcept;

// "3 days", "1 h 30 min", "0 s": parse_duration reads it back. A negative one gets a minus in front.
std::string format_duration(Millis duration);

}  // namespace kith
