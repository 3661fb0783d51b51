// Phone numbers, part of checks.h: what people type, and what it compares by. Which numbers a country
// really has is not known here.
#include "base/checks.h"
#include "base/failure.h"
#include "base/text.h"

namespace kith {
namespace {

constexpr std::size_t least_digits = 3, most_digits = 20, most_extension_digits = 10, most_signs = 64;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t count_digits(std::string_view text) {
  std::size_t count = 0;
  for (char c : text) count += is_digit(c);
  return count;
}

// A number's two parts: what stands before "x12", "ext. 12", ";ext=12" or "#12", and the 12.
struct Parts {
  std::string_view number;
  std::string_view extension;
  bool has_extension = false;
};

// The length of the word for an extension that `rest`, not empty, begins with; 0 if it does not.
std::size_t extension_word(std::string_view rest) {
  if (std::string_view(";eExX").find(rest[0]) == std::string_view::npos) return 0;
  std::string folded = fold_case(rest.substr(0, 12));
  for (std::string_view word : {";ext=", "extension", "extn.", "extn", "ext.", "ext", "x.", "x"}) {
    if (folded.starts_with(word)) return word.size();
  }
  return 0;
}

Parts split(std::string_view phone) {
  // "*31#0701234567" hides the caller's number: its '#' is part of it.
  bool star = phone.starts_with('*') || phone.starts_with('#');
  for (std::size_t at = 0; at < phone.size(); ++at) {
    std::string_view before = phone.substr(0, at);
    std::size_t word = extension_word(phone.substr(at));
    if (word == 0 && phone[at] == '#' && !star && count_digits(phone.substr(at)) > 0) word = 1;
    if (word == 0 || count_digits(before) < least_digits) continue;
    std::string_view extension = phone.substr(at + word);
    while (!extension.empty() && (extension[0] == ' ' || extension[0] == ':' || extension[0] == '#'))
      extension.remove_prefix(1);
    return {trimmed(before), extension, true};
  }
  return {phone, {}};
}

bool is_dash(char32_t c) { return (c >= 0x2010 && c <= 0x2015) || c == 0x2212; }

// Signs that part digits, and '+' in front, with brackets in pairs.
void check_signs(std::string_view number, std::string_view whole, std::string_view field) {
  int open = 0;
  bool digit = false, plus = false;
  for (std::size_t at = 0; at < number.size();) {
    if (std::size_t space = white_space_at(number, at)) {
      if (is_unseen(static_cast<unsigned char>(number[at])) && space == 1) {
        fail(Status::invalid, field, "{} is no phone number: it has more than one line or a tab",
             shown(whole));
      }
      at += space;
      continue;
    }
    std::size_t start = at;
    char32_t c = next_code_point(number, at);
    if (c == '+') {
      if (digit || plus)
        fail(Status::invalid, field, "{} is no phone number: '+' stands only in front", shown(whole));
      plus = true;
    } else if (c == '(') {
      if (open++ > 0)
        fail(Status::invalid, field, "{} is no phone number: a bracket stands within another", shown(whole));
    } else if (c == ')') {
      if (open-- == 0)
        fail(Status::invalid, field, "{} is no phone number: a bracket is closed that was not opened",
             shown(whole));
    } else if (c < 0x80 && is_digit(static_cast<char>(c))) {
      digit = true;
    } else if (!is_dash(c) && (c >= 0x80 || std::string_view("-./*#").find(static_cast<char>(c)) ==
                                                std::string_view::npos)) {
      fail(Status::invalid, field, "{} is no phone number: {} cannot stand in one", shown(whole),
           shown(number.substr(start, at - start)));
    }
  }
  if (open != 0) fail(Status::invalid, field, "{} is no phone number: a bracket is not closed", shown(whole));
}

}  // namespace

std::string checked_phone(std::string_view value, std::string_view field) {
  std::string_view phone = trimmed(value);
  if (phone.empty()) fail(Status::invalid, field, "a phone number is needed, as in \"+46 70 123 45 67\"");
  if (!valid_utf8(phone) || code_points(phone) > most_signs) {
    fail(Status::invalid, field, "{} is no phone number: at most {} signs of well-formed UTF-8", shown(phone),
         most_signs);
  }
  Parts parts = split(phone);
  check_signs(parts.number, phone, field);
  std::size_t digits = count_digits(parts.number);
  if (digits < least_digits || digits > most_digits) {
    fail(Status::invalid, field, "{} is no phone number: it has {} digits, and {} to {} are right",
         shown(phone), digits, least_digits, most_digits);
  }
  std::size_t more = count_digits(parts.extension);
  if (parts.has_extension && (more == 0 || more > most_extension_digits || more != parts.extension.size())) {
    fail(Status::invalid, field, "{} is no phone number: its extension must be 1 to {} digits", shown(phone),
         most_extension_digits);
  }
  return std::string(phone);
}

std::string phone_key(std::string_view phone) {
  Parts parts = split(trimmed(phone));
  std::string digits;
  bool plus = false;
  for (std::size_t at = 0; at < parts.number.size(); ++at) {
    // In "+44 (0)20" the zero is for those who call from within the country.
    bool abroad = plus || digits.starts_with("00");
    if (abroad && parts.number.substr(at).starts_with("(0)")) {
      at += 2;
      continue;
    }
    if (parts.number[at] == '+' && digits.empty()) plus = true;
    if (is_digit(parts.number[at])) digits += parts.number[at];
  }
  if (!plus && digits.size() > 4 && digits.starts_with("00")) {
    digits.erase(0, 2);
    plus = true;
  }
  std::string out;
  if (plus && !digits.empty()) out += '+';
  out += digits;
  if (!parts.has_extension) return out;
  out += 'x';
  for (char c : parts.extension) {
    if (is_digit(c)) out += c;
  }
  return out;
}

}  // namespace kith
