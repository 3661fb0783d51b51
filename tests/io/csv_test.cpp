// What is in a CSV file comes out, cell by cell, whatever quotes, line ends, delimiters and widths it has; what is no
// CSV is refused by the line where it goes wrong.
#include <catch2/catch.hpp>

#include "support/csv.h"

using namespace kith::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using Rows = std::vector<std::string>;

TEST_CASE("cells, quotes and line ends", "[csv]") {
  struct Case {
    const char* what;
    std::string bytes;
    std::string columns;
    Rows rows;
  };
  std::vector<Case> cases = {
      {"plain", "a,b,c\n1,2,3\n", "line|a|b|c|more", {"2|1|2|3|-"}},
      {"CRLF", "a,b,c\r\n1,2,3\r\n", "line|a|b|c|more", {"2|1|2|3|-"}},
      {"CR alone", "a,b,c\r1,2,3\r4,5,6", "line|a|b|c|more", {"2|1|2|3|-", "3|4|5|6|-"}},
      {"no line end at the end", "a,b\n1,2", "line|a|b|more", {"2|1|2|-"}},
      {"an empty cell at the end of the file", "a,b\n1,", "line|a|b|more", {"2|1||-"}},
      {"a delimiter in quotes", "first,city\nAda,\"London, UK\"\n", "line|first|city|more", {"2|Ada|London, UK|-"}},
      {"empty quotes", "a,b,c\n1,\"\",\"\"\n2,3,4", "line|a|b|c|more", {"2|1|||-", "3|2|3|4|-"}},
      {"doubled quotes", "a,b\n1,\"ha \"\"ha\"\" ha\"\n3,4\n", "line|a|b|more", {"2|1|ha \"ha\" ha|-", "3|3|4|-"}},
      {"nothing but doubled quotes", "a,b\n\"\"\"\"\"\",1\n", "line|a|b|more", {"2|\"\"|1|-"}},
      {"JSON in a cell", "key,val\n1,\"{\"\"type\"\": [1, 0.5]}\"\n", "line|key|val|more", {"2|1|{\"type\": [1, 0.5]}|-"}},
      {"newlines in quotes", "a,b\n\"once\nupon\",5\n7,8\n", "line|a|b|more", {"2|once\nupon|5|-", "4|7|8|-"}},
      {"CRLF in quotes", "a,b\r\n\"once\r\nupon\r\n\",5\r\n7,8\r\n", "line|a|b|more", {"2|once\r\nupon\r\n|5|-", "5|7|8|-"}},
      {"quotes and newlines", "a,b\n1,\"ha \n\"\"ha\"\" \nha\"\n3,4\n", "line|a|b|more", {"2|1|ha \n\"ha\" \nha|-", "5|3|4|-"}},
      {"letters of any script", "a,b\n\xC3\xA5,\xE4\xBD\xA0\xE5\xA5\xBD\n\xF0\x9F\x99\x82,x\n", "line|a|b|more",
       {"2|\xC3\xA5|\xE4\xBD\xA0\xE5\xA5\xBD|-", "3|\xF0\x9F\x99\x82|x|-"}},
      {"outer blanks stay", "a,b\n 1 , 2\n", "line|a|b|more", {"2| 1 | 2|-"}},
      {"a short row", "a,b,c\n1\n2,3\n", "line|a|b|c|more", {"2|1|-|-|-", "3|2|3|-|-"}},
      {"a long row", "a,b\n1,2,3,\"x, \"\"y\"\"\"\n", "line|a|b|more", {"2|1|2|[\"3\",\"x, \\\"y\\\"\"]"}},
      {"empty lines", "\n\na,b\n\n1,2\n\r\n\n3,4\n\n", "line|a|b|more", {"5|1|2|-", "8|3|4|-"}},
      {"a row of empty cells is a row", "a,b\n,\n", "line|a|b|more", {"2|||-"}},
      {"one column", "email\nada@example.com\n\"\"\nbob@example.com\n", "line|email|more",
       {"2|ada@example.com|-", "3||-", "4|bob@example.com|-"}},
      {"a header alone", "a,b\n", "line|a|b|more", {}},
      {"nothing", "", "line|more", {}},
      {"nothing but a mark", "\xEF\xBB\xBF", "line|more", {}},
      {"nothing but line ends", "\n\r\n\r", "line|more", {}},
  };
  for (const Case& one : cases) {
    CAPTURE(one.what);
    CsvAnswer answer = read_csv(one.bytes);
    CHECK(answer.failure == "");
    CHECK(answer.columns == one.columns);
    CHECK(answer.rows == one.rows);
  }
}

