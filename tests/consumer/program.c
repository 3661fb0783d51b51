/* A host with symbols of its own that Kith's insides have too: they must not meet. */
#include <kith.h>
#include <stdio.h>

int sqlite3_open(void);
int idn2_free(void);
int sqlite3_open(void) { return 1; }
int idn2_free(void) { return 1; }

int main(void) {
  puts(kith_version());
  return sqlite3_open() + idn2_free() == 2 ? 0 : 1;
}
