// Takes a table's secondary indexes away while an empty table is filled, and makes them again, sorted, at the end:
// both inside the caller's transaction.
#pragma once

#include <string>
#include <vector>

#include "sql/connection.h"

namespace kith {

class IndexPause {
 public:
  IndexPause(Connection& db, Literal table);
  void resume();

 private:
  Connection& db_;
  std::vector<std::string> definitions_;
};

}  // namespace kith
