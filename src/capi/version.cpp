// The version of the library that runs, as the C interface tells it.
#include "kith.h"

const char* kith_version(void) { return KITH_VERSION_STRING; }
