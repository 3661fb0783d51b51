#include "fault/story.h"

#include <random>

namespace kith::test {

namespace {

// Verbs that act on the file itself, or more than once, have no one state after them; all others in one file.
bool takes_part(const Verb& verb) {
  return !verb.opens && verb.steps == 1 && verb.raw == nullptr && std::string(verb.function) != "kith_backup";
}

}  // namespace

Ground ground_for(Stage& stage, std::vector<Scene>& scenes) {
  static const Verb none = {"", "", nullptr, nullptr};
  Ground ground;
  ground.scene.verb = &none;
  for (const Scene& scene : scenes) {
    if (scene.verb->prepare == nullptr && ground.scene.bytes.empty() && takes_part(*scene.verb))
      ground.scene.bytes = scene.bytes;
  }
  stage.set(ground.scene);
  kith_db* db = stage.open();
  for (Scene& scene : scenes) {
    if (!takes_part(*scene.verb)) continue;
    bool merges = std::string(scene.verb->function) == "kith_unmerge" ||
                  std::string(scene.verb->function) == "kith_compact";
    if (scene.verb->prepare != nullptr && !merges) scene.verb->prepare(db, scene.prepared);
    ground.players.push_back(&scene);
  }
  kith_close(db);
  ground.scene.bytes = bytes_of(stage.path());
  return ground;
}

Story told_by(unsigned seed, const std::vector<const Scene*>& players, int length) {
  std::mt19937 random(seed);
  Story story;
  story.reopen_every = 2 + static_cast<int>(random() % 6);
  for (int i = 0; i < length; ++i) story.acts.push_back(players[random() % players.size()]);
  return story;
}

kith_status act(Stage& stage, const Scene& scene, std::size_t n, kith_db* db) {
  Answers out;
  Turn turn = {db,
               stage.path().c_str(),
               stage.copy_path().c_str(),
               nullptr,
               &scene.prepared,
               static_cast<int>(n),
               &out,
               nullptr};
  kith_status status = scene.verb->act(turn);
  if (status == KITH_OK) out.release();
  stage_clock = stage_start;
  return status;
}

}  // namespace kith::test
