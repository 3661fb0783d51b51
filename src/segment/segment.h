// The segment language: from text to a condition over things - sets of leads where sets hold the answer, SQL
// where they do not. It reads, and never knows how a lead is changed.
#pragma once

#include <span>
#include <string_view>

#include "model/find.h"
#include "model/kind.h"
#include "model/operation.h"
#include "model/parameters.h"

namespace kith {

// `where` over things of `kind`; values of its ?s come from `args`, in order. An empty text is no condition.
// Fails with INVALID, field "where", saying at which character and what would be right.
Condition compile(Operation& op, const Kind& kind, std::string_view where, std::span<const Value> args,
                  Parameters& parameters);
// The leads that it holds for.
LeadSet leads_where(Operation& op, std::string_view where, std::span<const Value> args);
// How many things it holds for; a single word of a stored set is counted without reading the set.
std::int64_t count_where(Operation& op, const Kind& kind, std::string_view where,
                         std::span<const Value> args);

}  // namespace kith
