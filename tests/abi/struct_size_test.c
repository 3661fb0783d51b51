/* Structs that begin with `size` from older and newer headers: what 0.1 had is enough for ever, what is over
 * must be 0, and less than 0.1 is no struct at all. */
#include <kith.h>

#include <stdio.h>
#include <string.h>

/* The sizes of 0.1 on a 64-bit machine; they never change. */
enum { OPTIONS_0_1 = 32, QUERY_0_1 = 64, TAIL = 64 };

static int faults;

static void expect(kith_status got, kith_status wanted, kith_error* err, const char* what, size_t size) {
  const char* says = kith_error_message(err);
  if (got != wanted) {
    printf("%s of size %zu: expected %s, got %s: %s\n", what, size, kith_status_name(wanted),
           kith_status_name(got), says);
    ++faults;
  } else if (got && !strstr(what, kith_error_field(err))) {
    printf("%s of size %zu: the error names \"%s\": %s\n", what, size, kith_error_field(err), says);
    ++faults;
  }
  kith_error_free(err);
}

static void open_with(size_t size, unsigned char tail, size_t at, kith_status wanted) {
  union {
    kith_options options;
    unsigned char bytes[sizeof(kith_options) + TAIL];
  } given;
  kith_db* db = NULL;
  kith_error* err = NULL;
  kith_status status;
  memset(&given, 0, sizeof given);
  given.options.size = size;
  given.options.flags = KITH_OPEN_MEMORY;
  given.bytes[at] |= tail;
  status = kith_open(NULL, &given.options, &db, &err);
  expect(status, wanted, err, "kith_options", size);
  kith_close(db);
}

static void find_with(kith_db* db, size_t size, unsigned char tail, size_t at, kith_status wanted) {
  union {
    kith_query query;
    unsigned char bytes[sizeof(kith_query) + TAIL];
  } given;
  kith_rows* rows = NULL;
  int64_t count = 0;
  kith_error* err = NULL;
  kith_status status;
  memset(&given, 0, sizeof given);
  given.query.size = size;
  given.bytes[at] |= tail;
  status = kith_find(db, "lead", &given.query, &rows, &err);
  expect(status, wanted, err, "kith_query, in kith_find", size);
  err = NULL;
  status = kith_count(db, "lead", &given.query, &count, &err);
  expect(status, wanted, err, "kith_query, in kith_count", size);
  err = NULL;
  status = kith_assign_where(db, &given.query, "T", NULL, 0, &count, &err);
  expect(status, wanted, err, "kith_query, in a verb", size);
  kith_rows_free(rows);
}

int main(void) {
  kith_db* db = NULL;
  kith_options options;
  kith_field tag = kith_text("name", "T");
  if (sizeof(void*) != 8) return 0;

  for (size_t size = 0; size <= sizeof(kith_options) + TAIL; ++size)
    open_with(size, 0, 0, size < OPTIONS_0_1 ? KITH_MISUSE : KITH_OK);
  for (size_t at = sizeof(kith_options); at < sizeof(kith_options) + TAIL; ++at) {
    open_with(sizeof(kith_options) + TAIL, 1, at, KITH_MISUSE);
    open_with(at, 0x80, at, KITH_OK); /* what lies behind the size is not ours to read */
  }

  memset(&options, 0, sizeof options);
  options.size = sizeof options;
  options.flags = KITH_OPEN_MEMORY;
  if (kith_open(NULL, &options, &db, NULL) || kith_put(db, "tag", &tag, 1, NULL, 0, NULL, NULL, NULL))
    return 1;
  for (size_t size = 0; size <= sizeof(kith_query) + TAIL; ++size)
    find_with(db, size, 0, 0, size < QUERY_0_1 ? KITH_MISUSE : KITH_OK);
  for (size_t at = sizeof(kith_query); at < sizeof(kith_query) + TAIL; ++at) {
    find_with(db, sizeof(kith_query) + TAIL, 1, at, KITH_MISUSE);
    find_with(db, at, 0x80, at, KITH_OK);
  }
  find_with(db, (size_t)-1, 0, 0, KITH_MISUSE); /* a size that no struct has must not be walked through */
  kith_close(db);
  return faults ? 1 : 0;
}
