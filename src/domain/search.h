// Search as you type over leads, by the engine's own text index. The index is made when it is first asked for and
// then kept by whoever changes a lead.
#pragma once

#include <cstdint>
#include <string_view>

#include "model/operation.h"
#include "model/rows.h"

namespace kith {

bool search_is_built(Operation& op);
// The lead's row is new, changed or gone.
void search_changed(Operation& op, std::int64_t lead);
RowsPtr search_leads(Operation& op, std::string_view text, std::int64_t limit);

}  // namespace kith
