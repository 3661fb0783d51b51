// Values with a published form: what is taken, in which form it is kept, and what is said of the rest.
#include "base/checks.h"

#include <algorithm>
#include <set>
#include <vector>

#include "base/countries.h"
#include "base/random.h"
#include "base/text.h"
#include "failing.h"

using namespace kith;
using kith::test::failure_of;
using kith::test::said_by;

namespace {

struct Pair {
  std::string_view given, kept;
};

using Check = std::string (*)(std::string_view, std::string_view);

void check_good(Check check, const std::vector<Pair>& rows) {
  for (const Pair& row : rows) {
    CAPTURE(row.given);
    std::string kept;
    REQUIRE(said_by([&] { kept = check(row.given, "f"); }) == "");
    CHECK(kept == row.kept);
    CHECK(check(kept, "f") == kept);
  }
}

void check_bad(Check check, const std::vector<std::string_view>& values) {
  for (std::string_view value : values) {
    CAPTURE(value);
    auto failure = failure_of([&] { check(value, "f"); });
    REQUIRE(failure);
    CHECK(failure->status() == Status::invalid);
    CHECK(failure->field() == "f");
  }
}

// Random text from pieces: never another failure than INVALID, and what is kept is kept again.
void check_random(Check check, const std::vector<std::string>& pieces, std::uint64_t seed) {
  SeededRandom random(seed);
  int good = 0;
  for (int i = 0; i < 50000; ++i) {
    std::string text;
    for (std::size_t j = random.below(9); j > 0; --j) text += pieces[random.below(pieces.size())];
    auto failure = failure_of([&] {
      std::string kept = check(text, "f");
      ++good;
      if (check(kept, "f") != kept) FAIL(shown(text));
    });
    if (failure && (failure->status() != Status::invalid || !valid_utf8(failure->message())))
      FAIL(failure->message());
  }
  CHECK(good > 50);
}

}  // namespace

TEST_CASE("countries are the 249 codes of ISO 3166-1", "[base][checks]") {
  std::set<std::string_view> codes;
  for (const Country& country : countries) {
    CHECK(checked_country(country.alpha2, "f") == country.alpha2);
    CHECK(country.alpha3.size() == 3);
    CHECK_FALSE(country.name.empty());
    codes.insert(country.alpha2);
    codes.insert(country.alpha3);
  }
  CHECK(codes.size() == 2 * 249);
  CHECK(std::is_sorted(std::begin(countries), std::end(countries),
                       [](const Country& a, const Country& b) { return a.alpha2 < b.alpha2; }));
  for (const Country& other : other_countries) CHECK(checked_country(other.alpha2, "f") == other.alpha2);
  check_good(checked_country, {{"se", "SE"}, {" Se\n", "SE"}, {"GB", "GB"}});
  check_bad(checked_country,
            {"", " ", "S", "UK", "EL", "SWE", "Sweden", "XX", "ZZ", "AN", "YU", "S E", "S\xFF", "ß", "\xC3"});
}

TEST_CASE("a wrong country is told the right one", "[base][checks]") {
  auto said = [](std::string_view value) { return said_by([&] { checked_country(value, "country"); }); };
  CHECK(said("UK") ==
        "INVALID country: \"UK\" is no ISO 3166 country code; did you mean \"GB\" (United Kingdom)?");
  CHECK(said("EL").ends_with("did you mean \"GR\" (Greece)?"));
  CHECK(said("usa").ends_with("did you mean \"US\" (United States)?"));
  CHECK(said("Sweden").ends_with("did you mean \"SE\" (Sweden)?"));
  CHECK(said("sverige").ends_with("did you mean \"SE\" (Sweden)?"));
  CHECK(said("Germny").ends_with("did you mean \"DE\" (Germany)?"));
  CHECK(
      said("XX") ==
      "INVALID country: \"XX\" is no ISO 3166 country code; two letters are right, as in \"SE\" for Sweden");
  CHECK(said("Atlantis of old").ends_with("two letters are right, as in \"SE\" for Sweden"));
  CHECK(said("").ends_with("two letters are right, as in \"SE\" for Sweden"));
}

