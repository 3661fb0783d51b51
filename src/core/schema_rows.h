// kith_schema: what there is, as rows, from the descriptions that the library itself works by.
#pragma once

#include <string_view>

#include "model/operation.h"
#include "model/rows.h"

namespace kith {

RowsPtr schema_rows(Operation& op, std::string_view topic);

}  // namespace kith
