#include "base/ip.h"

#include <array>
#include <cstdint>

#include "base/failure.h"

namespace kith {
namespace {

using Groups = std::array<std::uint16_t, 8>;

std::optional<std::uint32_t> read_v4(std::string_view text) {
  std::uint32_t out = 0;
  for (int part = 0; part < 4; ++part) {
    std::size_t end = part < 3 ? text.find('.') : text.size();
    if (end == text.npos || end == 0 || end > 3 || (text[0] == '0' && end > 1)) return {};
    unsigned value = 0;
    for (char c : text.substr(0, end)) {
      if (c < '0' || c > '9') return {};
      value = 10 * value + static_cast<unsigned>(c - '0');
    }
    if (value > 255) return {};
    out = (out << 8) | value;
    text.remove_prefix(part < 3 ? end + 1 : end);
  }
  return out;
}

std::optional<std::uint16_t> read_group(std::string_view text) {
  if (text.empty() || text.size() > 4) return {};
  unsigned value = 0;
  for (char c : text) {
    unsigned digit = c >= '0' && c <= '9'   ? static_cast<unsigned>(c - '0')
                     : c >= 'a' && c <= 'f' ? static_cast<unsigned>(c - 'a') + 10
                     : c >= 'A' && c <= 'F' ? static_cast<unsigned>(c - 'A') + 10
                                            : 16;
    if (digit > 15) return {};
    value = 16 * value + digit;
  }
  return static_cast<std::uint16_t>(value);
}

// Groups parted by single colons, the last two perhaps in IPv4 form; answers how many, -1 if it is wrong.
int read_groups(std::string_view text, Groups& out) {
  int count = 0;
  if (text.empty()) return 0;
  while (true) {
    std::size_t end = text.find(':');
    std::string_view part = text.substr(0, end);
    if (end == text.npos && part.find('.') != part.npos) {
      std::optional<std::uint32_t> v4 = read_v4(part);
      if (!v4 || count > 6) return -1;
      out[static_cast<std::size_t>(count++)] = static_cast<std::uint16_t>(*v4 >> 16);
      out[static_cast<std::size_t>(count++)] = static_cast<std::uint16_t>(*v4 & 0xFFFF);
      return count;
    }
    std::optional<std::uint16_t> group = read_group(part);
    if (!group || count > 7) return -1;
    out[static_cast<std::size_t>(count++)] = *group;
    if (end == text.npos) return count;
    text.remove_prefix(end + 1);
  }
}

std::optional<Groups> read_v6(std::string_view text) {
  Groups out{}, tail{};
  std::size_t gap = text.find("::");
  if (gap == text.npos) return read_groups(text, out) == 8 ? std::optional(out) : std::nullopt;
  int before = read_groups(text.substr(0, gap), out);
  int after = read_groups(text.substr(gap + 2), tail);
  // "::" stands for one group at least; and IPv4 form cannot stand before it.
  if (before < 0 || after < 0 || before + after > 7) return {};
  if (text.substr(0, gap).find('.') != text.npos) return {};
  for (int i = 0; i < after; ++i)
    out[static_cast<std::size_t>(8 - after + i)] = tail[static_cast<std::size_t>(i)];
  return out;
}

std::string v4_text(std::uint32_t ip) {
  return fmt::format("{}.{}.{}.{}", ip >> 24, (ip >> 16) & 255, (ip >> 8) & 255, ip & 255);
}

std::string v6_text(const Groups& groups) {
  // The longest run of two zeros or more, the first of equals, becomes "::".
  std::size_t start = 8, length = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t end = i;
    while (end < 8 && groups[end] == 0) ++end;
    if (end - i > length) start = i, length = end - i;
    if (end > i) i = end - 1;
  }
  std::string out;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == start) {
      out += "::";
      i += length - 1;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    out += fmt::format("{:x}", groups[i]);
  }
  return out;
}

}  // namespace

std::optional<std::string> canonical_ip(std::string_view text) {
  if (std::optional<std::uint32_t> v4 = read_v4(text)) return v4_text(*v4);
  std::optional<Groups> v6 = read_v6(text);
  if (!v6) return {};
  const Groups& g = *v6;
  bool mapped = (g[0] | g[1] | g[2] | g[3] | g[4]) == 0 && g[5] == 0xFFFF;
  if (mapped) return v4_text((std::uint32_t{g[6]} << 16) | g[7]);
  return v6_text(g);
}

}  // namespace kith
