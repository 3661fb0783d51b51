/* What answers without a status, with NULL and out of range: it never crashes and answers what kith.h says. */
#include <kith.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int faults;

#define IS(wanted)                                           \
  do {                                                       \
    if (!(wanted)) {                                         \
      printf("line %d: is not so: %s\n", __LINE__, #wanted); \
      ++faults;                                              \
    }                                                        \
  } while (0)

static void try_rows(const kith_rows* rows, int64_t row, int32_t column) {
  IS(!strcmp(kith_rows_name(rows, column), "") || (rows && column == 0));
  IS(kith_rows_type(rows, row, column) == KITH_NULL);
  IS(!strcmp(kith_rows_text(rows, row, column), ""));
  IS(kith_rows_size(rows, row, column) == 0);
  IS(kith_rows_integer(rows, row, column) == 0);
  IS(kith_rows_real(rows, row, column) == 0);
  IS(kith_rows_meaning(rows, column) != NULL);
}

int main(void) {
  kith_db* db = NULL;
  kith_rows* table = NULL;
  kith_options options = {0};
  char* huge = (char*)malloc(1000001);
  static const int32_t columns[] = {-1, INT32_MIN, INT32_MAX};
  static const int64_t rows[] = {-1, INT64_MIN, INT64_MAX};
  if (!huge) return 1;
  memset(huge, 'a', 1000000);
  huge[1000000] = '\0';
  options.size = sizeof options;
  options.flags = KITH_OPEN_MEMORY;
  if (kith_open(NULL, &options, &db, NULL) || kith_schema(db, "kinds", &table, NULL)) return 1;
  IS(kith_rows_count(table) > 0);

  try_rows(NULL, 0, 0);
  IS(kith_rows_count(NULL) == 0);
  IS(kith_rows_width(NULL) == 0);
  IS(kith_rows_next(NULL) == NULL);
  IS(kith_rows_column(NULL, "email") == -1);
  IS(kith_rows_column(table, NULL) == -1);
  IS(kith_rows_column(table, "\xFF") == -1);
  IS(kith_rows_column(table, huge) == -1);
  for (int i = 0; i < 3; ++i) {
    try_rows(table, 0, columns[i]);
    try_rows(table, rows[i], 0);
    try_rows(table, rows[i], columns[i]);
  }
  try_rows(table, kith_rows_count(table), 0);
  try_rows(table, 0, kith_rows_width(table));
  IS(kith_error_status(NULL) == KITH_OK);
  IS(!strcmp(kith_error_message(NULL), ""));
  IS(!strcmp(kith_error_field(NULL), ""));
  IS(!strcmp(kith_error_nearest(NULL), ""));
  IS(!strcmp(kith_status_name(-1), "UNKNOWN"));
  IS(!strcmp(kith_status_name(INT32_MAX), "UNKNOWN"));
  IS(!strcmp(kith_status_name(INT32_MIN), "UNKNOWN"));
  IS(kith_csv_progress(NULL) == 0);
  IS(strchr(kith_version(), '.') != NULL);
  kith_error_free(NULL);
  kith_rows_free(NULL);
  kith_csv_free(NULL);
  kith_close(NULL);
  kith_cancel(NULL);
  kith_rollback(NULL);
  kith_rollback(db);
  kith_rows_free(table);
  kith_close(db);
  free(huge);
  return faults ? 1 : 0;
}
