// UTF-8: what is well formed, by a decoder of its own; and that folding, trimming and showing keep their promises.
#include <string>

#include "base/text.h"
#include "fuzz/fuzz.h"

using namespace kith;

namespace {

// By the definition: the shortest form of a code point that is neither surrogate nor beyond U+10FFFF; NUL is none of ours.
bool well_formed(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    auto first = static_cast<unsigned char>(text[at]);
    std::size_t length = first < 0x80 ? 1 : first >> 5 == 6 ? 2 : first >> 4 == 14 ? 3 : first >> 3 == 30 ? 4 : 0;
    if (length == 0 || text.size() - at < length) return false;
    std::uint32_t point = length == 1 ? first : first & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
      auto next = static_cast<unsigned char>(text[at + i]);
      if (next >> 6 != 2) return false;
      point = point << 6 | (next & 63U);
    }
    constexpr std::uint32_t least[] = {0, 1, 0x80, 0x800, 0x10000};
    if (point < least[length] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return false;
    at += length;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = fuzz::text_of(data, size);
  bool fine = well_formed(text);
  PROMISE(valid_utf8(text) == fine);
  std::string folded = fold(text);
  PROMISE(folded.find('\0') != std::string::npos || valid_utf8(folded));
  PROMISE(fold(folded) == folded);
  PROMISE(fold(fold_case(text)) == folded);
  std::string_view inner = trimmed(text);
  PROMISE(inner.empty() || (inner.data() >= text.data() && inner.data() + inner.size() <= text.data() + text.size()));
  PROMISE(trimmed(inner) == inner);
  PROMISE(valid_utf8(shown(text)));
  PROMISE(valid_utf8(shown(text, 3)));
  PROMISE(code_points(text) <= text.size());
  std::size_t at = 0;
  std::size_t points = 0;
  std::string again;
  while (at < text.size()) {
    std::size_t before = at;
    append_utf8(again, next_code_point(text, at));
    PROMISE(at > before && at <= text.size());
    ++points;
  }
  if (fine) PROMISE(again == text && points == code_points(text));
  const std::string_view known[] = {"email", "first_name", "VIP-Member", "Ünïcode"};
  std::string near = nearest(text, known);
  PROMISE(near.empty() || near.size() > 3);
  return 0;
}
