// Strings, fields and queries from JavaScript.
#include "values.h"

#include <cstring>

namespace kith_node {

namespace {

// A lone surrogate becomes U+FFFD on the way to UTF-8, so only a text that has one needs a closer look.
void check_surrogates(napi_env env, napi_value value, std::string_view text, const char* what) {
  if (text.find("\xef\xbf\xbd") == std::string_view::npos) return;
  std::size_t length = 0;
  check(napi_get_value_string_utf16(env, value, nullptr, 0, &length));
  std::u16string units(length + 1, u'\0');
  check(napi_get_value_string_utf16(env, value, units.data(), units.size(), &length));
  for (std::size_t i = 0; i < length; ++i) {
    bool high = (units[i] & 0xfc00) == 0xd800, low = (units[i] & 0xfc00) == 0xdc00;
    if (high && i + 1 < length && (units[i + 1] & 0xfc00) == 0xdc00) {
      ++i;
    } else if (high || low) {
      throw BadArgument{
          what, std::string(what) + ": the text is ill-formed: half of a surrogate pair stands alone"};
    }
  }
}

std::string plain_utf8(napi_env env, napi_value value, const char* what) {
  char small[512];
  std::size_t size = 0;
  check(napi_get_value_string_utf8(env, value, small, sizeof small, &size));
  std::string text;
  if (size + 4 < sizeof small) {
    text.assign(small, size);
  } else {  // it may have been cut
    check(napi_get_value_string_utf8(env, value, nullptr, 0, &size));
    text.resize(size);
    check(napi_get_value_string_utf8(env, value, text.data(), size + 1, &size));
  }
  check_surrogates(env, value, text, what);
  return text;
}

template <class T>
T* typed_array(napi_env env, napi_value value, napi_typedarray_type wanted, std::size_t& length) {
  napi_typedarray_type type = napi_int8_array;
  void* data = nullptr;
  check(napi_get_typedarray_info(env, value, &type, &length, &data, nullptr, nullptr));
  if (type != wanted) throw BadArgument{"", "another typed array was expected"};
  return static_cast<T*>(data);
}

// A block of rows while JavaScript fills it. V8 is told what it weighs, for it sees only a small object.
struct Held {
  std::unique_ptr<Matrix> matrix;
  std::int64_t bytes = 0;

  void weigh(napi_env env, std::int64_t now) {
    std::int64_t all = 0;
    napi_adjust_external_memory(env, now - bytes, &all);
    bytes = now;
  }
};

void free_matrix(napi_env env, void* data, void*) {
  auto* held = static_cast<Held*>(data);
  held->weigh(env, 0);
  delete held;
}

const napi_type_tag matrix_tag = {0x6b697468206d6174, 0x7269780000000001};

Held& held_matrix(napi_env env, napi_value value) {
  bool ours = false;
  check(napi_check_object_type_tag(env, value, &matrix_tag, &ours));
  void* data = nullptr;
  if (ours && napi_unwrap(env, value, &data) != napi_ok) data = nullptr;  // it was taken
  if (data == nullptr) throw BadArgument{"rows", "rows: not a block of rows"};
  return *static_cast<Held*>(data);
}

// Out of the hands of JavaScript: whoever calls with it frees it, at once and not when the event loop turns.
std::unique_ptr<Matrix> take_matrix(napi_env env, napi_value value) {
  Held& held = held_matrix(env, value);
  void* data = nullptr;
  check(napi_remove_wrap(env, value, &data));
  std::unique_ptr<Matrix> matrix = std::move(held.matrix);
  free_matrix(env, data, nullptr);
  return matrix;
}

napi_value new_matrix(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    std::size_t count = 2;
    napi_value args[2], object = nullptr;
    check(napi_get_cb_info(env, info, &count, args, nullptr, nullptr));
    auto matrix = std::make_unique<Matrix>();
    std::uint32_t width = length_of(env, args[0]);
    for (std::uint32_t i = 0; i < width; ++i)
      matrix->names.push_back(utf8(env, element(env, args[0], i), "rows"));
    matrix->fields.reserve(static_cast<std::size_t>(integer_of(env, args[1], "rows")) * width);
    check(napi_create_object(env, &object));
    auto held = std::make_unique<Held>(Held{std::move(matrix)});
    check(napi_type_tag_object(env, object, &matrix_tag));
    check(napi_wrap(env, object, held.get(), free_matrix, nullptr, nullptr));
    Held& given = *held.release();
    given.weigh(env, static_cast<std::int64_t>(given.matrix->fields.capacity() * sizeof(kith_field)));
    return object;
  });
}

napi_value append(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    std::size_t count = 4;
    napi_value args[4];
    check(napi_get_cb_info(env, info, &count, args, nullptr, nullptr));
    Held& held = held_matrix(env, args[0]);
    held.matrix->append(env, args[1], args[2], args[3]);
    held.weigh(env, held.bytes + static_cast<std::int64_t>(held.matrix->texts.back().size()));
    return undefined(env);
  });
}

// drop(block): it will not be used.
napi_value drop(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    std::size_t count = 1;
    napi_value block = nullptr;
    check(napi_get_cb_info(env, info, &count, &block, nullptr, nullptr));
    take_matrix(env, block);
    return undefined(env);
  });
}

}  // namespace

