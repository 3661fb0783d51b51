#include "support/common_sql.h"

#include <algorithm>
#include <utility>

#include "sql/dialect.h"
#include "support/sql_expression.h"

namespace kith::test {

namespace {

class Statements final : public SqlExpressions {
 public:
  explicit Statements(std::string_view sql) : SqlExpressions(sql) {}

  void read() {
    if (is("EXPLAIN")) return;  // a test that looks at a plan
    statement();
    take(";");
    if (now().kind != SqlKind::end) object("goes on with " + now().text + " where it should end");
  }

 private:
  void statement() {
    if (take("BEGIN")) {
      if (is("IMMEDIATE") || is("EXCLUSIVE") || is("DEFERRED")) object("begins in a way that only SQLite knows: use Connection::begin_write");
      return;
    }
    if (take("COMMIT")) return;
    if (take("ROLLBACK")) {
      if (take("TO")) name("a savepoint");
      return;
    }
    if (take("SAVEPOINT") || take("RELEASE")) {
      name("a savepoint");
      return;
    }
    if (is("CREATE") || is("ALTER") || is("DROP")) return definition();
    if (is("REPLACE")) object("replaces, which PostgreSQL does not know and which deletes: write ON CONFLICT (key) DO UPDATE");
    bool has_with = is("WITH");
    if (has_with) with();
    if (starts_select()) {
      select();
    } else if (take("INSERT")) {
      insert();
    } else if (take("UPDATE")) {
      update();
    } else if (take("DELETE")) {
      remove();
    } else {
      object("begins with " + now().text + ", which only one engine knows: it belongs to src/sql, as a native statement");
    }
  }

  // Types are the dialect's; what else differs shows by a word.
  void definition() {
    for (; now().kind != SqlKind::end; ++at_) {
      for (std::string_view word : {"TRIGGER", "TEMP", "TEMPORARY", "VIRTUAL", "DEFERRABLE", "AUTOINCREMENT", "COLLATE"}) {
        if (is(word)) object("defines something with " + now().text + ", which is bound to one engine");
      }
    }
  }

  void with() {
    need("WITH");
    bool recursive = take("RECURSIVE");
    do {
      std::string called = name("a WITH query");
      if (take("(")) {
        do name("a column");
        while (take(","));
        need(")");
      }
      need("AS");
      need("(");
      if (is("INSERT") || is("UPDATE") || is("DELETE")) object("changes data in WITH, which SQLite does not know: write two statements");
      std::size_t from = at_;
      select();
      for (std::size_t i = from; i < at_ && !recursive; ++i) {
        if (tokens_[i].text == called && i > from && (tokens_[i - 1].is("FROM") || tokens_[i - 1].is("JOIN"))) object("has a WITH query that reads itself: write WITH RECURSIVE");
      }
      need(")");
    } while (take(","));
  }

  void select() override {
    if (of_dialect()) return;
    if (is("WITH")) with();
    bool outer = std::exchange(must_name_table_, false);  // in a query of its own a column's table is clear
    core();
    while (take("UNION") || take("EXCEPT") || take("INTERSECT")) {
      take("ALL");
      core();
    }
    order_and_limit();
    must_name_table_ = outer;
  }

  // What the dialect makes for each engine anew: the ids in a parameter.
  bool of_dialect() {
    for (std::size_t i = at_; i < tokens_.size() && i < at_ + 8; ++i) {
      if (tokens_[i].kind != SqlKind::parameter) continue;
      std::vector<SqlToken> ids = sql_tokens(Dialect::id_list(std::stoi(tokens_[i].text.substr(1))).string());
      ids.pop_back();
      bool same = at_ + ids.size() <= tokens_.size() &&
                  std::equal(ids.begin(), ids.end(), tokens_.begin() + static_cast<std::ptrdiff_t>(at_), [](const SqlToken& a, const SqlToken& b) { return a.text == b.text; });
      if (same) at_ += ids.size();
      return same;
    }
    return false;
  }

