// A file with something in every table, and ways to spoil it: its bytes, its log, its schema, and values that no rule of
// Kith's would have let in. Each number is one way, the same one every time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hostile/readings.h"
#include "support/folder.h"

namespace kith::test {

struct Damaged {
  std::string how;
  std::string file;
  std::string log;  // its -wal; "" without one
};

class Ground {
 public:
  Ground();
  Damaged damaged(unsigned number);
  const Known& known() const { return known_; }
  const std::string& sound() const { return sound_; }

  static std::int64_t clock(void*) { return 1'800'000'000'000; }

 private:
  struct Column {
    std::string table;
    std::string name;
  };
  void loosen();
  std::string with_values(unsigned number, std::string& how);

  Folder folder_;
  Known known_;
  std::string sound_;   // closed
  std::string open_;    // with a log beside it
  std::string log_;
  std::string loose_;   // the same rows in tables that take everything
  std::vector<std::pair<std::string, std::string>> texts_;  // name and text of the schema's tables
  std::vector<Column> columns_;
};

}  // namespace kith::test
