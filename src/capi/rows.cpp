// Reading rows.
#include "capi/handle.h"

using namespace kith;

namespace {

bool inside(const kith_rows* rows, int32_t column) {
  return rows != nullptr && column >= 0 && column < rows->rows->width();
}
bool inside(const kith_rows* rows, int64_t row, int32_t column) {
  return inside(rows, column) && row >= 0 && row < rows->rows->count();
}

}  // namespace

int64_t kith_rows_count(const kith_rows* rows) { return rows == nullptr ? 0 : rows->rows->count(); }
int32_t kith_rows_width(const kith_rows* rows) { return rows == nullptr ? 0 : rows->rows->width(); }

const char* kith_rows_name(const kith_rows* rows, int32_t column) {
  return inside(rows, column) ? rows->rows->column(column).name.c_str() : "";
}

int32_t kith_rows_column(const kith_rows* rows, const char* name) {
  return rows == nullptr || name == nullptr ? -1 : rows->rows->find(name);
}

const char* kith_rows_meaning(const kith_rows* rows, int32_t column) {
  return inside(rows, column) ? meaning_name(rows->rows->column(column).meaning) : "";
}

int32_t kith_rows_type(const kith_rows* rows, int64_t row, int32_t column) {
  if (!inside(rows, row, column)) return KITH_NULL;
  switch (rows->rows->type(row, column)) {
    case SqlType::integer: return KITH_INTEGER;
    case SqlType::real: return KITH_REAL;
    case SqlType::text: return KITH_TEXT;
    default: return KITH_NULL;
  }
}

const char* kith_rows_text(const kith_rows* rows, int64_t row, int32_t column) {
  return inside(rows, row, column) ? rows->rows->text(row, column).data() : "";
}
size_t kith_rows_size(const kith_rows* rows, int64_t row, int32_t column) {
  return inside(rows, row, column) ? rows->rows->text(row, column).size() : 0;
}
int64_t kith_rows_integer(const kith_rows* rows, int64_t row, int32_t column) {
  return inside(rows, row, column) ? rows->rows->integer(row, column) : 0;
}
double kith_rows_real(const kith_rows* rows, int64_t row, int32_t column) {
  return inside(rows, row, column) ? rows->rows->real(row, column) : 0;
}
const char* kith_rows_next(const kith_rows* rows) {
  if (rows == nullptr) return nullptr;
  const std::string* next = rows->rows->next();
  return next == nullptr ? nullptr : next->c_str();
}
void kith_rows_free(kith_rows* rows) { delete rows; }
