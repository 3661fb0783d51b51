// Kith's CSV reader beside libcsv, an independent one: random texts, well-formed and not, must give the same cells.
#include <catch2/catch.hpp>
#include <csv.h>

#include <string>
#include <vector>

#include "support/csv.h"

using namespace kith::test;

namespace {

using Table = std::vector<std::vector<std::string>>;

struct Oracle {
  Table rows;
  std::vector<std::string> row;
  static void cell(void* text, std::size_t size, void* user) {
    static_cast<Oracle*>(user)->row.emplace_back(static_cast<const char*>(text), size);
  }
  static void end(int, void* user) {
    auto* oracle = static_cast<Oracle*>(user);
    oracle->rows.push_back(std::move(oracle->row));
    oracle->row.clear();
  }
};

Table by_libcsv(const std::string& bytes, char delimiter) {
  csv_parser parser;
  REQUIRE(csv_init(&parser, 0) == 0);
  csv_set_delim(&parser, static_cast<unsigned char>(delimiter));
  csv_set_space_func(&parser, [](unsigned char) { return 0; });  // spaces belong to the cell, as RFC 4180 has it
  Oracle oracle;
  REQUIRE(csv_parse(&parser, bytes.data(), bytes.size(), Oracle::cell, Oracle::end, &oracle) == bytes.size());
  REQUIRE(csv_fini(&parser, Oracle::cell, Oracle::end, &oracle) == 0);
  csv_free(&parser);
  return oracle.rows;
}

// Without a header, so that each record is a row; the widest first, so that none is cut.
Table by_kith(const std::string& bytes, char delimiter) {
  std::string one(1, delimiter);
  kith_field with[] = {kith_text("delimiter", one.c_str()), kith_integer("header", 0), kith_text("encoding", "utf-8")};
  Folder folder;
  write_bytes(folder / "a.csv", bytes);
  kith_csv* csv = nullptr;
  REQUIRE(kith_csv_open((folder / "a.csv").c_str(), with, 3, &csv, nullptr) == KITH_OK);
  Table table;
  for (bool more = true; more;) {
    kith_rows* rows = nullptr;
    REQUIRE(kith_csv_read(csv, 100, &rows, nullptr) == KITH_OK);
    more = kith_rows_count(rows) > 0;
    for (std::int64_t row = 0; row < kith_rows_count(rows); ++row) {
      std::vector<std::string> cells;
      for (std::int32_t column = 1; column + 1 < kith_rows_width(rows); ++column) {
        if (kith_rows_type(rows, row, column) == KITH_TEXT) cells.emplace_back(kith_rows_text(rows, row, column), kith_rows_size(rows, row, column));
      }
      table.push_back(std::move(cells));
    }
    kith_rows_free(rows);
  }
  kith_csv_free(csv);
  return table;
}

}  // namespace

TEST_CASE("cells are those that libcsv finds", "[csv]") {
  std::uint64_t seed = 11;
  auto random = [&seed](std::uint64_t below) {
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    return (seed >> 33) % below;
  };
  const std::vector<std::string> plain = {"a", "bc", " ", "  d", "\xC3\xA5", "0", "'", "", ""};
  const std::vector<std::string> inside = {"a", "\"\"", ",", ";", "\n", "\r\n", "\r", " ", "\xC3\xA5", "", ""};
  const std::vector<std::string> ends = {"\n", "\r\n", "\r", "\n\n", "\r\n\r\n"};
  for (int round = 0; round < 1500; ++round) {
    char delimiter = ",;\t|"[random(4)];
    std::string bytes;
    for (int i = 0; i < 8; ++i) bytes += (i > 0 ? std::string(1, delimiter) : "") + "h" + std::to_string(i);
    bytes += "\n";
    for (std::uint64_t row = random(12); row > 0; --row) {
      std::uint64_t width = 1 + random(8);
      for (std::uint64_t i = 0; i < width; ++i) {
        if (i > 0) bytes += delimiter;
        std::string cell;
        if (random(3) == 0) {
          for (std::uint64_t n = random(5); n > 0; --n) cell += inside[random(inside.size())];
          bytes += '"' + cell + '"';
        } else {
          for (std::uint64_t n = random(4); n > 0; --n) cell += plain[random(plain.size())];
          if (!cell.empty() && random(10) == 0) cell += "\"q";  // a quote inside is a character
          bytes += cell;
        }
      }
      if (row > 1 || random(2) == 0) bytes += ends[random(ends.size())];
    }
    CAPTURE(round, bytes);
    REQUIRE(by_kith(bytes, delimiter) == by_libcsv(bytes, delimiter));
  }
}
