#include "base/random.h"

#include <cerrno>

#if defined(__linux__)
#include <sys/random.h>
#else
#include <random>
#endif

#include "base/failure.h"

namespace kith {
namespace {

class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> bytes) override {
#if defined(__linux__)
    while (!bytes.empty()) {
      ssize_t got = getrandom(bytes.data(), bytes.size(), 0);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) fail(Status::io, "", "the operating system gave no random bytes (error {})", errno);
      bytes = bytes.subspan(static_cast<std::size_t>(got));
    }
#else
    std::random_device device;  // the system's generator in libc++ and in Microsoft's library
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(device());
#endif
  }
};

std::uint64_t split_mix(std::uint64_t& state) {
  std::uint64_t z = state += 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

std::uint64_t turned(std::uint64_t x, int by) { return (x << by) | (x >> (64 - by)); }

}  // namespace

Random& system_random() {
  static SystemRandom random;  // holds nothing
  return random;
}

SeededRandom::SeededRandom(std::uint64_t seed) {
  for (std::uint64_t& part : state_) part = split_mix(seed);
}

// xoshiro256**
std::uint64_t SeededRandom::next() noexcept {
  std::uint64_t out = turned(state_[1] * 5, 7) * 9;
  std::uint64_t mixed = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= mixed;
  state_[3] = turned(state_[3], 45);
  return out;
}

std::uint64_t SeededRandom::below(std::uint64_t below) noexcept {
  // The last, incomplete stretch of numbers is thrown away: it would favour the small ones.
  std::uint64_t least = (0 - below) % below;
  std::uint64_t drawn;
  do drawn = next();
  while (drawn < least);
  return drawn % below;
}

void SeededRandom::fill(std::span<std::uint8_t> bytes) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i, word >>= 8) {
    if (i % 8 == 0) word = next();
    bytes[i] = static_cast<std::uint8_t>(word);
  }
}

std::string new_token(Random& random) {
  constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::array<std::uint8_t, 16> bytes;
  random.fill(bytes);
  std::string out;
  out.reserve(22);
  unsigned held = 0;
  int bits = 0;
  for (std::uint8_t byte : bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 6; bits -= 6) out += digits[(held >> (bits - 6)) & 63];
  }
  out += digits[(held << (6 - bits)) & 63];
  return out;
}

}  // namespace kith
