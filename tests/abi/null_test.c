/* Calls every function that answers a status with what it must withstand: NULL for each pointer, ill-formed and
 * huge text, flags and numbers out of range, fields that are none. It knows the functions from bindings/kith.json
 * (calls.h), so a new one is tried without a line here. What the functions do is not tested. */
#include <kith.h>
#include <kith_arrow.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum role {
  HANDLE, TEXT, QUERY, OPTIONS, FIELDS, TABLE, COUNT, ARROW_IN, ARROW_OUT, FLAGS, INTEGER, OUT, OUT_INTEGER, ERR
};
enum { MOST_PARAMS = 12 };

struct argument {
  const void *pointer;
  int64_t integer;
};

struct parameter {
  const char *name;
  enum role role;
  int optional;
  int wide; /* an integer of 64 bits */
  const char *of;
};

struct function {
  const char *name;
  kith_status (*call)(const struct argument *a);
  int count;
  struct parameter params[MOST_PARAMS];
};

#include "calls.h"

static const int64_t now = 1767225600000; /* 2026-01-01 */

/* --------------------------------------------------------------------------------------------- Reporting */

static int faults;
static char doing[200];

static void fault(const char *format, ...) {
  va_list args;
  va_start(args, format);
  printf("%s: ", doing);
  vprintf(format, args);
  printf("\n");
  va_end(args);
  ++faults;
}

/* A rough check, for what Kith says must be text wherever it is shown. */
static int well_formed(const char *text) {
  const unsigned char *s = (const unsigned char *)text;
  while (*s) {
    int more = *s < 0x80 ? 0 : *s >= 0xF0 && *s < 0xF5 ? 3 : *s >= 0xE0 ? 2 : *s >= 0xC2 ? 1 : -1;
    if (more < 0 || *s >= 0xF5) return 0;
    for (++s; more > 0; --more, ++s)
      if ((*s & 0xC0) != 0x80) return 0;
  }
  return 1;
}

/* --------------------------------------------------------------------------------------------- One call */

static kith_db *db;
static kith_rows *table;   /* what is handed over as a handle of rows, and through Arrow */
static kith_csv *csv;
static char csv_path[512]; /* a file with one column and one row */

/* What a function is given and what it fills; made anew for every call. */
static struct {
  struct argument a[MOST_PARAMS];
  void *out[MOST_PARAMS];
  int64_t wide[MOST_PARAMS];
  int32_t narrow[MOST_PARAMS];
  struct ArrowSchema schema;
  struct ArrowArray array;
  struct ArrowArrayStream stream;
  kith_query query;
  kith_error *err;
} given;

static const char *sound_text(const struct function *f, const char *name) {
  static const char *const texts[][2] = {
      {"lead", "ada@example.com"}, {"other", "bob@example.com"}, {"kind", "lead"}, {"name", "ada@example.com"},
      {"to", "New name"}, {"tag", "T"}, {"list", "L"}, {"target", "eve@example.com"}, {"what", "bounced"},
      {"text", "hello"}, {"phone", "+46701234567"}, {"purpose", "confirm"}, {"token", "no-such-token"},
      {"data", "{}"}, {"sql", "SELECT 1"}, {"topic", "kinds"}, {"path", "/nonexistent/folder/file"}};
  if (!strcmp(f->name, "kith_record") && !strcmp(name, "kind")) return "shop.tried";
  if (!strcmp(f->name, "kith_merge_tags") && !strcmp(name, "other")) return "U";
  for (size_t i = 0; i < sizeof texts / sizeof *texts; ++i)
    if (!strcmp(texts[i][0], name)) return texts[i][1];
  fault("null_test.c knows no sound text for %s", name);
  return "x";
}

static void *sound_arrow(const char *of) {
  return !strcmp(of, "ArrowSchema") ? (void *)&given.schema
         : !strcmp(of, "ArrowArray") ? (void *)&given.array
                                     : (void *)&given.stream;
}

