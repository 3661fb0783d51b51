// Durations as text, part of time.h.
#include <algorithm>
#include <array>

#include "base/failure.h"
#include "base/text.h"
#include "base/time.h"

namespace kith {
namespace {

constexpr std::array<Millis, 6> unit_lengths{one_week, one_day, one_hour, one_minute, one_second, 1};

struct Unit {
  std::string_view name;
  int rank;  // in unit_lengths
};

constexpr Unit unit_names[] = {
    {"w", 0},           {"wk", 0},
    {"wks", 0},         {"week", 0},
    {"weeks", 0},       {"d", 1},
    {"day", 1},         {"days", 1},
    {"h", 2},           {"hr", 2},
    {"hrs", 2},         {"hour", 2},
    {"hours", 2},       {"m", 3},
    {"min", 3},         {"mins", 3},
    {"minute", 3},      {"minutes", 3},
    {"s", 4},           {"sec", 4},
    {"secs", 4},        {"second", 4},
    {"seconds", 4},     {"ms", 5},
    {"millisecond", 5}, {"milliseconds", 5},
};

int rank_of(std::string_view name) {
  if (name == "M") return -1;  // many write months so
  char lower[16];
  if (name.size() > sizeof lower) return -1;
  std::transform(name.begin(), name.end(), lower,
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  for (const Unit& unit : unit_names) {
    if (unit.name == std::string_view(lower, name.size())) return unit.rank;
  }
  return -1;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// A decimal number as a fraction: 1.5 is 15 / 10.
struct Decimal {
  Millis digits = 0;
  Millis scale = 1;
};

std::optional<Decimal> read_decimal(std::string_view& text) {
  Decimal out;
  std::size_t at = 0, count = 0;
  bool point = false;
  for (; at < text.size(); ++at) {
    if (text[at] == '.' && !point && at > 0) {
      point = true;
      continue;
    }
    if (!is_digit(text[at])) break;
    if (++count > 15) return {};
    out.digits = 10 * out.digits + (text[at] - '0');
    if (point) out.scale *= 10;
  }
  if (at == 0 || text[at - 1] == '.') return {};
  text.remove_prefix(at);
  return out;
}

// Adds `amount` units to `total`; false when it is no whole number of milliseconds, or too long.
bool add(Millis& total, Decimal amount, Millis unit) {
  // Parts below a millisecond are refused rather than rounded, so that nothing is lost unseen.
  while (amount.scale > 1 && amount.digits % 10 == 0) amount.digits /= 10, amount.scale /= 10;
  for (Millis factor : {2, 5}) {
    while (amount.scale % factor == 0 && unit % factor == 0) amount.scale /= factor, unit /= factor;
  }
  if (amount.digits % amount.scale != 0) return false;
  amount.digits /= amount.scale;
  if (amount.digits > (longest_duration - total) / unit) return false;
  total += amount.digits * unit;
  return true;
}

// P3W, P3DT2H: weeks may stand beside the others; only the last number may have a fraction.
std::optional<Millis> parse_iso(std::string_view text) {
  constexpr std::string_view letters = "WDHMS";
  Millis total = 0;
  int last = -1;
  bool time = false, fraction = false;
  if (text.empty()) return {};
  while (!text.empty()) {
    if (text[0] == 'T') {
      if (time || text.size() == 1) return {};
      time = true;
      text.remove_prefix(1);
    }
    std::optional<Decimal> amount = read_decimal(text);
    if (!amount || text.empty() || fraction) return {};
    std::size_t letter = letters.find(text[0]);
    if (letter == letters.npos || (letter >= 2) != time || static_cast<int>(letter) <= last) return {};
    last = static_cast<int>(letter);
    fraction = amount->scale != 1;
    text.remove_prefix(1);
    if (!add(total, *amount, unit_lengths[letter])) return {};
  }
  return total;
}

}  // namespace

std::optional<Millis> parse_duration(std::string_view text) noexcept {
  text = trimmed(text);
  if (!text.empty() && text[0] == 'P') return parse_iso(text.substr(1));
  Millis total = 0;
  int last = -1;
  if (text.empty()) return {};
  while (!text.empty()) {
    std::optional<Decimal> amount = read_decimal(text);
    if (!amount) return {};
    while (std::size_t space = white_space_at(text, 0)) text.remove_prefix(space);
    std::size_t length = 0;
    while (length < text.size() && is_letter(text[length])) ++length;
    int rank = rank_of(text.substr(0, length));
    if (rank <= last) return {};
    last = rank;
    text.remove_prefix(length);
    if (!add(total, *amount, unit_lengths[static_cast<std::size_t>(rank)])) return {};
    while (std::size_t space = white_space_at(text, 0)) text.remove_prefix(space);
  }
  return total;
}

std::string format_duration(Millis duration) {
  constexpr std::array<std::string_view, 6> one{" week", " day", " h", " min", " s", " ms"};
  constexpr std::array<std::string_view, 6> many{" weeks", " days", " h", " min", " s", " ms"};
  if (duration == 0) return "0 s";
  std::string out = duration < 0 ? "-" : "";
  // Unsigned, because the least number has no positive twin.
  auto rest = static_cast<std::uint64_t>(duration);
  if (duration < 0) rest = 0 - rest;
  for (std::size_t i = 0; i < unit_lengths.size(); ++i) {
    auto unit = static_cast<std::uint64_t>(unit_lengths[i]);
    if (i == 0 && rest % unit != 0) continue;  // "10 days" rather than "1 week 3 days"
    std::uint64_t count = rest / unit;
    if (count == 0) continue;
    rest %= unit;
    if (out.size() > 1) out += ' ';
    out += fmt::format("{}{}", count, count == 1 ? one[i] : many[i]);
  }
  return out;
}

}  // namespace kith
