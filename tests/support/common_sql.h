// The gate of SQL: what SQLite and PostgreSQL do not both take and mean alike. It reads a statement as a whole, by a
// grammar of what the library needs; what is not in the grammar is refused as well, so nothing new slips through unread.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "support/statements.h"

namespace kith::test {

// Why the statement is no common SQL, as a sentence; "": it is.
std::string objection_to(std::string_view sql);

// Reads every statement that is prepared while it lives, from any thread, each text once.
class SqlGate final : public StatementWatch {
 public:
  struct Refused {
    std::string sql, why;
  };
  std::vector<Refused> refused() const;
  std::size_t read() const;

 private:
  void prepared(std::string_view text, sqlite3_stmt* statement, sqlite3* db) override;
  mutable std::mutex mutex_;
  std::unordered_set<std::string> seen_;
  std::vector<Refused> refused_;
};

}  // namespace kith::test
