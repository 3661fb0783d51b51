// What is done with a whole file: telling about it, copying, examining and compacting it.
#include "capi/arguments.h"
#include "core/check.h"
#include "core/info.h"
#include "sql/backup.h"

using namespace kith;

kith_status kith_info(kith_db* db, kith_rows** out, kith_error** err) {
  if (out != nullptr) *out = nullptr;
  return guard(err, [&] {
    need_pointer(db, "db");
    need_pointer(out, "out");
    const std::string& path = db->database.settings().file.path;
    give_rows(out, db->database.read([&](Operation& op) { return file_info(op, path); }));
  });
}

kith_status kith_backup(kith_db* db, const char* path, kith_error** err) {
  return guard(err, [&] {
    need_pointer(db, "db");
    std::string target(text_argument(path, "path"));
    if (target.empty()) fail(Status::invalid, "path", "is empty");
    db->database.alone("a backup", [&](Connection& connection) { copy_file(connection, target); });
  });
}

kith_status kith_check(kith_db* db, int32_t repair, kith_rows** out, kith_error** err) {
  if (out != nullptr) *out = nullptr;
  return guard(err, [&] {
    need_pointer(db, "db");
    need_pointer(out, "out");
    if (repair != 0 && repair != 1) fail(Status::invalid, "repair", "{} is neither 0 nor 1", repair);
    RowsOut answer(out);
    answer.give(check(db->database, repair == 1));
  });
}

kith_status kith_compact(kith_db* db, kith_error** err) {
  return guard(err, [&] {
    need_pointer(db, "db");
    db->database.alone("compacting", [](Connection& connection) {
      if (connection.read_only()) fail(Status::read_only, "", "the handle was opened for reading only");
      connection.check_before_write();
      compact_file(connection);
    });
  });
}
