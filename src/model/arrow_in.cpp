#include "model/arrow_in.h"

#include <cstring>
#include <limits>

#include "base/failure.h"
#include "base/text.h"
#include "base/time.h"

namespace kith {

namespace {

constexpr std::int64_t most_rows = 0xffffffff;
constexpr std::int64_t most_columns = 4096;

// Buffers need not be aligned.
template <class Number>
Number number_at(const std::uint8_t* values, std::size_t place) {
  Number value;
  std::memcpy(&value, values + place * sizeof(Number), sizeof value);
  return value;
}

bool bit_at(const std::uint8_t* bits, std::size_t place) { return (bits[place / 8] >> (place % 8) & 1U) != 0; }

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U; }

Value time_of(std::int64_t value, std::int64_t per_second, std::string_view name) {
  if (per_second == 1) {
    if (value > latest_time / 1000 || value < earliest_time / 1000) fail(Status::invalid, name, "{} seconds lie outside the years 1 to 9999", value);
    return Value(value * 1000);
  }
  std::int64_t parts = per_second / 1000;
  std::int64_t cut = value / parts;
  return Value(value % parts < 0 ? cut - 1 : cut);  // down, also before 1970
}

}  // namespace

ArrowBatch::Type ArrowBatch::type_of(std::string_view format, std::string_view name) {
  if (format.size() == 1) {
    switch (format[0]) {
      case 'n': return Type::null;
      case 'b': return Type::boolean;
      case 'c': return Type::int8;
      case 's': return Type::int16;
      case 'i': return Type::int32;
      case 'l': return Type::int64;
      case 'C': return Type::uint8;
      case 'S': return Type::uint16;
      case 'I': return Type::uint32;
      case 'L': return Type::uint64;
      case 'f': return Type::float32;
      case 'g': return Type::float64;
      case 'u': return Type::text;
      case 'U': return Type::large_text;
      default: break;
    }
  }
  if (format == "tdD") return Type::date;
  if (format == "vu") return Type::text_view;
  // A time without a zone is taken as UTC.
  if (format.starts_with("tss:")) return Type::seconds;
  if (format.starts_with("tsm:")) return Type::millis;
  if (format.starts_with("tsu:")) return Type::micros;
  if (format.starts_with("tsn:")) return Type::nanos;
  fail(Status::invalid, name, "has the Arrow format {}; taken are utf8, large_utf8, utf8_view, integers, float, double, boolean, date32, timestamp and null",
       shown(format));
}

ArrowBatch::ArrowBatch(const ArrowSchema& schema, const ArrowArray& array) {
  if (schema.release == nullptr) fail(Status::misuse, "schema", "was released already");
  if (array.release == nullptr) fail(Status::misuse, "array", "was released already");
  std::string_view format = schema.format == nullptr ? std::string_view() : std::string_view(schema.format);
  if (format != "+s") fail(Status::invalid, "schema", "has the Arrow format {}; a record batch is a struct, \"+s\"", shown(format));
  if (schema.n_children < 0 || schema.n_children != array.n_children) {
    fail(Status::invalid, "array", "has {} columns where its schema has {}", array.n_children, schema.n_children);
  }
  if (schema.n_children > most_columns) fail(Status::limit, "schema", "{} columns are too many; at most {}", schema.n_children, most_columns);
  if (array.length < 0 || array.offset < 0 || array.offset > std::numeric_limits<std::int64_t>::max() / 16 - array.length) {
    fail(Status::invalid, "array", "its length {} and offset {} cannot be", array.length, array.offset);
  }
  if (array.length > most_rows) fail(Status::limit, "array", "{} rows are too many for one call", array.length);
  if (schema.n_children == 0 && array.length > 0) fail(Status::invalid, "schema", "has no columns although there are {} rows", array.length);
  if (schema.n_children > 0 && (schema.children == nullptr || array.children == nullptr)) fail(Status::invalid, "array", "its children are NULL");
  if (array.n_buffers < 0 || array.n_buffers > 1) fail(Status::invalid, "array", "has {} buffers; a struct has one", array.n_buffers);
  if (array.n_buffers == 1 && array.buffers == nullptr) fail(Status::invalid, "array", "its buffers are NULL");
  rows_ = static_cast<std::size_t>(array.length);
  offset_ = static_cast<std::size_t>(array.offset);
  if (array.n_buffers == 1) validity_ = static_cast<const std::uint8_t*>(array.buffers[0]);
  if (validity_ == nullptr && array.null_count > 0 && rows_ > 0) fail(Status::invalid, "array", "counts {} nulls but has no bitmap of them", array.null_count);

  auto count = static_cast<std::size_t>(schema.n_children);
  names_.reserve(count);
  columns_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const ArrowSchema* of = schema.children[i];
    const ArrowArray* values = array.children[i];
    if (of == nullptr || values == nullptr) fail(Status::invalid, "array", "its column {} is NULL", i + 1);
    if (of->name == nullptr || !valid_utf8(of->name)) fail(Status::invalid, "schema", "column {} has no name in well-formed UTF-8", i + 1);
    std::string_view name = of->name;
    if (of->dictionary != nullptr || values->dictionary != nullptr) {
      fail(Status::invalid, name, "is encoded by a dictionary, which is not taken: cast it to its values first");
    }
    if (of->n_children != 0 || values->n_children != 0) fail(Status::invalid, name, "is nested; a column must be of plain values");
    Column column;
    column.type = type_of(of->format == nullptr ? std::string_view() : std::string_view(of->format), name);
    check_buffers(*values, name, column);
    names_.push_back(name);
    columns_.push_back(std::move(column));
  }
}

