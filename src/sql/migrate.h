// Bringing a file to the schema that this version knows: what the file is, which migrations it lacks, and doing them.
#pragma once

#include <cstdint>
#include <span>

#include "schema/schema.h"
#include "sql/connection.h"

namespace kith {

inline constexpr std::int64_t application_id = 0x4b697468;  // "Kith"
int newest_schema();
// The schema files that files are brought up to date with: the embedded ones, but in tests of migrations.
std::span<const SchemaFile>& schemas();

enum class FileState { empty, current, older };
// What lies in the file. Fails with NOT_KITH, TOO_NEW or CORRUPT, having changed nothing.
FileState examine(Connection& db);
// Inside a write transaction: applies what is missing. True: the file was empty.
bool migrate(Connection& db);

}  // namespace kith
