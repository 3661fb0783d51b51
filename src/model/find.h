// Reading things: one by its id, or a page by a condition, in an order, after a place. Conditions come from
// segment/, as SQL, as a set of leads, or both.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/lead_set.h"
#include "model/operation.h"
#include "model/parameters.h"
#include "model/rows.h"

namespace kith {

// What rows must fulfil: `sql` over the table called t (empty: all), and membership of `set` where there is one.
struct Condition {
  SqlText sql;
  std::optional<LeadSet> set;
};

// A page, as it is asked for.
struct Query {
  std::string_view where;
  std::span<const Value> args;
  std::string_view columns;
  std::string_view sort;
  std::string_view after;
  std::int64_t limit = 1000;  // -1: all
};

RowsPtr get_thing(Operation& op, const Kind& kind, std::int64_t id);
// `parameters` holds the values that `condition` asks for.
RowsPtr find_things(Operation& op, const Kind& kind, const Query& query, const Condition& condition, Parameters& parameters);
std::int64_t count_things(Operation& op, const Kind& kind, const Condition& condition, const Parameters& parameters);
// The ids of leads that a condition holds for.
LeadSet leads_of(Operation& op, const Condition& condition, const Parameters& parameters);

}  // namespace kith
