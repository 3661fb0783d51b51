// How the file answers what is asked most, among some thousands of leads: by an index, never by reading a table that
// grows with leads. Judged are the statements that each verb really prepares, on a handle of its own.
#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>

#include "sql/connection.h"
#include "support/plans.h"
#include "support/raw.h"
#include "support/shop.h"

using namespace kith::test;
using kith::Database;
using kith::Query;

namespace {

constexpr int people = 3000;
std::string email(int number) { return Shop::email(number); }

// What a verb may read without bound, by the beginning of the plan's step, and why that is no harm.
struct Wide {
  std::string step;
  const char* why;
};

struct Verb {
  const char* name;
  std::function<void(Database&)> run;
  std::vector<std::string> meant = {};  // beginnings of steps that must be among the plans
  std::vector<Wide> wide = {};
  const char* never = nullptr;  // a part of a statement that must not be there
  std::int64_t later = 0;       // how much time passes before it
};

const std::string by_key = "SEARCH lead_key USING PRIMARY KEY (kind=? AND key=?)";
const std::string by_id = "SEARCH lead USING INTEGER PRIMARY KEY (rowid=?)";
const std::string tag_of_lead = "SEARCH lead_tag USING PRIMARY KEY (lead_id=? AND tag_id=?)";
const std::string list_of_lead = "SEARCH subscription USING PRIMARY KEY (lead_id=? AND list_id=?)";
const std::string chunk = "SEARCH lead_set USING PRIMARY KEY (family=? AND owner=? AND chunk=?)";
const std::string chunks = "SEARCH lead_set USING PRIMARY KEY (family=? AND owner=?)";
const std::string event_by_id = "SEARCH event USING INTEGER PRIMARY KEY (rowid=?)";
const std::string event_of_lead = "SEARCH event USING INDEX event_lead (lead_id=? AND rowid<?)";

const Wide over_tags = {"SEARCH lead_tag USING COVERING INDEX lead_tag_over (tag_id=? AND expires<?)", "of what of that tag is over only, until kith_run takes it away"};
const Wide over_lists = {"SEARCH subscription USING INDEX subscription_over (list_id=? AND lapses<?)", "of what of that list is over only, until kith_run takes it away"};
const Wide any_suppression = {"SCAN suppression", "LIMIT 1: whether there is one"};
const Wide page_of_log = {"SEARCH event USING INTEGER PRIMARY KEY (rowid>?)", "follows the log, and stops at its limit"};
const Wide one_lead = {"SEARCH lead USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)", "from a lead to the same lead, but while the index of search is made"};
const Wide addresses_of_one = {"SEARCH lead_email USING PRIMARY KEY (lead_id>? AND lead_id<?)", one_lead.why};

// Two pages of it.
template <class Ask>
void two_pages(Query query, Ask ask) {
  kith::Rows first = ask(query);
  query.after = first.next();
  REQUIRE(query.after);
  REQUIRE(ask(query).size() > 0);
}
void pages_of_leads(Database& db, Query query) {
  two_pages(std::move(query), [&](const Query& page) { return db.find_page("lead", page); });
}
void pages_of_timeline(Database& db, Query query) {
  two_pages(std::move(query), [&](const Query& page) { return db.timeline_page(email(14), page); });
}
std::int64_t id_of_first(Database& db, const char* kind, int lead) {
  return db.find_page(kind, {.where = "lead = ?", .args = {email(lead)}})[0]["id"].integer();
}

Verb sorted(const char* sort, const std::string& first, const std::string& next) {
  const char* why = "walks the order asked for, and stops where the page ends";
  return {sort, [sort](Database& db) { pages_of_leads(db, {.columns = "email", .sort = sort, .limit = 20}); }, {first, next}, {{first, why}, {next, why}}};
}

// A whole kind in the order that it comes in.
Verb whole(const char* kind, const std::string& first, const std::string& next) {
  const char* why = "walks the kind's own order, and stops where the page ends";
  return {kind, [kind](Database& db) {
            two_pages({.limit = 20}, [&](const Query& page) { return db.find_page(kind, page); });
          },
          {first, next}, {{first, why}, {next, why}}};
}

std::vector<Verb> reading() {
  const std::string key_order = "SEARCH lead_key USING PRIMARY KEY (kind=?";
  auto index = [](const char* how, const char* field) { return std::string(how) + " lead USING INDEX lead_" + field; };
  auto custom = [](const char* column, const char* by) { return std::string("SEARCH lead_custom USING COVERING INDEX lead_custom_") + column + " (" + column + by; };
  return {
      {"get a lead by its address", [](Database& db) { REQUIRE(db.get("lead", email(5))); }, {by_key, by_id}},
      {"get a lead by its id", [](Database& db) { REQUIRE(db.get("lead", "id:5")); }, {by_id}},
      {"get a lead by its external id", [](Database& db) { REQUIRE(db.get("lead", "external:x5")); }, {by_key, by_id}},
      {"get a tag", [](Database& db) { REQUIRE(db.get("tag", "Big")); }, {chunks}, {over_tags}},
      {"get a list", [](Database& db) { REQUIRE(db.get("list", "News")); }, {chunks}, {over_lists}},
      {"get an opt-out list", [](Database& db) { REQUIRE((*db.get("list", "Service"))["leads"].integer() == people); }, {chunks}, {over_lists}},
      {"get a note", [](Database& db) { REQUIRE(db.get("note", "id:5")); }, {"SEARCH note USING INDEX note_id (id=?)"}},
      {"get an address", [](Database& db) { REQUIRE(db.get("address", "other." + email(5))); }, {by_key, "SEARCH lead_email USING"}},
      {"get a token", [](Database& db) { REQUIRE(db.get("token", "id:5")); }, {"SEARCH token USING INTEGER PRIMARY KEY (rowid=?)"}},
      {"get a suppression", [](Database& db) { REQUIRE(db.get("suppression", "id:5")); }, {"SEARCH suppression USING INTEGER PRIMARY KEY (rowid=?)"}},
      {"get an assignment", [](Database& db) { REQUIRE(db.get("assignment", "id:" + std::to_string(id_of_first(db, "assignment", 1)))); },
       {event_by_id, "SEARCH lead_tag USING PRIMARY KEY (lead_id=?)"}},
      {"get a subscription", [](Database& db) { REQUIRE(db.get("subscription", "id:" + std::to_string(id_of_first(db, "subscription", 1)))); },
       {event_by_id, "SEARCH subscription USING PRIMARY KEY (lead_id=?)"}},
      {"get a pause", [](Database& db) { REQUIRE(db.get("pause", "id:" + std::to_string(id_of_first(db, "pause", 1)))); },
       {event_by_id, "SEARCH pause USING PRIMARY KEY (lead_id=?)"}},
      {"find by id, of what events made", [](Database& db) { REQUIRE(db.find_page("assignment", {.where = "id = ?", .args = {id_of_first(db, "assignment", 1)}}).size() == 1); },
       {event_by_id, "SEARCH lead_tag USING PRIMARY KEY (lead_id=?)"}},
      {"find a lead's own", [](Database& db) { for (const char* kind : {"assignment", "subscription", "pause", "note", "address", "token"}) REQUIRE(db.find_page(kind, {.where = "lead = ?", .args = {email(1)}}).size() > 0); },
       {"SEARCH note USING PRIMARY KEY (lead_id=?)", "SEARCH token USING INDEX token_lead (lead_id=?)"}},
      sorted("id", "SCAN lead", "SEARCH lead USING INTEGER PRIMARY KEY (rowid>?)"),
      sorted("-id", "SCAN lead", "SEARCH lead USING INTEGER PRIMARY KEY (rowid<?)"),
      sorted("email", key_order + ")", key_order + " AND key>?)"),
      sorted("-email", key_order + ")", key_order + " AND key<?)"),
      sorted("created", index("SCAN", "created"), index("SEARCH", "created (created>?)")),
      sorted("-created", index("SCAN", "created"), index("SEARCH", "created (created<?)")),
      sorted("updated", index("SCAN", "updated"), index("SEARCH", "updated (updated>?)")),
      sorted("-updated", index("SCAN", "updated"), index("SEARCH", "updated (updated<?)")),
      sorted("score", index("SCAN", "score"), index("SEARCH", "score (score>?)")),
      sorted("-score", index("SCAN", "score"), index("SEARCH", "score (score<?)")),
      {"visits", [](Database& db) { pages_of_leads(db, {.columns = "email", .sort = "visits", .limit = 20}); }, {custom("c2", "=?)"), custom("c2", ">?)")},
       {{custom("c2", "=?)"), "those without a value, in pages"}, {custom("c2", ">?)"), "those with one, in pages"}}},
      sorted("-visits", custom("c2", ">?)"), custom("c2", "<?)")),
      sorted("-created, score", index("SCAN", "created"), index("SEARCH", "created (created<?)")),
      whole("assignment", "SCAN lead_tag", "SEARCH lead_tag USING PRIMARY KEY (lead_id>?)"),
      whole("subscription", "SCAN subscription", "SEARCH subscription USING PRIMARY KEY (lead_id>?)"),
      whole("pause", "SCAN pause", "SEARCH pause USING PRIMARY KEY (lead_id>?)"),
      whole("event", "SCAN event", "SEARCH event USING INTEGER PRIMARY KEY (rowid>?)"),
      whole("token", "SCAN token", "SEARCH token USING INTEGER PRIMARY KEY (rowid>?)"),
      whole("suppression", "SCAN suppression", "SEARCH suppression USING INTEGER PRIMARY KEY (rowid>?)"),
      whole("note", "SCAN note USING INDEX note_id", "SEARCH note USING INDEX note_id (id>?)"),
      whole("address", "SCAN lead_email USING INDEX lead_email_id", "SEARCH lead_email USING INDEX lead_email_id (id>?)"),
      {"find those with a tag", [](Database& db) { pages_of_leads(db, {.where = "tag 'Big'", .columns = "email", .limit = 20}); }, {chunks, by_id}, {over_tags}},
      {"find those with a tag by address", [](Database& db) { pages_of_leads(db, {.where = "tag 'Big'", .columns = "email", .sort = "-email", .limit = 20}); }, {chunks, by_id}, {over_tags}},
      {"find those with a tag by date", [](Database& db) { pages_of_leads(db, {.where = "tag 'Big'", .columns = "email", .sort = "-created", .limit = 20}); }, {chunks, by_id}, {over_tags}},
      {"find those with a tag by a custom field", [](Database& db) { pages_of_leads(db, {.where = "tag 'Big'", .columns = "email", .sort = "visits", .limit = 20}); }, {chunks, by_id}, {over_tags}},
      {"find an address", [](Database& db) { REQUIRE(db.find_page("lead", {.where = "email = ?", .args = {email(5)}}).size() == 1); }, {by_key, by_id}},
      {"find addresses", [](Database& db) { REQUIRE(db.find_page("lead", {.where = "email starts with 'lead55'"}).size() > 1); }, {by_id},
       {{"SEARCH lead_key USING PRIMARY KEY (kind=? AND key>? AND key<?)", "those that begin so"}}},
      {"find an external id", [](Database& db) { REQUIRE(db.find_page("lead", {.where = "external_id = 'x5'"}).size() == 1); }, {by_key, by_id}},
      {"find a phone", [](Database& db) { REQUIRE(db.find_page("lead", {.where = "phone = '+46 701 100015'"}).size() == 1); }, {"SEARCH lead USING INDEX lead_phone (phone_key=?)"}},
      {"find ids", [](Database& db) { REQUIRE(db.find_page("lead", {.where = "id in (5, 6)"}).size() == 2); }, {by_id}},
      {"find a custom field", [](Database& db) { REQUIRE(db.find_page("lead", {.where = "visits = 5"}).size() > 1); }, {by_id, "SEARCH lead_custom USING INDEX lead_custom_c2 (c2=?)"},
       {{"SEARCH lead_custom USING INDEX lead_custom_c2 (c2=?), SORTED", "those that have the value"}}},
      {"count leads", [](Database& db) { REQUIRE(db.count("lead") == people); }, {chunks}},
      {"count those with a tag", [](Database& db) { REQUIRE(db.count("lead", {.where = "tag 'Big'"}) > 0); }, {chunks}, {over_tags}},
      {"count those on a list", [](Database& db) { REQUIRE(db.count("lead", {.where = "list 'News'"}) > 0); REQUIRE(db.count("lead", {.where = "list 'Club' pending"}) > 0); REQUIRE(db.count("lead", {.where = "list 'Service'"}) > 0); },
       {chunks}, {over_lists}},
      {"count by algebra", [](Database& db) { REQUIRE(db.count("lead", {.where = "tag 'Big' and not tag 'Rare'"}) > 0); }, {chunks}, {over_tags}},
      {"find tags, lists, categories", [](Database& db) { db.find_page("tag"); db.find_page("list"); db.find_page("category"); }, {chunks}, {over_tags, over_lists}},
      {"timeline", [](Database& db) { pages_of_timeline(db, {.limit = 2}); }, {event_of_lead}},
      {"timeline of a kind", [](Database& db) { pages_of_timeline(db, {.where = "kind = 'shop.visited'", .limit = 1}); }, {event_of_lead}, {}, "FROM event_kind n WHERE n.id = t.kind_id"},
      {"timeline of many kinds", [](Database& db) { pages_of_timeline(db, {.where = "kind in ('shop.visited', 'tag.assigned') or kind starts with 'subscr'", .limit = 1}); }, {event_of_lead}, {},
       "FROM event_kind n WHERE n.id = t.kind_id"},
      {"find a lead's events of a kind", [](Database& db) { REQUIRE(db.find_page("event", {.where = "lead = ? and kind = 'shop.visited'", .args = {email(14)}}).size() > 0); },
       {"SEARCH event USING INDEX event_lead (lead_id=?)"}},
      {"why", [](Database& db) { REQUIRE(db.why(5000).size() > 0); }, {event_by_id}},
      {"events_after", [](Database& db) { REQUIRE(db.events_after(5000, 10).size() == 10); }, {page_of_log.step}, {page_of_log}},
      {"may_send", [](Database& db) { db.may_send(email(13), "News"); db.may_send(email(15), kith::transactional, {{"channel", "sms"}}); },
       {list_of_lead, "SEARCH pause USING PRIMARY KEY (lead_id=? AND list_id=?", "SEARCH suppression USING INDEX"}, {any_suppression}},
      {"export a lead", [](Database& db) { db.export_lead(email(30)); db.consent_proof(email(30)); }, {"SEARCH event USING INDEX event_lead (lead_id=?)"}},
      {"info", [](Database& db) { db.info(); }},
  };
}

std::vector<Verb> writing() {
  return {
      {"put a new lead", [](Database& db) { REQUIRE(db.put("lead", {{"email", "new@x.example"}, {"external_id", "new"}, {"phone", "+46 1"}, {"plan", "free"}}).created()); }, {by_key}},
      {"put what is so already", [](Database& db) { REQUIRE(db.put("lead", {{"email", email(7)}, {"first_name", "Ada"}}).outcome == KITH_UNCHANGED); }, {by_key, by_id}},
      {"put a change", [](Database& db) { REQUIRE(db.put("lead", {{"id", 8}, {"email", "changed@x.example"}, {"external_id", "changed"}, {"phone", "+46 2"}, {"plan", "gold"}}, {{"key", "k"}}).outcome == KITH_UPDATED); },
       {by_key, by_id, "SEARCH write_key USING PRIMARY KEY (verb=? AND key=?)"}},
      {"put with tag and list", [](Database& db) { db.put("lead", {{"email", "both@x.example"}}, {{"tag", "VIP"}, {"list", "News"}}); }, {by_key, tag_of_lead, list_of_lead, chunk}, {any_suppression}},
      {"put many", [](Database& db) {
         kith::Table table({"email", "external_id", "city"});
         for (int i = people - 200; i < people + 200; i += 2) table.add({email(i), "x" + std::to_string(i), "Lund"});
         db.put_many("lead", table, 0, {{"tag", "VIP"}, {"list", "News"}});
       }, {by_key, by_id}, {over_tags, over_lists, any_suppression}},
      {"put a note and an address", [](Database& db) {
         db.put("note", {{"lead", email(33)}, {"text", "called"}});
         db.put("note", {{"id", 3}, {"text", "called again"}});
         db.remove("note", "id:3");
         db.put("address", {{"lead", email(33)}, {"email", "more@x.example"}});
         db.remove("address", "more@x.example");
       }, {"SEARCH note USING PRIMARY KEY (lead_id=? AND id=?)", "SEARCH lead_email USING PRIMARY KEY (lead_id=? AND id=?)"}},
      {"assign", [](Database& db) { REQUIRE(db.assign(email(6), "VIP") > 0); }, {by_key, tag_of_lead, chunk}},
      {"assign for another time", [](Database& db) { REQUIRE(db.assign(email(6), "VIP", {{"expires", "2999-01-01T00:00:00Z"}}) > 0); }, {tag_of_lead}},
      {"unassign", [](Database& db) { REQUIRE(db.unassign(email(6), "VIP") > 0); }, {tag_of_lead, chunk}},
      {"assign to many", [](Database& db) { REQUIRE(db.assign_where({.where = "tag 'Big'"}, "Other") > 0); }, {chunks, chunk}, {over_tags}},
      {"unassign from many", [](Database& db) { REQUIRE(db.unassign_where({.where = "tag 'Big'"}, "Other") > 0); }, {chunks, chunk, tag_of_lead}, {over_tags}},
      {"subscribe", [](Database& db) { REQUIRE(db.subscribe(email(4), "News", {{"consent", "yes"}}) > 0); }, {by_key, list_of_lead, chunk}, {any_suppression}},
      {"subscribe to what must be confirmed", [](Database& db) { REQUIRE(db.subscribe(email(6), "Club") > 0); }, {list_of_lead, "SEARCH confirm_wanted USING PRIMARY KEY (lead_id=?"}, {any_suppression}},
      {"unsubscribe", [](Database& db) { REQUIRE(db.unsubscribe(email(4), "News") > 0); }, {list_of_lead, chunk}},
      {"unsubscribe from every list", [](Database& db) { REQUIRE(db.unsubscribe(email(8), kith::all_lists) > 0); }, {list_of_lead, chunk}},
      {"subscribe many", [](Database& db) { REQUIRE(db.subscribe_where({.where = "tag 'Big'"}, "Offers") > 0); }, {chunks, chunk}, {over_tags, over_lists, any_suppression}},
      {"subscribe many to what must be confirmed", [](Database& db) { REQUIRE(db.subscribe_where({.where = "tag 'Big'"}, "Club") > 0); }, {chunks, chunk},
       {over_tags, over_lists, any_suppression}},
      {"unsubscribe many", [](Database& db) { REQUIRE(db.unsubscribe_where({.where = "tag 'Big'"}, "Offers") > 0); }, {chunks, chunk, list_of_lead}, {over_tags, over_lists}},
      {"confirm", [](Database& db) {
         std::string token = db.token(email(10), "confirm", {{"list", "Club"}})["token"].text();
         REQUIRE(db.token_look(token));
         REQUIRE(db.confirm(token) > 0);
       }, {"SEARCH token USING INTEGER PRIMARY KEY (rowid=?)", list_of_lead, chunk}, {any_suppression}},
      {"preferences", [](Database& db) {
         std::string token = db.token(email(16), "preferences")["token"].text();
         REQUIRE(db.preferences(token).size() > 0);
         REQUIRE(db.set_preferences(token, {{"News", 1}, {"Offers", 0}}, {{"consent", "yes"}}) > 0);
         db.token_revoke(token);
       }, {"SEARCH token USING INTEGER PRIMARY KEY (rowid=?)", list_of_lead}, {any_suppression}},
      {"unsubscribe by token", [](Database& db) { REQUIRE(db.unsubscribe_by_token(db.token(email(16), "unsubscribe", {{"list", "Club"}})["token"].text(), {{"all", 1}}) > 0); }, {list_of_lead}},
      {"a lead's own data", [](Database& db) { db.my_data(db.token(email(16), "data")["token"].text()); }, {"SEARCH event USING INDEX event_lead (lead_id=? AND rowid>?)"}},
      {"report", [](Database& db) {
         db.report(email(12), "News", "bounced");
         db.report(email(12), kith::all_lists, "complained");
         db.report(email(12), kith::all_lists, "bounced", {{"bounce", "soft"}});
         db.report(email(12), kith::all_lists, "delivered");
       }, {list_of_lead, "SEARCH soft_bounce USING PRIMARY KEY (lead_id=?"}},
      {"pause and resume", [](Database& db) { db.pause(email(1), "News", {{"until", "2999-01-01T00:00:00Z"}}); db.resume(email(1), "News"); }, {"SEARCH pause USING PRIMARY KEY (lead_id=?"}},
      {"an SMS", [](Database& db) { for (const char* word : {"STOP", "START", "hello"}) db.sms_received("+46 701 100015", word); }, {"SEARCH lead USING COVERING INDEX lead_phone (phone_key=?)"}},
      {"record", [](Database& db) { REQUIRE(db.record(email(14), "shop.visited", "{}", {{"key", "x"}}) > 0); }, {by_key, "SEARCH write_key USING PRIMARY KEY (verb=? AND key=?)"}},
      {"record many", [](Database& db) {
         kith::Table table({"lead", "kind", "key"});
         for (int i = 200; i < 400; ++i) table.add({email(i), "shop.visited", "y" + std::to_string(i)});
         db.record_many(table);
       }, {by_key}},
      {"suppress", [](Database& db) { for (const char* target : {"lead17@x.example", "@y.example", "tel:+46701555"}) REQUIRE(db.suppress(target) > 0); REQUIRE(db.unsuppress(email(17)) > 0); }, {"SEARCH suppression USING"}},
      {"merge and unmerge", [](Database& db) { REQUIRE(db.unmerge(db.merge(email(18), email(24))) > 0); REQUIRE(db.merge(email(19), email(20)) > 0); }, {by_key, by_id, "SEARCH event USING"}},
      {"what expires, lapses, ends", [](Database& db) { REQUIRE(db.run().done > 100); },
       {"SEARCH lead_tag USING COVERING INDEX lead_tag_expires (expires<?)", "SEARCH subscription USING COVERING INDEX subscription_lapses (lapses<?)", "SEARCH pause USING COVERING INDEX pause_until (until<?)"},
       {{"SEARCH lead_tag USING COVERING INDEX lead_tag_expires (expires", "what is due, in the order of its time, and the next"},
        {"SEARCH subscription USING COVERING INDEX subscription_lapses (lapses", "what is due, in the order of its time, and the next"},
        {"SEARCH pause USING COVERING INDEX pause_until (until<?)", "what is due, in the order of its time"},
        {"SCAN pause USING COVERING INDEX pause_until", "LIMIT 1: the next"}}, nullptr, 20 * Shop::day},
      {"make the index of search", [](Database& db) { REQUIRE(db.search("lead55", 10).size() > 0); }, {}, {one_lead, addresses_of_one}},
      {"search", [](Database& db) { REQUIRE(db.search("company 5", 10).size() > 0); }, {by_id}, {one_lead, addresses_of_one}},
      {"put while search is kept", [](Database& db) { REQUIRE(db.put("lead", {{"id", 40}, {"first_name", "Grace"}}).outcome == KITH_UPDATED); }, {by_id}, {one_lead, addresses_of_one}},
      {"erase", [](Database& db) { db.erase(email(19), {{"suppress", 1}}); db.erase(email(21)); }, {by_key, "SEARCH event USING INDEX event_lead (lead_id=?"},
       {one_lead, addresses_of_one, {"SCAN event", "once: who is named as an actor in anybody's log"}}},
      {"remove a lead", [](Database& db) { REQUIRE(db.remove("lead", email(31)) > 0); }, {by_key, by_id, chunk}, {one_lead, addresses_of_one}},
      {"put, rename and remove definitions", [](Database& db) {
         db.put("category", {{"name", "C"}});
         db.put("tag", {{"name", "Other"}, {"category", "C"}});
         db.remove("category", "C");
         db.rename("tag", "Other", "Another");
         db.put("list", {{"name", "News"}, {"description", "what is new"}});
       }},
      {"merge and remove tags", [](Database& db) { db.assign(email(2), "Another"); db.merge_tags("Another", "Rare"); db.remove("tag", "Another"); }, {tag_of_lead, chunks, chunk}, {over_tags}},
  };
}

// Whether an index holds all that is read is of no matter here.
std::string without_covering(std::string step) {
  if (std::size_t place = step.find("COVERING "); place != std::string::npos) step.erase(place, 9);
  return step;
}

bool matches(const PlanStep& step, const std::string& beginning) {
  return without_covering(step.step).starts_with(without_covering(beginning)) && step.step.ends_with(", SORTED") == beginning.ends_with(", SORTED");
}

std::vector<std::string> faults_of(const Verb& verb, const std::vector<PlanStep>& steps) {
  std::vector<std::string> faults;
  std::string seen;
  for (const PlanStep& step : steps) seen += "\n  " + step.step;
  for (const std::string& meant : verb.meant) {
    bool is_there = std::any_of(steps.begin(), steps.end(), [&](const PlanStep& step) { return without_covering(step.step).starts_with(without_covering(meant)); });
    if (!is_there) faults.push_back("no step is " + meant + ", but:" + seen);
  }
  for (const PlanStep& step : steps) {
    if (verb.never != nullptr && step.sql.find(verb.never) != std::string::npos) faults.push_back(std::string(verb.never) + " is in " + step.sql);
    bool is_allowed = !step.is_wide || std::any_of(verb.wide.begin(), verb.wide.end(), [&](const Wide& wide) { return matches(step, wide.step); });
    if (!is_allowed) faults.push_back(step.step + " reads without bound, in\n  " + step.sql);
  }
  return faults;
}

void judge_all(Shop& shop, const std::vector<Verb>& verbs) {
  PlanWatch watch;
  for (const Verb& verb : verbs) {
    INFO(verb.name);
    Database db = shop.open();
    shop.clock += verb.later;
    watch.forget();
    try {
      verb.run(db);
    } catch (const kith::Error& error) {
      FAIL_CHECK(error.what());
    }
    for (const std::string& fault : faults_of(verb, watch.steps())) FAIL_CHECK(fault);
  }
}

}  // namespace

