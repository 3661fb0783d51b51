/* The library that runs tells its version. */
#include <kith.h>
#include <stdio.h>
#include <string.h>

int main(void) {
  const char *version = kith_version();
  if (version == NULL || strchr(version, '.') == NULL) {
    fprintf(stderr, "kith_version() is %s\n", version ? version : "NULL");
    return 1;
  }
  return 0;
}
