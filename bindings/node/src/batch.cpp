// Arrow batches from JavaScript, with every buffer's size checked: what they say of themselves is not trusted.
#include "batch.h"

#include <cstring>

#include "values.h"

namespace kith_node {

namespace {

// Structures that own nothing: releasing them only marks them.
void release_schema(ArrowSchema* schema) { schema->release = nullptr; }
void release_array(ArrowArray* array) { array->release = nullptr; }

struct Bytes {
  const void* data = nullptr;
  std::size_t size = 0;
};

Bytes bytes_of(napi_env env, napi_value value) {
  Bytes bytes;
  if (is_missing(type_of(env, value))) return bytes;
  bool is_view = false;
  check(napi_is_typedarray(env, value, &is_view));
  if (!is_view) throw BadArgument{"batch", "batch: buffers are Uint8Arrays"};
  napi_typedarray_type type = napi_uint8_array;
  void* data = nullptr;
  napi_value owner = nullptr;
  check(napi_get_typedarray_info(env, value, &type, &bytes.size, &data, &owner, nullptr));
  if (type != napi_uint8_array) throw BadArgument{"batch", "batch: buffers are Uint8Arrays"};
  bool is_plain = false;  // what is shared another thread could change between the check and the use
  check(napi_is_arraybuffer(env, owner, &is_plain));
  if (!is_plain) throw BadArgument{"batch", "batch: a buffer lies in shared memory; copy it first"};
  alignas(8) static const char empty[8] = {};
  bytes.data = bytes.size > 0 ? data : empty;
  return bytes;
}

// Bits of one value in a buffer of plain values; 0: the format has none, or none that Kith takes.
std::size_t bits_of(const std::string& format) {
  if (format == "b") return 1;
  if (format == "c" || format == "C") return 8;
  if (format == "s" || format == "S") return 16;
  if (format == "i" || format == "I" || format == "f" || format == "tdD") return 32;
  if (format == "l" || format == "L" || format == "g" || format == "tdm" || format.rfind("ts", 0) == 0)
    return 64;
  return 0;
}

[[noreturn]] void too_short(const std::string& name) {
  throw BadArgument{name, "batch: a buffer of the column " + name + " is shorter than its length says"};
}

template <class Offset>
void check_offsets(const std::string& name, const Bytes& offsets, const Bytes& data, std::int64_t length) {
  auto count = static_cast<std::size_t>(length) + 1;
  if (length == 0 && offsets.size == 0) return;
  if (offsets.size / sizeof(Offset) < count) too_short(name);
  Offset before = 0;
  for (std::size_t i = 0; i < count; ++i) {
    Offset offset = 0;
    std::memcpy(&offset, static_cast<const char*>(offsets.data) + i * sizeof offset, sizeof offset);
    if (offset < before)
      throw BadArgument{name, "batch: the offsets of the column " + name + " do not ascend"};
    before = offset;
  }
  if (static_cast<std::uint64_t>(before) > data.size) too_short(name);
}

}  // namespace

void Batches::read(napi_env env, napi_value value, const char*) {
  std::uint32_t count = length_of(env, value);
  for (std::uint32_t i = 0; i < count; ++i) read_batch(env, element(env, value, i));
  if (batches_.empty()) throw BadArgument{"batch", "batch: there is none"};
}

void Batches::read_batch(napi_env env, napi_value value) {
  Batch& batch = batches_.emplace_back();
  std::int64_t length = integer_of(env, element(env, value, 0), "length");
  if (length < 0 || length > INT32_MAX)
    throw BadArgument{"length", "length: a batch has from 0 to 2147483647 rows"};
  std::uint32_t end = length_of(env, value);
  for (std::uint32_t i = 1; i < end; ++i) {
    Column& column = batch.columns.emplace_back();
    read_column(env, element(env, value, i), length, column);
    batch.schemas.push_back(&column.schema);
    batch.arrays.push_back(&column.array);
  }
  batch.schema.format = "+s";
  batch.schema.name = "";
  batch.schema.n_children = static_cast<std::int64_t>(batch.columns.size());
  batch.schema.children = batch.schemas.data();
  batch.schema.release = release_schema;
  batch.array.length = length;
  batch.array.n_buffers = 1;
  batch.array.buffers = &batch.no_validity;
  batch.array.n_children = batch.schema.n_children;
  batch.array.children = batch.arrays.data();
  batch.array.release = release_array;
}

void Batches::read_column(napi_env env, napi_value value, std::int64_t length, Column& column) {
  column.name = utf8(env, element(env, value, 0), "name");
  column.format = utf8(env, element(env, value, 1), "format");
  napi_value list = element(env, value, 3);
  std::uint32_t count = length_of(env, list);
  std::vector<Bytes> all;
  for (std::uint32_t i = 0; i < count; ++i) all.push_back(bytes_of(env, element(env, list, i)));
  bool is_text = column.format == "u" || column.format == "U";
  std::size_t wanted = column.format == "n" ? 0 : is_text ? 3 : 2;
  if (!is_text && wanted != 0 && bits_of(column.format) == 0)
    wanted = count;  // refused by Kith, with its reason
  if (count != wanted) {
    throw BadArgument{column.name,
                      "batch: the column " + column.name + " has another number of buffers than its format"};
  }
  auto rows = static_cast<std::size_t>(length);
  if (wanted > 0 && all[0].data != nullptr && all[0].size < (rows + 7) / 8) too_short(column.name);
  if (column.format == "u") check_offsets<std::int32_t>(column.name, all[1], all[2], length);
  if (column.format == "U") check_offsets<std::int64_t>(column.name, all[1], all[2], length);
  if (std::size_t bits = bits_of(column.format); bits != 0 && all[1].size < (rows * bits + 7) / 8)
    too_short(column.name);
  for (const Bytes& bytes : all) {
    bool is_aligned = reinterpret_cast<std::uintptr_t>(bytes.data) % alignof(std::int64_t) == 0;
    if (bytes.size == 0 || (!copies_ && is_aligned)) {
      column.buffers.push_back(bytes.data);
      continue;
    }
    column.copies.emplace_back(new char[bytes.size]);
    std::memcpy(column.copies.back().get(), bytes.data, bytes.size);
    column.buffers.push_back(column.copies.back().get());
  }
  column.schema.format = column.format.c_str();
  column.schema.name = column.name.c_str();
  column.schema.flags = ARROW_FLAG_NULLABLE;
  column.schema.release = release_schema;
  column.array.length = length;
  column.array.null_count = integer_of(env, element(env, value, 2), "nullCount");
  column.array.n_buffers = static_cast<std::int64_t>(column.buffers.size());
  column.array.buffers = column.buffers.data();
  column.array.release = release_array;
}

int Batches::get_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  *out = *static_cast<Batches*>(stream->private_data)->schema();
  return 0;
}

int Batches::get_next(ArrowArrayStream* stream, ArrowArray* out) {
  auto* self = static_cast<Batches*>(stream->private_data);
  *out = {};
  if (self->next_ < self->batches_.size()) *out = self->batches_[self->next_++].array;
  return 0;
}

ArrowArrayStream* Batches::stream() {
  stream_.get_schema = get_schema;
  stream_.get_next = get_next;
  stream_.get_last_error = [](ArrowArrayStream*) -> const char* { return nullptr; };
  stream_.release = [](ArrowArrayStream* stream) { stream->release = nullptr; };
  stream_.private_data = this;
  return &stream_;
}

}  // namespace kith_node
