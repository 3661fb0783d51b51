// The options that make a kith::Query: --where, --arg, and for what is listed --sort and --limit.
#pragma once

#include <optional>
#include <string>

#include "command.h"

namespace kith_cli {

class QueryOptions {
 public:
  enum class For { list, choice };
  QueryOptions(Args& args, For purpose);
  bool given() const { return static_cast<bool>(where_); }
  std::optional<int64_t> limit() const;
  // Only what chooses. An empty --where, such as a script's unset variable, chooses nobody to act on: Usage.
  kith::Query all() const;
  // The page of `limit` rows that begins at `after`.
  kith::Query page(const Session& session, const std::optional<std::string>& after, int64_t limit) const;

 private:
  Text where_, sort_, limit_;
  Texts values_;
  For purpose_;
};

// The values of --arg, as text.
std::vector<kith::Value> arguments(const std::vector<std::string>& texts);
// The same for SQL, where a value may meet something without a type: what reads as a whole number is one. A
// column of text takes it as text all the same.
std::vector<kith::Value> sql_arguments(const std::vector<std::string>& texts);

}  // namespace kith_cli
