// From the syntax tree to conditions that are known to make sense: fields and predicates are found, names
// resolved to ids, values brought to the form in which they are stored.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "model/kind.h"
#include "model/operation.h"
#include "model/predicate.h"
#include "segment/syntax.h"

namespace kith {

struct Term {
  Form form = Form::all;
  std::vector<Term> parts;
  bool has_sets = false;  // a membership is in it
  bool has_sql = false;   // a comparison is in it

  const Field* field = nullptr;  // of a comparison
  Comparison comparison = Comparison::in;
  std::vector<Value> values;  // texts lie in the arena of Checked

  const Predicate* predicate = nullptr;  // of a membership
  std::int64_t thing = 0;
  std::size_t state = 0;
};

struct Checked {
  std::optional<Term> root;  // nothing: no condition
  Arena arena;
};

Checked check(Operation& op, const Kind& kind, const Source& source, const Parsed& parsed,
              std::span<const Value> args);

}  // namespace kith
