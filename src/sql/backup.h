// The copy of a live file, and making a file as small as it can be: what the engine does with whole files.
#pragma once

#include <string>

#include "sql/connection.h"

namespace kith {

// Copies one state of the file to `path`, which must not exist; others read and write meanwhile. It appears there when
// it is whole and on the disk; after a failure nothing of it is left. Fails with CONFLICT when something is there.
void copy_file(Connection& db, const std::string& path);

// Rewrites the file without its free pages, outside of any transaction.
void compact_file(Connection& db);

}  // namespace kith
