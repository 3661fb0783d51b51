/* One call of any function, for null_test.c: the arguments that are in order, the call, and what must hold after
 * it whatever it answered. calls.h, which is generated, has the functions. */
#ifndef KITH_TESTS_ABI_CALL_H
#define KITH_TESTS_ABI_CALL_H

#include <kith.h>
#include <kith_arrow.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum role {
  HANDLE,
  TEXT,
  QUERY,
  OPTIONS,
  FIELDS,
  TABLE,
  COUNT,
  ARROW_IN,
  ARROW_OUT,
  FLAGS,
  INTEGER,
  OUT,
  OUT_INTEGER,
  ERR
};
enum { MOST_PARAMS = 12 };

struct argument {
  const void* pointer;
  int64_t integer;
};

struct parameter {
  const char* name;
  enum role role;
  int optional;
  int wide; /* an integer of 64 bits */
  const char* of;
};

struct function {
  const char* name;
  kith_status (*call)(const struct argument* a);
  int count;
  struct parameter params[MOST_PARAMS];
};

#include "calls.h"

static const int64_t now = 1767225600000; /* 2026-01-01 */

/* --------------------------------------------------------------------------------------------- Reporting */

static int faults;
static char doing[200];

static void fault(const char* format, ...) {
  va_list args;
  va_start(args, format);
  printf("%s: ", doing);
  vprintf(format, args);
  printf("\n");
  va_end(args);
  ++faults;
}

/* A rough check, for what Kith says must be text wherever it is shown. */
static int well_formed(const char* text) {
  const unsigned char* s = (const unsigned char*)text;
  while (*s) {
    int more = *s < 0x80 ? 0 : *s >= 0xF0 && *s < 0xF5 ? 3 : *s >= 0xE0 ? 2 : *s >= 0xC2 ? 1 : -1;
    if (more < 0 || *s >= 0xF5) return 0;
    for (++s; more > 0; --more, ++s)
      if ((*s & 0xC0) != 0x80) return 0;
  }
  return 1;
}

/* --------------------------------------------------------------------------------------------- One call */

static kith_db* db;
static kith_rows* table; /* what is handed over as a handle of rows, and through Arrow */
static kith_csv* csv;
static char csv_path[512]; /* a file with one column and one row */

/* What a function is given and what it fills; made anew for every call. */
static struct {
  struct argument a[MOST_PARAMS];
  void* out[MOST_PARAMS];
  int64_t wide[MOST_PARAMS];
  int32_t narrow[MOST_PARAMS];
  struct ArrowSchema schema;
  struct ArrowArray array;
  struct ArrowArrayStream stream;
  kith_query query;
  kith_error* err;
} given;

static const char* sound_text(const struct function* f, const char* name) {
  static const char* const texts[][2] = {{"lead", "ada@example.com"},
                                         {"other", "bob@example.com"},
                                         {"kind", "lead"},
                                         {"name", "ada@example.com"},
                                         {"to", "New name"},
                                         {"tag", "T"},
                                         {"list", "L"},
                                         {"target", "eve@example.com"},
                                         {"what", "bounced"},
                                         {"text", "hello"},
                                         {"phone", "+46701234567"},
                                         {"purpose", "confirm"},
                                         {"token", "no-such-token"},
                                         {"data", "{}"},
                                         {"sql", "SELECT 1"},
                                         {"topic", "kinds"},
                                         {"path", "/nonexistent/folder/file"}};
  if (!strcmp(f->name, "kith_record") && !strcmp(name, "kind")) return "shop.tried";
  if (!strcmp(f->name, "kith_merge_tags") && !strcmp(name, "other")) return "U";
  for (size_t i = 0; i < sizeof texts / sizeof *texts; ++i)
    if (!strcmp(texts[i][0], name)) return texts[i][1];
  fault("null_test.c knows no sound text for %s", name);
  return "x";
}

static void* sound_arrow(const char* of) {
  return !strcmp(of, "ArrowSchema")  ? (void*)&given.schema
         : !strcmp(of, "ArrowArray") ? (void*)&given.array
                                     : (void*)&given.stream;
}

