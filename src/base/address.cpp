#include "base/address.h"

#include <algorithm>
#include <array>

#include "base/domain.h"
#include "base/failure.h"
#include "base/text.h"

namespace kith {
namespace {

constexpr std::size_t most_local_bytes = 64;
constexpr std::size_t most_bytes = 254;
constexpr std::size_t most_given_bytes = 1024;  // a domain may be longer as it is spelled than in ASCII

enum : std::uint8_t { none = 0, atom = 1, domain = 2, upper = 4 };

constexpr std::array<std::uint8_t, 256> classes = [] {
  std::array<std::uint8_t, 256> out{};
  for (unsigned c = '0'; c <= '9'; ++c) out[c] = atom | domain;
  for (unsigned c = 'a'; c <= 'z'; ++c) out[c] = atom | domain;
  for (unsigned c = 'A'; c <= 'Z'; ++c) out[c] = atom | domain | upper;
  for (char c : std::string_view("!#$%&'*+/=?^_`{|}~")) out[static_cast<unsigned char>(c)] = atom;
  out['-'] = atom | domain;
  return out;
}();

std::uint8_t class_of(char c) noexcept { return classes[static_cast<unsigned char>(c)]; }
bool is_ascii(char c) noexcept { return static_cast<unsigned char>(c) < 0x80; }
char lower(char c) noexcept { return class_of(c) & upper ? static_cast<char>(c + 32) : c; }

// In one case, except that ß stays apart from ss: they are letters of different mailboxes, as they are of
// different domains (RFC 8265 maps user names so too).
std::string fold_local(std::string_view local) {
  constexpr std::string_view sharp = "ß", capital_sharp = "ẞ";
  std::string out;
  while (true) {
    std::size_t a = local.find(sharp), b = local.find(capital_sharp);
    std::size_t at = std::min(a, b);
    out += fold_case(local.substr(0, at));
    if (at == local.npos) return out;
    out += sharp;
    local.remove_prefix(at + (a < b ? sharp.size() : capital_sharp.size()));
  }
}

// A code point beyond ASCII that no mailbox name has.
Fault foreign_fault(std::string_view text, std::size_t at) {
  if (white_space_at(text, at)) return "white space stands inside";
  std::size_t end = at;
  if (!is_unseen(next_code_point(text, end))) return {};
  return fmt::format("it holds the invisible character {}", shown(text.substr(at, end - at)));
}

Fault dot_atom_fault(std::string_view local) {
  for (std::size_t at = 0; at < local.size();) {
    char c = local[at];
    if (c == '.') {
      if (at == 0) return "it begins with a dot";
      if (at + 1 == local.size()) return "a dot stands before the '@'";
      if (local[at + 1] == '.') return "two dots stand in a row";
      ++at;
    } else if (class_of(c) & atom) {
      ++at;
    } else if (!is_ascii(c)) {
      if (Fault fault = foreign_fault(local, at)) return fault;
      next_code_point(local, at);
    } else if (c == ' ' || (c >= '\t' && c <= '\r')) {
      return "white space stands inside";
    } else if (c == '<' || c == '>') {
      return "write the address alone, without a name and without '<' and '>'";
    } else if (c == ':' && fold_case(local.substr(0, at)) == "mailto") {
      return "leave out \"mailto:\"";
    } else if (c == ',' || c == ';') {
      return fmt::format("{} stands inside; give one address only", shown(local.substr(at, 1)));
    } else {
      return fmt::format("{} cannot stand before the '@' without quotes", shown(local.substr(at, 1)));
    }
  }
  return {};
}

bool is_dot_atom(std::string_view local) { return !local.empty() && !dot_atom_fault(local); }

// `local` with its quotes on; puts what it says into `out`, quoted again only where quotes are needed.
Fault fold_quoted(std::string_view local, std::string& out) {
  std::string said;
  std::string_view inside = local.substr(1, local.size() - 2);
  for (std::size_t at = 0; at < inside.size();) {
    char c = inside[at];
    if (c == '"') return "a '\"' stands inside the quotes without a '\\' before it";
    if (c == '\\' && ++at < inside.size()) c = inside[at];
    if (at == inside.size()) return "a '\\' stands before the closing quote";
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
      return fmt::format("it holds the control character {}", shown(std::string_view(&c, 1)));
    if (!is_ascii(c)) {
      if (Fault fault = foreign_fault(inside, at)) return fault;
    }
    std::size_t start = at;
    next_code_point(inside, at);
    said += inside.substr(start, at - start);
  }
  if (said.empty()) return "nothing stands between the quotes";
  said = fold_local(said);
  if (is_dot_atom(said)) {
    out += said;
    return {};
  }
  out += '"';
  for (char c : said) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
  return {};
}

// Where the '@' between local part and domain is: the first outside quotes.
std::size_t find_at(std::string_view text) {
  if (text.empty() || text[0] != '"') return text.find('@');
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '\\')
      ++at;
    else if (text[at] == '"')
      return text.find('@', at);
  }
  return text.npos;
}

