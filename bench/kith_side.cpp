// The workloads through Kith's C interface.
#include <kith.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "data.h"
#include "sides.h"

namespace {

void check(kith_status status, kith_error *error, const char *what) {
  if (status == KITH_OK) return;
  std::fprintf(stderr, "kith: %s: %s\n", what, kith_error_message(error));
  std::exit(1);
}

kith_db *db_of(void *file) { return static_cast<kith_db *>(file); }

// People as fields, their texts kept: what a host holds before it calls. Making them is not measured.
struct People {
  std::vector<person_buffer> buffers;
  std::vector<kith_field> fields;
  People(std::int64_t from, std::int64_t count)
      : buffers(static_cast<std::size_t>(count)), fields(static_cast<std::size_t>(count) * person_fields) {
    for (std::int64_t i = 0; i < count; ++i) {
      const char *texts[person_fields];
      make_person(from + i, &buffers[static_cast<std::size_t>(i)], texts);
      for (int f = 0; f < person_fields; ++f) fields[static_cast<std::size_t>(i * person_fields + f)] = kith_text(person_field_names[f], texts[f]);
    }
  }
};

std::uint64_t sum_cell(const kith_rows *rows, std::int64_t row, int column) {
  switch (kith_rows_type(rows, row, column)) {
    case KITH_INTEGER: {
      std::int64_t value = kith_rows_integer(rows, row, column);
      return value < 1000000000000 ? static_cast<std::uint64_t>(value) : 0;
    }
    case KITH_TEXT: return sum_text(0, kith_rows_text(rows, row, column), kith_rows_size(rows, row, column));
    default: return 0;
  }
}

std::uint64_t sum_rows(const kith_rows *rows, const std::vector<int> &columns) {
  std::uint64_t sum = 0;
  for (std::int64_t row = 0; row < kith_rows_count(rows); ++row) {
    for (int column : columns) sum += sum_cell(rows, row, column);
  }
  return sum;
}

std::vector<int> all_columns(const kith_rows *rows) {
  std::vector<int> columns;
  for (int i = 0; i < kith_rows_width(rows); ++i) columns.push_back(i);
  return columns;
}

struct Rows {
  kith_rows *rows = nullptr;
  ~Rows() { kith_rows_free(rows); }
};

}  // namespace


