/* A shop tells its CRM of an order: lead, event and tag in one transaction, under the order's number as the key, so
 * that telling it again after a crash changes nothing.
 *
 *     ./shop shop.kith order-1017 ada@example.com 4900 */
#include <kith.h>
#include <stdio.h>
#include <stdlib.h>

/* Everything or nothing; on RETRY the whole of it again. */
static kith_status tell(kith_db *db, const char *order, const char *email, long long total, int64_t *paid, kith_error **error) {
  char data[96];
  snprintf(data, sizeof data, "{\"order\": \"%.40s\", \"total\": %lld, \"currency\": \"SEK\"}", order, total);
  kith_field lead[] = {kith_text("email", email), kith_text("source", "checkout")};
  kith_field tag[] = {kith_text("name", "Customer")};
  kith_field with[] = {kith_text("key", order), kith_text("by", "checkout")};

  kith_status status = kith_begin(db, error);
  if (!status) status = kith_put(db, "lead", lead, 2, NULL, 0, NULL, NULL, error);
  if (!status) status = kith_put(db, "tag", tag, 1, NULL, 0, NULL, NULL, error);
  if (!status) status = kith_record(db, email, "order.paid", data, with, 2, paid, error);
  if (!status) status = kith_assign(db, email, "Customer", with, 2, NULL, error);
  if (!status) status = kith_commit(db, error);
  if (status) kith_rollback(db);
  return status;
}

int main(int argc, char **argv) {
  if (argc != 5) {
    fprintf(stderr, "usage: shop FILE ORDER EMAIL TOTAL-IN-ORE\n");
    return 2;
  }
  kith_db *db = NULL;
  kith_error *error = NULL;
  int64_t paid = 0, events = 0, leads = 0;
  kith_status status = kith_open(argv[1], NULL, &db, &error);
  while (!status) {
    status = tell(db, argv[2], argv[3], atoll(argv[4]), &paid, &error);
    if (status != KITH_RETRY) break;
    kith_error_free(error);
    error = NULL;
    status = KITH_OK;
  }
  if (!status) status = kith_count(db, "lead", NULL, &leads, &error);
  if (!status) status = kith_count(db, "event", NULL, &events, &error);
  if (status) {
    fprintf(stderr, "%s: %s\n", argv[2], kith_error_message(error));
  } else {
    printf("%s is event %lld; %lld leads, %lld events\n", argv[2], (long long)paid, (long long)leads, (long long)events);
  }
  kith_error_free(error);
  kith_close(db);
  return status ? 1 : 0;
}
