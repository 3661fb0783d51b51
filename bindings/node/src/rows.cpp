// Rows to JavaScript: numbers and types as one typed array each, texts as an array of strings that the numbers index.
// A call of Node-API for each cell would cost more than reading the cell from the file.
#include "rows.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

namespace kith_node {

namespace {

// More than these are not turned into JavaScript values at once: the event loop would stand still.
constexpr std::int64_t rows_at_once = 2000;

const napi_type_tag rows_tag = {0x6b69746820726f77, 0x7300000000000001};

bool is_ascii(const char* text, std::size_t size) {
  std::uint64_t high = 0;
  std::size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text + i, 8);
    high |= word;
  }
  for (; i < size; ++i) high |= static_cast<std::uint64_t>(static_cast<unsigned char>(text[i])) & 0x80U;
  return (high & 0x8080808080808080ULL) == 0;
}

napi_value string_value(napi_env env, const char* text, std::size_t size) {
  napi_value value = nullptr;
  if (is_ascii(text, size)) {
    check(napi_create_string_latin1(env, text, size, &value));
  } else {
    check(napi_create_string_utf8(env, text, size, &value));
  }
  return value;
}

napi_value signature_value(napi_env env, const kith_rows* rows) {
  std::string signature;
  std::int32_t width = kith_rows_width(rows);
  for (std::int32_t column = 0; column < width; ++column) {
    signature += kith_rows_name(rows, column);
    signature += '\x01';
    signature += kith_rows_meaning(rows, column);
    signature += '\x02';
  }
  return kept_text_value(env, signature);
}

napi_value next_value(napi_env env, const kith_rows* rows) {
  const char* next = kith_rows_next(rows);
  if (next != nullptr) return text_value(env, next);
  napi_value none = nullptr;
  check(napi_get_null(env, &none));
  return none;
}

// The texts of one page, each made once: columns such as country or city say the same again and again, and making a string
// costs more than reading it from the file. Two different texts may contend for a place; then both are made anew.
class Texts {
 public:
  explicit Texts(napi_env env) : env_(env) { check(napi_create_array(env, &array_)); }

  // A column begins: texts are looked for among its own.
  void next_column() { ++column_; }
  // The place of the text in the array.
  std::uint32_t place(const char* text, std::size_t size) {
    if (size > longest) return add(string_value(env_, text, size));
    std::uint32_t hash = 2166136261U;
    for (std::size_t i = 0; i < size; ++i) hash = (hash ^ static_cast<unsigned char>(text[i])) * 16777619U;
    Known& known = known_[(hash ^ hash >> 15) % known_.size()];
    if (known.column != column_ || known.size != size || std::memcmp(known.text, text, size) != 0) {
      known = {text, static_cast<std::uint32_t>(size), add(string_value(env_, text, size)), column_};
    }
    return known.place;
  }
  std::uint32_t add(napi_value value) {
    check(napi_set_element(env_, array_, count_, value));
    return count_++;
  }
  napi_value array() const { return array_; }

 private:
  static constexpr std::size_t longest = 40;
  struct Known {
    const char* text;
    std::uint32_t size;
    std::uint32_t place;
    std::uint32_t column;
  };
  napi_env env_;
  napi_value array_ = nullptr;
  std::uint32_t count_ = 0;
  std::uint32_t column_ = 0;
  std::array<Known, 256> known_ = {};
};

