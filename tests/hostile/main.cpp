// The main of kith_hostile_tests.
#define CATCH_CONFIG_RUNNER
#define CATCH_CONFIG_NO_POSIX_SIGNALS
#include <catch2/catch.hpp>

#include <unistd.h>

#include <cstdlib>

#include "hostile/guard.h"

int main(int count, char** arguments) {
  // Thousands of files are made and thrown away: best where no disk turns.
  if (const char* place = std::getenv("KITH_TEST_DIR")) {
    setenv("TMPDIR", place, 1);
  } else if (access("/dev/shm", W_OK | X_OK) == 0) {
    setenv("TMPDIR", "/dev/shm", 1);
  }
  kith::test::guard_process();
  return Catch::Session().run(count, arguments);
}
