// Rows of fields for tests that put or record many. What is given as text must outlive the table, or is kept by it.
#pragma once

#include <deque>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "domain/leads.h"

namespace kith::test {

class Table final : public RowSource {
 public:
  explicit Table(std::initializer_list<std::string_view> names) : names_(names) {}
  explicit Table(std::vector<std::string_view> names) : names_(std::move(names)) {}
  void add(std::vector<Value> values) {
    for (Value& value : values) {
      if (!value.is_text()) continue;
      kept_.emplace_back(value.text);
      value.text = kept_.back();
    }
    rows_.push_back(std::move(values));
  }
  std::vector<Given> row(std::size_t row) const {
    std::vector<Given> given;
    for (std::size_t i = 0; i < names_.size(); ++i) given.push_back({names_[i], rows_[row][i]});
    return given;
  }
  std::size_t rows() const override { return rows_.size(); }
  std::span<const std::string_view> fields() const override { return names_; }
  Value value(std::size_t row, std::size_t field) const override { return rows_[row][field]; }

 private:
  std::vector<std::string_view> names_;
  std::deque<std::string> kept_;
  std::vector<std::vector<Value>> rows_;
};

}  // namespace kith::test
