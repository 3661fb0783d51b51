// Reading delimited text, without a database.
#include "io/csv.h"

#include <mutex>

#include "base/text.h"
#include "capi/arguments.h"

struct kith_csv {
  kith::CsvReader reader;
  mutable std::mutex mutex;
};

using namespace kith;

namespace {

CsvSettings csv_settings(const kith_field* with, size_t with_count) {
  std::vector<Given> given = given_fields(with, with_count, "with");
  Extras extras = Extras::of_reading(given, {"delimiter", "encoding", "header"});
  CsvSettings settings;
  if (std::string_view delimiter = extras.text("delimiter"); !delimiter.empty()) {
    char c = delimiter[0];
    if (delimiter.size() != 1 || static_cast<unsigned char>(c) >= 0x80 || c == '"' || c == '\n' || c == '\r') {
      fail(Status::invalid, "delimiter", "{} is not one plain character, such as \";\"", shown(delimiter));
    }
    settings.delimiter = c;
  }
  if (std::string_view encoding = extras.text("encoding"); !encoding.empty()) {
    settings.encoding = encoding_named(encoding);
    settings.encoding_given = true;
  }
  if (extras.has("header")) settings.header = extras.flag("header");
  return settings;
}

}  // namespace

kith_status kith_csv_open(const char* path, const kith_field* with, size_t with_count, kith_csv** out, kith_error** err) {
  if (out != nullptr) *out = nullptr;
  return guard(err, [&] {
    need_pointer(out, "out");
    std::string file(text_argument(path, "path"));
    *out = new kith_csv{CsvReader(file, csv_settings(with, with_count)), {}};
  });
}

kith_status kith_csv_read(kith_csv* csv, int64_t limit, kith_rows** out, kith_error** err) {
  if (out != nullptr) *out = nullptr;
  return guard(err, [&] {
    need_pointer(csv, "csv");
    need_pointer(out, "out");
    if (limit < 0) fail(Status::invalid, "limit", "{} is no number of rows; 0 is 1000", limit);
    std::lock_guard lock(csv->mutex);
    give_rows(out, csv->reader.read(limit == 0 ? 1000 : limit));
  });
}

double kith_csv_progress(const kith_csv* csv) {
  if (csv == nullptr) return 0;
  double progress = 0;
  quietly([&] {
    std::lock_guard lock(csv->mutex);
    progress = csv->reader.progress();
  });
  return progress;
}

void kith_csv_free(kith_csv* csv) { delete csv; }
