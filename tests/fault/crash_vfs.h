// The file layer of SQLite with a witness in it: what was asked of the disk for one file and its logs, call by call, so
// that afterwards a disk can be made that lost its power at any of them (disk.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace kith::test {

// The file itself, and what SQLite keeps beside it.
enum class Part { file, log, journal };
inline constexpr std::size_t parts = 3;
inline constexpr const char* part_names[parts] = {"", "-wal", "-journal"};

struct DiskCall {
  enum Kind { make, write, truncate, sync, remove };
  Kind kind = write;
  Part part = Part::file;
  std::int64_t at = 0;       // of a write; the size of a truncation
  std::string bytes;         // of a write
  bool with_folder = false;  // a sync that makes the folder's entries last as well
};

class CrashVfs {
 public:
  // Beneath what is the default file layer afterwards, and what is opened from then on.
  static void install();
  static void record(const std::string& path);
  static std::size_t recorded();
  static std::vector<DiskCall> stop();
};

}  // namespace kith::test
