// What the targets share. Each target is a file with LLVMFuzzerTestOneInput; where the compiler has no fuzzer, replay.cpp
// runs it over its corpus and over seeded mutations of that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "base/failure.h"

// A promise that an input breaks ends the process, in every build: that is how fuzzers hear of it.
#define PROMISE(condition)                                                              \
  do {                                                                                  \
    if (!(condition)) {                                                                 \
      std::fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition);       \
      std::abort();                                                                     \
    }                                                                                   \
  } while (0)

namespace kith::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Whether the work was refused, which it may be with these statuses only, and a sentence.
template <class Work>
bool refused(Work work) {
  try {
    work();
    return false;
  } catch (const Failure& failure) {
    Status status = failure.status();
    PROMISE(status == Status::invalid || status == Status::limit || status == Status::not_found);
    PROMISE(!failure.message().empty());
    return true;
  }
}

}  // namespace kith::fuzz
