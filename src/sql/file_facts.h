// What the engine and the file system say about an open file and the engine itself.
#pragma once

#include <cstdint>
#include <string_view>

#include "sql/connection.h"

namespace kith {

struct FileFacts {
  std::int64_t schema = 0;
  std::int64_t page_size = 0;
  std::int64_t pages = 0;
  std::int64_t free_pages = 0;
  std::int64_t log_bytes = 0;
};

FileFacts file_facts(Connection& db);
std::string_view engine_version();
// The engine's own examination of the whole file: a row of one text a fault, "ok" when there is none.
Statement examination(Connection& db);
// It also counts a page that could not be read for the present among the faults. Then this fails as that reading did.
void fail_if_unread(const Connection& db, std::string_view fault);

}  // namespace kith
