// Runs each workload on both sides in turn, checks that they leave the same rows and give the same answers, and prints
// one table: Kith per second, plain SQLite per second, and the ratio, each the median of the runs. Below it stand the
// limits in milliseconds; with --json both remarks go to standard error.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <unistd.h>

#include "data.h"
#include "limits.h"
#include "sides.h"

namespace {

struct Side {
  void *(*open)(const char *);
  void (*close)(void *);
  result (*put_many)(void *, std::int64_t, std::int64_t);
  result (*put)(void *, std::int64_t, std::int64_t);
  result (*record_many)(void *, std::int64_t, std::int64_t, std::int64_t);
  result (*tag_where)(void *, const char *, const char *);
  result (*tag_and_not_tag)(void *, const char *, const char *, std::int64_t);
  result (*get)(void *, std::int64_t, std::int64_t);
  result (*find)(void *, std::int64_t);
  result (*timeline)(void *, std::int64_t, std::int64_t);
  remains (*left)(void *);
  const char *suffix;
};

constexpr const char *more = "put_many_more";

constexpr Side sides[] = {
    {kith_side_open, kith_side_close, kith_side_put_many, kith_side_put, kith_side_record_many, kith_side_tag_where, kith_side_tag_and_not_tag, kith_side_get, kith_side_find, kith_side_timeline, kith_side_remains, "kith"},
    {plain_open, plain_close, plain_put_many, plain_put, plain_record_many, plain_tag_where, plain_tag_and_not_tag, plain_get, plain_find, plain_timeline, plain_remains, "plain"},
};

struct Workload {
  std::string name;
  std::int64_t n = 0;
  std::vector<double> rates[2];
  std::vector<double> ratios;
};

class Bench {
 public:
  Bench(std::int64_t leads, int runs) : leads_(leads), runs_(runs) {
    folder_ = std::filesystem::temp_directory_path() / ("kith-bench-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  ~Bench() { std::filesystem::remove_all(folder_); }

  void run() {
    for (int round = 0; round < runs_; ++round) {
      bool last = round + 1 == runs_;
      void *files[2];
      for (int s = 0; s < 2; ++s) files[s] = sides[s].open(path(s, round).c_str());
      std::int64_t part = std::max<std::int64_t>(leads_ / 10, 1);
      both("put_many", leads_, round, files, [&](const Side &side, void *file) { return side.put_many(file, 0, leads_); });
      both(more, part, round, files, [&](const Side &side, void *file) { return side.put_many(file, leads_, part); });
      both("put", part, round, files, [&](const Side &side, void *file) { return side.put(file, leads_ + part, part); });
      std::int64_t people = leads_ + 2 * part;
      both("record_many", leads_, round, files, [&](const Side &side, void *file) { return side.record_many(file, 0, leads_, people); });
      // Tags over all leads: a country is an eighth of them; what is measured is one assignment by where, per lead assigned.
      both("tag_where", 0, round, files, [&](const Side &side, void *file) { return side.tag_where(file, "SE", "SE"); });
      for (const char *country : {"GB", "FR", "NO"}) {
        for (int s = 0; s < 2; ++s) sides[s].tag_where(files[s], "Abroad", country);
      }
      for (const char *country : {"FR", "NO", "TR"}) {
        for (int s = 0; s < 2; ++s) sides[s].tag_where(files[s], "South", country);
      }
      both("tag_and_not_tag", 20, round, files, [&](const Side &side, void *file) { return side.tag_and_not_tag(file, "Abroad", "South", 20); });
      std::int64_t gets = std::min<std::int64_t>(100000, 10 * leads_);
      both("get", gets, round, files, [&](const Side &side, void *file) { return side.get(file, people, gets); });
      std::int64_t rows = std::min<std::int64_t>(100000, people);
      both("find", rows, round, files, [&](const Side &side, void *file) { return side.find(file, rows); });
      std::int64_t pages = std::min<std::int64_t>(20000, 2 * leads_);
      both("timeline", pages, round, files, [&](const Side &side, void *file) { return side.timeline(file, people, pages); });
      compare(sides[0].left(files[0]), sides[1].left(files[1]));
      if (last) limits_ = measure_counts(files[0]);
      for (int s = 0; s < 2; ++s) sides[s].close(files[s]);
      if (last) limits_.insert(limits_.begin(), measure_open(path(0, round)));
      for (int s = 0; s < 2; ++s) {
        for (const char *tail : {"", "-wal", "-shm"}) std::filesystem::remove(path(s, round) + tail);
      }
    }
  }

  void print(bool json) {
    if (json) std::printf("[");
    if (!json) std::printf("%-16s %10s %14s %14s %8s\n", "workload", "n", "kith/s", "sqlite/s", "ratio");
    bool first = true;
    for (const std::string &name : order_) {
      if (json && name == more) continue;  // put_many again, into a file that is full: who reads JSON counts on one row a workload
      Workload &work = workloads_[name];
      double rates[2] = {median(work.rates[0]), median(work.rates[1])};
      double ratio = median(work.ratios);
      if (json) {
        std::printf("%s{\"workload\": \"%s\", \"n\": %lld, \"kith_per_s\": %.1f, \"sqlite_per_s\": %.1f, \"ratio\": %.3f}", first ? "" : ",\n ", name.c_str(), static_cast<long long>(work.n), rates[0], rates[1], ratio);
      } else {
        std::printf("%-16s %10lld %14.0f %14.0f %8.2f\n", name.c_str(), static_cast<long long>(work.n), rates[0], rates[1], ratio);
      }
      first = false;
    }
    if (json) std::printf("]\n");
    FILE *below = json ? stderr : stdout;
    std::fprintf(below, "Both sides left the same rows and gave the same answers, in %d runs each.\n", runs_);
    std::fprintf(below, "\n%-16s %10s %14s\n", "limit", "ms", "at most");
    for (const Limit &limit : limits_)
      std::fprintf(below, "%-16s %10.3f %14.1f%s\n", limit.name.c_str(), limit.milliseconds, limit.most, limit.milliseconds > limit.most ? "   MISSED" : "");
  }

 private:
  std::string path(int side, int round) const { return (folder_ / (std::to_string(round) + sides[side].suffix)).string(); }

  static double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
  }

  template <class Work>
  void both(const char *name, std::int64_t n, int round, void **files, Work work) {
    Workload &workload = workloads_[name];
    if (workload.name.empty()) {
      workload.name = name;
      order_.push_back(name);
    }
    result results[2];
    for (int i = 0; i < 2; ++i) {
      int s = (i + round) % 2;  // who goes first changes every round
      results[s] = work(sides[s], files[s]);
    }
    if (results[0].checksum != results[1].checksum) {
      std::fprintf(stderr, "%s: the two sides answer differently (%llu, %llu)\n", name, static_cast<unsigned long long>(results[0].checksum), static_cast<unsigned long long>(results[1].checksum));
      std::exit(1);
    }
    workload.n = n != 0 ? n : static_cast<std::int64_t>(results[0].checksum);
    for (int s = 0; s < 2; ++s) workload.rates[s].push_back(static_cast<double>(workload.n) / results[s].seconds);
    workload.ratios.push_back(results[1].seconds / results[0].seconds);
  }

  static void compare(const remains &kith, const remains &plain) {
    bool same = kith.leads == plain.leads && kith.events == plain.events && kith.assignments == plain.assignments && kith.lead_sum == plain.lead_sum && kith.event_sum == plain.event_sum;
    if (same) return;
    std::fprintf(stderr, "the two sides left different rows: leads %lld %lld, events %lld %lld, assignments %lld %lld, sums %d %d\n", static_cast<long long>(kith.leads), static_cast<long long>(plain.leads),
                 static_cast<long long>(kith.events), static_cast<long long>(plain.events), static_cast<long long>(kith.assignments), static_cast<long long>(plain.assignments), kith.lead_sum == plain.lead_sum, kith.event_sum == plain.event_sum);
    std::exit(1);
  }

  std::int64_t leads_;
  int runs_;
  std::filesystem::path folder_;
  std::map<std::string, Workload> workloads_;
  std::vector<std::string> order_;
  std::vector<Limit> limits_;
};

}  // namespace

int main(int argc, char **argv) {
  std::int64_t leads = 1000000;
  int runs = 3;
  bool json = false;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--json") == 0) {
      json = true;
    } else if (std::strcmp(argv[i], "--leads") == 0 && i + 1 < argc) {
      leads = std::atoll(argv[++i]);
    } else if (std::strcmp(argv[i], "--runs") == 0 && i + 1 < argc) {
      runs = std::max(3, std::atoi(argv[++i]));
    } else {
      std::fprintf(stderr, "usage: kith_bench [--json] [--leads N] [--runs N]\n");
      return 2;
    }
  }
  if (leads < 1000) {
    std::fprintf(stderr, "kith_bench: --leads takes at least 1000\n");
    return 2;
  }
  Bench bench(leads, runs);
  bench.run();
  bench.print(json);
  return 0;
}
