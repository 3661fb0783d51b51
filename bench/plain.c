/* The same work in plain SQLite, as a careful C programmer writes it: a prepared statement a kind of work, one row a
 * statement, one transaction a workload, an index for each question that is asked. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "sides.h"
#include "sqlite3.h"

static const char schema[] =
    "CREATE TABLE lead (id INTEGER PRIMARY KEY, email TEXT NOT NULL, external_id TEXT, first_name TEXT, middle_name TEXT,"
    " last_name TEXT, phone TEXT, phone2 TEXT, company TEXT, job_title TEXT, website TEXT, address1 TEXT, address2 TEXT,"
    " city TEXT, region TEXT, postcode TEXT, country TEXT, time_zone TEXT, language TEXT, birth_date TEXT, facebook TEXT,"
    " x TEXT, linkedin TEXT, instagram TEXT, picture TEXT, ip TEXT, source TEXT, referrer TEXT, owner TEXT,"
    " score INTEGER NOT NULL DEFAULT 0, created INTEGER NOT NULL, updated INTEGER NOT NULL, phone_key TEXT,"
    " email_key TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE UNIQUE INDEX lead_external ON lead (external_id) WHERE external_id IS NOT NULL;"
    "CREATE INDEX lead_created ON lead (created, id);"
    "CREATE INDEX lead_updated ON lead (updated, id);"
    "CREATE INDEX lead_score ON lead (score, id);"
    "CREATE INDEX lead_phone ON lead (phone_key, id) WHERE phone_key IS NOT NULL;"
    "CREATE TABLE event_kind (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE event (id INTEGER PRIMARY KEY, lead_id INTEGER NOT NULL, kind_id INTEGER NOT NULL,"
    " at INTEGER NOT NULL, subject_id INTEGER, subject TEXT, actor TEXT, ip TEXT, cause_id INTEGER, data TEXT) STRICT;"
    "CREATE INDEX event_lead ON event (lead_id, id);"
    "CREATE TABLE tag (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE lead_tag (lead_id INTEGER NOT NULL, tag_id INTEGER NOT NULL, at INTEGER NOT NULL, expires INTEGER,"
    " event_id INTEGER NOT NULL, PRIMARY KEY (lead_id, tag_id)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX lead_tag_tag ON lead_tag (tag_id, lead_id);"
    "INSERT INTO event_kind VALUES (1, 'lead.created'), (20, 'tag.assigned'), (1000, 'shop.viewed'),"
    " (1001, 'shop.cart_left'), (1002, 'mail.opened'), (1003, 'order.paid');";

static void die(sqlite3 *db, const char *what) {
  fprintf(stderr, "plain SQLite: %s: %s\n", what, sqlite3_errmsg(db));
  exit(1);
}

static void run(sqlite3 *db, const char *sql) {
  if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) die(db, sql);
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql) {
  sqlite3_stmt *statement = NULL;
  if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK) die(db, sql);
  return statement;
}

static void step(sqlite3 *db, sqlite3_stmt *statement) {
  if (sqlite3_step(statement) != SQLITE_DONE) die(db, sqlite3_sql(statement));
  sqlite3_reset(statement);
}

static void bind_text(sqlite3_stmt *statement, int place, const char *text) {
  if (text == NULL) sqlite3_bind_null(statement, place);
  else sqlite3_bind_text(statement, place, text, -1, SQLITE_STATIC);
}

/* Settings: those with which Kith opens its files. */
void *plain_open(const char *path) {
  sqlite3 *db = NULL;
  if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) die(db, path);
  run(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY;"
          "PRAGMA cell_size_check=ON; PRAGMA secure_delete=ON; PRAGMA cache_size=-32768; PRAGMA journal_size_limit=67108864;"
          "PRAGMA foreign_keys=ON");
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
  sqlite3_stmt *there = prepare(db, "SELECT count(*) FROM sqlite_schema");
  int has_schema = sqlite3_step(there) == SQLITE_ROW && sqlite3_column_int(there, 0) > 0;
  sqlite3_finalize(there);
  if (!has_schema) run(db, schema);
  return db;
}

void plain_close(void *file) { sqlite3_close_v2(file); }

static void lower(const char *from, char *to) {
  while ((*to++ = (char)tolower((unsigned char)*from++)) != 0) {
  }
}

