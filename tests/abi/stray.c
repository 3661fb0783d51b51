/* A library that shows what it must not, for the test of check_exports.py. */
const char* kith_version(void);
int sqlite3_open(void);

const char* kith_version(void) { return ""; }
int sqlite3_open(void) { return 0; }
