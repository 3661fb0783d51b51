// What goes in: values, named fields, tables of them, and the query. Part of kith.hpp.
#ifndef KITH_VALUE_HPP
#define KITH_VALUE_HPP

#include <kith/error.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace kith {
inline namespace cpp {

using Time = std::chrono::sys_time<std::chrono::milliseconds>;

namespace detail {

template <typename T, typename... Others>
inline constexpr bool is_one_of = (std::same_as<T, Others> || ...);
template <typename T>
concept Integer =
    std::integral<T> && !is_one_of<std::remove_cv_t<T>, char, wchar_t, char8_t, char16_t, char32_t>;

}  // namespace detail

// NULL, a whole number, a real number or text.
class Value {
 public:
  Value() = default;
  Value(std::nullptr_t) {}
  Value(std::nullopt_t) {}
  Value(const char* text) {
    if (text) *this = Value(std::string_view(text));
  }
  Value(std::string_view text) : type_(KITH_TEXT), text_(text) {}
  Value(std::string text) : type_(KITH_TEXT), text_(std::move(text)) {}
  template <detail::Integer T>
  Value(T number) : type_(KITH_INTEGER), integer_(static_cast<std::int64_t>(number)) {
    if (std::unsigned_integral<T> && integer_ < 0) {
      throw Error(KITH_INVALID, "", "a number above 9223372036854775807 fits no field");
    }
  }
  template <std::floating_point T>
  Value(T number) : type_(KITH_REAL), real_(static_cast<double>(number)) {}
  template <typename Duration>
  Value(std::chrono::sys_time<Duration> time)
      : Value(std::int64_t{std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count()}) {}
  template <typename T>
  Value(const std::optional<T>& value) {
    if (value) *this = Value(*value);
  }

  // As kith.h takes it; borrows the texts of this value and of the name.
  kith_field c(const char* name) const {
    switch (type_) {
      case KITH_TEXT:
        return kith_text(name, detail::without_nul(name, text_).c_str());
      case KITH_INTEGER:
        return kith_integer(name, integer_);
      case KITH_REAL:
        return kith_real(name, real_);
      default:
        return kith_null(name);
    }
  }

 private:
  std::int32_t type_ = KITH_NULL;
  std::int64_t integer_ = 0;
  double real_ = 0;
  std::string text_;
};

struct Field {
  std::string name;
  Value value;
};

// Named values: what is put, and what is said `with` a verb. A name may occur more than once.
class Fields {
 public:
  Fields() = default;
  Fields(std::initializer_list<Field> fields) : fields_(fields) {}

  Fields& add(std::string_view name, Value value) {
    fields_.push_back({std::string(name), std::move(value)});
    return *this;
  }
  std::size_t size() const noexcept { return fields_.size(); }
  auto begin() const noexcept { return fields_.begin(); }
  auto end() const noexcept { return fields_.end(); }

  // As kith.h takes them; borrows this.
  std::vector<kith_field> c() const {
    std::vector<kith_field> fields;
    fields.reserve(fields_.size());
    for (const Field& field : fields_) {
      fields.push_back(field.value.c(detail::without_nul("name", field.name).c_str()));
    }
    return fields;
  }

 private:
  std::vector<Field> fields_;
};

// Many things of one kind, for put_many and record_many: the names once, then a row of values a thing.
class Table {
 public:
  explicit Table(std::vector<std::string> names) : names_(std::move(names)) {}

  Table& add(std::vector<Value> row) {
    if (row.size() != names_.size()) {
      throw Error(KITH_MISUSE, "",
                  "a row of " + std::to_string(row.size()) + " values in a table of " +
                      std::to_string(names_.size()) + " columns");
    }
    values_.insert(values_.end(), std::make_move_iterator(row.begin()), std::make_move_iterator(row.end()));
    return *this;
  }
  std::size_t width() const noexcept { return names_.size(); }
  std::size_t height() const noexcept { return names_.empty() ? 0 : values_.size() / names_.size(); }

  std::vector<kith_field> c() const {
    std::vector<kith_field> fields;
    fields.reserve(values_.size());
    for (std::size_t i = 0; i < values_.size(); ++i)
      fields.push_back(values_[i].c(names_[i % width()].c_str()));
    return fields;
  }

 private:
  std::vector<std::string> names_;
  std::vector<Value> values_;
};

// Which things, and how to answer them; kith_query in kith.h says what each part means. For find and its like
// `limit` is how many rows are fetched at a time.
struct Query {
  std::optional<std::string> where = {};
  std::vector<Value> args = {};
  std::optional<std::string> columns = {};
  std::optional<std::string> sort = {};
  std::optional<std::string> after = {};
  std::int64_t limit = 0;
};

namespace detail {

inline std::vector<kith_field> arguments(const std::vector<Value>& values) {
  std::vector<kith_field> fields;
  fields.reserve(values.size());
  for (const Value& value : values) fields.push_back(value.c("args"));
  return fields;
}

// A query as C takes it; borrows it.
class QueryInC {
 public:
  explicit QueryInC(const Query& query) : args_(arguments(query.args)) {
    query_.size = sizeof query_;
    query_.where = text("where", query.where);
    query_.args = args_.data();
    query_.arg_count = args_.size();
    query_.columns = text("columns", query.columns);
    query_.sort = text("sort", query.sort);
    query_.after = text("after", query.after);
    query_.limit = query.limit;
  }
  const kith_query* c() const noexcept { return &query_; }

 private:
  static const char* text(const char* name, const std::optional<std::string>& text) {
    return text ? without_nul(name, *text).c_str() : nullptr;
  }

  std::vector<kith_field> args_;
  kith_query query_{};
};

}  // namespace detail

}  // namespace cpp
}  // namespace kith
#endif
