/* kith.h: a CRM in one file, for programs that link it.
 *
 *     kith_db *db;
 *     kith_open("shop.kith", NULL, &db, NULL);
 *     kith_field ada[] = {kith_text("email", "ada@example.com"), kith_text("first_name", "Ada")};
 *     kith_put(db, "lead", ada, 2, NULL, 0, NULL, NULL, NULL);
 *     kith_assign(db, "ada@example.com", "VIP-Member", NULL, 0, NULL, NULL);
 *     kith_close(db);
 *
 * FIVE RULES
 *
 *   Ownership  What arrives through `T **out` is yours: release it with T's _free (a database with
 *              kith_close). Every other pointer is borrowed from the first argument and lives as long
 *              as it does. Releasing NULL does nothing.
 *   Failure    What can fail returns a status and takes `kith_error **err` last, which may be NULL.
 *              After a failure outputs are NULL or 0 and the file is as it was. Finding nothing is an
 *              answer without rows, never a failure. An integer that you do not want back may be NULL;
 *              any other NULL is MISUSE, unless the function says that it may be.
 *   Values     Text is UTF-8 and ends with NUL; ill-formed text is refused. Times are milliseconds since
 *              1970 UTC. Ids are positive, below 2^53, never used twice; 0 is none. Money is whole minor
 *              units beside an ISO 4217 code.
 *   Threads    Any thread may use a handle; calls on it take turns, and a transaction belongs to the
 *              handle. To work in parallel open more handles. Rows and errors never change. What the
 *              library calls back - the clock, an Arrow stream - must not use the handle that is at work:
 *              that is MISUSE, and kith_close and kith_rollback do nothing there.
 *   Growth     Within a major version names are only added. Structs that may grow begin with `size`: one
 *              from an older header is taken, a newer one too as long as what this library does not know
 *              is 0. Expect constants that this header does not list.
 *
 * NAMING THINGS. A lead is written as one of its addresses ("ada@example.com"), "id:42" or
 * "external:KEY"; every other thing as its name ("VIP-Member") or "id:7". Names ignore case and outer
 * space. Ids are what is stored, so renaming breaks nothing. A name that must exist and does not is
 * NOT_FOUND, with the nearest known name in kith_error_nearest; but nobody's address is ever suggested.
 *
 * SAYING MORE. Every verb takes `with`: named extras. All verbs that write know
 *     by     who does it, free text ("checkout", "anna@our.shop")
 *     ip     the address that the act came from
 *     at     when it happened, in ms; default: now. Not in the future
 *     key    yours: the same key twice with the same verb is done once, and the second call answers what
 *            the first did; with another lead, tag, list, name or query it is CONFLICT. Each kind of thing
 *            (kith_put, kith_remove, kith_rename) and of event (kith_record) has keys of its own
 *     cause  the id of the event that led to this; it must have happened
 * and those listed with the verb. An extra that a verb does not know is INVALID.
 *
 * EVENTS. Whatever changes something records an event and answers its id in `*event` (0: nothing
 * changed). kith_why tells what led to it, kith_timeline what happened to one lead, kith_events_after
 * what happened at all. docs/events.md lists the kinds.
 *
 * A live file must not be opened by another copy of SQLite in the same process (its locks would be lost):
 * use kith_sql to look inside, or another process. */
#ifndef KITH_H
#define KITH_H

#include <stddef.h>
#include <stdint.h>

#ifndef KITH_API
#if defined(_WIN32) && defined(KITH_SHARED)
#define KITH_API __declspec(dllimport)
#elif defined(__GNUC__)
#define KITH_API __attribute__((visibility("default")))
#else
#define KITH_API
#endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------------------------------ Results */

/* What became of a call. */
typedef int32_t kith_status;

