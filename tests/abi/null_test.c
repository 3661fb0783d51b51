/* Calls every function that answers a status with what it must withstand: NULL for each pointer, ill-formed
 * and huge text, flags and numbers out of range, fields that are none. It knows the functions from
 * bindings/kith.json (calls.h), so a new one is tried without a line here. What they do is not tested. */
#include "call.h"

static const char* const ill_formed[] = {"\xFF", "a\xC3", "\xED\xA0\x80", "\xC0\xAF", "\xF4\x90\x80\x80",
                                         "\x80"};
enum { ILL_FORMED = sizeof ill_formed / sizeof *ill_formed };
static char* huge; /* 10 MB of text */

static void try_null(const struct function* f, int i) {
  const struct parameter* p = &f->params[i];
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

static void try_text(const struct function* f, int i) {
  const char* name = f->params[i].name;
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

static kith_field field_of(const char* name, const char* text, int32_t type, int32_t reserved) {
  kith_field field = {name, text, 0, 0.0, type, reserved};
  return field;
}

/* Prepares a call with this field: alone, or in a table of one row, which for events needs their kind as well. */
static void prepare_field(const struct function* f, int i, kith_field field) {
  static kith_field fields[2];
  fields[0] = field;
  fields[1] = kith_text("kind", "shop.tried");
  prepare(f);
  given.a[i].pointer = fields;
  given.a[i + 1].integer = strstr(f->name, "record_many") && f->params[i].role == TABLE ? 2 : 1;
  if (f->params[i].role == TABLE) given.a[i + 2].integer = 1;
}

static void try_field(const struct function* f, int i, kith_field field, kith_status wanted,
                      const char* what) {
  prepare_field(f, i, field);
  expect(f, wanted, NULL, "%s in %s", what, f->params[i].name);
}

static void try_any_field(const struct function* f, int i, kith_field field, const char* what) {
  prepare_field(f, i, field);
  survive(f, KITH_NO_MEMORY, "%s in %s", what, f->params[i].name);
}

static void try_fields(const struct function* f, int i) {
  /* A table has the columns of its kind, so only a column that is there gets to its value. */
  const char* name = f->params[i].role != TABLE ? "by" : strstr(f->name, "record") ? "lead" : "email";
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

static void try_table(const struct function* f, int i) {
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

static void try_query(const struct function* f) {
  struct {
    const char* what;
    size_t offset;
  } texts[] = {{"where", offsetof(kith_query, where)},
               {"columns", offsetof(kith_query, columns)},
               {"sort", offsetof(kith_query, sort)},
               {"after", offsetof(kith_query, after)}};
  int whole = !strcmp(f->name, "kith_find"); /* the one that reads every part of a query */
  int paged = !strstr(f->name, "count") && !strstr(f->name, "where");
  char *deep = (char*)malloc(1000001), *word = (char*)malloc(1000001);
  if (!deep || !word) abort();
  for (int n = 0; n < 250000; ++n) memcpy(word + 4 * n, "not ", 4);
  memset(deep, '(', 1000000);
  deep[1000000] = word[1000000] = '\0';
  for (size_t t = 0; t < sizeof texts / sizeof *texts; ++t) {
    const char* bad[] = {ill_formed[0], huge, deep, word, ""};
    for (size_t n = 0; n < sizeof bad / sizeof *bad; ++n) {
      prepare(f);
      memcpy((char*)&given.query + texts[t].offset, &bad[n], sizeof bad[n]);
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

static void try_integer(const struct function* f, int i) {
  static const int64_t odd[] = {-1, INT64_MIN, INT64_MAX, 0, 2};
  const char* name = f->params[i].name;
  for (size_t n = 0; n < sizeof odd / sizeof *odd; ++n) {
    int wrong =
        (!strcmp(name, "limit") && odd[n] < 0) || (!strcmp(name, "repair") && (odd[n] == -1 || odd[n] == 2));
    prepare(f);
    given.a[i].integer = odd[n];
    if (wrong)
      expect(f, KITH_INVALID, name, "%lld for %s", (long long)odd[n], name);
    else
      survive(f, KITH_OK, "%lld for %s", (long long)odd[n], name);
  }
}

static void try_function(const struct function* f) {
  prepare(f);
  survive(f, KITH_MISUSE, "with all in order");
  for (int i = 0; i < f->count; ++i) {
    const struct parameter* p = &f->params[i];
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

int main(int argc, char** argv) {
  const char* folder = argc > 1 ? argv[1] : ".";
  const char* only = argc > 2 ? argv[2] : "";
  snprintf(csv_path, sizeof csv_path, "%s/null_test.csv", folder);
  FILE* file = fopen(csv_path, "w");
  if (!file || fputs("email\nada@example.com\n", file) < 0 || fclose(file)) return 1;
  huge = (char*)malloc(10000001);
  if (!huge) return 1;
  memset(huge, 'a', 10000000);
  huge[10000000] = '\0';
  for (size_t i = 0; i < sizeof functions / sizeof *functions; ++i) {
    if (!strstr(functions[i].name, only)) continue;
    begin_world();
    try_function(&functions[i]);
    end_world();
  }
  free(huge);
  remove(csv_path);
  if (faults) printf("%d faults\n", faults);
  return faults ? 1 : 0;
}
