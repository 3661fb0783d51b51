// IP addresses as text. Private to this folder.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kith {

// Canonical text (RFC 5952) of an IPv4 or IPv6 address; nothing for anything else, zones and ports too.
// IPv4 mapped into IPv6, which is how one socket sees both, becomes plain IPv4.
std::optional<std::string> canonical_ip(std::string_view text);

}  // namespace kith
