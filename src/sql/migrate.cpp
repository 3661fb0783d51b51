#include "sql/migrate.h"

#include "base/failure.h"
#include "base/text.h"
#include "sql/schema_check.h"

namespace kith {

namespace {

std::int64_t pragma(Connection& db, Literal text) {
  Statement row = db.prepare_native(text);
  return row.step() ? row.integer(0) : 0;
}

// One state of the file for several looks: another process may be making it meanwhile.
class OneState {
 public:
  explicit OneState(Connection& db) : db_(db), begun_(!db.in_transaction()) {
    if (begun_) db_.run("BEGIN");
  }
  ~OneState() {
    if (begun_ && db_.in_transaction()) db_.roll_back();
  }
  OneState(const OneState&) = delete;
  OneState& operator=(const OneState&) = delete;

 private:
  Connection& db_;
  bool begun_;
};

}  // namespace

std::span<const SchemaFile>& schemas() {
  static std::span<const SchemaFile> known = schema_files();
  return known;
}

int newest_schema() { return schemas().back().number; }

FileState examine(Connection& db) {
  OneState state(db);
  std::int64_t app = pragma(db, "PRAGMA application_id");
  std::int64_t version = pragma(db, "PRAGMA user_version");
  std::string path = shown(db.settings().path, 200);
  if (app != application_id) {
    std::int64_t objects = 0;
    {
      Statement row = db.prepare_native("SELECT COUNT(*) FROM sqlite_schema");
      if (row.step()) objects = row.integer(0);
    }
    if (app == 0 && version == 0 && objects == 0) return FileState::empty;
    fail(Status::not_kith, "path", "{} is a SQLite file, but not Kith's", path);
  }
  if (version > newest_schema()) {
    fail(Status::too_new, "path", "{} was written by a later version of Kith: its schema is {}, this version knows {}", path,
         version, newest_schema());
  }
  if (version < 1) fail(Status::corrupt, "path", "{} says that it is Kith's, but has no schema", path);
  check_schema(db, version);
  return version == newest_schema() ? FileState::current : FileState::older;
}

bool migrate(Connection& db) {
  std::int64_t version = pragma(db, "PRAGMA user_version");
  for (const SchemaFile& file : schemas()) {
    if (file.number > version) db.run_script(file.text);
  }
  db.run_script("PRAGMA application_id=" + std::to_string(application_id));
  db.run_script("PRAGMA user_version=" + std::to_string(newest_schema()));
  return version == 0;
}

}  // namespace kith
