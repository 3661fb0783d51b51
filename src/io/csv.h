// A CSV file as rows: its header, columns that are always all there, and pages of bounded size.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/failure.h"
#include "io/csv_records.h"
#include "model/rows.h"

namespace kith {

class CsvReader {
 public:
  CsvReader(const std::string& path, const CsvSettings& settings);

  // At most `limit` rows, fewer when they are large; none at the end. Columns: line, those of the file, more.
  RowsPtr read(std::int64_t limit);
  double progress() const { return records_.progress(); }

 private:
  void name_columns(bool header);
  void add_row(RowsBuilder& rows);

  CsvRecords records_;
  RowsBuilder::Columns columns_;
  std::size_t width_ = 0;          // of the file's own columns
  bool waiting_ = false;           // the first record is a row, and was read to count its cells
  std::optional<Failure> failed_;  // once it has failed it stays so
};

}  // namespace kith
