// The checks of country and currency codes, part of checks.h.
#include <algorithm>
#include <vector>

#include "base/checks.h"
#include "base/countries.h"
#include "base/failure.h"
#include "base/text.h"

namespace kith {
namespace {

// ISO 4217, those that money is kept in: without metals, bonds and test codes, with some that left the list
// of late and stand in older orders (CUC, HRK, SLL, ZWL).
constexpr std::string_view currencies =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN "
    "BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD "
    "FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS "
    "KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN "
    "MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR "
    "SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD "
    "USN UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG ZWL";
constexpr std::string_view without_minor_unit =
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
constexpr std::string_view with_thousandths = "BHD IQD JOD KWD LYD OMR TND";
constexpr std::string_view with_ten_thousandths = "CLF UYW";

bool lists(std::string_view codes, std::string_view code) {
  return code.size() == 3 && code.find(' ') == code.npos && codes.find(code) != codes.npos;
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return out;
}

const Country* country_of(std::string_view code) {
  auto at = std::lower_bound(
      std::begin(countries), std::end(countries), code,
      [](const Country& country, std::string_view wanted) { return country.alpha2 < wanted; });
  return at != std::end(countries) && at->alpha2 == code ? at : nullptr;
}

// The country that a name or another code means, or null.
const Country* likely_country(std::string_view value) {
  std::string wanted = fold(value);
  std::vector<std::string_view> names;
  for (const Country& other : other_countries) {
    if (fold(other.alpha3) == wanted || fold(other.name) == wanted) return country_of(other.alpha2);
  }
  for (const Country& country : countries) {
    if (fold(country.alpha3) == wanted || fold(country.name) == wanted) return &country;
    names.push_back(country.name);
  }
  if (code_points(wanted) < 4) return nullptr;  // a mistyped code is near too many
  std::string name = nearest(value, names);
  for (const Country& country : countries) {
    if (country.name == name) return &country;
  }
  return nullptr;
}

}  // namespace

std::string checked_country(std::string_view value, std::string_view field) {
  std::string_view given = trimmed(value);
  std::string code = upper(given);
  if (country_of(code)) return code;
  if (const Country* likely = given.empty() ? nullptr : likely_country(given)) {
    fail(Status::invalid, field, "{} is no ISO 3166 country code; did you mean \"{}\" ({})?", shown(given),
         likely->alpha2, likely->name);
  }
  fail(Status::invalid, field,
       "{} is no ISO 3166 country code; two letters are right, as in \"SE\" for Sweden", shown(given));
}

std::string checked_currency(std::string_view value, std::string_view field) {
  std::string_view given = trimmed(value);
  std::string code = upper(given);
  if (lists(currencies, code)) return code;
  std::string likely = given == "€" ? "EUR" : given == "£" ? "GBP" : "";
  if (likely.empty()) {
    std::vector<std::string_view> all;
    for (std::size_t at = 0; at < currencies.size(); at += 4) all.push_back(currencies.substr(at, 3));
    likely = nearest(given, all);
  }
  if (!likely.empty()) {
    fail(Status::invalid, field, "{} is no ISO 4217 currency code; did you mean \"{}\"?", shown(given),
         likely);
  }
  fail(Status::invalid, field, "{} is no ISO 4217 currency code; three letters are right, as in \"EUR\"",
       shown(given));
}

int currency_digits(std::string_view currency) noexcept {
  if (lists(without_minor_unit, currency)) return 0;
  if (lists(with_thousandths, currency)) return 3;
  if (lists(with_ten_thousandths, currency)) return 4;
  return 2;
}

}  // namespace kith
