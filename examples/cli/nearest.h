// What somebody probably meant, when they wrote a word that is not known.
#pragma once

#include <string>
#include <vector>

namespace kith_cli {

// The nearest of the known words, or "" when none is near.
std::string nearest_word(const std::string& word, const std::vector<std::string>& known);

// "; did you mean \"email\"?", or "" when no known word is near.
std::string did_you_mean(const std::string& word, const std::vector<std::string>& known);

}  // namespace kith_cli
