/* What both sides can do: the same workloads, over the same data. Times are seconds of the work alone; a checksum is
 * of what was read, so that both can be held to the same answers. */
#ifndef KITH_BENCH_SIDES_H
#define KITH_BENCH_SIDES_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct result {
  double seconds;
  uint64_t checksum;
} result;

/* Rows that are left behind, for comparing. */
typedef struct remains {
  int64_t leads, events, assignments;
  uint64_t lead_sum, event_sum;
} remains;

#define KITH_BENCH_SIDE(side)                                                                     \
  void *side##_open(const char *path);                                                            \
  void side##_close(void *file);                                                                  \
  result side##_put_many(void *file, int64_t from, int64_t count);                                \
  result side##_put(void *file, int64_t from, int64_t count);                                     \
  result side##_record_many(void *file, int64_t from, int64_t count, int64_t people);             \
  result side##_tag_where(void *file, const char *tag, const char *country);                      \
  result side##_tag_and_not_tag(void *file, const char *tag, const char *other, int64_t times);   \
  result side##_get(void *file, int64_t people, int64_t times);                                   \
  result side##_find(void *file, int64_t rows);                                                   \
  result side##_timeline(void *file, int64_t people, int64_t times);                              \
  remains side##_remains(void *file);

KITH_BENCH_SIDE(kith_side)
KITH_BENCH_SIDE(plain)

static inline uint64_t sum_text(uint64_t sum, const char *text, uint64_t size) {
  /* Reads every byte, as a program that uses a cell would. */
  uint64_t all = size;
  for (uint64_t i = 0; i < size; ++i) all = all * 31 + (unsigned char)text[i];
  return sum + all;
}

static inline double seconds_now(void);

#include <time.h>
static inline double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

#ifdef __cplusplus
}
#endif
#endif
