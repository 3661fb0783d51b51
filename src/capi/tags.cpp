// Assigning, removing and merging tags.
#include "capi/arguments.h"
#include "domain/tags.h"
#include "model/write_key.h"
#include "segment/segment.h"

using namespace kith;

namespace {

Expiry expiry_of(const Extras& extras) {
  return {extras.has("expires"), extras.time("expires")};
}

// What both ways of naming one lead have in common.
template <class Work>
kith_status for_lead(kith_db* db, const char* verb, const char* lead, const char* tag, const kith_field* with, size_t with_count,
                     std::initializer_list<std::string_view> own, int64_t* event, kith_error** err, Work work) {
  put_out(event, 0);
  return guard(err, [&] {
    need_pointer(db, "db");
    std::string_view who = text_argument(lead, "lead");
    std::string_view what = text_argument(tag, "tag");
    std::vector<Given> extras = given_fields(with, with_count, "with");
    put_out(event, db->database.write(extras, own, [&](Operation& op, const Extras& extra) {
      std::int64_t lead_id = need_lead(op, who);
      std::int64_t tag_id = op.kinds.get("tag").need(op, what);
      return once(op, std::string(verb) + ":" + std::to_string(tag_id), lead_id, [&] { return work(op, lead_id, tag_id, extra); });
    }));
  });
}

template <class Work>
kith_status for_query(kith_db* db, const kith_query* query, const char* tag, const kith_field* with, size_t with_count,
                      std::initializer_list<std::string_view> own, int64_t* changed, kith_error** err, Work work) {
  put_out(changed, 0);
  return guard(err, [&] {
    need_pointer(db, "db");
    need_pointer(query, "query");
    QueryArgument argument(query);
    std::string_view what = text_argument(tag, "tag");
    std::vector<Given> extras = given_fields(with, with_count, "with");
    put_out(changed, db->database.write(extras, own, [&](Operation& op, const Extras& extra) {
      std::int64_t tag_id = op.kinds.get("tag").need(op, what);
      return work(op, leads_where(op, argument.query().where, argument.query().args), tag_id, extra);
    }));
  });
}

}  // namespace

kith_status kith_assign(kith_db* db, const char* lead, const char* tag, const kith_field* with, size_t with_count, int64_t* event,
                        kith_error** err) {
  return for_lead(db, "assign", lead, tag, with, with_count, {"expires"}, event, err,
                  [](Operation& op, std::int64_t lead_id, std::int64_t tag_id, const Extras& extras) {
                    return assign_tag(op, lead_id, tag_id, expiry_of(extras));
                  });
}

kith_status kith_unassign(kith_db* db, const char* lead, const char* tag, const kith_field* with, size_t with_count, int64_t* event,
                          kith_error** err) {
  return for_lead(db, "unassign", lead, tag, with, with_count, {}, event, err,
                  [](Operation& op, std::int64_t lead_id, std::int64_t tag_id, const Extras&) { return unassign_tag(op, lead_id, tag_id); });
}

kith_status kith_assign_where(kith_db* db, const kith_query* query, const char* tag, const kith_field* with, size_t with_count,
                              int64_t* changed, kith_error** err) {
  return for_query(db, query, tag, with, with_count, {"expires"}, changed, err,
                   [](Operation& op, const LeadSet& leads, std::int64_t tag_id, const Extras& extras) {
                     return assign_tag_to(op, leads, tag_id, expiry_of(extras));
                   });
}

kith_status kith_unassign_where(kith_db* db, const kith_query* query, const char* tag, const kith_field* with, size_t with_count,
                                int64_t* changed, kith_error** err) {
  return for_query(db, query, tag, with, with_count, {}, changed, err,
                   [](Operation& op, const LeadSet& leads, std::int64_t tag_id, const Extras&) { return unassign_tag_from(op, leads, tag_id); });
}

kith_status kith_merge_tags(kith_db* db, const char* tag, const char* other, const kith_field* with, size_t with_count, int64_t* event,
                            kith_error** err) {
  put_out(event, 0);
  return guard(err, [&] {
    need_pointer(db, "db");
    std::string_view keep = text_argument(tag, "tag");
    std::string_view gone = text_argument(other, "other");
    std::vector<Given> extras = given_fields(with, with_count, "with");
    put_out(event, db->database.write(extras, {}, [&](Operation& op, const Extras&) {
      const Kind& tags = op.kinds.get("tag");
      std::int64_t keep_id = tags.need(op, keep);
      return once(op, "merge_tags:" + std::to_string(keep_id), 0, [&] { return merge_tags(op, keep_id, tags.need(op, gone)); });
    }));
  });
}
