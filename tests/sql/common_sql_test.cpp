// The gate of SQL itself: a row of bad statements and good ones for each thing that only one engine takes.
#include <catch2/catch.hpp>

#include <filesystem>
#include <utility>

#include "sql/connection.h"
#include "support/common_sql.h"
#include "support/folder.h"
#include "support/paths.h"

using namespace kith::test;

namespace {

struct Row {
  const char* bad;
  const char* part;  // of what is said of it
  const char* good;
};

const Row rows[] = {
    // INSERT OR, REPLACE
    {"INSERT OR IGNORE INTO a (b) VALUES ($1)", "OR IGNORE", "INSERT INTO a (b) VALUES ($1) ON CONFLICT (b) DO NOTHING"},
    {"INSERT OR REPLACE INTO a (b) VALUES ($1)", "OR REPLACE", "INSERT INTO a (b, c) VALUES ($1, $2) ON CONFLICT (b) DO UPDATE SET c = excluded.c"},
    {"REPLACE INTO a (b) VALUES ($1)", "replaces", "INSERT INTO a (b) SELECT c FROM d WHERE true ON CONFLICT (b) DO NOTHING"},
    {"UPDATE OR IGNORE a SET b = 1", "OR IGNORE", "UPDATE a SET b = 1"},
    {"INSERT INTO a (b) SELECT c FROM d ON CONFLICT (b) DO NOTHING", "WHERE true", "INSERT INTO a (b) SELECT c FROM d"},
    {"INSERT INTO a (b) VALUES (1) ON CONFLICT DO UPDATE SET b = 2", "without a key", "INSERT INTO a (b) VALUES (1) ON CONFLICT DO NOTHING"},
    // DO UPDATE SET b = b + 1
    {"INSERT INTO a (b, c) VALUES (1, 1) ON CONFLICT (b) DO UPDATE SET c = c + 1", "sets something by c", "INSERT INTO a (b, c) VALUES (1, 1) ON CONFLICT (b) DO UPDATE SET c = a.c + 1"},
    {"INSERT INTO a (b, c) VALUES (1, 1) ON CONFLICT (b) DO UPDATE SET c = COALESCE(excluded.c, c)", "sets something by c",
     "INSERT INTO a (b, c) VALUES (1, 1) ON CONFLICT (b) DO UPDATE SET c = (SELECT e FROM d WHERE f = 1)"},
    {"INSERT INTO a (b, c) VALUES (1, 1) ON CONFLICT (b) DO UPDATE SET c = excluded.c WHERE c < 3", "sets something by c",
     "INSERT INTO a (b, c) VALUES (1, 1) ON CONFLICT (b) DO UPDATE SET c = excluded.c WHERE a.c < 3"},
    // WHERE flag, ==
    {"SELECT a FROM b WHERE flag", "behind WHERE", "SELECT a FROM b WHERE flag = 1"},
    {"SELECT a FROM b WHERE c = 1 AND flag", "behind AND", "SELECT a FROM b WHERE c = 1 AND (flag = 1 OR d IS NULL)"},
    {"SELECT a FROM b WHERE NOT flag", "behind NOT", "SELECT a FROM b WHERE NOT flag = 1"},
    {"SELECT a FROM b WHERE NOT (flag OR c = 1)", "before OR", "SELECT a FROM b WHERE NOT (flag = 1 OR c = 1)"},
    {"SELECT a FROM b WHERE $1", "behind WHERE", "SELECT a FROM b WHERE TRUE"},
    {"SELECT CASE WHEN flag THEN 1 ELSE 0 END FROM b", "behind WHEN", "SELECT CASE flag WHEN 1 THEN 1 ELSE 0 END FROM b"},
    {"SELECT a FROM b JOIN c ON flag", "behind ON", "SELECT a FROM b JOIN c ON c.d = b.d"},
    {"DELETE FROM b WHERE flag", "behind WHERE", "DELETE FROM b WHERE flag <> 0"},
    {"SELECT COUNT(*) FILTER (WHERE flag) FROM b", "in FILTER", "SELECT COUNT(*) FILTER (WHERE flag = 1) FROM b"},
    {"SELECT a FROM b WHERE c == 1", "==", "SELECT a FROM b WHERE c = 1"},
    {"SELECT a FROM b WHERE c IS 1", "IS with a value", "SELECT a FROM b WHERE c IS NOT DISTINCT FROM $1"},
    // EXISTS or a comparison as a value
    {"SELECT EXISTS (SELECT 1 FROM b)", "as a value", "SELECT 1 WHERE EXISTS (SELECT 1 FROM b)"},
    {"SELECT a = 1 FROM b", "as a value", "SELECT CASE WHEN a = 1 THEN 1 ELSE 0 END FROM b"},
    {"UPDATE b SET a = c IS NULL", "as a value", "UPDATE b SET a = CASE WHEN c IS NULL THEN 1 ELSE 0 END"},
    {"SELECT CAST(SUM(a > 1) AS BIGINT) FROM b", "as a value", "SELECT CAST(SUM(CASE WHEN a > 1 THEN 1 ELSE 0 END) AS BIGINT) FROM b"},
    {"SELECT a FROM b ORDER BY c IS NULL, c", "as a value", "SELECT a FROM b ORDER BY c NULLS LAST"},
    {"SELECT a FROM b WHERE (c = 1) = (d = 1)", "as a value", "SELECT a FROM b WHERE (c, d) = ($1, $2)"},
    {"INSERT INTO a (b) VALUES ($1 IN (1, 2))", "as a value", "INSERT INTO a (b) VALUES ($1)"},
    {"SELECT CASE WHEN a = 1 THEN b ELSE c > 1 END FROM d", "values and truths", "SELECT a FROM d WHERE CASE WHEN b = 1 THEN c = 1 ELSE c = 2 END"},
    // sum, avg, round, division
    {"SELECT sum(a) FROM b", "sums without CAST", "SELECT CAST(COALESCE(sum(a), 0) AS BIGINT) FROM b"},
    {"SELECT avg(a) FROM b", "avg", "SELECT COUNT(a), MAX(a) FROM b"},
    {"SELECT round(a) FROM b", "round", "SELECT a FROM b"},
    {"SELECT a / 2 FROM b", "divides", "SELECT a * 2 - 1 FROM b"},
    {"SELECT CAST(a AS INTEGER) FROM b", "casts to INTEGER", "SELECT CAST(a AS BIGINT) FROM b"},
    {"SELECT a::bigint FROM b", "::", "SELECT CAST(a AS TEXT) FROM b"},
    // functions that are missing or different
    {"SELECT ifnull(a, 1) FROM b", "COALESCE", "SELECT COALESCE(a, 1) FROM b"},
    {"SELECT max(a, 1) FROM b", "several arguments", "SELECT max(a) FROM b"},
    {"SELECT min(a, b, 1) FROM b", "several arguments", "SELECT CASE WHEN a < b THEN a ELSE b END FROM b"},
    {"SELECT instr(a, 'x') FROM b", "instr", "SELECT replace(a, 'x', ''), substr(a, 2), length(a) FROM b"},
    {"SELECT total(a) FROM b", "total", "SELECT nullif(a, 0) FROM b"},
    {"SELECT hex(a) FROM b", "hex", "SELECT 'hex(a)' FROM b"},
    {"SELECT group_concat(a) FROM b", "group_concat", "SELECT a FROM b"},
    {"SELECT date('now')", "date", "SELECT date FROM b"},
    {"SELECT strftime('%s', a) FROM b", "strftime", "SELECT a FROM b WHERE at >= $1"},
    {"SELECT random()", "random", "SELECT $1"},
    {"SELECT lower(a) FROM b", "lower", "SELECT a FROM b"},
    {"SELECT unheard_of(a) FROM b", "unheard_of", "SELECT a FROM b"},
    {"SELECT row_number() FROM b", "without OVER", "SELECT row_number() OVER (PARTITION BY a ORDER BY b DESC) FROM b"},
    // LIMIT, ANY, arrays
    {"SELECT a FROM b LIMIT -1", "below 0", "SELECT a FROM b LIMIT $1 OFFSET 3"},
    {"SELECT a FROM b LIMIT 2, 3", "LIMIT a, b", "SELECT a FROM b ORDER BY a DESC NULLS LAST LIMIT 3"},
    {"DELETE FROM b WHERE c = 1 LIMIT 3", "limits a change", "DELETE FROM b WHERE id IN (SELECT id FROM b ORDER BY id LIMIT 3)"},
    {"UPDATE b SET c = 1 ORDER BY c LIMIT 3", "limits a change", "UPDATE b SET c = 1 WHERE id IN (SELECT id FROM b LIMIT 3) RETURNING id"},
    {"SELECT a FROM b WHERE a = ANY($1)", "ANY", "SELECT a FROM b WHERE a IN (SELECT value FROM json_each($1)) AND c = 1"},
    {"SELECT a FROM b WHERE a IN (SELECT value FROM json_each('[1]'))", "json_each", "SELECT a FROM b WHERE a IN ($1, $2)"},
    {"SELECT a FROM b WHERE a IN (SELECT key FROM json_each($1))", "json_each", "SELECT a FROM b JOIN (VALUES ($1), ($2)) AS v ON v.column1 = b.a"},
    {"SELECT ARRAY[1, 2]", "ARRAY", "SELECT a FROM b WHERE (a, c) IN (VALUES (1, 2), (3, 4))"},
    {"SELECT a FROM b WHERE a IN ()", "IN ()", "SELECT a FROM b WHERE 1 = 0"},
    // WITH, subqueries, GROUP BY
    {"WITH d AS (DELETE FROM a RETURNING b) SELECT b FROM d", "changes data", "WITH d AS (SELECT b FROM a) SELECT b FROM d"},
    {"WITH r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 9) SELECT n FROM r", "WITH RECURSIVE",
     "WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 9) SELECT n FROM r"},
    {"SELECT a FROM (SELECT a FROM b)", "without a name", "SELECT a FROM (SELECT a FROM b) AS s"},
    {"SELECT a, COUNT(*) FROM b", "beside aggregates", "SELECT COUNT(*), MIN(a) FROM b"},
    {"SELECT a, c, COUNT(*) FROM b GROUP BY a", "selects c", "SELECT a, c, COUNT(*) FROM b GROUP BY a, c"},
    {"SELECT t.a, t.c, MAX(t.d) FROM b t GROUP BY t.a", "selects t.c", "SELECT t.a, MAX(t.d) + 1 FROM b t WHERE t.c = 1 GROUP BY t.a HAVING COUNT(*) > 1"},
    {"SELECT DISTINCT a FROM b ORDER BY c", "orders DISTINCT", "SELECT DISTINCT a, c FROM b ORDER BY c"},
    {"SELECT a b FROM c", "without AS", "SELECT a AS b FROM c"},
    {"SELECT a FROM b CROSS JOIN c ON c.d = b.d", "CROSS JOIN", "SELECT a FROM b CROSS JOIN c WHERE c.d = b.d"},
    {"SELECT a FROM b JOIN c", "ON", "SELECT a FROM b, e LEFT JOIN c ON c.d = e.d"},
    // JSON, case, names of one engine
    {"SELECT a ->> 'k' FROM b", "->>", "SELECT a FROM b"},
    {"SELECT a -> 'k' FROM b", "->", "SELECT a - 1 FROM b"},
    {"SELECT a FROM b WHERE c LIKE 'x%'", "LIKE", "SELECT a FROM b WHERE c >= 'x' AND c < 'y'"},
    {"SELECT a FROM b WHERE c NOT LIKE $1", "LIKE", "SELECT a FROM b WHERE c NOT IN ($1, 'LIKE')"},
    {"SELECT a FROM b WHERE c GLOB 'x*'", "GLOB", "SELECT a FROM b WHERE c BETWEEN $1 AND $2 AND d = 3"},
    {"SELECT a FROM b WHERE c = $1 COLLATE NOCASE", "COLLATE", "SELECT a FROM b WHERE c_key = $1"},
    {"SELECT a FROM b ORDER BY c COLLATE NOCASE", "COLLATE", "SELECT a FROM b ORDER BY c_key"},
    // triggers and the rest
    {"CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; END", "TRIGGER", "CREATE INDEX t ON a (b)"},
    {"CREATE TEMP TABLE t (a)", "TEMP", "ALTER TABLE a ADD COLUMN b TEXT"},
    {"CREATE TABLE t (a INTEGER REFERENCES b DEFERRABLE INITIALLY DEFERRED)", "DEFERRABLE", "DROP INDEX t"},
    {"CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT)", "AUTOINCREMENT", "CREATE TABLE t (a INTEGER PRIMARY KEY)"},
    {"ATTACH 'x' AS y", "ATTACH", "SAVEPOINT x"},
    {"SELECT changes()", "changes", "RELEASE x"},
    {"SELECT last_insert_rowid()", "last_insert_rowid", "ROLLBACK TO x"},
    {"SELECT rowid FROM a", "rowid", "SELECT id FROM a"},
    {"SELECT name FROM sqlite_schema", "sqlite_schema", "SELECT name AS sqlite FROM a"},
    {"SELECT name FROM pragma_table_info('a')", "pragma_table_info", "SELECT 'pragma_table_info(a)'"},
    {"SELECT a FROM b NOT INDEXED WHERE c = 1", "index", "SELECT a FROM b WHERE c = 1"},
    {"SELECT a FROM b INDEXED BY d WHERE c = 1", "index", "SELECT indexed FROM b t WHERE t.indexed = 1"},
    {"SELECT a FROM b WHERE +c = 1", "sign", "SELECT a FROM b WHERE -c = 1"},
    {"SELECT a FROM b WHERE c = ?1", "parameter ?1", "SELECT a FROM b WHERE c = $1"},
    {"SELECT a FROM b WHERE c = x'00'", "x'00'", "SELECT a FROM b WHERE c = 'x00'"},
    {"SELECT user FROM b", "user", "SELECT owner FROM b"},
    {"SELECT [a] FROM b", "[", "SELECT \"a\" FROM b"},
    {"PRAGMA user_version", "PRAGMA", "BEGIN"},
    {"BEGIN IMMEDIATE", "begin_write", "COMMIT"},
    {"VACUUM", "VACUUM", "SELECT 1"},
    {"SELECT 1; SELECT 2", "goes on", "SELECT 1;"},
    {"UPDATE a SET a.b = 1", "table's name before", "UPDATE a SET (b, c) = (SELECT d, e FROM f WHERE f.g = a.g) WHERE h = 1"},
    {"UPDATE a SET b = 1 FROM c WHERE flag", "behind WHERE", "UPDATE a SET b = c.b FROM c WHERE c.id = a.id"},
};

}  // namespace

