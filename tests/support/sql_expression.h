// What the gate of SQL knows of expressions: whether each is a value or a truth, which functions both engines have, and
// which columns stand outside of aggregates. Statements are read by the class that derives from this one.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "support/sql_tokens.h"

namespace kith::test {

struct SqlObjection {
  std::string why;
};

class SqlExpressions {
 protected:
  enum class Type { value, truth, null, row };

  explicit SqlExpressions(std::string_view sql) : tokens_(sql_tokens(sql)) {}
  virtual ~SqlExpressions() = default;
  virtual void select() = 0;  // a SELECT, or VALUES

  Type expression();
  void truth(const char* where);  // an expression that is true or false
  void value(const char* where);  // one that is not
  void list_of_values(const char* where);

  const SqlToken& now() const { return tokens_[at_]; }
  const SqlToken& ahead(std::size_t count = 1) const { return tokens_[std::min(at_ + count, tokens_.size() - 1)]; }
  bool is(std::string_view what) const { return now().is(what); }
  bool take(std::string_view what);
  void need(std::string_view what);
  std::string name(const char* what);
  bool starts_select() const { return is("SELECT") || is("VALUES") || is("WITH"); }
  std::string text_since(std::size_t from) const;
  [[noreturn]] void object(std::string why) const;

  std::vector<SqlToken> tokens_;
  std::size_t at_ = 0;
  // Of the SELECT that is being read.
  struct Level {
    std::vector<std::string> loose;  // columns outside of aggregates
    bool has_aggregate = false;
  };
  std::vector<Level> levels_;
  bool must_name_table_ = false;  // in what DO UPDATE sets

 private:
  Type either();
  Type both();
  Type negation();
  Type predicate();
  Type sum();
  Type product();
  Type sign();
  Type primary();
  Type parenthesis();
  Type case_of();
  Type cast();
  Type function();
  Type column();
  void in_list();
  Type need_value(Type type, const char* where) const;
  Type need_truth(Type type, const char* where) const;

  int casts_ = 0;
  int aggregates_ = 0;
};

}  // namespace kith::test