std::string utf8(napi_env env, napi_value value, const char* what) {
  if (type_of(env, value) != napi_string) throw BadArgument{what, std::string(what) + ": a string is wanted"};
  std::string text = plain_utf8(env, value, what);
  if (text.find('\0') != std::string::npos) {
    throw BadArgument{what, std::string(what) + ": the text holds a NUL character"};
  }
  return text;
}

void Text::read(napi_env env, napi_value value, const char* what) {
  if (is_missing(type_of(env, value))) return;
  text_ = utf8(env, value, what);
  given_ = true;
}

void Matrix::append(napi_env env, napi_value types_value, napi_value numbers_value, napi_value texts_value) {
  std::size_t cells = 0, numbers_count = 0;
  const auto* types = typed_array<std::uint8_t>(env, types_value, napi_uint8_array, cells);
  const auto* numbers = typed_array<double>(env, numbers_value, napi_float64_array, numbers_count);
  std::size_t width = names.size();
  if (width == 0 || cells % width != 0 || numbers_count < cells)
    throw BadArgument{"rows", "rows: a block of another size"};
  const std::string& text = texts.emplace_back(plain_utf8(env, texts_value, "rows"));
  const char* next = text.c_str();
  const char* end = next + text.size();
  for (std::size_t i = 0, column = 0; i < cells; ++i, column = column + 1 == width ? 0 : column + 1) {
    const char* name = names[column].c_str();
    switch (types[i]) {
      case KITH_INTEGER:
        fields.push_back(kith_integer(name, static_cast<std::int64_t>(numbers[i])));
        break;
      case KITH_REAL:
        fields.push_back(kith_real(name, numbers[i]));
        break;
      case KITH_TEXT: {
        // A NUL inside of a text makes one too many; the caller then looks for the row that has it.
        if (next > end) throw BadArgument{"rows", "rows: fewer texts than cells"};
        fields.push_back(kith_text(name, next));
        next += std::strlen(next) + 1;
        break;
      }
      case 4: {
        std::int64_t bits = 0;
        std::memcpy(&bits, numbers + i, sizeof bits);
        fields.push_back(kith_integer(name, bits));
        break;
      }
      default:
        fields.push_back(kith_null(name));
        break;
    }
  }
  if (next < end) throw BadArgument{"rows", "rows: a text holds a NUL character"};
}

void export_matrix(napi_env env, napi_value exports) {
  set_function(env, exports, "matrix", new_matrix);
  set_function(env, exports, "append", append);
  set_function(env, exports, "drop", drop);
}

void Fields::read(napi_env env, napi_value value, const char*) {
  if (is_missing(type_of(env, value))) return;
  bool is_array = false;
  check(napi_is_array(env, value, &is_array));
  if (!is_array) {
    matrix_ = take_matrix(env, value);
    return;
  }
  std::uint32_t length = length_of(env, value) / 2;
  fields_.reserve(length);
  for (std::uint32_t i = 0; i < length; ++i) {
    const char* name = texts_.emplace_back(utf8(env, element(env, value, 2 * i), "name of a field")).c_str();
    napi_value cell = element(env, value, 2 * i + 1);
    switch (type_of(env, cell)) {
      case napi_string:
        fields_.push_back(kith_text(name, texts_.emplace_back(utf8(env, cell, name)).c_str()));
        break;
      case napi_number: {
        double real = 0;
        check(napi_get_value_double(env, cell, &real));
        // Beyond 2^53 not every integer is a double: such a number is a real, and an integer is given as a BigInt.
        bool whole = real >= -9007199254740991.0 && real <= 9007199254740991.0 &&
                     real == static_cast<double>(static_cast<std::int64_t>(real));
        fields_.push_back(whole ? kith_integer(name, static_cast<std::int64_t>(real))
                                : kith_real(name, real));
        break;
      }
      case napi_bigint:
        fields_.push_back(kith_integer(name, integer_of(env, cell, name)));
        break;
      case napi_boolean: {
        bool yes = false;
        check(napi_get_value_bool(env, cell, &yes));
        fields_.push_back(kith_integer(name, yes ? 1 : 0));
        break;
      }
      default:
        fields_.push_back(kith_null(name));
        break;
    }
  }
}

std::size_t Fields::height() const {
  if (!matrix_) return 1;
  return matrix_->names.empty() ? 0 : matrix_->fields.size() / matrix_->names.size();
}

void Query::read(napi_env env, napi_value value, const char*) {
  if (is_missing(type_of(env, value))) return;
  given_ = true;
  where_.read(env, element(env, value, 0), "where");
  args_.read(env, element(env, value, 1), "args");
  columns_.read(env, element(env, value, 2), "columns");
  sort_.read(env, element(env, value, 3), "sort");
  after_.read(env, element(env, value, 4), "after");
  query_.limit = integer_of(env, element(env, value, 5), "limit");
  query_.size = sizeof query_;
  query_.where = where_.get();
  query_.args = args_.get();
  query_.arg_count = args_.width();
  query_.columns = columns_.get();
  query_.sort = sort_.get();
  query_.after = after_.get();
}

}  // namespace kith_node
