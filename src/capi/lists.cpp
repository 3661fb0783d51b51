// Subscribing, unsubscribing, pausing: leads on lists.
#include "capi/arguments.h"
#include "domain/leads.h"
#include "domain/pauses.h"
#include "domain/subscriptions.h"
#include "model/write_key.h"
#include "segment/segment.h"

using namespace kith;

namespace {

// `work(op, lead, list, extras)`; a NULL list, where it may be, is 0.
template <class Work>
kith_status for_lead(kith_db* db, const char* verb, const char* lead, const char* list, bool all_lists, const kith_field* with,
                     size_t with_count, std::initializer_list<std::string_view> own, int64_t* event, kith_error** err, Work work) {
  put_out(event, 0);
  return guard(err, [&] {
    need_pointer(db, "db");
    std::string_view who = text_argument(lead, "lead");
    bool every = all_lists && list == nullptr;
    std::string_view what = every ? std::string_view() : text_argument(list, "list");
    std::vector<Given> extras = given_fields(with, with_count, "with");
    put_out(event, db->database.write(extras, own, [&](Operation& op, const Extras& extra) {
      std::int64_t lead_id = need_lead(op, who);
      std::int64_t list_id = every ? 0 : op.kinds.get("list").need(op, what);
      return once(op, std::string(verb) + ":" + std::to_string(list_id), lead_id, [&] { return work(op, lead_id, list_id, extra); });
    }));
  });
}

template <class Work>
kith_status for_query(kith_db* db, const kith_query* query, const char* list, const kith_field* with, size_t with_count,
                      std::initializer_list<std::string_view> own, int64_t* changed, kith_error** err, Work work) {
  put_out(changed, 0);
  return guard(err, [&] {
    need_pointer(db, "db");
    need_pointer(query, "query");
    QueryArgument argument(query);
    std::string_view what = text_argument(list, "list");
    std::vector<Given> extras = given_fields(with, with_count, "with");
    put_out(changed, db->database.write(extras, own, [&](Operation& op, const Extras& extra) {
      std::int64_t list_id = op.kinds.get("list").need(op, what);
      return work(op, leads_where(op, argument.query().where, argument.query().args), list_id, extra);
    }));
  });
}

SubscribeAct subscribing(const Extras& extras, bool welcome) {
  std::string_view via = extras.choice("via", {"host", "form", "import", "automation"});
  SubscribeAct act = subscribe_act(via, extras.text("consent"), extras.flag("confirmed"));
  act.welcome = extras.has("welcome") ? extras.flag("welcome") : welcome && act.welcome;
  return act;
}

ListAct unsubscribing(const Extras& extras) {
  return unsubscribe_act(extras.choice("via", {"host", "lead", "form", "import", "automation"}), extras.text("reason"));
}

}  // namespace

kith_status kith_subscribe(kith_db* db, const char* lead, const char* list, const kith_field* with, size_t with_count, int64_t* event,
                           kith_error** err) {
  return for_lead(db, "subscribe", lead, list, false, with, with_count, {"consent", "confirmed", "via", "welcome"}, event, err,
                  [](Operation& op, std::int64_t lead_id, std::int64_t list_id, const Extras& extras) {
                    return subscribe(op, lead_id, list_id, subscribing(extras, true));
                  });
}

kith_status kith_unsubscribe(kith_db* db, const char* lead, const char* list, const kith_field* with, size_t with_count, int64_t* event,
                             kith_error** err) {
  return for_lead(db, "unsubscribe", lead, list, true, with, with_count, {"reason", "via"}, event, err,
                  [](Operation& op, std::int64_t lead_id, std::int64_t list_id, const Extras& extras) {
                    if (list_id == 0) return act_on_every_list(op, lead_id, unsubscribing(extras));
                    return unsubscribe(op, lead_id, list_id, unsubscribing(extras));
                  });
}

kith_status kith_subscribe_where(kith_db* db, const kith_query* query, const char* list, const kith_field* with, size_t with_count,
                                 int64_t* changed, kith_error** err) {
  return for_query(db, query, list, with, with_count, {"consent", "confirmed", "via", "welcome"}, changed, err,
                   [](Operation& op, const LeadSet& leads, std::int64_t list_id, const Extras& extras) {
                     return subscribe_all(op, leads, list_id, subscribing(extras, false));
                   });
}

kith_status kith_unsubscribe_where(kith_db* db, const kith_query* query, const char* list, const kith_field* with, size_t with_count,
                                   int64_t* changed, kith_error** err) {
  return for_query(db, query, list, with, with_count, {"reason", "via"}, changed, err,
                   [](Operation& op, const LeadSet& leads, std::int64_t list_id, const Extras& extras) {
                     return unsubscribe_all(op, leads, list_id, unsubscribing(extras));
                   });
}

kith_status kith_pause(kith_db* db, const char* lead, const char* list, const kith_field* with, size_t with_count, int64_t* event,
                       kith_error** err) {
  return for_lead(db, "pause", lead, list, true, with, with_count, {"until", "reason"}, event, err,
                  [](Operation& op, std::int64_t lead_id, std::int64_t list_id, const Extras& extras) {
                    std::optional<Millis> until = extras.time("until");
                    if (!until) fail(Status::invalid, "until", "is missing: say until when, in ms or as RFC 3339 text");
                    return pause_messages(op, lead_id, list_id, *until, limited_wording(extras.text("reason"), "reason", 2000));
                  });
}

kith_status kith_resume(kith_db* db, const char* lead, const char* list, const kith_field* with, size_t with_count, int64_t* event,
                        kith_error** err) {
  return for_lead(db, "resume", lead, list, true, with, with_count, {}, event, err,
                  [](Operation& op, std::int64_t lead_id, std::int64_t list_id, const Extras&) {
                    return resume_messages(op, lead_id, list_id);
                  });
}