/* Gives every parameter a value that is in order, and every output something that must be overwritten. */
static void prepare(const struct function *f) {
  memset(&given, 0, sizeof given);
  given.query.size = sizeof given.query;
  for (int i = 0; i < f->count; ++i) {
    const struct parameter *p = &f->params[i];
    struct argument *a = &given.a[i];
    given.out[i] = &faults;
    given.wide[i] = given.narrow[i] = 12345;
    switch (p->role) {
      case HANDLE:
        a->pointer = !strcmp(p->of, "kith_db") ? (void *)db : !strcmp(p->of, "kith_csv") ? (void *)csv : (void *)table;
        break;
      case TEXT: a->pointer = sound_text(f, p->name); break;
      case QUERY: a->pointer = &given.query; break;
      case ARROW_IN:
        a->pointer = sound_arrow(p->of);
        if (a->pointer == &given.stream)
          kith_rows_arrow_stream(table, &given.stream, NULL);
        else if (!given.schema.release)
          kith_rows_arrow(table, &given.schema, &given.array, NULL);
        break;
      case ARROW_OUT: a->pointer = sound_arrow(p->of); break;
      case OUT: a->pointer = &given.out[i]; break;
      case OUT_INTEGER: a->pointer = p->wide ? (void *)&given.wide[i] : (void *)&given.narrow[i]; break;
      case ERR: a->pointer = &given.err; break;
      case INTEGER: a->integer = 1; break;
      case OPTIONS: case FIELDS: case TABLE: case COUNT: case FLAGS: break;
    }
  }
  if (!strcmp(f->name, "kith_commit")) kith_begin(db, NULL);
}

static void release_arrow(void) {
  if (given.array.release) given.array.release(&given.array);
  if (given.schema.release) given.schema.release(&given.schema);
  if (given.stream.release) given.stream.release(&given.stream);
}

/* Calls, and checks what must hold after any call: outputs, and an error that is fit to be shown. What the message
 * says goes to `message`. */
static kith_status run(const struct function *f, char *message, size_t size) {
  kith_status status = f->call(given.a);
  message[0] = '\0';
  for (int i = 0; i < f->count; ++i) {
    const struct parameter *p = &f->params[i];
    if (!given.a[i].pointer) continue;
    if (p->role == OUT) {
      if (status && given.out[i]) fault("failed and left *%s set", p->name);
      if (!status && (!given.out[i] || given.out[i] == (void *)&faults)) fault("is OK and did not set *%s", p->name);
      if (!status && !strcmp(p->of, "kith_rows")) kith_rows_free((kith_rows *)given.out[i]);
      if (!status && !strcmp(p->of, "kith_csv")) kith_csv_free((kith_csv *)given.out[i]);
      if (!status && !strcmp(p->of, "kith_db")) kith_close((kith_db *)given.out[i]);
    } else if (p->role == OUT_INTEGER) {
      int64_t value = p->wide ? given.wide[i] : given.narrow[i];
      if (status ? value != 0 : value == 12345) fault("status %s, and *%s is %lld", kith_status_name(status), p->name, (long long)value);
    } else if (p->role == ERR) {
      if (!status != !given.err) fault("status %s, and %s error", kith_status_name(status), given.err ? "an" : "no");
      if (given.err) {
        const char *says = kith_error_message(given.err);
        if (kith_error_status(given.err) != status) fault("the error has another status than the call");
        if (!*says || strlen(says) > 2000) fault("a message of %zu bytes", strlen(says));
        if (!well_formed(says) || !well_formed(kith_error_field(given.err)) || !well_formed(kith_error_nearest(given.err)))
          fault("the error is ill-formed text");
        snprintf(message, size, "%s", says);
      }
      kith_error_free(given.err);
      given.err = NULL;
    }
  }
  release_arrow();
  if (status == KITH_INTERNAL || status == KITH_CORRUPT || !strcmp(kith_status_name(status), "UNKNOWN"))
    fault("status %s: %s", kith_status_name(status), message);
  return status;
}

/* Whether `word` stands in `text` as a word. */
static int mentions(const char *text, const char *word) {
  size_t length = strlen(word);
  for (const char *at = strstr(text, word); at; at = strstr(at + 1, word)) {
    int begins = at == text || !strchr("abcdefghijklmnopqrstuvwxyz_", at[-1]);
    int ends = !at[length] || !strchr("abcdefghijklmnopqrstuvwxyz_", at[length]);
    if (begins && ends) return 1;
  }
  return 0;
}

/* Calls with what was prepared; `wanted` must be the answer and the message must name `name`, unless it is NULL. */
static void expect(const struct function *f, kith_status wanted, const char *name, const char *format, ...) {
  char message[4096];
  va_list args;
  va_start(args, format);
  int length = snprintf(doing, sizeof doing, "%s, ", f->name);
  vsnprintf(doing + length, sizeof doing - (size_t)length, format, args);
  va_end(args);
  kith_status status = run(f, message, sizeof message);
  if (status != wanted)
    fault("expected %s, got %s: %s", kith_status_name(wanted), kith_status_name(status), message);
  else if (name && !mentions(message, name))
    fault("the message does not name %s: %s", name, message);
}

