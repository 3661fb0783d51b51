// The encodings of CSV files: told by their bytes or named, and what is ill-formed in them.
#include <catch2/catch.hpp>

#include "support/csv.h"

using namespace kith::test;
using Catch::Matchers::StartsWith;
using Rows = std::vector<std::string>;

namespace {

// Code points up to U+FFFF and surrogates as they are, so that half ones can be written too.
std::string utf16(const std::u16string& text, bool little, bool mark) {
  std::string bytes;
  auto add = [&](char16_t unit) {
    char low = static_cast<char>(unit & 0xff);
    char high = static_cast<char>(unit >> 8);
    bytes += little ? low : high;
    bytes += little ? high : low;
  };
  if (mark) add(0xfeff);
  for (char16_t unit : text) add(unit);
  return bytes;
}

const std::u16string table = u"name,city\r\nAda,Malm\u00f6\r\nLi,\u5317\u4eac\r\nEmo,\U0001F642\r\n";
const Rows table_rows = {"2|Ada|Malm\xC3\xB6|-", "3|Li|\xE5\x8C\x97\xE4\xBA\xAC|-", "4|Emo|\xF0\x9F\x99\x82|-"};

}  // namespace

TEST_CASE("UTF-16 with a mark and without, in both orders", "[csv]") {
  bool little = GENERATE(true, false);
  bool mark = GENERATE(true, false);
  CAPTURE(little, mark);
  CsvAnswer answer = read_csv(utf16(table, little, mark));
  CHECK(answer.failure == "");
  CHECK(answer.columns == "line|name|city|more");
  CHECK(answer.rows == table_rows);
  const char* name = little ? "utf-16le" : "UTF-16BE";
  CHECK(read_csv(utf16(table, little, mark), {kith_text("encoding", name)}).rows == table_rows);
}

TEST_CASE("UTF-16 across the blocks that are read", "[csv]") {
  std::u16string text = u"a,b\n";
  while (text.size() < 800 * 1024) text += u"1,\U0001F642\n";
  for (std::size_t shift = 0; shift < 3; ++shift) {
    CsvAnswer answer = read_csv(utf16(std::u16string(shift, u' ') + text, true, true), {}, 100000);
    REQUIRE(answer.failure == "");
    REQUIRE(answer.rows.size() == (text.size() - 4) / 5);
    REQUIRE(answer.rows.back() == std::to_string(answer.rows.size() + 1) + "|1|\xF0\x9F\x99\x82|-");
  }
}

TEST_CASE("UTF-8 with a mark and without", "[csv]") {
  CsvAnswer marked = read_csv("\xEF\xBB\xBFname,city\nAda,Malm\xC3\xB6\n");
  CHECK(marked.columns == "line|name|city|more");
  CHECK(marked.rows == Rows{"2|Ada|Malm\xC3\xB6|-"});
  CHECK(read_csv("name,city\nAda,Malm\xC3\xB6\n").rows == marked.rows);
  CHECK(read_csv("\xEF\xBB\xBF\"name\",city\n").columns == "line|name|city|more");
}

TEST_CASE("what is not UTF-8 is Windows-1252", "[csv]") {
  CsvAnswer answer = read_csv("name;price\nMalm\xF6;5 \x80\n\x93x\x94;\x81\xFF\n");
  CHECK(answer.failure == "");
  CHECK(answer.rows == Rows{"2|Malm\xC3\xB6|5 \xE2\x82\xAC|-", "3|\xE2\x80\x9Cx\xE2\x80\x9D|\xC2\x81\xC3\xBF|-"});
  CHECK(read_csv("a\n\xC3\xB6\n", {kith_text("encoding", "windows-1252")}).rows == Rows{"2|\xC3\x83\xC2\xB6|-"});
  CHECK_THAT(read_csv("a\n", {kith_text("encoding", "latin9")}).failure, StartsWith("INVALID encoding: "));
}

TEST_CASE("a character that the first look cuts is still UTF-8", "[csv]") {
  for (std::size_t cut = 0; cut < 5; ++cut) {
    std::string bytes = "a,b\n" + std::string(1024 * 1024 - 4 - cut, 'x') + "\xF0\x9F\x99\x82\n";
    CsvAnswer answer = read_csv(bytes);
    CHECK(answer.failure == "");
    REQUIRE(answer.rows.size() == 1);
    CHECK(answer.rows[0].find("\xF0\x9F\x99\x82") != std::string::npos);
  }
}

TEST_CASE("bytes that are ill-formed are told by their line", "[csv]") {
  std::string start = "a,b\n";
  while (start.size() < 1100 * 1024) start += "1,2\n";
  std::string line = std::to_string(start.size() / 4 + 2);
  CsvAnswer answer = read_csv(start + "3,4\nMalm\xF6,5\n", {}, 1000000);
  CHECK_THAT(answer.failure, StartsWith("INVALID line " + line + ": the row is not UTF-8"));
  CHECK(answer.rows.size() == start.size() / 4);
  CHECK_THAT(read_csv("a,b\n1,2\n3,\xFF\n", {kith_text("encoding", "utf-8")}).failure, StartsWith("INVALID line 3: "));
  CHECK_THAT(read_csv(std::string("a,b\n1,x\0y\n", 10)).failure, StartsWith("INVALID line 2: the row holds a NUL"));
  CHECK_THAT(read_csv(utf16(std::u16string(u"a,b\n1,2\n3,\xD800x\n"), true, true)).failure, StartsWith("INVALID line 3: the row is no well-formed UTF-16"));
  CHECK_THAT(read_csv(utf16(u"a,b\n1,2\n3,\xDC00\n", false, true)).failure, StartsWith("INVALID line 3: "));
  CHECK_THAT(read_csv(utf16(u"a,b\n1,2\n", true, true) + "x").failure, StartsWith("INVALID line 3: "));
}
