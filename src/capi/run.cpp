// Doing what is due.
#include "capi/arguments.h"
#include "core/run.h"

using namespace kith;

kith_status kith_run(kith_db* db, int64_t limit, int64_t* done, int64_t* next, kith_error** err) {
  put_out(done, 0);
  put_out(next, 0);
  return guard(err, [&] {
    need_pointer(db, "db");
    if (limit < 0) fail(Status::invalid, "limit", "{} is no number of things; 0 is all that is due", limit);
    RunResult result = run_due(db->database, limit);
    put_out(done, result.done);
    put_out(next, result.next);
  });
}
