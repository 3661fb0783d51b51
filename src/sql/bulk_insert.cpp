#include "sql/bulk_insert.h"

namespace kith {

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

void BulkInsert::bind(Statement& statement, std::size_t from, std::size_t count) const {
  for (std::size_t i = 0; i < count; ++i) {
    const Cell& cell = cells_[from + i];
    int place = static_cast<int>(i) + 1;
    switch (cell.kind) {
      case Kind::null: statement.bind(place, nullptr); break;
      case Kind::integer: statement.bind(place, cell.integer); break;
      case Kind::real: statement.bind(place, cell.real); break;
      case Kind::text: statement.bind(place, cell.text); break;
    }
  }
}

void BulkInsert::write_full() {
  if (!full_) full_.emplace(db_.prepare(text(rows_a_statement)));
  bind(*full_, 0, cells_.size());
  full_->step();
  full_->reset();
  cells_.clear();
}

void BulkInsert::finish() {
  if (cells_.empty()) return;
  auto width = static_cast<std::size_t>(width_);
  std::size_t from = 0;
  for (int rows = rows_a_statement / 2; rows > 0; rows /= 2) {
    std::size_t count = static_cast<std::size_t>(rows) * width;
    if (cells_.size() - from < count) continue;
    Statement statement = db_.prepare(text(rows));
    bind(statement, from, count);
    statement.step();
    from += count;
  }
  cells_.clear();
}

}  // namespace kith