TEST_CASE("plans: nothing that is asked or done often reads without bound", "[plans]") {
  Shop shop(people);
  bool is_analysed = GENERATE(false, true);
  if (is_analysed) Raw(shop.path).run("ANALYZE");
  INFO((is_analysed ? "with statistics" : "without statistics"));
  judge_all(shop, reading());
  judge_all(shop, writing());
}

TEST_CASE("plans: what reads without bound is noticed", "[plans]") {
  Shop shop(60);
  PlanWatch watch;
  kith::OpenSettings settings;
  settings.path = shop.path;
  kith::Connection db(settings);
  auto faults = [&](kith::Literal sql, const Verb& verb = {}) {
    watch.forget();
    db.prepare(sql);
    REQUIRE(watch.steps().size() > 0);
    return faults_of(verb, watch.steps());
  };
  for (kith::Literal sql : {kith::Literal("SELECT id FROM lead WHERE city = $1"), kith::Literal("SELECT k.key FROM lead_key k WHERE k.kind = $1"),
                            kith::Literal("DELETE FROM subscription WHERE event_id = $1"), kith::Literal("UPDATE event SET actor = NULL WHERE kind_id = $1"),
                            kith::Literal("SELECT t.name FROM tag t WHERE 0 < (SELECT COUNT(*) FROM lead_tag a WHERE a.tag_id = t.id)"),
                            kith::Literal("SELECT l.id FROM tag g LEFT JOIN lead l ON l.company = g.name"), kith::Literal("SELECT lead_id FROM pause ORDER BY reason"),
                            kith::Literal("SELECT DISTINCT owner FROM lead_set"), kith::Literal("SELECT id FROM lead WHERE score > $1")}) {
    INFO(std::string(sql.view()));
    CHECK(faults(sql).size() == 1);
  }
  for (kith::Literal sql : {kith::Literal("SELECT t.id FROM lead t WHERE t.id IN ($1, $2)"), kith::Literal("SELECT name FROM tag ORDER BY name"),
                            kith::Literal("UPDATE lead_key SET role = 0 WHERE kind = 1 AND key = $1"), kith::Literal("SELECT MAX(id) FROM event"),
                            kith::Literal("DELETE FROM lead_tag WHERE lead_id = $1"), kith::Literal("SELECT data FROM event WHERE lead_id = $1 ORDER BY at")}) {
    INFO(std::string(sql.view()));
    CHECK(faults(sql).empty());
  }
  Verb verb{"", {}, {"SEARCH lead USING INTEGER PRIMARY KEY (rowid=?)"}, {{"SCAN lead", "to see"}}, "city"};
  CHECK(faults("SELECT id FROM lead ORDER BY id", verb).size() == 1);                   // not what is meant
  CHECK(faults("SELECT id FROM lead WHERE id = $1", verb).empty());
  CHECK(faults("SELECT city FROM lead WHERE id = $1", verb).size() == 1);               // a word that must not be there
  CHECK(faults("SELECT id FROM lead ORDER BY last_name", verb).size() == 2);            // a sort that is not allowed
}
