// A file in the hands of plain SQLite, for tests that damage it or look at it from outside of Kith.
#pragma once

#include <stdexcept>
#include <string>

#include "sqlite3.h"

namespace kith::test {

class Raw {
 public:
  explicit Raw(const std::string& path) {
    if (sqlite3_open(path.c_str(), &db_) != SQLITE_OK) throw std::runtime_error("cannot open " + path);
  }
  ~Raw() { sqlite3_close(db_); }
  Raw(const Raw&) = delete;
  Raw& operator=(const Raw&) = delete;

  void run(const std::string& sql) {
    if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) throw std::runtime_error(sql + ": " + sqlite3_errmsg(db_));
  }
  // The first column of the first row, as text; "" for none.
  std::string one(const std::string& sql) {
    std::string answer;
    auto take = [](void* out, int, char** values, char**) {
      if (values[0] != nullptr && static_cast<std::string*>(out)->empty()) *static_cast<std::string*>(out) = values[0];
      return 0;
    };
    if (sqlite3_exec(db_, sql.c_str(), take, &answer, nullptr) != SQLITE_OK) throw std::runtime_error(sql + ": " + sqlite3_errmsg(db_));
    return answer;
  }
  sqlite3* db() const { return db_; }

 private:
  sqlite3* db_ = nullptr;
};

}  // namespace kith::test
