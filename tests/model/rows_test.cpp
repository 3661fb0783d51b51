// The result type: what goes in comes out, however it grew, and wrong questions have harmless answers.
#include "model/rows.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

using namespace kith;

TEST_CASE("rows keep every kind of cell through growth", "[rows]") {
  for (std::size_t expected : {std::size_t{0}, std::size_t{1}, std::size_t{7}, std::size_t{5000}}) {
    INFO(expected);
    RowsBuilder builder({{"a", Meaning::integer}, {"b", Meaning::text}, {"c", Meaning::real}, {"d", Meaning::text}}, expected);
    for (int i = 0; i < 3000; ++i) builder.add({i, std::to_string(i * 7), i / 4.0, i % 2 == 0 ? Value() : Value("")});
    RowsPtr rows = builder.finish();
    REQUIRE(rows->count() == 3000);
    for (int i = 0; i < 3000; ++i) {
      REQUIRE(rows->integer(i, 0) == i);
      REQUIRE(rows->text(i, 1) == std::to_string(i * 7));
      REQUIRE(rows->text(i, 1).data()[rows->text(i, 1).size()] == '\0');
      REQUIRE(rows->real(i, 2) == i / 4.0);
      REQUIRE(rows->type(i, 3) == (i % 2 == 0 ? SqlType::null : SqlType::text));
    }
    CHECK(rows->slots(0)[2999] == 2999);
    CHECK(rows->types(3)[1] == static_cast<std::uint8_t>(SqlType::text));
  }
}

TEST_CASE("cells read as other types are 0, empty, or cut", "[rows]") {
  RowsBuilder builder({{"c", Meaning::text}});
  for (Value value : {Value(-1.9), Value(1e300), Value(std::nan("")), Value(std::numeric_limits<std::int64_t>::max()), Value("12"), Value()}) builder.add({value});
  RowsPtr rows = builder.finish();
  CHECK(rows->integer(0, 0) == -1);
  CHECK(rows->integer(1, 0) == 0);
  CHECK(rows->integer(2, 0) == 0);
  CHECK(rows->real(3, 0) == 9223372036854775807.0);
  CHECK(rows->integer(4, 0) == 0);
  CHECK(rows->real(4, 0) == 0);
  CHECK(rows->text(0, 0).empty());
  CHECK(rows->text(5, 0).empty());
  CHECK(rows->text(5, 0).data() != nullptr);
}

TEST_CASE("columns are found by name, the first of equals", "[rows]") {
  RowsBuilder builder({{"id", Meaning::id}, {"x", Meaning::text}, {"x", Meaning::integer}});
  RowsPtr rows = builder.finish();
  CHECK(rows->count() == 0);
  CHECK(rows->find("x") == 1);
  CHECK(rows->find("X") == -1);
  CHECK(rows->find("") == -1);
  CHECK(rows->next() == nullptr);
}

TEST_CASE("rows begin as NULL, and a page may say what follows", "[rows]") {
  RowsBuilder builder({{"a", Meaning::text}});
  builder.add({"one"});
  builder.add({Value()});
  builder.set_next("token");
  RowsPtr rows = builder.finish();
  CHECK(rows->count() == 2);
  CHECK(rows->type(1, 0) == SqlType::null);
  REQUIRE(rows->next() != nullptr);
  CHECK(*rows->next() == "token");
}
