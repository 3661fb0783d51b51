// The check of URLs, part of checks.h.
#include "base/checks.h"
#include "base/domain.h"
#include "base/failure.h"
#include "base/ip.h"
#include "base/text.h"

namespace kith {
namespace {

constexpr std::size_t most_url_bytes = 2048;

// What no URL holds as it is, wherever it stands.
Fault character_fault(std::string_view url) {
  for (std::size_t at = 0; at < url.size();) {
    std::size_t start = at;
    char32_t c = next_code_point(url, at);
    std::string_view one = url.substr(start, at - start);
    if (white_space_at(one, 0)) return "white space stands inside; write it as %20";
    if (is_unseen(c)) return fmt::format("it holds the invisible character {}", shown(one));
    if (c < 0x80 && std::string_view("\"<>\\^`{|}").find(one) != std::string_view::npos) {
      return fmt::format("{} cannot stand in a URL; write it as %{:02X}", shown(one),
                         static_cast<unsigned>(c));
    }
  }
  return {};
}

Fault host_fault(std::string_view host) {
  if (host.empty()) return "the host is missing";
  if (host[0] == '[') {
    std::string_view inside = host.substr(1, host.size() - 2);
    if (host.back() == ']' && inside.find(':') != inside.npos && canonical_ip(inside)) return {};
    return fmt::format("{} is no IPv6 address", shown(host));
  }
  if (canonical_ip(host)) return {};
  // Hosts, unlike mail domains, may have an underscore and a final dot.
  std::string plain(host.substr(0, host.size() - (host.size() > 1 && host.back() == '.')));
  for (char& c : plain) c = c == '_' ? 'x' : c;
  std::string ascii;
  if (Fault fault = fold_domain(plain, ascii, 1)) return "its host is wrong: " + *fault;
  return {};
}

Fault port_fault(std::string_view port) {
  unsigned value = 0;
  bool good = !port.empty() && port.size() <= 5;
  for (char c : port) {
    good = good && c >= '0' && c <= '9';
    value = 10 * value + static_cast<unsigned>(c - '0');
  }
  if (good && value >= 1 && value <= 65535) return {};
  return fmt::format("{} is no port, 1 to 65535", shown(port));
}

Fault url_fault(std::string_view url) {
  if (url.empty()) return "it is empty";
  if (url.size() > most_url_bytes) return fmt::format("it is longer than {} bytes", most_url_bytes);
  if (!valid_utf8(url)) return "it is not well-formed UTF-8";
  std::size_t colon = url.find("://");
  if (colon == url.npos || url.substr(0, colon).find_first_of("/?#") != url.npos) {
    return "write it as in https://example.com";
  }
  std::string scheme = fold_case(url.substr(0, colon));
  if (scheme != "http" && scheme != "https") return "it must begin with https:// or http://";
  if (Fault fault = character_fault(url)) return fault;
  std::string_view place = url.substr(colon + 3);
  place = place.substr(0, place.find_first_of("/?#"));
  if (place.find('@') != place.npos) return "leave out the user name and password before '@'";
  std::size_t bracket = place.find(']');
  std::size_t end = place.find(':', bracket == place.npos ? 0 : bracket);
  if (Fault fault = host_fault(place.substr(0, end))) return fault;
  return end == place.npos ? Fault() : port_fault(place.substr(end + 1));
}

// Whether this is what people write for a site, "www.example.com/shop": a domain of two parts or more, and no name of a
// picture or a document, which looks alike.
bool is_bare_site(std::string_view url) {
  std::string_view place = url.substr(0, url.find_first_of("/?#"));
  std::string_view host = place.substr(0, place.find(':'));
  if (place.size() > host.size() && port_fault(place.substr(host.size() + 1))) return false;
  std::string ascii;
  if (!valid_utf8(host) || fold_domain(host, ascii, 2)) return false;
  std::string_view last = std::string_view(ascii).substr(ascii.rfind('.') + 1);
  for (std::string_view ending : {"jpg", "jpeg", "png", "gif", "svg", "webp", "pdf", "htm", "html"}) {
    if (last == ending) return false;
  }
  return last.size() >= 2;
}

}  // namespace

std::string checked_url(std::string_view value, std::string_view field) {
  std::string_view url = trimmed(value);
  std::string whole = is_bare_site(url) ? "https://" + std::string(url) : std::string(url);
  if (Fault fault = url_fault(whole))
    fail(Status::invalid, field, "{} is no web address: {}", shown(url), *fault);
  return whole;
}

}  // namespace kith
