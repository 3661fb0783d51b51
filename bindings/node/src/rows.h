// Rows of kith.h as JavaScript sees them: pages of typed arrays, from which lib/rows.js builds objects.
#pragma once

#include <kith_arrow.h>

#include <memory>

#include "addon.h"

namespace kith_node {

struct FreeRows {
  void operator()(kith_rows* rows) const { kith_rows_free(rows); }
};
using RowsPointer = std::shared_ptr<kith_rows>;

// [signature, next, count, types, numbers, texts]; of many rows [signature, next, count, handle], for slice() to cut.
napi_value rows_value(napi_env env, const RowsPointer& rows);
// Rows as one Arrow batch: taken on any thread, and then made JavaScript's.
class ArrowRows {
 public:
  ArrowRows() = default;
  ArrowRows(const ArrowRows&) = delete;
  ArrowRows& operator=(const ArrowRows&) = delete;
  ~ArrowRows();
  kith_status take(const kith_rows* rows, kith_error** error);
  // {length, columns: [{name, format, nullCount, buffers}], next}
  napi_value value(napi_env env, const kith_rows* rows) const;

 private:
  ArrowSchema schema_ = {};
  ArrowArray array_ = {};
};
void export_rows(napi_env env, napi_value exports);

}  // namespace kith_node
