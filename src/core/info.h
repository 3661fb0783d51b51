// What a file says about itself, and the host's own SELECT over it: both as rows.
#pragma once

#include <span>
#include <string_view>

#include "model/operation.h"
#include "model/rows.h"

namespace kith {

RowsPtr file_info(Operation& op, std::string_view path);

inline constexpr std::int64_t most_sql_rows = 100000;
inline constexpr std::size_t most_sql_bytes = 256 * 1024 * 1024;
// One SELECT with `args` as ?1, ?2 ...
RowsPtr run_select(Operation& op, std::string_view sql, std::span<const Value> args);

}  // namespace kith
