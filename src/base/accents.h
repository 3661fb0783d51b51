// Text as a search compares it: without accents. How values are compared and stored is none of this (text.h).
#pragma once

#include <string>
#include <string_view>

namespace kith {

// fold (text.h), without accents and other marks above and below letters, and with the few letters that are their own in
// one language as others write them ("Łódź" and "Lodz", "Ærø" and "aero" are alike). Vowel signs and other marks that a
// script cannot do without stay. Twice is as once.
std::string without_accents(std::string_view text);

}  // namespace kith
