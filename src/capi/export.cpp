// What is known of a lead, and what it consented to, as documents.
#include "domain/export.h"

#include "capi/arguments.h"

using namespace kith;

namespace {

kith_status document_of(kith_db* db, const char* lead, kith_rows** out, kith_error** err, std::string (*write)(Operation&, std::int64_t)) {
  if (out != nullptr) *out = nullptr;
  return guard(err, [&] {
    need_pointer(db, "db");
    need_pointer(out, "out");
    std::string_view who = text_argument(lead, "lead");
    give_rows(out, db->database.read([&](Operation& op) {
      RowsBuilder rows({{"document", Meaning::json}});
      rows.add({Value(write(op, need_lead(op, who)))});
      return rows.finish();
    }));
  });
}

}  // namespace

kith_status kith_export_lead(kith_db* db, const char* lead, kith_rows** out, kith_error** err) {
  return document_of(db, lead, out, err, export_lead_json);
}

kith_status kith_consent_proof(kith_db* db, const char* lead, kith_rows** out, kith_error** err) {
  return document_of(db, lead, out, err, consent_proof_json);
}
