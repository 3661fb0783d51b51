// A host in C++, which sees nothing of what Kith is built with.
#include <kith.h>
#if __has_include(<kith.hpp>)
#include <kith.hpp>
#endif

#include <iostream>

#if defined(FMT_HEADER_ONLY) || defined(KITH_VERSION_STRING)
#error "a private definition of Kith reached its user"
#endif

int main() { std::cout << kith_version() << '\n'; }