static int digits(const char *from, char *to) {
  if (from == NULL) return 0;
  for (; *from; ++from) {
    if (isdigit((unsigned char)*from) || *from == '+') *to++ = *from;
  }
  *to = 0;
  return 1;
}

static const char insert_lead[] =
    "INSERT INTO lead (email, external_id, first_name, last_name, company, city, country, language, phone, source, created,"
    " updated, phone_key, email_key) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11, ?12, ?13)";
static const char upsert_tail[] =
    " ON CONFLICT (email_key) DO UPDATE SET first_name = excluded.first_name, last_name = excluded.last_name, company ="
    " excluded.company, city = excluded.city, country = excluded.country, language = excluded.language, phone ="
    " excluded.phone, updated = excluded.updated, phone_key = excluded.phone_key";
static const char insert_event[] =
    "INSERT INTO event (lead_id, kind_id, at, subject_id, data) VALUES (?1, ?2, ?3, ?4, ?5)";

static int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What a host holds before it writes: made before either side's clock starts. */
typedef struct person {
  person_buffer buffer;
  const char *fields[person_fields];
} person;

static void *array_of(int64_t count, size_t size) {
  void *array = calloc((size_t)count, size);
  if (array == NULL) {
    fprintf(stderr, "plain SQLite: no memory is left\n");
    exit(1);
  }
  return array;
}

/* The forms that e-mail addresses and phones compare by are made while the clock runs, for so are Kith's. */
static result put(sqlite3 *db, int64_t from, int64_t count) {
  person *people = array_of(count, sizeof *people);
  for (int64_t i = 0; i < count; ++i) make_person(from + i, &people[i].buffer, people[i].fields);
  char sql[2048];
  snprintf(sql, sizeof sql, "%s%s", insert_lead, upsert_tail);
  sqlite3_stmt *lead = prepare(db, sql);
  sqlite3_stmt *event = prepare(db, insert_event);
  int64_t at = now_ms();
  double begin = seconds_now();
  run(db, "BEGIN IMMEDIATE");
  for (int64_t i = 0; i < count; ++i) {
    const char **fields = people[i].fields;
    char key[64], phone[64];
    for (int f = 0; f < person_fields; ++f) bind_text(lead, f + 1, fields[f]);
    sqlite3_bind_int64(lead, 11, at);
    bind_text(lead, 12, digits(fields[8], phone) ? phone : NULL);
    lower(fields[0], key);
    bind_text(lead, 13, key);
    step(db, lead);
    sqlite3_bind_int64(event, 1, sqlite3_last_insert_rowid(db));
    sqlite3_bind_int64(event, 2, 1);
    sqlite3_bind_int64(event, 3, at);
    step(db, event);
  }
  run(db, "COMMIT");
  result answer = {seconds_now() - begin, (uint64_t)count};
  sqlite3_finalize(lead);
  sqlite3_finalize(event);
  free(people);
  return answer;
}

result plain_put_many(void *file, int64_t from, int64_t count) { return put(file, from, count); }
result plain_put(void *file, int64_t from, int64_t count) { return put(file, from, count); }

result plain_record_many(void *file, int64_t from, int64_t count, int64_t people) {
  typedef struct happening {
    int64_t lead, kind;
    char buffer[128];
    const char *data;
  } happening;
  sqlite3 *db = file;
  happening *happenings = array_of(count, sizeof *happenings);
  for (int64_t i = 0; i < count; ++i) {
    happenings[i].lead = event_person(from + i, people) + 1;
    happenings[i].kind = 1000 + (from + i) % 4;
    happenings[i].data = event_data(from + i, happenings[i].buffer);
  }
  sqlite3_stmt *event = prepare(db, insert_event);
  int64_t at = now_ms();
  double begin = seconds_now();
  run(db, "BEGIN IMMEDIATE");
  for (int64_t i = 0; i < count; ++i) {
    sqlite3_bind_int64(event, 1, happenings[i].lead);
    sqlite3_bind_int64(event, 2, happenings[i].kind);
    sqlite3_bind_int64(event, 3, at);
    bind_text(event, 5, happenings[i].data);
    step(db, event);
  }
  run(db, "COMMIT");
  result answer = {seconds_now() - begin, (uint64_t)count};
  sqlite3_finalize(event);
  free(happenings);
  return answer;
}

