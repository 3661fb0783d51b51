// A disk that loses its power: what was synced is on it, and of what was not any part, in pieces of a sector, in any
// order. It takes the recorded calls one by one and makes images of what could be found afterwards.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "fault/crash_vfs.h"

namespace kith::test {

// Bytes of each part, or that it is not there.
using Files = std::array<std::optional<std::string>, parts>;

// What became of the writes that were not synced.
enum class Loss {
  all,      // none of them
  nothing,  // every one is there, as when the process is killed
  later,    // those from one of them on, which is torn
  some,     // any of them, whole
  sectors,  // any sectors of any of them, and sizes
  garbage,  // the same, and a sector that was being written may hold anything
};
inline constexpr int losses = 6;
const char* loss_name(Loss loss);

class Disk {
 public:
  explicit Disk(const Files& files);
  void take(const DiskCall& call, bool syncs = true);  // without `syncs`: a disk that lies, and syncs nothing
  Files image(Loss loss, std::mt19937_64& random) const;

 private:
  // A file without its name, for names can be lost and files as well.
  struct Body {
    std::string synced;
    std::vector<const DiskCall*> waiting;
  };
  using Entries = std::array<std::shared_ptr<Body>, parts>;
  static std::string image_of(const Body& body, Loss loss, std::mt19937_64& random);

  std::vector<Entries> folder_;  // as it was synced, and after each change since
};

}  // namespace kith::test
