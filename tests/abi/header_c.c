/* The public header is complete in itself, in strict C99. */
#include <kith.h>
typedef int kith_header_is_c99;
