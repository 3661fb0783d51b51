// The rows of a merge: which of a table go over to the survivor and which are united, written down so that they find
// their way back. Only for merge.cpp and unmerge.cpp.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/json.h"
#include "domain/lead_tables.h"
#include "model/operation.h"

namespace kith {

// What tells the lead's rows apart: numbers as ranges [from, to], anything else as a list of texts each.
Json keys_of_lead(Operation& op, const LeadTable& table, std::int64_t lead);
void move_rows(Operation& op, const LeadTable& table, std::int64_t from, std::int64_t to);
// Those of `keys` that are `from`'s, and only those.
void move_rows_back(Operation& op, const LeadTable& table, const Json& keys, std::int64_t from, std::int64_t to);

// Of tables where two rows may be about the same thing: the absorbed lead's rows, and the survivor's about the same.
Json rows_to_unite(Operation& op, const LeadTable& table, std::int64_t survivor, std::int64_t absorbed);
// The survivor's rows about what `before` is about.
Json united_rows(Operation& op, const LeadTable& table, std::int64_t survivor, const Json& before);
// What rows_to_unite told comes back in place of what united_rows told. REFUSED when that was changed since.
void part_rows(Operation& op, const LeadTable& table, std::int64_t survivor, const Json& before, const Json& after);
// Of a table without a rule of its own: the survivor's row stays where both have one.
void unite_rows(Operation& op, const LeadTable& table, std::int64_t survivor, std::int64_t absorbed);

}  // namespace kith
