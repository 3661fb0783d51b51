// Exporting a lead: every mark that was put in comes out, as JSON; and the proof of consent, act by act.
#include "domain/export.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/json.h"
#include "domain/lists.h"
#include "domain/merge.h"
#include "domain/subscriptions.h"
#include "domain/tags.h"
#include "support/crm.h"
#include "support/folder.h"
#include "support/marked.h"

using namespace kith;
using kith::test::Crm;
using kith::test::Fields;
using kith::test::Folder;
using kith::test::Handle;
using kith::test::make_definitions;
using kith::test::Marked;

namespace {

Json document(kith_db* db, const std::string& lead, kith_status (*of)(kith_db*, const char*, kith_rows**, kith_error**)) {
  kith_rows* rows = nullptr;
  OK(of(db, lead.c_str(), &rows, err));
  REQUIRE(kith_rows_count(rows) == 1);
  std::string text = kith_rows_text(rows, 0, kith_rows_column(rows, "document"));
  kith_rows_free(rows);
  return parse_json(text, "document");
}

}  // namespace

TEST_CASE("everything that was put about a lead, and those merged into it, is in its export", "[export]") {
  Handle db("", KITH_OPEN_MEMORY);
  make_definitions(db);
  Marked ada("Ad");
  ada.put(db, "example.com");
  Marked twin("Tw");
  twin.put(db, "twin.example", "88765432");
  Marked other("Ot");
  other.put(db, "other.example", "77654321");
  OK(kith_merge(db, ada.email.c_str(), twin.email.c_str(), nullptr, 0, nullptr, err));
  Json json = document(db, ada.email, kith_export_lead);
  std::string text = to_json(json);
  std::vector<std::string> missing;
  for (const Marked* marked : {&ada, &twin}) {
    std::vector<std::string> found = marked->canaries.in(text);
    for (const std::string& mark : marked->canaries.marks()) {
      bool digits = mark[0] == '4' && mark.find('+') == std::string::npos;  // the phone as it is compared, not as it was given
      if (!digits && std::find(found.begin(), found.end(), mark) == found.end()) missing.push_back(mark);
    }
  }
  CHECK(missing == std::vector<std::string>{});
  CHECK(other.canaries.in(text).size() <= 4);  // the days and addresses that all three share
  CHECK(text.find("Otqz") == std::string::npos);
  CHECK(json["lead"]["custom_text"].is_string());
  CHECK(json["assignment"].size() == 1);
  CHECK(json["subscription"].size() == 1);
  CHECK(json["note"].size() == 2);
  CHECK(json["merge"].size() == 1);
  CHECK(json["suppression"].size() >= 2);
  CHECK(json["event"].size() > 30);
}

TEST_CASE("an export has its parts though there is nothing in them, and texts of any kind", "[export]") {
  Crm crm;
  crm.put("lead", {{"email", "ada@example.com"}, {"first_name", "A\"d\\a\n\t\x01 😀"}});
  Json json = parse_json(crm.read([](Operation& op) { return export_lead_json(op, 1); }), "document");
  CHECK(json["lead"]["first_name"] == "A\"d\\a\n\t\x01 😀");
  CHECK(json["lead"]["created"] == format_time(crm.clock));
  for (const char* part : {"note", "address", "assignment", "subscription", "pause", "token", "suppression", "merge"}) {
    INFO(part);
    CHECK(json[part].is_array());
    CHECK(json[part].empty());
  }
  CHECK(json["key"].size() == 1);
  CHECK(json["event"].size() == 1);
}

TEST_CASE("the proof of consent has every act on every list, oldest first, also of absorbed leads", "[export]") {
  Crm crm;
  crm.put("list", {{"name", "News"}});
  crm.put("list", {{"name", "Club"}, {"opt_in", "double"}});
  crm.lead("ada@example.com");
  crm.lead("twin@example.com");
  auto act = [&](std::int64_t lead, std::int64_t list, ListAct what) {
    crm.clock += 1000;
    crm.write_with({{"by", "anna"}, {"ip", "203.0.113.9"}},
                   [&](Operation& op) { return act_on_list(op, lead, load_list(op, list), what).event; });
  };
  act(1, 1, subscribe_act("host", "I agree to \"News\"", false));
  act(2, 2, subscribe_act("form", "", false));
  act(1, 1, unsubscribe_act("host", "too many"));
  crm.put("note", {{"lead", 1}, {"text", "no act"}});
  crm.write([](Operation& op) { return merge_leads(op, 1, 2, MergeFields::fill); });
  Json json = parse_json(crm.read([](Operation& op) { return consent_proof_json(op, 1); }), "document");
  CHECK(json["lead"]["email"] == "ada@example.com");
  const Json& acts = json["acts"];
  REQUIRE(acts.size() >= 4);
  CHECK(acts[0]["act"] == "subscription.subscribed");
  CHECK(acts[0]["list"] == "News");
  CHECK(acts[0]["by"] == "anna");
  CHECK(acts[0]["ip"] == "203.0.113.9");
  CHECK(acts[0]["via"] == "host");
  CHECK(acts[0]["consent"] == "I agree to \"News\"");
  CHECK(acts[0]["from"] == "none");
  CHECK(acts[0]["to"] == "subscribed");
  CHECK(acts[0]["at"] == format_time(crm.clock - 2000));
  bool pending = false;
  bool left = false;
  for (const Json& one : acts) {
    CHECK(one["act"].get<std::string>().starts_with("subscription."));
    pending = pending || (one["list"] == "Club" && one["act"] == "subscription.pending" && one["via"] == "form");
    left = left || (one["act"] == "subscription.unsubscribed" && one["reason"] == "too many" && one["to"] == "unsubscribed");
  }
  CHECK(pending);
  CHECK(left);
  for (std::size_t i = 1; i < acts.size(); ++i) CHECK(acts[i - 1]["event"].get<std::int64_t>() < acts[i]["event"].get<std::int64_t>());
}

TEST_CASE("an export tells a stored number that is no time as the number that it is", "[export][trap]") {
  Crm crm;
  std::int64_t ada = crm.lead("ada@example.com");
  std::int64_t tag = crm.put("tag", {{"name", "VIP"}});
  std::int64_t list = crm.put("list", {{"name", "News"}});
  crm.write([&](Operation& op) {
    assign_tag(op, ada, tag, {});
    subscribe(op, ada, list, subscribe_act("host", "", false));
    op.db.run("UPDATE lead_tag SET expires = $1", INT64_MAX);
    op.db.run("UPDATE lead SET created = $1", INT64_MIN);
    op.db.run("UPDATE event SET at = $1", latest_time + 1);
    return 0;
  });
  Json all = crm.read([&](Operation& op) { return parse_json(export_lead_json(op, ada), "document"); });
  CHECK(all["assignment"][0]["expires"] == INT64_MAX);
  CHECK(all["lead"]["created"] == INT64_MIN);
  CHECK(all["lead"]["updated"] == format_time(crm.clock));
  CHECK(all["event"][0]["at"] == latest_time + 1);
  Json proof = crm.read([&](Operation& op) { return parse_json(consent_proof_json(op, ada), "document"); });
  CHECK(proof["acts"][0]["at"] == latest_time + 1);
}
