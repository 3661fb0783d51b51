// Moments as people write and read them: RFC 3339 text, dates and spans such as "7d", to and from
// milliseconds since 1970 UTC. Zones by name are the library's business.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kith_cli {

// "2026-10-16T12:30:00.000Z": always with milliseconds, so that text sorts as time does.
std::string moment_exact(int64_t ms);
// "2026-10-16 12:30:00Z", for tables.
std::string moment_readable(int64_t ms);

// RFC 3339 ("2026-10-16T12:30:00+02:00"; seconds and zone may be left out: 0 and UTC) or a date (its first
// moment in UTC). Nothing for anything else.
std::optional<int64_t> parse_moment(std::string_view text);
// "30s", "10m", "12h", "7d" or "2w" in milliseconds.
std::optional<int64_t> parse_span(std::string_view text);

}  // namespace kith_cli
