// The forms in which answers are printed: an aligned table, tab-separated lines, CSV, JSON and JSON lines.
// What is printed is decided by the commands.
#pragma once

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "grid.h"

namespace kith_cli {

enum class Form { table, tsv, csv, json, jsonl };

// "table", "tsv", "csv", "json" or "jsonl".
std::optional<Form> parse_form(std::string_view name);

struct Style {
  Form form = Form::tsv;
  bool header = true;        // for tsv and csv
  bool defuse = false;       // for tsv and csv: keep spreadsheets from running cells
  bool all_columns = false;  // for tables: show columns that are empty, too
  bool picks = true;         // for tables: --columns would show others
  bool colour = false;
  bool terminal = false;  // standard output is one: what could steer it is written as escapes in every form
  size_t width = 80;      // for tables

  bool for_people() const { return form == Form::table || form == Form::tsv; }
};

// Writes rows as they come, page after page, to standard output; all pages have the columns of the first.
class Writer {
 public:
  virtual ~Writer() = default;
  virtual void page(const Grid& grid) = 0;
  // Says how to see what was not shown, if anything was.
  virtual void end() {}
};
std::unique_ptr<Writer> make_writer(const Style& style);
std::unique_ptr<Writer> make_table_writer(const Style& style);
std::unique_ptr<Writer> make_delimited_writer(const Style& style);
std::unique_ptr<Writer> make_json_writer(const Style& style);

// A row of the grid as one thing: a field a line in a table, an object in JSON.
void write_record(const Style& style, const Grid& grid, size_t row = 0);
// All rows at once.
void write_grid(const Style& style, const Grid& grid);
// What was done: a sentence for people, the grid's one row for programs.
void write_done(const Style& style, std::string_view sentence, const Grid& grid);
// A remark about a table: dimmed below it. In other forms it goes to standard error.
void write_remark(const Style& style, std::string_view sentence);
// A line above a part of a longer answer.
void write_heading(const Style& style, std::string_view heading);
void write_line(std::string_view line);
void write_json(const Style& style, std::string_view json);

// A cell as a table shows it, made harmless.
std::string readable(const Cell& cell, std::string_view meaning);
// A cell as text for programs: times exact, NULL empty.
std::string exact(const Cell& cell, std::string_view meaning);
// The fields of one record, a line each, aligned; empty ones are counted in a remark.
void write_fields(const Style& style, const Grid& grid, size_t row);

// RFC 4180, the line with its end.
std::string csv_line(const std::vector<std::string>& cells);

// JSON text.
void append_json_string(std::string& out, std::string_view text);
void append_json_cell(std::string& out, const Cell& cell, std::string_view meaning);
// {"name": value, ...}; with an indent a field a line.
void append_json_object(std::string& out, const Grid& grid, size_t row, int indent);

// 1234567 as "1,234,567".
std::string thousands(int64_t number);
// "1 row", "2 rows".
std::string counted(int64_t number, std::string_view one, std::string_view many);

}  // namespace kith_cli
