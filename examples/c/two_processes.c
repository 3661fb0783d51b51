/* Two processes on one file: each puts a thousand leads of its own, in transactions of ten; a writer that finds the
 * other at work waits its turn. Both see all of them in the end.
 *
 *     ./two_processes both.kith */
#include <kith.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

enum { transactions = 100, leads_each = 10 };

static void die(const char *who, kith_error *error) {
  fprintf(stderr, "%s: %s\n", who, kith_error_message(error));
  exit(1);
}

/* A handle belongs to the process that opened it, so each opens its own. */
static void work(const char *path, const char *who) {
  kith_db *db = NULL;
  kith_error *error = NULL;
  if (kith_open(path, NULL, &db, &error)) die(who, error);
  for (int i = 0; i < transactions; ++i) {
    if (kith_begin(db, &error)) die(who, error); /* waits up to busy_ms for the other */
    for (int j = 0; j < leads_each; ++j) {
      char email[64];
      snprintf(email, sizeof email, "%s.%d@example.com", who, i * leads_each + j);
      kith_field lead[] = {kith_text("email", email), kith_text("source", who)};
      if (kith_put(db, "lead", lead, 2, NULL, 0, NULL, NULL, &error)) die(who, error);
    }
    if (kith_commit(db, &error)) die(who, error);
  }
  kith_close(db);
}

int main(int argc, char **argv) {
  const char *path = argc > 1 ? argv[1] : "both.kith";
  const char *names[] = {"north", "south"};
  for (int i = 0; i < 2; ++i) {
    pid_t child = fork(); /* before anything is open here */
    if (child < 0) return 1;
    if (child == 0) {
      work(path, names[i]);
      _exit(0);
    }
  }
  int failures = 0;
  for (int i = 0; i < 2; ++i) {
    int status = 0;
    wait(&status);
    failures += status != 0;
  }
  kith_db *db = NULL;
  kith_error *error = NULL;
  int64_t leads = 0;
  if (kith_open(path, NULL, &db, &error)) die("afterwards", error);
  if (kith_count(db, "lead", NULL, &leads, &error)) die("afterwards", error);
  printf("%lld leads by two processes\n", (long long)leads);
  kith_close(db);
  return failures;
}