enum {                      /* kith_status */
  KITH_OK = 0,
  KITH_MISUSE = 1,          /* the call itself is wrong: a NULL, a handle of another process */
  KITH_INVALID = 2,         /* a value is wrong: kith_error_field says which */
  KITH_NOT_FOUND = 3,       /* a name that must exist does not */
  KITH_CONFLICT = 4,        /* somebody else has this address, name or key */
  KITH_REFUSED = 5,         /* a rule forbids it: consent, suppression, something still in use */
  KITH_BUSY = 6,            /* another writer held the file longer than busy_ms; nothing was done */
  KITH_RETRY = 7,           /* the transaction is undone (a failure, a race): roll back and repeat all of it */
  KITH_CANCELLED = 8,       /* kith_cancel was called */
  KITH_READ_ONLY = 9,       /* the file or the handle cannot be written */
  KITH_FULL = 10,           /* no space left */
  KITH_IO = 11,             /* the operating system failed to read or write */
  KITH_CORRUPT = 12,        /* the file is damaged, or is not as Kith made it */
  KITH_TOO_NEW = 13,        /* a later version of Kith made the file */
  KITH_NOT_KITH = 14,       /* the file is something else */
  KITH_FOREIGN_SQLITE = 15, /* another copy of SQLite in this process has the file open */
  KITH_UNSUPPORTED = 16,    /* this machine or file system cannot do it */
  KITH_LIMIT = 17,          /* longer, deeper or more than Kith takes */
  KITH_NO_MEMORY = 18,
  KITH_INTERNAL = 19        /* a defect of Kith: please report it */
};

/* "INVALID" for KITH_INVALID; "UNKNOWN" for what this version does not know. Never NULL. */
KITH_API const char *kith_status_name(kith_status status);

/* Why a call failed. It owns its texts, which are never NULL; a NULL error reads as OK and "". */
typedef struct kith_error kith_error;
KITH_API kith_status kith_error_status(const kith_error *error);
KITH_API const char *kith_error_message(const kith_error *error); /* a sentence: what, where, what is right */
KITH_API const char *kith_error_field(const kith_error *error);   /* the field or path at fault, or "" */
KITH_API const char *kith_error_nearest(const kith_error *error); /* the nearest known name, or "" */
KITH_API void kith_error_free(kith_error *error);

/* The library's version, "0.1.0". */
KITH_API const char *kith_version(void);

/* ------------------------------------------------------------------------------------------- Values */

enum { /* kith_field.type */
  KITH_NULL = 0,
  KITH_INTEGER = 1,
  KITH_REAL = 2,
  KITH_TEXT = 3
};

/* One named value. Its layout is frozen. Make it with the functions below. */
typedef struct kith_field {
  const char *name;
  const char *text;
  int64_t integer;
  double real;
  int32_t type;     /* KITH_NULL ... KITH_TEXT */
  int32_t reserved; /* 0 */
} kith_field;

/* Booleans are 0 and 1, times milliseconds; dates are text ("2026-02-28"). Times may also be given as
 * RFC 3339 text. Several choices are a JSON array in text. A NULL text is the value NULL. */
static inline kith_field kith_text(const char *name, const char *value) {
  kith_field field = {name, value, 0, 0.0, value ? KITH_TEXT : KITH_NULL, 0};
  return field;
}
static inline kith_field kith_integer(const char *name, int64_t value) {
  kith_field field = {name, NULL, value, 0.0, KITH_INTEGER, 0};
  return field;
}
static inline kith_field kith_real(const char *name, double value) {
  kith_field field = {name, NULL, 0, value, KITH_REAL, 0};
  return field;
}
static inline kith_field kith_null(const char *name) {
  kith_field field = {name, NULL, 0, 0.0, KITH_NULL, 0};
  return field;
}

/* A table that you own: what every question answers with. Nothing changes it and no later call makes it
 * invalid; several threads may read it. A row or column outside the table reads as NULL, and so does a NULL
 * table, which has no rows and no columns; a NULL reads as 0 or "", and text as the number 0. */
