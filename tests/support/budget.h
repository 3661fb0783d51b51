// How much of a test's work to do: the usual amount, more before a release, less where every step is slow.
#pragma once

#include <cstdlib>

namespace kith::test {

// `usual` points, `most` before a release, few under a sanitizer. KITH_FAULT_POINTS says another number.
inline int budget(int usual, int most) {
  if (std::getenv("KITH_FAULT_POINT") != nullptr) return 100'000'000;  // one alone is looked for
  if (const char* text = std::getenv("KITH_FAULT_POINTS")) return std::atoi(text);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  (void)most;
  return usual / 20;
#else
  return std::getenv("KITH_CHECK") != nullptr ? most : usual;
#endif
}

}  // namespace kith::test
