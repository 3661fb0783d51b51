// Delimited text: whatever the bytes, rows come in order and end, every cell is UTF-8, and pages of one row hold what one page of
// all holds.
#include "io/csv.h"

#include <unistd.h>

#include <string>
#include <vector>

#include "base/text.h"
#include "fuzz/fuzz.h"
#include "fuzz/place.h"

using namespace kith;

namespace {

struct Read {
  std::vector<std::string> cells;
  bool failed = false;
  friend bool operator==(const Read&, const Read&) = default;
};

Read all_of(const std::string& path, std::int64_t page) {
  Read out;
  std::int64_t line = 0;
  out.failed = fuzz::refused([&] {
    CsvReader reader(path, {});
    for (int pages = 0;; ++pages) {
      PROMISE(pages < 100'000);
      RowsPtr rows = reader.read(page);
      if (rows->count() == 0) break;
      for (std::int64_t row = 0; row < rows->count(); ++row) {
        PROMISE(rows->integer(row, 0) > line);
        line = rows->integer(row, 0);
        for (int column = 1; column < rows->width(); ++column) {
          std::string cell(rows->text(row, column));
          PROMISE(valid_utf8(cell));
          out.cells.push_back(rows->type(row, column) == SqlType::null ? "\1" : cell);
        }
      }
      PROMISE(reader.progress() >= 0 && reader.progress() <= 1);
    }
  });
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Place place;
  place.write("a.csv", fuzz::text_of(data, size));
  PROMISE(all_of(place.path("a.csv"), 1) == all_of(place.path("a.csv"), 1000));
  return 0;
}