typedef struct kith_rows kith_rows;
KITH_API int64_t kith_rows_count(const kith_rows *rows);
KITH_API int32_t kith_rows_width(const kith_rows *rows);
KITH_API const char *kith_rows_name(const kith_rows *rows, int32_t column);          /* "" outside */
KITH_API int32_t kith_rows_column(const kith_rows *rows, const char *name);          /* -1: there is none */
KITH_API int32_t kith_rows_type(const kith_rows *rows, int64_t row, int32_t column); /* KITH_NULL ... */
/* What a column means: "text", "integer", "real", "boolean", "date", "datetime", "json" or "id". */
KITH_API const char *kith_rows_meaning(const kith_rows *rows, int32_t column);
KITH_API const char *kith_rows_text(const kith_rows *rows, int64_t row, int32_t column); /* "" unless text */
KITH_API size_t kith_rows_size(const kith_rows *rows, int64_t row, int32_t column);      /* its bytes */
KITH_API int64_t kith_rows_integer(const kith_rows *rows, int64_t row, int32_t column);  /* a real is cut */
KITH_API double kith_rows_real(const kith_rows *rows, int64_t row, int32_t column); /* from integers too */
/* Give it to kith_query.after for the next page; NULL: this was the last. */
KITH_API const char *kith_rows_next(const kith_rows *rows);
KITH_API void kith_rows_free(kith_rows *rows);

/* The same table through the Arrow C data interface (the structs are Arrow's, declared in <kith_arrow.h>
 * and by every Arrow library). Numbers are handed over without copying, text with one copy a column. What
 * is handed over lives on after kith_rows_free. */
struct ArrowSchema;
struct ArrowArray;
struct ArrowArrayStream;
KITH_API kith_status kith_rows_arrow(const kith_rows *rows, struct ArrowSchema *schema,
                                     struct ArrowArray *array, kith_error **err);
KITH_API kith_status kith_rows_arrow_stream(const kith_rows *rows, struct ArrowArrayStream *stream,
                                            kith_error **err);

/* ----------------------------------------------------------------------------------------- The file */

/* A handle on an open file. */
typedef struct kith_db kith_db;

enum {                      /* kith_options.flags */
  KITH_OPEN_READ_ONLY = 1,  /* write nothing, make nothing */
  KITH_OPEN_MEMORY = 2,     /* no file: `path` is only a label, and may be NULL */
  KITH_OPEN_EXISTING = 4,   /* a missing file is NOT_FOUND instead of being made */
  KITH_OPEN_NORMAL_SYNC = 8 /* faster: a power cut may take the last commits, never the file */
};

/* How to open. Fill it with 0, then set `size` and what you need. */
typedef struct kith_options {
  size_t size;                /* sizeof(kith_options) */
  uint32_t flags;             /* KITH_OPEN_... */
  int32_t busy_ms;            /* how long a writer waits for another; 0: the default, 5000; -1: not at all */
  int64_t (*now)(void *user); /* the clock, in ms; NULL: the system's. Called while the handle is at work */
  void *user;                 /* what `now` is given */
} kith_options;

/* Opens `path`, making the file if need be; `options` may be NULL. NOT_KITH, TOO_NEW and CORRUPT leave
 * the file as it is; UNSUPPORTED for a file system without shared memory, such as a network's. */
KITH_API kith_status kith_open(const char *path, const kith_options *options, kith_db **out,
                               kith_error **err);
/* Rolls back what is open, and closes. In a forked child it only frees memory. */
KITH_API void kith_close(kith_db *db);

/* One row about the file and the library: path, file_id, schema, kith, sqlite, page_size, pages,
 * free_pages, wal_bytes, leads, last_event. */
KITH_API kith_status kith_info(kith_db *db, kith_rows **out, kith_error **err);
/* Copies the live file to `path`, which must not exist, while others read and write. The copy is readable
 * and writable to whom the file is; that of a file in memory to its owner. */
KITH_API kith_status kith_backup(kith_db *db, const char *path, kith_error **err);
/* Examines the file: SQLite's own check, references, stored sets and keys against rows. Answers a row a
 * fault (part, place, fault), none when all is well. With `repair` 1 what can be derived is rebuilt. */
KITH_API kith_status kith_check(kith_db *db, int32_t repair, kith_rows **out, kith_error **err);
/* Gives free pages back to the file system. Needs twice the file's size for a moment: half of it where
 * SQLite puts temporary files (SQLITE_TMPDIR, TMPDIR, /var/tmp), under no name and for this user alone. */
KITH_API kith_status kith_compact(kith_db *db, kith_error **err);
/* From another thread: the call that is running now fails with CANCELLED, and changes nothing. */
KITH_API void kith_cancel(kith_db *db);

