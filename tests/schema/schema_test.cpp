// The embedded schema files: whole, numbered upward.
#include "schema/schema.h"

#include <catch2/catch.hpp>
#include <cstring>

TEST_CASE("schema files are numbered upward and none is empty", "[schema]") {
  int last = 0;
  for (const auto& file : kith::schema_files()) {
    CHECK(file.number > last);
    last = file.number;
    CHECK(std::strlen(file.name) > 0);
    CHECK(std::strlen(file.text) > 0);
  }
}