TEST_CASE("currencies are ISO 4217 codes", "[base][checks]") {
  check_good(
      checked_currency,
      {{"SEK", "SEK"}, {" eur ", "EUR"}, {"JPY", "JPY"}, {"XOF", "XOF"}, {"AED", "AED"}, {"ZWL", "ZWL"}});
  check_bad(checked_currency, {"", "US", "USDX", "XXX", "XTS", "XAU", "ED ", "D A", "AED AFN", "$", "€", "kr",
                               "123", "US\xFF"});
  auto said = [](std::string_view value) { return said_by([&] { checked_currency(value, "currency"); }); };
  CHECK(said("USB") == "INVALID currency: \"USB\" is no ISO 4217 currency code; did you mean \"USD\"?");
  CHECK(said("€").ends_with("did you mean \"EUR\"?"));
  CHECK(said("kr").ends_with("three letters are right, as in \"EUR\""));
  CHECK(currency_digits("SEK") == 2);
  CHECK(currency_digits("JPY") == 0);
  CHECK(currency_digits("KWD") == 3);
  CHECK(currency_digits("CLF") == 4);
  CHECK(currency_digits("") == 2);
  CHECK(currency_digits("BIF CLP") == 2);
}

TEST_CASE("language tags are well-formed BCP 47 in the usual case", "[base][checks]") {
  check_good(checked_language, {{"sv", "sv"},
                                {"EN-gb", "en-GB"},
                                {"zh-hant-tw", "zh-Hant-TW"},
                                {"es-419", "es-419"},
                                {" sl-ROZAJ-biske ", "sl-rozaj-biske"},
                                {"de-CH-1901", "de-CH-1901"},
                                {"zh-CMN-Hans-CN", "zh-cmn-Hans-CN"},
                                {"x-Whatever", "x-whatever"},
                                {"en-X-us", "en-x-us"},
                                {"EN-a-BBB-x-a", "en-a-bbb-x-a"},
                                {"i-KLINGON", "i-klingon"},
                                {"sgn-be-fr", "sgn-BE-FR"},
                                {"en-gb-oed", "en-GB-oed"},
                                {"fil", "fil"},
                                {"de-DE-u-co-phonebk", "de-DE-u-co-phonebk"},
                                {"zh-min-nan", "zh-min-nan"},
                                {"art-lojban", "art-lojban"}});
  check_bad(checked_language,
            {"",    "s",       "english",      "swedish",        "engl",       "sv_SE",        "sv-",
             "-sv", "sv--SE",  "12",           "sv-S",           "en-a",       "en-a-b",       "x",
             "x-",  "en-x",    "en-a-bb-a-cc", "sl-rozaj-rozaj", "sv-SE-Latn", "en-abcdefghi", "sv se",
             "å",   "sv-\xFF", "i-other"});
  CHECK(said_by([] { checked_language("sv_SE.UTF-8", "language"); }) ==
        "INVALID language: \"sv_SE.UTF-8\" is no language tag; did you mean \"sv-SE\"?");
  CHECK(said_by([] { checked_language("Swedish", "language"); }) ==
        "INVALID language: \"Swedish\" is no language tag (BCP 47); write it as in \"sv\", \"en-GB\" or "
        "\"zh-Hant-TW\"");
  check_random(checked_language,
               {"sv", "en", "-", "-", "-GB", "-hant", "-419", "x", "-a", "-abcde", "1", "_", "å", "sgn"}, 21);
}