TEST_CASE("what only one engine takes is refused, and what both take is not", "[sql][gate]") {
  for (const Row& row : rows) {
    INFO(row.bad);
    std::string why = objection_to(row.bad);
    INFO("said: " << why);
    CHECK(why.find(row.part) != std::string::npos);
  }
  for (const Row& row : rows) {
    INFO(row.good);
    CHECK(objection_to(row.good).empty());
  }
}

TEST_CASE("the gate is not fooled by texts, names and comments", "[sql][gate]") {
  CHECK(objection_to("SELECT 'a == b', 'it''s LIKE', \"rowid\" FROM a -- ifnull(a, 1) == 2").empty());
  CHECK(objection_to("SELECT a /* WHERE flag */ FROM b WHERE c = 'INSERT OR IGNORE'").empty());
  CHECK(objection_to("SELECT 'x' || \"a\"\"b\" FROM c").empty());
  CHECK_FALSE(objection_to("SELECT a FROM b WHERE c =/* */= 1").empty());
  CHECK_FALSE(objection_to("select a from b where c Like 'x'").empty());
  CHECK_FALSE(objection_to("SELECT a FROM b WHERE d IN (SELECT c FROM e WHERE flag)").empty());
  CHECK_FALSE(objection_to("SELECT (SELECT (SELECT ifnull(1, 2))) FROM b").empty());
  for (const char* unfinished : {"", "SELECT", "SELECT a FROM", "SELECT a FROM b WHERE", "SELECT (a FROM b", "INSERT INTO a", "UPDATE a", "DELETE", "SELECT 'a", "SELECT a FROM b WHERE c = $"}) {
    INFO(unfinished);
    CHECK((objection_to(unfinished).empty() == (std::string_view(unfinished) == "SELECT 'a")));
  }
}

