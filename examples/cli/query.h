// Questions to the library: kith_query with the texts that it points at, and the options that make one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "command.h"

namespace kith_cli {

// A kith_query that owns what it points at.
class Question {
 public:
  struct Order {
    std::string columns, sort, after;
    int64_t limit = 0;
  };
  // No `where` means all.
  Question(std::optional<std::string> where, const std::vector<std::string> &values, Order order);
  Question(std::optional<std::string> where, const std::vector<std::string> &values)
      : Question(std::move(where), values, Order{}) {}
  Question(const Question &) = delete;
  Question &operator=(const Question &) = delete;
  const kith_query *get() const { return &query_; }

 private:
  std::optional<std::string> where_;
  Order order_;
  Fields args_;
  kith_query query_{};
};

// --where, --arg, and for what is listed --sort and --limit.
class Query {
 public:
  enum class For { list, choice };
  Query(Args &args, For purpose);
  bool given() const { return static_cast<bool>(where_); }
  std::optional<int64_t> limit() const;
  // Only what chooses.
  Question all() const;
  // The page of `limit` rows that begins at `after`.
  Question page(const Session &session, const std::string &after, int64_t limit) const;

 private:
  Text where_, sort_, limit_;
  Texts values_;
};

}  // namespace kith_cli
