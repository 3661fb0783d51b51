// The syntax tree of a `where`, as it was written: names are not looked up, values not checked.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "model/value.h"
#include "segment/source.h"

namespace kith {

enum class Form : std::uint8_t { all, any, negation, comparison, membership };

// `!=`, `not in`, `is not empty` ... are negations of these, and `=` is `in` with one value.
enum class Comparison : std::uint8_t {
  in,
  less,
  less_equal,
  greater,
  greater_equal,
  empty,
  contains,
  starts_with,
  ends_with
};

// A value as it was written, or the number of a `?`.
struct Operand {
  enum class Type : std::uint8_t { text, number, boolean, parameter };
  Type type = Type::text;
  std::size_t at = 0;
  std::string text;
  Value number;               // of a number, and of a boolean
  std::size_t parameter = 0;  // which ?, from 0
};

struct Syntax {
  Form form = Form::all;
  std::size_t at = 0;
  std::vector<Syntax> parts;  // of all and any: two or more; of a negation: one
  std::string name;           // the field or the predicate's word, in lower case
  Comparison comparison = Comparison::in;
  std::vector<Operand> operands;  // of a membership: the name, one
  std::string state;              // of a membership: the word behind the name, or ""
  std::size_t state_at = 0;
};

struct Parsed {
  std::optional<Syntax> root;  // nothing: an empty text
  std::size_t parameters = 0;  // how many ?
};

// Fails with INVALID where the text departs from the grammar, and with LIMIT when it is too long, deep or
// wide.
Parsed parse(const Source& source);

}  // namespace kith