/* Everything between begin and commit happens or nothing does. Pairs nest: an inner rollback undoes only
 * what came after its begin. On RETRY roll back and repeat it all. */
KITH_API kith_status kith_begin(kith_db *db, kith_error **err);
KITH_API kith_status kith_commit(kith_db *db, kith_error **err);
KITH_API void kith_rollback(kith_db *db); /* does nothing outside a transaction */

/* -------------------------------------------------------------------------------------------- Kinds */

/* Describes what there is, as rows. Topics: "kinds" (kind, owner, name, writable, removable, summary),
 * "fields" (kind, field, type, required, unique, sortable, writable, custom, usual, refers, options,
 * summary, filled), "verbs" (verb, extra, type, summary), "events" (event, subject, own, summary), "predicates"
 * (word, refers, states, summary). A NULL topic means "kinds". Custom fields are among the fields; `usual`
 * is 0 for what is answered only when it is asked for; `filled` is 1 for what is never NULL when it is read;
 * `own` is 0 for the host's events. */
KITH_API kith_status kith_schema(kith_db *db, const char *topic, kith_rows **out, kith_error **err);

enum {                /* outcome */
  KITH_UNCHANGED = 0, /* it was so already */
  KITH_CREATED = 1,
  KITH_UPDATED = 2,
  KITH_FAILED = 3 /* with KITH_SKIP_BAD: this row was refused */
};

/* Makes or changes one thing. Fields not named are not touched; NULL clears one. A lead is found by `id`,
 * `external_id` or `email` (any of its addresses), anything else by `id` or its name; what is found is
 * updated, else made (a given id must exist). An unchanged put records nothing.
 * INVALID names the field; CONFLICT the owner of the address or name.
 * with, for a lead: tag, list (repeatable; assigned and subscribed in the same act, who may not be subscribed
 * left out; with consent, confirmed, via and welcome as kith_subscribe has them), source (of new leads that
 * name none), fill_gaps (1: write only fields that are empty), skip_null (1: a NULL leaves its
 * field as it is), create_only, update_only (1: other rows are left alone and reported unchanged). For any
 * kind: skip_read_only (1: fields that Kith makes, INVALID otherwise, are passed over, so that what kith_find
 * answered can be changed and put back). */
KITH_API kith_status kith_put(kith_db *db, const char *kind, const kith_field *fields, size_t field_count,
                              const kith_field *with, size_t with_count, int64_t *id, int32_t *outcome,
                              kith_error **err);

enum {              /* flags */
  KITH_SKIP_BAD = 1 /* a row INVALID, NOT_FOUND, CONFLICT, REFUSED or LIMIT is reported; the others go on */
};

/* The same for many, in one transaction and much faster: `fields` holds `height` rows of `width` fields
 * each; the names of the first row count, and each row's values are read in that order. Answers a row a
 * row: id, outcome, and status, field, message (NULL but where outcome is KITH_FAILED), and refused: JSON of
 * the lists in `with` that did not take the lead, with why - "suppressed", "unsubscribed", "bounced",
 * "complained" -, NULL when all did. `out` may be NULL. */
KITH_API kith_status kith_put_many(kith_db *db, const char *kind, const kith_field *fields, size_t width,
                                   size_t height, uint32_t flags, const kith_field *with, size_t with_count,
                                   kith_rows **out, kith_error **err);
/* The same from columns: one Arrow record batch (a struct array), or a stream of them in one transaction.
 * What is given stays the caller's to release. Columns may be utf8, large_utf8, utf8_view, (u)int8..64, float,
 * double, boolean, date32, timestamp or null. The stream's functions are called while the handle is at work,
 * within the transaction. `out` may be NULL. */
KITH_API kith_status kith_put_batch(kith_db *db, const char *kind, const struct ArrowSchema *schema,
                                    const struct ArrowArray *array, uint32_t flags, const kith_field *with,
                                    size_t with_count, kith_rows **out, kith_error **err);
KITH_API kith_status kith_put_stream(kith_db *db, const char *kind, struct ArrowArrayStream *stream,
                                     uint32_t flags, const kith_field *with, size_t with_count,
                                     kith_rows **out, kith_error **err);

