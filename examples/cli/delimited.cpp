// Tab-separated lines and CSV: every row and column, nothing cut.
#include "output.h"

#include "terminal.h"

namespace kith_cli {
namespace {

// A spreadsheet takes a cell that begins with one of these for a formula. A phone number such as
// "+46 70 123 45 67" begins so, too, and does no harm.
std::string defused(std::string text) {
  if (text.empty() || std::string_view("=+-@\t\r").find(text.front()) == std::string_view::npos) return text;
  if (text.find_first_not_of("+0123456789 ") == std::string::npos) return text;
  return "'" + text;
}

std::string tsv_cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '\t':
        out += "\\t";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\\':
        out += "\\\\";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string csv_cell(std::string_view text) {
  const bool quoted = text.find_first_of(",\"\r\n") != std::string_view::npos ||
                      (!text.empty() && (text.front() == ' ' || text.back() == ' '));
  if (!quoted) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

class DelimitedWriter : public Writer {
 public:
  explicit DelimitedWriter(const Style& style) : style_(style), csv_(style.form == Form::csv) {}

  void page(const Grid& grid) override {
    std::string out;
    if (!begun_ && style_.header) {
      for (size_t column = 0; column < grid.width(); ++column) {
        separate(out, column);
        const std::string name(grid.name(column));
        append(out, style_.defuse ? defused(name) : name, false);
      }
      end_line(out);
    }
    begun_ = true;
    for (size_t row = 0; row < grid.height(); ++row) {
      for (size_t column = 0; column < grid.width(); ++column) {
        separate(out, column);
        const Cell cell = grid.cell(row, column);
        std::string text = exact(cell, grid.meaning(column));
        if (style_.defuse && cell.type == KITH_TEXT) text = defused(std::move(text));
        append(out, text, cell.type == KITH_TEXT);
      }
      end_line(out);
      if (out.size() > 1 << 16) flush(out);
    }
    flush(out);
  }

 private:
  void separate(std::string& out, size_t column) const {
    if (column > 0) out += csv_ ? ',' : '\t';
  }
  // An empty text is "" in CSV, so that it differs from NULL.
  void append(std::string& out, std::string_view text, bool is_text) const {
    if (!csv_)
      out += tsv_cell(text);
    else if (text.empty() && is_text)
      out += "\"\"";
    else
      out += csv_cell(text);
  }
  void end_line(std::string& out) const { out += csv_ ? "\r\n" : "\n"; }
  void flush(std::string& out) const {
    if (style_.terminal) out = harmless_lines(out);
    std::fwrite(out.data(), 1, out.size(), stdout);
    out.clear();
  }

  Style style_;
  bool csv_;
  bool begun_ = false;
};

}  // namespace

std::unique_ptr<Writer> make_delimited_writer(const Style& style) {
  return std::make_unique<DelimitedWriter>(style);
}

std::string csv_line(const std::vector<std::string>& cells) {
  std::string out;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += ',';
    out += csv_cell(cells[i]);
  }
  return out + "\r\n";
}

}  // namespace kith_cli
