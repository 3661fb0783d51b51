// Rows out and rows in through Arrow's structs: exporting a table, putting a batch or a stream of them.
#include <algorithm>
#include <cerrno>
#include <charconv>
#include <iterator>

#include "base/text.h"
#include "capi/arguments.h"
#include "core/put.h"
#include "kith_arrow.h"
#include "model/arrow_in.h"
#include "model/arrow_out.h"

using namespace kith;

namespace {

class BatchRows final : public RowSource {
 public:
  BatchRows(const ArrowSchema& schema, const ArrowArray& array) : batch_(schema, array) {}
  std::size_t rows() const override { return batch_.rows(); }
  std::span<const std::string_view> fields() const override { return batch_.names(); }
  Value value(std::size_t row, std::size_t field) const override { return batch_.value(row, field); }

 private:
  ArrowBatch batch_;
};

// A struct that arrived and is ours to release.
template <class Struct>
class Received {
 public:
  Received() = default;
  ~Received() {
    if (held_.release != nullptr) held_.release(&held_);
  }
  Received(const Received&) = delete;
  Received& operator=(const Received&) = delete;
  Struct* get() { return &held_; }

 private:
  Struct held_ = {};
};

// What a stream of ours holds: one table, given once.
struct RowsStream {
  RowsPtr rows;
  bool given = false;
  std::string failure;
};

int errno_of(kith_status status) { return status == KITH_OK ? 0 : status == KITH_NO_MEMORY ? ENOMEM : EIO; }

// Runs `work` for Arrow, which wants an errno code and keeps the sentence.
template <class Work>
int answer(ArrowArrayStream* stream, Work work) {
  RowsStream& held = *static_cast<RowsStream*>(stream->private_data);
  held.failure.clear();
  kith_error* error = nullptr;
  kith_status status = guard(&error, [&] { work(held); });
  guard(nullptr, [&] { held.failure = kith_error_message(error); });
  kith_error_free(error);
  return errno_of(status);
}

int stream_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  *out = {};
  return answer(stream, [&](RowsStream& held) { export_schema(held.rows, *out); });
}

int stream_next(ArrowArrayStream* stream, ArrowArray* out) {
  *out = {};  // released already: the end
  return answer(stream, [&](RowsStream& held) {
    if (held.given) return;
    export_rows(held.rows, *out);
    held.given = true;
  });
}

const char* stream_error(ArrowArrayStream* stream) {
  const std::string& failure = static_cast<RowsStream*>(stream->private_data)->failure;
  return failure.empty() ? nullptr : failure.c_str();
}

void stream_release(ArrowArrayStream* stream) {
  delete static_cast<RowsStream*>(stream->private_data);
  stream->release = nullptr;
}

bool skips_bad(std::uint32_t flags) {
  if ((flags & ~std::uint32_t{KITH_SKIP_BAD}) != 0) fail(Status::misuse, "flags", "holds bits that this version does not know");
  return (flags & KITH_SKIP_BAD) != 0;
}

// A failure of row n of a batch, told as the row of the whole stream.
Failure in_stream(const Failure& failure, std::size_t before) {
  std::string_view field = failure.field();
  std::size_t row = 0;
  if (field.starts_with('[')) {
    auto [end, error] = std::from_chars(field.data() + 1, field.data() + field.size(), row);
    if (error != std::errc() || end == field.data() + field.size() || *end != ']') return failure;
    field.remove_prefix(static_cast<std::size_t>(end + 1 - field.data()));
    if (field.starts_with('.')) field.remove_prefix(1);
  }
  Failure plain(failure.status(), field, failure.sentence());
  plain.near(failure.nearest());
  return plain.within("[" + std::to_string(before + row) + "]");
}

void check_stream(int code, ArrowArrayStream* stream) {
  if (code == 0) return;
  const char* said = stream->get_last_error == nullptr ? nullptr : stream->get_last_error(stream);
  if (code == ENOMEM) fail(Status::no_memory, "stream", "failed: no memory is left");
  fail(Status::io, "stream", "failed with code {}{}{}", code, said == nullptr ? "" : ": ", said == nullptr ? std::string() : shown(said, 500));
}

