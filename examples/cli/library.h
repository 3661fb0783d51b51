// What the command needs of C++ over kith.h: rows and a database that free themselves, and failures as
// exceptions. It knows nothing of output.
#pragma once

#include <kith.h>

#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kith_cli {

// A call of the library that failed.
class Problem : public std::exception {
 public:
  Problem(kith_status code, const kith_error *error)
      : status(code), message(kith_error_message(error)), field(kith_error_field(error)),
        nearest(kith_error_nearest(error)) {
    if (message.empty()) message = std::string("the call failed with ") + kith_status_name(code);
  }
  const char *what() const noexcept override { return message.c_str(); }

  kith_status status;
  std::string message, field, nearest;
};

// Use: `Check check; check(kith_run(db, 0, &done, &next, check));` throws a Problem unless all is well.
class Check {
 public:
  Check() = default;
  Check(const Check &) = delete;
  Check &operator=(const Check &) = delete;
  ~Check() { kith_error_free(error_); }
  operator kith_error **() { return &error_; }
  void operator()(kith_status status) {
    if (status == KITH_OK) return;
    Problem problem(status, error_);
    kith_error_free(error_);
    error_ = nullptr;
    throw problem;
  }

 private:
  kith_error *error_ = nullptr;
};

// Rows that free themselves.
class Rows {
 public:
  Rows() = default;
  kith_rows **out() {
    rows_.reset();
    raw_ = nullptr;
    return &raw_;
  }
  const kith_rows *get() const {
    if (raw_ != nullptr && rows_.get() != raw_) rows_.reset(raw_);
    return rows_.get();
  }
  int64_t count() const { return kith_rows_count(get()); }
  int32_t width() const { return kith_rows_width(get()); }
  int32_t column(const char *name) const { return kith_rows_column(get(), name); }
  bool null(int64_t row, const char *name) const { return kith_rows_type(get(), row, column(name)) == KITH_NULL; }
  std::string text(int64_t row, const char *name) const { return text(row, column(name)); }
  std::string text(int64_t row, int32_t column) const {
    return {kith_rows_text(get(), row, column), kith_rows_size(get(), row, column)};
  }
  int64_t integer(int64_t row, const char *name) const { return kith_rows_integer(get(), row, column(name)); }
  // Where the next page begins; "" after the last one.
  std::string next() const {
    const char *next = kith_rows_next(get());
    return next == nullptr ? "" : next;
  }

 private:
  struct Free {
    void operator()(kith_rows *rows) const { kith_rows_free(rows); }
  };
  mutable std::unique_ptr<kith_rows, Free> rows_;
  kith_rows *raw_ = nullptr;
};

struct CloseDatabase {
  void operator()(kith_db *db) const { kith_close(db); }
};
using Database = std::unique_ptr<kith_db, CloseDatabase>;

// Named values that own their text, for what kith.h takes as `fields` and as `with`.
class Fields {
 public:
  void text(std::string name, std::string value) { add(std::move(name), std::move(value), 0, KITH_TEXT); }
  void integer(std::string name, int64_t value) { add(std::move(name), {}, value, KITH_INTEGER); }
  void null(std::string name) { add(std::move(name), {}, 0, KITH_NULL); }
  size_t size() const { return owned_.size(); }
  // Valid until the next change.
  const kith_field *data() const {
    view_.clear();
    for (const Owned &field : owned_)
      view_.push_back({field.name.c_str(), field.type == KITH_TEXT ? field.value.c_str() : nullptr,
                       field.integer, 0.0, field.type, 0});
    return view_.empty() ? nullptr : view_.data();
  }

 private:
  struct Owned {
    std::string name, value;
    int64_t integer;
    int32_t type;
  };
  void add(std::string name, std::string value, int64_t integer, int32_t type) {
    owned_.push_back({std::move(name), std::move(value), integer, type});
  }
  std::vector<Owned> owned_;
  mutable std::vector<kith_field> view_;
};

}  // namespace kith_cli
