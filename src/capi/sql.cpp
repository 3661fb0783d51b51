// The host's own SELECT.
#include "capi/arguments.h"
#include "core/info.h"

using namespace kith;

kith_status kith_sql(kith_db* db, const char* sql, const kith_field* args, size_t arg_count, kith_rows** out, kith_error** err) {
  if (out != nullptr) *out = nullptr;
  return guard(err, [&] {
    need_pointer(db, "db");
    need_pointer(out, "out");
    std::string_view text = text_argument(sql, "sql");
    if (arg_count > 0) need_pointer(args, "args");
    std::vector<Value> values;
    for (std::size_t i = 0; i < arg_count; ++i) values.push_back(value_of(args[i], "args"));
    give_rows(out, db->database.read([&](Operation& op) { return run_select(op, text, values); }));
  });
}
