// Ids, made before the insert: a counter a table, never reused. Counters are read once in a transaction, all together, and
// written back when it commits; a rollback forgets them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sql/connection.h"

namespace kith {

class Counters {
 public:
  explicit Counters(Connection& db) : db_(db) {}

  // The next id of `name` - or the first of `count` consecutive ones.
  std::int64_t next(Literal name, std::int64_t count = 1);
  // The id given last. CORRUPT when the file says what no counter can be.
  std::int64_t last(Literal name);
  // What the file says, whatever that is: of counters that are no ids, and for who mends it.
  std::int64_t stored(Literal name) { return entry(name).value; }
  void set(Literal name, std::int64_t value) { entry(name).value = value; }
  static constexpr std::int64_t most = (std::int64_t{1} << 53) - 1;

  void flush();   // writes what has moved
  void forget();  // the transaction is over, or was rolled back

  using State = std::vector<std::int64_t>;
  // A savepoint's memory: what stood then stands again.
  State state() const;
  void restore(const State& state);

 private:
  struct Entry {
    std::string_view name;
    std::int64_t value = 0;
    std::int64_t written = 0;
  };
  Entry& entry(Literal name);
  std::int64_t read(std::string_view name);
  void is_written(Entry& entry);

  Connection& db_;
  std::vector<Entry> entries_;  // in the order in which they were asked for; a dozen at most
  std::vector<std::pair<std::string, std::int64_t>> stored_;  // what the table holds
  bool is_read_ = false;
};

}  // namespace kith