/* Which things, and how they are to be answered. Fill it with 0, then set `size` and what you need. */
typedef struct kith_query {
  size_t size;            /* sizeof(kith_query) */
  const char *where;      /* "tag 'VIP-Member' and country = ?"; NULL: all. docs/where.md has the language */
  const kith_field *args; /* for its ?s, in order; their names are ignored */
  size_t arg_count;
  const char *columns;    /* "email, score"; NULL: all of the kind's */
  const char *sort;       /* "-created, email": any sortable field, - for descending; NULL: by id,
                           * and assignments, subscriptions and pauses by lead */
  const char *after;      /* from kith_rows_next, with the same sort: the page that follows */
  int64_t limit;          /* rows a page; 0: 1000; -1: all */
} kith_query;

/* One thing, every column; no rows when there is none. */
KITH_API kith_status kith_get(kith_db *db, const char *kind, const char *name, kith_rows **out,
                              kith_error **err);
/* A page of things; `query` may be NULL. */
KITH_API kith_status kith_find(kith_db *db, const char *kind, const kith_query *query, kith_rows **out,
                               kith_error **err);
/* How many; `query` may be NULL. Only `where` and `args` of the query count. */
KITH_API kith_status kith_count(kith_db *db, const char *kind, const kith_query *query, int64_t *out,
                                kith_error **err);
/* Gives a definition another name. The old one is free at once. */
KITH_API kith_status kith_rename(kith_db *db, const char *kind, const char *name, const char *to,
                                 const kith_field *with, size_t with_count, int64_t *event, kith_error **err);
/* Takes one thing away, with what hangs on it and cannot stand alone; the log keeps its events. REFUSED
 * when something still uses it. For a lead see also kith_erase. */
KITH_API kith_status kith_remove(kith_db *db, const char *kind, const char *name, const kith_field *with,
                                 size_t with_count, int64_t *event, kith_error **err);

/* -------------------------------------------------------------------------------------------- Leads */

/* Makes two leads one. Fields fill gaps; every relation, address and the whole log move; in each list the
 * lead's own latest act wins, failing that the stricter state; scores add. The absorbed id, key and
 * addresses go on resolving to the one that stays.
 * with: survivor ("older", the default: the lower id; "lead"; "other"), fields ("fill", the default;
 * "newer": the value of whoever was updated last; "other": the absorbed lead's where it has one). */
KITH_API kith_status kith_merge(kith_db *db, const char *lead, const char *other, const kith_field *with,
                                size_t with_count, int64_t *event, kith_error **err);
/* Undoes a merge by its event. REFUSED, saying what, once something later depends on it. */
KITH_API kith_status kith_unmerge(kith_db *db, int64_t merge_event, const kith_field *with, size_t with_count,
                                  int64_t *event, kith_error **err);
/* Pairs that are likely the same person: lead, other, reason ("phone", "address", "name_and_company") and
 * value. Of several that are alike each is paired with the one of the lowest id. `query` may be NULL; its
 * `where` says among which leads, its `sort` and `columns` are not used. */
KITH_API kith_status kith_duplicates(kith_db *db, const kith_query *query, kith_rows **out, kith_error **err);
/* Search as you type, by name, address, company, phone: every word must begin a word. Accents do not matter:
 * "jose" finds José. The index is built when first asked for, then kept. Answers id, email, first_name,
 * last_name, company, phone of at most `limit` (0: 20; at most 1000), best first: whole words before
 * beginnings, names before companies before addresses before phones, what is spelled alike before the rest. */
KITH_API kith_status kith_search(kith_db *db, const char *text, int64_t limit, kith_rows **out,
                                 kith_error **err);
/* GDPR Art. 17: every personal value leaves the tables, the log, the indexes, the free pages and the
 * write-ahead log; a tombstone keeps id and counts. `*pending` is 1 while a reader holds old pages:
 * kith_run finishes it. A lead that was removed can still be erased, by its id: the log knows it. Reads the
 * whole log once, for what the lead did to others.
 * with: suppress (1: a hash of the addresses stays suppressed). */
