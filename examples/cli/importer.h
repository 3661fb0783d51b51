// Reading a file of leads and putting them, batch after batch: memory does not grow with the file.
#pragma once

#include <functional>
#include <kith.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mapping.h"

namespace kith_cli {

struct Reject {
  int64_t line = 0;
  std::string field, value, reason;
};

// Of the rows that were put, how many the list has now, and how many it did not take, by why.
struct ListCount {
  std::string name;
  int64_t on = 0;
  std::map<std::string, int64_t> refused;
};

struct ImportCounts {
  int64_t rows = 0, created = 0, updated = 0, unchanged = 0, rejected = 0;
  std::vector<ListCount> lists;
};

class Importer {
 public:
  struct Settings {
    std::string path;
    kith::Fields reading;          // for kith_csv_open
    std::vector<std::string> map;  // "Column=field"
    kith::Fields with;             // for kith_put_many
  };
  // Opens the file and decides where its columns go.
  Importer(kith::Database& db, Settings settings);

  const Mapping& mapping() const { return mapping_; }
  const std::vector<std::string>& columns() const { return columns_; }
  const ImportCounts& counts() const { return counts_; }
  double progress() const { return csv_.progress(); }

  // Is told of every row that was refused, with its cells.
  using OnReject = std::function<void(const Reject&, const std::vector<std::string>& cells)>;
  // Puts the next batch; false when the file has ended.
  bool step(const OnReject& on_reject);

 private:
  void put(const kith::Rows& batch, const OnReject& on_reject);
  void count(const kith::Row& row, const kith::Row& result, const OnReject& on_reject);
  void reject(const kith::Row& row, Reject why, const OnReject& on_reject);
  void count_lists(const kith::Row& result);

  kith::Database& db_;
  Settings settings_;
  kith::Csv csv_;
  std::vector<std::string> columns_;
  Mapping mapping_;
  ImportCounts counts_;
  bool only_new_ = false;  // other rows are left alone
  std::optional<kith::Rows> first_;  // the first batch, read for its columns
};

}  // namespace kith_cli
