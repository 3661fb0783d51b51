// Columns that JavaScript hands over, as the Arrow C data interface shows them to kith.h. Their buffers are borrowed for a
// call that is made at once, and copied for one that is made later: JavaScript could change or transfer them meanwhile.
#pragma once

#include <kith_arrow.h>

#include <deque>
#include <memory>
#include <vector>

#include "addon.h"

namespace kith_node {

// From an array of batches, each [length, [name, format, nullCount, [buffers]] ...]; all of the same columns.
class Batches {
 public:
  void read(napi_env env, napi_value value, const char* what);
  // Before read(): the call is made later, so that what it needs must be its own.
  void copy() { copies_ = true; }
  const ArrowSchema* schema() const { return &batches_.front().schema; }
  const ArrowArray* first() const { return &batches_.front().array; }
  ArrowArrayStream* stream();

 private:
  struct Column {
    std::string name, format;
    std::vector<const void*> buffers;
    std::vector<std::unique_ptr<char[]>> copies;
    ArrowSchema schema = {};
    ArrowArray array = {};
  };
  struct Batch {
    std::deque<Column> columns;
    std::vector<ArrowSchema*> schemas;
    std::vector<ArrowArray*> arrays;
    const void* no_validity = nullptr;
    ArrowSchema schema = {};
    ArrowArray array = {};
  };
  void read_batch(napi_env env, napi_value value);
  void read_column(napi_env env, napi_value value, std::int64_t length, Column& column);
  static int get_schema(ArrowArrayStream* stream, ArrowSchema* out);
  static int get_next(ArrowArrayStream* stream, ArrowArray* out);

  bool copies_ = false;
  std::deque<Batch> batches_;
  std::size_t next_ = 0;
  ArrowArrayStream stream_ = {};
};

}  // namespace kith_node
