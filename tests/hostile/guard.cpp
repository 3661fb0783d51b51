#include "hostile/guard.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include "base/text.h"
#include "kith_arrow.h"
#include "sqlite3.h"

namespace kith::test {

namespace {

char trying[256] = "";
int real_stderr = 2;

void last_words(int signal_number) {
  const char* what = signal_number == SIGPROF ? "\na call did not end: " : "\nended while trying: ";
  for (const char* text : {what, static_cast<const char*>(trying)}) {
    if (write(real_stderr, text, std::strlen(text)) < 0) break;
  }
  signal(signal_number, SIG_DFL);
  raise(signal_number);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

// Every connection that is opened here counts its steps.
constexpr int steps_a_look = 1000;
constexpr std::int64_t most_looks = 40'000;
std::int64_t looks = 0;

int look(void*) { return ++looks > most_looks ? 1 : 0; }

int watch(sqlite3* db, char**, const void*) {
  sqlite3_progress_handler(db, steps_a_look, look, nullptr);
  return SQLITE_OK;
}

std::FILE* caught = nullptr;
int real_stdout = 1;

bool is_text(const char* text) { return text != nullptr && valid_utf8(text); }

std::string fault_of_cells(const kith_rows* rows) {
  for (std::int64_t row = 0; row < kith_rows_count(rows); ++row) {
    for (std::int32_t column = 0; column < kith_rows_width(rows); ++column) {
      if (kith_rows_type(rows, row, column) != KITH_TEXT) continue;
      const char* text = kith_rows_text(rows, row, column);
      std::string_view bytes(text, kith_rows_size(rows, row, column));
      if (!valid_utf8(bytes)) return std::string("answers text that is not UTF-8 without NUL, in ") + kith_rows_name(rows, column);
    }
  }
  const char* next = kith_rows_next(rows);
  return next == nullptr || is_text(next) ? "" : "answers a place for the next page that is not UTF-8";
}

}  // namespace

void guard_process() {
  for (int number : {SIGABRT, SIGSEGV, SIGFPE, SIGBUS, SIGPROF}) signal(number, last_words);
  if (!sanitized) {
    rlimit most = {rlim_t{3} << 30, RLIM_INFINITY};
    setrlimit(RLIMIT_AS, &most);
  }
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 1);  // what is left over is looked for
  sqlite3_auto_extension(reinterpret_cast<void (*)()>(watch));
}

bool now_trying(const std::string& what) {
  static const char* wanted = std::getenv("KITH_HOSTILE_CASE");
  std::snprintf(trying, sizeof trying, "%s\n", what.c_str());
  return wanted == nullptr || what == wanted;
}

void begin_steps() {
  looks = 0;
  // Of the processor's time, so that a machine that is busy with other things does not matter.
  itimerval limit = {};
  limit.it_value.tv_sec = sanitized ? 300 : 60;
  setitimer(ITIMER_PROF, &limit, nullptr);
}
void end_steps() {
  itimerval none = {};
  setitimer(ITIMER_PROF, &none, nullptr);
}
bool overran() { return looks > most_looks; }

void begin_silence() {
  if (sanitized) return;
  std::fflush(nullptr);
  caught = std::tmpfile();
  if (caught == nullptr) throw std::runtime_error("no file for a test");
  real_stdout = dup(1);
  real_stderr = dup(2);
  dup2(fileno(caught), 1);
  dup2(fileno(caught), 2);
}

std::string end_silence() {
  if (sanitized) return "";
  std::fflush(nullptr);
  dup2(real_stdout, 1);
  dup2(real_stderr, 2);
  close(real_stdout);
  close(real_stderr);
  real_stderr = 2;
  std::string said(1000, '\0');
  std::rewind(caught);
  said.resize(std::fread(said.data(), 1, said.size(), caught));
  std::fclose(caught);
  return said;
}

std::string fault_of(kith_status status, kith_error* error, kith_rows* rows) {
  std::string fault;
  std::string message = kith_error_message(error);
  if (status == KITH_OK) {
    if (error != nullptr) fault = "is OK and has an error";
    if (fault.empty() && rows != nullptr) fault = fault_of_cells(rows);
    if (fault.empty() && rows != nullptr) {
      ArrowSchema schema = {};
      ArrowArray array = {};
      if (kith_rows_arrow(rows, &schema, &array, nullptr) == KITH_OK) {
        array.release(&array);
        schema.release(&schema);
      } else {
        fault = "cannot be handed over as Arrow";
      }
    }
  } else {
    if (status == KITH_INTERNAL || status == KITH_NO_MEMORY || status == KITH_MISUSE || status < 0 || status > KITH_INTERNAL) fault = "is " + std::string(kith_status_name(status));
    if (error == nullptr || kith_error_status(error) != status || message.empty()) fault = "fails and does not say so";
    if (!is_text(kith_error_message(error)) || !is_text(kith_error_field(error)) || !is_text(kith_error_nearest(error))) fault = "fails with what is not UTF-8";
    if (rows != nullptr) fault = "fails and has rows";
  }
  if (overran()) fault = "takes too many steps";
  if (!fault.empty() && !message.empty()) fault += ": " + message;
  kith_rows_free(rows);
  kith_error_free(error);
  return fault;
}

int open_descriptors() {
  int count = 0;
  DIR* folder = opendir("/proc/self/fd");
  if (folder == nullptr) return 0;
  while (readdir(folder) != nullptr) ++count;
  closedir(folder);
  return count;
}

}  // namespace kith::test