KITH_API kith_status kith_erase(kith_db *db, const char *lead, const kith_field *with, size_t with_count,
                                int32_t *pending, int64_t *event, kith_error **err);
/* GDPR Art. 15 and 20: everything known about a lead, as one row with one JSON `document`. */
KITH_API kith_status kith_export_lead(kith_db *db, const char *lead, kith_rows **out, kith_error **err);
/* Every act of consent of one lead - time, address, wording, way - as one JSON `document`. */
KITH_API kith_status kith_consent_proof(kith_db *db, const char *lead, kith_rows **out, kith_error **err);

/* An address, a domain ("@example.com") or a phone ("tel:+46701234567") that must not be contacted. It
 * outlives leads; reasons stack.
 * with: reason ("manual", the default, "hard_bounce", "soft_bounce", "complaint", "erased", "stop"), channel
 * ("email", "sms", "all", the default), note. */
KITH_API kith_status kith_suppress(kith_db *db, const char *target, const kith_field *with, size_t with_count,
                                   int64_t *event, kith_error **err);
/* Lifts one reason and leaves the others. with: reason (default "manual"), channel (default: every one). */
KITH_API kith_status kith_unsuppress(kith_db *db, const char *target, const kith_field *with,
                                     size_t with_count, int64_t *event, kith_error **err);

/* --------------------------------------------------------------------------------------------- Tags */

/* Assigns a tag. with: expires (ms, overrides the tag's own; NULL: never). Twice changes nothing but the
 * expiry. */
KITH_API kith_status kith_assign(kith_db *db, const char *lead, const char *tag, const kith_field *with,
                                 size_t with_count, int64_t *event, kith_error **err);
KITH_API kith_status kith_unassign(kith_db *db, const char *lead, const char *tag, const kith_field *with,
                                   size_t with_count, int64_t *event, kith_error **err);
/* The same for everybody the query finds; *changed counts those who changed. For everybody there is, give a
 * query without `where`: a NULL query is MISUSE. */
KITH_API kith_status kith_assign_where(kith_db *db, const kith_query *query, const char *tag,
                                       const kith_field *with, size_t with_count, int64_t *changed,
                                       kith_error **err);
KITH_API kith_status kith_unassign_where(kith_db *db, const kith_query *query, const char *tag,
                                         const kith_field *with, size_t with_count, int64_t *changed,
                                         kith_error **err);
/* Moves every assignment of `other` to `tag` and removes `other`. */
KITH_API kith_status kith_merge_tags(kith_db *db, const char *tag, const char *other, const kith_field *with,
                                     size_t with_count, int64_t *event, kith_error **err);

/* ------------------------------------------------------------------------------- Lists and consent */

/* Puts a lead on a list; docs/consent.md has what each act does in each state. Double opt-in makes it
 * `pending` and records subscription.confirm_wanted. REFUSED for a suppressed address.
 * with: consent (the wording agreed to; without it who unsubscribed is REFUSED), confirmed (1: it was
 * confirmed elsewhere), via ("host", the default, "form", "import", "automation"), welcome (0: record no
 * subscription.welcome_wanted). */
KITH_API kith_status kith_subscribe(kith_db *db, const char *lead, const char *list, const kith_field *with,
                                    size_t with_count, int64_t *event, kith_error **err);
/* Takes a lead off a list; a NULL list means all. with: reason, via ("host", the default, "lead", "form",
 * "import", "automation"). */
KITH_API kith_status kith_unsubscribe(kith_db *db, const char *lead, const char *list, const kith_field *with,
                                      size_t with_count, int64_t *event, kith_error **err);
/* The same for everybody the query finds. Who may not be subscribed, or is not there to be taken off, is
 * passed over; one `consent` for many brings nobody back who left, and a welcome is asked for only with
 * welcome (1). A NULL query is MISUSE, as in kith_assign_where. */
KITH_API kith_status kith_subscribe_where(kith_db *db, const kith_query *query, const char *list,
                                          const kith_field *with, size_t with_count, int64_t *changed,
                                          kith_error **err);
KITH_API kith_status kith_unsubscribe_where(kith_db *db, const kith_query *query, const char *list,
                                            const kith_field *with, size_t with_count, int64_t *changed,
                                            kith_error **err);
