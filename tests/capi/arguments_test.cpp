// Structs of callers that were compiled with an older or a newer header.
#include "capi/arguments.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <vector>

#include "base/failing.h"

using namespace kith;
using kith::test::said_by;

namespace {

// A struct that has grown since its first release, when `added` was not there.
struct Grown {
  std::size_t size;
  std::int64_t first;
  std::int64_t added;
};
constexpr std::size_t in_first = offsetof(Grown, added);

// As large as the caller's struct and no larger, so that a sanitizer sees what is read beyond it.
std::vector<unsigned char> of_size(std::size_t size) {
  std::vector<unsigned char> bytes(size);
  std::int64_t first = 7;
  std::memcpy(bytes.data(), &size, sizeof size);
  std::memcpy(bytes.data() + sizeof size, &first, sizeof first);
  return bytes;
}
Grown read(const std::vector<unsigned char>& bytes) { return copied(reinterpret_cast<const Grown*>(bytes.data()), in_first, "grown"); }

}  // namespace

TEST_CASE("a struct of an older header is read as far as it goes, and what it lacks is 0", "[capi]") {
  std::vector<unsigned char> older = of_size(in_first);
  CHECK(read(older).first == 7);
  CHECK(read(older).added == 0);
  std::vector<unsigned char> ours = of_size(sizeof(Grown));
  ours[in_first] = 5;
  CHECK(read(ours).added == 5);
  std::vector<unsigned char> newer = of_size(sizeof(Grown) + 8);
  CHECK(read(newer).first == 7);
  newer.back() = 1;
  CHECK(said_by([&] { read(newer); }).find("MISUSE grown: asks for something") == 0);
  CHECK(said_by([&] { read(of_size(in_first - 1 < 16 ? 16 : in_first)); }).empty());
  std::vector<unsigned char> none = of_size(16);
  std::size_t wrong = in_first - 1;
  std::memcpy(none.data(), &wrong, sizeof wrong);
  CHECK(said_by([&] { read(none); }).find("MISUSE grown: its size is 15") == 0);
}