  void core() {
    has_where_ = has_from_ = is_distinct_ = false;
    items_.clear();
    if (take("VALUES")) return rows();
    need("SELECT");
    bool distinct = take("DISTINCT");
    if (!distinct) take("ALL");
    levels_.emplace_back();
    std::vector<std::string> items = this->items();
    bool from = take("FROM");
    if (from) tables();
    std::size_t loose = levels_.back().loose.size();  // those of conditions do not count
    bool where = take("WHERE");
    if (where) truth("behind WHERE");
    levels_.back().loose.resize(std::min(loose, levels_.back().loose.size()));
    grouping(items);
    levels_.pop_back();
    items_ = std::move(items);
    is_distinct_ = distinct;
    has_from_ = from;
    has_where_ = where;
  }

  void rows() {
    do {
      need("(");
      list_of_values("in VALUES");
      need(")");
    } while (take(","));
  }

  // Each as its text, without the name that it gets.
  std::vector<std::string> items() {
    std::vector<std::string> items;
    do {
      std::size_t from = at_;
      if (take("*")) {
        items.emplace_back("*");
        continue;
      }
      if (now().is_name() && ahead().is(".") && ahead(2).is("*")) {
        at_ += 3;
      } else {
        value("in what is selected");
      }
      items.push_back(text_since(from));
      if (take("AS")) items.push_back(name("a result"));
      else if (now().is_name() && !(now().kind == SqlKind::word && is_sql_keyword(now().upper))) object("names a result without AS");
    } while (take(","));
    return items;
  }

  void tables() {
    const std::size_t before = levels_.back().loose.size();
    do table();
    while (take(","));
    while (true) {
      if (is("NATURAL")) object("joins by NATURAL, which follows whatever columns there are: say ON");
      bool cross = take("CROSS");
      if (!cross && (take("LEFT") || take("RIGHT") || take("FULL"))) take("OUTER");
      else if (!cross) take("INNER");
      if (!take("JOIN")) break;
      table();
      if (cross) {
        if (is("ON") || is("USING")) object("has a CROSS JOIN with a condition, which PostgreSQL does not know: say it behind WHERE");
        continue;
      }
      need("ON");
      truth("behind ON");
    }
    levels_.back().loose.resize(before);
  }

  void table() {
    if (take("(")) {
      select();
      need(")");
      if (!is("AS")) object("has a query in FROM without a name: PostgreSQL wants one, with AS");
      need("AS");
      name("a query");
      return;
    }
    std::string called = name("a table");
    if (is("(")) object("reads " + called + "(..) as a table, which one engine does not know");
    if ((is("INDEXED") && ahead().is("BY")) || (is("NOT") && ahead().is("INDEXED"))) object("says which index to use, which only SQLite knows");
    if (take("AS") || (now().is_name() && !(now().kind == SqlKind::word && is_sql_keyword(now().upper)))) name("a table");
  }

  void grouping(const std::vector<std::string>& items) {
    Level& level = levels_.back();
    std::vector<std::string> loose = level.loose;
    std::vector<std::string> groups;
    bool grouped = take("GROUP");
    if (grouped) {
      need("BY");
      do {
        std::size_t from = at_;
        value("in GROUP BY");
        groups.push_back(text_since(from));
      } while (take(","));
    }
    bool aggregates = level.has_aggregate;
    if (take("HAVING")) truth("behind HAVING");
    if (!grouped && !aggregates) return;
    if (std::find(items.begin(), items.end(), "*") != items.end()) object("selects * of groups: name what is grouped");
    for (const std::string& column : loose) {
      std::string spaced;  // as it stands among tokens
      for (char c : column) spaced += c == '.' ? std::string(" . ") : std::string(1, c);
      if (std::find(groups.begin(), groups.end(), spaced) == groups.end()) object("selects " + column + " beside aggregates without grouping by it");
    }
  }

