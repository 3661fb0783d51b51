// Delimited text as records of cells, with the line where each begins: quotes, line ends, delimiters. Knows
// neither header nor columns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "io/csv_encoding.h"

namespace kith {

struct CsvSettings {
  char delimiter = 0;  // 0: found in the first lines
  bool encoding_given = false;
  TextEncoding encoding = TextEncoding::utf8;
  bool header = true;
};

inline constexpr std::size_t most_row_bytes = 16 * 1024 * 1024;

class CsvRecords {
 public:
  CsvRecords(const std::string& path, const CsvSettings& settings);

  // The next record; false at the end. Cells live until the next call. Lines with nothing on them are passed over.
  bool next();
  const std::vector<std::string_view>& cells() const { return cells_; }
  std::int64_t line() const { return line_; }  // where the record begins
  char delimiter() const { return delimiter_; }
  TextEncoding encoding() const { return decoder_.encoding(); }
  double progress() const;

 private:
  struct Cell {
    std::size_t from;
    std::size_t to;
    bool quoted;
  };
  enum class Scan { whole, cut, unclosed };

  void fill(std::size_t wanted);  // reads another `wanted` bytes of the file, if there are so many
  Scan scan();
  Scan scan_quoted(std::size_t& at) const;
  void take();
  void pass_over_blank_lines();
  void find_delimiter();
  int width_of_record(char delimiter, std::size_t& at, bool& whole) const;
  bool ends_cell(char c) const { return stops_[static_cast<unsigned char>(c)]; }
  void set_delimiter(char delimiter);
  [[noreturn]] void fail_to_read() const;

  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::string path_;
  std::unique_ptr<std::FILE, CloseFile> file_;
  std::string block_;
  std::int64_t file_size_ = 0;
  std::int64_t bytes_read_ = 0;
  bool at_end_ = false;
  Decoder decoder_;
  char delimiter_ = ',';
  bool stops_[256] = {};

  std::string text_;      // decoded and not yet taken, from at_ on
  std::size_t at_ = 0;
  std::size_t next_ = 0;  // where the record after this one begins
  std::int64_t line_ = 1;
  std::int64_t next_line_ = 1;
  std::vector<Cell> scanned_;
  std::vector<std::string_view> cells_;
};

}  // namespace kith
