// Reading one Arrow record batch cell by cell, as values. What arrives is not trusted: counts, offsets and buffers are
// checked when the batch is taken up, texts when they are read. The host keeps the batch.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kith_arrow.h"
#include "model/value.h"

namespace kith {

class ArrowBatch {
 public:
  // INVALID names the column that is of a type that Kith does not take, or whose buffers cannot be right.
  ArrowBatch(const ArrowSchema& schema, const ArrowArray& array);

  std::size_t rows() const { return rows_; }
  std::span<const std::string_view> names() const { return names_; }
  // Texts live as long as the batch. INVALID for ill-formed text, and for what lies outside a type of Kith's.
  Value value(std::size_t row, std::size_t column) const;

 private:
  enum class Type : std::uint8_t {
    null, boolean, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float32, float64, text, large_text, text_view, date,
    seconds, millis, micros, nanos
  };
  struct Column {
    Type type = Type::null;
    std::size_t offset = 0;  // of the batch's first row in the buffers
    const std::uint8_t* validity = nullptr;
    const std::uint8_t* values = nullptr;  // of texts: their offsets
    const char* texts = nullptr;
    const void* const* views = nullptr;  // of text views: the buffers they point into, how many, and how long each is
    std::int64_t view_count = 0;
    const std::uint8_t* view_sizes = nullptr;
    std::int64_t text_end = 0;
    bool well_formed = false;         // all the column's bytes are UTF-8, so only the edges of a text need a look
    std::unique_ptr<char[]> dates{};  // 10 bytes a row
  };

  static Type type_of(std::string_view format, std::string_view name);
  void check_buffers(const ArrowArray& array, std::string_view name, Column& column);
  void check_texts(std::string_view name, Column& column) const;
  std::int64_t text_offset(const Column& column, std::size_t place) const;
  std::string_view text(std::size_t place, std::size_t column) const;
  std::string_view text_view(std::size_t place, std::size_t column) const;

  std::size_t rows_ = 0;
  std::size_t offset_ = 0;
  const std::uint8_t* validity_ = nullptr;  // of whole rows
  std::vector<std::string_view> names_;
  std::vector<Column> columns_;
};

}  // namespace kith
