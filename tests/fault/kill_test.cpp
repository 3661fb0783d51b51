// A process that is killed at any moment of its work: what it was told is done is there, and of what it was doing all
// or nothing. The acts are those of the table, in a random order; told is what it wrote into a pipe after each.
#include <catch2/catch.hpp>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <map>
#include <random>

#include "fault/stage.h"

using namespace kith::test;

namespace {

// Verbs that act on the file itself, or more than once, have no one state after them; all others in one file.
bool takes_part(const Verb& verb) { return !verb.opens && verb.steps == 1 && verb.raw == nullptr && std::string(verb.function) != "kith_backup"; }

struct Story {
  std::vector<const Scene*> acts;
  int reopen_every = 0;
};

Story told_by(unsigned seed, const std::vector<const Scene*>& scenes) {
  std::mt19937 random(seed);
  Story story;
  story.reopen_every = 2 + static_cast<int>(random() % 6);
  for (int i = 0; i < 60; ++i) story.acts.push_back(scenes[random() % scenes.size()]);
  return story;
}

// One act of the story: the status does not matter, the same act on the same file has the same.
void act(Stage& stage, const Story& story, std::size_t i, kith_db* db) {
  Answers out;
  Turn turn = {db, stage.path().c_str(), stage.copy_path().c_str(), nullptr, &story.acts[i]->prepared, static_cast<int>(i), &out, nullptr};
  if (story.acts[i]->verb->act(turn) == KITH_OK) out.release();
  stage_clock = stage_start;
}

[[noreturn]] void live(Stage& stage, const Story& story, int pipe) {
  kith_db* db = nullptr;
  for (std::size_t i = 0; i < story.acts.size(); ++i) {
    if (db == nullptr) db = stage.open();
    if (db == nullptr) _exit(1);
    act(stage, story, i, db);
    char done = 'd';
    if (write(pipe, &done, 1) != 1) _exit(2);
    if (i % static_cast<std::size_t>(story.reopen_every) == 0) {
      kith_close(db);
      db = nullptr;
    }
  }
  _exit(0);
}

}  // namespace

TEST_CASE("a process may be killed at any moment", "[kill]") {
  Stage stage;
  std::vector<Scene> scenes = stage.all_scenes();
  // One file that is ready for all of them; what a set-up leaves names what is in that file.
  Scene ground;
  std::vector<const Scene*> players;
  {
    static const Verb none = {"", "", nullptr, nullptr};
    ground.verb = &none;
    for (const Scene& scene : scenes) {
      if (scene.verb->prepare == nullptr && ground.bytes.empty() && takes_part(*scene.verb)) ground.bytes = scene.bytes;
    }
    stage.set(ground);
    kith_db* db = stage.open();
    for (Scene& scene : scenes) {
      if (!takes_part(*scene.verb)) continue;
      bool merges = std::string(scene.verb->function) == "kith_unmerge" || std::string(scene.verb->function) == "kith_compact";
      if (scene.verb->prepare != nullptr && !merges) scene.verb->prepare(db, scene.prepared);
      players.push_back(&scene);
    }
    kith_close(db);
    ground.bytes = bytes_of(stage.path());
  }
  std::mt19937 random(7);
  int wanted = budget(2000, 50'000);
  std::vector<std::string> wrong;
  std::int64_t acknowledged = 0;
  int in_the_middle = 0;
  int whole = 0;
  double longest = 8000;  // microseconds; follows how fast the machine is
  for (int kill_number = 0; kill_number < wanted; ++kill_number) {
    now_trying("kill " + std::to_string(kill_number));
    unsigned seed = static_cast<unsigned>(random());
    Story story = told_by(seed, players);
    stage.set(ground);
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      close(ends[0]);
      live(stage, story, ends[1]);
    }
    close(ends[1]);
    usleep(static_cast<useconds_t>(std::uniform_real_distribution<double>(500, longest)(random)));
    kill(child, SIGKILL);
    int state = 0;
    waitpid(child, &state, 0);
    if (WIFEXITED(state)) {
      ++whole;
      longest = std::max(2000.0, longest * 0.9);
    }
    std::size_t done = 0;
    char letters[64];
    for (ssize_t size; (size = read(ends[0], letters, sizeof letters)) > 0;) done += static_cast<std::size_t>(size);
    close(ends[0]);
    acknowledged += static_cast<std::int64_t>(done);
    if (WIFSIGNALED(state) && done < 3) longest = std::min(60'000.0, longest * 1.02);

    std::string name = "kill " + std::to_string(kill_number) + " after " + std::to_string(done) + " acts, in " +
                       (done < story.acts.size() ? story.acts[done]->name() : "nothing") + ": ";
    kith_db* db = stage.open();
    std::string sound = db == nullptr ? "it cannot be opened again" : stage.examine(ground, db);
    kith_close(db);
    std::uint64_t rows = rows_of_file(stage.path());
    if (!sound.empty() && wrong.size() < 40) wrong.push_back(name + sound);
    // The same story in a process that lives: up to what was acknowledged, and one act more.
    stage.set(ground);
    db = stage.open();
    for (std::size_t i = 0; i < done; ++i) act(stage, story, i, db);
    std::uint64_t before = rows_of_file(stage.path());
    std::uint64_t after = before;
    if (done < story.acts.size()) {
      act(stage, story, done, db);
      after = rows_of_file(stage.path());
    }
    kith_close(db);
    if (rows != before && rows != after && wrong.size() < 40) wrong.push_back(name + (rows == 1 ? "the rows cannot be read" : "the rows are neither those before nor those after"));
    if (rows == after && after != before) ++in_the_middle;
  }
  std::printf("%d kills after %lld acknowledged acts; %d between commit and acknowledgement; %d ended before\n", wanted, static_cast<long long>(acknowledged),
              in_the_middle, whole);
  for (const std::string& said : wrong) FAIL_CHECK(said);
  CHECK(acknowledged > wanted / 2);
}