Fault fold_address(std::string_view text, std::string& key) {
  if (text.empty()) return "an e-mail address is needed, as in ada@example.com";
  if (text.size() > most_given_bytes) return fmt::format("it is longer than {} bytes", most_bytes);
  if (!valid_utf8(text)) return "it is not well-formed UTF-8";
  std::size_t middle = find_at(text);
  if (middle == text.npos) {
    return text[0] == '"' && text.find('@') != text.npos ? "a closing quote is missing" : "it has no '@'";
  }
  std::string_view local = text.substr(0, middle), name = text.substr(middle + 1);
  if (local.empty()) return "nothing stands before the '@'";
  if (name.empty()) return "nothing stands behind the '@'";
  if (local[0] == '"') {
    if (local.size() < 2 || local.back() != '"') return "the closing quote must stand right before the '@'";
    if (Fault fault = fold_quoted(local, key)) return fault;
  } else {
    if (Fault fault = dot_atom_fault(local)) return fault;
    key += fold_local(local);
  }
  if (local.size() > most_local_bytes)
    return fmt::format("the part before the '@' is longer than {} bytes", most_local_bytes);
  key += '@';
  if (name[0] == '[') return "an address literal (\"[...]\") is not accepted; give the name of a domain";
  if (name.find('@') != name.npos) return "it has two '@'";
  if (name.find('>') != name.npos) return "write the address alone, without a name and without '<' and '>'";
  for (std::size_t at = 0; at < name.size(); ++at) {
    if (white_space_at(name, at)) return "white space stands inside";
  }
  std::size_t before = key.size();
  if (Fault fault = fold_domain(name, key)) return fault;
  if (local.size() + 1 + (key.size() - before) > most_bytes)
    return fmt::format("it is longer than {} bytes", most_bytes);
  return {};
}

// The usual address, read in one go: false sends it the long way, which also finds the words for a fault.
bool fold_plain(std::string_view text, std::string& key) {
  if (text.size() > most_bytes) return false;
  key.resize(text.size());
  std::size_t at = 0;
  char last = '.';
  for (;; ++at) {
    if (at == text.size()) return false;
    char c = text[at];
    if (c == '@') break;
    if (c == '.' ? last == '.' : !(class_of(c) & atom)) return false;
    key[at] = lower(c);
    last = c;
  }
  if (last == '.' || at > most_local_bytes) return false;
  key[at] = '@';
  std::size_t dots = 0, label = 0;
  bool letters = false;
  last = '.';
  for (++at; at < text.size(); ++at) {
    char c = text[at];
    if (c == '.') {
      if (last == '.' || last == '-' || label > 63) return false;
      ++dots;
      label = 0;
      letters = false;
    } else {
      if (!(class_of(c) & domain) || (c == '-' && (last == '.' || (label == 3 && last == '-')))) return false;
      letters |= c > '9';
      ++label;
    }
    key[at] = lower(c);
    last = c;
  }
  return dots > 0 && letters && label > 0 && label <= 63 && last != '-';
}

}  // namespace

Address parse_address(std::string_view text, std::string_view field) {
  Address out;
  std::string_view given = trimmed(text);
  if (!fold_plain(given, out.key)) {
    out.key.clear();
    if (Fault fault = fold_address(given, out.key)) {
      if (given.empty()) fail(Status::invalid, field, "{}", *fault);
      fail(Status::invalid, field, "{} is no e-mail address: {}", shown(given), *fault);
    }
  }
  out.shown = given;
  return out;
}

std::string_view domain_of(std::string_view key) noexcept {
  std::size_t at = key.rfind('@');
  return at == key.npos ? std::string_view() : key.substr(at + 1);
}

std::string ascii_domain(std::string_view text, std::string_view field) {
  std::string_view given = trimmed(text);
  std::string out;
  Fault fault;
  if (given.empty()) fail(Status::invalid, field, "a domain is needed, as in example.com");
  if (!valid_utf8(given))
    fault = "it is not well-formed UTF-8";
  else if (given.size() > most_given_bytes)
    fault = fmt::format("the domain is longer than {} bytes", most_domain_bytes);
  else if (given.find('@') != given.npos)
    fault = "give only what stands behind the '@'";
  else
    fault = fold_domain(given, out);
  if (fault) fail(Status::invalid, field, "{} is no domain: {}", shown(given), *fault);
  return out;
}

std::string loose_key(std::string_view key) {
  struct Provider {
    std::string_view domain, same_as;
    bool dots;
  };
  constexpr Provider providers[] = {
      {"gmail.com", "gmail.com", true},       {"googlemail.com", "gmail.com", true},
      {"outlook.com", "outlook.com", false},  {"hotmail.com", "hotmail.com", false},
      {"live.com", "live.com", false},        {"fastmail.com", "fastmail.com", false},
      {"fastmail.fm", "fastmail.fm", false},  {"proton.me", "proton.me", false},
      {"protonmail.com", "proton.me", false}, {"pm.me", "proton.me", false},
      {"icloud.com", "icloud.com", false},    {"me.com", "icloud.com", false},
      {"mac.com", "icloud.com", false},
  };
  std::string_view name = domain_of(key);
  for (const Provider& provider : providers) {
    if (provider.domain != name || key[0] == '"') continue;
    std::string_view local = key.substr(0, key.size() - name.size() - 1);
    local = local.substr(0, local.find('+'));
    std::string out;
    for (char c : local) {
      if (c != '.' || !provider.dots) out += c;
    }
    if (out.empty()) break;
    return out.append("@").append(provider.same_as);
  }
  return std::string(key);
}

}  // namespace kith
