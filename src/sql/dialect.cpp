#include "sql/dialect.h"

#include <utility>

namespace kith {

std::string Dialect::numbered(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '$' && i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9') {
      c = '?';
    }
    out += c;
  }
  return out;
}

SqlText Dialect::parameter(int number) {
  SqlText text;
  text.text_ = "$" + std::to_string(number);
  return text;
}

SqlText Dialect::id_list(int parameter) {
  SqlText text;
  text.text_ = "SELECT value FROM json_each($" + std::to_string(parameter) + ")";
  return text;
}

SqlText Dialect::number(std::int64_t value) {
  SqlText text;
  text.text_ = std::to_string(value);
  return text;
}

SqlText Dialect::quoted(std::string_view name) {
  SqlText text;
  text.text_ = "\"";
  for (char c : name) {
    if (c == '"') text.text_ += c;
    text.text_ += c;
  }
  text.text_ += '"';
  return text;
}

SqlText Dialect::custom_column(std::int64_t field_id) {
  SqlText text;
  text.text_ = "c" + std::to_string(field_id);
  return text;
}

SqlText Dialect::column(Literal alias, Literal column) { return SqlText(alias) + "." + column; }

SqlText Dialect::add_column(Literal table, const SqlText& column, Literal type) {
  return SqlText("ALTER TABLE ") + table + " ADD COLUMN " + column + " " + type;
}

SqlText Dialect::drop_column(Literal table, const SqlText& column) {
  return SqlText("ALTER TABLE ") + table + " DROP COLUMN " + column;
}

SqlText Dialect::columns_of(Literal table) {
  SqlText text;
  text.text_ = "SELECT name FROM pragma_table_info('" + table.string() + "') ORDER BY cid";
  return native(std::move(text));
}

SqlText Dialect::has_index() { return native(SqlText("SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = $1")); }
SqlText Dialect::has_table() { return native(SqlText("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = $1")); }
SqlText Dialect::rebuild_index(std::string_view name) { return native(SqlText("REINDEX ") + quoted(name)); }

SqlText Dialect::native(SqlText text) {
  text.native_ = true;
  return text;
}

StatementObserver*& statement_observer() {
  static StatementObserver* observer = nullptr;
  return observer;
}

}  // namespace kith
