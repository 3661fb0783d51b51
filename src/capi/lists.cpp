// Subscribing, unsubscribing, pausing: leads on lists.
#include "capi/acts.h"
#include "domain/leads.h"
#include "domain/pauses.h"
#include "domain/subscriptions.h"

using namespace kith;

namespace {

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
  return act_on_lead(db, {"subscribe", "list", {"consent", "confirmed", "via", "welcome"}}, lead, list, with, with_count, event, err,
                     [](Operation& op, std::int64_t lead_id, std::int64_t list_id, const Extras& extras) {
                       return subscribe(op, lead_id, list_id, subscribing(extras, true));
                     });
}

kith_status kith_unsubscribe(kith_db* db, const char* lead, const char* list, const kith_field* with, size_t with_count, int64_t* event,
                             kith_error** err) {
  return act_on_lead(db, {"unsubscribe", "list", {"reason", "via"}, true}, lead, list, with, with_count, event, err,
                     [](Operation& op, std::int64_t lead_id, std::int64_t list_id, const Extras& extras) {
                       if (list_id == 0) return act_on_every_list(op, lead_id, unsubscribing(extras));
                       return unsubscribe(op, lead_id, list_id, unsubscribing(extras));
                     });
}

kith_status kith_subscribe_where(kith_db* db, const kith_query* query, const char* list, const kith_field* with, size_t with_count,
                                 int64_t* changed, kith_error** err) {
  return act_on_query(db, {"subscribe_where", "list", {"consent", "confirmed", "via", "welcome"}}, query, list, with, with_count, changed, err,
                      [](Operation& op, const LeadSet& leads, std::int64_t list_id, const Extras& extras) {
                        return subscribe_all(op, leads, list_id, subscribing(extras, false));
                      });
}

kith_status kith_unsubscribe_where(kith_db* db, const kith_query* query, const char* list, const kith_field* with, size_t with_count,
                                   int64_t* changed, kith_error** err) {
  return act_on_query(db, {"unsubscribe_where", "list", {"reason", "via"}}, query, list, with, with_count, changed, err,
                      [](Operation& op, const LeadSet& leads, std::int64_t list_id, const Extras& extras) {
                        return unsubscribe_all(op, leads, list_id, unsubscribing(extras));
                      });
}

kith_status kith_pause(kith_db* db, const char* lead, const char* list, const kith_field* with, size_t with_count, int64_t* event,
                       kith_error** err) {
  return act_on_lead(db, {"pause", "list", {"until", "reason"}, true}, lead, list, with, with_count, event, err,
                     [](Operation& op, std::int64_t lead_id, std::int64_t list_id, const Extras& extras) {
                       std::optional<Millis> until = extras.time("until");
                       if (!until) fail(Status::invalid, "until", "is missing: say until when, in ms or as RFC 3339 text");
                       return pause_messages(op, lead_id, list_id, *until, limited_wording(extras.text("reason"), "reason", 2000));
                     });
}

kith_status kith_resume(kith_db* db, const char* lead, const char* list, const kith_field* with, size_t with_count, int64_t* event,
                        kith_error** err) {
  return act_on_lead(db, {"resume", "list", {}, true}, lead, list, with, with_count, event, err,
                     [](Operation& op, std::int64_t lead_id, std::int64_t list_id, const Extras&) {
                       return resume_messages(op, lead_id, list_id);
                     });
}
