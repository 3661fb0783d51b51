// Every call of the file layer fails, once and from then on, beneath every verb that changes something. Then the status
// says so, the rows are those from before or those from after, the file is sound, and the handle can be used.
#include <catch2/catch.hpp>

#include <cstdio>
#include <map>

#include "fault/fault_vfs.h"
#include "fault/story.h"

using namespace kith::test;

namespace {

bool is_fitting(kith_status status, const Verb& verb) {
  switch (status) {
    case KITH_OK:
    case KITH_IO:
    case KITH_FULL:
    case KITH_BUSY:
    case KITH_RETRY: return true;  // RETRY: of a transaction that the failure undid
    case KITH_CORRUPT: return verb.opens;
    case KITH_UNSUPPORTED: return verb.opens;  // the log could not be had
    default: return false;
  }
}

// What is wrong after the n-th call failed; "" when nothing is.
std::string try_point(Stage& stage, const Scene& scene, int n, bool lasting, int kind, std::map<std::string, int>& statuses) {
  stage.set(scene);
  kith_db* db = scene.verb->opens ? nullptr : stage.open();
  FaultVfs::arm(n, lasting, kind);
  Stage::Played played = stage.play(scene, db);
  FaultVfs::disarm();
  ++statuses[kith_status_name(played.status)];
  std::string wrong;
  if (!is_fitting(played.status, *scene.verb)) wrong += "status; ";
  if (!played.outputs_clear) wrong += "outputs are left; ";
  if (played.status != KITH_OK && played.message.empty()) wrong += "no sentence; ";
  if (db == nullptr) db = stage.open();
  if (db == nullptr) {
    wrong += "it cannot be opened again; ";
  } else {
    std::string state = stage.examine(scene, db);
    if (!state.empty()) wrong += state + "; ";
  }
  kith_close(db);
  std::uint64_t rows = rows_of_file(stage.path());
  if (scene.verb->fresh) {
    if (rows != scene.states.back()) wrong += "the file that was opened again is not as a new one; ";
  } else if (!scene.knows(rows)) {
    wrong += rows == 1 ? "the rows cannot be read; " : "the rows are between; ";
  } else if (played.status == KITH_OK && rows != scene.states.back()) {
    wrong += "it said OK, and did not do it; ";
  } else if (played.status != KITH_OK && scene.verb->steps == 1 && rows != scene.states.front() && !scene.verb->opens) {
    wrong += "it failed, and did it; ";
  }
  if (scene.verb->function == std::string("kith_backup")) {
    std::uint64_t copy = rows_of_file(stage.copy_path());
    if (copy != (played.status == KITH_OK ? scene.states.front() : 0)) wrong += "the copy is wrong; ";
  }
  if (wrong.empty()) return "";
  return scene.name() + ", call " + std::to_string(n) + " (" + FaultVfs::failed_call() + (lasting ? ", lasting" : ", once") + ", kind " +
         std::to_string(kind) + "): " + wrong + "[" + kith_status_name(played.status) + " " + played.message + "]";
}

}  // namespace

TEST_CASE("any call of the file layer may fail", "[io]") {
  Stage stage;
  std::vector<Scene> scenes = stage.all_scenes();
  struct Point {
    const Scene* scene;
    int n;
    bool lasting;
  };
  std::vector<Point> points;
  for (Scene& scene : scenes) {
    stage.set(scene);
    kith_db* db = scene.verb->opens ? nullptr : stage.open();
    FaultVfs::arm(0, false, 0);
    stage.play(scene, db);
    scene.points = FaultVfs::disarm();
    kith_close(db);
    CHECK(scene.points > 0);
    for (int n = 1; n <= scene.points; ++n) {
      for (bool lasting : {false, true}) points.push_back({&scene, n, lasting});
    }
  }
  std::size_t wanted = static_cast<std::size_t>(budget(8000, 40'000));
  std::map<std::string, int> statuses;
  std::vector<std::string> wrong;
  std::size_t tried = 0;
  // All of them in each of the ways that a call can fail, as far as the budget goes; else evenly among them.
  std::size_t all = points.size() * 6;
  for (std::size_t i = 0; i < std::min(wanted, all); ++i) {
    std::size_t which = sampled(i, wanted, all);
    const Point& point = points[which % points.size()];
    int kind = static_cast<int>(which / points.size());
    bool wants = now_trying(point.scene->name() + ", file call " + std::to_string(point.n) + (point.lasting ? ", lasting" : ", once") + ", kind " + std::to_string(kind));
    if (!wants) continue;
    std::string said = try_point(stage, *point.scene, point.n, point.lasting, kind, statuses);
    ++tried;
    if (!said.empty() && wrong.size() < 40) wrong.push_back(std::move(said));
  }
  std::printf("%zu faults of the file layer, of %zu calls beneath %zu lines:", tried, points.size() / 2, scenes.size());
  for (const auto& [name, count] : statuses) std::printf(" %s %d", name.c_str(), count);
  std::printf("\n");
  for (const std::string& said : wrong) FAIL_CHECK(said);
  CHECK(tried > 0);
}

TEST_CASE("what cannot be read for the present is no fault of the file", "[io]") {
  Stage stage;
  std::vector<Scene> scenes = stage.all_scenes();
  Ground ground = ground_for(stage, scenes);
  std::map<kith_status, int> statuses;
  for (int n = 1; n < 200; ++n) {
    stage.set(ground.scene);
    kith_db* db = stage.open();
    FaultVfs::arm(n, n % 2 == 0, 0);
    kith_rows* rows = nullptr;
    kith_status status = kith_check(db, 0, &rows, nullptr);
    bool failed = *FaultVfs::failed_call() != '\0';
    FaultVfs::disarm();
    INFO("call " << n);
    INFO((kith_rows_count(rows) > 0 ? kith_rows_text(rows, 0, 2) : ""));
    CHECK((rows == nullptr) == (status != KITH_OK));
    CHECK(kith_rows_count(rows) == 0);
    ++statuses[status];
    kith_rows_free(rows);
    kith_close(db);
    if (!failed) break;
  }
  CHECK(statuses[KITH_IO] > 10);
  CHECK(statuses[KITH_OK] >= 1);
}