TEST_CASE("the gate sees what a connection prepares, but for what is native", "[sql][gate]") {
  struct Alone {  // the gate of the whole suite is not to see what follows
    kith::StatementObserver* suite = std::exchange(kith::statement_observer(), nullptr);
    ~Alone() { kith::statement_observer() = suite; }
  } alone;
  REQUIRE(alone.suite != nullptr);
  kith::OpenSettings settings;
  settings.memory = true;
  kith::Connection db(settings);
  SqlGate gate;
  db.run("CREATE TABLE a (b INTEGER PRIMARY KEY)");
  for (int i = 0; i < 2; ++i) db.run("INSERT OR IGNORE INTO a (b) VALUES (1)");
  db.prepare("SELECT b FROM a WHERE b = $1");
  db.prepare(kith::SqlText("SELECT b FROM a WHERE b == ") + kith::Dialect::number(3));
  db.prepare_native("PRAGMA user_version");
  db.prepare(kith::Dialect::has_table());
  db.prepare_foreign("SELECT rowid FROM a");
  db.run_script("SELECT rowid FROM a");
  CHECK(gate.read() == 4);
  REQUIRE(gate.refused().size() == 2);
  CHECK(gate.refused()[0].sql == "INSERT OR IGNORE INTO a (b) VALUES (1)");
}

// Only src/sql may say that a statement is native, or run a text that nobody reads.
TEST_CASE("outside of src/sql nothing is native", "[sql][gate]") {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path("../src"))) {
    std::string file = entry.path().string();
    if (!entry.is_regular_file() || file.find("/src/sql/") != std::string::npos) continue;
    ++files;
    std::string text = bytes_of(file);
    INFO(file);
    for (const char* way : {"_native", "run_script", "prepare_foreign", "sqlite3_", "raw()"}) CHECK(text.find(way) == std::string::npos);
  }
  CHECK(files > 100);
}