// Cells of the rows from `from` to `to`, column by column: types, numbers and texts are put into the array at 3, 4, 5.
// The number of a text is its place in the array of texts.
void put_cells(napi_env env, napi_value page, const kith_rows* rows, std::int64_t from, std::int64_t to) {
  std::int32_t width = kith_rows_width(rows);
  std::size_t cells = static_cast<std::size_t>(to - from) * static_cast<std::size_t>(width);
  void* memory = nullptr;
  napi_value buffer = nullptr, types_value = nullptr, numbers_value = nullptr;
  check(napi_create_arraybuffer(env, cells * (sizeof(double) + 1), &memory, &buffer));
  check(napi_create_typedarray(env, napi_float64_array, cells, buffer, 0, &numbers_value));
  check(napi_create_typedarray(env, napi_uint8_array, cells, buffer, cells * sizeof(double), &types_value));
  auto* numbers = static_cast<double*>(memory);
  auto* types = static_cast<std::uint8_t*>(memory) + cells * sizeof(double);
  Texts texts(env);
  std::size_t at = 0;
  for (std::int32_t column = 0; column < width; ++column) {
    texts.next_column();
    for (std::int64_t row = from; row < to; ++row, ++at) {
      std::int32_t type = kith_rows_type(rows, row, column);
      if (type == KITH_NULL) continue;
      types[at] = static_cast<std::uint8_t>(type);
      if (type == KITH_REAL) {
        numbers[at] = kith_rows_real(rows, row, column);
      } else if (type == KITH_TEXT) {
        numbers[at] = texts.place(kith_rows_text(rows, row, column), kith_rows_size(rows, row, column));
      } else {
        std::int64_t integer = kith_rows_integer(rows, row, column);
        constexpr std::int64_t safe = (std::int64_t{1} << 53) - 1;
        if (integer <= safe && integer >= -safe) {
          numbers[at] = static_cast<double>(integer);
        } else {
          types[at] = 4;
          numbers[at] = texts.add(number_value(env, integer));
        }
      }
    }
  }
  check(napi_set_element(env, page, 3, types_value));
  check(napi_set_element(env, page, 4, numbers_value));
  check(napi_set_element(env, page, 5, texts.array()));
}

// Many rows that wait to be cut. V8 is told roughly what they weigh, for it sees only a small object.
struct Held {
  RowsPointer rows;
  std::int64_t bytes;
};

void let_go(napi_env env, Held* held) {
  std::int64_t all = 0;
  napi_adjust_external_memory(env, -held->bytes, &all);
  delete held;
}

// slice(handle, from, to). The last cut lets the rows go: finalizers run only when the event loop turns, which it does not
// in a loop of synchronous calls.
napi_value slice(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    std::size_t count = 3;
    napi_value args[3], page = nullptr;
    check(napi_get_cb_info(env, info, &count, args, nullptr, nullptr));
    bool ours = false;
    void* data = nullptr;
    check(napi_check_object_type_tag(env, args[0], &rows_tag, &ours));
    if (ours) check(napi_unwrap(env, args[0], &data));
    if (data == nullptr) throw BadArgument{"rows", "rows: not rows"};
    const kith_rows* rows = static_cast<Held*>(data)->rows.get();
    std::int64_t from = integer_of(env, args[1], "from");
    std::int64_t to = std::min(integer_of(env, args[2], "to"), kith_rows_count(rows));
    if (from < 0 || from > to) throw BadArgument{"from", "from: there is no such row"};
    check(napi_create_array_with_length(env, 6, &page));
    check(napi_set_element(env, page, 0, signature_value(env, rows)));
    check(napi_set_element(env, page, 1, next_value(env, rows)));
    check(napi_set_element(env, page, 2, number_value(env, to - from)));
    put_cells(env, page, rows, from, to);
    if (to == kith_rows_count(rows)) {
      check(napi_remove_wrap(env, args[0], &data));
      let_go(env, static_cast<Held*>(data));
    }
    return page;
  });
}

}  // namespace

napi_value rows_value(napi_env env, const RowsPointer& rows) {
  napi_value page = nullptr;
  std::int64_t count = kith_rows_count(rows.get());
  check(napi_create_array(env, &page));
  check(napi_set_element(env, page, 0, signature_value(env, rows.get())));
  check(napi_set_element(env, page, 1, next_value(env, rows.get())));
  check(napi_set_element(env, page, 2, number_value(env, count)));
  if (count <= rows_at_once) {
    put_cells(env, page, rows.get(), 0, count);
    return page;
  }
  napi_value handle = nullptr;
  check(napi_create_object(env, &handle));
  check(napi_type_tag_object(env, handle, &rows_tag));
  constexpr std::int64_t cell_bytes = 24;
  auto held = std::make_unique<Held>(Held{rows, count * kith_rows_width(rows.get()) * cell_bytes});
  std::int64_t bytes = held->bytes, all = 0;
  check(napi_wrap(
      env, handle, held.get(), [](napi_env owner, void* data, void*) { let_go(owner, static_cast<Held*>(data)); },
      nullptr, nullptr));
  held.release();
  check(napi_adjust_external_memory(env, bytes, &all));
  check(napi_set_element(env, page, 3, handle));
  return page;
}

void export_rows(napi_env env, napi_value exports) { set_function(env, exports, "slice", slice); }

}  // namespace kith_node
