// Eight processes at work on one file, each killed now and then and begun anew: what it was told is done is there, what
// was under way is there as a whole or not at all, and a key makes saying it again harmless.
#include <catch2/catch.hpp>

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <kith.hpp>
#include <random>

#include "fault/stage.h"

using namespace kith::test;

namespace {

constexpr int processes = 8;
constexpr std::uintmax_t largest_log = 64 << 20;

// One act of one process; the names of all its leads begin with "p<process>.".
class Act {
 public:
  Act(int process, int number) : process_(process), number_(number) {}

  void play(kith::Database& db) const {
    if (is_transaction()) {
      db.transaction([&] {
        for (const char* part : {"a", "b", "c"}) {
          std::string lead = name(number_, part);
          put(db, lead);
          db.assign(lead, "VIP", {{"key", lead}});
        }
      });
    } else if (is_removal()) {
      db.remove("lead", name(number_ - 1), {{"key", name(number_)}});
    } else {
      put(db, name(number_));
      if (number_ % 4 == 0 && db.timeline_page(name(number_)).size() != 1)
        throw std::runtime_error("another log than one event");
    }
  }
  int leads() const { return is_transaction() ? 3 : is_removal() ? -1 : 1; }
  int tagged() const { return is_transaction() ? 3 : 0; }

 private:
  bool is_transaction() const { return number_ % 5 == 4; }
  bool is_removal() const { return number_ % 10 == 7; }
  std::string name(int number, const char* part = "") const {
    return "p" + std::to_string(process_) + "." + std::to_string(number) + part + "@example.com";
  }
  void put(kith::Database& db, const std::string& lead) const {
    db.put("lead", {{"email", lead}, {"first_name", "P"}}, {{"key", lead}});
  }

  int process_, number_;
};

int leads_after(int process, int acts) {
  int leads = 0;
  for (int i = 0; i < acts; ++i) leads += Act(process, i).leads();
  return leads;
}

// One life of a process: from the act after the last one that was acknowledged. The exit code says what was wrong.
int live(const std::string& path, int process, int done, int wanted, int pipe) {
  try {
    kith::Database db(path, {.flags = KITH_OPEN_EXISTING | KITH_OPEN_NORMAL_SYNC, .busy_ms = 600'000});
    std::int64_t own =
        db.sql("SELECT COUNT(*) FROM lead WHERE email LIKE ?", {"p" + std::to_string(process) + ".%"})[0][0]
            .integer();
    if (own != leads_after(process, done) && own != leads_after(process, done + 1)) return 3;
    for (int i = done; i < wanted; ++i) {
      Act(process, i).play(db);
      if (i % 50 == 0) db.run();
      char letter = 'd';
      if (write(pipe, &letter, 1) != 1) return 4;
    }
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "process %d: %s\n", process, error.what());
    return 5;
  }
}

struct Process {
  pid_t id = -1;
  int pipe = -1;
  int done = 0;  // acts acknowledged
  bool over = false;
};

void begin(Process& process, const std::string& path, int number, int wanted) {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  process.id = fork();
  REQUIRE(process.id >= 0);
  if (process.id == 0) {
    close(ends[0]);
    _exit(live(path, number, process.done, wanted, ends[1]));
  }
  close(ends[1]);
  process.pipe = ends[0];
}

// What it acknowledges now; false: it has ended.
bool hear(Process& process) {
  char letters[256];
  ssize_t size = read(process.pipe, letters, sizeof letters);
  if (size > 0) process.done += static_cast<int>(size);
  return size > 0;
}

int end(Process& process) {
  while (hear(process)) continue;
  close(process.pipe);
  int state = 0;
  waitpid(process.id, &state, 0);
  return WIFEXITED(state) ? WEXITSTATUS(state) : -1;
}

}  // namespace

TEST_CASE("eight processes share a file, and are killed now and then", "[crowd]") {
  Folder folder;
  std::string path = folder / "a.kith";
  {
    kith::Database db(path);
    db.put("tag", {{"name", "VIP"}});
  }
  const int wanted = budget(8 * 5000, 8 * 500'000) / processes;
  std::mt19937 random(11);
  auto until_next_kill = [&] { return std::uniform_int_distribution<int>(50, 250)(random); };
  Process crowd[processes];
  for (int i = 0; i < processes; ++i) begin(crowd[i], path, i, wanted);
  int kills = 0;
  int wait = until_next_kill();
  std::uintmax_t log = 0;
  for (int living = processes; living > 0;) {
    pollfd ready[processes];
    for (int i = 0; i < processes; ++i) ready[i] = {crowd[i].over ? -1 : crowd[i].pipe, POLLIN, 0};
    REQUIRE(poll(ready, processes, 120'000) > 0);
    for (int i = 0; i < processes; ++i) {
      if (ready[i].revents == 0) continue;
      Process& process = crowd[i];
      int before = process.done;
      if (!hear(process)) {
        INFO("process " << i << " after " << process.done << " acts");
        CHECK(end(process) == 0);
        process.over = true;
        --living;
        continue;
      }
      wait -= process.done - before;
      if (wait > 0) continue;
      wait = until_next_kill();
      kill(process.id, SIGKILL);
      end(process);
      ++kills;
      begin(process, path, i, wanted);
    }
    std::error_code none;
    std::uintmax_t size = std::filesystem::file_size(path + "-wal", none);
    if (!none) log = std::max(log, size);
  }
  CHECK(log < largest_log);
  kith::Database db(path);
  int leads = 0;
  int tagged = 0;
  for (int i = 0; i < processes; ++i) {
    CHECK(crowd[i].done == wanted);
    leads += leads_after(i, wanted);
    for (int number = 0; number < wanted; ++number) tagged += Act(i, number).tagged();
  }
  CHECK(db.count("lead") == leads);
  CHECK(db.count("lead", {.where = "tag 'VIP'"}) == tagged);
  CHECK(db.count("event", {.where = "kind = 'tag.assigned'"}) == tagged);
  CHECK(db.check().empty());
  std::printf("%d acts of %d processes, %d of them killed; the log was %.1f MB at most\n", processes * wanted,
              processes, kills, static_cast<double>(log) / (1 << 20));
}
