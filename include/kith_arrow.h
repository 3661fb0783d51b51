/* kith_arrow.h: the structs of the Arrow C data and stream interfaces, whose layout Apache Arrow has published
 * and frozen (https://arrow.apache.org/docs/format/CDataInterface.html). They let a table cross from one library
 * to another without either knowing the other.
 *
 * Include it for kith_rows_arrow, kith_put_batch and their like when no Arrow library of yours declares the
 * structs already. The guards are those that the format prescribes, so both may be included, in any order.
 *
 *     struct ArrowSchema schema;
 *     struct ArrowArray array;
 *     if (kith_rows_arrow(rows, &schema, &array, NULL) == KITH_OK) {
 *       ... read, or hand both to a library that takes them over ...
 *       if (array.release) array.release(&array);
 *       if (schema.release) schema.release(&schema);
 *     }
 *
 * Who receives a struct calls its `release` once; a struct whose `release` is NULL is released, or was moved
 * away by copying it and clearing `release` in the original. Children are released by their parent. */
#ifndef KITH_ARROW_H
#define KITH_ARROW_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

/* Bits of ArrowSchema.flags. */
#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

/* What a column is: its type and name; for a table ("+s", a struct) its columns are the children. */
struct ArrowSchema {
  const char* format;   /* the type as a short code: "l" int64, "g" double, "u" UTF-8 text, "+s" struct */
  const char* name;     /* may be NULL */
  const char* metadata; /* pairs of keys and values in Arrow's binary form, or NULL */
  int64_t flags;        /* ARROW_FLAG_... */
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary; /* the type of the values of a dictionary-encoded column, or NULL */
  void (*release)(struct ArrowSchema*);
  void* private_data; /* the producer's own */
};

/* The values that go with a schema of the same shape. */
struct ArrowArray {
  int64_t length;     /* how many values */
  int64_t null_count; /* how many of them are null; -1: not counted */
  int64_t offset;     /* where in the buffers the first value stands */
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers; /* the first is the bitmap of what is not null, and may be NULL when nothing is */
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};

#endif

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

/* Tables of one schema that come one after another. Calls on one stream must not overlap. */
struct ArrowArrayStream {
  /* 0, and a schema that the caller releases; or an errno code. */
  int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
  /* 0, and the next array, which the caller releases; at the end one that is released already. */
  int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
  /* What the latest failure was, until the next call; NULL when there is nothing to say. */
  const char* (*get_last_error)(struct ArrowArrayStream*);
  void (*release)(struct ArrowArrayStream*);
  void* private_data;
};

#endif

#ifdef __cplusplus
}
#endif
#endif