TEST_CASE("URLs are http or https with a host", "[base][checks]") {
  check_good(checked_url, {{"https://example.com", "https://example.com"},
                           {" HTTP://Example.com/A?b=c#d \n", "HTTP://Example.com/A?b=c#d"},
                           {"http://localhost:8080/", "http://localhost:8080/"},
                           {"http://192.0.2.1/x", "http://192.0.2.1/x"},
                           {"http://[2001:db8::1]:8080/x", "http://[2001:db8::1]:8080/x"},
                           {"https://exämple.se/ö", "https://exämple.se/ö"},
                           {"https://my_site.example.com./", "https://my_site.example.com./"},
                           {"https://medium.com/@ada", "https://medium.com/@ada"},
                           {"https://example.com?x=http://y", "https://example.com?x=http://y"},
                           {"https://example.com:65535#a", "https://example.com:65535#a"},
                           {"example.com", "https://example.com"},
                           {" www.Example.com/A?b=http://c#d ", "https://www.Example.com/A?b=http://c#d"},
                           {"exämple.se:8080", "https://exämple.se:8080"}});
  check_bad(checked_url, {"",
                          "example",
                          "n/a",
                          "n.a",
                          "ada.jpg",
                          "1.2.3.4",
                          "256.1.1.1",
                          "ada@example.com",
                          "localhost:8080",
                          "www.example.com:0",
                          "www.example.com/a b",
                          "www.\xFF.com",
                          "ftp://example.com",
                          "javascript:alert(1)",
                          "mailto:a@b.se",
                          "https:/example.com",
                          "https://",
                          "https:///x",
                          "https://?x",
                          "https://exa mple.com",
                          "https://example.com/a b",
                          "https://example.com/a\tb",
                          "https://example.com/\x01",
                          "https://example.com/\u200B",
                          "https://example.com/\u00A0x",
                          "https://example.com/<x>",
                          "https://example.com/\"",
                          "https://example.com\\x",
                          "https://u:p@example.com",
                          "https://@example.com",
                          "https://example.com:",
                          "https://example.com:0",
                          "https://example.com:65536",
                          "https://example.com:8o",
                          "https://example.com:123456",
                          "https://[::1",
                          "https://[::1]x",
                          "https://[1.2.3.4]/",
                          "https://[]",
                          "https://[",
                          "https://.com",
                          "https://a..b",
                          "https://256.1.1.1",
                          "https://-a.com",
                          "https://a b",
                          "https://.",
                          "//example.com",
                          "x?https://a.b",
                          "https://\xFF.com"});
  std::string longest = "https://example.com/" + std::string(2048 - 20, 'a');
  CHECK(checked_url(longest, "f") == longest);
  CHECK(said_by([&] { checked_url(longest + "a", "f"); }).ends_with("it is longer than 2048 bytes"));
  std::string bare = "example.com/" + std::string(2048 - 20, 'a');
  CHECK(checked_url(bare, "f").size() == 2048);
  CHECK(said_by([&] { checked_url(bare + "a", "f"); }).ends_with("it is longer than 2048 bytes"));
  CHECK(said_by([] { checked_url("example", "website"); }) ==
        "INVALID website: \"example\" is no web address: write it as in https://example.com");
  for (const char* nothing_before : {"/shop", "?a=b", "#a", ":80", "/"}) {  // is no site without its scheme
    CHECK(said_by([&] { checked_url(nothing_before, "website"); }) ==
          "INVALID website: \"" + std::string(nothing_before) + "\" is no web address: write it as in https://example.com");
  }
  CHECK(said_by([] { checked_url("ftp://example.com", "website"); }) ==
        "INVALID website: \"ftp://example.com\" is no web address: it must begin with https:// or http://");
  CHECK(said_by([] { checked_url("https://a.com/a|b", "website"); }) ==
        "INVALID website: \"https://a.com/a|b\" is no web address: \"|\" cannot stand in a URL; write it as "
        "%7C");
  check_random(checked_url,
               {"https://", "http://", "a.com", "a.com", "/", "?", "#", ":", "80", "@", "[", "]", "::1", "å",
                " ", "\xFF", "%", ".", "\u200B"},
               22);
}

TEST_CASE("phone numbers are kept as typed", "[base][checks]") {
  check_good(checked_phone, {{"001-810-935-4607x4606", "001-810-935-4607x4606"},
                             {"+1-539-402-0259", "+1-539-402-0259"},
                             {"(555) 123-4567 ext. 12", "(555) 123-4567 ext. 12"},
                             {" +46 (0)70 123 45 67 ", "+46 (0)70 123 45 67"},
                             {"112", "112"},
                             {"555.123.4567 X12", "555.123.4567 X12"},
                             {"555 123 4567 extension 1234567890", "555 123 4567 extension 1234567890"},
                             {"+1 555 123 4567;ext=89", "+1 555 123 4567;ext=89"},
                             {"555-1234 #12", "555-1234 #12"},
                             {"*31#0701234567", "*31#0701234567"},
                             {"08/123 456", "08/123 456"},
                             {"(+46) 70 123", "(+46) 70 123"},
                             {"070\u2011123\u00A045", "070\u2011123\u00A045"},
                             {"12345678901234567890", "12345678901234567890"}});
  check_bad(checked_phone, {"",
                            " ",
                            "12",
                            "123456789012345678901",
                            "1-800-FLOWERS",
                            "ada@example.com",
                            "+",
                            "++46 70 123",
                            "46+70123",
                            "(555 123",
                            "555) 123",
                            "((555)) 123",
                            "555 123 x",
                            "555 123 ext.",
                            "555 123 x12345678901",
                            "555 123 x1x2",
                            "555 123 ext 1 2",
                            "x123",
                            "555\n123",
                            "555\t123",
                            "555_123",
                            "555;123",
                            "tel:555123",
                            "٠١٢٣٤",
                            "555 123\xFF",
                            "555 123\u200B4"});
  CHECK(said_by([] { checked_phone("12", "phone"); }) ==
        "INVALID phone: \"12\" is no phone number: it has 2 digits, and 3 to 20 are right");
  CHECK(said_by([] { checked_phone("call me", "phone"); }) ==
        "INVALID phone: \"call me\" is no phone number: \"c\" cannot stand in one");
  CHECK(said_by([] {
          checked_phone("1" + std::string(62, '-') + "22", "phone");
        }).ends_with("at most 64 signs of well-formed UTF-8"));
  CHECK(said_by([] { checked_phone("1" + std::string(61, '-') + "22", "phone"); }) == "");
  check_random(
      checked_phone,
      {"1", "23", "456", "+", "-", " ", "(", ")", "x", "ext.", "#", "*", "00", "\u00A0", "\xFF", "a", "."},
      23);
}