TEST_CASE("quotes where they should not be do as little harm as they can", "[csv]") {
  auto rows_of = [](const std::string& bytes) { return read_csv(bytes).rows; };
  CHECK(rows_of("a,b\nx \"y\" z,2\n") == Rows{"2|x \"y\" z|2|-"});
  CHECK(rows_of("a,b\n6\" nail,2\n") == Rows{"2|6\" nail|2|-"});
  CHECK(rows_of("a,b\n\"she said \"hi\" to me\",2\n") == Rows{"2|she said \"hi\" to me|2|-"});
  CHECK(rows_of("a,b\n\"x\" ,2\n") == Rows{"2|x|2|-"});
  CHECK(rows_of("a\tb\n\"x\"\t2\n") == Rows{"2|x|2|-"});
  CHECK(rows_of("a,b\n\"x\"\"\",2\n") == Rows{"2|x\"|2|-"});
  CHECK(rows_of("a,b\n1,\"x\"") == Rows{"2|1|x|-"});
  CHECK(rows_of("a,b\n1,\"x\"  ") == Rows{"2|1|x|-"});
  CHECK(rows_of("a,b\n1,\"x\"\r\n2,3") == Rows{"2|1|x|-", "3|2|3|-"});
}

TEST_CASE("a quote that is never closed is told by its line", "[csv]") {
  CsvAnswer answer = read_csv("a,b\n1,2\n\n3,\"4\n5,6\n7,8\n");
  CHECK(answer.rows == Rows{"2|1|2|-"});
  CHECK_THAT(answer.failure, StartsWith("INVALID line 4: a quote"));
  CHECK_THAT(read_csv("\"a,b\n1,2\n").failure, StartsWith("INVALID line 1: a quote"));
}

TEST_CASE("once a reader has failed it goes on failing", "[csv]") {
  Folder folder;
  write_bytes(folder / "a.csv", "a\n1\n\"2\n");
  kith_csv* csv = nullptr;
  REQUIRE(kith_csv_open((folder / "a.csv").c_str(), nullptr, 0, &csv, nullptr) == KITH_OK);
  kith_rows* rows = nullptr;
  REQUIRE(kith_csv_read(csv, 10, &rows, nullptr) == KITH_OK);
  CHECK(kith_rows_count(rows) == 1);
  kith_rows_free(rows);
  for (int i = 0; i < 2; ++i) {
    CHECK(kith_csv_read(csv, 10, &rows, nullptr) == KITH_INVALID);
    CHECK(rows == nullptr);
  }
  kith_csv_free(csv);
}

TEST_CASE("names of columns", "[csv]") {
  CHECK(read_csv(" Email ,\tName\n").columns == "line|Email|Name|more");
  CHECK(read_csv("a,,c\n").columns == "line|a|2|c|more");
  CHECK(read_csv("a,a,A,a 2\n").columns == "line|a|a 2|A 3|a 2 2|more");
  CHECK(read_csv("line,more,\"x\ny\"\n").columns == "line|line 2|more 2|x\ny|more");
  CsvAnswer bare = read_csv("1,2,3\n4,5,6\n", {kith_integer("header", 0)});
  CHECK(bare.columns == "line|1|2|3|more");
  CHECK(bare.rows == Rows{"1|1|2|3|-", "2|4|5|6|-"});
  CHECK(read_csv("", {kith_integer("header", 0)}).rows.empty());
  CHECK_THAT(read_csv(std::string(5000, ',')).failure, StartsWith("LIMIT line 1: "));
}

