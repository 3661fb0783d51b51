// Assigning, removing and merging tags.
#include "base/text.h"
#include "capi/acts.h"
#include "domain/tags.h"

using namespace kith;

namespace {

Expiry expiry_of(const Extras& extras) {
  return {extras.has("expires"), extras.time("expires")};
}

}  // namespace

kith_status kith_assign(kith_db* db, const char* lead, const char* tag, const kith_field* with, size_t with_count, int64_t* event,
                        kith_error** err) {
  return act_on_lead(db, {"assign", "tag", {"expires"}}, lead, tag, with, with_count, event, err,
                     [](Operation& op, std::int64_t lead_id, std::int64_t tag_id, const Extras& extras) {
                       return assign_tag(op, lead_id, tag_id, expiry_of(extras));
                     });
}

kith_status kith_unassign(kith_db* db, const char* lead, const char* tag, const kith_field* with, size_t with_count, int64_t* event,
                          kith_error** err) {
  return act_on_lead(db, {"unassign", "tag", {}}, lead, tag, with, with_count, event, err,
                     [](Operation& op, std::int64_t lead_id, std::int64_t tag_id, const Extras&) { return unassign_tag(op, lead_id, tag_id); });
}

kith_status kith_assign_where(kith_db* db, const kith_query* query, const char* tag, const kith_field* with, size_t with_count,
                              int64_t* changed, kith_error** err) {
  return act_on_query(db, {"assign_where", "tag", {"expires"}}, query, tag, with, with_count, changed, err,
                      [](Operation& op, const LeadSet& leads, std::int64_t tag_id, const Extras& extras) {
                        return assign_tag_to(op, leads, tag_id, expiry_of(extras));
                      });
}

kith_status kith_unassign_where(kith_db* db, const kith_query* query, const char* tag, const kith_field* with, size_t with_count,
                                int64_t* changed, kith_error** err) {
  return act_on_query(db, {"unassign_where", "tag", {}}, query, tag, with, with_count, changed, err,
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
      // Once merged the other tag has neither name nor id.
      return once(op, "merge_tags", 0, fmt::format("{}\n{}", keep_id, fold(gone)), [&] { return merge_tags(op, keep_id, tags.need(op, gone)); });
    }));
  });
}
