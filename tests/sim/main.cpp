// kith_sim SEED [COUNT]: simulations, by seed; of the first that goes wrong the shortest steps that were found.
// kith_sim --test PART PARTS: those that every run of the tests makes, and the same seed twice. kith_sim --self-test:
// that what goes wrong is found, and shortened.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>

#include <unistd.h>

#include "fault/fault_vfs.h"
#include "sim/world.h"

using namespace kith::sim;

namespace {

int tell(std::uint64_t seed, const Ended& ended, const std::vector<Step>& steps) {
  std::printf("seed %llu goes wrong in step %zu of %zu: %s\n", static_cast<unsigned long long>(seed),
              ended.step + 1, steps.size(), ended.wrong.c_str());
  std::vector<Step> shortest = shortened(steps);
  Ended again = simulate(shortest);
  std::printf("the shortest that was found, %zu steps: %s\n", shortest.size(), again.wrong.c_str());
  for (const Step& step : shortest) std::printf("  %s\n", told(step).c_str());
  return 1;
}

int run(std::uint64_t first, std::uint64_t count, std::uint64_t every) {
  auto began = std::chrono::steady_clock::now();
  std::size_t steps_taken = 0;
  std::size_t faults = 0;
  std::uint64_t seeds = 0;
  std::array<std::size_t, verbs> done = {};
  for (std::uint64_t seed = first; seed < first + count; seed += every) {
    std::vector<Step> steps = steps_of(seed);
    Ended ended = simulate(steps);
    if (!ended.wrong.empty()) return tell(seed, ended, steps);
    if (seed % 20 == 0) {
      Ended again = simulate(steps);
      if (again.answers != ended.answers || again.bytes != ended.bytes) {
        std::printf("seed %llu is not the same twice: %s differ\n", static_cast<unsigned long long>(seed),
                    again.bytes != ended.bytes ? "the files" : "the answers");
        return 1;
      }
    }
    steps_taken += steps.size();
    faults += ended.faults;
    for (std::size_t verb = 0; verb < done.size(); ++verb) done[verb] += ended.done[verb];
    ++seeds;
  }
  // Steps that only ever fail would try nothing.
  for (std::size_t verb = 0; verb < done.size() && seeds >= 100; ++verb) {
    if (done[verb] > 0) continue;
    std::printf("none of %llu seeds did a %s\n", static_cast<unsigned long long>(seeds),
                verb_name(static_cast<Verb>(verb)));
    return 1;
  }
  double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  std::printf("%llu seeds, %zu steps, %zu calls that failed by a fault, %.1f s\n",
              static_cast<unsigned long long>(seeds), steps_taken, faults, seconds);
  return 0;
}

std::uint64_t usual_seeds() {
  if (const char* text = std::getenv("KITH_SIM_SEEDS")) return std::strtoull(text, nullptr, 10);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return 20;
#else
  return std::getenv("KITH_CHECK") != nullptr ? 100'000 : 300;
#endif
}

// A step whose work is lost is found out, and told in few steps.
int test_itself() {
  for (Verb lie : {Verb::unassign, Verb::subscribe, Verb::put_note}) {
    std::vector<Step> steps;
    Ended ended;
    std::uint64_t seed = 0;
    while (ended.wrong.empty() && ++seed < 100) ended = simulate(steps = steps_of(seed), lie);
    if (ended.wrong.empty()) {
      std::printf("a %s that is lost is not found out\n", verb_name(lie));
      return 1;
    }
    std::vector<Step> shortest = shortened(steps, lie);
    bool has_it = !shortest.empty() && shortest.back().verb == lie;
    std::printf("a %s that is lost: %s\n", verb_name(lie), simulate(shortest, lie).wrong.c_str());
    for (const Step& step : shortest) std::printf("  %s\n", told(step).c_str());
    if (!has_it || shortest.size() > 6) {
      std::printf("seed %llu is not told in few steps\n", static_cast<unsigned long long>(seed));
      return 1;
    }
  }
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (const char* place = std::getenv("KITH_TEST_DIR")) {
    setenv("TMPDIR", place, 1);
  } else if (access("/dev/shm", W_OK | X_OK) == 0) {
    setenv("TMPDIR", "/dev/shm", 1);
  }
  kith::test::FaultVfs::install();
  auto number = [&](int at, std::uint64_t otherwise) {
    return at < count ? std::strtoull(arguments[at], nullptr, 10) : otherwise;
  };
  try {
    if (count > 1 && std::strcmp(arguments[1], "--self-test") == 0) return test_itself();
    if (count > 1 && std::strcmp(arguments[1], "--test") == 0)
      return run(number(2, 1), usual_seeds() - number(2, 1) + 1, number(3, 1));
    if (count > 1) return run(number(1, 1), number(2, 1), 1);
  } catch (const std::exception& failure) {
    std::printf("%s\n", failure.what());
    return 1;
  }
  std::printf("usage: kith_sim SEED [COUNT] | --test PART PARTS | --self-test\n");
  return 2;
}
