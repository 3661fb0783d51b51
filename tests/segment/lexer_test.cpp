// Tokens, and what is none.
#include "segment/lexer.h"

#include <catch2/catch.hpp>

#include "base/failure.h"

namespace kith::test {

namespace {

// Tokens as text: words as they are, 'texts', #numbers, signs.
std::string tokens(std::string_view text) {
  std::string out;
  Source source(text);
  for (const Lexeme& lexeme : lex(source)) {
    if (!out.empty()) out += ' ';
    switch (lexeme.token) {
      case Token::word:
        out += lexeme.text;
        break;
      case Token::text:
        out += '\'' + lexeme.text + '\'';
        break;
      case Token::number:
        out += lexeme.number.is_integer() ? fmt::format("#{}", lexeme.number.integer)
                                          : fmt::format("#{:.6g}r", lexeme.number.real);
        break;
      case Token::end:
        out += '$';
        break;
      default:
        out += lexeme.raw;
    }
  }
  return out;
}

std::string refusal(std::string_view text) {
  try {
    tokens(text);
  } catch (const Failure& failure) {
    CHECK(failure.status() == Status::invalid);
    CHECK(failure.field() == "where");
    return std::string(failure.sentence());
  }
  return {};
}

}  // namespace

TEST_CASE("text becomes tokens", "[segment]") {
  struct Row {
    std::string_view text, tokens;
  };
  const Row rows[] = {
      {"", "$"},
      {" \t\r\n\u00A0\u2003", "$"},
      {"a=1", "a = #1 $"},
      {"Score>=-5", "score >= #-5 $"},
      {"a<b<=c>d>=e!=f", "a < b <= c > d >= e != f $"},
      {"in(1,2 ,?)", "in ( #1 , #2 , ? ) $"},
      {"''", "'' $"},
      {"'it''s'", "'it's' $"},
      {"''''", "''' $"},
      {"'a''''b' 'c'", "'a''b' 'c' $"},
      {"'line\nbreak \u00A0'", "'line\nbreak \u00A0' $"},
      {"Stra\u00DFe_2", "strasse_2 $"},
      {"a\u00A0b", "a b $"},
      {"\u4E2D\u6587 = 'x'", "\u4E2D\u6587 = 'x' $"},
      {"0 007 +3 -0 1.5 -.5 .25 1e3 2.5E-2", "#0 #7 #3 #0 #1.5r #-0.5r #0.25r #1000r #0.025r $"},
      {"9223372036854775807 -9223372036854775808", "#9223372036854775807 #-9223372036854775808 $"},
      {"x='a'and y", "x = 'a' and y $"},
  };
  for (const Row& row : rows) CHECK(tokens(row.text) == row.tokens);
}

TEST_CASE("what is no token is refused where it stands", "[segment]") {
  struct Row {
    std::string_view text, sentence;
  };
  const Row rows[] = {
      {"city = 'Lund", "at character 8: the text that begins here has no closing quote (')"},
      {"'", "at character 1: the text that begins here has no closing quote (')"},
      {"'''", "at character 1: the text that begins here has no closing quote (')"},
      {"city = \"Lund\"", "at character 8: text stands in single quotes: 'text'"},
      {"city = \u2018Lund\u2019", "at character 8: text stands in straight single quotes: 'text'"},
      {"\u00E4\u00E4\u00E4 = \u201CLund\u201D",
       "at character 7: text stands in straight single quotes: 'text'"},
      {"a == 1", "at character 3: == is written ="},
      {"a <> 1", "at character 3: <> is written !="},
      {"!a", "at character 1: ! is written not"},
      {"a && b", "at character 3: & is written and"},
      {"a || b", "at character 3: | is written or"},
      {"a = 12abc", "at character 5: \"12abc\" is no number; text and dates stand in single quotes"},
      {"a = 2026-01-01",
       "at character 5: \"2026-01-01\" is no number; text and dates stand in single quotes"},
      {"a = 1.2.3", "at character 5: \"1.2.3\" is no number; text and dates stand in single quotes"},
      {"a = 1e", "at character 5: \"1e\" is no number; text and dates stand in single quotes"},
      {"a = 1e999", "at character 5: \"1e999\" is larger than numbers can be"},
      {"a = 9223372036854775808", "at character 5: \"9223372036854775808\" is larger than numbers can be"},
      {"a = -", "at character 5: \"-\" has no meaning here; text stands in single quotes"},
      {"a; b", "at character 2: \";\" has no meaning here; text stands in single quotes"},
      {"a = $1", "at character 5: a value that is given beside the text is written ?"},
      {"a = :name", "at character 5: a value that is given beside the text is written ?"},
      {"e.mail", "at character 2: \".\" has no meaning here; text stands in single quotes"},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    CHECK(refusal(row.text) == row.sentence);
  }
}

}  // namespace kith::test
