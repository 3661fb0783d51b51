#include "base/domain.h"

#include <idn2.h>

#include "base/failure.h"
#include "base/text.h"

namespace kith {
namespace {

constexpr std::size_t most_label_bytes = 63;

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool is_domain_char(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }

bool needs_idn(std::string_view name) noexcept {
  for (char c : name) {
    if (static_cast<unsigned char>(c) >= 0x80) return true;
  }
  return name.starts_with("xn--") || name.find(".xn--") != name.npos;
}

Fault label_fault(std::string_view label) {
  for (char c : label) {
    if (!is_domain_char(c)) return fmt::format("{} cannot stand in a domain", shown(std::string_view(&c, 1)));
  }
  if (label.size() > most_label_bytes)
    return fmt::format("a part of the domain is longer than {} bytes", most_label_bytes);
  if (label.front() == '-' || label.back() == '-') return "a part of the domain begins or ends with a hyphen";
  return {};
}

// Of a name that is ASCII and in lower case already.
Fault ascii_fault(std::string_view name, std::size_t least_labels) {
  if (name.size() > most_domain_bytes)
    return fmt::format("the domain is longer than {} bytes", most_domain_bytes);
  if (name.empty()) return "the domain is empty";
  if (name.front() == '.') return "the domain begins with a dot";
  if (name.back() == '.') return "the domain ends with a dot";
  std::size_t labels = 0;
  std::string_view label;
  for (std::size_t start = 0; start <= name.size(); start += label.size() + 1) {
    label = name.substr(start, name.find('.', start) - start);
    if (label.empty()) return "the domain has two dots in a row";
    if (Fault fault = label_fault(label)) return fault;
    ++labels;
  }
  // Before the count, for "127" is an IP address to some programs.
  if (label.find_first_not_of("0123456789") == label.npos) return "an IP address is no domain";
  if (labels < least_labels) return "the domain needs a dot, as in example.com";
  return {};
}

}  // namespace

Fault fold_domain(std::string_view name, std::string& out, std::size_t least_labels) {
  std::size_t start = out.size();
  // Conversion would drop what nobody sees, and the spelling that is shown would keep it.
  for (std::size_t at = 0; at < name.size();) {
    std::size_t from = at;
    if (is_unseen(next_code_point(name, at)) && static_cast<unsigned char>(name[from]) >= 0x80) {
      return fmt::format("the domain holds the invisible character {}", shown(name.substr(from, at - from)));
    }
  }
  for (char c : name) out += lower(c);
  if (needs_idn(std::string_view(out).substr(start))) {
    char* converted = nullptr;
    int code = idn2_to_ascii_8z(out.c_str() + start, &converted, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    if (code == IDN2_TOO_BIG_LABEL || code == IDN2_PUNYCODE_BIG_OUTPUT)
      return fmt::format("a part of the domain is longer than {} bytes", most_label_bytes);
    if (code == IDN2_TOO_BIG_DOMAIN)
      return fmt::format("the domain is longer than {} bytes", most_domain_bytes);
    if (code == IDN2_MALLOC) throw std::bad_alloc();
    if (code != IDN2_OK) {
      return fmt::format("the domain {} is no international name ({})", shown(name), idn2_strerror(code));
    }
    out.resize(start);
    for (const char* c = converted; *c; ++c) out += lower(*c);
    idn2_free(converted);
    if (out.size() == start) return "nothing is left of the domain";
  }
  return ascii_fault(std::string_view(out).substr(start), least_labels);
}

}  // namespace kith
