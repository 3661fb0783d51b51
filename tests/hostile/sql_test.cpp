// The statements of statements.txt in kith_sql: nothing of the file changes, nothing new lies beside it, secrets stay secret, and
// no statement takes more memory than it may.
#include <catch2/catch.hpp>

#include <fstream>
#include <map>
#include <set>

#include "hostile/guard.h"
#include "hostile/naughty.h"
#include "support/folder.h"
#include "support/full_file.h"
#include "support/paths.h"
#include "support/raw.h"

using namespace kith::test;

namespace {

struct Statement {
  std::string fate;
  std::string text;
};

std::vector<Statement> statements() {
  std::vector<Statement> out;
  std::ifstream file(path("hostile/statements.txt"));
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::size_t space = line.find(' ');
    out.push_back({line.substr(0, space), unescaped(line.substr(space + 1))});
  }
  return out;
}

}  // namespace

TEST_CASE("kith_sql withstands the listed statements", "[sql]") {
  Folder folder;
  kith_options options = {};
  options.size = sizeof options;
  options.now = [](void*) -> std::int64_t { return 1'800'000'000'000; };
  kith_db* db = nullptr;
  OK(kith_open((folder / "a.kith").c_str(), &options, &db, err));
  fill_every_table(db);
  Raw outside(folder / "a.kith");
  std::string hash = outside.one("SELECT hash FROM token");
  REQUIRE(hash.size() > 20);
  std::string version = outside.one("PRAGMA data_version");
  std::string schema = outside.one("SELECT group_concat(name || sql, ';') FROM sqlite_schema");
  std::size_t entries = folder.entries();
  std::map<std::string, int> fates;
  std::set<std::string> known;
  for (const Statement& statement : statements()) {
    INFO(statement.fate << " " << statement.text);
    if (!now_trying(statement.text)) continue;
    CHECK(known.insert(statement.text).second);
    begin_steps();
    kith_rows* rows = nullptr;
    kith_error* error = nullptr;
    kith_field arg = kith_text("", "x");
    bool has_arg = statement.text == "ATTACH ? AS n";
    kith_status status = kith_sql(db, statement.text.c_str(), &arg, has_arg ? 1 : 0, &rows, &error);
    std::string message = kith_error_message(error);
    INFO(kith_status_name(status) << " " << message);
    ++fates[statement.fate];
    if (statement.fate == "refused") {
      CHECK(status == KITH_REFUSED);
    } else if (statement.fate == "failing") {
      // CANCELLED: on a slow machine the time is over before the memory.
      CHECK((status == KITH_INVALID || status == KITH_LIMIT || status == KITH_REFUSED || status == KITH_CANCELLED));
    } else {
      CHECK(statement.fate == "allowed");
      CHECK(status == KITH_OK);
    }
    for (std::int64_t row = 0; row < kith_rows_count(rows); ++row) {
      for (std::int32_t column = 0; column < kith_rows_width(rows); ++column) {
        std::string text = kith_rows_text(rows, row, column);
        if (text.find(hash) != std::string::npos) FAIL_CHECK("a token's hash is told");
      }
    }
    CHECK(message.find(hash) == std::string::npos);
    // What a host's expression makes may hold NUL, as long as it is well formed.
    kith_rows_free(rows);
    kith_error_free(error);
    CHECK(outside.one("PRAGMA data_version") == version);
    CHECK(folder.entries() == entries);
  }
  end_steps();
  CHECK(fates["refused"] + fates["failing"] + fates["allowed"] >= 300);
  CHECK(outside.one("SELECT group_concat(name || sql, ';') FROM sqlite_schema") == schema);
  kith_rows* faults = nullptr;
  OK(kith_check(db, 0, &faults, err));
  CHECK(texts_of(faults) == std::vector<std::string>{});
  kith_field lead = kith_text("email", "after@example.com");
  OK(kith_put(db, "lead", &lead, 1, nullptr, 0, nullptr, nullptr, err));
  kith_close(db);
  std::printf("%d statements refused, %d failing, %d allowed\n", fates["refused"], fates["failing"], fates["allowed"]);
}