static int64_t tag_id(sqlite3 *db, const char *name, int make) {
  if (make) {
    sqlite3_stmt *insert = prepare(db, "INSERT INTO tag (name) VALUES (?1) ON CONFLICT DO NOTHING");
    bind_text(insert, 1, name);
    step(db, insert);
    sqlite3_finalize(insert);
  }
  sqlite3_stmt *find = prepare(db, "SELECT id FROM tag WHERE name = ?1");
  bind_text(find, 1, name);
  int64_t id = sqlite3_step(find) == SQLITE_ROW ? sqlite3_column_int64(find, 0) : 0;
  sqlite3_finalize(find);
  return id;
}

result plain_tag_where(void *file, const char *tag, const char *country) {
  sqlite3 *db = file;
  int64_t id = tag_id(db, tag, 1);
  sqlite3_stmt *who = prepare(db, "SELECT id FROM lead WHERE country = ?1");
  sqlite3_stmt *event = prepare(db, insert_event);
  sqlite3_stmt *assign = prepare(db, "INSERT INTO lead_tag (lead_id, tag_id, at, event_id) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING");
  int64_t at = now_ms();
  uint64_t changed = 0;
  double begin = seconds_now();
  run(db, "BEGIN IMMEDIATE");
  bind_text(who, 1, country);
  while (sqlite3_step(who) == SQLITE_ROW) {
    int64_t lead = sqlite3_column_int64(who, 0);
    sqlite3_bind_int64(event, 1, lead);
    sqlite3_bind_int64(event, 2, 20);
    sqlite3_bind_int64(event, 3, at);
    sqlite3_bind_int64(event, 4, id);
    step(db, event);
    sqlite3_bind_int64(assign, 1, lead);
    sqlite3_bind_int64(assign, 2, id);
    sqlite3_bind_int64(assign, 3, at);
    sqlite3_bind_int64(assign, 4, sqlite3_last_insert_rowid(db));
    step(db, assign);
    ++changed;
  }
  sqlite3_reset(who);
  run(db, "COMMIT");
  result answer = {seconds_now() - begin, changed};
  sqlite3_finalize(who);
  sqlite3_finalize(event);
  sqlite3_finalize(assign);
  return answer;
}

result plain_tag_and_not_tag(void *file, const char *tag, const char *other, int64_t times) {
  sqlite3 *db = file;
  sqlite3_stmt *count = prepare(db, "SELECT count(*) FROM lead_tag a WHERE a.tag_id = ?1 AND NOT EXISTS (SELECT 1 FROM lead_tag b"
                                    " WHERE b.lead_id = a.lead_id AND b.tag_id = ?2)");
  int64_t first = tag_id(db, tag, 0), second = tag_id(db, other, 0);
  result answer = {0, 0};
  double begin = seconds_now();
  for (int64_t i = 0; i < times; ++i) {
    sqlite3_bind_int64(count, 1, first);
    sqlite3_bind_int64(count, 2, second);
    if (sqlite3_step(count) == SQLITE_ROW) answer.checksum = (uint64_t)sqlite3_column_int64(count, 0);
    sqlite3_reset(count);
  }
  answer.seconds = seconds_now() - begin;
  sqlite3_finalize(count);
  return answer;
}

static const char lead_columns[] =
    "id, email, external_id, first_name, middle_name, last_name, phone, phone2, company, job_title, website, address1,"
    " address2, city, region, postcode, country, time_zone, language, birth_date, facebook, x, linkedin, instagram, picture,"
    " ip, source, referrer, owner, score, created, updated";

/* Every column, whatever it holds; times are left out, for the two sides do not run at the same moment. */
static uint64_t sum_row(sqlite3_stmt *row, int width) {
  uint64_t sum = 0;
  for (int column = 0; column < width; ++column) {
    switch (sqlite3_column_type(row, column)) {
      case SQLITE_INTEGER: {
        int64_t value = sqlite3_column_int64(row, column);
        if (value < 1000000000000) sum += (uint64_t)value;
        break;
      }
      case SQLITE_TEXT: {
        const char *text = (const char *)sqlite3_column_text(row, column);
        sum = sum_text(sum, text, (uint64_t)sqlite3_column_bytes(row, column));
        break;
      }
      default: break;
    }
  }
  return sum;
}