/* What a gateway reported: `what` is "bounced", "complained" or "delivered"; a NULL list means all. A hard
 * bounce and a complaint suppress the address - the one that names the lead, if it is named by one - and so
 * do 3 soft bounces within 30 days without a delivery.
 * with: bounce ("hard", the default, or "soft"), code (the gateway's answer, "550 5.1.1 ...": 5.7.x, a
 * refusal by policy, and 4.x.x are never hard), channel ("email", the default, "sms"). */
KITH_API kith_status kith_report(kith_db *db, const char *lead, const char *list, const char *what,
                                 const kith_field *with, size_t with_count, int64_t *event, kith_error **err);
/* No messages until a date; a NULL list means all. with: until (ms, required), reason. */
KITH_API kith_status kith_pause(kith_db *db, const char *lead, const char *list, const kith_field *with,
                                size_t with_count, int64_t *event, kith_error **err);
KITH_API kith_status kith_resume(kith_db *db, const char *lead, const char *list, const kith_field *with,
                                 size_t with_count, int64_t *event, kith_error **err);
/* An SMS that came in: STOP (and its synonyms) forbids SMS to that phone, START allows it again; anything
 * else is an event. with: none of its own. */
KITH_API kith_status kith_sms_received(kith_db *db, const char *phone, const char *text,
                                       const kith_field *with, size_t with_count, int64_t *event,
                                       kith_error **err);
/* Whether a lead may be sent something: one row, allowed (0 or 1) and why (a word: "allowed", "unknown_list",
 * "pending", "unsubscribed", "bounced", "complained", "not_subscribed", "suppressed", "paused", "no_address",
 * "channel"), with detail. A NULL list: a transactional message, which minds neither consent nor pauses, but
 * every suppression. with: channel ("email", the default; "sms") and, since nothing is done, nothing else. */
KITH_API kith_status kith_may_send(kith_db *db, const char *lead, const char *list, const kith_field *with,
                                   size_t with_count, kith_rows **out, kith_error **err);

/* ------------------------------------------------------------------------------------------- Tokens */

/* Makes a token for a link: one row, token, id, expires. Only its hash is kept, so it cannot be read again,
 * and `key` is INVALID. purpose: "confirm" and "unsubscribe" (with: list), "preferences", "data". A confirm
 * token ends with the list's lapse_after, others never. with: list, expires (ms). */
KITH_API kith_status kith_token(kith_db *db, const char *lead, const char *purpose, const kith_field *with,
                                size_t with_count, kith_rows **out, kith_error **err);
/* Looks at a token and changes nothing, for mail scanners follow links: purpose, list, lead (masked), state
 * ("live", "used", "expired", "revoked"); no rows for what is no token. */
KITH_API kith_status kith_token_look(kith_db *db, const char *token, kith_rows **out, kith_error **err);
/* Makes a token worthless before its time; it may also be named as "id:7". */
KITH_API kith_status kith_token_revoke(kith_db *db, const char *token, const kith_field *with,
                                       size_t with_count, int64_t *event, kith_error **err);
/* The lead's own acts. A token of another purpose, spent, expired or unknown is REFUSED; the same
 * confirmation twice is not. */
KITH_API kith_status kith_confirm(kith_db *db, const char *token, const kith_field *with, size_t with_count,
                                  int64_t *event, kith_error **err);
/* One-click unsubscribe (RFC 8058) with an "unsubscribe" token; always has effect. with: all (1), reason. */
KITH_API kith_status kith_unsubscribe_by_token(kith_db *db, const char *token, const kith_field *with,
                                               size_t with_count, int64_t *event, kith_error **err);
/* The preference centre: the public lists (list, name, description, state - "none" without one -,
 * paused_until). */
KITH_API kith_status kith_preferences(kith_db *db, const char *token, kith_rows **out, kith_error **err);
/* Takes its changes: `fields` names lists and says 1 (in) or 0 (out). A list that the lead cannot come back
 * to is passed over; a private one is REFUSED. with: consent, reason. */
KITH_API kith_status kith_set_preferences(kith_db *db, const char *token, const kith_field *fields,
                                          size_t field_count, const kith_field *with, size_t with_count,
                                          int64_t *changed, kith_error **err);
