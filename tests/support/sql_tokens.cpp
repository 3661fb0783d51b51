#include "support/sql_tokens.h"

#include <algorithm>

namespace kith::test {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string upper_case(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  }
  return text;
}

// Where the text in quotes that begins at `from` ends; a doubled quote stands for itself.
std::size_t quoted_end(std::string_view sql, std::size_t from, char close) {
  std::size_t at = from + 1;
  while (at < sql.size()) {
    if (sql[at] != close) {
      ++at;
    } else if (at + 1 < sql.size() && sql[at + 1] == close && close != ']') {
      at += 2;
    } else {
      return at + 1;
    }
  }
  return sql.size();
}

constexpr std::string_view symbols[] = {"->>", "||", "==", "<>", "!=", "<=", ">=", "<<", ">>", "->", "::"};

constexpr std::string_view keywords[] = {
    "ABORT", "ALL", "ALTER", "AND", "AS", "ASC", "ATTACH", "AUTOINCREMENT", "BEGIN", "BETWEEN", "BY", "CASE", "CAST", "COLLATE",
    "COMMIT", "CONFLICT", "CREATE", "CROSS", "DEFAULT", "DEFERRABLE", "DELETE", "DESC", "DETACH", "DISTINCT", "DO", "DROP", "ELSE",
    "END", "ESCAPE", "EXCEPT", "EXISTS", "EXPLAIN", "FILTER", "FIRST", "FROM", "FULL", "GLOB", "GROUP", "HAVING", "IGNORE",
    "IMMEDIATE", "IN", "INNER", "INSERT", "INTERSECT", "INTO", "IS", "ISNULL", "JOIN", "LAST", "LEFT", "LIKE", "LIMIT",
    "MATCH", "NATURAL", "NOT", "NOTHING", "NOTNULL", "NULL", "NULLS", "OFFSET", "ON", "OR", "ORDER", "OUTER", "OVER", "PARTITION",
    "PRAGMA", "RECURSIVE", "REGEXP", "RELEASE", "REPLACE", "RETURNING", "RIGHT", "ROLLBACK", "SAVEPOINT", "SELECT", "SET", "TEMP",
    "TEMPORARY", "THEN", "TRANSACTION", "TRIGGER", "UNION", "UNIQUE", "UPDATE", "USING", "VACUUM", "VALUES", "VIRTUAL", "WHEN",
    "WHERE", "WITH"};

}  // namespace

bool is_sql_keyword(std::string_view upper) { return std::binary_search(std::begin(keywords), std::end(keywords), upper); }

std::vector<SqlToken> sql_tokens(std::string_view sql) {
  std::vector<SqlToken> tokens;
  std::size_t at = 0;
  auto take = [&](SqlKind kind, std::size_t end) {
    SqlToken token{kind, std::string(sql.substr(at, end - at)), {}};
    if (kind == SqlKind::word) token.upper = upper_case(token.text);
    tokens.push_back(std::move(token));
    at = end;
  };
  while (at < sql.size()) {
    char c = sql[at];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
      ++at;
    } else if (sql.substr(at, 2) == "--") {
      at = std::min(sql.find('\n', at), sql.size());
    } else if (sql.substr(at, 2) == "/*") {
      std::size_t close = sql.find("*/", at + 2);
      at = close == std::string_view::npos ? sql.size() : close + 2;
    } else if (c == '\'') {
      take(SqlKind::text, quoted_end(sql, at, '\''));
    } else if (c == '"') {
      take(SqlKind::quoted_name, quoted_end(sql, at, '"'));
    } else if (is_letter(c)) {
      std::size_t end = at;
      while (end < sql.size() && (is_letter(sql[end]) || is_digit(sql[end]))) ++end;
      take(SqlKind::word, end);
    } else if (is_digit(c) || (c == '.' && at + 1 < sql.size() && is_digit(sql[at + 1]))) {
      std::size_t end = at;
      while (end < sql.size() && (is_letter(sql[end]) || is_digit(sql[end]) || sql[end] == '.')) ++end;
      take(SqlKind::number, end);
    } else if ((c == '$' || c == '?' || c == ':' || c == '@') && at + 1 < sql.size() && (is_digit(sql[at + 1]) || (c != '?' && is_letter(sql[at + 1])))) {
      std::size_t end = at + 1;
      while (end < sql.size() && (is_letter(sql[end]) || is_digit(sql[end]))) ++end;
      take(SqlKind::parameter, end);
    } else {
      std::size_t size = 1;
      for (std::string_view symbol : symbols) {
        if (sql.substr(at).starts_with(symbol)) {
          size = symbol.size();
          break;
        }
      }
      take(SqlKind::symbol, at + size);
    }
  }
  tokens.push_back({});
  return tokens;
}

std::vector<NamedTable> sql_tables(const std::vector<SqlToken>& tokens) {
  std::vector<NamedTable> tables;
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    bool leads_in = tokens[i].is("FROM") || tokens[i].is("JOIN") || tokens[i].is("INTO") || tokens[i].is("UPDATE");
    const SqlToken& name = tokens[i + 1];
    if (!leads_in || !name.is_name() || (name.kind == SqlKind::word && is_sql_keyword(name.upper))) continue;
    std::string table = name.kind == SqlKind::word ? name.text : name.text.substr(1, name.text.size() - 2);
    std::size_t after = i + 2;
    if (tokens[after].is("AS")) ++after;
    const SqlToken& alias = tokens[after];
    bool has_alias = alias.kind == SqlKind::word && !is_sql_keyword(alias.upper);
    tables.push_back({table, has_alias ? alias.text : table});
  }
  return tables;
}

}  // namespace kith::test
