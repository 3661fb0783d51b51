#include "sql/bulk_insert.h"

namespace kith {

BulkInsert::BulkInsert(Connection& db, const SqlText& into, int width, std::size_t expected)
    : db_(db), into_(into), width_(width), left_(expected) {
  if (left_ >= rows_a_statement) {
    many_.emplace(db_.prepare(text(rows_a_statement)));
  } else {
    one_.emplace(db_.prepare(text(1)));
  }
}

SqlText BulkInsert::text(int rows) const {
  SqlText out = SqlText("INSERT INTO ") + into_ + " VALUES ";
  for (int row = 0; row < rows; ++row) {
    out += row == 0 ? Literal("(") : Literal(", (");
    for (int column = 1; column <= width_; ++column) {
      if (column > 1) out += ", ";
      out += Dialect::parameter(row * width_ + column);
    }
    out += ")";
  }
  return out;
}

void BulkInsert::row_done() {
  int full = many_ ? rows_a_statement : 1;
  if (place_ < full * width_) return;
  statement().step();
  statement().reset();
  place_ = 0;
  left_ -= static_cast<std::size_t>(full);
  if (many_ && left_ < rows_a_statement) {
    many_.reset();
    if (left_ > 0) one_.emplace(db_.prepare(text(1)));
  }
}

}  // namespace kith
