// Values with a published form: codes of countries, languages and currencies, URLs, phone numbers, IP
// addresses, times. Each check answers the value in the form to store, or throws INVALID with the field
// and a sentence that says what would be right. Outer white space is forgiven. Required or not, unique or
// not: that is the model's.
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"

namespace kith {

// ISO 3166-1 alpha-2, upper case: "SE".
std::string checked_country(std::string_view value, std::string_view field);
// ISO 4217, upper case: "SEK".
std::string checked_currency(std::string_view value, std::string_view field);
// How many digits the minor unit of a checked currency has: 2 for SEK, 0 for JPY, 3 for KWD.
int currency_digits(std::string_view currency) noexcept;
// BCP 47 (RFC 5646), well-formed, in the usual case: "sv-SE", "zh-Hant-TW".
std::string checked_language(std::string_view value, std::string_view field);
// http or https with a host, at most 2048 bytes; kept as typed, but "example.com" gets the "https://" that people leave out.
std::string checked_url(std::string_view value, std::string_view field);
// 3 to 20 digits and the signs people put between them, perhaps an extension; kept as typed.
std::string checked_phone(std::string_view value, std::string_view field);
// What phone numbers compare by: digits, with "+" for a leading "+" or "00", and "x123" for an extension.
std::string phone_key(std::string_view phone);
// An IPv4 or IPv6 address in its canonical text (RFC 5952); IPv4 mapped into IPv6 becomes plain IPv4.
std::string checked_ip(std::string_view value, std::string_view field);
// An IANA zone name that this system knows, in its exact spelling.
std::string checked_zone(std::string_view value, std::string_view field);
// `YYYY-MM-DD`.
std::string checked_date(std::string_view value, std::string_view field);
// As parse_time and parse_duration read them.
Millis checked_time(std::string_view value, std::string_view field);
Millis checked_duration(std::string_view value, std::string_view field);

}  // namespace kith
