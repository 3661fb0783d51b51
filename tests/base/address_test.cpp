// E-mail addresses: which are right, what is said of those that are not, which are the same.
#include "base/address.h"

#include <vector>

#include "base/random.h"
#include "base/text.h"
#include "failing.h"

using namespace kith;
using namespace std::string_literals;
using kith::test::failure_of;
using kith::test::said_by;

namespace {

std::string key_of(std::string_view text) { return parse_address(text, "email").key; }

std::string fault_of(std::string_view text) {
  auto failure = failure_of([&] { parse_address(text, "email"); });
  if (!failure) return "";
  CHECK(failure->status() == Status::invalid);
  CHECK(failure->field() == "email");
  std::string message(failure->sentence());
  std::size_t at = message.find("is no e-mail address: ");
  return at == message.npos ? message : message.substr(at + 22);
}

std::string in_quotes(std::string_view local, std::string_view rest) {
  return fmt::format("\"{}\"{}", local, rest);
}

// A domain of exactly `size` bytes, in labels of at most 63.
std::string domain_of_size(std::size_t size) {
  std::string out;
  while (size - out.size() > 63 + 3)
    out += std::string(std::min<std::size_t>(63, size - out.size() - 4), 'd') + ".";
  return out + std::string(size - out.size(), 'e');
}

}  // namespace

