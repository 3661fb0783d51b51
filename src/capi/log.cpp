// Recording events and reading the log.
#include "capi/arguments.h"
#include "core/put.h"
#include "domain/activity.h"
#include "segment/segment.h"

using namespace kith;

kith_status kith_record(kith_db* db, const char* lead, const char* kind, const char* data, const kith_field* with, size_t with_count,
                        int64_t* event, kith_error** err) {
  put_out(event, 0);
  return guard(err, [&] {
    need_pointer(db, "db");
    std::string_view who = text_argument(lead, "lead");
    std::string_view what = text_argument(kind, "kind");
    std::string_view json = optional_text(data, "data");
    std::vector<Given> extras = given_fields(with, with_count, "with");
    put_out(event, db->database.write(extras, {"subject"}, [&](Operation& op, const Extras& extra) {
      return record_event(op, need_lead(op, who), what, json, extra.text("subject"));
    }, true));
  });
}

kith_status kith_record_many(kith_db* db, const kith_field* fields, size_t width, size_t height, uint32_t flags, const kith_field* with,
                             size_t with_count, kith_rows** out, kith_error** err) {
  if (out != nullptr) *out = nullptr;
  return guard(err, [&] {
    need_pointer(db, "db");
    FieldRows source(fields, width, height);
    if ((flags & ~std::uint32_t{KITH_SKIP_BAD}) != 0) fail(Status::misuse, "flags", "holds bits that this version does not know");
    std::vector<Given> extras = given_fields(with, with_count, "with");
    RowsOut answer(out);
    answer.give(db->database.write(extras, {}, [&](Operation& op, const Extras&) {
      if (!op.act.key.empty()) fail(Status::invalid, "key", "belongs to one write: give the rows a field key");
      std::vector<RowResult> results = record_events(op, source, (flags & KITH_SKIP_BAD) != 0);
      return answer.wanted() ? rows_of(results, ResultOf::record) : RowsPtr();
    }));
  });
}

kith_status kith_timeline(kith_db* db, const char* lead, const kith_query* query, kith_rows** out, kith_error** err) {
  if (out != nullptr) *out = nullptr;
  return guard(err, [&] {
    need_pointer(db, "db");
    need_pointer(out, "out");
    std::string_view who = text_argument(lead, "lead");
    QueryArgument argument(query);
    give_rows(out, db->database.read([&](Operation& op) {
      Parameters parameters(op.now);
      Condition condition;
      if (!argument.query().where.empty()) {
        condition = compile(op, op.kinds.get("event"), argument.query().where, argument.query().args, parameters);
      }
      return timeline(op, need_lead(op, who), argument.query(), condition, parameters);
    }));
  });
}

kith_status kith_why(kith_db* db, int64_t event, kith_rows** out, kith_error** err) {
  if (out != nullptr) *out = nullptr;
  return guard(err, [&] {
    need_pointer(db, "db");
    need_pointer(out, "out");
    if (event <= 0) fail(Status::invalid, "event", "{} is no event's id", event);
    give_rows(out, db->database.read([&](Operation& op) { return causes_of(op, event); }));
  });
}

kith_status kith_events_after(kith_db* db, int64_t id, int64_t limit, kith_rows** out, kith_error** err) {
  if (out != nullptr) *out = nullptr;
  return guard(err, [&] {
    need_pointer(db, "db");
    need_pointer(out, "out");
    if (id < 0) fail(Status::invalid, "id", "{} is no event's id; 0 is the beginning", id);
    if (limit < 0) fail(Status::invalid, "limit", "{} is no number of events; 0 is 1000", limit);
    give_rows(out, db->database.read([&](Operation& op) { return events_after(op, id, limit == 0 ? 1000 : limit); }));
  });
}
