// The one main of kith_tests. Beside running the tests it reads every statement that they prepare, and fails when one of
// them is not common SQL: so does whatever test prepared it, run alone.
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#include <cstdio>

#include "support/common_sql.h"

int main(int argc, char** argv) {
  kith::test::SqlGate gate;
  int failed = Catch::Session().run(argc, argv);
  for (const auto& [sql, why] : gate.refused()) {
    std::printf("no common SQL: the statement\n  %s\n%s\n\n", sql.c_str(), why.c_str());
    ++failed;
  }
  return failed > 255 ? 255 : failed;
}