/* Calls, and takes any answer but `unwanted`; KITH_OK there takes all. */
static void survive(const struct function *f, kith_status unwanted, const char *format, ...) {
  char message[4096];
  va_list args;
  va_start(args, format);
  int length = snprintf(doing, sizeof doing, "%s, ", f->name);
  vsnprintf(doing + length, sizeof doing - (size_t)length, format, args);
  va_end(args);
  kith_status status = run(f, message, sizeof message);
  if (status == unwanted && status != KITH_OK) fault("is %s: %s", kith_status_name(status), message);
}

/* ----------------------------------------------------------------------------------------- What is tried */

static const char *const ill_formed[] = {"\xFF", "a\xC3", "\xED\xA0\x80", "\xC0\xAF", "\xF4\x90\x80\x80", "\x80"};
enum { ILL_FORMED = sizeof ill_formed / sizeof *ill_formed };
static char *huge; /* 10 MB of text */

static void try_null(const struct function *f, int i) {
  const struct parameter *p = &f->params[i];
  prepare(f);
  if (p->role == ARROW_IN) release_arrow(); /* what is not handed over must not be missed */
  given.a[i].pointer = NULL;
  if (p->role == FIELDS || p->role == TABLE) {
    survive(f, KITH_MISUSE, "NULL for %s, of which there are 0", p->name);
    prepare(f);
    given.a[i].pointer = NULL;
    given.a[i + 1].integer = 1;
    if (p->role == TABLE) given.a[i + 2].integer = 1;
    expect(f, KITH_MISUSE, p->name, "NULL for %s, of which there is 1", p->name);
  } else if (p->optional) {
    survive(f, KITH_MISUSE, "NULL for %s, which is optional", p->name);
  } else {
    expect(f, KITH_MISUSE, p->name, "NULL for %s", p->name);
  }
}

static void try_text(const struct function *f, int i) {
  const char *name = f->params[i].name;
  for (int n = 0; n < ILL_FORMED; ++n) {
    prepare(f);
    given.a[i].pointer = ill_formed[n];
    expect(f, KITH_INVALID, name, "ill-formed text %d for %s", n, name);
  }
  prepare(f);
  given.a[i].pointer = huge;
  survive(f, KITH_NO_MEMORY, "10 MB for %s", name);
  prepare(f);
  given.a[i].pointer = "";
  survive(f, KITH_OK, "empty text for %s", name);
}

static kith_field field_of(const char *name, const char *text, int32_t type, int32_t reserved) {
  kith_field field = {name, text, 0, 0.0, type, reserved};
  return field;
}

/* Prepares a call with one field, in a table of one row. */
static void prepare_field(const struct function *f, int i, const kith_field *field) {
  prepare(f);
  given.a[i].pointer = field;
  given.a[i + 1].integer = 1;
  if (f->params[i].role == TABLE) given.a[i + 2].integer = 1;
}

static void try_field(const struct function *f, int i, kith_field field, kith_status wanted, const char *what) {
  prepare_field(f, i, &field);
  expect(f, wanted, NULL, "%s in %s", what, f->params[i].name);
}

static void try_any_field(const struct function *f, int i, kith_field field, const char *what) {
  prepare_field(f, i, &field);
  survive(f, KITH_NO_MEMORY, "%s in %s", what, f->params[i].name);
}

static void try_fields(const struct function *f, int i) {
  /* A table has the columns of its kind, so only a column that is there gets to its value. */
  const char *name = f->params[i].role != TABLE ? "by" : strstr(f->name, "record") ? "lead" : "email";
  int named = strcmp(f->params[i].name, "args") != 0;
  if (named) {
    try_field(f, i, field_of(NULL, "x", KITH_TEXT, 0), KITH_MISUSE, "a field without a name");
    try_field(f, i, field_of(ill_formed[0], "x", KITH_TEXT, 0), KITH_INVALID, "an ill-formed name");
    try_any_field(f, i, field_of("", "x", KITH_TEXT, 0), "an empty name");
    try_any_field(f, i, field_of(huge, "x", KITH_TEXT, 0), "a name of 10 MB");
  }
  for (int n = 0; n < ILL_FORMED; ++n)
    try_field(f, i, field_of(name, ill_formed[n], KITH_TEXT, 0), KITH_INVALID, "an ill-formed value");
  try_any_field(f, i, field_of(name, NULL, KITH_TEXT, 0), "text that is NULL");
  try_field(f, i, field_of(name, "x", 4, 0), KITH_MISUSE, "a type that is none");
  try_field(f, i, field_of(name, "x", -1, 0), KITH_MISUSE, "a negative type");
  try_field(f, i, field_of(name, "x", KITH_TEXT, 1), KITH_MISUSE, "something in reserved");
  try_any_field(f, i, field_of(name, huge, KITH_TEXT, 0), "a value of 10 MB");
}

