// kith_check: for every part that it examines a fault is planted by plain SQL into a file that nobody has open; it must
// be found, where it is, and what can be derived must be right again after a repair.
#include <catch2/catch.hpp>

#include <set>

#include "support/folder.h"
#include "support/full_file.h"
#include "support/handle.h"
#include "support/raw.h"

using namespace kith::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

using Lines = std::vector<std::string>;

// The bytes of a file with a row in every table, made once.
const std::string& full_file() {
  static const std::string bytes = [] {
    Folder folder;
    {
      Handle db(folder / "a.kith");
      fill_every_table(db);
    }
    return bytes_of(folder / "a.kith");
  }();
  return bytes;
}

class Patient {
 public:
  Patient() { write_bytes(path(), full_file()); }
  std::string path() const { return folder_ / "a.kith"; }
  void plant(const std::string& sql) {
    Raw raw(path());
    raw.run(sql);
    changed_ = sqlite3_total_changes(raw.db());
  }
  int changed() const { return changed_; }
  std::string one(const std::string& sql) { return Raw(path()).one(sql); }
  Lines check(bool repair = false) {
    Handle db(path());
    if (!db.is_open()) return {db.failure()};
    return db.check(repair);
  }

 private:
  Folder folder_;
  int changed_ = 0;
};

bool any_starts_with(const Lines& lines, const std::string& text) {
  return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) { return line.rfind(text, 0) == 0; });
}

// Found as "part|place|...", said to be repaired, and gone then; what else was found follows from it.
void check_is_mended(const std::string& sql, const std::string& found) {
  INFO(sql);
  Patient patient;
  patient.plant(sql);
  Lines faults = patient.check();
  INFO((faults.empty() ? std::string("nothing found") : faults.front()));
  CHECK(any_starts_with(faults, found));
  for (const std::string& line : faults) CHECK_THAT(line, !Contains("repaired"));
  CHECK(patient.check() == faults);  // looking changes nothing
  Lines mended = patient.check(true);
  CHECK(any_starts_with(mended, found));
  for (const std::string& line : mended) CHECK_THAT(line, Catch::EndsWith("; repaired"));
  CHECK(patient.check() == Lines{});
}

// Found, and left to people.
void check_is_told(const std::string& sql, const std::string& found) {
  INFO(sql);
  Patient patient;
  patient.plant(sql);
  Lines faults = patient.check();
  INFO((faults.empty() ? std::string("nothing found") : faults.front()));
  CHECK(any_starts_with(faults, found));
  patient.check(true);
  CHECK(any_starts_with(patient.check(), found));
}

std::string lead_id(const std::string& email) { return "(SELECT lead_id FROM lead_key WHERE key = '" + email + "')"; }

}  // namespace

