// Erasing a lead to the last page: the rows in one transaction, then the engine's write-ahead log, which keeps old
// pages until nobody reads them. What a reader holds up is finished later.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/database.h"

namespace kith {

struct ErasureResult {
  std::int64_t event = 0;
  bool pending = false;
};
// with: suppress.
ErasureResult erase(Database& database, std::string_view lead, std::span<const Given> with);

// False: a reader, or the host's own transaction, still holds old pages.
bool finish_erasures(Database& database);

}  // namespace kith
