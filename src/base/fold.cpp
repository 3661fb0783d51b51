// How text compares: Unicode case folding and composition through libunistring, with a way round it for
// ASCII, and the nearest of several names.
#include <unicase.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

#include "base/failure.h"
#include "base/text.h"

namespace kith {
namespace {

constexpr std::size_t most_name_bytes = 400;  // no name is longer, and looking costs its square

bool is_ascii(std::string_view text) noexcept {
  unsigned char all = 0;
  for (char c : text) all = static_cast<unsigned char>(all | static_cast<unsigned char>(c));
  return all < 0x80;
}

char lower_ascii(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string well_formed(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 8);
  for (std::size_t at = 0; at < text.size();) append_utf8(out, next_code_point(text, at));
  return out;
}

std::string fold_unicode(std::string_view text) {
  std::string safe = well_formed(text);
  std::size_t length = 0;
  std::unique_ptr<std::uint8_t, decltype(&std::free)> folded(
      u8_casefold(reinterpret_cast<const std::uint8_t*>(safe.data()), safe.size(), nullptr, UNINORM_NFC,
                  nullptr, &length),
      &std::free);
  if (!folded) throw std::bad_alloc();  // the only way it fails on well-formed text
  return std::string(reinterpret_cast<const char*>(folded.get()), length);
}

std::string with_single_spaces(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool space = false;
  for (std::size_t at = 0; at < text.size();) {
    if (std::size_t length = white_space_at(text, at)) {
      space = !out.empty();
      at += length;
      continue;
    }
    if (space) out += ' ';
    space = false;
    std::size_t start = at;
    next_code_point(text, at);
    out += text.substr(start, at - start);
  }
  return out;
}

std::u32string code_points_of(std::string_view text) {
  std::u32string out;
  for (std::size_t at = 0; at < text.size();) out += next_code_point(text, at);
  return out;
}

// The least number of insertions, removals, replacements and swaps of neighbours (each place swapped at
// most once), or most + 1 when it is more than `most`.
std::size_t distance(const std::u32string& a, const std::u32string& b, std::size_t most) {
  std::size_t difference = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (difference > most) return most + 1;
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    std::size_t least = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0u : 1u)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        now[j] = std::min(now[j], before[j - 2] + 1);
      least = std::min(least, now[j]);
    }
    // A swap reaches two rows back, so only two rows beyond `most` end it.
    if (least > most + 1) return most + 1;
    before.swap(last);
    last.swap(now);
  }
  return std::min(last[b.size()], most + 1);
}

}  // namespace

std::string fold_case(std::string_view text) {
  if (!is_ascii(text)) return fold_unicode(text);
  std::string out(text);
  for (char& c : out) c = lower_ascii(c);
  return out;
}

std::string fold(std::string_view text) {
  if (!is_ascii(text)) return with_single_spaces(fold_unicode(text));
  std::string out(text);
  std::size_t end = 0;
  bool space = false;
  for (char c : text) {
    if (c == ' ' || (c >= '\t' && c <= '\r')) {
      space = end != 0;
      continue;
    }
    if (space) out[end++] = ' ';
    space = false;
    out[end++] = lower_ascii(c);
  }
  out.resize(end);
  return out;
}

std::string nearest(std::string_view wanted, std::span<const std::string_view> known) {
  if (wanted.size() > most_name_bytes) return "";
  std::u32string mine = code_points_of(fold(wanted));
  // One slip in three letters, at most four; in less than three letters any two words are near.
  std::size_t most = std::min<std::size_t>(mine.size() / 3, 4);
  std::string_view best;
  bool found = false;
  for (std::string_view name : known) {
    std::size_t d = distance(mine, code_points_of(fold(name)), most);
    if (d > most) continue;
    best = name;
    found = true;
    if (d == 0) break;
    most = d - 1;
  }
  return found ? std::string(best) : std::string();
}

}  // namespace kith