TEST_CASE("a file with a row in every table is sound, and a repair finds nothing to do", "[check]") {
  Patient patient;
  {
    Raw raw(patient.path());
    for (const std::string& table : [&] {
           Lines tables;
           Handle db(patient.path(), KITH_OPEN_READ_ONLY);
           return db.sql("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
         }()) {
      INFO(table);
      CHECK(raw.one("SELECT COUNT(*) > 0 FROM \"" + table + "\"") == "1");  // else nothing could be planted there
    }
  }
  CHECK(patient.check() == Lines{});
  CHECK(patient.check(true) == Lines{});
  CHECK(patient.check() == Lines{});
}

TEST_CASE("check: what another handle has written is no fault", "[check]") {
  Folder folder;
  Handle one(folder / "a.kith");
  Handle two(folder / "a.kith");
  kith_rows* rows = nullptr;
  REQUIRE(kith_search(one, "ada", 0, &rows, nullptr) == KITH_OK);
  kith_rows_free(rows);
  REQUIRE(two.put("ada@example.com") == "");
  CHECK(one.check() == Lines{});
  REQUIRE(two.put("bob@example.com") == "");
  CHECK(one.check(true) == Lines{});
  CHECK(two.check() == Lines{});
}

TEST_CASE("what builds the search and is rolled back leaves the transaction around it usable", "[transactions][search]") {
  Folder folder;
  Handle db(folder / "a.kith");
  REQUIRE(db.begin() == "");
  REQUIRE(db.put("ada@example.com") == "");
  REQUIRE(db.begin() == "");
  kith_rows* rows = nullptr;
  REQUIRE(kith_search(db, "ada", 0, &rows, nullptr) == KITH_OK);
  CHECK(kith_rows_count(rows) == 1);
  kith_rows_free(rows);
  kith_rollback(db);
  kith_field field = kith_text("name", "VIP");
  kith_error* error = nullptr;
  kith_put(db, "tag", &field, 1, nullptr, 0, nullptr, nullptr, &error);
  CHECK(said(error) == "");
  CHECK(db.put("bob@example.com") == "");
  REQUIRE(kith_search(db, "bob", 0, &rows, nullptr) == KITH_OK);
  CHECK(kith_rows_count(rows) == 1);
  kith_rows_free(rows);
  CHECK(db.commit() == "");
  CHECK(db.count() == 2);
  CHECK(db.check().empty());
}

TEST_CASE("check: counters that fell behind", "[check]") {
  Patient patient;
  std::set<std::string> not_ids = {"fields_version", "search_index"};
  Handle db(patient.path());
  Lines counters = db.sql("SELECT name FROM counter ORDER BY name");
  db.close();
  REQUIRE(counters.size() > 8);
  for (const std::string& name : counters) {
    if (not_ids.count(name) == 0) check_is_mended("UPDATE counter SET value = 0 WHERE name = '" + name + "'", "counter|" + name + "|");
  }
}

TEST_CASE("check: keys", "[check]") {
  check_is_mended("DELETE FROM lead_key WHERE key = 'bob@example.com'", "key|lead ");
  check_is_mended("DELETE FROM lead_key WHERE kind = 2 AND key = 'bob'", "key|lead ");
  check_is_mended("UPDATE lead_key SET role = 0 WHERE key = 'bob@example.com'", "key|lead ");
  check_is_mended("UPDATE lead_key SET lead_id = 9999 WHERE key = 'bob@example.com'", "key|lead_key 1 bob@example.com|");
  check_is_mended("INSERT INTO lead_key VALUES (1, 'stray@example.com', " + lead_id("bob@example.com") + ", 1)", "key|lead_key 1 stray@example.com|");
  check_is_mended("INSERT INTO lead_key VALUES (2, 'stray', " + lead_id("bob@example.com") + ", 1)", "key|lead_key 2 stray|");
  check_is_mended("INSERT INTO lead_key VALUES (1, 'stray@example.com', " + lead_id("bob@example.com") + ", 0)", "key|lead_key 1 stray@example.com|");
  check_is_mended("INSERT INTO lead_key VALUES (2, 'stray', " + lead_id("cy@example.com") + ", 0)", "key|lead_key 2 stray|");
  check_is_mended("DELETE FROM lead_key WHERE key = (SELECT email_key FROM lead_email LIMIT 1)", "key|lead 1 address ");
  check_is_mended("UPDATE lead_email SET email_key = 'x@y.example'", "key|lead 1 address ");
  check_is_mended("UPDATE lead SET phone_key = '123' WHERE email = 'bob@example.com'", "key|lead ");
  check_is_mended("UPDATE lead SET phone_key = NULL WHERE email = 'bob@example.com'", "key|lead ");
  for (const char* table : {"tag", "list", "category", "field", "event_kind"}) {
    check_is_mended("UPDATE \"" + std::string(table) + "\" SET name_key = 'zzz' WHERE id = (SELECT MAX(id) FROM \"" + table + "\")", "key|" + std::string(table) + " ");
  }
  check_is_told("UPDATE lead SET email = 'no address' WHERE email = 'bob@example.com'", "key|lead ");
  check_is_told("UPDATE lead SET email = 'CY@example.com' WHERE email = 'bob@example.com'", "key|lead ");
  check_is_told("UPDATE tag SET name = 'Gold'", "key|tag 1|");
}

TEST_CASE("check: stored sets", "[check]") {
  struct {
    int family;
    std::string name;
  } families[] = {{1, "gone 0"}, {2, "tag 2"}, {3, "subscribed 1"}, {4, "pending 2"}, {5, "unsubscribed 1"}, {6, "bounced 1"}, {7, "complained 1"}};
  Patient patient;
  for (const auto& family : families) {
    INFO(family.name);
    std::string which = " WHERE family = " + std::to_string(family.family) + " AND owner = " + family.name.substr(family.name.find(' ') + 1);
    REQUIRE(patient.one("SELECT COUNT(*) FROM lead_set" + which) == "1");
    check_is_mended("DELETE FROM lead_set" + which, "set|" + family.name + "|lacks ");
    check_is_mended("UPDATE lead_set SET bits = zeroblob(8192), form = 1" + which, "set|" + family.name + "|a chunk ");
    check_is_mended("UPDATE lead_set SET bits = x'00'" + which, "set|" + family.name + "|a chunk ");
    check_is_mended("UPDATE lead_set SET size = size + 1" + which, "set|" + family.name + "|a chunk ");
    check_is_mended("UPDATE lead_set SET bits = x'6300', size = 1, form = 0" + which, "set|" + family.name + "|");
  }
  REQUIRE(patient.one("SELECT COUNT(DISTINCT family) FROM lead_set") == std::to_string(std::size(families)));
  check_is_mended("INSERT INTO lead_set VALUES (2, 99, 0, 1, 0, x'0100')", "set|tag 99|");
  check_is_mended("INSERT INTO lead_set VALUES (77, 1, 0, 1, 0, x'0100')", "set|family 77 1|");
  check_is_mended("DELETE FROM lead_tag WHERE lead_id = " + lead_id("bob@example.com"), "set|tag 2|");
}

// Every column of every table that is named like an id must be followed, but for those listed.
TEST_CASE("check: references", "[check]") {
  std::set<std::string> left_out = {
      "event.subject_id",     // of many kinds of things, which may be gone
      "event.cause_id",       // the host's word
      "write_key.thing_id",   // of things that may be removed since
      "lead_key.lead_id",     // a key of nobody is a key too many, not a reference
      "soft_bounce.event_id", // a state
      "token.list_id",        // a link outlives its list, and says so to who follows it
  };
  Patient patient;
  Lines columns;
  {
    Raw raw(patient.path());
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v2(raw.db(),
                       "SELECT s.name || '.' || c.name FROM sqlite_schema s JOIN pragma_table_info(s.name) c WHERE s.type = 'table' "
                       "AND s.name NOT LIKE 'sqlite_%' AND s.name NOT LIKE 'lead_search%' AND (c.name LIKE '%\\_id' ESCAPE '\\' OR c.name = 'issued_to') "
                       "AND c.name <> 'external_id' ORDER BY 1",
                       -1, &statement, nullptr);
    while (sqlite3_step(statement) == SQLITE_ROW) columns.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)));
    sqlite3_finalize(statement);
  }
  REQUIRE(columns.size() > 20);
  for (const std::string& place : columns) {
    if (left_out.count(place) != 0) continue;
    std::string table = place.substr(0, place.find('.'));
    std::string column = place.substr(table.size() + 1);
    INFO(place);
    Patient one;
    one.plant("PRAGMA foreign_keys=OFF; UPDATE OR IGNORE \"" + table + "\" SET " + column + " = 99999 WHERE " + column + " = (SELECT MAX(" + column + ") FROM \"" + table + "\")");
    REQUIRE(one.changed() > 0);
    Lines faults = one.check();
    INFO((faults.empty() ? std::string("nothing found") : faults.front()));
    CHECK(any_starts_with(faults, "reference|" + place + "|"));
  }
  check_is_told("INSERT INTO lead_gone VALUES (" + lead_id("bob@example.com") + ", 'removed', NULL, 1, 1, NULL)", "reference|lead_gone ");
  check_is_told("ALTER TABLE lead_custom ADD COLUMN c99 TEXT", "reference|lead_custom.c99|");
  check_is_told("DROP INDEX lead_custom_c1; ALTER TABLE lead_custom DROP COLUMN c1", "reference|field 1|");
  check_is_mended("DROP INDEX lead_custom_c1", "reference|field 1|");
}

