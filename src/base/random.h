// Where random bytes come from, so that a test can say which ones, and the tokens made of them.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

namespace kith {

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> bytes) = 0;
};

// The operating system's, fit for secrets. Safe from any thread.
Random& system_random();

// The same bytes for the same seed, for tests and repeatable samples. Anyone can guess them.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed);
  void fill(std::span<std::uint8_t> bytes) override;
  std::uint64_t next() noexcept;
  // 0 to below - 1, evenly; `below` is at least 1.
  std::uint64_t below(std::uint64_t below) noexcept;

 private:
  std::array<std::uint64_t, 4> state_;
};

// 128 bits as 22 characters of URL-safe base64.
std::string new_token(Random& random);

}  // namespace kith