static void try_table(const struct function *f, int i) {
  kith_field field = kith_text("email", "x@example.com");
  prepare(f);
  given.a[i].pointer = &field;
  given.a[i + 2].integer = 1;
  expect(f, KITH_MISUSE, "width", "no columns, one row");
  prepare(f);
  given.a[i].pointer = &field;
  given.a[i + 1].integer = INT64_MIN; /* 2^63 columns of 2 rows: the product is 0 */
  given.a[i + 2].integer = 2;
  expect(f, KITH_LIMIT, NULL, "more fields than there can be");
}

static void try_query(const struct function *f) {
  struct {
    const char *what;
    size_t offset;
  } texts[] = {{"where", offsetof(kith_query, where)}, {"columns", offsetof(kith_query, columns)},
               {"sort", offsetof(kith_query, sort)}, {"after", offsetof(kith_query, after)}};
  int whole = !strcmp(f->name, "kith_find"); /* the one that reads every part of a query */
  int paged = !strstr(f->name, "count") && !strstr(f->name, "where");
  char *deep = (char *)malloc(1000001), *word = (char *)malloc(1000001);
  if (!deep || !word) abort();
  for (int n = 0; n < 250000; ++n) memcpy(word + 4 * n, "not ", 4);
  memset(deep, '(', 1000000);
  deep[1000000] = word[1000000] = '\0';
  for (size_t t = 0; t < sizeof texts / sizeof *texts; ++t) {
    const char *bad[] = {ill_formed[0], huge, deep, word, ""};
    for (size_t n = 0; n < sizeof bad / sizeof *bad; ++n) {
      prepare(f);
      memcpy((char *)&given.query + texts[t].offset, &bad[n], sizeof bad[n]);
      if (n == 0 && (t == 0 || whole))
        expect(f, KITH_INVALID, texts[t].what, "ill-formed text for query.%s", texts[t].what);
      else
        survive(f, KITH_NO_MEMORY, "bad text %zu for query.%s", n, texts[t].what);
    }
  }
  free(deep);
  free(word);
  prepare(f);
  given.query.arg_count = 1;
  expect(f, KITH_MISUSE, "args", "NULL for query.args, of which there is 1");
  prepare(f);
  given.query.size = 0;
  expect(f, KITH_MISUSE, "size", "a query without a size");
  if (paged) {
    prepare(f);
    given.query.limit = -2;
    expect(f, KITH_INVALID, "limit", "a negative limit");
    prepare(f);
    given.query.limit = INT64_MAX;
    survive(f, KITH_NO_MEMORY, "a limit beyond all");
  }
}

static void try_integer(const struct function *f, int i) {
  static const int64_t odd[] = {-1, INT64_MIN, INT64_MAX, 0, 2};
  const char *name = f->params[i].name;
  for (size_t n = 0; n < sizeof odd / sizeof *odd; ++n) {
    int wrong = (!strcmp(name, "limit") && odd[n] < 0) || (!strcmp(name, "repair") && (odd[n] == -1 || odd[n] == 2));
    prepare(f);
    given.a[i].integer = odd[n];
    if (wrong)
      expect(f, KITH_INVALID, name, "%lld for %s", (long long)odd[n], name);
    else
      survive(f, KITH_OK, "%lld for %s", (long long)odd[n], name);
  }
}

static void try_function(const struct function *f) {
  prepare(f);
  survive(f, KITH_MISUSE, "with all in order");
  for (int i = 0; i < f->count; ++i) {
    const struct parameter *p = &f->params[i];
    if (p->role != COUNT && p->role != FLAGS && p->role != INTEGER) try_null(f, i);
    if (p->role == TEXT) try_text(f, i);
    if (p->role == FIELDS || p->role == TABLE) try_fields(f, i);
    if (p->role == TABLE) try_table(f, i);
    if (p->role == QUERY) try_query(f);
    if (p->role == INTEGER) try_integer(f, i);
    for (int bit = 1; p->role == FLAGS && bit < 32; ++bit) {
      prepare(f);
      given.a[i].integer = INT64_C(1) << bit;
      expect(f, KITH_MISUSE, "flags", "bit %d of %s", bit, p->name);
    }
  }
}

