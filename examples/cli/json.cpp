// JSON: an array of objects, or one object a line. Numbers, booleans and JSON cells keep their type, times
// are RFC 3339 text.
#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "moment.h"
#include "output.h"
#include "terminal.h"

namespace kith_cli {
namespace {

// SQL may answer two columns of one name; an object must not.
std::string key_of(const Grid& grid, size_t column) {
  const std::string_view name = grid.name(column);
  size_t same = 0;
  for (size_t before = 0; before < column; ++before)
    if (grid.name(before) == name) ++same;
  return same == 0 ? std::string(name) : std::string(name) + ":" + std::to_string(same);
}

class JsonWriter : public Writer {
 public:
  explicit JsonWriter(const Style& style) : lines_(style.form == Form::jsonl), terminal_(style.terminal) {}

  void page(const Grid& grid) override {
    std::string out;
    for (size_t row = 0; row < grid.height(); ++row) {
      if (!lines_) out += any_ ? ",\n " : "[\n ";
      any_ = true;
      append_json_object(out, grid, row, 0);
      if (lines_) out += '\n';
    }
    if (terminal_) out = harmless_json(out);
    std::fwrite(out.data(), 1, out.size(), stdout);
  }

  void end() override {
    if (!lines_) write_line(any_ ? "\n]" : "[]");
  }

 private:
  bool lines_, terminal_;
  bool any_ = false;
};

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
          char escape[8];
          std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
          out += escape;
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void append_json_cell(std::string& out, const Cell& cell, std::string_view meaning) {
  switch (cell.type) {
    case KITH_INTEGER:
      if (meaning == "boolean")
        out += cell.integer != 0 ? "true" : "false";
      else if (meaning == "datetime")
        append_json_string(out, moment_exact(cell.integer));
      else
        out += std::to_string(cell.integer);
      break;
    case KITH_REAL: {
      if (!std::isfinite(cell.real)) {  // JSON has no such number
        out += "null";
        break;
      }
      std::array<char, 64> buffer{};
      const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), cell.real);
      out.append(buffer.data(), end.ptr);
      break;
    }
    case KITH_TEXT:
      if (meaning == "json" && nlohmann::json::accept(cell.text)) {
        // Outside of its strings, which hold none, a line break of JSON means nothing.
        for (const char c : cell.text) out += c == '\n' || c == '\r' ? ' ' : c;
      } else {
        append_json_string(out, cell.text);
      }
      break;
    default:
      out += "null";
  }
}

void append_json_object(std::string& out, const Grid& grid, size_t row, int indent) {
  const std::string separator = indent > 0 ? "\n" + std::string(static_cast<size_t>(indent), ' ') : "";
  out += '{';
  for (size_t column = 0; column < grid.width(); ++column) {
    if (column > 0) out += separator.empty() ? ", " : ",";
    out += separator;
    append_json_string(out, key_of(grid, column));
    out += ": ";
    append_json_cell(out, grid.cell(row, column), grid.meaning(column));
  }
  if (!separator.empty() && grid.width() > 0)
    out += "\n" + std::string(static_cast<size_t>(indent > 2 ? indent - 2 : 0), ' ');
  out += '}';
}

std::unique_ptr<Writer> make_json_writer(const Style& style) { return std::make_unique<JsonWriter>(style); }

}  // namespace kith_cli
