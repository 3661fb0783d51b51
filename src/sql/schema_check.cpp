#include "sql/schema_check.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/failure.h"
#include "base/text.h"
#include "sql/migrate.h"

namespace kith {

namespace {

struct Part {
  std::string name;
  std::string type;
  std::string table;
  std::string text;
  friend bool operator==(const Part&, const Part&) = default;
};

std::vector<Part> parts_of(Connection& db) {
  std::vector<Part> parts;
  Statement rows = db.prepare_native("SELECT name, type, tbl_name, sql FROM sqlite_schema ORDER BY name");
  while (rows.step()) {
    parts.push_back({std::string(rows.text(0)), std::string(rows.text(1)), std::string(rows.text(2)), std::string(rows.text(3))});
  }
  return parts;
}

// What SQLite itself makes of the schema files: so what is compared is its own wording.
std::vector<Part> parts_expected(std::int64_t version) {
  OpenSettings settings;
  settings.memory = true;
  Connection fresh(settings);
  for (const SchemaFile& file : schemas()) {
    if (file.number <= version) fresh.run_script(file.text);
  }
  return parts_of(fresh);
}

bool take(std::string_view& text, std::string_view beginning) {
  if (!text.starts_with(beginning)) return false;
  text.remove_prefix(beginning.size());
  return true;
}

// "c12", the column of a custom field.
bool take_custom_column(std::string_view& text) {
  if (!take(text, "c") || text.empty() || text[0] < '1' || text[0] > '9') return false;
  while (!text.empty() && text[0] >= '0' && text[0] <= '9') text.remove_prefix(1);
  return true;
}

// lead_custom with columns added at the end: ", c12 TEXT".
bool is_widened(std::string_view text, std::string_view bare) {
  std::string_view::size_type close = bare.rfind(')');
  if (close == std::string_view::npos || !take(text, bare.substr(0, close)) || !text.ends_with(bare.substr(close))) return false;
  text.remove_suffix(bare.size() - close);
  while (!text.empty()) {
    if (!take(text, ", ") || !take_custom_column(text)) return false;
    if (!take(text, " INTEGER") && !take(text, " REAL") && !take(text, " TEXT")) return false;
  }
  return true;
}

bool is_index_of_custom_field(const Part& part) {
  if (part.type != "index" || part.table != "lead_custom") return false;
  std::string_view column = part.name;
  std::string_view rest;
  if (!take(column, "lead_custom_") || (rest = column, !take_custom_column(rest)) || !rest.empty()) return false;
  return part.text == "CREATE INDEX " + part.name + " ON lead_custom (" + std::string(column) + ", lead_id)";
}

// The search index and the tables that the engine keeps beneath it; and what it knows of how values are spread.
bool is_of_the_engine(const Part& part) {
  if (part.type == "index") return part.text.empty() && part.name.starts_with("sqlite_autoindex_lead_search_");
  if (part.type != "table") return false;
  if (part.name == "lead_search") return part.text.starts_with("CREATE VIRTUAL TABLE lead_search USING fts5 (");
  for (std::string_view name : {"lead_search_data", "lead_search_idx", "lead_search_content", "lead_search_docsize", "lead_search_config",
                                "sqlite_stat1", "sqlite_stat4"}) {
    if (part.name == name) return true;
  }
  return false;
}

}  // namespace

void check_schema(Connection& db, std::int64_t version) {
  std::vector<Part> expected = parts_expected(version);
  std::string path = shown(db.settings().path, 200);
  auto wanted = expected.begin();
  for (const Part& part : parts_of(db)) {
    if (wanted != expected.end() && wanted->name < part.name) break;  // it is missing
    if (wanted != expected.end() && wanted->name == part.name) {
      bool fine = part == *wanted;
      if (!fine && part.name == "lead_custom") fine = part.type == wanted->type && is_widened(part.text, wanted->text);
      if (!fine) fail(Status::corrupt, "path", "in {} the {} {} is not as Kith made it", path, part.type, shown(part.name));
      ++wanted;
      continue;
    }
    if (!is_index_of_custom_field(part) && !is_of_the_engine(part)) {
      fail(Status::corrupt, "path", "{} has a {} {} that Kith did not make", path, part.type, shown(part.name));
    }
  }
  if (wanted != expected.end()) fail(Status::corrupt, "path", "{} lacks the {} {}", path, wanted->type, wanted->name);
}

}  // namespace kith