TEST_CASE("the delimiter is found in the first lines", "[csv]") {
  auto columns_of = [](const std::string& bytes) { return read_csv(bytes).columns; };
  CHECK(columns_of("a;b;c\n1;2;3\n") == "line|a|b|c|more");
  CHECK(columns_of("a\tb\tc\n1\t2\t3\n") == "line|a|b|c|more");
  CHECK(columns_of("a|b|c\n1|2|3\n") == "line|a|b|c|more");
  CHECK(columns_of("a;b;c\n1,5;2,5;3,5\n") == "line|a|b|c|more");
  CHECK(columns_of("name;email\n\"Doe, John\";j@example.com\nRoe, Jane;r@example.com\n") == "line|name|email|more");
  CHECK(columns_of("name,note\nAda,\"a;b;c;d\"\nBob,\"e;f;g;h\"\n") == "line|name|note|more");
  CHECK(columns_of("name,note\nAda,a;b;c\nBob,e;f;g\n") == "line|name|note|more");
  CHECK(columns_of("email\nada@example.com\n") == "line|email|more");
  CHECK(columns_of("a;b\n1;2;3\n") == "line|a|b|more");
  CHECK(columns_of("\"a;x\",b\n1,2\n") == "line|a;x|b|more");
  CHECK(columns_of("sep=;\na;b,c\n1;2,5\n") == "line|a|b,c|more");
  CHECK(read_csv("sep=;\r\na;b\r\n1;2").rows == Rows{"3|1|2|-"});
  CHECK(read_csv("a;b,c\n1;2,3\n", {kith_text("delimiter", ";")}).columns == "line|a|b,c|more");
  CHECK(read_csv("a^b\n1^2\n", {kith_text("delimiter", "^")}).rows == Rows{"2|1|2|-"});
  for (const char* wrong : {"ab", "\"", "\n", "\xC3\xA5"}) {
    CHECK_THAT(read_csv("a,b\n", {kith_text("delimiter", wrong)}).failure, StartsWith("INVALID delimiter: "));
  }
  CHECK_THAT(read_csv("a,b\n", {kith_text("delimiters", ",")}).failure, StartsWith("INVALID delimiters: "));
}

TEST_CASE("pages, progress and ends", "[csv]") {
  Folder folder;
  std::string bytes = "n\n";
  for (int i = 0; i < 2500; ++i) bytes += std::to_string(i) + "\n";
  write_bytes(folder / "a.csv", bytes);
  kith_csv* csv = nullptr;
  REQUIRE(kith_csv_open((folder / "a.csv").c_str(), nullptr, 0, &csv, nullptr) == KITH_OK);
  double before = kith_csv_progress(csv);
  std::vector<std::int64_t> counts;
  for (std::int64_t limit : {std::int64_t{100}, std::int64_t{0}, std::int64_t{5000}, std::int64_t{5000}}) {
    kith_rows* rows = nullptr;
    REQUIRE(kith_csv_read(csv, limit, &rows, nullptr) == KITH_OK);
    counts.push_back(kith_rows_count(rows));
    CHECK(kith_rows_width(rows) == 3);
    kith_rows_free(rows);
    CHECK(kith_csv_progress(csv) > before);
    if (counts.size() < 4) before = kith_csv_progress(csv);
    if (counts.size() == 3) before = 0.99;
  }
  CHECK(counts == std::vector<std::int64_t>{100, 1000, 1400, 0});
  CHECK(kith_csv_progress(csv) == 1);
  kith_rows* rows = nullptr;
  CHECK(kith_csv_read(csv, -1, &rows, nullptr) == KITH_INVALID);
  kith_csv_free(csv);
}

TEST_CASE("what is no readable file", "[csv]") {
  Folder folder;
  CHECK_THAT(read_csv_file(folder / "none.csv").failure, StartsWith("NOT_FOUND path: "));
  CHECK_THAT(read_csv_file(folder / "").failure, StartsWith("IO path: "));
}

