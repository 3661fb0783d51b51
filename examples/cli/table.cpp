// Tables for people: aligned, as wide as the terminal at most, and open about what they leave out.
#include <algorithm>

#include "output.h"
#include "terminal.h"

namespace kith_cli {
namespace {

constexpr size_t gap = 2;         // between two columns
constexpr size_t narrowest = 16;  // text is not cut below this; rather the last column goes
constexpr size_t widest = 60;     // nor may it have more, unless it is alone

bool is_number(std::string_view meaning) {
  return meaning == "integer" || meaning == "real" || meaning == "id";
}
// A date or a number of which a part is missing is worse than none.
bool may_be_cut(std::string_view meaning) { return meaning == "text" || meaning == "json"; }

class TableWriter : public Writer {
 public:
  explicit TableWriter(const Style& style) : style_(style) {}

  void page(const Grid& grid) override {
    if (!laid_out_) {
      if (grid.height() == 0) return;
      lay_out(grid);
      print_header(grid);
      laid_out_ = true;
    }
    for (size_t row = 0; row < grid.height(); ++row) print_row(grid, row);
  }

  void end() override {
    if (!laid_out_) return write_remark(style_, "(no rows)");
    std::string cut;
    if (!no_room_.empty()) cut = "no room for " + no_room_;
    if (shortened_ > 0) {
      if (!cut.empty()) cut += ", ";
      cut += counted(shortened_, "cell", "cells") + " shortened";
    }
    if (empty_ > 0) {
      if (!cut.empty()) cut += ", ";
      cut += counted(empty_, "empty column", "empty columns") + " left out";
    }
    if (!cut.empty())
      write_remark(style_,
                   "(" + cut + (style_.picks ? "; --columns picks some, " : "; ") + "--full shows all)");
  }

 private:
  struct Column {
    size_t source, natural, width;
    bool right, cut;
  };

  void lay_out(const Grid& grid) {
    for (size_t column = 0; column < grid.width(); ++column) {
      size_t width = 0;
      bool any = false;
      for (size_t row = 0; row < grid.height(); ++row) {
        const Cell cell = grid.cell(row, column);
        if (cell.type == KITH_NULL) continue;
        any = true;
        width = std::max(width, display_width(readable(cell, grid.meaning(column))));
      }
      if (!any && !style_.all_columns && grid.width() > 1) {
        ++empty_;
        continue;
      }
      width = std::max(width, display_width(harmless(grid.name(column))));
      columns_.push_back(
          {column, width, width, is_number(grid.meaning(column)), may_be_cut(grid.meaning(column))});
    }
    if (columns_.empty()) {  // every cell is NULL: show a column all the same, so that rows are seen
      const size_t width = display_width(harmless(grid.name(0)));
      columns_.push_back({0, width, width, false, true});
    }
    while (!fits() && columns_.size() > 1) {
      no_room_.insert(0, std::string(grid.name(columns_.back().source)) + (no_room_.empty() ? "" : ", "));
      columns_.pop_back();
    }
  }

  // Cuts the widest columns, as evenly as can be; false when that is not enough.
  bool fits() {
    size_t total = gap * (columns_.size() - 1);
    for (Column& column : columns_) {
      column.width = column.natural;
      if (column.cut && columns_.size() > 1 && !style_.all_columns)
        column.width = std::min(column.width, widest);
      total += column.width;
    }
    for (; total > style_.width; --total) {
      Column* wide = nullptr;
      for (Column& column : columns_)
        if (column.cut && (wide == nullptr || column.width > wide->width)) wide = &column;
      if (wide == nullptr || wide->width <= narrowest) return false;
      --wide->width;
    }
    return true;
  }

  void print_header(const Grid& grid) {
    std::string line;
    for (const Column& column : columns_) append(line, harmless(grid.name(column.source)), column);
    trim(line);
    write_heading(style_, line);
  }

  void print_row(const Grid& grid, size_t row) {
    std::string line;
    for (const Column& column : columns_) {
      std::string text = readable(grid.cell(row, column.source), grid.meaning(column.source));
      if (display_width(text) > column.width) ++shortened_;
      append(line, std::move(text), column);
    }
    trim(line);
    write_line(line);
  }

  void append(std::string& line, std::string text, const Column& column) const {
    if (&column != &columns_.front()) line.append(gap, ' ');
    text = shorten(text, column.width);
    const size_t space = column.width - display_width(text);
    if (column.right) line.append(space, ' ');
    line += text;
    if (!column.right) line.append(space, ' ');
  }

  static void trim(std::string& line) { line.erase(line.find_last_not_of(' ') + 1); }

  Style style_;
  std::vector<Column> columns_;
  std::string no_room_;
  int64_t shortened_ = 0;
  int64_t empty_ = 0;
  bool laid_out_ = false;
};

}  // namespace

std::unique_ptr<Writer> make_table_writer(const Style& style) { return std::make_unique<TableWriter>(style); }

}  // namespace kith_cli