TEST_CASE("phone numbers compare by their digits", "[base][checks]") {
  struct Row {
    std::string_view phone, key;
  };
  for (const Row& row : std::vector<Row>{{"001-810-935-4607x4606", "+18109354607x4606"},
                                         {"+1-810-935-4607 ext. 4606", "+18109354607x4606"},
                                         {"+1 (539) 402-0259", "+15394020259"},
                                         {"(555) 123-4567", "5551234567"},
                                         {"070-123 45 67", "0701234567"},
                                         {"+46 (0)70-123 45 67", "+46701234567"},
                                         {"0046 (0)70-123 45 67", "+46701234567"},
                                         {"(0)70 123", "070123"},
                                         {"070\u2011123\u00A045", "07012345"},
                                         {"112", "112"},
                                         {"0000", "0000"},
                                         {"", ""},
                                         {"none", ""}}) {
    CAPTURE(row.phone);
    CHECK(phone_key(row.phone) == row.key);
    CHECK(phone_key(row.key) == row.key);
  }
}

TEST_CASE("IP addresses have one text", "[base][checks]") {
  check_good(checked_ip, {{"192.0.2.7", "192.0.2.7"},
                          {" 0.0.0.0 ", "0.0.0.0"},
                          {"255.255.255.255", "255.255.255.255"},
                          {"2001:DB8:0:0:0:0:0:7", "2001:db8::7"},
                          {"::", "::"},
                          {"::1", "::1"},
                          {"1::", "1::"},
                          {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
                          {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
                          {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
                          {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
                          {"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
                          {"::ffff:192.0.2.7", "192.0.2.7"},
                          {"::FFFF:c000:207", "192.0.2.7"},
                          {"64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
                          {"1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"},
                          {"fe80::0001", "fe80::1"},
                          {"0:0:0:0:0:0:0:0", "::"}});
  check_bad(checked_ip, {"",
                         "1.2.3",
                         "1.2.3.4.5",
                         "1.2.3.256",
                         "01.2.3.4",
                         "1.2.3.04",
                         "1..3.4",
                         "1.2.3.4:80",
                         "1.2.3.4 5",
                         "0x1.2.3.4",
                         "1.2.3.-4",
                         ":",
                         ":::",
                         "1:2:3:4:5:6:7",
                         "1:2:3:4:5:6:7:8:9",
                         "1::2::3",
                         "12345::",
                         "g::",
                         "::1%eth0",
                         "[::1]",
                         "1:2:3:4:5:6:7:8::",
                         "::1:2:3:4:5:6:7:8",
                         "1.2.3.4::",
                         "::1.2.3.4:5",
                         "1:2:3:4:5:6:7:1.2.3.4",
                         ":1:2:3:4:5:6:7",
                         "1:2:3:4:5:6:7:",
                         "::1.2.3",
                         "1:::2",
                         "\xFF"});
  CHECK(said_by([] { checked_ip("localhost", "ip"); }) ==
        "INVALID ip: \"localhost\" is no IP address, as in \"192.0.2.7\" or \"2001:db8::7\"");
  check_random(checked_ip, {"1", "0", "ff", ":", "::", ":", ".", "1.2.3.4", "2001:db8", "0:0:0", "g"}, 24);
}
