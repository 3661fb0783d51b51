// Random bytes, seeded ones, tokens; and hashes against published digests.
#include "base/random.h"

#include <set>
#include <vector>

#include "base/hash.h"
#include "failing.h"

using namespace kith;

namespace {

class FixedRandom final : public Random {
 public:
  explicit FixedRandom(std::uint8_t value) : value_(value) {}
  void fill(std::span<std::uint8_t> bytes) override {
    for (std::uint8_t& byte : bytes) byte = value_;
  }

 private:
  std::uint8_t value_;
};

}  // namespace

TEST_CASE("the system's random bytes fill all and differ", "[base][random]") {
  std::vector<std::uint8_t> a(100000), b(100000);
  system_random().fill(a);
  system_random().fill(b);
  system_random().fill({});
  CHECK(a != b);
  CHECK(std::set<std::uint8_t>(a.end() - 5000, a.end()).size() == 256);
}

TEST_CASE("the same seed gives the same bytes", "[base][random]") {
  SeededRandom a(42), b(42), c(43);
  std::vector<std::uint8_t> x(33), y(33), z(33);
  a.fill(x);
  b.fill(y);
  c.fill(z);
  CHECK(x == y);
  CHECK(x != z);
  // Fixed for good, so that samples made from a seed stay as they are.
  CHECK(SeededRandom(42).next() == 1546998764402558742u);
}

TEST_CASE("numbers below a bound are even enough", "[base][random]") {
  SeededRandom random(9);
  std::vector<int> seen(10);
  for (int i = 0; i < 100000; ++i) ++seen[random.below(10)];
  for (int count : seen) {
    CHECK(count > 9500);
    CHECK(count < 10500);
  }
  CHECK(random.below(1) == 0);
  for (int i = 0; i < 100; ++i) CHECK(random.below((1ull << 63) + 1) <= 1ull << 63);
}

TEST_CASE("tokens are 128 bits in letters that a URL can hold", "[base][random]") {
  FixedRandom zeros(0), ones(255);
  CHECK(new_token(zeros) == "AAAAAAAAAAAAAAAAAAAAAA");
  CHECK(new_token(ones) == "_____________________w");
  std::set<std::string> tokens;
  for (int i = 0; i < 1000; ++i) {
    std::string token = new_token(system_random());
    CHECK(token.size() == 22);
    CHECK(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
          token.npos);
    tokens.insert(token);
  }
  CHECK(tokens.size() == 1000);
}

TEST_CASE("hashes are those that others compute", "[base][hash]") {
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex(std::string(1000000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  CHECK(sha256("abc")[0] == 0xba);
  CHECK(sha256("abc")[31] == 0xad);
}

TEST_CASE("the quick hash is fixed and spreads", "[base][hash]") {
  CHECK(quick_hash("") == quick_hash(std::string()));
  CHECK(quick_hash("a") != quick_hash("b"));
  std::vector<int> buckets(10);
  for (int i = 0; i < 100000; ++i) ++buckets[quick_hash(std::to_string(i)) % 10];
  for (int count : buckets) {
    CHECK(count > 9500);
    CHECK(count < 10500);
  }
}
