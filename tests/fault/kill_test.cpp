// A process that is killed at any moment of its work: what it was told is done is there, and of what it was doing all
// or nothing. The acts are those of the table, in a random order; told is what it wrote into a pipe after each.
#include <catch2/catch.hpp>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <random>

#include "fault/story.h"

using namespace kith::test;

namespace {

[[noreturn]] void live(Stage& stage, const Story& story, int pipe) {
  kith_db* db = nullptr;
  for (std::size_t i = 0; i < story.acts.size(); ++i) {
    if (db == nullptr) db = stage.open();
    if (db == nullptr) _exit(1);
    act(stage, *story.acts[i], i, db);
    char done = 'd';
    if (write(pipe, &done, 1) != 1) _exit(2);
    if (i % static_cast<std::size_t>(story.reopen_every) == 0) {
      kith_close(db);
      db = nullptr;
    }
  }
  _exit(0);
}

struct Life {
  pid_t id = -1;
  int pipe = -1;
};

Life begin(Stage& stage, const Story& story) {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  Life life = {fork(), ends[0]};
  REQUIRE(life.id >= 0);
  if (life.id == 0) {
    close(ends[0]);
    live(stage, story, ends[1]);
  }
  close(ends[1]);
  return life;
}

// How long a life lasts that nobody ends, in microseconds: a machine may be slow, and a sanitizer is.
double whole_life(Stage& stage, const Ground& ground) {
  Story story = told_by(1, ground.players, 60);
  stage.set(ground.scene);
  auto began = std::chrono::steady_clock::now();
  Life life = begin(stage, story);
  waitpid(life.id, nullptr, 0);
  close(life.pipe);
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - began).count();
}

}  // namespace

TEST_CASE("a process may be killed at any moment", "[kill]") {
  Stage stage;
  std::vector<Scene> scenes = stage.all_scenes();
  Ground ground = ground_for(stage, scenes);
  std::mt19937 random(7);
  int wanted = budget(2000, 50'000);
  std::vector<std::string> wrong;
  std::int64_t acknowledged = 0;
  int in_the_middle = 0;
  int whole = 0;
  const double usual = whole_life(stage, ground);
  double longest = usual / 4;  // microseconds; follows how fast the machine is
  for (int kill_number = 0; kill_number < wanted; ++kill_number) {
    now_trying("kill " + std::to_string(kill_number));
    unsigned seed = static_cast<unsigned>(random());
    Story story = told_by(seed, ground.players, 60);
    stage.set(ground.scene);
    Life life = begin(stage, story);
    usleep(static_cast<useconds_t>(std::uniform_real_distribution<double>(500, longest)(random)));
    kill(life.id, SIGKILL);
    int state = 0;
    waitpid(life.id, &state, 0);
    if (WIFEXITED(state)) {
      ++whole;
      longest = std::max(usual / 8, longest * 0.9);
    }
    std::size_t done = 0;
    char letters[64];
    for (ssize_t size; (size = read(life.pipe, letters, sizeof letters)) > 0;)
      done += static_cast<std::size_t>(size);
    close(life.pipe);
    acknowledged += static_cast<std::int64_t>(done);
    if (WIFSIGNALED(state) && done < 3) longest = std::min(usual * 4, longest * 1.02);

    std::string name = "kill " + std::to_string(kill_number) + " after " + std::to_string(done) +
                       " acts, in " + (done < story.acts.size() ? story.acts[done]->name() : "nothing") +
                       ": ";
    kith_db* db = stage.open();
    std::string sound = db == nullptr ? "it cannot be opened again" : stage.examine(ground.scene, db);
    kith_close(db);
    std::uint64_t rows = rows_of_file(stage.path());
    if (!sound.empty() && wrong.size() < 40) wrong.push_back(name + sound);
    // The same story in a process that lives: up to what was acknowledged, and one act more.
    stage.set(ground.scene);
    db = stage.open();
    for (std::size_t i = 0; i < done; ++i) act(stage, *story.acts[i], i, db);
    std::uint64_t before = rows_of_file(stage.path());
    std::uint64_t after = before;
    if (done < story.acts.size()) {
      act(stage, *story.acts[done], done, db);
      after = rows_of_file(stage.path());
    }
    kith_close(db);
    if (rows != before && rows != after && wrong.size() < 40)
      wrong.push_back(name + (rows == 1 ? "the rows cannot be read"
                                        : "the rows are neither those before nor those after"));
    if (rows == after && after != before) ++in_the_middle;
  }
  std::printf(
      "%d kills after %lld acknowledged acts; %d between commit and acknowledgement; %d ended before\n",
      wanted, static_cast<long long>(acknowledged), in_the_middle, whole);
  for (const std::string& said : wrong) FAIL_CHECK(said);
  CHECK(acknowledged > wanted / 2);
}
