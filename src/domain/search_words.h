// What search compares: the words of a lead and the words that somebody types, folded alike, and how well they agree.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sql/search_index.h"

namespace kith {

// Letters and digits of any script, folded; all else parts words.
std::vector<std::string> words_of(std::string_view text);

class LeadWords {
 public:
  void add_name(std::string_view text) { add(names_, text); }
  void add_company(std::string_view text) { add(companies_, text); }
  void add_address(std::string_view shown);
  // Its groups as written, and its digits with and without what stands in front of the national number.
  void add_phone(std::string_view phone);
  void clear();

  std::string document() const;
  // How well `terms` are met: 0 when one is not.
  int points(std::span<const SearchIndex::Term> terms) const;

 private:
  static void add(std::vector<std::string>& to, std::string_view text);
  std::vector<std::string> names_, companies_, addresses_, phones_;
};

// What somebody typed, as the ways to meet it: the likeliest first.
std::vector<std::vector<SearchIndex::Term>> search_terms(std::string_view text);

}  // namespace kith