TEST_CASE("check: states, counted bounces, hashes", "[check]") {
  check_is_told("UPDATE subscription SET state = 'maybe' WHERE lead_id = " + lead_id("bob@example.com"), "state|lead ");
  check_is_mended("UPDATE subscription SET lapses = 5, lapses_to = 'unsubscribed' WHERE state = 'bounced'", "state|subscription|");
  check_is_mended("UPDATE soft_bounce SET event_id = 1 WHERE lead_id = " + lead_id("bob@example.com"), "state|soft_bounce of lead ");
  check_is_mended("UPDATE soft_bounce SET event_id = 99999 WHERE lead_id = " + lead_id("bob@example.com"), "state|soft_bounce of lead ");
  check_is_mended("INSERT INTO soft_bounce SELECT " + lead_id("cy@example.com") + ", target_hash, at, event_id FROM soft_bounce LIMIT 1", "state|soft_bounce of lead ");
  check_is_mended("UPDATE suppression SET target_hash = 'x' WHERE target = '@spam.example'", "state|suppression ");
  check_is_told("UPDATE suppression SET target = 'nobody' WHERE target = '@spam.example'", "state|suppression ");
  check_is_told("DELETE FROM setting WHERE name = 'file_id'", "state|setting|");
}

TEST_CASE("check: the search index", "[check]") {
  check_is_mended("DELETE FROM lead_search WHERE rowid = " + lead_id("bob@example.com"), "search|lead_search|lacks 1 ");
  check_is_mended("UPDATE lead_search SET words = 'x' WHERE rowid = " + lead_id("bob@example.com"), "search|lead_search|lacks 0 leads, has 1 ");
  check_is_mended("INSERT INTO lead_search (rowid, words) VALUES (999, 'x')", "search|lead_search|lacks 0 leads, has 0 with other words, and 1 ");
  check_is_mended("DROP TABLE lead_search", "search|lead_search|is not there");
  check_is_mended("DELETE FROM counter WHERE name = 'search_index'", "search|lead_search|is there");
  check_is_mended("DELETE FROM lead_search_idx; DELETE FROM lead_search_data WHERE id > 10", "search|lead_search|");
  check_is_mended("UPDATE lead_search_content SET c0 = 'x'", "search|lead_search|");
}

