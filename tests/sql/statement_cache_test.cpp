// The cache of prepared statements: it keeps what comes again, and does not grow with what hosts ask.
#include <catch2/catch.hpp>

#include "sql/connection.h"
#include "sql/dialect.h"

namespace kith {

namespace {

OpenSettings in_memory() {
  OpenSettings settings;
  settings.memory = true;
  return settings;
}

}  // namespace

TEST_CASE("texts that are put together do not fill the memory", "[sql]") {
  Connection db(in_memory());
  db.run("CREATE TABLE a (b INTEGER)");
  Statement outer =
      db.prepare(SqlText("SELECT ") + Dialect::number(-1) + " FROM a");  // in use while others come and go
  for (std::int64_t i = 0; i < 3000; ++i) {
    Statement row = db.prepare(SqlText("SELECT ") + Dialect::number(i));
    REQUIRE(row.step());
    REQUIRE(row.integer(0) == i);
  }
  CHECK(db.statements_kept() < 600);
  CHECK_FALSE(outer.step());
}

TEST_CASE("a literal's statement stays, whoever asked for its text first", "[sql]") {
  Connection db(in_memory());
  const Literal text = "SELECT 17";
  {
    Statement first = db.prepare(SqlText(text));
    CHECK(first.step());
  }
  auto ask = [&] {
    Statement row = db.prepare(text);
    return row.step() ? row.integer(0) : 0;
  };
  CHECK(ask() == 17);
  for (std::int64_t i = 0; i < 1200; ++i) db.prepare(SqlText("SELECT 1 + ") + Dialect::number(i));
  CHECK(ask() == 17);
}

TEST_CASE("a very long text is prepared, and not kept", "[sql]") {
  Connection db(in_memory());
  SqlText text("0");
  for (int i = 0; i < 1900; ++i) text += ", 123456789";
  std::size_t before = db.statements_kept();
  for (int i = 0; i < 3; ++i) {
    Statement row = db.prepare(SqlText("SELECT 5 WHERE 5 IN (") + (text + ")"));
    CHECK(row.columns() == 1);
  }
  CHECK(db.statements_kept() == before);
}

}  // namespace kith
