// The power fails at any call that changes the disk, beneath every verb that changes something. Whatever the disk then
// holds of what was not synced, the file opens and is sound, its rows are of a moment that there was, and what was
// acknowledged is there - with KITH_OPEN_NORMAL_SYNC all of it up to some moment.
#include <catch2/catch.hpp>

#include <cstdio>
#include <string_view>
#include <unordered_set>

#include "fault/recording.h"

using namespace kith::test;

namespace {

std::size_t hash_of(const Files& files) {
  std::size_t hash = 0;
  for (const auto& bytes : files) hash = hash * 31 + (bytes ? std::hash<std::string_view>()(*bytes) + 1 : 0);
  return hash;
}

struct Outcome {
  std::size_t images = 0;
  std::size_t calls = 0;
  std::vector<std::string> wrong;
};

// So many images of each recording, spread over its calls, no two of them alike. `syncs`: whether the disk does as it is told.
Outcome lose_power(Stage& stage, const std::vector<Recording>& recordings, std::size_t wanted,
                   bool syncs = true) {
  Outcome outcome;
  std::size_t all = 0;
  for (const Recording& recording : recordings) all += recording.calls.size() + 1;
  std::size_t passed = 0;
  std::unordered_set<std::size_t> seen;
  for (const Recording& recording : recordings) {
    Disk disk(recording.before);
    outcome.calls += recording.calls.size();
    for (std::size_t made = 0; made <= recording.calls.size(); ++made) {
      if (made > 0) disk.take(recording.calls[made - 1], syncs);
      ++passed;
      // An image that was there already is made good for by one of a later call.
      std::size_t owed = (wanted + wanted / 50) * passed / all - outcome.images;
      for (std::size_t i = 0; i < std::min<std::size_t>(owed, 24); ++i) {
        auto loss = static_cast<Loss>((made + i) % losses);
        std::string name = recording.name + ", power lost after call " + std::to_string(made) + ", " +
                           loss_name(loss) + " " + std::to_string(i);
        if (!now_trying(name)) continue;
        std::mt19937_64 random(std::hash<std::string>()(name));
        Files image = disk.image(loss, random);
        if (!seen.insert(hash_of(image)).second) continue;
        lay(stage, image, random);
        std::string said = wrong_with(stage, recording, made);
        ++outcome.images;
        if (!said.empty() && outcome.wrong.size() < 40) outcome.wrong.push_back(name + ": " + said);
      }
    }
  }
  return outcome;
}

void report(const char* what, const std::vector<Recording>& recordings, const Outcome& outcome) {
  std::printf("%zu images of disks that lost their power beneath %s: %zu recordings, %zu calls\n",
              outcome.images, what, recordings.size(), outcome.calls);
  for (const std::string& said : outcome.wrong) FAIL_CHECK(said);
  CHECK(outcome.images > 0);
}

std::vector<Recording> stories(Stage& stage, const Ground& ground, int count) {
  std::vector<Recording> made;
  for (int i = 0; i < count; ++i)
    made.push_back(record_story(stage, ground, static_cast<unsigned>(i + 1), 14, i % 3 == 2));
  return made;
}

}  // namespace

TEST_CASE("the power may fail in any act", "[power]") {
  Stage stage;
  std::vector<Scene> scenes = stage.all_scenes();
  std::vector<Recording> recordings;
  for (const Scene& scene : scenes) {
    for (bool sync_normally : {false, true}) recordings.push_back(record_scene(stage, scene, sync_normally));
  }
  report("each act", recordings,
         lose_power(stage, recordings, static_cast<std::size_t>(budget(5000, 60'000))));
}

TEST_CASE("the power may fail in any of many acts, and again in opening what is left", "[power]") {
  Stage stage;
  std::vector<Scene> scenes = stage.all_scenes();
  Ground ground = ground_for(stage, scenes);
  int usual = budget(30, 300);
  std::vector<Recording> recordings = stories(stage, ground, std::clamp(usual, 3, 300));
  std::size_t count = recordings.size();
  std::size_t hot = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Recording story = recordings[i];
    Disk disk(story.before);
    std::mt19937_64 random(i);
    for (std::size_t made = 0; made < story.calls.size() / 2 + i % 7; ++made) disk.take(story.calls[made]);
    Files image = disk.image(static_cast<Loss>(1 + i % 3), random);
    recordings.push_back(record_opening(stage, story, image));
    for (const DiskCall& call : recordings.back().calls)
      hot += call.kind == DiskCall::write && call.part == Part::file ? 1 : 0;
  }
  CHECK(hot > count);  // what was left of most had to be recovered
  report("stories", recordings,
         lose_power(stage, recordings, static_cast<std::size_t>(budget(5000, 160'000))));
}

TEST_CASE("a disk that does not sync is found out", "[power]") {
  Stage stage;
  std::vector<Scene> scenes = stage.all_scenes();
  Ground ground = ground_for(stage, scenes);
  std::vector<Recording> recordings = stories(stage, ground, 3);
  Outcome outcome = lose_power(stage, recordings, 150, false);
  std::string all;
  for (const std::string& said : outcome.wrong) all += said + "\n";
  CHECK(all.find("what was acknowledged is gone") != std::string::npos);
  // Nor may what is allowed with KITH_OPEN_NORMAL_SYNC pass without it.
  std::vector<Recording> normal = {record_story(stage, ground, 1, 14, true)};
  CHECK(lose_power(stage, normal, 100).wrong.empty());
  normal[0].lasts = true;
  outcome = lose_power(stage, normal, 100);
  REQUIRE(!outcome.wrong.empty());
  CHECK(outcome.wrong[0].find("what was acknowledged is gone") != std::string::npos);
  CHECK((all.find("between") != std::string::npos || all.find("cannot be opened") != std::string::npos ||
         all.find("check f") != std::string::npos));
}
