// Parts that the forms share: cells as text, records, remarks.
#include "output.h"

#include <array>
#include <charconv>

#include "moment.h"
#include "terminal.h"

namespace kith_cli {
namespace {

std::string real_text(double value) {
  std::array<char, 64> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), end.ptr};
}

constexpr size_t narrowest_value = 16;

std::string dimmed(const Style& style, std::string_view text) {
  if (!style.colour) return std::string(text);
  return "\x1b[2m" + std::string(text) + "\x1b[0m";
}

}  // namespace

std::optional<Form> parse_form(std::string_view name) {
  if (name == "table") return Form::table;
  if (name == "tsv") return Form::tsv;
  if (name == "csv") return Form::csv;
  if (name == "json") return Form::json;
  if (name == "jsonl") return Form::jsonl;
  return std::nullopt;
}

std::string readable(const Cell& cell, std::string_view meaning) {
  switch (cell.type) {
    case KITH_INTEGER:
      if (meaning == "boolean") return cell.integer != 0 ? "yes" : "no";
      if (meaning == "datetime") return moment_readable(cell.integer);
      return std::to_string(cell.integer);
    case KITH_REAL:
      return real_text(cell.real);
    case KITH_TEXT:
      return harmless(cell.text);
    default:
      return {};
  }
}

std::string exact(const Cell& cell, std::string_view meaning) {
  switch (cell.type) {
    case KITH_INTEGER:
      if (meaning == "boolean") return cell.integer != 0 ? "true" : "false";
      if (meaning == "datetime") return moment_exact(cell.integer);
      return std::to_string(cell.integer);
    case KITH_REAL:
      return real_text(cell.real);
    case KITH_TEXT:
      return std::string(cell.text);
    default:
      return {};
  }
}

std::unique_ptr<Writer> make_writer(const Style& style) {
  switch (style.form) {
    case Form::table:
      return make_table_writer(style);
    case Form::json:
    case Form::jsonl:
      return make_json_writer(style);
    default:
      return make_delimited_writer(style);
  }
}

void write_line(std::string_view line) {
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fputc('\n', stdout);
}

void write_json(const Style& style, std::string_view json) {
  write_line(style.terminal ? harmless_json(json) : std::string(json));
}

void write_remark(const Style& style, std::string_view sentence) {
  if (style.form == Form::table) return write_line(dimmed(style, harmless(sentence)));
  std::fflush(stdout);
  std::fprintf(stderr, "%s\n", harmless(sentence).c_str());
}

void write_heading(const Style& style, std::string_view heading) {
  write_line(style.colour ? "\x1b[1m" + std::string(heading) + "\x1b[0m" : std::string(heading));
}

void write_fields(const Style& style, const Grid& grid, size_t row) {
  size_t names = 0;
  size_t empty = 0;
  for (size_t column = 0; column < grid.width(); ++column) {
    if (grid.cell(row, column).type == KITH_NULL && !style.all_columns)
      ++empty;
    else
      names = std::max(names, display_width(harmless(grid.name(column))));
  }
  for (size_t column = 0; column < grid.width(); ++column) {
    const Cell cell = grid.cell(row, column);
    if (cell.type == KITH_NULL && !style.all_columns) continue;
    const std::string name = harmless(grid.name(column));
    const std::string padded = name + std::string(names - display_width(name), ' ');
    const size_t room = style.width > names + 2 + narrowest_value ? style.width - names - 2 : narrowest_value;
    std::string before = dimmed(style, padded) + "  ";
    for (const std::string& line : broken(readable(cell, grid.meaning(column)), room)) {
      write_line(before + line);
      before = std::string(names + 2, ' ');
    }
  }
  if (empty > 0)
    write_remark(style, "(" + counted(static_cast<int64_t>(empty), "empty field", "empty fields") +
                            " not shown; --full shows all)");
}

void write_record(const Style& style, const Grid& grid, size_t row) {
  if (style.form == Form::table) return write_fields(style, grid, row);
  if (style.form != Form::json) return write_grid(style, grid);
  std::string out;
  append_json_object(out, grid, row, 2);
  write_json(style, out);
}

void write_grid(const Style& style, const Grid& grid) {
  const auto writer = make_writer(style);
  writer->page(grid);
  writer->end();
}

void write_done(const Style& style, std::string_view sentence, const Grid& grid) {
  if (style.for_people()) return write_line(harmless(sentence));
  write_record(style, grid);
}

std::string thousands(int64_t number) {
  std::string digits = std::to_string(number);
  const size_t begin = number < 0 ? 1 : 0;
  for (size_t at = digits.size(); at > begin + 3;) digits.insert(at -= 3, ",");
  return digits;
}

std::string counted(int64_t number, std::string_view one, std::string_view many) {
  return thousands(number) + " " + std::string(number == 1 ? one : many);
}

}  // namespace kith_cli
