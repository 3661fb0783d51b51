// Rows of kith.h as JavaScript sees them: pages of typed arrays, from which lib/rows.js builds objects.
#pragma once

#include <memory>

#include "addon.h"

namespace kith_node {

struct FreeRows {
  void operator()(kith_rows* rows) const { kith_rows_free(rows); }
};
using RowsPointer = std::shared_ptr<kith_rows>;

// [signature, next, count, types, numbers, texts]; of many rows [signature, next, count, handle], for slice() to cut.
napi_value rows_value(napi_env env, const RowsPointer& rows);
// The same rows as one Arrow batch: {length, columns: [{name, format, nullCount, buffers}]}.
napi_value arrow_value(napi_env env, const RowsPointer& rows);
void export_rows(napi_env env, napi_value exports);

}  // namespace kith_node