  void order_and_limit() {
    if (take("ORDER")) {
      need("BY");
      do {
        std::size_t from = at_;
        value("in ORDER BY");
        std::string by = text_since(from);
        if (is_distinct_ && std::find(items_.begin(), items_.end(), by) == items_.end()) object("orders DISTINCT rows by " + by + ", which is not among them");
        if (!take("DESC")) take("ASC");
        if (take("NULLS") && !take("FIRST")) need("LAST");
      } while (take(","));
    }
    if (take("LIMIT")) {
      if (is("-")) object("has a LIMIT below 0, which PostgreSQL refuses: leave LIMIT out");
      value("behind LIMIT");
      if (is(",")) object("has LIMIT a, b, which PostgreSQL does not know: write LIMIT b OFFSET a");
      if (take("OFFSET")) value("behind OFFSET");
    }
  }

  void insert() {
    if (take("OR")) object("inserts OR " + now().text + ", which PostgreSQL does not know: write ON CONFLICT (key) DO NOTHING or DO UPDATE");
    need("INTO");
    std::string table = name("a table");
    if (take("(")) {
      do name("a column");
      while (take(","));
      need(")");
    }
    bool from_query = !is("VALUES") && !is("DEFAULT");
    if (take("DEFAULT")) {
      need("VALUES");
    } else {
      select();
    }
    if (is("ON")) {
      if (from_query && has_from_ && !has_where_) object("has INSERT .. SELECT .. ON CONFLICT without WHERE, which SQLite takes for a join: write WHERE true");
      conflict();
    }
    returning();
  }

  void conflict() {
    need("ON");
    need("CONFLICT");
    bool has_target = take("(");
    if (has_target) {
      do name("a column");
      while (take(","));
      need(")");
    }
    need("DO");
    if (take("NOTHING")) return;
    if (!has_target) object("has DO UPDATE without a key, which PostgreSQL refuses");
    need("UPDATE");
    need("SET");
    must_name_table_ = true;
    assignments();
    if (take("WHERE")) truth("behind WHERE");
    must_name_table_ = false;
  }

  void assignments() {
    do {
      if (take("(")) {
        do name("a column");
        while (take(","));
        need(")");
      } else {
        name("a column");
        if (is(".")) object("sets a column with its table's name before it, which PostgreSQL refuses");
      }
      need("=");
      value("in SET");
    } while (take(","));
  }

  void update() {
    if (take("OR")) object("updates OR " + now().text + ", which PostgreSQL does not know");
    table();
    need("SET");
    assignments();
    if (take("FROM")) {
      levels_.emplace_back();
      tables();
      levels_.pop_back();
    }
    where_and_end();
  }

  void remove() {
    need("FROM");
    table();
    where_and_end();
  }

  void where_and_end() {
    if (take("WHERE")) truth("behind WHERE");
    returning();
    if (is("ORDER") || is("LIMIT")) object("limits a change, which PostgreSQL does not know: write WHERE id IN (SELECT .. LIMIT n)");
  }

  void returning() {
    if (!take("RETURNING")) return;
    items();
  }

  // Of the last SELECT read.
  std::vector<std::string> items_;
  bool has_from_ = false;
  bool has_where_ = false;
  bool is_distinct_ = false;
};

}  // namespace

std::string objection_to(std::string_view sql) {
  try {
    Statements(sql).read();
    return {};
  } catch (const SqlObjection& objection) {
    return objection.why;
  }
}

std::vector<SqlGate::Refused> SqlGate::refused() const {
  std::lock_guard lock(mutex_);
  return refused_;
}

std::size_t SqlGate::read() const {
  std::lock_guard lock(mutex_);
  return seen_.size();
}

void SqlGate::prepared(std::string_view text, sqlite3_stmt*, sqlite3*) {
  std::lock_guard lock(mutex_);
  if (!seen_.emplace(text).second) return;
  if (std::string why = objection_to(text); !why.empty()) refused_.push_back({std::string(text), why});
}

}  // namespace kith::test
