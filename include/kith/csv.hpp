// The reader of CSV. Part of kith.hpp.
#ifndef KITH_CSV_HPP
#define KITH_CSV_HPP

#include <kith/rows.hpp>

#include <cstdint>
#include <memory>
#include <string_view>

namespace kith {
inline namespace cpp {

// A reader of delimited text; it needs no database.
class Csv {
 public:
  explicit Csv(std::string_view path, const Fields& with = {}) {
    const auto extra = with.c();
    kith_csv* csv = nullptr;
    detail::call(kith_csv_open, detail::Text("path", path).c(), extra.data(), extra.size(), &csv);
    csv_.reset(csv);
  }

  Rows read(std::int64_t limit = 1000) {
    kith_rows* rows = nullptr;
    detail::call(kith_csv_read, csv_.get(), limit, &rows);
    return Rows(rows);
  }
  // What is left to read, a row at a time; borrows this.
  RowRange rows(std::int64_t portion = 1000) {
    return RowRange([this, portion] { return read(portion); });
  }
  double progress() const noexcept { return kith_csv_progress(csv_.get()); }
  kith_csv* c() const noexcept { return csv_.get(); }

 private:
  std::unique_ptr<kith_csv, detail::Free> csv_;
};

}  // namespace cpp
}  // namespace kith
#endif
