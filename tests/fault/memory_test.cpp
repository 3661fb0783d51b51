// Every allocation fails, once and from then on, beneath every verb that changes something. Then the status says so with
// the error that needs no memory, nothing is lost or half done, and the handle can be used.
#include <catch2/catch.hpp>

#include <cstdio>
#include <cstring>
#include <map>

#include "fault/fault_memory.h"
#include "fault/stage.h"

using namespace kith::test;

namespace {

std::string try_point(Stage& stage, const Scene& scene, int n, bool lasting, std::map<std::string, int>& statuses) {
  stage.set(scene);
  std::string wrong;
  FaultMemory::remember();
  kith_db* db = scene.verb->opens ? nullptr : stage.open();
  kith_error* error = nullptr;
  FaultMemory::arm(n, lasting);
  Stage::Played played = stage.play(scene, db, &error);
  FaultMemory::disarm();
  bool is_static = std::strcmp(kith_error_message(error), "no memory is left") == 0 && kith_error_status(error) == KITH_NO_MEMORY;
  kith_error_free(error);
  bool can_open = true;
  {
    std::string state;
    if (db == nullptr) db = stage.open();
    can_open = db != nullptr;
    if (can_open) state = stage.examine(scene, db);
    kith_close(db);
    if (!state.empty()) wrong += state + "; ";
  }
  std::size_t left = FaultMemory::forget();
  if (!wrong.empty()) left = 0;  // the sentence about it lives
  ++statuses[kith_status_name(played.status)];
  if (left > 0) wrong += std::to_string(left) + " blocks are lost; ";
  if (!can_open) wrong += "it cannot be opened again; ";
  if (played.status != KITH_OK && played.status != KITH_NO_MEMORY) wrong += "status; ";
  if (played.status == KITH_NO_MEMORY && !is_static) wrong += "another error; ";
  if (!played.outputs_clear) wrong += "outputs are left; ";
  std::uint64_t rows = rows_of_file(stage.path());
  if (scene.verb->fresh) {
    if (rows != scene.states.back()) wrong += "the file that was opened again is not as a new one; ";
  } else if (!scene.knows(rows)) {
    wrong += "the rows are between; ";
  } else if (played.status == KITH_OK && rows != scene.states.back()) {
    wrong += "it said OK, and did not do it; ";
  } else if (played.status != KITH_OK && scene.verb->steps == 1 && rows != scene.states.front() && !scene.verb->opens) {
    wrong += "it failed, and did it; ";
  }
  if (scene.verb->function == std::string("kith_backup")) {
    if (rows_of_file(stage.copy_path()) != (played.status == KITH_OK ? scene.states.front() : 0)) wrong += "the copy is wrong; ";
  }
  if (wrong.empty()) return "";
  return scene.name() + ", allocation " + std::to_string(n) + (lasting ? ", lasting: " : ", once: ") + wrong + "[" + kith_status_name(played.status) + "]";
}

}  // namespace

TEST_CASE("any allocation may fail", "[memory]") {
  Stage stage;
  std::vector<Scene> scenes = stage.all_scenes();
  struct Point {
    const Scene* scene;
    int n;
  };
  std::vector<Point> points;
  for (Scene& scene : scenes) {
    for (int round = 0; round < 2; ++round) {  // what is made once, such as a table of zones, is no leak
      stage.set(scene);
      kith_db* db = scene.verb->opens ? nullptr : stage.open();
      FaultMemory::arm(0, false);
      stage.play(scene, db);
      scene.points = FaultMemory::disarm();
      kith_close(db);
    }
    for (int n = 1; n <= scene.points; ++n) points.push_back({&scene, n});
  }
  std::size_t wanted = static_cast<std::size_t>(budget(15'000, 250'000));
  std::size_t all = points.size() * 2;
  std::map<std::string, int> statuses;
  std::vector<std::string> wrong;
  std::size_t tried = 0;
  for (std::size_t i = 0; i < std::min(wanted, all); ++i) {
    std::size_t which = sampled(i, wanted, all);
    const Point& point = points[which / 2];
    bool lasting = (i & 1) != 0;
    bool wants = now_trying(point.scene->name() + ", allocation " + std::to_string(point.n) + (lasting ? ", lasting" : ", once"));
    if (!wants) continue;
    std::string said = try_point(stage, *point.scene, point.n, lasting, statuses);
    ++tried;
    if (!said.empty() && wrong.size() < 40) wrong.push_back(std::move(said));
  }
  std::printf("%zu failed allocations, of %zu beneath %zu lines:", tried, points.size(), scenes.size());
  for (const auto& [name, count] : statuses) std::printf(" %s %d", name.c_str(), count);
  std::printf("\n");
  for (const std::string& said : wrong) FAIL_CHECK(said);
  CHECK(tried > 0);
}
