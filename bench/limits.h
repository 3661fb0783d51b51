// What Kith promises in milliseconds, whatever plain SQLite takes: opening a file, counting a tag, counting a list.
#pragma once

#include <string>
#include <vector>

struct Limit {
  std::string name;
  double milliseconds;  // the median of many
  double most;
};

// Counts of an open file that holds the tag Abroad; puts an eighth of the leads on a list first.
std::vector<Limit> measure_counts(void* file);
// Opening the file, which nobody else has open.
Limit measure_open(const std::string& path);
