#include "model/due.h"

namespace kith {

std::vector<Millis> earliest(Operation& op, Literal table, Literal column, std::int64_t limit) {
  std::vector<Millis> times;
  Statement rows = op.db.query(SqlText("SELECT ") + column + " FROM " + table + " WHERE " + column + " IS NOT NULL ORDER BY " + column + " LIMIT $1", limit);
  while (rows.step()) times.push_back(rows.integer(0));
  return times;
}

}  // namespace kith
