#include "io/csv.h"

#include <unordered_set>

#include "base/json.h"
#include "base/text.h"
#include "sql/process_guard.h"

namespace kith {

namespace {

constexpr std::size_t page_bytes = 32 * 1024 * 1024;
constexpr std::size_t most_columns = 4096;

// Opening and closing a live file outside of SQLite would drop its locks.
const std::string& not_a_live_file(const std::string& path) {
  if (ProcessGuard::is_open_here(path)) fail(Status::refused, "path", "{} is a Kith file that is open, and no CSV", shown(path, 200));
  return path;
}

}  // namespace

CsvReader::CsvReader(const std::string& path, const CsvSettings& settings) : records_(not_a_live_file(path), settings) {
  name_columns(settings.header);
}

void CsvReader::name_columns(bool header) {
  bool any = records_.next();
  const std::vector<std::string_view>& cells = records_.cells();
  width_ = any ? cells.size() : 0;
  if (width_ > most_columns) {
    fail(Status::limit, "line " + std::to_string(records_.line()), "{} columns are too many; at most {}", width_, most_columns);
  }
  waiting_ = any && !header;
  std::vector<Rows::Column> columns = {{"line", Meaning::integer}};
  std::unordered_set<std::string> taken = {"line", "more"};
  for (std::size_t i = 0; i < width_; ++i) {
    std::string name(header ? trimmed(cells[i]) : std::string_view());
    if (name.empty()) name = std::to_string(i + 1);
    std::string base = name;
    for (int copy = 2; !taken.insert(fold(name)).second; ++copy) name = base + " " + std::to_string(copy);
    columns.push_back({name, Meaning::text});
  }
  columns.push_back({"more", Meaning::json});
  columns_ = std::make_shared<const std::vector<Rows::Column>>(std::move(columns));
}

RowsPtr CsvReader::read(std::int64_t limit) {
  if (failed_) throw Failure(*failed_);
  RowsBuilder rows(columns_, static_cast<std::size_t>(limit < 1024 ? limit : 1024));
  std::size_t bytes = 0;
  try {
    while (rows.count() < limit && bytes < page_bytes && (waiting_ || records_.next())) {
      waiting_ = false;
      add_row(rows);
      for (std::string_view cell : records_.cells()) bytes += cell.size();
    }
  } catch (const Failure& failure) {
    failed_ = failure;
    if (rows.count() == 0) throw;  // else the rows before it come first
  }
  return rows.finish();
}

void CsvReader::add_row(RowsBuilder& rows) {
  const std::vector<std::string_view>& cells = records_.cells();
  rows.add_row();
  rows.set_integer(0, records_.line());
  std::size_t known = cells.size() < width_ ? cells.size() : width_;
  for (std::size_t i = 0; i < known; ++i) rows.set_text(static_cast<int>(i) + 1, cells[i]);
  if (cells.size() <= width_) return;
  std::string more = "[";
  for (std::size_t i = width_; i < cells.size(); ++i) {
    if (i > width_) more += ',';
    append_json_text(more, cells[i]);
  }
  more += ']';
  rows.set_text(static_cast<int>(width_) + 1, more);
}

}  // namespace kith
