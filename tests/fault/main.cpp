// The main of kith_fault_tests: the faulty file layer and memory are in place before anything is opened, and should a
// fault end the process, the last words say which it was.
#define CATCH_CONFIG_RUNNER
#define CATCH_CONFIG_NO_POSIX_SIGNALS
#include <catch2/catch.hpp>

#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>

#include "fault/crash_vfs.h"
#include "fault/fault_vfs.h"

namespace kith::test {
const char* tried_last();
}

namespace {

void last_words(int signal_number) {
  for (const char* text : {"\nended while trying: ", kith::test::tried_last()}) {
    if (write(2, text, std::strlen(text)) < 0) break;
  }
  signal(signal_number, SIG_DFL);
  raise(signal_number);
}

}  // namespace

int main(int count, char** arguments) {
  for (int number : {SIGABRT, SIGSEGV, SIGFPE, SIGBUS}) signal(number, last_words);
  // Thousands of files are made and thrown away: best where no disk turns.
  if (const char* place = std::getenv("KITH_TEST_DIR")) {
    setenv("TMPDIR", place, 1);
  } else if (access("/dev/shm", W_OK | X_OK) == 0) {
    setenv("TMPDIR", "/dev/shm", 1);
  }
  kith::test::CrashVfs::install();
  kith::test::FaultVfs::install();
  return Catch::Session().run(count, arguments);
}
