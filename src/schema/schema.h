// The numbered SQL files of this folder, embedded at build time. Owns only their texts; running them is the
// work of src/sql.
#pragma once

#include <span>

namespace kith {

struct SchemaFile {
  int number;        // the file's number, ascending and unique
  const char* name;  // its name without number and ending: "base" for 0001_base.sql
  const char* text;  // its whole text
};

std::span<const SchemaFile> schema_files();

}  // namespace kith
