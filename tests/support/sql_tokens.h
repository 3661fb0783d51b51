// SQL text as tokens, for the tests that judge statements: comments are passed over, and what stands in quotes is never
// taken for a word.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kith::test {

enum class SqlKind : std::uint8_t { word, quoted_name, text, number, parameter, symbol, end };

struct SqlToken {
  SqlKind kind = SqlKind::end;
  std::string text;   // as it stands there
  std::string upper;  // of a word
  bool is(std::string_view what) const { return kind == SqlKind::word ? upper == what : kind == SqlKind::symbol && text == what; }
  bool is_name() const { return kind == SqlKind::word || kind == SqlKind::quoted_name; }
};

// The last one is SqlKind::end. What is not closed ends with the text.
std::vector<SqlToken> sql_tokens(std::string_view sql);

// Words that have a meaning of their own where a name could stand.
bool is_sql_keyword(std::string_view upper);

// Each table after FROM, JOIN, UPDATE and INTO, with the name by which the statement speaks of it.
struct NamedTable {
  std::string table;
  std::string alias;  // the table's own name where it has no other
};
std::vector<NamedTable> sql_tables(const std::vector<SqlToken>& tokens);

}  // namespace kith::test