std::vector<RowResult> put_stream(Operation& op, const Kind& kind, ArrowArrayStream* stream, const Extras& extras, bool skip_bad, bool keep) {
  Received<ArrowSchema> schema;
  check_stream(stream->get_schema(stream, schema.get()), stream);
  std::vector<RowResult> all;
  std::size_t before = 0;
  for (;;) {
    Received<ArrowArray> array;
    check_stream(stream->get_next(stream, array.get()), stream);
    if (array.get()->release == nullptr) return all;
    BatchRows source(*schema.get(), *array.get());
    std::vector<RowResult> results;
    try {
      results = put_rows(op, kind, source, extras, skip_bad);
    } catch (const Failure& failure) {
      bool of_a_row = failure.field().starts_with('[') || source.rows() == 1;
      if (!of_a_row) throw;
      throw in_stream(failure, before);
    }
    before += source.rows();
    if (keep) std::move(results.begin(), results.end(), std::back_inserter(all));
  }
}

}  // namespace

kith_status kith_rows_arrow(const kith_rows* rows, ArrowSchema* schema, ArrowArray* array, kith_error** err) {
  if (schema != nullptr) *schema = {};
  if (array != nullptr) *array = {};
  return guard(err, [&] {
    need_pointer(rows, "rows");
    need_pointer(schema, "schema");
    need_pointer(array, "array");
    Received<ArrowSchema> shape;
    export_schema(rows->rows, *shape.get());
    export_rows(rows->rows, *array);
    *schema = *shape.get();
    *shape.get() = {};
  });
}

kith_status kith_rows_arrow_stream(const kith_rows* rows, ArrowArrayStream* stream, kith_error** err) {
  if (stream != nullptr) *stream = {};
  return guard(err, [&] {
    need_pointer(rows, "rows");
    need_pointer(stream, "stream");
    auto held = std::make_unique<RowsStream>();
    held->rows = rows->rows;
    *stream = {stream_schema, stream_next, stream_error, stream_release, held.release()};
  });
}

kith_status kith_put_batch(kith_db* db, const char* kind, const ArrowSchema* schema, const ArrowArray* array, uint32_t flags,
                           const kith_field* with, size_t with_count, kith_rows** out, kith_error** err) {
  if (out != nullptr) *out = nullptr;
  return guard(err, [&] {
    need_pointer(db, "db");
    std::string_view name = text_argument(kind, "kind");
    need_pointer(schema, "schema");
    need_pointer(array, "array");
    bool skip_bad = skips_bad(flags);
    std::vector<Given> extras = given_fields(with, with_count, "with");
    BatchRows source(*schema, *array);
    RowsOut answer(out);
    answer.give(db->database.write(extras, put_extras(name), [&](Operation& op, const Extras& extra) {
      return rows_of(put_rows(op, op.kinds.get(name), source, extra, skip_bad));
    }));
  });
}

kith_status kith_put_stream(kith_db* db, const char* kind, ArrowArrayStream* stream, uint32_t flags, const kith_field* with,
                            size_t with_count, kith_rows** out, kith_error** err) {
  if (out != nullptr) *out = nullptr;
  return guard(err, [&] {
    need_pointer(db, "db");
    std::string_view name = text_argument(kind, "kind");
    need_pointer(stream, "stream");
    if (stream->release == nullptr) fail(Status::misuse, "stream", "was released already");
    bool skip_bad = skips_bad(flags);
    std::vector<Given> extras = given_fields(with, with_count, "with");
    RowsOut answer(out);
    answer.give(db->database.write(extras, put_extras(name), [&](Operation& op, const Extras& extra) {
      const Kind& of = op.kinds.get(name);
      check_put_extras(op, of, extra);
      return rows_of(put_stream(op, of, stream, extra, skip_bad, answer.wanted()));
    }));
  });
}
