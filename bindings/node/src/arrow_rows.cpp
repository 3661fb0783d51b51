// Rows as one Arrow batch in JavaScript's memory: for apache-arrow, and for column arithmetic without objects.
#include "rows.h"

#include <cstring>

namespace kith_node {

namespace {

// A copy, aligned, as a Uint8Array. Memory of the library's own cannot be lent: some embedders of Node forbid it.
napi_value bytes_value(napi_env env, const void* data, std::size_t size) {
  void* memory = nullptr;
  napi_value buffer = nullptr, view = nullptr;
  check(napi_create_arraybuffer(env, size, &memory, &buffer));
  if (size > 0) std::memcpy(memory, data, size);
  check(napi_create_typedarray(env, napi_uint8_array, size, buffer, 0, &view));
  return view;
}

std::size_t text_bytes(const ArrowArray& column, bool is_large) {
  const auto* offsets = static_cast<const char*>(column.buffers[1]);
  if (column.length == 0 || offsets == nullptr) return 0;
  auto at = static_cast<std::size_t>(column.length + column.offset);
  if (!is_large) {
    std::int32_t end = 0;
    std::memcpy(&end, offsets + at * sizeof end, sizeof end);
    return static_cast<std::size_t>(end);
  }
  std::int64_t end = 0;
  std::memcpy(&end, offsets + at * sizeof end, sizeof end);
  return static_cast<std::size_t>(end);
}

std::size_t buffer_size(const ArrowArray& column, const std::string& format, std::int64_t index) {
  auto rows = static_cast<std::size_t>(column.length + column.offset);
  bool is_small_text = format == "u", is_large_text = format == "U";
  if (index == 0) return (rows + 7) / 8;
  if (index == 1 && is_small_text) return (rows + 1) * 4;
  if (index == 1 && is_large_text) return (rows + 1) * 8;
  if (index == 2) return text_bytes(column, is_large_text);
  if (format == "b") return (rows + 7) / 8;
  return rows * (format == "tdD" || format == "i" ? 4U : 8U);
}

napi_value column_value(napi_env env, const ArrowSchema& schema, const ArrowArray& column) {
  napi_value out = nullptr, buffers = nullptr, none = nullptr;
  check(napi_create_object(env, &out));
  check(napi_create_array(env, &buffers));
  check(napi_get_null(env, &none));
  set(env, out, "name", text_value(env, schema.name));
  set(env, out, "format", text_value(env, schema.format));
  set(env, out, "nullCount", number_value(env, column.null_count));
  for (std::int64_t i = 0; i < column.n_buffers; ++i) {
    napi_value bytes = none;
    if (column.buffers[i] != nullptr)
      bytes = bytes_value(env, column.buffers[i], buffer_size(column, schema.format, i));
    check(napi_set_element(env, buffers, static_cast<std::uint32_t>(i), bytes));
  }
  set(env, out, "buffers", buffers);
  return out;
}

}  // namespace

ArrowRows::~ArrowRows() {
  if (array_.release != nullptr) array_.release(&array_);
  if (schema_.release != nullptr) schema_.release(&schema_);
}

kith_status ArrowRows::take(const kith_rows* rows, kith_error** error) {
  return kith_rows_arrow(rows, &schema_, &array_, error);
}

napi_value ArrowRows::value(napi_env env, const kith_rows* rows) const {
  napi_value batch = nullptr, columns = nullptr;
  check(napi_create_object(env, &batch));
  check(napi_create_array(env, &columns));
  set(env, batch, "length", number_value(env, array_.length));
  for (std::int64_t i = 0; i < array_.n_children; ++i) {
    napi_value column = column_value(env, *schema_.children[i], *array_.children[i]);
    check(napi_set_element(env, columns, static_cast<std::uint32_t>(i), column));
  }
  set(env, batch, "columns", columns);
  const char* next = kith_rows_next(rows);
  napi_value after = nullptr;
  if (next == nullptr) {
    check(napi_get_null(env, &after));
  } else {
    after = text_value(env, next);
  }
  set(env, batch, "next", after);
  return batch;
}

}  // namespace kith_node
