#include "support/sql_expression.h"

#include <algorithm>
#include <map>

namespace kith::test {

namespace {

constexpr std::string_view aggregates[] = {"COUNT", "SUM", "MIN", "MAX"};
constexpr std::string_view plain[] = {"COALESCE", "NULLIF", "SUBSTR", "LENGTH", "REPLACE"};
constexpr std::string_view windows[] = {"ROW_NUMBER", "RANK", "LAG", "LEAD"};

// What is missing on one side, or answers otherwise there, and what to write instead.
const std::map<std::string, const char*, std::less<>>& refused_functions() {
  static const std::map<std::string, const char*, std::less<>> functions = {
      {"IFNULL", "COALESCE"}, {"IIF", "CASE"}, {"INSTR", "replace and a comparison"}, {"TOTAL", "CAST(COALESCE(SUM(x), 0) AS BIGINT)"},
      {"AVG", "C++: it has another type on each engine"}, {"ROUND", "C++"}, {"HEX", "C++"}, {"GROUP_CONCAT", "C++"}, {"STRING_AGG", "C++"},
      {"DATE", "a time bound as an integer"}, {"TIME", "a time bound as an integer"}, {"DATETIME", "a time bound as an integer"},
      {"JULIANDAY", "a time bound as an integer"}, {"UNIXEPOCH", "a time bound as an integer"}, {"STRFTIME", "a time bound as an integer"}, {"NOW", "a time bound as an integer"},
      {"RANDOM", "a number bound"}, {"RANDOMBLOB", "a value bound"}, {"CHANGES", "what the layer counts"}, {"TOTAL_CHANGES", "what the layer counts"},
      {"LAST_INSERT_ROWID", "an id that is made before"}, {"LOWER", "a text folded in C++"}, {"UPPER", "a text folded in C++"}, {"ANY", "a VALUES join, or Dialect::id_list"},
      {"ARRAY", "a VALUES join, or Dialect::id_list"}, {"PRINTF", "C++"}, {"FORMAT", "C++"}, {"TYPEOF", "C++"}, {"JSON_EXTRACT", "a column"}, {"GLOB", "a folded key and a range"}};
  return functions;
}

template <class Names>
bool is_among(const Names& names, std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

}  // namespace

void SqlExpressions::object(std::string why) const { throw SqlObjection{std::move(why)}; }

bool SqlExpressions::take(std::string_view what) {
  if (!is(what)) return false;
  ++at_;
  return true;
}

void SqlExpressions::need(std::string_view what) {
  if (!take(what)) object("has " + (now().kind == SqlKind::end ? std::string("its end") : now().text) + " where " + std::string(what) + " should stand");
}

std::string SqlExpressions::text_since(std::size_t from) const {
  std::string text;
  for (std::size_t i = from; i < at_; ++i) text += (text.empty() ? "" : " ") + tokens_[i].text;
  return text;
}

std::string SqlExpressions::name(const char* what) {
  const SqlToken& token = now();
  if (!token.is_name() || (token.kind == SqlKind::word && is_sql_keyword(token.upper))) {
    object("has " + (token.kind == SqlKind::end ? std::string("its end") : token.text) + " where the name of " + what + " should stand");
  }
  static constexpr std::string_view reserved[] = {"ANALYSE", "ANALYZE", "ANY", "ARRAY", "BOTH", "CHECK", "COLUMN", "CONSTRAINT", "CURRENT_DATE", "CURRENT_TIME",
                                                  "CURRENT_TIMESTAMP", "CURRENT_USER", "FALSE", "FETCH", "FOR", "FOREIGN", "GRANT", "INITIALLY", "LATERAL", "LEADING",
                                                  "ONLY", "PLACING", "PRIMARY", "REFERENCES", "SESSION_USER", "SOME", "TABLE", "TO", "TRAILING", "TRUE", "USER", "WINDOW"};
  if (is_among(reserved, token.upper)) object("uses " + token.text + " as a name, which is a word of PostgreSQL's");
  if (token.upper == "ROWID" || token.upper == "OID" || token.upper == "_ROWID_") object("speaks of " + token.text + ", which only SQLite has: name the key");
  if (token.upper.starts_with("SQLITE_") || token.upper.starts_with("PRAGMA_")) object("speaks of " + token.text + ", which only SQLite has");
  ++at_;
  return token.kind == SqlKind::word ? token.text : token.text.substr(1, token.text.size() - 2);
}

SqlExpressions::Type SqlExpressions::need_value(Type type, const char* where) const {
  if (type == Type::truth) object(std::string("has a comparison or EXISTS as a value, ") + where + ": write CASE WHEN .. THEN 1 ELSE 0 END");
  return type;
}

SqlExpressions::Type SqlExpressions::need_truth(Type type, const char* where) const {
  if (type != Type::truth) object(std::string("takes a value for a truth, ") + where + ": write flag = 1");
  return type;
}

void SqlExpressions::truth(const char* where) { need_truth(expression(), where); }
void SqlExpressions::value(const char* where) { need_value(expression(), where); }

void SqlExpressions::list_of_values(const char* where) {
  do value(where);
  while (take(","));
}

SqlExpressions::Type SqlExpressions::expression() { return either(); }

SqlExpressions::Type SqlExpressions::either() {
  Type type = both();
  while (take("OR")) {
    need_truth(type, "before OR");
    type = need_truth(both(), "behind OR");
  }
  return type;
}

SqlExpressions::Type SqlExpressions::both() {
  Type type = negation();
  while (take("AND")) {
    need_truth(type, "before AND");
    type = need_truth(negation(), "behind AND");
  }
  return type;
}

SqlExpressions::Type SqlExpressions::negation() {
  if (!take("NOT")) return predicate();
  return need_truth(negation(), "behind NOT");
}

SqlExpressions::Type SqlExpressions::predicate() {
  Type type = sum();
  while (true) {
    bool negated = is("NOT") && (ahead().is("IN") || ahead().is("BETWEEN") || ahead().is("LIKE") || ahead().is("GLOB"));
    if (negated) ++at_;
    if (is("==")) object("compares by ==, which PostgreSQL does not know: write =");
    if (is("LIKE") || is("GLOB") || is("REGEXP") || is("MATCH")) object("uses " + now().text + ", whose rules of case differ: fold a key, and ask for a range");
    if (is("COLLATE")) object("uses COLLATE, whose rules of case differ: fold a key");
    if (is("ISNULL") || is("NOTNULL")) object("uses " + now().text + ": write IS NULL or IS NOT NULL");
    if (is("=") || is("<>") || is("!=") || is("<") || is("<=") || is(">") || is(">=")) {
      ++at_;
      need_value(type, "before a comparison");
      Type right = need_value(sum(), "behind a comparison");
      if ((type == Type::row) != (right == Type::row) && right != Type::null) object("compares a row with a value");
      type = Type::truth;
    } else if (take("IS")) {
      need_value(type, "before IS");
      take("NOT");
      if (take("DISTINCT")) {
        need("FROM");
        need_value(sum(), "behind IS DISTINCT FROM");
      } else if (!take("NULL")) {
        object("uses IS with a value, which PostgreSQL does not know: write IS NOT DISTINCT FROM");
      }
      type = Type::truth;
    } else if (take("IN")) {
      need_value(type, "before IN");
      in_list();
      type = Type::truth;
    } else if (take("BETWEEN")) {
      need_value(type, "before BETWEEN");
      need_value(sum(), "behind BETWEEN");
      need("AND");
      need_value(sum(), "behind BETWEEN");
      type = Type::truth;
    } else {
      return type;
    }
  }
}

void SqlExpressions::in_list() {
  need("(");
  if (starts_select()) {
    select();
  } else {
    if (is(")")) object("has an empty list, IN (), which PostgreSQL does not know");
    list_of_values("in the list of IN");
  }
  need(")");
}

SqlExpressions::Type SqlExpressions::sum() {
  Type type = product();
  while (is("+") || is("-") || is("||") || is("->") || is("->>") || is("&") || is("|") || is("<<") || is(">>")) {
    if (is("->") || is("->>")) object("uses " + now().text + ", which answers 1 on one engine and '1' on the other: make a column of it");
    if (!is("+") && !is("-") && !is("||")) object("reckons with bits, by " + now().text + ": do it in C++");
    need_value(type, "in a sum");
    ++at_;
    type = need_value(product(), "in a sum");
  }
  return type;
}

SqlExpressions::Type SqlExpressions::product() {
  Type type = sign();
  while (is("*") || is("/") || is("%")) {
    if (is("/")) object("divides, which cuts on one engine and may not on the other: do it in C++");
    need_value(type, "in a product");
    ++at_;
    type = need_value(sign(), "in a product");
  }
  if (is("::")) object("casts by ::, which SQLite does not know: write CAST(x AS BIGINT)");
  return type;
}

SqlExpressions::Type SqlExpressions::sign() {
  if (take("-")) return need_value(sign(), "behind a sign");
  if (is("+")) object("has a sign +, by which only SQLite means something");
  return primary();
}

SqlExpressions::Type SqlExpressions::primary() {
  switch (now().kind) {
    case SqlKind::number:
    case SqlKind::text: ++at_; return Type::value;
    case SqlKind::parameter:
      if (now().text[0] != '$' || now().text[1] < '1' || now().text[1] > '9') object("has a parameter " + now().text + ": they are written $1, $2 ...");
      ++at_;
      return Type::value;
    case SqlKind::symbol: return parenthesis();
    case SqlKind::end: object("ends where an expression should stand");
    default: break;
  }
  if (take("NULL")) return Type::null;
  if (take("TRUE") || take("FALSE")) return Type::truth;
  if (is("CASE")) return case_of();
  if (is("CAST")) return cast();
  if (take("EXISTS")) {
    need("(");
    select();
    need(")");
    return Type::truth;
  }
  if (now().kind == SqlKind::word && ahead().is("(")) return function();
  if (now().kind == SqlKind::word && (ahead().is("[") || ahead().kind == SqlKind::text)) object("has " + now().text + ahead().text + ", which one engine does not know");
  return column();
}

SqlExpressions::Type SqlExpressions::parenthesis() {
  need("(");
  if (starts_select()) {
    select();
    need(")");
    return Type::value;
  }
  Type type = expression();
  if (is(",")) {
    need_value(type, "in a row");
    while (take(",")) value("in a row");
    type = Type::row;
  }
  need(")");
  return type;
}

SqlExpressions::Type SqlExpressions::case_of() {
  need("CASE");
  bool searched = is("WHEN");
  if (!searched) value("behind CASE");
  bool any = false;
  Type type = Type::null;
  auto branch = [&] {
    Type one = expression();
    if (any && one != Type::null && type != Type::null && (one == Type::truth) != (type == Type::truth)) object("has a CASE of values and truths");
    if (!any || type == Type::null) type = one;
    any = true;
  };
  while (take("WHEN")) {
    searched ? truth("behind WHEN") : value("behind WHEN");
    need("THEN");
    branch();
  }
  if (take("ELSE")) branch();
  need("END");
  return type;
}

SqlExpressions::Type SqlExpressions::cast() {
  need("CAST");
  need("(");
  ++casts_;
  value("in CAST");
  --casts_;
  need("AS");
  if (take("DOUBLE")) {
    need("PRECISION");
  } else if (!take("BIGINT") && !take("TEXT")) {
    object("casts to " + now().text + ", which is not the same type on both: BIGINT, TEXT and DOUBLE PRECISION are");
  }
  need(")");
  return Type::value;
}

SqlExpressions::Type SqlExpressions::function() {
  std::string called = now().upper;
  bool is_aggregate = is_among(aggregates, called);
  bool is_window = is_among(windows, called);
  if (auto instead = refused_functions().find(called); instead != refused_functions().end()) {
    object("calls " + now().text + ", which is not the same on both: use " + instead->second);
  }
  if (!is_aggregate && !is_window && !is_among(plain, called)) object("calls " + now().text + ", which is not known to be the same on both");
  at_ += 2;
  if (called == "SUM" && casts_ == 0) object("sums without CAST(.. AS BIGINT): the sum of integers has another type on each engine");
  if (is_aggregate) ++aggregates_;
  int arguments = 0;
  if (!take("*")) {
    take("DISTINCT");
    if (!is(")")) {
      do {
        value("as an argument");
        ++arguments;
      } while (take(","));
    }
  }
  if (is_aggregate) --aggregates_;
  if ((called == "MIN" || called == "MAX") && arguments != 1) object("calls " + called + " with several arguments, which is an aggregate elsewhere: write CASE");
  need(")");
  if (take("FILTER")) {
    need("(");
    need("WHERE");
    ++aggregates_;
    truth("in FILTER");
    --aggregates_;
    need(")");
  }
  if (take("OVER")) {
    need("(");
    if (take("PARTITION")) {
      need("BY");
      list_of_values("in PARTITION BY");
    }
    if (take("ORDER")) {
      need("BY");
      do {
        value("in ORDER BY");
        if (!take("DESC")) take("ASC");
      } while (take(","));
    }
    need(")");
  } else if (is_window) {
    object("calls " + called + " without OVER");
  } else if (is_aggregate && !levels_.empty()) {
    levels_.back().has_aggregate = true;
  }
  return Type::value;
}

SqlExpressions::Type SqlExpressions::column() {
  std::string text = name("a column");
  bool is_alone = true;
  while (take(".")) {
    text += "." + name("a column");
    is_alone = false;
  }
  if (must_name_table_ && is_alone) object("sets something by " + text + ", which could be the row's or the new one's: write its table's name or excluded before it");
  if (aggregates_ == 0 && !levels_.empty()) levels_.back().loose.push_back(text);
  return Type::value;
}

}  // namespace kith::test
