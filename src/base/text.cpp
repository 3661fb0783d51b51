#include "base/text.h"

#include <cstdint>
#include <cstring>

namespace kith {
namespace {

constexpr char32_t replacement = 0xFFFD;

unsigned byte_at(std::string_view text, std::size_t at) noexcept {
  return static_cast<unsigned char>(text[at]);
}

// The length of the well-formed sequence that starts at `at`, 0 if none does (Unicode table 3-7).
std::size_t sequence_length(std::string_view text, std::size_t at) noexcept {
  unsigned first = byte_at(text, at);
  if (first < 0x80) return 1;
  std::size_t length = 0;
  unsigned low = 0x80, high = 0xBF;  // what the second byte may be
  if (first >= 0xC2 && first <= 0xDF) {
    length = 2;
  } else if (first >= 0xE0 && first <= 0xEF) {
    length = 3;
    if (first == 0xE0) low = 0xA0;   // shorter forms exist
    if (first == 0xED) high = 0x9F;  // surrogates
  } else if (first >= 0xF0 && first <= 0xF4) {
    length = 4;
    if (first == 0xF0) low = 0x90;
    if (first == 0xF4) high = 0x8F;  // above U+10FFFF
  } else {
    return 0;
  }
  if (text.size() - at < length) return 0;
  if (byte_at(text, at + 1) < low || byte_at(text, at + 1) > high) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if ((byte_at(text, at + i) & 0xC0) != 0x80) return 0;
  }
  return length;
}

bool is_white_space(char32_t c) noexcept {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

void append_hex(std::string& out, char32_t value, int digits) {
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out += "0123456789abcdef"[(value >> shift) & 15];
}

void append_escaped(std::string& out, char32_t c) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  if (!is_unseen(c)) return append_utf8(out, c);
  out += c < 0x80 ? "\\x" : c > 0xFFFF ? "\\U" : "\\u";
  append_hex(out, c, c < 0x80 ? 2 : c > 0xFFFF ? 8 : 4);
}

}  // namespace

bool valid_utf8(std::string_view text) noexcept {
  std::size_t at = 0;
  while (at < text.size()) {
    while (text.size() - at >= 8) {
      std::uint64_t word;
      std::memcpy(&word, text.data() + at, 8);
      // Any high bit set, or (for the bytes that have none) any byte that is zero.
      if (((word | (word - 0x0101010101010101u)) & 0x8080808080808080u) != 0) break;
      at += 8;
    }
    for (std::size_t stop = at + 8; at < stop && at < text.size();) {
      if (text[at] == '\0') return false;
      std::size_t length = sequence_length(text, at);
      if (length == 0) return false;
      at += length;
    }
  }
  return true;
}

std::size_t code_points(std::string_view text) noexcept {
  std::size_t count = 0;
  for (char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

char32_t next_code_point(std::string_view text, std::size_t& at) noexcept {
  std::size_t length = sequence_length(text, at);
  unsigned first = byte_at(text, at);
  if (length <= 1) {
    ++at;
    return length == 1 ? first : replacement;
  }
  char32_t c = first & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) c = (c << 6) | (byte_at(text, at + i) & 0x3F);
  at += length;
  return c;
}

void append_utf8(std::string& out, char32_t c) {
  auto add = [&](char32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) {
    add(c);
  } else if (c < 0x800) {
    add(0xC0 | (c >> 6)), add(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    add(0xE0 | (c >> 12)), add(0x80 | ((c >> 6) & 0x3F)), add(0x80 | (c & 0x3F));
  } else {
    add(0xF0 | (c >> 18)), add(0x80 | ((c >> 12) & 0x3F)), add(0x80 | ((c >> 6) & 0x3F)),
        add(0x80 | (c & 0x3F));
  }
}

bool is_unseen(char32_t c) noexcept {
  return (c != 0x20 && is_white_space(c)) || c < 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0xAD ||
         c == 0x61C || c == 0x115F || c == 0x1160 || c == 0x3164 || c == 0xFFA0 ||  // Hangul fillers
         (c >= 0x180B && c <= 0x180E) || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF0 && c <= 0xFFFB) ||
         (c >= 0xE0000 && c <= 0xE0FFF);
}

std::size_t white_space_at(std::string_view text, std::size_t at) noexcept {
  if (at >= text.size()) return 0;
  std::size_t end = at;
  return is_white_space(next_code_point(text, end)) ? end - at : 0;
}

std::string_view trimmed(std::string_view text) noexcept {
  while (std::size_t length = white_space_at(text, 0)) text.remove_prefix(length);
  while (!text.empty()) {
    std::size_t start = text.size() - 1;
    while (start > 0 && text.size() - start < 4 && (byte_at(text, start) & 0xC0) == 0x80) --start;
    if (white_space_at(text, start) != text.size() - start) break;
    text = text.substr(0, start);
  }
  return text;
}

std::string shown(std::string_view text, std::size_t most) {
  std::string out = "\"";
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) {
    if (count == most) {
      out += "…";
      break;
    }
    if (sequence_length(text, at) == 0) {
      out += "\\x";
      append_hex(out, byte_at(text, at++), 2);
    } else {
      append_escaped(out, next_code_point(text, at));
    }
  }
  return out += '"';
}

std::string did_you_mean(std::string_view near) { return near.empty() ? std::string() : "; did you mean \"" + std::string(near) + "\"?"; }

std::string with_article(std::string_view noun) {
  bool vowel = !noun.empty() && std::string_view("aeio").find(noun.front()) != std::string_view::npos;
  return (vowel ? "an " : "a ") + std::string(noun);
}

}  // namespace kith
