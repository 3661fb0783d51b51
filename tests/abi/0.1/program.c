/* A program of 0.1: compiled with that version's header for ever, and run with today's library. It does what a host does: a
 * file, people, tags, lists, consent, links, history, questions, errors. */
#include <kith.h>

#include <stdio.h>
#include <string.h>

static int64_t the_time = 1767225600000; /* 2026-01-01 */
static int64_t now(void *user) { return *(int64_t *)user; }

static int line;
static kith_error *err;

static int failed(int at, const char *what) {
  printf("line %d: %s: %s %s\n", at, what, kith_status_name(kith_error_status(err)), kith_error_message(err));
  return 1;
}
#define NEED(condition) \
  do {                  \
    line = __LINE__;    \
    if (!(condition)) return failed(line, #condition); \
  } while (0)

static kith_query query_for(const char *where, const kith_field *args, size_t count) {
  kith_query query;
  memset(&query, 0, sizeof query);
  query.size = sizeof query;
  query.where = where;
  query.args = args;
  query.arg_count = count;
  return query;
}

int main(void) {
  kith_options options;
  kith_db *db = NULL;
  kith_rows *rows = NULL;
  kith_query query;
  int64_t id = 0, event = 0, count = 0, done = 0, next = 0;
  int32_t outcome = 0, pending = 7;
  char token[80];
  memset(&options, 0, sizeof options);
  options.size = sizeof options;
  options.flags = KITH_OPEN_MEMORY;
  options.now = now;
  options.user = &the_time;
  NEED(strncmp(kith_version(), "0.", 2) == 0);
  NEED(kith_open(NULL, &options, &db, &err) == KITH_OK);

  /* Definitions, people */
  kith_field tag[] = {kith_text("name", "VIP-Member")};
  kith_field list[] = {kith_text("name", "News"), kith_text("opt_in", "double"), kith_text("public_name", "Our news")};
  kith_field field[] = {kith_text("key", "visits"), kith_text("type", "integer"), kith_integer("indexed", 1)};
  kith_field ada[] = {kith_text("email", "ada@example.com"), kith_text("first_name", "Ada"), kith_integer("visits", 7),
                      kith_null("city")};
  kith_field with[] = {kith_text("by", "us"), kith_text("key", "k1")};
  NEED(kith_put(db, "tag", tag, 1, NULL, 0, &id, &outcome, &err) == KITH_OK && outcome == KITH_CREATED);
  NEED(kith_put(db, "list", list, 3, NULL, 0, NULL, NULL, &err) == KITH_OK);
  NEED(kith_put(db, "field", field, 3, NULL, 0, NULL, NULL, &err) == KITH_OK);
  NEED(kith_put(db, "lead", ada, 4, with, 2, &id, &outcome, &err) == KITH_OK && outcome == KITH_CREATED && id == 1);
  NEED(kith_put(db, "lead", ada, 4, NULL, 0, &id, &outcome, &err) == KITH_OK && outcome == KITH_UNCHANGED);
  kith_field crowd[] = {kith_text("email", "bob@example.com"), kith_text("city", "Lund"), kith_text("email", "no address"),
                        kith_text("city", "Ystad")};
  NEED(kith_put_many(db, "lead", crowd, 2, 2, KITH_SKIP_BAD, NULL, 0, &rows, &err) == KITH_OK);
  NEED(kith_rows_count(rows) == 2);
  NEED(kith_rows_integer(rows, 0, kith_rows_column(rows, "outcome")) == KITH_CREATED);
  NEED(kith_rows_integer(rows, 1, kith_rows_column(rows, "outcome")) == KITH_FAILED);
  kith_rows_free(rows);

  /* Acts and their answers */
  NEED(kith_assign(db, "ada@example.com", "vip-member", NULL, 0, &event, &err) == KITH_OK && event > 0);
  NEED(kith_assign(db, "id:1", "VIP-Member", NULL, 0, &event, &err) == KITH_OK && event == 0);
  kith_field consent[] = {kith_text("consent", "yes, please"), kith_text("ip", "203.0.113.9")};
  NEED(kith_subscribe(db, "id:1", "News", consent, 2, &event, &err) == KITH_OK && event > 0);
  kith_field of_list[] = {kith_text("list", "News")};
  NEED(kith_token(db, "id:1", "confirm", of_list, 1, &rows, &err) == KITH_OK && kith_rows_count(rows) == 1);
  snprintf(token, sizeof token, "%s", kith_rows_text(rows, 0, kith_rows_column(rows, "token")));
  kith_rows_free(rows);
  NEED(kith_confirm(db, token, NULL, 0, &event, &err) == KITH_OK && event > 0);
  NEED(kith_may_send(db, "id:1", "News", NULL, 0, &rows, &err) == KITH_OK);
  NEED(kith_rows_integer(rows, 0, kith_rows_column(rows, "allowed")) == 1);
  kith_rows_free(rows);
  NEED(kith_record(db, "id:1", "shop.bought", "{\"total\": 1250}", NULL, 0, &event, &err) == KITH_OK && event > 0);
  NEED(kith_why(db, event, &rows, &err) == KITH_OK && kith_rows_count(rows) == 1);
  kith_rows_free(rows);

  /* Questions */
  kith_field seven = kith_integer("", 7);
  query = query_for("tag 'VIP-Member' and visits = ? and list 'News'", &seven, 1);
  NEED(kith_count(db, "lead", &query, &count, &err) == KITH_OK && count == 1);
  query = query_for(NULL, NULL, 0);
  query.columns = "email, visits";
  query.sort = "-email";
  query.limit = 1;
  NEED(kith_find(db, "lead", &query, &rows, &err) == KITH_OK);
  NEED(kith_rows_count(rows) == 1 && kith_rows_width(rows) == 2);
  NEED(strcmp(kith_rows_text(rows, 0, 0), "bob@example.com") == 0 && kith_rows_type(rows, 0, 1) == KITH_NULL);
  query.after = kith_rows_next(rows);
  NEED(query.after != NULL);
  {
    kith_rows *second = NULL;
    NEED(kith_find(db, "lead", &query, &second, &err) == KITH_OK && kith_rows_count(second) == 1);
    NEED(kith_rows_next(second) == NULL && kith_rows_integer(second, 0, 1) == 7);
    NEED(strcmp(kith_rows_meaning(second, 1), "integer") == 0 && strcmp(kith_rows_name(second, 1), "visits") == 0);
    kith_rows_free(second);
  }
  kith_rows_free(rows);
  NEED(kith_timeline(db, "id:1", NULL, &rows, &err) == KITH_OK && kith_rows_count(rows) >= 4);
  kith_rows_free(rows);
  NEED(kith_sql(db, "SELECT COUNT(*) FROM lead WHERE id > ?1", &(kith_field){"", NULL, 0, 0.0, KITH_INTEGER, 0}, 1, &rows, &err) ==
       KITH_OK);
  NEED(kith_rows_integer(rows, 0, 0) == 2);
  kith_rows_free(rows);
  NEED(kith_schema(db, NULL, &rows, &err) == KITH_OK && kith_rows_count(rows) > 10);
  kith_rows_free(rows);

  /* Errors */
  NEED(kith_assign(db, "id:1", "VIP-Membre", NULL, 0, &event, &err) == KITH_NOT_FOUND && event == 0);
  NEED(strcmp(kith_error_nearest(err), "VIP-Member") == 0 && *kith_error_message(err) != '\0');
  kith_error_free(err);
  NEED(kith_put(db, "lead", &(kith_field){"email", "x", 0, 0.0, KITH_TEXT, 0}, 1, NULL, 0, &id, NULL, &err) == KITH_INVALID);
  NEED(strcmp(kith_error_field(err), "email") == 0 && id == 0);
  kith_error_free(err);
  err = NULL;

  /* Transactions, merging, forgetting, time */
  NEED(kith_begin(db, &err) == KITH_OK);
  NEED(kith_merge(db, "id:1", "id:2", NULL, 0, &event, &err) == KITH_OK);
  kith_rollback(db);
  NEED(kith_merge(db, "id:1", "id:2", NULL, 0, &event, &err) == KITH_OK && event > 0);
  NEED(kith_unmerge(db, event, NULL, 0, &event, &err) == KITH_OK && event > 0);
  NEED(kith_erase(db, "id:2", NULL, 0, &pending, &event, &err) == KITH_OK && pending == 0);
  the_time += 90LL * 86400000;
  NEED(kith_run(db, 0, &done, &next, &err) == KITH_OK);
  NEED(kith_check(db, 0, &rows, &err) == KITH_OK && kith_rows_count(rows) == 0);
  kith_rows_free(rows);
  kith_close(db);
  return 0;
}