extern "C" {

void *kith_side_open(const char *path) {
  kith_db *db = nullptr;
  kith_error *error = nullptr;
  check(kith_open(path, nullptr, &db, &error), error, path);
  return db;
}

void kith_side_close(void *file) { kith_close(db_of(file)); }

result kith_side_put_many(void *file, std::int64_t from, std::int64_t count) {
  People people(from, count);
  kith_error *error = nullptr;
  double begin = seconds_now();
  check(kith_put_many(db_of(file), "lead", people.fields.data(), person_fields, static_cast<std::size_t>(count), 0, nullptr, 0, nullptr, &error), error, "put_many");
  return {seconds_now() - begin, static_cast<std::uint64_t>(count)};
}

result kith_side_put(void *file, std::int64_t from, std::int64_t count) {
  People people(from, count);
  kith_error *error = nullptr;
  double begin = seconds_now();
  check(kith_begin(db_of(file), &error), error, "begin");
  for (std::int64_t i = 0; i < count; ++i) {
    check(kith_put(db_of(file), "lead", &people.fields[static_cast<std::size_t>(i * person_fields)], person_fields, nullptr, 0, nullptr, nullptr, &error), error, "put");
  }
  check(kith_commit(db_of(file), &error), error, "commit");
  return {seconds_now() - begin, static_cast<std::uint64_t>(count)};
}

result kith_side_record_many(void *file, std::int64_t from, std::int64_t count, std::int64_t people) {
  struct Happening {
    char lead[24];
    char data[128];
  };
  auto size = static_cast<std::size_t>(count);
  std::vector<Happening> texts(size);
  std::vector<kith_field> fields(size * 3);
  for (std::size_t i = 0; i < size; ++i) {
    std::int64_t number = from + static_cast<std::int64_t>(i);
    std::snprintf(texts[i].lead, sizeof texts[i].lead, "id:%lld", static_cast<long long>(event_person(number, people) + 1));
    fields[i * 3] = kith_text("lead", texts[i].lead);
    fields[i * 3 + 1] = kith_text("kind", event_kinds[number % 4]);
    fields[i * 3 + 2] = kith_text("data", event_data(number, texts[i].data));
  }
  kith_error *error = nullptr;
  double begin = seconds_now();
  check(kith_record_many(db_of(file), fields.data(), 3, size, 0, nullptr, 0, nullptr, &error), error, "record_many");
  return {seconds_now() - begin, static_cast<std::uint64_t>(count)};
}

result kith_side_tag_where(void *file, const char *tag, const char *country) {
  kith_error *error = nullptr;
  kith_field name = kith_text("name", tag);
  check(kith_put(db_of(file), "tag", &name, 1, nullptr, 0, nullptr, nullptr, &error), error, "put tag");
  kith_field argument = kith_text("", country);
  kith_query query = {};
  query.size = sizeof query;
  query.where = "country = ?";
  query.args = &argument;
  query.arg_count = 1;
  std::int64_t changed = 0;
  double begin = seconds_now();
  check(kith_assign_where(db_of(file), &query, tag, nullptr, 0, &changed, &error), error, "assign_where");
  return {seconds_now() - begin, static_cast<std::uint64_t>(changed)};
}

result kith_side_tag_and_not_tag(void *file, const char *tag, const char *other, std::int64_t times) {
  kith_error *error = nullptr;
  kith_field arguments[] = {kith_text("", tag), kith_text("", other)};
  kith_query query = {};
  query.size = sizeof query;
  query.where = "tag ? and not tag ?";
  query.args = arguments;
  query.arg_count = 2;
  std::int64_t count = 0;
  double begin = seconds_now();
  for (std::int64_t i = 0; i < times; ++i) check(kith_count(db_of(file), "lead", &query, &count, &error), error, "count");
  return {seconds_now() - begin, static_cast<std::uint64_t>(count)};
}

result kith_side_get(void *file, std::int64_t people, std::int64_t times) {
  kith_error *error = nullptr;
  result answer = {0, 0};
  std::vector<int> columns;
  double begin = seconds_now();
  for (std::int64_t i = 0; i < times; ++i) {
    person_buffer buffer;
    const char *texts[person_fields];
    make_person(i * 7919 % people, &buffer, texts);
    Rows rows;
    check(kith_get(db_of(file), "lead", texts[0], &rows.rows, &error), error, "get");
    if (columns.empty()) columns = all_columns(rows.rows);
    answer.checksum += sum_rows(rows.rows, columns);
  }
  answer.seconds = seconds_now() - begin;
  return answer;
}

result kith_side_find(void *file, std::int64_t wanted) {
  kith_error *error = nullptr;
  kith_query query = {};
  query.size = sizeof query;
  query.limit = wanted;
  Rows rows;
  double begin = seconds_now();
  check(kith_find(db_of(file), "lead", &query, &rows.rows, &error), error, "find");
  std::uint64_t sum = sum_rows(rows.rows, all_columns(rows.rows));
  return {seconds_now() - begin, sum};
}

result kith_side_timeline(void *file, std::int64_t people, std::int64_t times) {
  kith_error *error = nullptr;
  kith_query query = {};
  query.size = sizeof query;
  query.limit = 50;
  result answer = {0, 0};
  std::vector<int> columns;
  double begin = seconds_now();
  for (std::int64_t i = 0; i < times; ++i) {
    person_buffer buffer;
    const char *texts[person_fields];
    make_person(event_person(i * 31, people), &buffer, texts);
    Rows rows;
    check(kith_timeline(db_of(file), texts[0], &query, &rows.rows, &error), error, "timeline");
    if (columns.empty()) {
      for (const char *name : {"kind", "at", "subject", "by", "ip", "cause", "data"}) columns.push_back(kith_rows_column(rows.rows, name));
    }
    answer.checksum += sum_rows(rows.rows, columns);
  }
  answer.seconds = seconds_now() - begin;
  return answer;
}

remains kith_side_remains(void *file) {
  kith_error *error = nullptr;
  remains left = {0, 0, 0, 0, 0};
  {
    Rows rows;
    check(kith_sql(db_of(file), "SELECT (SELECT count(*) FROM lead), (SELECT count(*) FROM event WHERE lead_id <> 0), (SELECT count(*) FROM lead_tag)", nullptr, 0, &rows.rows, &error), error, "sql");
    left.leads = kith_rows_integer(rows.rows, 0, 0);
    left.events = kith_rows_integer(rows.rows, 0, 1);
    left.assignments = kith_rows_integer(rows.rows, 0, 2);
  }
  auto sum = [&](const char *sql) {
    std::uint64_t all = 0;
    for (std::int64_t from = 0;; from += 100000) {
      kith_field arguments[] = {kith_integer("", from), kith_integer("", from + 100000)};
      Rows rows;
      check(kith_sql(db_of(file), sql, arguments, 2, &rows.rows, &error), error, sql);
      if (kith_rows_count(rows.rows) == 0 && from > 4 * (left.leads + left.events)) break;
      if (kith_rows_count(rows.rows) > 0) all += sum_rows(rows.rows, all_columns(rows.rows));
    }
    return all;
  };
  left.lead_sum = sum("SELECT id, email, external_id, first_name, last_name, company, city, country, language, phone, source FROM lead WHERE id > ?1 AND id <= ?2");
  left.event_sum = sum("SELECT e.lead_id, k.name, e.data FROM event e JOIN event_kind k ON k.id = e.kind_id WHERE e.id > ?1 AND e.id <= ?2 AND e.lead_id <> 0");
  return left;
}
}