TEST_CASE("check: an index that does not fit its table is made again", "[check]") {
  Patient patient;
  std::string root = patient.one("SELECT rootpage FROM sqlite_schema WHERE name = 'lead_updated'");
  std::string text = patient.one("SELECT sql FROM sqlite_schema WHERE name = 'lead_updated'");
  patient.plant("PRAGMA writable_schema=ON; DELETE FROM sqlite_schema WHERE name = 'lead_updated'");
  patient.plant("UPDATE lead SET updated = updated + 1 WHERE id = " + lead_id("bob@example.com"));
  patient.plant("PRAGMA writable_schema=ON; INSERT INTO sqlite_schema VALUES ('index', 'lead_updated', 'lead', " + root + ", '" + text + "')");
  Lines faults = patient.check();
  INFO((faults.empty() ? std::string("nothing found") : faults.front()));
  CHECK(any_starts_with(faults, "file|lead_updated|"));
  CHECK_THAT(patient.check(true).at(0), Catch::EndsWith("; repaired"));
  CHECK(patient.check() == Lines{});
}

TEST_CASE("check: a damaged page is told, by a read-only handle too", "[check]") {
  Patient patient;
  std::string root = patient.one("SELECT rootpage FROM sqlite_schema WHERE name = 'event'");
  std::size_t page = static_cast<std::size_t>(std::stoi(root) - 1) * 4096;
  std::string bytes = bytes_of(patient.path());
  std::size_t from = page + std::size_t{GENERATE(0U, 3U, 8U)};
  bytes.replace(from, 60, 60, '\x7b');
  write_bytes(patient.path(), bytes);
  bool repair = GENERATE(false, true);
  Lines faults = patient.check(repair);
  REQUIRE_FALSE(faults.empty());
  for (const std::string& line : faults) CHECK_THAT(line, !StartsWith("CORRUPT"));  // what was found is not lost
  CHECK(std::any_of(faults.begin(), faults.end(), [](const std::string& line) { return line.find("cut short") != std::string::npos || line.find("nothing was repaired") != std::string::npos; }));
  if (repair) {
    for (const std::string& line : faults) CHECK_THAT(line, !Catch::EndsWith("; repaired"));
  }
  Handle reader(patient.path(), KITH_OPEN_READ_ONLY);
  CHECK_FALSE(reader.check().empty());
  CHECK_THAT(reader.check(true).at(0), StartsWith("READ_ONLY"));
}

