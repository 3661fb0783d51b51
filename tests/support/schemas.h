// Later schemas than there are, so that migrations can be tried; the real ones come back with the object's end.
#pragma once

#include <vector>

#include "sql/migrate.h"

namespace kith::test {

class Schemas {
 public:
  explicit Schemas(std::vector<const char*> later) {
    for (const SchemaFile& file : schema_files()) files_.push_back(file);
    for (const char* text : later) files_.push_back({files_.back().number + 1, "later", text});
    schemas() = files_;
  }
  ~Schemas() { schemas() = schema_files(); }
  Schemas(const Schemas&) = delete;
  Schemas& operator=(const Schemas&) = delete;

 private:
  std::vector<SchemaFile> files_;
};

// A step of each sort: a table, a column, rows that are rewritten, an index.
inline constexpr const char* later_step =
    "CREATE TABLE extra (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;"
    "INSERT INTO extra (id, name) SELECT id, email FROM lead;"
    "ALTER TABLE tag ADD COLUMN colour TEXT; UPDATE lead SET city = upper(city);"
    "CREATE INDEX extra_name ON extra (name);";
inline constexpr const char* latest_step = "DROP INDEX extra_name; ALTER TABLE extra ADD COLUMN note TEXT; UPDATE extra SET note = 'new';";

}  // namespace kith::test