TEST_CASE("cells across the blocks that are read", "[csv]") {
  // Every token that can be cut is put across the end of the first look and of the blocks behind it.
  const std::string tokens = "\"a\"\"b\",\"c\r\n\"\r\n,\"\xE4\xBD\xA0\",x\r\n\"d\" ,\"\"\"\",\r\n";
  const std::size_t first = 1024 * 1024;
  for (std::size_t edge : {first, first + 64 * 1024, first + 128 * 1024}) {
    for (std::size_t back = 0; back <= tokens.size() + 1; ++back) {
      std::string bytes = "a,b,c\n";
      while (bytes.size() + 100 < edge - back) bytes += "1,2,3333333333333333333333333333\n";
      bytes += "1,2," + std::string(edge - back - bytes.size() - 5, 'p') + "\n";
      REQUIRE(bytes.size() == edge - back);
      bytes += tokens + "7,8,9\n";
      CsvAnswer answer = read_csv(bytes, {kith_text("encoding", "utf-8")}, 100000);
      REQUIRE(answer.failure == "");
      REQUIRE(answer.rows.size() > 4);
      std::size_t last = answer.rows.size();
      auto cells = [&](std::size_t index) { return answer.rows[index].substr(answer.rows[index].find('|')); };
      REQUIRE(cells(last - 4) == "|a\"b|c\r\n|-|-");
      REQUIRE(cells(last - 3) == "||\xE4\xBD\xA0|x|-");
      REQUIRE(cells(last - 2) == "|d|\"||-");
      REQUIRE(cells(last - 1) == "|7|8|9|-");
    }
  }
}

TEST_CASE("rows of any size up to the limit", "[csv]") {
  std::string cell(3 * 1024 * 1024, 'x');
  CsvAnswer large = read_csv("a,b\n" + cell + ",\"" + cell + "\n" + cell + "\"\n1,2\n");
  CHECK(large.failure == "");
  REQUIRE(large.rows.size() == 2);
  CHECK(large.rows[0].size() == 3 * cell.size() + 6);
  CHECK(large.rows[1] == "4|1|2|-");

  std::string huge(17 * 1024 * 1024, 'x');
  CHECK_THAT(read_csv("a,b\n1,2\n" + huge).failure, StartsWith("LIMIT line 3: "));
  CHECK_THAT(read_csv("a,b\n1,2\n" + huge + "\n").failure, StartsWith("LIMIT line 3: "));
  CHECK_THAT(read_csv("a,b\n1,\"2\n" + huge + huge).failure, Contains("is a quote not closed?"));
  CHECK(read_csv("a,b\n1,\"2\n" + huge + huge).rows.empty());
}

TEST_CASE("random tables come back as they were written", "[csv]") {
  std::uint64_t seed = 7;
  auto random = [&seed](std::uint64_t below) {
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    return (seed >> 33) % below;
  };
  const std::vector<std::string> pieces = {"a", "bc", "\"", "\"\"", ",", ";", "\t", "|", "\n", "\r\n", "\r", " ", "\xC3\xA5", "\xF0\x9F\x99\x82", "0"};
  const std::string delimiters = ",;\t|";
  const std::vector<std::string> ends = {"\n", "\r\n", "\r"};
  for (int round = 0; round < 300; ++round) {
    char delimiter = delimiters[random(4)];
    const std::string& end = ends[random(3)];
    std::size_t width = 2 + random(5);
    std::string bytes;
    Rows expected;
    for (std::size_t i = 0; i < width; ++i) bytes += (i > 0 ? std::string(1, delimiter) : "") + "c" + std::to_string(i);
    bytes += end;
    std::int64_t line = 2;
    for (std::size_t row = 0; row < 1 + random(40); ++row) {
      std::string text = std::to_string(line++);
      for (std::size_t i = 0; i < width; ++i) {
        std::string cell;
        for (std::uint64_t n = random(random(50) == 0 ? 400 : 6); n > 0; --n) cell += pieces[random(pieces.size())];
        text += "|" + cell;
        for (std::size_t at = 0; at < cell.size(); ++at) {
          if (cell[at] == '\n' || (cell[at] == '\r' && (at + 1 == cell.size() || cell[at + 1] != '\n'))) ++line;
        }
        bool quoted = random(4) == 0 || cell.find_first_of("\"\r\n" + std::string(1, delimiter)) != std::string::npos;
        if (i > 0) bytes += delimiter;
        if (!quoted) {
          bytes += cell;
          continue;
        }
        bytes += '"';
        for (char c : cell) bytes += c == '"' ? std::string("\"\"") : std::string(1, c);
        bytes += '"';
      }
      bytes += end;
      expected.push_back(text + "|-");
    }
    CsvAnswer answer = read_csv(bytes, {kith_text("delimiter", std::string(1, delimiter).c_str())}, 7);
    CAPTURE(round, bytes);
    REQUIRE(answer.failure == "");
    REQUIRE(answer.rows == expected);
  }
}
