#include "sql/index_pause.h"

namespace kith {

IndexPause::IndexPause(Connection& db, Literal table) : db_(db) {
  std::vector<std::string> names;
  {
    Statement rows = db.query_native(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = $1 AND sql IS NOT NULL ORDER BY name",
        table.view());
    while (rows.step()) {
      names.emplace_back(rows.text(0));
      definitions_.emplace_back(rows.text(1));
    }
  }
  // The names are those of Kith's own schema, which opening the file has compared with what it should be.
  for (const std::string& name : names) db.run_script("DROP INDEX \"" + name + "\"");
}

void IndexPause::resume() {
  for (const std::string& definition : definitions_) db_.run_script(definition);
  definitions_.clear();
}

}  // namespace kith
