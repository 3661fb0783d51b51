/* First steps: a file, a lead, a tag, a list, and what the log says of it.
 *
 *     cc first_steps.c -lkith -o first_steps && ./first_steps first.kith */
#include <kith.h>
#include <stdio.h>

static int failed(kith_error *error) {
  fprintf(stderr, "%s: %s\n", kith_status_name(kith_error_status(error)), kith_error_message(error));
  kith_error_free(error);
  return 1;
}

int main(int argc, char **argv) {
  kith_db *db = NULL;
  kith_error *error = NULL;
  kith_rows *rows = NULL;
  int64_t id = 0;

  if (kith_open(argc > 1 ? argv[1] : "first.kith", NULL, &db, &error)) return failed(error);

  kith_field ada[] = {kith_text("email", "Ada@Example.com"), kith_text("first_name", "Ada"), kith_text("country", "se")};
  kith_field tag[] = {kith_text("name", "VIP-Member")};
  kith_field list[] = {kith_text("name", "News"), kith_text("public_name", "Our news")};
  kith_field how[] = {kith_text("by", "first steps"), kith_text("consent", "Send me the news")};

  if (kith_put(db, "lead", ada, 3, NULL, 0, &id, NULL, &error)) return failed(error);
  if (kith_put(db, "tag", tag, 1, NULL, 0, NULL, NULL, &error)) return failed(error);
  if (kith_put(db, "list", list, 2, NULL, 0, NULL, NULL, &error)) return failed(error);
  if (kith_assign(db, "ada@example.com", "vip-member", NULL, 0, NULL, &error)) return failed(error);
  if (kith_subscribe(db, "ada@example.com", "News", how, 2, NULL, &error)) return failed(error);

  kith_query query = {0};
  query.size = sizeof query;
  query.where = "tag 'VIP-Member' and list 'News' and country = 'SE'";
  query.columns = "id, email, first_name";
  if (kith_find(db, "lead", &query, &rows, &error)) return failed(error);
  for (int64_t row = 0; row < kith_rows_count(rows); ++row) {
    printf("lead %lld: %s, %s\n", (long long)kith_rows_integer(rows, row, 0), kith_rows_text(rows, row, 1),
           kith_rows_text(rows, row, 2));
  }
  kith_rows_free(rows);

  if (kith_timeline(db, "ada@example.com", NULL, &rows, &error)) return failed(error);
  int32_t what = kith_rows_column(rows, "what");
  for (int64_t row = 0; row < kith_rows_count(rows); ++row) printf("Ada %s\n", kith_rows_text(rows, row, what));
  kith_rows_free(rows);

  kith_close(db);
  return 0;
}
