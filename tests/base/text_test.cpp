// UTF-8: what is well formed, how it compares, how it is shown, which name is nearest.
#include "base/text.h"

#include <array>
#include <vector>

#include "base/accents.h"
#include "base/random.h"
#include "failing.h"

using namespace kith;
using namespace std::string_literals;

namespace {

// The rule in its plainest form, to hold the quick one against.
bool slow_valid(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    auto b = [&](std::size_t i) {
      return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u;
    };
    std::size_t n = b(0) < 0x80 ? 1 : b(0) >> 5 == 6 ? 2 : b(0) >> 4 == 14 ? 3 : b(0) >> 3 == 30 ? 4 : 0;
    if (n == 0 || b(0) == 0) return false;
    unsigned value = n == 1 ? b(0) : b(0) & (0x7Fu >> n);
    for (std::size_t i = 1; i < n; ++i) {
      if (b(i) >> 6 != 2) return false;
      value = value << 6 | (b(i) & 63);
    }
    constexpr std::array<unsigned, 5> least{0, 0, 0x80, 0x800, 0x10000};
    if (value < least[n] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return false;
    at += n;
  }
  return true;
}

}  // namespace

TEST_CASE("well-formed UTF-8 is told from ill-formed", "[base][text]") {
  for (const std::string& good : {""s, "a"s, "plain ascii text that is long"s, "å"s, "\xC2\x80"s, "\xDF\xBF"s,
                                  "\xE0\xA0\x80"s, "\xED\x9F\xBF"s, "\xEE\x80\x80"s, "\xEF\xBF\xBF"s,
                                  "\xF0\x90\x80\x80"s, "\xF4\x8F\xBF\xBF"s, "\x7F"s}) {
    CAPTURE(good);
    CHECK(valid_utf8(good));
    CHECK(valid_utf8("1234567" + good + "12345678"));
  }
  for (const std::string& bad :
       {"\0"s, "\x80"s, "\xBF"s, "\xC0\x80"s, "\xC1\xBF"s, "\xC2"s, "\xC2 "s, "\xE0\x9F\xBF"s, "\xE0\xA0"s,
        "\xED\xA0\x80"s, "\xED\xBF\xBF"s, "\xF0\x8F\xBF\xBF"s, "\xF0\x90\x80"s, "\xF4\x90\x80\x80"s,
        "\xF5\x80\x80\x80"s, "\xFE"s, "\xFF"s}) {
    for (std::size_t before = 0; before < 18; ++before) {
      CAPTURE(before, bad);
      CHECK_FALSE(valid_utf8(std::string(before, 'x') + bad));
      CHECK_FALSE(valid_utf8(std::string(before, 'x') + bad + std::string(9, 'y')));
    }
  }
}

TEST_CASE("the quick check of UTF-8 agrees with the plain one on random bytes", "[base][text]") {
  SeededRandom random(1);
  constexpr std::array<unsigned char, 16> often{0x41, 0x7F, 0x80, 0xBF, 0xC2, 0xC3, 0xDF, 0xE0,
                                                0xA0, 0x9F, 0xED, 0xF0, 0x90, 0x8F, 0xF4, 0x20};
  for (int i = 0; i < 200000; ++i) {
    std::string text;
    std::size_t length = random.below(20);
    for (std::size_t j = 0; j < length; ++j) {
      text += static_cast<char>(random.below(4) == 0   ? random.below(256)
                                : random.below(2) == 0 ? often[random.below(16)]
                                                       : 'a');
    }
    if (valid_utf8(text) != slow_valid(text)) FAIL("differs on " << shown(text));
  }
}

TEST_CASE("code points are counted and read", "[base][text]") {
  CHECK(code_points("") == 0);
  CHECK(code_points("aåあ😀") == 4);
  std::size_t at = 0;
  std::string text = "å\xFF😀";
  CHECK(next_code_point(text, at) == 0xE5);
  CHECK(next_code_point(text, at) == 0xFFFD);
  CHECK(next_code_point(text, at) == 0x1F600);
  CHECK(at == text.size());
  for (char32_t c : {char32_t{1}, char32_t{0x7F}, char32_t{0x80}, char32_t{0x7FF}, char32_t{0x800},
                     char32_t{0xFFFF}, char32_t{0x10000}, char32_t{0x10FFFF}}) {
    std::string one;
    append_utf8(one, c);
    at = 0;
    CHECK(next_code_point(one, at) == c);
    CHECK(at == one.size());
  }
}

