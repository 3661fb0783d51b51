// Memory that runs out: the n-th allocation of this program fails, once or from then on, whoever asks - the library,
// SQLite, or what else is linked in (the linker turns malloc of all of it over to this file). Also which blocks live.
#pragma once

#include <cstddef>

namespace kith::test {

class FaultMemory {
 public:
  static void arm(int n, bool lasting);
  static int disarm();  // how many allocations came since
  // Blocks that were allocated from here on are remembered, until `forget`, which says how many of them still live.
  static void remember();
  static std::size_t forget();
};

}  // namespace kith::test
