#include "fault/recording.h"

#include <algorithm>

#include "support/raw.h"

namespace kith::test {

namespace {

Files files_of(Stage& stage) {
  Files files;
  for (std::size_t part = 0; part < parts; ++part) {
    std::string path = stage.path() + part_names[part];
    if (std::filesystem::exists(path)) files[part] = bytes_of(path);
  }
  return files;
}

std::string file_id_of(const std::string& path) {
  return Raw(path).one("SELECT value FROM setting WHERE name = 'file_id'");
}

}  // namespace

std::pair<std::size_t, std::size_t> Recording::possible(std::size_t calls_made) const {
  std::size_t done = 0;
  while (done + 1 < acknowledged.size() && acknowledged[done + 1].calls <= calls_made) ++done;
  // Of what was under way all or nothing may be there, or as much of it as it has transactions.
  std::size_t last = done + 1 < acknowledged.size() ? acknowledged[done + 1].state : acknowledged[done].state;
  return {lasts ? acknowledged[done].state : 0, last};
}

Recording record_scene(Stage& stage, const Scene& scene, bool sync_normally) {
  Recording made;
  made.name = scene.name() + (sync_normally ? ", NORMAL" : ", FULL");
  made.scene = &scene;
  made.lasts = !sync_normally;
  made.states = scene.states;
  stage.set(scene);
  made.before = files_of(stage);
  made.acknowledged.push_back({0, 0});
  CrashVfs::record(stage.path());
  stage.sync_normally(sync_normally);
  kith_db* db = scene.verb->opens ? nullptr : stage.open();
  Stage::Played played = stage.play(scene, db);
  if (played.status == KITH_OK) made.acknowledged.push_back({CrashVfs::recorded(), made.states.size() - 1});
  kith_close(db);
  stage.sync_normally(false);
  made.calls = CrashVfs::stop();
  if (scene.verb->fresh) made.file_id = file_id_of(stage.path());
  return made;
}

Recording record_story(Stage& stage, const Ground& ground, unsigned seed, int length, bool sync_normally) {
  Story story = told_by(seed, ground.players, length);
  Recording made;
  made.name = "story " + std::to_string(seed) + (sync_normally ? ", NORMAL" : ", FULL");
  made.scene = &ground.scene;
  made.lasts = !sync_normally;
  stage.set(ground.scene);
  made.before = files_of(stage);
  made.states.push_back(rows_of_file(stage.path()));
  made.acknowledged.push_back({0, 0});
  CrashVfs::record(stage.path());
  stage.sync_normally(sync_normally);
  kith_db* db = nullptr;
  for (std::size_t i = 0; i < story.acts.size(); ++i) {
    if (db == nullptr) db = stage.open();
    act(stage, *story.acts[i], i, db);
    std::size_t calls = CrashVfs::recorded();
    if (std::uint64_t rows = rows_of_file(stage.path()); rows != made.states.back())
      made.states.push_back(rows);
    made.acknowledged.push_back({calls, made.states.size() - 1});
    if (seed % 3 == i % 3) kith_run(db, 0, nullptr, nullptr, nullptr);
    if (i % static_cast<std::size_t>(story.reopen_every) == 0) {
      kith_close(db);
      db = nullptr;
    }
  }
  kith_close(db);
  stage.sync_normally(false);
  made.calls = CrashVfs::stop();
  return made;
}

Recording record_opening(Stage& stage, const Recording& of, const Files& image) {
  Recording made;
  made.name = "opening what is left of " + of.name;
  made.scene = of.scene;
  made.before = image;
  std::mt19937_64 random(1);
  lay(stage, image, random);
  CrashVfs::record(stage.path());
  kith_close(stage.open());
  made.calls = CrashVfs::stop();
  made.states.push_back(rows_of_file(stage.path()));
  made.acknowledged.push_back({0, 0});
  return made;
}

void lay(Stage& stage, const Files& image, std::mt19937_64& random) {
  stage.clear();
  for (std::size_t part = 0; part < parts; ++part) {
    if (image[part]) write_bytes(stage.path() + part_names[part], *image[part]);
  }
  if (random() % 4 != 0) return;
  std::string noise(32768, '\0');
  for (char& byte : noise) byte = static_cast<char>(random());
  write_bytes(stage.path() + "-shm", noise);
}

std::string wrong_with(Stage& stage, const Recording& recording, std::size_t calls_made) {
  auto [first, last] = recording.possible(calls_made);
  const Verb& verb = *recording.scene->verb;
  std::string wrong;
  kith_db* db = stage.open();
  if (db == nullptr) {
    wrong += "it cannot be opened; ";
  } else if (std::string state = stage.examine(*recording.scene, db); !state.empty()) {
    wrong += state + "; ";
  }
  kith_close(db);
  std::uint64_t rows = rows_of_file(stage.path());
  bool acknowledged = recording.lasts && first == recording.states.size() - 1;
  if (verb.fresh) {
    if (rows != recording.states.back()) wrong += "the file that was opened again is not as a new one; ";
    if (acknowledged && !recording.file_id.empty() && file_id_of(stage.path()) != recording.file_id)
      wrong += "the file that was made is gone; ";
    return wrong;
  }
  const std::vector<std::uint64_t>& states = recording.states;
  auto begin = states.begin();
  auto end = begin + static_cast<std::ptrdiff_t>(last) + 1;
  if (rows == 1) {
    wrong += "the rows cannot be read; ";
  } else if (std::find(begin, end, rows) == end) {
    wrong += std::find(states.begin(), states.end(), rows) != states.end() ? "the rows are of later; "
                                                                           : "the rows are between; ";
  } else if (std::find(begin + static_cast<std::ptrdiff_t>(first), end, rows) == end) {
    wrong += "what was acknowledged is gone; ";
  }
  if (acknowledged && std::string(verb.function) == "kith_erase" &&
      bytes_of(stage.path()).find("bob@example") != std::string::npos) {
    wrong += "who was erased is in the file; ";
  }
  return wrong;
}

}  // namespace kith::test
