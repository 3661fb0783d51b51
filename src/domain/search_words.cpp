#include "domain/search_words.h"

#include <algorithm>

#include "base/accents.h"
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

// How well the words of one group meet a term: twice 2 for a whole word, twice 1 for the beginning of one, and one more
// when it is spelled alike.
int best_match(const std::vector<Word>& words, const SearchIndex::Term& term, std::string_view spelled) {
  int best = 0;
  for (const std::string& wanted : term.any_of) {
    for (const Word& word : words) {
      bool whole = word.plain == wanted;
      if (!whole && (term.whole || !word.plain.starts_with(wanted))) continue;
      bool alike = whole ? word.spelled == spelled : word.spelled.starts_with(spelled);
      best = std::max(best, (whole ? 4 : 2) + (alike ? 1 : 0));
    }
  }
  return best;
}

// What is left of a word when its accents are gone.
std::string plain_word(std::string_view spelled) {
  std::string text = without_accents(spelled);
  std::string word;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t start = at;
    if (is_word_part(next_code_point(text, at))) word.append(text, start, at - start);
  }
  return word;
}

}  // namespace

std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words;
  std::string folded = fold(text);
  std::string word;
  auto end_word = [&] {
    if (std::string bare = plain_word(word); !bare.empty()) words.push_back({std::move(bare), word});
    word.clear();
  };
  for (std::size_t at = 0; at < folded.size();) {
    std::size_t start = at;
    char32_t c = next_code_point(folded, at);
    if (is_word_part(c)) {
      word.append(folded, start, at - start);
    } else if (!word.empty()) {
      end_word();
    }
  }
  if (!word.empty()) end_word();
  return words;
}

void LeadWords::add(std::vector<Word>& to, std::string_view text) {
  for (Word& word : words_of(text)) to.push_back(std::move(word));
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
  auto add_digits = [&](std::string_view number) { phones_.push_back({std::string(number), std::string(number)}); };
  add_digits(digits);
  if (!international) return add_digits(without_zeros(digits));
  for (int country = 1; country <= most_country_digits; ++country) {
    std::string_view national = std::string_view(digits).substr(static_cast<std::size_t>(country));
    if (national.size() >= least_phone_digits) add_digits(national);
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
  for (const auto* group : {&names_, &companies_, &addresses_, &phones_}) {
    for (const Word& word : *group) words.push_back(word.plain);
  }
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  std::string text;
  for (std::string_view word : words) {
    if (!text.empty()) text += ' ';
    text += word;
  }
  return text;
}

int LeadWords::points(const SearchWay& way) const {
  int sum = 0;
  for (std::size_t i = 0; i < way.terms.size(); ++i) {
    int best = 0;
    int place = 4;
    for (const auto* group : {&names_, &companies_, &addresses_, &phones_}) {
      int match = best_match(*group, way.terms[i], way.spelled[i]);
      // A whole word before a beginning, a name before a company, and of those alike what is spelled alike.
      if (match > 0) best = std::max(best, (match / 2 * 4 + place) * 2 + match % 2);
      --place;
    }
    if (best == 0) return 0;
    sum += best;
  }
  return sum;
}

std::vector<SearchWay> search_ways(std::string_view text) {
  std::vector<Word> words = words_of(text);
  if (words.size() > most_words) {
    fail(Status::limit, "text", "holds {} words; a search takes at most {}", words.size(), most_words);
  }
  std::vector<SearchWay> ways;
  if (words.empty()) return ways;
  auto way = [&](std::size_t whole) {
    SearchWay& one = ways.emplace_back();
    for (std::size_t i = 0; i < words.size(); ++i) {
      one.terms.push_back(term_of(words[i].plain, i < whole));
      one.spelled.push_back(words[i].spelled);
    }
  };
  if (words.size() > 1 && looks_like_phone(trimmed(text))) {
    std::string digits;
    for (const Word& word : words) digits += word.plain;
    if (digits.size() >= least_phone_digits) ways.push_back({{term_of(digits, false)}, {digits}});
  }
  way(words.size());
  if (words.size() > 1) way(words.size() - 1);  // the last word is still being typed
  way(0);
  return ways;
}

}  // namespace kith