/* kith_export_lead for the lead who holds a "data" token. */
KITH_API kith_status kith_my_data(kith_db *db, const char *token, kith_rows **out, kith_error **err);

/* ---------------------------------------------------------------------------------- Log and time */

/* Records what happened to a lead: "shop.cart_left", with JSON data or NULL. A first use makes the kind of
 * event; the library's own kinds are REFUSED. with: subject (what it was about: the second time counts per
 * subject in scores). */
KITH_API kith_status kith_record(kith_db *db, const char *lead, const char *kind, const char *data,
                                 const kith_field *with, size_t with_count, int64_t *event, kith_error **err);
/* Many at once, as kith_put_many takes them; the fields are lead, kind, data, subject, at, by, ip, key and
 * cause. Answers event, outcome, status, field, message a row; `out` may be NULL. */
KITH_API kith_status kith_record_many(kith_db *db, const kith_field *fields, size_t width, size_t height,
                                      uint32_t flags, const kith_field *with, size_t with_count,
                                      kith_rows **out, kith_error **err);
/* What happened to one lead, newest first, in pages: id, at, kind, lead, subject, by, ip, cause, data, and
 * `what`, a sentence. `query` may be NULL; its `where` may compare kind, at, by, subject, cause, and its
 * `sort` and `columns` are not used. */
KITH_API kith_status kith_timeline(kith_db *db, const char *lead, const kith_query *query, kith_rows **out,
                                   kith_error **err);
/* The chain from an event back to what began it, the event itself first; the same columns. */
KITH_API kith_status kith_why(kith_db *db, int64_t event, kith_rows **out, kith_error **err);
/* What happened after event `id`, oldest first, at most `limit` (0: 1000): to follow the log. kith_rows_next
 * is the id to go on from, as text; NULL when this was all that has happened. */
KITH_API kith_status kith_events_after(kith_db *db, int64_t id, int64_t limit, kith_rows **out,
                                       kith_error **err);

/* Does what is due up to now (tag expiries, lapses of unconfirmed subscriptions, ends of pauses, what an
 * erase left) in the order of its time, at most `limit` of it (0: all), and says how many it did and when to
 * call again (0: nothing is waiting). It goes in batches, each kept once done: what hinders it after the first
 * (CANCELLED, BUSY, FULL) ends it with OK, what it did so far, and `next` at once.
 * Kith has no thread: nothing is late but by your calling late. */
KITH_API kith_status kith_run(kith_db *db, int64_t limit, int64_t *done, int64_t *next, kith_error **err);

/* --------------------------------------------------------------------------------------------- Reading */

/* Answers one SELECT over the documented tables (docs/file-format.md); what would write, attach or run for
 * longer than 30 s is REFUSED or CANCELLED. ?1, ?2 ... are `args` in order. At most 100,000 rows. */
KITH_API kith_status kith_sql(kith_db *db, const char *sql, const kith_field *args, size_t arg_count,
                              kith_rows **out, kith_error **err);

/* A reader of CSV and other delimited text: comma, semicolon, tab or pipe; quotes; UTF-8, UTF-16 and
 * Windows-1252 told apart by their bytes; one header line. */
typedef struct kith_csv kith_csv;
/* with: delimiter (one character; default: found), encoding ("utf-8", "utf-16le", "utf-16be",
 * "windows-1252"; default: found), header (0: columns are named 1, 2, ...). */
KITH_API kith_status kith_csv_open(const char *path, const kith_field *with, size_t with_count,
                                   kith_csv **out, kith_error **err);
/* The next at most `limit` rows (0: 1000), all text; the first column, `line`, is the line where a row
 * begins. No rows at the end. A row of another width is filled with NULLs; what is over is in the column
 * `more`. */
KITH_API kith_status kith_csv_read(kith_csv *csv, int64_t limit, kith_rows **out, kith_error **err);
/* How far it has come, 0 to 1. */
KITH_API double kith_csv_progress(const kith_csv *csv);
KITH_API void kith_csv_free(kith_csv *csv);

#ifdef __cplusplus
}
#endif
#endif