TEST_CASE("outer white space goes, of every kind", "[base][text]") {
  CHECK(trimmed("") == "");
  CHECK(trimmed(" \t\r\n\v\f") == "");
  CHECK(trimmed("\u00A0\u2003 a b \u3000\u2028") == "a b");
  CHECK(trimmed("\u200Ba\u200B") == "\u200Ba\u200B");  // not white space
  CHECK(trimmed("\xA0") == "\xA0");                    // no UTF-8: not a no-break space
  CHECK(trimmed(" \x80\x80\x80\x80 ") == "\x80\x80\x80\x80");
  CHECK(trimmed("å ") == "å");
}

TEST_CASE("folded text ignores case, composition and spacing", "[base][text]") {
  struct Pair {
    std::string_view a, b;
  };
  for (const Pair& same : std::vector<Pair>{{"VIP-Member", "vip-member"},
                                            {"  a \t\n b ", "A B"},
                                            {"ÅSA", "åsa"},
                                            {"\u00C5sa", "A\u030Asa"},
                                            {"a\u00A0b", "a b"},
                                            {"Straße", "STRASSE"},
                                            {"ΣΊΣΥΦΟΣ", "σίσυφος"},
                                            {"ﬁn", "FIN"},
                                            {"ЁЖ", "ёж"},
                                            {"\u212B", "å"},
                                            {" \u3000", ""}}) {
    CAPTURE(same.a, same.b);
    CHECK(fold(same.a) == fold(same.b));
  }
  CHECK(fold("a b") != fold("ab"));
  CHECK(fold("a") != fold("å"));
  CHECK(fold("ı") != fold("i"));
  CHECK(fold("R&D") == "r&d");
  CHECK(fold_case(" A  B ") == " a  b ");
  CHECK(fold_case(" Å  B ") == " å  b ");
}

TEST_CASE("text without its accents keeps what a script needs", "[base][text]") {
  struct Same {
    const char* text;
    const char* plain;
  };
  for (const Same& one : {Same{"  Ada  B ", "ada b"}, Same{"JOSÉ", "jose"}, Same{"jose\u0301", "jose"}, Same{"Ångström", "angstrom"}, Same{"Straße", "strasse"},
                          Same{"ŁÓDŹ", "lodz"}, Same{"Ærøskøbing", "aeroskobing"}, Same{"Þórður", "thordur"}, Same{"Œuvre", "oeuvre"}, Same{"Việt", "viet"},
                          Same{"ﬁn Ａda", "fin ada"}, Same{"İstanbul ılık", "istanbul ilik"}, Same{"Ёлка", "елка"}, Same{"Ὀδυσσεύς", "οδυσσευσ"}, Same{"한국", "한국"},
                          Same{"プラザ", "プラザ"}, Same{"हिन्दी", "हिन्दी"}, Same{"ภาษาไทย", "ภาษาไทย"}, Same{"שָׁלוֹם", "שלום"}, Same{"مُحَمَّد", "محمد"}, Same{"李", "李"}}) {
    INFO(one.text);
    CHECK(without_accents(one.text) == one.plain);
    CHECK(without_accents(one.plain) == one.plain);
  }
}

