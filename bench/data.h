// The people and happenings of the benchmarks: seeded, so that both sides and all runs see the same.
#ifndef KITH_BENCH_DATA_H
#define KITH_BENCH_DATA_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { person_fields = 10 };
extern const char *const person_field_names[person_fields]; /* email first, country at country_field */
enum { country_field = 6 };

/* Texts of person `number` (from 0), NULL where there is none; valid until the next call with this `buffer`. */
typedef struct person_buffer {
  char text[person_fields][64];
} person_buffer;
void make_person(int64_t number, person_buffer *buffer, const char *fields[person_fields]);

/* Happening `number`: the person it happens to (a fifth of people get four fifths), and JSON. */
int64_t event_person(int64_t number, int64_t people);
const char *event_data(int64_t number, char buffer[128]);
extern const char *const event_kinds[4];

#ifdef __cplusplus
}
#endif
#endif
