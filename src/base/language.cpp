// The check of language tags (BCP 47, RFC 5646), part of checks.h: their grammar, not the registry.
#include <algorithm>
#include <vector>

#include "base/checks.h"
#include "base/failure.h"
#include "base/text.h"

namespace kith {
namespace {

constexpr std::size_t most_tag_bytes = 100;

// Older than the grammar, and kept by it; in the case to store.
constexpr std::string_view irregular[] = {
    "en-GB-oed", "i-ami", "i-bnn",     "i-default", "i-enochian", "i-hak",
    "i-klingon", "i-lux", "i-mingo",   "i-navajo",  "i-pwn",      "i-tao",
    "i-tay",     "i-tsu", "sgn-BE-FR", "sgn-BE-NL", "sgn-CH-DE",
};

bool is_alpha(std::string_view part) {
  return std::all_of(part.begin(), part.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}
bool is_digits(std::string_view part) {
  return std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
}
bool is_variant(std::string_view part) {
  return (part.size() >= 5 && part.size() <= 8) || (part.size() == 4 && part[0] >= '0' && part[0] <= '9');
}

void raise(std::string& part) {
  for (char& c : part) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
}

// Checks the parts, all in lower case, and puts script and region into theirs.
bool read(std::vector<std::string>& parts) {
  std::size_t at = 0;
  auto here = [&](std::size_t least, std::size_t most) {
    return at < parts.size() && parts[at].size() >= least && parts[at].size() <= most;
  };
  if (parts[0] != "x") {
    if (!here(2, 3) || !is_alpha(parts[0])) return false;
    ++at;
    for (int more = 0; more < 3 && here(3, 3) && is_alpha(parts[at]); ++more) ++at;
    if (here(4, 4) && is_alpha(parts[at])) {
      parts[at][0] = static_cast<char>(parts[at][0] - 32);
      ++at;
    }
    if (here(2, 2) && is_alpha(parts[at]))
      raise(parts[at++]);
    else if (here(3, 3) && is_digits(parts[at]))
      ++at;
    std::size_t variants = at;
    for (; at < parts.size() && is_variant(parts[at]); ++at) {
      if (std::find(parts.begin() + static_cast<std::ptrdiff_t>(variants),
                    parts.begin() + static_cast<std::ptrdiff_t>(at),
                    parts[at]) != parts.begin() + static_cast<std::ptrdiff_t>(at)) {
        return false;
      }
    }
    std::string singletons;
    while (here(1, 1) && parts[at] != "x") {
      if (singletons.find(parts[at]) != singletons.npos) return false;
      singletons += parts[at++];
      std::size_t start = at;
      while (here(2, 8)) ++at;
      if (at == start) return false;
    }
  }
  if (at == parts.size()) return true;
  if (parts[at] != "x" || ++at == parts.size()) return false;
  while (here(1, 8)) ++at;
  return at == parts.size();
}

std::string canonical(std::string_view tag) {
  if (tag.empty() || tag.size() > most_tag_bytes) return "";
  std::string folded = fold_case(tag);
  for (std::string_view old : irregular) {
    if (folded == fold_case(old)) return std::string(old);
  }
  std::vector<std::string> parts(1);
  for (char c : folded) {
    if (c == '-')
      parts.emplace_back();
    else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
      parts.back() += c;
    else
      return "";
  }
  for (const std::string& part : parts) {
    if (part.empty()) return "";
  }
  if (!read(parts)) return "";
  std::string out;
  for (const std::string& part : parts) out.append(out.empty() ? "" : "-").append(part);
  return out;
}

// "sv" or "sv-SE", as nearly all are written, and already in their canonical case.
bool is_plain(std::string_view tag) {
  if (tag.size() != 2 && tag.size() != 5) return false;
  auto between = [&](std::size_t from, char low, char high) {
    return tag[from] >= low && tag[from] <= high && tag[from + 1] >= low && tag[from + 1] <= high;
  };
  return between(0, 'a', 'z') && (tag.size() == 2 || (tag[2] == '-' && between(3, 'A', 'Z')));
}

}  // namespace

std::string checked_language(std::string_view value, std::string_view field) {
  if (is_plain(value)) return std::string(value);
  std::string_view tag = trimmed(value);
  std::string out = canonical(tag);
  if (!out.empty()) return out;
  // "sv_SE.UTF-8" is how POSIX writes it.
  std::string other(tag.substr(0, tag.find_first_of(".@")));
  std::replace(other.begin(), other.end(), '_', '-');
  std::string likely = canonical(other);
  if (!likely.empty())
    fail(Status::invalid, field, "{} is no language tag; did you mean \"{}\"?", shown(tag), likely);
  fail(Status::invalid, field,
       "{} is no language tag (BCP 47); write it as in \"sv\", \"en-GB\" or \"zh-Hant-TW\"", shown(tag));
}

}  // namespace kith
