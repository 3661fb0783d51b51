// What arrives through kith.h, checked and in the library's own terms: texts, fields, queries.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "capi/handle.h"
#include "domain/leads.h"
#include "model/extras.h"
#include "model/find.h"

namespace kith {

// Not NULL, well-formed UTF-8.
std::string_view text_argument(const char* text, const char* name);
// The same, or "" for NULL.
std::string_view optional_text(const char* text, const char* name);
Value value_of(const kith_field& field, std::string_view name);
std::vector<Given> given_fields(const kith_field* fields, std::size_t count, const char* name);

// Text that differs when a value does.
void append_value(std::string& text, const Value& value);
std::string texts_of(std::span<const Given> given);

// A query with its arguments kept.
class QueryArgument {
 public:
  explicit QueryArgument(const kith_query* query);
  const Query& query() const { return query_; }
  // What it asks for, as text that differs when that does.
  std::string condition() const;

 private:
  std::vector<Value> args_;
  Query query_;
};

// Rows of fields, as kith_put_many has them.
class FieldRows final : public RowSource {
 public:
  FieldRows(const kith_field* fields, std::size_t width, std::size_t height);
  std::size_t rows() const override { return height_; }
  std::span<const std::string_view> fields() const override { return names_; }
  Value value(std::size_t row, std::size_t field) const override {
    return value_of(fields_[row * names_.size() + field], names_[field]);
  }

 private:
  const kith_field* fields_;
  std::size_t height_;
  std::vector<std::string_view> names_;
};

void copy_struct(void* ours, std::size_t our_size, const void* given, std::size_t least, const char* name);
// A struct that the caller's version of the header may have shorter or longer than ours, as ours: what is not there is 0,
// and what we do not know must be. `least`: its size in the first release.
template <class Struct>
Struct copied(const Struct* given, std::size_t least, const char* name) {
  static_assert(std::is_trivially_copyable_v<Struct> && offsetof(Struct, size) == 0);
  Struct ours = {};
  copy_struct(&ours, sizeof ours, given, least, name);
  return ours;
}

}  // namespace kith
