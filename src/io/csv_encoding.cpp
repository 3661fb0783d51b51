#include "io/csv_encoding.h"

#include <cstdint>

#include "base/failure.h"
#include "base/text.h"

namespace kith {

namespace {

// 0x80 to 0x9f of Windows-1252; the five that it leaves open are the controls of the same number.
constexpr char16_t windows_1252[32] = {
    0x20ac, 0x0081, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008d, 0x017d, 0x008f, 0x0090, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x009d, 0x017e, 0x0178};

// A surrogate without its other half, written as UTF-8 would write it: ill-formed, so that it is refused.
void append_lone_surrogate(std::string& out, char16_t unit) {
  out += static_cast<char>(0xe0 | (unit >> 12));
  out += static_cast<char>(0x80 | ((unit >> 6) & 0x3f));
  out += static_cast<char>(0x80 | (unit & 0x3f));
}

// Whether the text is UTF-8, but for a character that the cut at its end may have parted.
bool is_utf8(std::string_view text, bool whole) {
  for (std::size_t cut = 0; cut < 4 && cut <= text.size(); ++cut) {
    std::string_view head = text.substr(0, text.size() - cut);
    if (valid_utf8(head)) return cut == 0 || !whole;
    if (!head.empty() && static_cast<unsigned char>(head.back()) < 0x80) return false;
  }
  return false;
}

}  // namespace

TextEncoding encoding_named(std::string_view name) {
  std::string key = fold(name);
  if (key == "utf-8" || key == "utf8") return TextEncoding::utf8;
  if (key == "utf-16le") return TextEncoding::utf16le;
  if (key == "utf-16be") return TextEncoding::utf16be;
  if (key == "windows-1252") return TextEncoding::windows1252;
  fail(Status::invalid, "encoding", "{} is none of utf-8, utf-16le, utf-16be, windows-1252", shown(name));
}

std::size_t byte_order_mark(TextEncoding encoding, std::string_view start) {
  switch (encoding) {
    case TextEncoding::utf8: return start.starts_with("\xef\xbb\xbf") ? 3 : 0;
    case TextEncoding::utf16le: return start.starts_with("\xff\xfe") ? 2 : 0;
    case TextEncoding::utf16be: return start.starts_with("\xfe\xff") ? 2 : 0;
    case TextEncoding::windows1252: return 0;
  }
  return 0;
}

FoundEncoding find_encoding(std::string_view start, bool whole) {
  for (TextEncoding marked : {TextEncoding::utf8, TextEncoding::utf16le, TextEncoding::utf16be}) {
    if (std::size_t mark = byte_order_mark(marked, start); mark > 0) return {marked, mark};
  }
  // Text of western languages in UTF-16 is every other byte 0, and no other encoding has such a byte at all.
  std::string_view sample = start.substr(0, 4096);
  std::size_t zeros[2] = {0, 0};
  for (std::size_t i = 0; i < sample.size(); ++i) {
    if (sample[i] == '\0') ++zeros[i % 2];
  }
  std::size_t enough = sample.size() / 8 + 1;
  if (zeros[1] >= enough && zeros[0] <= zeros[1] / 8) return {TextEncoding::utf16le, 0};
  if (zeros[0] >= enough && zeros[1] <= zeros[0] / 8) return {TextEncoding::utf16be, 0};
  // With a NUL in it, the text is in none of them: leave it to the line that holds it.
  if (zeros[0] + zeros[1] > 0 || is_utf8(start, whole)) return {TextEncoding::utf8, 0};
  return {TextEncoding::windows1252, 0};
}

void Decoder::decode(std::string_view bytes, bool end, std::string& out) {
  switch (encoding_) {
    case TextEncoding::utf8: out.append(bytes); return;
    case TextEncoding::windows1252:
      for (char c : bytes) {
        auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
          out += c;
        } else {
          append_utf8(out, byte < 0xa0 ? windows_1252[byte - 0x80] : char32_t{byte});
        }
      }
      return;
    default: decode_utf16(bytes, end, out);
  }
}

void Decoder::decode_utf16(std::string_view bytes, bool end, std::string& out) {
  std::size_t low = encoding_ == TextEncoding::utf16le ? 0 : 1;
  auto pair = [&](char first, char second) {
    unsigned char parts[2] = {static_cast<unsigned char>(first), static_cast<unsigned char>(second)};
    unit(static_cast<char16_t>(parts[low] | (parts[1 - low] << 8)), out);
  };
  std::size_t at = 0;
  if (!odd_.empty() && !bytes.empty()) {
    pair(odd_[0], bytes[0]);
    odd_.clear();
    at = 1;
  }
  for (; at + 1 < bytes.size(); at += 2) pair(bytes[at], bytes[at + 1]);
  if (at < bytes.size()) odd_ = bytes.substr(at);
  if (!end) return;
  if (high_surrogate_ != 0) append_lone_surrogate(out, high_surrogate_);
  if (!odd_.empty()) out += '\xff';  // half a character
  high_surrogate_ = 0;
  odd_.clear();
}

void Decoder::unit(char16_t unit, std::string& out) {
  bool is_low = (unit & 0xfc00) == 0xdc00;
  if (high_surrogate_ != 0) {
    if (is_low) {
      append_utf8(out, 0x10000 + (static_cast<char32_t>(high_surrogate_ & 0x3ff) << 10) + (unit & 0x3ff));
      high_surrogate_ = 0;
      return;
    }
    append_lone_surrogate(out, high_surrogate_);
    high_surrogate_ = 0;
  }
  if ((unit & 0xfc00) == 0xd800) {
    high_surrogate_ = unit;
  } else if (is_low) {
    append_lone_surrogate(out, unit);
  } else {
    append_utf8(out, unit);
  }
}

}  // namespace kith
