#include "capi/arguments.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"

namespace kith {

std::string_view text_argument(const char* text, const char* name) {
  need_pointer(text, name);
  std::string_view view(text);
  if (!valid_utf8(view)) fail(Status::invalid, name, "is not well-formed UTF-8");
  return view;
}

std::string_view optional_text(const char* text, const char* name) {
  return text == nullptr ? std::string_view() : text_argument(text, name);
}

Value value_of(const kith_field& field, std::string_view name) {
  if (field.reserved != 0) fail(Status::misuse, name, "has {} in `reserved`, which must be 0", field.reserved);
  switch (field.type) {
    case KITH_NULL: return {};
    case KITH_INTEGER: return Value(field.integer);
    case KITH_REAL: return Value(field.real);
    case KITH_TEXT: break;
    default: fail(Status::misuse, name, "has the type {}, which is none of KITH_NULL to KITH_TEXT", field.type);
  }
  if (field.text == nullptr) return {};
  std::string_view text(field.text);
  if (!valid_utf8(text)) fail(Status::invalid, name, "is not well-formed UTF-8");
  return Value(text);
}

std::vector<Given> given_fields(const kith_field* fields, std::size_t count, const char* name) {
  if (count > 0) need_pointer(fields, name);
  std::vector<Given> given;
  given.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (fields[i].name == nullptr) fail(Status::misuse, name, "field {} has no name", i + 1);
    std::string_view field = text_argument(fields[i].name, name);
    given.push_back({field, value_of(fields[i], field)});
  }
  return given;
}

void append_value(std::string& text, const Value& value) {
  text += fmt::format("\n{} {} ", static_cast<int>(value.type), value.text.size());
  if (value.is_text()) text += value.text;
  if (value.type == SqlType::integer) text += std::to_string(value.integer);
  if (value.type == SqlType::real) text += fmt::format("{}", value.real);
}

std::string texts_of(std::span<const Given> given) {
  std::string text;
  for (const Given& one : given) {
    append_value(text, Value(fold(one.name)));
    append_value(text, one.value);
  }
  return text;
}

void copy_struct(void* ours, std::size_t our_size, const void* given, std::size_t least, const char* name) {
  std::size_t size = 0;
  std::memcpy(&size, given, sizeof size);
  // What is no size at all must not be walked through.
  if (size < least || size > 4096) fail(Status::misuse, name, "its size is {}; set it to the sizeof of the struct", size);
  const auto* bytes = static_cast<const unsigned char*>(given);
  for (std::size_t i = our_size; i < size; ++i) {
    if (bytes[i] != 0) fail(Status::misuse, name, "asks for something that this version of the library does not know");
  }
  std::memcpy(ours, given, std::min(size, our_size));
}

namespace {
constexpr std::size_t first_query = offsetof(kith_query, limit) + sizeof(std::int64_t);  // the size in the first release
}  // namespace

QueryArgument::QueryArgument(const kith_query* given) {
  if (given == nullptr) return;
  const kith_query query = copied(given, first_query, "query");
  if (query.arg_count > 0) need_pointer(query.args, "args");
  for (std::size_t i = 0; i < query.arg_count; ++i) args_.push_back(value_of(query.args[i], "args"));
  query_.where = optional_text(query.where, "where");
  query_.args = args_;
  query_.columns = optional_text(query.columns, "columns");
  query_.sort = optional_text(query.sort, "sort");
  query_.after = optional_text(query.after, "after");
  if (query.limit < -1) fail(Status::invalid, "limit", "{} is no number of rows: -1 is all, 0 is 1000", query.limit);
  query_.limit = query.limit == 0 ? 1000 : query.limit;
}

std::string QueryArgument::condition() const {
  std::string text(query_.where);
  for (const Value& value : args_) append_value(text, value);
  return text;
}

FieldRows::FieldRows(const kith_field* fields, std::size_t width, std::size_t height) : fields_(fields), height_(height) {
  if (width == 0 && height > 0) fail(Status::misuse, "width", "is 0 although there are {} rows", height);
  if (width > 0 && height > 0) need_pointer(fields, "fields");
  if (width > 4096) fail(Status::limit, "width", "{} fields are too many; at most 4096", width);
  if (height > 0xfffffffU) fail(Status::limit, "height", "{} rows are too many for one call", height);
  for (std::size_t i = 0; i < width && height > 0; ++i) {
    if (fields[i].name == nullptr) fail(Status::misuse, "fields", "field {} has no name", i + 1);
    names_.push_back(text_argument(fields[i].name, "fields"));
  }
}

}  // namespace kith
