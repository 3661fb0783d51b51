// Describing what there is.
#include "capi/arguments.h"
#include "core/schema_rows.h"

using namespace kith;

kith_status kith_schema(kith_db* db, const char* topic, kith_rows** out, kith_error** err) {
  if (out != nullptr) *out = nullptr;
  return guard(err, [&] {
    need_pointer(db, "db");
    need_pointer(out, "out");
    std::string_view about = optional_text(topic, "topic");
    give_rows(out, db->database.read([&](Operation& op) { return schema_rows(op, about); }));
  });
}
