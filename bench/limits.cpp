#include "limits.h"

#include <kith.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "sides.h"

namespace {

constexpr int opens = 31;
constexpr int counts = 301;

void check(kith_status status, kith_error* error, const char* what) {
  if (status == KITH_OK) return;
  std::fprintf(stderr, "kith: %s: %s\n", what, kith_error_message(error));
  std::exit(1);
}

template <class Work>
double median_milliseconds(int times, Work work) {
  std::vector<double> took;
  for (int i = 0; i < times; ++i) took.push_back(work() * 1000);
  std::sort(took.begin(), took.end());
  return took[took.size() / 2];
}

Limit count(kith_db* db, const char* name, const char* where, const char* argument) {
  kith_field value = kith_text("", argument);
  kith_query query = {};
  query.size = sizeof query;
  query.where = where;
  query.args = &value;
  query.arg_count = 1;
  double took = median_milliseconds(counts, [&] {
    kith_error* error = nullptr;
    std::int64_t found = 0;
    double begin = seconds_now();
    check(kith_count(db, "lead", &query, &found, &error), error, where);
    double seconds = seconds_now() - begin;
    if (found > 0) return seconds;
    std::fprintf(stderr, "%s: nobody is counted\n", name);
    std::exit(1);
  });
  return {name, took, 0.1};
}

}  // namespace

std::vector<Limit> measure_counts(void* file) {
  auto* db = static_cast<kith_db*>(file);
  kith_error* error = nullptr;
  kith_field list = kith_text("name", "News");
  check(kith_put(db, "list", &list, 1, nullptr, 0, nullptr, nullptr, &error), error, "put list");
  kith_query swedes = {};
  swedes.size = sizeof swedes;
  swedes.where = "country = 'SE'";
  std::int64_t changed = 0;
  check(kith_subscribe_where(db, &swedes, "News", nullptr, 0, &changed, &error), error, "subscribe_where");
  return {count(db, "count_tag", "tag ?", "Abroad"), count(db, "count_list", "list ?", "News")};
}

Limit measure_open(const std::string& path) {
  double took = median_milliseconds(opens, [&] {
    kith_db* db = nullptr;
    kith_error* error = nullptr;
    double begin = seconds_now();
    check(kith_open(path.c_str(), nullptr, &db, &error), error, "open");
    double seconds = seconds_now() - begin;
    kith_close(db);
    return seconds;
  });
  return {"open", took, 5};
}