TEST_CASE("check: links that outlive their list are no fault", "[check]") {
  Handle db("", KITH_OPEN_MEMORY);
  make_definitions(db);
  REQUIRE(db.put("ada@example.com") == "");
  kith_field list[] = {kith_text("list", "News")};
  kith_rows* rows = nullptr;
  OK(kith_token(db, "ada@example.com", "unsubscribe", list, 1, &rows, err));
  kith_rows_free(rows);
  OK(kith_remove(db, "list", "News", nullptr, 0, nullptr, err));
  CHECK(db.one("SELECT COUNT(*) FROM token") == "1");
  CHECK(db.check() == Lines{});
}

TEST_CASE("check: what is too much to be listed is counted", "[check]") {
  Patient patient;
  patient.plant("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10100) INSERT INTO lead_key SELECT 1, 's' || i || '@example.com', 1, 0 FROM n");
  Lines faults = patient.check();
  REQUIRE(faults.size() == 10001);
  CHECK(faults.back() == "file||100 more faults are not listed");
  CHECK(patient.check(true).size() == 10001);
  CHECK(patient.check() == Lines{});
}

TEST_CASE("what the schema calls filled is never NULL, in a file with a row in every table", "[check][schema]") {
  Patient patient;
  Handle db(patient.path());
  kith_rows* fields = nullptr;
  OK(kith_schema(db, "fields", &fields, err));
  std::int32_t kind = kith_rows_column(fields, "kind"), field = kith_rows_column(fields, "field"), filled = kith_rows_column(fields, "filled");
  int looked_at = 0;
  for (std::int64_t row = 0; row < kith_rows_count(fields); ++row) {
    if (kith_rows_integer(fields, row, filled) == 0) continue;
    kith_query query = {};
    query.size = sizeof query;
    query.columns = kith_rows_text(fields, row, field);
    query.limit = -1;
    kith_rows* things = nullptr;
    INFO(kith_rows_text(fields, row, kind) << "." << query.columns);
    OK(kith_find(db, kith_rows_text(fields, row, kind), &query, &things, err));
    for (const std::string& text : texts_of(things)) {
      CHECK(text != "-");
      ++looked_at;
    }
  }
  kith_rows_free(fields);
  CHECK(looked_at > 100);
}

TEST_CASE("check refuses a number that is neither 0 nor 1", "[check]") {
  Handle db("", KITH_OPEN_MEMORY);
  kith_rows* rows = reinterpret_cast<kith_rows*>(1);
  kith_error* error = nullptr;
  CHECK(kith_check(db, 2, &rows, &error) == KITH_INVALID);
  CHECK(rows == nullptr);
  CHECK_THAT(said(error), StartsWith("INVALID repair: "));
}

TEST_CASE("a counter that no file of Kith can have is CORRUPT, and takes neither time nor memory", "[check][counters]") {
  for (const char* value : {"-1", "9007199254740992", "9223372036854775807", "-9223372036854775808"}) {
    INFO(value);
    check_is_mended(std::string("UPDATE counter SET value = ") + value + " WHERE name = 'lead'", "counter|lead|");
  }
  for (const char* value : {"-1", "9007199254740991", "9007199254740992", "9223372036854775807", "281474976710655", "4294967296000"}) {
    INFO(value);
    Patient patient;
    {
      Raw raw(patient.path());
      raw.run(std::string("UPDATE counter SET value = ") + value + " WHERE name = 'lead'");
    }
    Handle db(patient.path());
    kith_query query = {};
    query.size = sizeof query;
    query.where = "not tag 'VIP'";
    kith_rows* rows = nullptr;
    CHECK(kith_find(db, "lead", &query, &rows, nullptr) == KITH_CORRUPT);
    if (std::string(value).size() > 15) CHECK(db.put("new@x.example").rfind("CORRUPT ", 0) == 0);
    CHECK_FALSE(db.check().empty());
  }
}
