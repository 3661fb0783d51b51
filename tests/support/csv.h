// A CSV text read through the C interface, as rows of texts.
#pragma once

#include <string>
#include <vector>

#include "support/folder.h"
#include "support/handle.h"

namespace kith::test {

struct CsvAnswer {
  std::string columns;  // "line|a|b|more"
  std::vector<std::string> rows;
  std::string failure;  // "" or "STATUS message", after the rows
};

inline CsvAnswer read_csv_file(const std::string& path, const std::vector<kith_field>& with = {}, std::int64_t limit = 1000) {
  CsvAnswer answer;
  kith_csv* csv = nullptr;
  kith_error* error = nullptr;
  if (kith_csv_open(path.c_str(), with.data(), with.size(), &csv, &error) != KITH_OK) {
    answer.failure = said(error);
    return answer;
  }
  for (bool more = true; more;) {
    kith_rows* rows = nullptr;
    if (kith_csv_read(csv, limit, &rows, &error) != KITH_OK) {
      answer.failure = said(error);
      break;
    }
    if (answer.columns.empty()) {
      for (std::int32_t i = 0; i < kith_rows_width(rows); ++i) answer.columns += (i > 0 ? "|" : "") + std::string(kith_rows_name(rows, i));
    }
    more = kith_rows_count(rows) > 0;
    for (std::string& row : texts_of(rows)) answer.rows.push_back(std::move(row));
  }
  kith_csv_free(csv);
  return answer;
}

inline CsvAnswer read_csv(const std::string& bytes, const std::vector<kith_field>& with = {}, std::int64_t limit = 1000) {
  Folder folder;
  write_bytes(folder / "a.csv", bytes);
  return read_csv_file(folder / "a.csv", with, limit);
}

}  // namespace kith::test
