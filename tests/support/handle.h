// The C interface for tests in C++: a handle that closes itself, answers as texts, failures as "STATUS message".
#pragma once

#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <vector>

#include "kith.h"

namespace kith::test {

// "" or "STATUS message".
inline std::string said(kith_error* error) {
  if (error == nullptr) return "";
  std::string text = std::string(kith_status_name(kith_error_status(error))) + " " + kith_error_message(error);
  kith_error_free(error);
  return text;
}

// Rows as texts, cells parted by "|", NULL as "-".
inline std::vector<std::string> texts_of(kith_rows* rows) {
  std::vector<std::string> out;
  for (std::int64_t row = 0; row < kith_rows_count(rows); ++row) {
    std::string text;
    for (std::int32_t column = 0; column < kith_rows_width(rows); ++column) {
      if (column > 0) text += '|';
      switch (kith_rows_type(rows, row, column)) {
        case KITH_INTEGER: text += std::to_string(kith_rows_integer(rows, row, column)); break;
        case KITH_REAL: text += std::to_string(kith_rows_real(rows, row, column)); break;
        case KITH_TEXT: text += kith_rows_text(rows, row, column); break;
        default: text += '-';
      }
    }
    out.push_back(std::move(text));
  }
  kith_rows_free(rows);
  return out;
}

class Handle {
 public:
  explicit Handle(const std::string& path, std::uint32_t flags = 0, std::int32_t busy_ms = 0) {
    kith_options options = {};
    options.size = sizeof options;
    options.flags = flags;
    options.busy_ms = busy_ms;
    kith_error* error = nullptr;
    kith_open(path.c_str(), &options, &db_, &error);
    failure_ = said(error);
  }
  ~Handle() { close(); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  void close() {
    kith_close(db_);
    db_ = nullptr;
  }

  operator kith_db*() const { return db_; }                     // NOLINT: meant to convert
  const std::string& failure() const { return failure_; }       // of opening; "" when it is open
  bool is_open() const { return db_ != nullptr; }

  // Each answers "" or what it failed with.
  std::string put(const std::string& email) {
    kith_field field = kith_text("email", email.c_str());
    kith_error* error = nullptr;
    kith_put(db_, "lead", &field, 1, nullptr, 0, nullptr, nullptr, &error);
    return said(error);
  }
  std::string begin() { return call(kith_begin); }
  std::string commit() { return call(kith_commit); }
  std::string compact() { return call(kith_compact); }
  std::string backup(const std::string& path) {
    kith_error* error = nullptr;
    kith_backup(db_, path.c_str(), &error);
    return said(error);
  }

  // Rows, or one row with what it failed with.
  std::vector<std::string> sql(const std::string& text, const std::vector<kith_field>& args = {}) {
    kith_rows* rows = nullptr;
    kith_error* error = nullptr;
    if (kith_sql(db_, text.c_str(), args.data(), args.size(), &rows, &error) != KITH_OK) return {said(error)};
    return texts_of(rows);
  }
  std::string one(const std::string& text, const std::vector<kith_field>& args = {}) {
    std::vector<std::string> all = sql(text, args);
    return all.empty() ? "" : all.front();
  }
  std::vector<std::string> check(bool repair = false) {
    kith_rows* rows = nullptr;
    kith_error* error = nullptr;
    if (kith_check(db_, repair ? 1 : 0, &rows, &error) != KITH_OK) return {said(error)};
    return texts_of(rows);
  }
  std::int64_t count() { return std::stoll(one("SELECT COUNT(*) FROM lead")); }

 private:
  template <class Function>
  std::string call(Function function) {
    kith_error* error = nullptr;
    function(db_, &error);
    return said(error);
  }
  kith_db* db_ = nullptr;
  std::string failure_;
};

}  // namespace kith::test
