// Where the tests find their data files. Nothing else of a test may depend on the place of the tree.
#pragma once

#include <string>

namespace kith::test {

// The absolute path of a file or folder below tests/, such as path("golden/0001.kith").
std::string path(const std::string& below_tests);

}  // namespace kith::test