/* ------------------------------------------------------------------------- What answers without a status */

#define IS(wanted) \
  do { \
    snprintf(doing, sizeof doing, "%s", #wanted); \
    if (!(wanted)) fault("is not so"); \
  } while (0)

static void try_rows(const kith_rows *rows, int64_t row, int32_t column) {
  IS(!strcmp(kith_rows_name(rows, column), "") || (rows && column == 0));
  IS(kith_rows_type(rows, row, column) == KITH_NULL);
  IS(!strcmp(kith_rows_text(rows, row, column), ""));
  IS(kith_rows_size(rows, row, column) == 0);
  IS(kith_rows_integer(rows, row, column) == 0);
  IS(kith_rows_real(rows, row, column) == 0);
  IS(kith_rows_meaning(rows, column) != NULL);
}

static void try_the_rest(void) {
  static const int32_t columns[] = {-1, INT32_MIN, INT32_MAX};
  static const int64_t rows[] = {-1, INT64_MIN, INT64_MAX};
  try_rows(NULL, 0, 0);
  IS(kith_rows_count(NULL) == 0);
  IS(kith_rows_width(NULL) == 0);
  IS(kith_rows_next(NULL) == NULL);
  IS(kith_rows_column(NULL, "email") == -1);
  IS(kith_rows_column(table, NULL) == -1);
  IS(kith_rows_column(table, ill_formed[0]) == -1);
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
  kith_error_free(NULL);
  kith_rows_free(NULL);
  kith_csv_free(NULL);
  kith_close(NULL);
  kith_cancel(NULL);
  kith_rollback(NULL);
  kith_rollback(db);
}

/* ---------------------------------------------------------------------------------------------- The world */

static int64_t clock_of_test(void *user) {
  (void)user;
  return now;
}

static void must(kith_status status, kith_error **err, const char *what) {
  if (!status) return;
  printf("%s: %s: %s\n", what, kith_status_name(status), kith_error_message(*err));
  exit(1);
}

static void put_one(const char *kind, kith_field field) {
  kith_error *err = NULL;
  must(kith_put(db, kind, &field, 1, NULL, 0, NULL, NULL, &err), &err, kind);
}

/* A new world for each function, so that none sees what another left. */
static void begin_world(void) {
  kith_error *err = NULL;
  kith_options options = {0};
  options.size = sizeof options;
  options.flags = KITH_OPEN_MEMORY;
  options.now = clock_of_test;
  must(kith_open(NULL, &options, &db, &err), &err, "kith_open");
  put_one("lead", kith_text("email", "ada@example.com"));
  put_one("lead", kith_text("email", "bob@example.com"));
  put_one("tag", kith_text("name", "T"));
  put_one("tag", kith_text("name", "U"));
  put_one("list", kith_text("name", "L"));
  must(kith_find(db, "tag", NULL, &table, &err), &err, "kith_find");
  must(kith_csv_open(csv_path, NULL, 0, &csv, &err), &err, "kith_csv_open");
}

static void end_world(void) {
  kith_csv_free(csv);
  kith_rows_free(table);
  kith_close(db);
}

int main(int argc, char **argv) {
  const char *folder = argc > 1 ? argv[1] : ".";
  const char *only = argc > 2 ? argv[2] : "";
  snprintf(csv_path, sizeof csv_path, "%s/null_test.csv", folder);
  FILE *file = fopen(csv_path, "w");
  if (!file || fputs("email\nada@example.com\n", file) < 0 || fclose(file)) return 1;
  huge = (char *)malloc(10000001);
  if (!huge) return 1;
  memset(huge, 'a', 10000000);
  huge[10000000] = '\0';
  for (size_t i = 0; i < sizeof functions / sizeof *functions; ++i) {
    if (!strstr(functions[i].name, only)) continue;
    begin_world();
    try_function(&functions[i]);
    end_world();
  }
  begin_world();
  try_the_rest();
  end_world();
  free(huge);
  remove(csv_path);
  if (faults) printf("%d faults\n", faults);
  return faults ? 1 : 0;
}
