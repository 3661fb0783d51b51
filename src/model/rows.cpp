#include "model/rows.h"

#include <algorithm>
#include <bit>
#include <new>

#include "base/failure.h"

namespace kith {

namespace {

template <class T>
T* zeros(std::size_t count) {
  auto* memory = static_cast<T*>(std::calloc(count == 0 ? 1 : count, sizeof(T)));
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

const char* meaning_name(Meaning meaning) {
  switch (meaning) {
    case Meaning::text: return "text";
    case Meaning::integer: return "integer";
    case Meaning::real: return "real";
    case Meaning::boolean: return "boolean";
    case Meaning::date: return "date";
    case Meaning::datetime: return "datetime";
    case Meaning::json: return "json";
    case Meaning::id: return "id";
  }
  return "text";
}

int Rows::find(std::string_view name) const {
  for (std::size_t i = 0; i < columns_->size(); ++i) {
    if ((*columns_)[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

std::int64_t Rows::integer(std::int64_t row, int column) const {
  std::uint64_t slot = slots_[place(row, column)];
  switch (type(row, column)) {
    case SqlType::integer: return static_cast<std::int64_t>(slot);
    case SqlType::real: {
      double value = std::bit_cast<double>(slot);
      if (!(value > -9.2e18 && value < 9.2e18)) return 0;
      return static_cast<std::int64_t>(value);
    }
    default: return 0;
  }
}

double Rows::real(std::int64_t row, int column) const {
  std::uint64_t slot = slots_[place(row, column)];
  switch (type(row, column)) {
    case SqlType::integer: return static_cast<double>(static_cast<std::int64_t>(slot));
    case SqlType::real: return std::bit_cast<double>(slot);
    default: return 0;
  }
}

std::string_view Rows::text(std::int64_t row, int column) const {
  if (type(row, column) != SqlType::text) return std::string_view("", 0);
  const char* place_in_heap = heap_.get() + slots_[place(row, column)];
  std::uint32_t size = 0;
  std::memcpy(&size, place_in_heap, sizeof size);
  return {place_in_heap + sizeof size, size};
}

RowsBuilder::RowsBuilder(Columns columns, std::size_t expected_rows)
    : rows_(std::make_shared<Rows>()) {
  rows_->columns_ = std::move(columns);
  rows_->capacity_ = std::max<std::size_t>(expected_rows, 1);
  std::size_t cells = rows_->capacity_ * rows_->columns_->size();
  rows_->slots_.reset(zeros<std::uint64_t>(cells));
  rows_->types_.reset(zeros<std::uint8_t>(cells));
}

std::size_t RowsBuilder::next_row() {
  Rows& rows = *rows_;
  if (static_cast<std::size_t>(rows.count_) == rows.capacity_) grow();
  return static_cast<std::size_t>(rows.count_++);
}

void RowsBuilder::add_row() { next_row(); }

void RowsBuilder::add_row(const Statement& statement) {
  std::size_t at = next_row();
  int width = rows_->width();
  for (int column = 0; column < width; ++column, at += rows_->capacity_) {
    RawCell cell = statement.cell(column);
    if (cell.type == SqlType::null) continue;
    rows_->types_[at] = static_cast<std::uint8_t>(cell.type);
    if (cell.type == SqlType::text) {
      place_text(at, cell.text.data(), cell.text.size());
    } else {
      rows_->slots_[at] = cell.bits;
    }
  }
}

void RowsBuilder::grow() {
  Rows& rows = *rows_;
  std::size_t wider = rows.capacity_ * (rows.capacity_ < 512 ? 8 : 2);
  std::size_t width = rows.columns_->size();
  std::unique_ptr<std::uint64_t[], Rows::Free> slots(zeros<std::uint64_t>(wider * width));
  std::unique_ptr<std::uint8_t[], Rows::Free> types(zeros<std::uint8_t>(wider * width));
  auto filled = static_cast<std::size_t>(rows.count_);
  for (std::size_t column = 0; column < width; ++column) {
    std::copy_n(rows.slots_.get() + column * rows.capacity_, filled, slots.get() + column * wider);
    std::copy_n(rows.types_.get() + column * rows.capacity_, filled, types.get() + column * wider);
  }
  rows.slots_ = std::move(slots);
  rows.types_ = std::move(types);
  rows.capacity_ = wider;
}

void RowsBuilder::set_integer(int column, std::int64_t value) {
  std::size_t at = rows_->place(rows_->count_ - 1, column);
  rows_->slots_[at] = static_cast<std::uint64_t>(value);
  rows_->types_[at] = static_cast<std::uint8_t>(SqlType::integer);
}

void RowsBuilder::place_text(std::size_t at, const char* text, std::size_t length) {
  if (length > 0xfffffffeU) fail(Status::limit, "", "a text of {} bytes is too long", length);
  Rows& rows = *rows_;
  auto size = static_cast<std::uint32_t>(length);
  std::size_t end = rows.heap_size_ + sizeof size + length + 1;
  if (end > rows.heap_capacity_) {
    std::size_t wider = std::max(end, std::max<std::size_t>(512, rows.heap_capacity_ * 2));
    auto* heap = static_cast<char*>(std::realloc(rows.heap_.get(), wider));  // moves large ones without copying
    if (heap == nullptr) throw std::bad_alloc();
    static_cast<void>(rows.heap_.release());
    rows.heap_.reset(heap);
    rows.heap_capacity_ = wider;
  }
  rows.slots_[at] = rows.heap_size_;
  char* place = rows.heap_.get() + rows.heap_size_;
  std::memcpy(place, &size, sizeof size);
  std::memcpy(place + sizeof size, text, length);
  place[sizeof size + length] = '\0';
  rows.heap_size_ = end;
}

void RowsBuilder::set_text(int column, std::string_view text) { set_text(rows_->count_ - 1, column, text); }

void RowsBuilder::set_text(std::int64_t row, int column, std::string_view text) {
  std::size_t at = rows_->place(row, column);
  rows_->types_[at] = static_cast<std::uint8_t>(SqlType::text);
  place_text(at, text.data(), text.size());
}

void RowsBuilder::set(int column, const Value& value) {
  switch (value.type) {
    case SqlType::null: break;
    case SqlType::integer: set_integer(column, value.integer); break;
    case SqlType::real: {
      std::size_t at = rows_->place(rows_->count_ - 1, column);
      rows_->slots_[at] = std::bit_cast<std::uint64_t>(value.real);
      rows_->types_[at] = static_cast<std::uint8_t>(SqlType::real);
      break;
    }
    default: set_text(column, value.text); break;
  }
}

void RowsBuilder::set_column(const Statement& statement, int from, int to) {
  set(to, column_value(statement, from));
}

void RowsBuilder::add(std::initializer_list<Value> values) {
  add_row();
  int column = 0;
  for (const Value& value : values) set(column++, value);
}

}  // namespace kith
