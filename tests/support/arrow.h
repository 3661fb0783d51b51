// Arrow tables for tests: built by hand in memory that is exactly as large as it must be, so that a sanitizer sees a
// read beyond it; and read back as texts.
#pragma once

#include <cstdint>
#include <cstring>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kith_arrow.h"

namespace kith::test {

class Batch {
 public:
  Batch() = default;
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  template <class Number>
  Batch& numbers(const char* name, const char* format, const std::vector<std::optional<Number>>& values) {
    std::vector<Number> plain;
    for (const auto& value : values) plain.push_back(value.value_or(Number{}));
    return column(name, format, validity(values), {bytes(plain.data(), plain.size() * sizeof(Number))}, values.size());
  }
  template <class Offset = std::int32_t>
  Batch& texts(const char* name, const std::vector<std::optional<std::string>>& values) {
    std::vector<Offset> offsets = {0};
    std::string all;
    for (const auto& value : values) {
      all += value.value_or("");
      offsets.push_back(static_cast<Offset>(all.size()));
    }
    return column(name, sizeof(Offset) == 4 ? "u" : "U", validity(values),
                  {bytes(offsets.data(), offsets.size() * sizeof(Offset)), bytes(all.data(), all.size())}, values.size());
  }
  Batch& booleans(const char* name, const std::vector<std::optional<bool>>& values) {
    std::vector<std::uint8_t> bits(values.size() / 8 + 1);
    for (std::size_t i = 0; i < values.size(); ++i) bits[i / 8] |= static_cast<std::uint8_t>(values[i].value_or(false) << (i % 8));
    return column(name, "b", validity(values), {bytes(bits.data(), bits.size())}, values.size());
  }
  Batch& nulls(const char* name, std::size_t count) {
    column(name, "n", nullptr, {}, count);
    arrays_.back().n_buffers = 0;
    return *this;
  }

  // Whole once every column is there; the parts may be spoilt before they are used.
  ArrowSchema& schema() {
    schema_pointers_.clear();
    for (ArrowSchema& child : schemas_) schema_pointers_.push_back(&child);
    schema_.format = schema_.format == nullptr ? "+s" : schema_.format;
    schema_.n_children = static_cast<std::int64_t>(schemas_.size());
    schema_.children = schema_pointers_.data();
    schema_.release = [](ArrowSchema* schema) { schema->release = nullptr; };
    return schema_;
  }
  ArrowArray& array() {
    array_pointers_.clear();
    for (ArrowArray& child : arrays_) array_pointers_.push_back(&child);
    if (array_.n_buffers == 0) {
      array_.length = arrays_.empty() ? 0 : arrays_.front().length;
      array_.n_buffers = 1;
      array_.buffers = struct_buffers_;
    }
    array_.n_children = static_cast<std::int64_t>(arrays_.size());
    array_.children = array_pointers_.data();
    array_.release = [](ArrowArray* array) { array->release = nullptr; };
    return array_;
  }
  ArrowSchema& schema_of(std::size_t column) { return schemas_[column]; }
  ArrowArray& array_of(std::size_t column) { return arrays_[column]; }
  const void*& buffer(std::size_t column, std::size_t which) { return pointers_[column][which]; }

 private:
  const void* bytes(const void* data, std::size_t size) {
    memory_.push_back(std::make_unique<char[]>(size));
    if (size > 0) std::memcpy(memory_.back().get(), data, size);
    return memory_.back().get();
  }
  template <class Values>
  const void* validity(const Values& values) {
    bool any = false;
    std::vector<std::uint8_t> bits((values.size() + 7) / 8);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i]) bits[i / 8] |= static_cast<std::uint8_t>(1 << (i % 8));
      else any = true;
    }
    return any ? bytes(bits.data(), bits.size()) : nullptr;
  }
  Batch& column(const char* name, const char* format, const void* valid, std::vector<const void*> buffers, std::size_t length) {
    ArrowSchema schema = {};
    schema.format = format;
    schema.name = name;
    schema.release = [](ArrowSchema* of) { of->release = nullptr; };
    schemas_.push_back(schema);
    pointers_.emplace_back();
    pointers_.back().push_back(valid);
    pointers_.back().insert(pointers_.back().end(), buffers.begin(), buffers.end());
    ArrowArray array = {};
    array.length = static_cast<std::int64_t>(length);
    array.null_count = -1;
    array.n_buffers = static_cast<std::int64_t>(pointers_.back().size());
    array.buffers = pointers_.back().data();
    array.release = [](ArrowArray* of) { of->release = nullptr; };
    arrays_.push_back(array);
    return *this;
  }

  std::vector<std::unique_ptr<char[]>> memory_;
  std::deque<std::vector<const void*>> pointers_;
  std::deque<ArrowSchema> schemas_;
  std::deque<ArrowArray> arrays_;
  std::vector<ArrowSchema*> schema_pointers_;
  std::vector<ArrowArray*> array_pointers_;
  const void* struct_buffers_[1] = {nullptr};
  ArrowSchema schema_ = {};
  ArrowArray array_ = {};
};

// A stream of one batch, handed out once.
class BatchStream {
 public:
  explicit BatchStream(Batch& batch) : batch_(batch) {
    stream_.private_data = this;
    stream_.get_schema = [](ArrowArrayStream* self, ArrowSchema* out) {
      *out = static_cast<BatchStream*>(self->private_data)->batch_.schema();
      return 0;
    };
    stream_.get_next = [](ArrowArrayStream* self, ArrowArray* out) {
      auto* mine = static_cast<BatchStream*>(self->private_data);
      *out = mine->done_ ? ArrowArray{} : mine->batch_.array();
      mine->done_ = true;
      return 0;
    };
    stream_.get_last_error = [](ArrowArrayStream*) -> const char* { return nullptr; };
    stream_.release = [](ArrowArrayStream* self) { self->release = nullptr; };
  }
  BatchStream(const BatchStream&) = delete;
  BatchStream& operator=(const BatchStream&) = delete;
  ArrowArrayStream* c() { return &stream_; }

 private:
  Batch& batch_;
  ArrowArrayStream stream_ = {};
  bool done_ = false;
};

inline bool is_null(const ArrowArray& array, std::int64_t row) {
  const auto* bits = static_cast<const std::uint8_t*>(array.buffers[0]);
  return bits != nullptr && (bits[row / 8] >> (row % 8) & 1) == 0;
}

// A cell as text, "-" for null.
inline std::string cell(const ArrowSchema& schema, const ArrowArray& array, std::int64_t row) {
  if (is_null(array, row)) return "-";
  std::string format = schema.format;
  if (format == "l" || format.starts_with("ts")) return std::to_string(static_cast<const std::int64_t*>(array.buffers[1])[row]);
  if (format == "g") return std::to_string(static_cast<const double*>(array.buffers[1])[row]);
  if (format == "tdD") return std::to_string(static_cast<const std::int32_t*>(array.buffers[1])[row]);
  if (format == "b") return (static_cast<const std::uint8_t*>(array.buffers[1])[row / 8] >> (row % 8) & 1) != 0 ? "true" : "false";
  if (format == "u") {
    const auto* offsets = static_cast<const std::int32_t*>(array.buffers[1]);
    return std::string(static_cast<const char*>(array.buffers[2]) + offsets[row], static_cast<std::size_t>(offsets[row + 1] - offsets[row]));
  }
  return "?" + format;
}

}  // namespace kith::test
