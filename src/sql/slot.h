// An entry of the statement cache, seen by the connection and its statements only.
#pragma once

#include <string>

#include "sql/statement.h"

namespace kith {

struct Statement::Slot {
  Slot() = default;
  ~Slot();  // ends the statement
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;

  std::string text;  // as asked for: the key of the cache
  sqlite3_stmt* statement = nullptr;
  int parameters = 0;
  bool lasting = false;  // in the cache; else it ends with its use
  bool in_use = false;
  bool foreign = false;  // the host's own words, which may make texts of any bytes
  bool assembled = false;  // its text was put together, and another one may never ask for it again
};

}  // namespace kith