void ArrowBatch::check_buffers(const ArrowArray& array, std::string_view name, Column& column) {
  if (array.length < 0 || array.offset < 0 || array.offset > std::numeric_limits<std::int64_t>::max() / 16 - array.length) {
    fail(Status::invalid, name, "its length {} and offset {} cannot be", array.length, array.offset);
  }
  auto wanted = static_cast<std::int64_t>(offset_ + rows_);
  if (array.length < wanted) fail(Status::invalid, name, "has {} values where the batch has {} rows", array.length, wanted);
  column.offset = static_cast<std::size_t>(array.offset) + offset_;
  bool is_text = column.type == Type::text || column.type == Type::large_text;
  bool is_view = column.type == Type::text_view;
  std::int64_t buffers = column.type == Type::null ? 0 : is_text || is_view ? 3 : 2;
  // A column of views has as many buffers of text as it likes, between the views and the sizes of those buffers.
  if (is_view && array.n_buffers > buffers) {
    column.view_count = array.n_buffers - buffers;
    buffers = array.n_buffers;
  }
  if (array.n_buffers != buffers) fail(Status::invalid, name, "has {} buffers; its type has {}", array.n_buffers, buffers);
  if (buffers == 0 || rows_ == 0) return;
  if (array.buffers == nullptr) fail(Status::invalid, name, "its buffers are NULL");
  column.validity = static_cast<const std::uint8_t*>(array.buffers[0]);
  if (column.validity == nullptr && array.null_count > 0) fail(Status::invalid, name, "counts {} nulls but has no bitmap of them", array.null_count);
  column.values = static_cast<const std::uint8_t*>(array.buffers[1]);
  if (column.values == nullptr) fail(Status::invalid, name, "its values are NULL");
  if (is_view && column.view_count > 0) {
    column.views = array.buffers + 2;
    column.view_sizes = static_cast<const std::uint8_t*>(array.buffers[array.n_buffers - 1]);
    if (column.view_sizes == nullptr) fail(Status::invalid, name, "the sizes of its texts are NULL");
  }
  if (is_text) {
    column.texts = static_cast<const char*>(array.buffers[2]);
    check_texts(name, column);
  }
  if (column.type == Type::date) column.dates = std::make_unique_for_overwrite<char[]>(rows_ * 10);
}

std::int64_t ArrowBatch::text_offset(const Column& column, std::size_t place) const {
  return column.type == Type::text ? number_at<std::int32_t>(column.values, place) : number_at<std::int64_t>(column.values, place);
}

// How long the bytes are is not told, so all that can be seen is that no text begins before them or ends before it begins.
void ArrowBatch::check_texts(std::string_view name, Column& column) const {
  std::int64_t first = text_offset(column, column.offset);
  std::int64_t last = first;
  if (first < 0) fail(Status::invalid, name, "its first text begins at {}", first);
  for (std::size_t row = 1; row <= rows_; ++row) {
    std::int64_t next = text_offset(column, column.offset + row);
    if (next < last) fail(Status::invalid, name, "its text {} ends at {}, before it begins at {}", row, next, last);
    last = next;
  }
  if (last > std::numeric_limits<std::int64_t>::max() / 16) fail(Status::invalid, name, "its texts end at {}", last);
  if (column.texts == nullptr && last > first) fail(Status::invalid, name, "its texts are NULL");
  column.text_end = last;
  column.well_formed = column.texts == nullptr || valid_utf8({column.texts + first, static_cast<std::size_t>(last - first)});
}

