// Whether the tables of a file are those that Kith makes: a file that a stranger prepared, with a trigger, a view or a
// column more, is refused before anything in it runs.
#pragma once

#include "sql/connection.h"

namespace kith {

// Compares with what the schema files up to `version` make; custom fields and the search index may be there besides.
// Fails with CORRUPT, naming the first thing that is amiss.
void check_schema(Connection& db, std::int64_t version);

}  // namespace kith