/* Gives every parameter a value that is in order, and every output something that must be overwritten. */
static void prepare(const struct function* f) {
  memset(&given, 0, sizeof given);
  given.query.size = sizeof given.query;
  for (int i = 0; i < f->count; ++i) {
    const struct parameter* p = &f->params[i];
    struct argument* a = &given.a[i];
    given.out[i] = &faults;
    given.wide[i] = given.narrow[i] = 12345;
    switch (p->role) {
      case HANDLE:
        a->pointer = !strcmp(p->of, "kith_db")    ? (void*)db
                     : !strcmp(p->of, "kith_csv") ? (void*)csv
                                                  : (void*)table;
        break;
      case TEXT:
        a->pointer = sound_text(f, p->name);
        break;
      case QUERY:
        a->pointer = &given.query;
        break;
      case ARROW_IN:
        a->pointer = sound_arrow(p->of);
        if (a->pointer == &given.stream)
          kith_rows_arrow_stream(table, &given.stream, NULL);
        else if (!given.schema.release)
          kith_rows_arrow(table, &given.schema, &given.array, NULL);
        break;
      case ARROW_OUT:
        a->pointer = sound_arrow(p->of);
        break;
      case OUT:
        a->pointer = &given.out[i];
        break;
      case OUT_INTEGER:
        a->pointer = p->wide ? (void*)&given.wide[i] : (void*)&given.narrow[i];
        break;
      case ERR:
        a->pointer = &given.err;
        break;
      case INTEGER:
        a->integer = 1;
        break;
      case OPTIONS:
      case FIELDS:
      case TABLE:
      case COUNT:
      case FLAGS:
        break;
    }
  }
  if (!strcmp(f->name, "kith_commit")) kith_begin(db, NULL);
}

static void release_arrow(void) {
  if (given.array.release) given.array.release(&given.array);
  if (given.schema.release) given.schema.release(&given.schema);
  if (given.stream.release) given.stream.release(&given.stream);
}

/* Calls, and checks what must hold after any call: outputs, and an error that is fit to be shown. What it says
 * goes to `message`. */
static kith_status run(const struct function* f, char* message, size_t size) {
  kith_status status = f->call(given.a);
  message[0] = '\0';
  for (int i = 0; i < f->count; ++i) {
    const struct parameter* p = &f->params[i];
    if (!given.a[i].pointer) continue;
    if (p->role == OUT) {
      if (status && given.out[i]) fault("failed and left *%s set", p->name);
      if (!status && (!given.out[i] || given.out[i] == (void*)&faults))
        fault("is OK and did not set *%s", p->name);
      if (!status && !strcmp(p->of, "kith_rows")) kith_rows_free((kith_rows*)given.out[i]);
      if (!status && !strcmp(p->of, "kith_csv")) kith_csv_free((kith_csv*)given.out[i]);
      if (!status && !strcmp(p->of, "kith_db")) kith_close((kith_db*)given.out[i]);
    } else if (p->role == OUT_INTEGER) {
      int64_t value = p->wide ? given.wide[i] : given.narrow[i];
      if (status ? value != 0 : value == 12345)
        fault("status %s, and *%s is %lld", kith_status_name(status), p->name, (long long)value);
    } else if (p->role == ERR) {
      if (!status != !given.err)
        fault("status %s, and %s error", kith_status_name(status), given.err ? "an" : "no");
      if (given.err) {
        const char* says = kith_error_message(given.err);
        if (kith_error_status(given.err) != status) fault("the error has another status than the call");
        if (!*says || strlen(says) > 2000) fault("a message of %zu bytes", strlen(says));
        if (!well_formed(says) || !well_formed(kith_error_field(given.err)) ||
            !well_formed(kith_error_nearest(given.err)))
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
static int mentions(const char* text, const char* word) {
  size_t length = strlen(word);
  for (const char* at = strstr(text, word); at; at = strstr(at + 1, word)) {
    int begins = at == text || !strchr("abcdefghijklmnopqrstuvwxyz_", at[-1]);
    int ends = !at[length] || !strchr("abcdefghijklmnopqrstuvwxyz_", at[length]);
    if (begins && ends) return 1;
  }
  return 0;
}

/* Calls with what was prepared; `wanted` must be the answer and the message must name `name`, if that is
 * given. */
static void expect(const struct function* f, kith_status wanted, const char* name, const char* format, ...) {
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
static void survive(const struct function* f, kith_status unwanted, const char* format, ...) {
  char message[4096];
  va_list args;
  va_start(args, format);
  int length = snprintf(doing, sizeof doing, "%s, ", f->name);
  vsnprintf(doing + length, sizeof doing - (size_t)length, format, args);
  va_end(args);
  kith_status status = run(f, message, sizeof message);
  if (status == unwanted && status != KITH_OK) fault("is %s: %s", kith_status_name(status), message);
}

/* ---------------------------------------------------------------------------------------------- The world */

static int64_t clock_of_test(void* user) {
  (void)user;
  return now;
}

static void must(kith_status status, kith_error** err, const char* what) {
  if (!status) return;
  printf("%s: %s: %s\n", what, kith_status_name(status), kith_error_message(*err));
  exit(1);
}

static void put_one(const char* kind, kith_field field) {
  kith_error* err = NULL;
  must(kith_put(db, kind, &field, 1, NULL, 0, NULL, NULL, &err), &err, kind);
}

/* A new world for each function, so that none sees what another left. */
static void begin_world(void) {
  kith_error* err = NULL;
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

#endif
