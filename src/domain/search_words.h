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

// Letters and digits of any script; all else parts words.
struct Word {
  std::string plain;    // by which it is found
  std::string spelled;  // folded, with its accents: of words that are found alike the one that is spelled alike comes first
};
std::vector<Word> words_of(std::string_view text);

// What somebody typed, as one way to meet it.
struct SearchWay {
  std::vector<SearchIndex::Term> terms;
  std::vector<std::string> spelled;  // of each term
};

class LeadWords {
 public:
  void add_name(std::string_view text) { add(names_, text); }
  void add_company(std::string_view text) { add(companies_, text); }
  void add_address(std::string_view shown);
  // Its groups as written, and its digits with and without what stands in front of the national number.
  void add_phone(std::string_view phone);
  void clear();

  std::string document() const;
  // How well all terms are met: 0 when one is not.
  int points(const SearchWay& way) const;

 private:
  static void add(std::vector<Word>& to, std::string_view text);
  std::vector<Word> names_, companies_, addresses_, phones_;
};

// The ways to meet what somebody typed: the likeliest first.
std::vector<SearchWay> search_ways(std::string_view text);

}  // namespace kith