TEST_CASE("addresses keep their spelling and have one key", "[base][address]") {
  struct Row {
    std::string text, key;
  };
  const std::vector<Row> rows = {
      {"ada@example.com", "ada@example.com"},
      {"  Ada.Lovelace@Example.COM \t", "ada.lovelace@example.com"},
      {"\u00A0ada@example.com\u3000", "ada@example.com"},
      {"a@b.co", "a@b.co"},
      {"!#$%&'*+/=?^_`{|}~-@example.com", "!#$%&'*+/=?^_`{|}~-@example.com"},
      {"ada+news@example.com", "ada+news@example.com"},
      {"-ada-@example.com", "-ada-@example.com"},
      {"ada@mail.example.co.uk", "ada@mail.example.co.uk"},
      {"ada@a--b.com", "ada@a--b.com"},
      {"ada@r3---sn.example.com", "ada@r3---sn.example.com"},
      {"ada@123.com", "ada@123.com"},
      {"ada@1.2.3.4a", "ada@1.2.3.4a"},
      {"ada@EXÄMPLE.se", "ada@xn--exmple-cua.se"},
      {"ada@exa\u0308mple.se", "ada@xn--exmple-cua.se"},
      {"ada@XN--EXMPLE-CUA.se", "ada@xn--exmple-cua.se"},
      {"ada@faß.de", "ada@xn--fa-hia.de"},  // not fass.de: the newer rule
      {"ada@例え。テスト", "ada@xn--r8jz45g.xn--zckzah"},
      {"ada@ＥＸＡＭＰＬＥ.com", "ada@example.com"},
      {"ÅSA@example.com", "åsa@example.com"},
      {"A\u030Asa@example.com", "åsa@example.com"},
      {"用户@例え.jp", "用户@xn--r8jz45g.jp"},
      {"groß@example.com", "groß@example.com"},
      {"GROẞ@example.com", "groß@example.com"},
      {"νίκος@example.gr", "νίκοσ@example.gr"},
      {"\"ada\"@example.com", "ada@example.com"},
      {"\"Ada.L\"@example.com", "ada.l@example.com"},
      {"\"a\\da\"@example.com", "ada@example.com"},
      {"\"ada lovelace\"@example.com", "\"ada lovelace\"@example.com"},
      {"\"ada  lovelace\"@example.com", "\"ada  lovelace\"@example.com"},
      {"\"a@b\"@example.com", "\"a@b\"@example.com"},
      {"\"a\\\"b\"@example.com", "\"a\\\"b\"@example.com"},
      {"\"a\\\\b\"@example.com", "\"a\\\\b\"@example.com"},
      {"\"a..b\"@example.com", "\"a..b\"@example.com"},
      {"\"Åsa Ö\"@example.com", "\"åsa ö\"@example.com"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    std::string key;
    REQUIRE(said_by([&] { key = key_of(row.text); }) == "");
    CHECK(key == row.key);
    CHECK(parse_address(row.text, "email").shown == trimmed(row.text));
    CHECK(key_of(key) == key);
  }
}

TEST_CASE("mailboxes that differ keep different keys", "[base][address]") {
  CHECK(key_of("groß@example.de") != key_of("gross@example.de"));
  CHECK(key_of("ada@faß.de") != key_of("ada@fass.de"));
  CHECK(key_of("a.da@example.com") != key_of("ada@example.com"));
  CHECK(key_of("ada+x@gmail.com") != key_of("ada@gmail.com"));
  CHECK(key_of("\"a b\"@example.com") != key_of("\"a  b\"@example.com"));
  CHECK(key_of("ı@example.com") != key_of("i@example.com"));
}

TEST_CASE("what is wrong with an address is said", "[base][address]") {
  struct Row {
    std::string text, fault;
  };
  const std::vector<Row> rows = {
      {"", "an e-mail address is needed, as in ada@example.com"},
      {" \t", "an e-mail address is needed, as in ada@example.com"},
      {"ada", "it has no '@'"},
      {"@example.com", "nothing stands before the '@'"},
      {"ada@", "nothing stands behind the '@'"},
      {"@", "nothing stands before the '@'"},
      {"ada@@example.com", "it has two '@'"},
      {"ada@b@example.com", "it has two '@'"},
      {".ada@example.com", "it begins with a dot"},
      {"ada.@example.com", "a dot stands before the '@'"},
      {"a..da@example.com", "two dots stand in a row"},
      {"ada l@example.com", "white space stands inside"},
      {"ada@exam ple.com", "white space stands inside"},
      {"ada\u00A0l@example.com", "white space stands inside"},
      {"ada@exam\u2003ple.com", "white space stands inside"},
      {"ada\n@example.com", "white space stands inside"},
      {"Ada <ada@example.com>", "white space stands inside"},
      {"<ada@example.com>", "write the address alone, without a name and without '<' and '>'"},
      {"Ada<ada@example.com>", "write the address alone, without a name and without '<' and '>'"},
      {"mailto:ada@example.com", "leave out \"mailto:\""},
      {"MailTo:ada@example.com", "leave out \"mailto:\""},
      {"ada,bob@example.com", "\",\" stands inside; give one address only"},
      {"ada@example.com,bob@example.com", "it has two '@'"},
      {"ada(work)@example.com", "\"(\" cannot stand before the '@' without quotes"},
      {"a\\da@example.com", "\"\\\\\" cannot stand before the '@' without quotes"},
      {"ada\x01@example.com", "\"\\x01\" cannot stand before the '@' without quotes"},
      {"ada@exa\u200Bmple.com", "the domain holds the invisible character \"\\u200b\""},
      {"ada@exam\u00ADple.com", "the domain holds the invisible character \"\\u00ad\""},
      {"ada\u200B@example.com", "it holds the invisible character \"\\u200b\""},
      {"\u202Eada@example.com", "it holds the invisible character \"\\u202e\""},
      {"ada\xFF@example.com", "it is not well-formed UTF-8"},
      {"ada@example\0.com"s, "it is not well-formed UTF-8"},
      {"ada@example", "the domain needs a dot, as in example.com"},
      {"ada@example.com.", "the domain ends with a dot"},
      {"ada@.example.com", "the domain begins with a dot"},
      {"ada@example..com", "the domain has two dots in a row"},
      {"ada@.", "the domain begins with a dot"},
      {"ada@-example.com", "a part of the domain begins or ends with a hyphen"},
      {"ada@example-.com", "a part of the domain begins or ends with a hyphen"},
      {"ada@example.com-", "a part of the domain begins or ends with a hyphen"},
      {"ada@exam_ple.com", "\"_\" cannot stand in a domain"},
      {"ada@exam!ple.com", "\"!\" cannot stand in a domain"},
      {"ada@example.com/x", "\"/\" cannot stand in a domain"},
      {"ada@127.0.0.1", "an IP address is no domain"},
      {"ada@[127.0.0.1]", "an address literal (\"[...]\") is not accepted; give the name of a domain"},
      {"ada@[IPv6:::1]", "an address literal (\"[...]\") is not accepted; give the name of a domain"},
      {"\"ada@example.com", "a closing quote is missing"},
      {"\"ada", "it has no '@'"},
      {"\"ada\"x@example.com", "the closing quote must stand right before the '@'"},
      {"\"@example.com", "a closing quote is missing"},
      {"\"\"@example.com", "nothing stands between the quotes"},
      {"\"a\"b\"@example.com", "a '\"' stands inside the quotes without a '\\' before it"},
      {"\"ada\\\"@example.com", "a closing quote is missing"},
      {"\"a\nb\"@example.com", "it holds the control character \"\\n\""},
      {"\"a\\\x01\"@example.com", "it holds the control character \"\\x01\""},
      {"\"a\u200Bb\"@example.com", "it holds the invisible character \"\\u200b\""},
      {"a\"b@example.com", "\"\\\"\" cannot stand before the '@' without quotes"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(fault_of(row.text) == row.fault);
  }
  CHECK(said_by([] { parse_address("ada@example", "email"); }) ==
        "INVALID email: \"ada@example\" is no e-mail address: the domain needs a dot, as in example.com");
  CHECK(fault_of("ada@xn--a.com").find("no international name") != std::string::npos);
  CHECK(fault_of("ada@☃.com").find("no international name") != std::string::npos);
}

TEST_CASE("addresses have lengths", "[base][address]") {
  CHECK(fault_of(std::string(64, 'a') + "@example.com") == "");
  CHECK(fault_of(std::string(65, 'a') + "@example.com") == "the part before the '@' is longer than 64 bytes");
  CHECK(fault_of(std::string(62, 'a') + "å@example.com") == "");
  CHECK(fault_of(std::string(63, 'a') + "å@example.com") ==
        "the part before the '@' is longer than 64 bytes");
  CHECK(fault_of(in_quotes(std::string(62, 'a'), "@example.com")) == "");
  CHECK(fault_of(in_quotes(std::string(63, 'a'), "@example.com")) ==
        "the part before the '@' is longer than 64 bytes");
  CHECK(fault_of("a@" + std::string(63, 'b') + ".com") == "");
  CHECK(fault_of("a@" + std::string(64, 'b') + ".com") == "a part of the domain is longer than 63 bytes");
  CHECK(fault_of("a@b." + std::string(64, 'c')) == "a part of the domain is longer than 63 bytes");
  CHECK(fault_of("a@ö" + std::string(63, 'b') + ".com") == "a part of the domain is longer than 63 bytes");
  CHECK(domain_of_size(253).size() == 253);
  CHECK(fault_of("a@" + domain_of_size(251)) == "");  // 253 in all
  CHECK(fault_of("a@" + domain_of_size(252)) == "");  // 254
  CHECK(fault_of("a@" + domain_of_size(253)) == "it is longer than 254 bytes");
  CHECK(fault_of("a@" + domain_of_size(254)) == "the domain is longer than 253 bytes");
  CHECK(fault_of(std::string(64, 'a') + "@" + domain_of_size(189)) == "");  // 254
  CHECK(fault_of(std::string(64, 'a') + "@" + domain_of_size(190)) == "it is longer than 254 bytes");
  std::string international;
  for (int i = 0; i < 40; ++i) international += "ö.";
  CHECK(fault_of("a@" + international + "se") == "the domain is longer than 253 bytes");  // each part grows
  CHECK(said_by([] {
          ascii_domain(std::string(1025, 'a'), "d");
        }).ends_with("the domain is longer than 253 bytes"));
  CHECK(fault_of(std::string(100000, 'a')) == "it is longer than 254 bytes");
}

TEST_CASE("domains alone become ASCII", "[base][address]") {
  CHECK(ascii_domain(" Example.COM ", "domain") == "example.com");
  CHECK(ascii_domain("Exämple.COM", "domain") == "xn--exmple-cua.com");
  CHECK(ascii_domain(domain_of_size(253), "domain").size() == 253);
  CHECK(said_by([] { ascii_domain("", "domain"); }) ==
        "INVALID domain: a domain is needed, as in example.com");
  CHECK(said_by([] { ascii_domain("ada@example.com", "domain"); }) ==
        "INVALID domain: \"ada@example.com\" is no domain: give only what stands behind the '@'");
  CHECK(said_by([] { ascii_domain("localhost", "domain"); }) ==
        "INVALID domain: \"localhost\" is no domain: the domain needs a dot, as in example.com");
  CHECK(said_by([] {
          ascii_domain(domain_of_size(254), "domain");
        }).ends_with("the domain is longer than 253 bytes"));
  CHECK(said_by([] { ascii_domain("a\xFF.com", "domain"); }).ends_with("it is not well-formed UTF-8"));
  CHECK(said_by([] { ascii_domain("\u00AD", "domain"); }) != "");  // a soft hyphen vanishes
  CHECK(domain_of("ada@example.com") == "example.com");
  CHECK(domain_of("\"a@b\"@example.com") == "example.com");
  CHECK(domain_of("ada") == "");
}

TEST_CASE("loose keys bring likely twins together and no others", "[base][address]") {
  CHECK(loose_key("a.d.a+news@gmail.com") == "ada@gmail.com");
  CHECK(loose_key("ada@googlemail.com") == "ada@gmail.com");
  CHECK(loose_key("a.da+x+y@outlook.com") == "a.da@outlook.com");
  for (const char* name : {"hotmail.com", "live.com", "fastmail.com", "proton.me", "icloud.com"}) {
    CHECK(loose_key("a.da+x@"s + name) == "a.da@"s + name);
  }
  CHECK(loose_key("ada+x@protonmail.com") == "ada@proton.me");
  CHECK(loose_key("a.da+x@example.com") == "a.da+x@example.com");
  CHECK(loose_key("ada-x@yahoo.com") == "ada-x@yahoo.com");
  CHECK(loose_key("+x@gmail.com") == "+x@gmail.com");  // nothing would be left
  CHECK(loose_key("\"a b+c\"@gmail.com") == "\"a b+c\"@gmail.com");
  CHECK(loose_key("ada+x@mail.gmail.com") == "ada+x@mail.gmail.com");
  CHECK(loose_key("") == "");
}

TEST_CASE("random text never breaks the reader of addresses, and a key is its own key", "[base][address]") {
  SeededRandom random(7);
  const std::vector<std::string> pieces = {"a",
                                           "B",
                                           "ada",
                                           ".",
                                           "@",
                                           "@",
                                           "\"",
                                           "\\",
                                           "ö",
                                           "ß",
                                           "ẞ",
                                           "Σ",
                                           "example",
                                           ".com",
                                           "-",
                                           "xn--",
                                           "xn--exmple-cua",
                                           "+",
                                           " ",
                                           "\u200D",
                                           "\u0345",
                                           "\u0301",
                                           "İ",
                                           "ŉ",
                                           "。",
                                           "例",
                                           "[",
                                           "1",
                                           "_",
                                           "\xFF",
                                           "\x01",
                                           "ﬁ",
                                           "'"};
  int good = 0;
  for (int i = 0; i < 100000; ++i) {
    std::string text;
    if (random.below(3) == 0) text = "\"";
    for (std::size_t j = random.below(6); j > 0; --j) text += pieces[random.below(pieces.size())];
    if (text.size() > 1 && text[0] == '"' && random.below(8) != 0) text += "\"";
    if (random.below(4) != 0) text += "@";
    if (random.below(2) == 0) text += "example";
    for (std::size_t j = random.below(3); j > 0; --j) text += pieces[random.below(pieces.size())];
    if (random.below(4) != 0) text += ".com";
    auto failure = failure_of([&] {
      Address address = parse_address(text, "email");
      ++good;
      if (key_of(address.key) != address.key)
        FAIL(shown(text) << " has the key " << address.key << ", which has another");
      if (key_of(address.shown) != address.key) FAIL(shown(text));
      if (!valid_utf8(address.key)) FAIL("ill-formed: " << shown(address.key));
    });
    if (failure && (failure->status() != Status::invalid || !valid_utf8(failure->message())))
      FAIL(failure->message());
  }
  CHECK(good > 5000);
}

TEST_CASE("the quick way and the long way give the same answers", "[base][address]") {
  SeededRandom random(8);
  constexpr std::string_view alphabet = "aZ0-.@_+~";
  for (int i = 0; i < 100000; ++i) {
    std::string local, name;
    for (std::size_t j = 1 + random.below(5); j > 0; --j) local += alphabet[random.below(alphabet.size())];
    for (std::size_t j = random.below(9); j > 0; --j) name += alphabet[random.below(alphabet.size())];
    // Quotes around a dot-atom send it the long way to the same key.
    std::string end = fmt::format("@{}.com", name), plain = local + end, quoted = in_quotes(local, end);
    bool good = fault_of(plain).empty();
    if (good && (!fault_of(quoted).empty() || key_of(plain) != key_of(quoted))) FAIL(plain);
  }
}
