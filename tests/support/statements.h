// Sees every statement that a connection prepares, and hands it on to whoever watched before.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sql/dialect.h"

namespace kith::test {

class StatementWatch : public StatementObserver {
 public:
  StatementWatch() : before_(statement_observer()) { statement_observer() = this; }
  ~StatementWatch() override { statement_observer() = before_; }
  StatementWatch(const StatementWatch&) = delete;
  StatementWatch& operator=(const StatementWatch&) = delete;

  void seen(std::string_view text, sqlite3_stmt* statement, sqlite3* db) final {
    if (before_ != nullptr) before_->seen(text, statement, db);
    prepared(text, statement, db);
  }

 protected:
  virtual void prepared(std::string_view text, sqlite3_stmt* statement, sqlite3* db) = 0;

 private:
  StatementObserver* before_;
};

}  // namespace kith::test
