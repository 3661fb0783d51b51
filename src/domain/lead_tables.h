// Every table that holds ids of leads: the one list that merging, removing and erasing walk. A test fails for any
// column of the schema that looks like a lead's id and is not in it.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "model/kind.h"
#include "model/operation.h"
#include "model/set_store.h"

namespace kith {

// What a merge does to the rows of the lead that is absorbed.
enum class OnMerge : std::uint8_t {
  move,   // to the survivor: no two rows can be in each other's way
  unite,  // to the survivor; of two rows about the same thing (a tag, a list) one is made
  own,    // merge.cpp knows the table by name
  stays,  // it says what an id once was
};

// When the rows of a lead are deleted.
enum class Goes : std::uint8_t { never, erased, removed };  // removed: erased as well

struct LeadTable {
  Literal table = {};
  Literal lead = {};   // the column
  SqlText key = {};    // what tells the rows of one lead apart: an id, a tag; "" where a lead has one row
  SqlText key2 = {};
  Literal ends = {};   // when a row is over by itself; "" if none is
  OnMerge on_merge = OnMerge::move;
  Goes goes = Goes::removed;
};

std::vector<LeadTable> lead_tables(const Registry& kinds);

// A row of a statement as {column: value}, and back into its table.
Json row_json(const Statement& row);
void insert_row(Operation& op, Literal table, const Json& row);
// The lead's rows of the table, by key.
std::vector<Json> rows_of_lead(Operation& op, const LeadTable& table, std::int64_t lead);
std::int64_t delete_rows_of_lead(Operation& op, const LeadTable& table, std::int64_t lead);

// The stored set that the row is the truth of.
std::optional<SetKey> set_of_row(const LeadTable& table, const Json& row);

}  // namespace kith
