// What is done to leads beyond putting them: merging, duplicates, search, erasure, export.
#include "capi/arguments.h"
#include "core/erasure.h"
#include "domain/duplicates.h"
#include "domain/merge.h"
#include "domain/search.h"
#include "model/write_key.h"
#include "segment/segment.h"

using namespace kith;

kith_status kith_merge(kith_db* db, const char* lead, const char* other, const kith_field* with, size_t with_count, int64_t* event,
                       kith_error** err) {
  put_out(event, 0);
  return guard(err, [&] {
    need_pointer(db, "db");
    std::string_view one = text_argument(lead, "lead");
    std::string_view two = text_argument(other, "other");
    std::vector<Given> extras = given_fields(with, with_count, "with");
    put_out(event, db->database.write(extras, {"survivor", "fields"}, [&](Operation& op, const Extras& extra) {
      std::string_view who = extra.choice("survivor", {"older", "lead", "other"});
      std::string_view rule = extra.choice("fields", {"fill", "newer", "other"});
      std::int64_t survivor = need_lead(op, one);
      std::int64_t absorbed = need_lead(op, two);
      if (who == "other" || (who == "older" && absorbed < survivor)) std::swap(survivor, absorbed);
      MergeFields fields = rule == "newer" ? MergeFields::newer : rule == "other" ? MergeFields::other : MergeFields::fill;
      if (survivor == absorbed && !op.act.key.empty()) {  // once merged both names mean the one who stayed
        std::optional<KeyedAnswer> known = answer_of_key(op, "merge", op.act.key);
        if (known && known->lead == survivor) return known->event;
      }
      return once(op, "merge", survivor, fmt::format("{}\n{}", survivor, absorbed), [&] { return merge_leads(op, survivor, absorbed, fields); });
    }));
  });
}

kith_status kith_unmerge(kith_db* db, int64_t merge_event, const kith_field* with, size_t with_count, int64_t* event, kith_error** err) {
  put_out(event, 0);
  return guard(err, [&] {
    need_pointer(db, "db");
    std::vector<Given> extras = given_fields(with, with_count, "with");
    put_out(event, db->database.write(extras, {}, [&](Operation& op, const Extras&) {
      std::int64_t survivor = lead_of_event(op.db, merge_event).value_or(0);
      return once(op, "unmerge", survivor, std::to_string(merge_event), [&] { return unmerge_leads(op, merge_event); });
    }));
  });
}

kith_status kith_duplicates(kith_db* db, const kith_query* query, kith_rows** out, kith_error** err) {
  if (out != nullptr) *out = nullptr;
  return guard(err, [&] {
    need_pointer(db, "db");
    need_pointer(out, "out");
    QueryArgument argument(query);
    give_rows(out, db->database.read([&](Operation& op) {
      std::optional<LeadSet> among;
      if (!argument.query().where.empty()) among = leads_where(op, argument.query().where, argument.query().args);
      return find_duplicates(op, argument.query(), among);
    }));
  });
}

kith_status kith_search(kith_db* db, const char* text, int64_t limit, kith_rows** out, kith_error** err) {
  if (out != nullptr) *out = nullptr;
  return guard(err, [&] {
    need_pointer(db, "db");
    need_pointer(out, "out");
    std::string_view words = text_argument(text, "text");
    if (limit < 0) fail(Status::invalid, "limit", "{} is no number of leads; 0 is 20", limit);
    bool writable = (db->database.settings().file.read_only == false);
    RowsOut answer(out);
    RowsPtr found = db->database.read([&](Operation& op) { return writable && !search_is_built(op) ? nullptr : search_leads(op, words, limit); });
    if (found == nullptr) {
      found = db->database.write({}, {}, [&](Operation& op, const Extras&) {
        if (!search_is_built(op)) build_search(op);
        return search_leads(op, words, limit);
      });
    }
    answer.give(std::move(found));
  });
}

kith_status kith_erase(kith_db* db, const char* lead, const kith_field* with, size_t with_count, int32_t* pending, int64_t* event,
                       kith_error** err) {
  put_out(pending, 0);
  put_out(event, 0);
  return guard(err, [&] {
    need_pointer(db, "db");
    std::string_view who = text_argument(lead, "lead");
    std::vector<Given> extras = given_fields(with, with_count, "with");
    ErasureResult result = erase(db->database, who, extras);
    put_out(pending, result.pending ? 1 : 0);
    put_out(event, result.event);
  });
}