TEST_CASE("folding is stable, well formed and never fails on random text", "[base][text]") {
  SeededRandom random(2);
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    std::size_t length = random.below(12);
    for (std::size_t j = 0; j < length; ++j) {
      std::uint64_t kind = random.below(6);
      if (kind == 0)
        text += static_cast<char>(random.below(256));
      else if (kind == 1)
        append_utf8(text, static_cast<char32_t>(0x300 + random.below(0x50)));
      else if (kind == 2)
        append_utf8(text, static_cast<char32_t>(0x1F00 + random.below(0x100)));
      else if (kind == 3)
        text += " \t\u00A0";
      else
        append_utf8(text, static_cast<char32_t>(1 + random.below(0xD7FF)));
    }
    std::string once = fold(text);
    if (fold(once) != once)
      FAIL("fold is not stable on " << shown(text) << ": " << shown(once) << ", " << shown(fold(once)));
    if (once != trimmed(once)) FAIL("outer space is left of " << shown(text));
    if (text.find('\0') == text.npos && !valid_utf8(once)) FAIL("ill-formed: " << shown(once));
    if (without_accents(without_accents(text)) != without_accents(text)) FAIL("without_accents is not stable on " << shown(text) << ": " << shown(without_accents(text)) << ", " << shown(without_accents(without_accents(text))));
    if (fold_case(fold_case(text)) != fold_case(text)) FAIL("fold_case is not stable on " << shown(text));
  }
}

TEST_CASE("a value is shown in quotes, visible and short", "[base][text]") {
  CHECK(shown("") == "\"\"");
  CHECK(shown("Ada") == "\"Ada\"");
  CHECK(shown("a\"b\\c") == R"("a\"b\\c")");
  CHECK(shown("a\nb\tc\r\x01\x7F") == R"("a\nb\tc\r\x01\x7f")");
  CHECK(shown("a\u200Bb\u202Ec\u00A0") == R"("a\u200bb\u202ec\u00a0")");
  CHECK(shown("\U000E0041") == R"("\U000e0041")");
  CHECK(shown("å\xFFz") == "\"å\\xffz\"");
  CHECK(shown(std::string(60, 'a')) == "\"" + std::string(60, 'a') + "\"");
  CHECK(shown(std::string(61, 'a')) == "\"" + std::string(60, 'a') + "…\"");
  CHECK(shown("ååå", 2) == "\"åå…\"");
  CHECK(shown("ååå", 3) == "\"ååå\"");
  CHECK(shown("a", 0) == "\"…\"");
}

TEST_CASE("the nearest name is found when it is near enough", "[base][text]") {
  constexpr std::array<std::string_view, 6> known{"email", "first_name", "last_name",
                                                  "phone", "VIP-Member", "Åsa"};
  CHECK(nearest("emial", known) == "email");  // a swap
  CHECK(nearest("mail", known) == "email");   // a letter too few
  CHECK(nearest("frist_nam", known) == "first_name");
  CHECK(nearest("vip-membr", known) == "VIP-Member");
  CHECK(nearest("EMAIL", known) == "email");
  CHECK(nearest("ÅSE", known) == "Åsa");
  CHECK(nearest("e-mail-address", known) == "");
  CHECK(nearest("zzz", known) == "");
  CHECK(nearest("", known) == "");
  CHECK(nearest("email", {}) == "");
  constexpr std::array<std::string_view, 2> equal{"bcd", "acd"};
  CHECK(nearest("xcd", equal) == "bcd");
  constexpr std::array<std::string_view, 2> better{"abcdefgx", "abcdefgh"};
  CHECK(nearest("ABCDEFGH", better) == "abcdefgh");
  CHECK(nearest(std::string(5000, 'a'), known) == "");
}

TEST_CASE("the distance of names is bounded alike from both sides", "[base][text]") {
  SeededRandom random(3);
  for (int i = 0; i < 20000; ++i) {
    std::string a, b;
    for (std::size_t j = 3 + random.below(10); j > 0; --j) a += static_cast<char>('a' + random.below(3));
    // b is a with one slip: it must be found, whatever the slip is.
    b = a;
    std::size_t at = random.below(a.size() - 1);
    switch (random.below(4)) {
      case 0: b.erase(at, 1); break;
      case 1: b.insert(at, 1, 'x'); break;
      case 2: b[at] = 'y'; break;
      default: std::swap(b[at], b[at + 1]);
    }
    std::array<std::string_view, 1> known{b};
    if (nearest(a, known) != b) FAIL(b << " is not found from " << a);
  }
}
