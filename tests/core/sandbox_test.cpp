// kith_sql in hostile hands: whatever is written there, the file stays as it is, nothing new lies beside it, and the
// answer comes in time.
#include <catch2/catch.hpp>

#include <atomic>
#include <chrono>
#include <thread>

#include "base/failing.h"
#include "sql/sandbox.h"
#include "support/crm.h"
#include "support/folder.h"
#include "support/full_file.h"
#include "support/handle.h"
#include "support/raw.h"

using namespace kith::test;
using Catch::Matchers::StartsWith;

namespace {

using Lines = std::vector<std::string>;

// REFUSED: they are SQL, and do more than reading.
const Lines refused = {
    "INSERT INTO tag (id, name, name_key, created, updated) VALUES (99, 'x', 'x', 1, 1)",
    "INSERT OR REPLACE INTO lead (id, email, created, updated) VALUES (1, 'x@y.example', 1, 1)",
    "REPLACE INTO setting VALUES ('a', 'b')",
    "UPDATE lead SET email = 'x@y.example'",
    "UPDATE OR IGNORE lead SET id = 7",
    "DELETE FROM lead",
    "DELETE FROM event WHERE id = 1",
    "INSERT INTO setting VALUES ('a', 'b') RETURNING *",
    "DELETE FROM setting RETURNING name",
    "UPDATE setting SET value = 'x' RETURNING value",
    "WITH x AS (SELECT 1) DELETE FROM lead",
    "WITH x(a) AS (SELECT 'q') INSERT INTO setting SELECT a, a FROM x",
    "EXPLAIN DELETE FROM lead",
    "CREATE TABLE t (x)",
    "CREATE TEMP TABLE t (x)",
    "CREATE TABLE t AS SELECT * FROM lead",
    "CREATE VIEW v AS SELECT 1",
    "CREATE TEMP VIEW v AS SELECT 1",
    "CREATE TRIGGER t AFTER INSERT ON lead BEGIN DELETE FROM lead; END",
    "CREATE TEMP TRIGGER t AFTER INSERT ON lead BEGIN SELECT 1; END",
    "CREATE INDEX i ON lead (city)",
    "CREATE UNIQUE INDEX i ON lead (city)",
    "CREATE VIRTUAL TABLE v USING fts5 (x)",
    "CREATE VIRTUAL TABLE temp.v USING fts5vocab (main, lead_search, row)",
    "DROP TABLE lead",
    "DROP TABLE IF EXISTS lead_search",
    "DROP INDEX lead_created",
    "DROP VIEW IF EXISTS v",
    "ALTER TABLE lead ADD COLUMN colour",
    "ALTER TABLE lead RENAME TO l",
    "ALTER TABLE lead RENAME COLUMN city TO town",
    "ALTER TABLE lead DROP COLUMN city",
    "ATTACH DATABASE ':memory:' AS m",
    "ATTACH 'other.db' AS o",
    "ATTACH 'file:other.db?mode=rwc' AS o",
    "ATTACH '' AS temporary",
    "DETACH main",
    "PRAGMA writable_schema=ON",
    "PRAGMA journal_mode=DELETE",
    "PRAGMA query_only=OFF",
    "PRAGMA foreign_keys=OFF",
    "PRAGMA user_version=77",
    "PRAGMA application_id=77",
    "PRAGMA locking_mode=EXCLUSIVE",
    "PRAGMA synchronous=OFF",
    "PRAGMA secure_delete=OFF",
    "PRAGMA trusted_schema=ON",
    "PRAGMA temp_store_directory='/tmp'",
    "PRAGMA wal_checkpoint(TRUNCATE)",
    "PRAGMA mmap_size=268435456",
    "PRAGMA cache_size=1000000",
    "PRAGMA max_page_count=10",
    "PRAGMA page_size=512",
    "PRAGMA auto_vacuum=FULL",
    "PRAGMA incremental_vacuum(10)",
    "PRAGMA optimize",
    "PRAGMA shrink_memory",
    "PRAGMA hard_heap_limit=1000",
    "PRAGMA busy_timeout=0",
    "PRAGMA table_info(lead)",
    "PRAGMA integrity_check",
    "SELECT * FROM pragma_table_info('lead')",
    "SELECT * FROM pragma_database_list",
    "SELECT * FROM pragma_journal_mode",
    "VACUUM",
    "VACUUM INTO 'copy.db'",
    "REINDEX",
    "ANALYZE",
    "BEGIN",
    "BEGIN EXCLUSIVE",
    "COMMIT",
    "ROLLBACK",
    "SAVEPOINT s",
    "RELEASE s",
    "SELECT zeroblob(1000000000)",
    "SELECT randomblob(1000000000)",
    "SELECT random()",
    "SELECT sqlite_version()",
    "SELECT sqlite_source_id()",
    "SELECT fts5(NULL)",
    "SELECT fts5_source_id()",
    "SELECT last_insert_rowid()",
    "SELECT changes()",
    "INSERT INTO lead_search (lead_search) VALUES ('rebuild')",
    "INSERT INTO lead_search (lead_search) VALUES ('delete-all')",
    "INSERT INTO lead_search (lead_search, rank) VALUES ('secure-delete', 0)",
    "INSERT INTO lead_search (lead_search, rank) VALUES ('pgsz', 64)",
    "INSERT INTO lead_search (lead_search, rank) VALUES ('rank', 'bm25(10.0)')",
    "INSERT INTO sqlite_schema VALUES ('table', 't', 't', 2, 'CREATE TABLE t (x)')",
};

// INVALID, LIMIT or REFUSED: no statement, more than one, unknown names, or too much of something.
Lines failing() {
  Lines all = {
      "",
      " \n\t ",
      ";",
      "-- SELECT 1",
      "/* SELECT 1 */",
      "/* SELECT 1",
      "SELECT 1; SELECT 2",
      "SELECT 1; DROP TABLE lead",
      "SELECT 1; -- DROP TABLE lead",
      "SELECT 1;;DELETE FROM lead",
      "SELECT 1; -- DELETE FROM lead\nDELETE FROM lead",
      "SELECT 1 /* */; UPDATE lead SET score = 1",
      "SELECT load_extension('evil.so')",
      "SELECT load_extension('evil.so', 'entry')",
      "SELECT readfile('/etc/passwd')",
      "SELECT writefile('evil', 'x')",
      "SELECT edit('x')",
      "SELECT * FROM fsdir('/')",
      "SELECT * FROM generate_series(1, 1000000000)",
      "SELECT * FROM dbstat",
      "SELECT * FROM sqlite_dbpage",
      "SELECT * FROM sqlite_stmt",
      "SELECT * FROM bytecode('SELECT 1')",
      "SELECT * FROM carray(1, 1)",
      "SELECT fts3_tokenizer('simple')",
      "SELECT sqlite_log(1, 'x')",
      "SELECT sqlite_compileoption_get(1)",
      "SELECT sqlite_offset(email) FROM lead",
      "SELECT unknown_function(1)",
      "SELECT \"no such name\"",
      "SELECT * FROM nowhere",
      "SELECT * FROM main.nowhere",
      "SELECT * FROM temp.nowhere",
      "SELEKT 1",
      "SELECT 'open",
      "SELECT * FROM lead WHERE",
      "SELECT ?1",
      "SELECT ?99999999",
      "SELECT :name",
      "EXPLAIN QUERY PLAN DELETE FROM lead",
      "ALTER TABLE lead ADD COLUMN x",
      "UPDATE lead_search_config SET v = 9",
      "DELETE FROM lead_search_data",
      "UPDATE sqlite_schema SET sql = ''",
      "DELETE FROM sqlite_master",
      ".tables",
      ".load evil.so",
      "SELECT 1 INTO OUTFILE 'x'",
      "COPY lead TO 'x'",
      "SELECT printf('%*d', 2000000000, 1)",
      "SELECT replace(printf('%.*c', 16000000, 'a'), 'a', 'aaaaaaaa')",
      "SELECT printf('%.*c', 16000000, 'a') || printf('%.*c', 16000000, 'b')",
      "SELECT hex(printf('%.*c', 16000000, 'a'))",
      "SELECT json_group_array(a.name || b.name || c.name || d.name || 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx') FROM event_kind a, event_kind b, event_kind c, event_kind d",
      "SELECT a.id FROM event a, event b, event c, event d LIMIT 100001",
      "SELECT 'x' LIKE '" + std::string(5000, '%') + "'",
  };
  std::string deep = "1";
  for (int i = 0; i < 2000; ++i) deep = "(" + deep + ")+1";
  all.push_back("SELECT " + deep);
  std::string nested = "SELECT 1";
  for (int i = 0; i < 3000; ++i) nested = "SELECT * FROM (" + nested + ")";
  all.push_back(nested);
  std::string compound = "SELECT 1";
  for (int i = 0; i < 600; ++i) compound += " UNION ALL SELECT 1";
  all.push_back(compound);
  std::string columns = "SELECT 1";
  for (int i = 0; i < 5000; ++i) columns += ",1";
  all.push_back(columns);
  std::string arguments = "SELECT max(1";
  for (int i = 0; i < 500; ++i) arguments += ",1";
  all.push_back(arguments + ")");
  std::string joins = "SELECT 1 FROM lead l0";
  for (int i = 1; i < 80; ++i) joins += ", lead l" + std::to_string(i);
  all.push_back(joins);
  all.push_back("SELECT '" + std::string(200'000, 'x') + "'");
  return all;
}

// Allowed: odd, and no more than reading.
const Lines allowed = {
    "SELECT 1",
    "  SELECT 1 ;  ",
    "SELECT 1 /* ; DROP TABLE lead */",
    "SELECT '; DROP TABLE lead; --'",
    "SELECT ';' || char(0) || 'DELETE FROM lead'",
    "VALUES (1), (2)",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT COUNT(*) FROM n",
    "EXPLAIN SELECT * FROM lead",
    "EXPLAIN QUERY PLAN SELECT * FROM lead",
    "SELECT CAST(x'ff00fe' AS TEXT)",
    "SELECT x'00ff'",
    "SELECT char(55296)",
    "SELECT 9223372036854775807 + 1",
    "SELECT -9223372036854775808 / -1",
    "SELECT 1e999, -1e999",
    "SELECT abs(0) / 0",
    "SELECT * FROM sqlite_schema",
    "SELECT hash FROM token",
    "SELECT rowid, words FROM lead_search WHERE lead_search MATCH 'ada*'",
    "SELECT json_each.value FROM json_each('[1,2]')",
    "SELECT * FROM lead NATURAL JOIN note",
    "SELECT email FROM lead ORDER BY 1 COLLATE NOCASE DESC LIMIT -1 OFFSET 2",
};

}  // namespace

TEST_CASE("hostile statements change nothing", "[sandbox]") {
  Folder folder;
  Handle db(folder / "a.kith");
  fill_every_table(db);
  Raw outside(folder / "a.kith");
  std::string version = outside.one("PRAGMA data_version");
  std::string schema = outside.one("SELECT group_concat(sql, ';') FROM sqlite_schema");
  std::string leads = outside.one("SELECT group_concat(id || email) FROM lead");
  std::size_t entries = folder.entries();
  Lines statements_that_fail = failing();
  REQUIRE(refused.size() + statements_that_fail.size() + allowed.size() >= 150);
  auto is_untouched = [&] {
    CHECK(outside.one("PRAGMA data_version") == version);
    CHECK(folder.entries() == entries);
  };
  auto answer = [&](const std::string& text) {
    auto start = std::chrono::steady_clock::now();
    Lines lines = db.sql(text);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
    return lines.empty() ? std::string() : lines.front();
  };
  for (const std::string& text : refused) {
    INFO(text);
    CHECK_THAT(answer(text), StartsWith("REFUSED sql: "));
    is_untouched();
  }
  for (const std::string& text : statements_that_fail) {
    INFO(text.substr(0, 200));
    CHECK_THAT(answer(text), StartsWith("INVALID ") || StartsWith("LIMIT ") || StartsWith("REFUSED "));
    is_untouched();
  }
  for (const std::string& text : allowed) {
    INFO(text);
    std::string said = answer(text);
    for (const char* word : {"INVALID ", "REFUSED ", "LIMIT ", "INTERNAL ", "CORRUPT ", "NO_MEMORY "}) CHECK_THAT(said, !StartsWith(word));
    is_untouched();
  }
  CHECK(db.one("SELECT rowid FROM lead_search WHERE lead_search MATCH 'gus*'") == db.one("SELECT id FROM lead WHERE email LIKE 'gus%'"));
  CHECK(db.one("SELECT hash FROM token") == "-");
  CHECK(outside.one("SELECT group_concat(sql, ';') FROM sqlite_schema") == schema);
  CHECK(outside.one("SELECT group_concat(id || email) FROM lead") == leads);
  CHECK(db.check().empty());
  CHECK(db.put("after@example.com") == "");  // the handle writes as before
}

TEST_CASE("a statement that never ends is ended", "[sandbox]") {
  const char* text = GENERATE("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n",
                              "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i < 0",
                              "WITH RECURSIVE n(i) AS (SELECT 'x' UNION SELECT i || 'x' FROM n) SELECT MAX(length(i)) FROM n",
                              "SELECT COUNT(*) FROM event_kind a, event_kind b, event_kind c, event_kind d, event_kind e, event_kind f");
  INFO(text);
  SECTION("when its time is over") {
    Crm crm;
    crm.read([&](kith::Operation& op) {
      kith::Sandbox sandbox(op.db, {.time = std::chrono::milliseconds(100)});
      kith::Statement statement = sandbox.prepare(text);
      auto start = std::chrono::steady_clock::now();
      std::optional<kith::Failure> failure = failure_of([&] { sandbox.step(statement); });
      REQUIRE(failure);
      CHECK((failure->status() == kith::Status::cancelled || failure->status() == kith::Status::limit));
      CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(10));
    });
    CHECK(crm.lead("ada@example.com") == 1);
  }
  SECTION("when it is cancelled") {
    Handle db("", KITH_OPEN_MEMORY);
    std::atomic<bool> runs = true;
    std::thread canceller([&] {
      for (int i = 0; runs; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        if (i > 10) kith_cancel(db);
      }
    });
    std::string said = db.one(text);
    runs = false;
    canceller.join();
    CHECK_THAT(said, StartsWith("CANCELLED ") || StartsWith("LIMIT "));
    CHECK(db.put("ada@example.com") == "");
  }
}

TEST_CASE("the limits of kith_sql do not stay on the handle", "[sandbox]") {
  Handle db("", KITH_OPEN_MEMORY);
  make_definitions(db);
  CHECK_THAT(db.one("DELETE FROM lead"), StartsWith("REFUSED"));
  CHECK_THAT(db.one("SELECT * FROM nowhere"), StartsWith("INVALID"));
  CHECK(db.put("ada@example.com") == "");
  CHECK(db.check(true).empty());
  CHECK(db.compact() == "");
  REQUIRE(db.begin() == "");
  CHECK(db.put("bob@example.com") == "");
  CHECK_THAT(db.one("ROLLBACK"), StartsWith("REFUSED"));
  CHECK_THAT(db.one("COMMIT"), StartsWith("REFUSED"));
  CHECK(db.one("SELECT COUNT(*) FROM lead") == "2");
  kith_rollback(db);
  CHECK(db.count() == 1);
}

TEST_CASE("what kith_sql is given besides the text", "[sandbox]") {
  Handle db("", KITH_OPEN_MEMORY);
  CHECK(db.one("SELECT ?1 || ?2", {kith_text("", "a'b"), kith_integer("", 7)}) == "a'b7");
  CHECK_THAT(db.one("SELECT ?2", {kith_text("", "x")}), StartsWith("INVALID args: "));
  CHECK_THAT(db.one("SELECT 1", {kith_text("", "x")}), StartsWith("INVALID args: "));
  CHECK_THAT(db.one("SELECT ?1", {kith_text("", "\xff")}), StartsWith("INVALID "));
  CHECK_THAT(db.one("SELECT '\xff'"), StartsWith("INVALID sql: "));
  kith_rows* rows = reinterpret_cast<kith_rows*>(1);
  CHECK(kith_sql(db, nullptr, nullptr, 0, &rows, nullptr) == KITH_MISUSE);
  CHECK(rows == nullptr);
}
