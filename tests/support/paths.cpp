#include "support/paths.h"

namespace kith::test {

std::string path(const std::string& below_tests) { return std::string(KITH_TESTS_DIR) + "/" + below_tests; }

}  // namespace kith::test
