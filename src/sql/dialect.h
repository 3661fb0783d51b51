// The one place where engines differ: parameters, names and definitions that cannot be said in common SQL.
// Also the hook by which the tests read every statement that is prepared.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sql/literal.h"

struct sqlite3;
struct sqlite3_stmt;

namespace kith {

class Dialect {
 public:
  // `$1` as SQLite wants it, `?1`: to SQLite `$1` is a name, numbered by its first appearance.
  static std::string numbered(std::string_view text);
  // A parameter, for statements put together from parts.
  static SqlText parameter(int number);
  // The ids in a parameter that holds "[3,5,8]", as a SELECT of one column.
  static SqlText id_list(int parameter);
  // A custom field's column, named by the field's id: "c12".
  static SqlText custom_column(std::int64_t field_id);
  // `column` of the table that is called `alias` in the statement: "t.email".
  static SqlText column(Literal alias, Literal column);
  static SqlText number(std::int64_t value);
  // A name that the engine told, of a column that is read and written back whole.
  static SqlText quoted(std::string_view name);
  // A column added to a table: `type` is "INTEGER", "REAL" or "TEXT".
  static SqlText add_column(Literal table, const SqlText& column, Literal type);
  static SqlText drop_column(Literal table, const SqlText& column);
  // The names of a table's columns, in order.
  static SqlText columns_of(Literal table);
  // A row when there is an index, or a table, of the name in $1.
  static SqlText has_index();
  static SqlText has_table();
  // Makes an index again from its table.
  static SqlText rebuild_index(std::string_view name);

 private:
  static SqlText native(SqlText text);
};

class StatementObserver {
 public:
  virtual ~StatementObserver() = default;
  virtual void seen(std::string_view text, sqlite3_stmt* statement, sqlite3* db) = 0;
};

// Set by tests, before they open anything; the library itself leaves it at nullptr.
StatementObserver*& statement_observer();

}  // namespace kith
