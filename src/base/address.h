// E-mail addresses: which are right, which are the same, and which are likely the same mailbox.
// Whether an address exists, and whether it may be written to, are questions for others.
#pragma once

#include <string>
#include <string_view>

namespace kith {

struct Address {
  std::string shown;  // as it was given, without outer white space
  std::string key;    // what it is unique by: local part in one case, '@', domain in ASCII and lower case
};

// RFC 5321 and 6531 as mail hosts live them: dot-atoms and quoted local parts, letters of any script, a
// domain of two labels or more. INVALID for anything else, saying what is wrong. A key is its own key.
Address parse_address(std::string_view text, std::string_view field);

// The key without what the provider of its domain ignores (dots and +tags at Gmail, +tags at some others):
// equal loose keys are likely one mailbox. Only for suggesting duplicates.
std::string loose_key(std::string_view key);

// What stands behind the last '@' of a key.
std::string_view domain_of(std::string_view key) noexcept;

// A domain alone ("Exämple.COM") in the form that keys have ("xn--exmple-cua.com"); INVALID otherwise.
std::string ascii_domain(std::string_view domain, std::string_view field);

}  // namespace kith
