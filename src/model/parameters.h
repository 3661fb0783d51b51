// The values of a statement that is put together from parts: each part asks for places for its values, and all
// are bound at the end. $1 is always the present time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/value.h"
#include "sql/dialect.h"
#include "sql/statement.h"

namespace kith {

class Parameters {
 public:
  explicit Parameters(std::int64_t now) { values_.emplace_back(now); }

  SqlText add(const Value& value) {  // text is copied
    if (value.is_text()) {
      kept_.push_back(std::make_shared<const std::string>(value.text));
      values_.emplace_back(std::string_view(*kept_.back()));
    } else {
      values_.push_back(value);
    }
    return Dialect::parameter(static_cast<int>(values_.size()));
  }
  // A place whose value is set later, and borrowed.
  int reserve() {
    values_.emplace_back(nullptr);
    return static_cast<int>(values_.size());
  }
  void set(int place, const Value& value) { values_[static_cast<std::size_t>(place) - 1] = value; }
  void bind(Statement& statement) const {
    int most = statement.parameters();
    for (int i = 0; i < static_cast<int>(values_.size()) && i < most; ++i) {
      bind_value(statement, i + 1, values_[static_cast<std::size_t>(i)]);
    }
  }

 private:
  std::vector<Value> values_;
  std::vector<std::shared_ptr<const std::string>> kept_;  // shared by copies
};

}  // namespace kith