result plain_get(void *file, int64_t people, int64_t times) {
  sqlite3 *db = file;
  char sql[1024];
  snprintf(sql, sizeof sql, "SELECT %s FROM lead WHERE email_key = ?1", lead_columns);
  sqlite3_stmt *get = prepare(db, sql);
  result answer = {0, 0};
  double begin = seconds_now();
  for (int64_t i = 0; i < times; ++i) {
    person_buffer buffer;
    const char *fields[person_fields];
    char key[64];
    make_person(i * 7919 % people, &buffer, fields);
    lower(fields[0], key);
    bind_text(get, 1, key);
    if (sqlite3_step(get) == SQLITE_ROW) answer.checksum += sum_row(get, sqlite3_column_count(get));
    sqlite3_reset(get);
  }
  answer.seconds = seconds_now() - begin;
  sqlite3_finalize(get);
  return answer;
}

result plain_find(void *file, int64_t rows) {
  sqlite3 *db = file;
  char sql[1024];
  snprintf(sql, sizeof sql, "SELECT %s FROM lead ORDER BY id LIMIT ?1", lead_columns);
  sqlite3_stmt *find = prepare(db, sql);
  result answer = {0, 0};
  double begin = seconds_now();
  sqlite3_bind_int64(find, 1, rows);
  while (sqlite3_step(find) == SQLITE_ROW) answer.checksum += sum_row(find, sqlite3_column_count(find));
  answer.seconds = seconds_now() - begin;
  sqlite3_finalize(find);
  return answer;
}

result plain_timeline(void *file, int64_t people, int64_t times) {
  sqlite3 *db = file;
  sqlite3_stmt *who = prepare(db, "SELECT id FROM lead WHERE email_key = ?1");
  sqlite3_stmt *page = prepare(db,
                               "SELECT k.name, e.at, t.name, e.subject, e.actor, e.ip, e.cause_id, e.data FROM event e JOIN event_kind k"
                               " ON k.id = e.kind_id LEFT JOIN tag t ON t.id = e.subject_id WHERE e.lead_id = ?1 ORDER BY e.id DESC LIMIT 50");
  result answer = {0, 0};
  double begin = seconds_now();
  for (int64_t i = 0; i < times; ++i) {
    person_buffer buffer;
    const char *fields[person_fields];
    char key[64];
    make_person(event_person(i * 31, people), &buffer, fields);
    lower(fields[0], key);
    bind_text(who, 1, key);
    int64_t lead = sqlite3_step(who) == SQLITE_ROW ? sqlite3_column_int64(who, 0) : 0;
    sqlite3_reset(who);
    sqlite3_bind_int64(page, 1, lead);
    while (sqlite3_step(page) == SQLITE_ROW) answer.checksum += sum_row(page, sqlite3_column_count(page));
    sqlite3_reset(page);
  }
  answer.seconds = seconds_now() - begin;
  sqlite3_finalize(who);
  sqlite3_finalize(page);
  return answer;
}

remains plain_remains(void *file) {
  sqlite3 *db = file;
  remains left = {0, 0, 0, 0, 0};
  sqlite3_stmt *rows = prepare(db, "SELECT (SELECT count(*) FROM lead), (SELECT count(*) FROM event), (SELECT count(*) FROM lead_tag)");
  if (sqlite3_step(rows) == SQLITE_ROW) {
    left.leads = sqlite3_column_int64(rows, 0);
    left.events = sqlite3_column_int64(rows, 1);
    left.assignments = sqlite3_column_int64(rows, 2);
  }
  sqlite3_finalize(rows);
  rows = prepare(db, "SELECT id, email, external_id, first_name, last_name, company, city, country, language, phone, source FROM lead");
  while (sqlite3_step(rows) == SQLITE_ROW) left.lead_sum += sum_row(rows, 11);
  sqlite3_finalize(rows);
  rows = prepare(db, "SELECT e.lead_id, k.name, e.data FROM event e JOIN event_kind k ON k.id = e.kind_id");
  while (sqlite3_step(rows) == SQLITE_ROW) left.event_sum += sum_row(rows, 3);
  sqlite3_finalize(rows);
  return left;
}
