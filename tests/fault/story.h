// Several acts of the table in a random order on one file that is ready for all of them, for tests in which it matters
// what was done before.
#pragma once

#include <vector>

#include "fault/stage.h"

namespace kith::test {

struct Ground {
  Scene scene;                        // the file, and no act
  std::vector<const Scene*> players;  // whose acts have one state after them, and stay within the file
};
// `scenes` must outlive it: what a set-up leaves for its act is put in there anew, for it names what is in this file.
Ground ground_for(Stage& stage, std::vector<Scene>& scenes);

struct Story {
  std::vector<const Scene*> acts;
  int reopen_every = 0;
};
Story told_by(unsigned seed, const std::vector<const Scene*>& players, int length);

// The n-th act. The status does not matter: the same act on the same file has the same.
kith_status act(Stage& stage, const Scene& scene, std::size_t n, kith_db* db);

}  // namespace kith::test
