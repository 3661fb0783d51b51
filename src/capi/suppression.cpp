// What must not be contacted, what gateways report, and whether a lead may be sent something.
#include "base/address.h"
#include "base/checks.h"
#include "base/text.h"
#include "capi/arguments.h"
#include "domain/bounces.h"
#include "domain/may_send.h"
#include "domain/sms.h"
#include "domain/subscriptions.h"
#include "domain/suppression.h"
#include "model/write_key.h"

using namespace kith;

namespace {

constexpr std::size_t longest_code = 1000;

// `work(op, target, extras)`.
template <class Work>
kith_status for_target(kith_db* db, const char* verb, const char* target, const kith_field* with, size_t with_count,
                       std::initializer_list<std::string_view> own, int64_t* event, kith_error** err, Work work) {
  put_out(event, 0);
  return guard(err, [&] {
    need_pointer(db, "db");
    SuppressionTarget what = suppression_target(text_argument(target, "target"), "target");
    std::vector<Given> extras = given_fields(with, with_count, "with");
    put_out(event, db->database.write(extras, own, [&](Operation& op, const Extras& extra) {
      return once(op, verb, 0, what.hash, [&] { return work(op, what, extra); });
    }));
  });
}

// By name, or 0 for a NULL name.
std::int64_t list_or_all(Operation& op, std::string_view name, bool all) { return all ? 0 : op.kinds.get("list").need(op, name); }

}  // namespace

kith_status kith_suppress(kith_db* db, const char* target, const kith_field* with, size_t with_count, int64_t* event, kith_error** err) {
  return for_target(db, "suppress", target, with, with_count, {"reason", "channel", "note"}, event, err,
                    [](Operation& op, const SuppressionTarget& what, const Extras& extras) {
                      Suppressing how;
                      how.reason = extras.choice("reason", {"manual", "hard_bounce", "soft_bounce", "complaint", "erased", "stop"});
                      how.channel = extras.choice("channel", {"all", "email", "sms"});
                      how.note = limited_wording(extras.text("note"), "note", 2000);
                      return suppress(op, what, how);
                    });
}

kith_status kith_unsuppress(kith_db* db, const char* target, const kith_field* with, size_t with_count, int64_t* event, kith_error** err) {
  return for_target(db, "unsuppress", target, with, with_count, {"reason", "channel"}, event, err,
                    [](Operation& op, const SuppressionTarget& what, const Extras& extras) {
                      std::optional<std::string_view> channel;
                      if (!extras.text("channel").empty()) channel = extras.choice("channel", {"all", "email", "sms"});
                      return unsuppress(op, what, extras.choice("reason", {"manual", "hard_bounce", "soft_bounce", "complaint", "erased", "stop"}),
                                        channel);
                    });
}

kith_status kith_report(kith_db* db, const char* lead, const char* list, const char* what, const kith_field* with, size_t with_count,
                        int64_t* event, kith_error** err) {
  put_out(event, 0);
  return guard(err, [&] {
    need_pointer(db, "db");
    std::string_view who = text_argument(lead, "lead");
    std::string_view on = optional_text(list, "list");
    std::string_view happened = text_argument(what, "what");
    std::vector<Given> extras = given_fields(with, with_count, "with");
    GatewayReport report;
    if (happened == "complained") {
      report.what = GatewayReport::What::complained;
    } else if (happened == "delivered") {
      report.what = GatewayReport::What::delivered;
    } else if (happened != "bounced") {
      fail(Status::invalid, "what", "{} is none of bounced, complained, delivered", shown(happened));
    }
    std::string address;
    if (who.find('@') != std::string_view::npos && !who.starts_with("external:")) report.address = address = parse_address(who, "lead").key;
    put_out(event, db->database.write(extras, {"bounce", "code", "channel"}, [&](Operation& op, const Extras& extra) {
      report.hard = extra.choice("bounce", {"hard", "soft"}) == "hard";
      report.code = limited_wording(extra.text("code"), "code", longest_code);
      report.channel = channel_of(extra.choice("channel", {"email", "sms"}));
      std::int64_t lead_id = need_lead(op, who);
      std::int64_t list_id = list_or_all(op, on, list == nullptr);
      return once(op, "report", lead_id, fmt::format("{}\n{}", happened, list_id), [&] { return take_report(op, lead_id, list_id, report); });
    }));
  });
}

kith_status kith_sms_received(kith_db* db, const char* phone, const char* text, const kith_field* with, size_t with_count, int64_t* event,
                              kith_error** err) {
  put_out(event, 0);
  return guard(err, [&] {
    need_pointer(db, "db");
    std::string_view from = text_argument(phone, "phone");
    std::string_view said = text_argument(text, "text");
    std::vector<Given> extras = given_fields(with, with_count, "with");
    put_out(event, db->database.write(extras, {}, [&](Operation& op, const Extras&) {
      return once(op, "sms_received", 0, phone_key(from), [&] { return receive_sms(op, from, said); });
    }));
  });
}

kith_status kith_may_send(kith_db* db, const char* lead, const char* list, const kith_field* with, size_t with_count, kith_rows** out,
                          kith_error** err) {
  if (out != nullptr) *out = nullptr;
  return guard(err, [&] {
    need_pointer(db, "db");
    need_pointer(out, "out");
    std::string_view who = text_argument(lead, "lead");
    std::string_view under = optional_text(list, "list");
    std::vector<Given> extras = given_fields(with, with_count, "with");
    give_rows(out, db->database.read([&](Operation& op) {
      Extras extra = Extras::of_reading(extras, {"channel"});
      Channel channel = channel_of(extra.choice("channel", {"email", "sms"}));
      std::int64_t lead_id = need_lead(op, who);
      if (list == nullptr) return rows_of(may_send(op, lead_id, nullptr, channel));
      std::optional<List> found = find_list(op, op.kinds.get("list").resolve(op, under));
      if (!found) return rows_of(SendAnswer{false, "unknown_list", "there is no list " + shown(under)});
      return rows_of(may_send(op, lead_id, &*found, channel));
    }));
  });
}
