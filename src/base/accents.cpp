// Text without its accents, for searching: compatibility decomposition through libunistring, a table of the letters
// that have no decomposition, and the marks that go.
#include "base/accents.h"

#include <uninorm.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <new>

#include "base/text.h"

namespace kith {
namespace {

struct Letter {
  char32_t letter;
  std::string_view plain;
};
// Folded Latin letters that Unicode does not take apart, by code point.
constexpr Letter letters[] = {
    {U'æ', "ae"}, {U'ð', "d"}, {U'ø', "o"}, {U'þ', "th"}, {U'đ', "d"}, {U'ħ', "h"}, {U'ı', "i"}, {U'ł', "l"}, {U'ŋ', "n"},
    {U'œ', "oe"}, {U'ŧ', "t"}, {U'ƀ', "b"}, {U'ɓ', "b"}, {U'ɖ', "d"}, {U'ɗ', "d"}, {U'ɨ', "i"}, {U'ƶ', "z"},
};

struct Range {
  char32_t first, last;
};
// Marks without which a word is still read: accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic.
constexpr Range marks[] = {{0x0300, 0x036F}, {0x0483, 0x0487}, {0x0591, 0x05BD}, {0x05BF, 0x05BF}, {0x05C1, 0x05C2}, {0x05C4, 0x05C5}, {0x05C7, 0x05C7},
                           {0x0610, 0x061A}, {0x064B, 0x065F}, {0x0670, 0x0670}, {0x06D6, 0x06DC}, {0x06DF, 0x06E4}, {0x06E7, 0x06E8}, {0x06EA, 0x06ED},
                           {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x20D0, 0x20FF}, {0xFE20, 0xFE2F}};

bool goes(char32_t c) {
  return std::any_of(std::begin(marks), std::end(marks), [c](Range range) { return c >= range.first && c <= range.last; });
}

std::string normalised(std::string_view text, uninorm_t form) {
  std::size_t length = 0;
  std::unique_ptr<std::uint8_t, decltype(&std::free)> out(
      u8_normalize(form, reinterpret_cast<const std::uint8_t*>(text.data()), text.size(), nullptr, &length), &std::free);
  if (!out) throw std::bad_alloc();  // the only way it fails on well-formed text
  return std::string(reinterpret_cast<const char*>(out.get()), length);
}

std::string without_marks(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    char32_t c = next_code_point(text, at);
    if (goes(c)) continue;
    auto letter = std::find_if(std::begin(letters), std::end(letters), [c](const Letter& one) { return one.letter == c; });
    if (letter != std::end(letters)) {
      out += letter->plain;
    } else {
      append_utf8(out, c);
    }
  }
  return out;
}

}  // namespace

std::string without_accents(std::string_view text) {
  std::string folded = fold(text);
  if (std::all_of(folded.begin(), folded.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; })) return folded;
  // What was decomposed may have another case, and what is put together again other marks: what is left of a script
  // that builds its syllables from parts, such as Hangul, is put together.
  std::string parts = without_marks(normalised(fold(normalised(folded, UNINORM_NFKD)), UNINORM_NFKD));
  return fold(normalised(parts, UNINORM_NFC));
}

}  // namespace kith
