// The text of a `where`, and failures that say at which of its characters something is wrong. Knows no
// grammar.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/failure.h"

namespace kith {

class Source {
 public:
  explicit Source(std::string_view text) : text_(text) {}

  std::string_view text() const { return text_; }
  // Throws INVALID at "where": `at character 7: <sentence>`. `at` is a byte; `near` is the name that was
  // meant.
  [[noreturn]] void fail_at(std::size_t at, std::string_view sentence, std::string_view near = {}) const;
  // A failure from elsewhere, such as of a field's value, seen as one of this text.
  [[noreturn]] void fail_at(std::size_t at, const Failure& failure) const;

 private:
  std::string place(std::size_t at) const;
  std::string_view text_;
};

}  // namespace kith
