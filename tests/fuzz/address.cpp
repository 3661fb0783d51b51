// Values with a published form - addresses, domains, phones, URLs, IP addresses, codes, zones: what was accepted is accepted as
// it was made, and compares as itself.
#include "base/address.h"

#include "base/checks.h"
#include "base/text.h"
#include "fuzz/fuzz.h"

using namespace kith;

namespace {

template <class Check>
void stays_as_it_is(std::string_view text, Check check) {
  std::string once;
  if (fuzz::refused([&] { once = check(text); })) return;
  PROMISE(valid_utf8(once));
  std::string twice;
  PROMISE(!fuzz::refused([&] { twice = check(once); }));
  PROMISE(twice == once);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = fuzz::text_of(data, size);
  Address address;
  if (!fuzz::refused([&] { address = parse_address(text, "email"); })) {
    PROMISE(address.shown == trimmed(text));
    PROMISE(valid_utf8(address.key));
    Address again;
    PROMISE(!fuzz::refused([&] { again = parse_address(address.key, "email"); }));
    PROMISE(again.key == address.key);
    PROMISE(!fuzz::refused([&] { again = parse_address(address.shown, "email"); }));
    PROMISE(again.key == address.key);
    PROMISE(address.key.find('@') != std::string::npos);
    PROMISE(address.key.ends_with(domain_of(address.key)));
    PROMISE(loose_key(loose_key(address.key)) == loose_key(address.key));
  }
  stays_as_it_is(text, [](std::string_view value) { return ascii_domain(value, "domain"); });
  stays_as_it_is(text, [](std::string_view value) { return checked_phone(value, "phone"); });
  stays_as_it_is(text, [](std::string_view value) { return checked_url(value, "website"); });
  stays_as_it_is(text, [](std::string_view value) { return checked_ip(value, "ip"); });
  stays_as_it_is(text, [](std::string_view value) { return checked_country(value, "country"); });
  stays_as_it_is(text, [](std::string_view value) { return checked_currency(value, "currency"); });
  stays_as_it_is(text, [](std::string_view value) { return checked_language(value, "language"); });
  if (text.find('/') < 12) {  // a wrong one is looked for among the system's, in its folder
    stays_as_it_is(text, [](std::string_view value) { return checked_zone(value, "time_zone"); });
  }
  std::string key = phone_key(text);
  PROMISE(key.size() <= text.size() + 8);
  return 0;
}