std::string_view ArrowBatch::text(std::size_t place, std::size_t column) const {
  const Column& from = columns_[column];
  std::int64_t begin = text_offset(from, place);
  std::int64_t end = text_offset(from, place + 1);
  if (begin == end) return std::string_view("", 0);
  std::string_view out(from.texts + begin, static_cast<std::size_t>(end - begin));
  bool whole = from.well_formed && !continues(out.front()) && (end == from.text_end || !continues(from.texts[end]));
  if (!whole && !valid_utf8(out)) fail(Status::invalid, names_[column], "is not well-formed UTF-8");
  return out;
}

// 16 bytes: the length, and then either the text itself, up to 12 bytes, or its first 4, its buffer and its place there.
std::string_view ArrowBatch::text_view(std::size_t place, std::size_t column) const {
  const Column& from = columns_[column];
  const std::uint8_t* view = from.values + place * 16;
  auto size = number_at<std::int32_t>(view, 0);
  if (size < 0) fail(Status::invalid, names_[column], "has a text of length {}", size);
  const char* begin = reinterpret_cast<const char*>(view + 4);
  if (size > 12) {
    auto buffer = number_at<std::int32_t>(view, 2), at = number_at<std::int32_t>(view, 3);
    if (buffer < 0 || buffer >= from.view_count) fail(Status::invalid, names_[column], "has a text in buffer {} of {}", buffer, from.view_count);
    auto end = number_at<std::int64_t>(from.view_sizes, static_cast<std::size_t>(buffer));
    if (at < 0 || std::int64_t{at} + size > end || from.views[buffer] == nullptr) fail(Status::invalid, names_[column], "has a text beyond the end of its buffer");
    begin = static_cast<const char*>(from.views[buffer]) + at;
  }
  std::string_view out(begin, static_cast<std::size_t>(size));
  if (!valid_utf8(out)) fail(Status::invalid, names_[column], "is not well-formed UTF-8");
  return out;
}

Value ArrowBatch::value(std::size_t row, std::size_t column) const {
  const Column& from = columns_[column];
  std::size_t place = from.offset + row;
  if (from.type == Type::null) return {};
  if (validity_ != nullptr && !bit_at(validity_, offset_ + row)) return {};
  if (from.validity != nullptr && !bit_at(from.validity, place)) return {};
  auto integer = [&]<class Number>(Number) { return Value(static_cast<std::int64_t>(number_at<Number>(from.values, place))); };
  switch (from.type) {
    case Type::null: return {};
    case Type::boolean: return Value(std::int64_t{bit_at(from.values, place)});
    case Type::int8: return integer(std::int8_t{});
    case Type::int16: return integer(std::int16_t{});
    case Type::int32: return integer(std::int32_t{});
    case Type::int64: return integer(std::int64_t{});
    case Type::uint8: return integer(std::uint8_t{});
    case Type::uint16: return integer(std::uint16_t{});
    case Type::uint32: return integer(std::uint32_t{});
    case Type::uint64: {
      auto value = number_at<std::uint64_t>(from.values, place);
      if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        fail(Status::invalid, names_[column], "{} is too large a number", value);
      }
      return Value(static_cast<std::int64_t>(value));
    }
    case Type::float32: return Value(static_cast<double>(number_at<float>(from.values, place)));
    case Type::float64: return Value(number_at<double>(from.values, place));
    case Type::text:
    case Type::large_text: return Value(text(place, column));
    case Type::text_view: return Value(text_view(place, column));
    case Type::date: {
      Millis midnight = number_at<std::int32_t>(from.values, place) * one_day;
      if (midnight < earliest_time || midnight > latest_time) fail(Status::invalid, names_[column], "day {} lies outside the years 1 to 9999", midnight / one_day);
      char* written = from.dates.get() + row * 10;
      std::memcpy(written, format_time(midnight).data(), 10);
      return Value(std::string_view(written, 10));
    }
    case Type::seconds: return time_of(number_at<std::int64_t>(from.values, place), 1, names_[column]);
    case Type::millis: return time_of(number_at<std::int64_t>(from.values, place), 1000, names_[column]);
    case Type::micros: return time_of(number_at<std::int64_t>(from.values, place), 1'000'000, names_[column]);
    case Type::nanos: return time_of(number_at<std::int64_t>(from.values, place), 1'000'000'000, names_[column]);
  }
  return {};
}

}  // namespace kith
