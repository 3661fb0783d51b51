// Files that were left by a killed process or a power cut are opened while the file layer or memory fails as well, at
// any call of the opening and of the closing after it. Then the status says so, nothing is handed out, and whoever opens
// the file later finds what would have been there without the second fault.
#include <catch2/catch.hpp>

#include <cstdio>
#include <map>

#include "fault/fault_memory.h"
#include "fault/fault_vfs.h"
#include "fault/recording.h"

using namespace kith::test;

namespace {

struct Left {
  const Recording* recording;
  std::string name;
  Files image;
  std::uint64_t rows = 0;  // that are recovered from it
  int file_calls = 0;
  int allocations = 0;
};

struct Fault {
  bool memory = false;
  int n = 0;
  bool lasting = false;
  int kind = 0;

  std::string name() const {
    std::string text =
        (memory ? ", allocation " : ", file call ") + std::to_string(n) + (lasting ? ", lasting" : ", once");
    return memory ? text : text + ", kind " + std::to_string(kind);
  }
};

void put_down(Stage& stage, const Left& left) {
  std::mt19937_64 random(1);
  lay(stage, left.image, random);
}

// Where a log or a journal has something that is not yet in the file.
std::vector<Left> all_left(Stage& stage, const std::vector<Recording>& recordings, std::size_t most) {
  std::vector<Left> found;
  for (std::size_t which = 0; which < recordings.size() && found.size() < most; ++which) {
    const Recording& recording = recordings[which];
    std::mt19937_64 random(which);
    std::size_t at = recording.calls.size() * (30 + random() % 60) / 100;
    Disk disk(recording.before);
    for (std::size_t made = 0; made < at; ++made) disk.take(recording.calls[made]);
    auto loss = static_cast<Loss>(1 + which % (losses - 1));
    Left left = {&recording, recording.name + ", call " + std::to_string(at) + ", " + loss_name(loss),
                 disk.image(loss, random)};
    auto is_hot = [&](Part part) {
      return left.image[static_cast<std::size_t>(part)].value_or("").size() > 600;
    };
    if (!is_hot(Part::log) && !is_hot(Part::journal)) continue;
    for (int round = 0; round < 2; ++round) {  // what is made once is not made again
      put_down(stage, left);
      FaultVfs::arm(0, false, 0);
      FaultMemory::arm(0, false);
      kith_close(stage.open());
      left.allocations = FaultMemory::disarm();
      left.file_calls = FaultVfs::disarm();
    }
    left.rows = rows_of_file(stage.path());
    found.push_back(std::move(left));
  }
  return found;
}

bool is_fitting(kith_status status, bool memory) {
  if (memory) return status == KITH_OK || status == KITH_NO_MEMORY;
  return status == KITH_OK || status == KITH_IO || status == KITH_FULL || status == KITH_BUSY ||
         status == KITH_CORRUPT || status == KITH_UNSUPPORTED;
}

std::string try_fault(Stage& stage, const Left& left, const Fault& fault,
                      std::map<std::string, int>& statuses) {
  put_down(stage, left);
  std::string wrong;
  FaultMemory::remember();
  Stage::Opened opened = fault.memory ? (FaultMemory::arm(fault.n, fault.lasting), stage.try_open())
                                      : (FaultVfs::arm(fault.n, fault.lasting, fault.kind), stage.try_open());
  kith_close(opened.db);
  FaultMemory::disarm();
  FaultVfs::disarm();
  bool is_said = opened.status == KITH_OK || (kith_error_status(opened.error) == opened.status &&
                                              *kith_error_message(opened.error) != '\0');
  kith_error_free(opened.error);
  std::size_t lost = FaultMemory::forget();
  ++statuses[kith_status_name(opened.status)];
  if (lost > 0) wrong += std::to_string(lost) + " blocks are lost; ";
  if (!is_fitting(opened.status, fault.memory)) wrong += "status; ";
  if (!is_said) wrong += "no sentence; ";
  if (opened.status != KITH_OK && opened.db != nullptr) wrong += "a handle is left; ";
  kith_db* db = stage.open();
  if (db == nullptr) {
    wrong += "it cannot be opened again; ";
  } else if (std::string state = stage.examine(*left.recording->scene, db); !state.empty()) {
    wrong += state + "; ";
  }
  kith_close(db);
  std::uint64_t rows = rows_of_file(stage.path());
  if (rows != left.rows) wrong += rows == 1 ? "the rows cannot be read; " : "the rows are others; ";
  if (!wrong.empty()) wrong += "[" + std::string(kith_status_name(opened.status)) + "]";
  return wrong;
}

}  // namespace

TEST_CASE("recovering may fail as well", "[recovery]") {
  Stage stage;
  std::vector<Scene> scenes = stage.all_scenes();
  Ground ground = ground_for(stage, scenes);
  std::vector<Recording> recordings;
  for (unsigned seed = 1; seed <= 20; ++seed)
    recordings.push_back(record_story(stage, ground, 100 + seed, 8, seed % 3 == 0));
  for (const Scene& scene : scenes) recordings.push_back(record_scene(stage, scene, false));
  int wanted = budget(2000, 20'000);
  std::vector<Left> lefts =
      all_left(stage, recordings, static_cast<std::size_t>(std::clamp(wanted / 40, 5, 60)));
  std::vector<std::pair<const Left*, Fault>> points[2];  // of the file layer, of memory
  for (const Left& left : lefts) {
    CHECK(left.file_calls > 20);
    for (int n = 1; n <= left.file_calls; ++n) {
      for (int way = 0; way < 12; ++way) points[0].push_back({&left, {false, n, way % 2 == 1, way / 2}});
    }
    for (int n = 1; n <= left.allocations; ++n) {
      for (bool lasting : {false, true}) points[1].push_back({&left, {true, n, lasting, 0}});
    }
  }
  std::map<std::string, int> statuses;
  std::vector<std::string> wrong;
  std::size_t tried = 0;
  for (const auto& these : points) {
    std::size_t most = static_cast<std::size_t>(wanted) / 2;
    for (std::size_t i = 0; i < std::min(most, these.size()); ++i) {
      const auto& [left, fault] = these[sampled(i, most, these.size())];
      if (!now_trying(left->name + fault.name())) continue;
      std::string said = try_fault(stage, *left, fault, statuses);
      ++tried;
      if (!said.empty() && wrong.size() < 40) wrong.push_back(left->name + fault.name() + ": " + said);
    }
  }
  std::printf("%zu faults in recovering %zu files, of %zu:", tried, lefts.size(),
              points[0].size() + points[1].size());
  for (const auto& [name, count] : statuses) std::printf(" %s %d", name.c_str(), count);
  std::printf("\n");
  for (const std::string& said : wrong) FAIL_CHECK(said);
  CHECK(tried > 0);
}
