// The public headers are complete in themselves, in strict C++20.
#include <kith.h>
#if __has_include(<kith.hpp>)
#include <kith.hpp>
#endif
