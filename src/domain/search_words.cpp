#include "domain/search_words.h"

#include <algorithm>

#include "base/address.h"
#include "base/checks.h"
#include "base/failure.h"
#include "base/text.h"

namespace kith {

namespace {

constexpr std::size_t most_words = 32;
constexpr int most_country_digits = 3;
constexpr std::size_t least_phone_digits = 4;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

std::string_view without_zeros(std::string_view digits) {
  std::size_t first = digits.find_first_not_of('0');
  return first == std::string_view::npos ? digits : digits.substr(first);
}

bool is_word_part(char32_t c) {
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  if (c == 0xFFFD || is_unseen(c)) return false;
  if (c < 0xC0) return c == 0xAA || c == 0xB5 || c == 0xBA;  // the rest of Latin-1's first half are signs
  if (c == 0xD7 || c == 0xF7) return false;
  return !(c >= 0x2000 && c <= 0x206F) && !(c >= 0x3000 && c <= 0x3003) && !(c >= 0x3008 && c <= 0x3020) &&
         c != 0x30FB && !(c >= 0xFF01 && c <= 0xFF0F);
}

// How a number is looked for that is typed with the zeros of a national or an international call: without them too.
SearchIndex::Term term_of(std::string word, bool whole) {
  SearchIndex::Term term;
  term.whole = whole;
  if (all_digits(word) && word.front() == '0') {
    std::string bare(without_zeros(word));
    if (bare != word && bare.size() >= 2) term.any_of.push_back(std::move(bare));
  }
  term.any_of.insert(term.any_of.begin(), std::move(word));
  return term;
}

bool looks_like_phone(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || std::string_view(" +-()./").find(c) != std::string_view::npos; });
}

int best_match(const std::vector<std::string>& words, const SearchIndex::Term& term) {
  int best = 0;
  for (const std::string& wanted : term.any_of) {
    for (const std::string& word : words) {
      if (word == wanted) return 2;
      if (!term.whole && word.starts_with(wanted)) best = 1;
    }
  }
  return best;
}

}  // namespace

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string folded = fold(text);
  std::string word;
  for (std::size_t at = 0; at < folded.size();) {
    std::size_t start = at;
    char32_t c = next_code_point(folded, at);
    if (is_word_part(c)) {
      word.append(folded, start, at - start);
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

void LeadWords::add(std::vector<std::string>& to, std::string_view text) {
  for (std::string& word : words_of(text)) to.push_back(std::move(word));
}

void LeadWords::add_address(std::string_view shown) {
  add(addresses_, shown);
  if (std::any_of(shown.begin(), shown.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
    add(addresses_, parse_address(shown, "email").key);  // the domain's ASCII form is typed as well
  }
}

void LeadWords::add_phone(std::string_view phone) {
  add(phones_, phone);
  std::string key = phone_key(phone);
  bool international = key.starts_with('+');
  std::string digits = international ? key.substr(1) : key;
  digits.resize(std::min(digits.find('x'), digits.size()));
  if (digits.size() < least_phone_digits) return;
  phones_.push_back(digits);
  if (!international) {
    phones_.emplace_back(without_zeros(digits));
    return;
  }
  for (int country = 1; country <= most_country_digits; ++country) {
    std::string_view national = std::string_view(digits).substr(static_cast<std::size_t>(country));
    if (national.size() >= least_phone_digits) phones_.emplace_back(national);
  }
}

void LeadWords::clear() {
  names_.clear();
  companies_.clear();
  addresses_.clear();
  phones_.clear();
}

std::string LeadWords::document() const {
  std::vector<std::string_view> words;
  for (const auto* group : {&names_, &companies_, &addresses_, &phones_}) words.insert(words.end(), group->begin(), group->end());
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  std::string text;
  for (std::string_view word : words) {
    if (!text.empty()) text += ' ';
    text += word;
  }
  return text;
}

int LeadWords::points(std::span<const SearchIndex::Term> terms) const {
  int sum = 0;
  for (const SearchIndex::Term& term : terms) {
    int best = 0;
    int place = 4;
    for (const auto* group : {&names_, &companies_, &addresses_, &phones_}) {
      int match = best_match(*group, term);
      if (match > 0) best = std::max(best, match * 4 + place);
      --place;
    }
    if (best == 0) return 0;
    sum += best;
  }
  return sum;
}

std::vector<std::vector<SearchIndex::Term>> search_terms(std::string_view text) {
  std::vector<std::string> words = words_of(text);
  if (words.size() > most_words) {
    fail(Status::limit, "text", "holds {} words; a search takes at most {}", words.size(), most_words);
  }
  std::vector<std::vector<SearchIndex::Term>> ways;
  if (words.empty()) return ways;
  auto way = [&](std::size_t whole) {
    std::vector<SearchIndex::Term>& terms = ways.emplace_back();
    for (std::size_t i = 0; i < words.size(); ++i) terms.push_back(term_of(words[i], i < whole));
  };
  if (words.size() > 1 && looks_like_phone(trimmed(text))) {
    std::string digits;
    for (const std::string& word : words) digits += word;
    if (digits.size() >= least_phone_digits) ways.push_back({term_of(digits, false)});
  }
  way(words.size());
  if (words.size() > 1) way(words.size() - 1);  // the last word is still being typed
  way(0);
  return ways;
}

}  // namespace kith
