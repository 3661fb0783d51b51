// Merging two leads and parting them: fields, keys, relations, the log, what stands in the way of undoing it - and,
// over random leads, that undoing it leaves no trace.
#include "domain/merge.h"

#include <catch2/catch.hpp>

#include "base/failure.h"
#include "base/random.h"
#include "core/check.h"
#include "domain/leads.h"
#include "domain/pauses.h"
#include "domain/search.h"
#include "domain/subscriptions.h"
#include "domain/tags.h"
#include "support/crm.h"

using namespace kith;
using kith::test::Crm;

namespace {

using Lines = std::vector<std::string>;

std::int64_t merge(Crm& crm, std::int64_t survivor, std::int64_t absorbed, MergeFields fields = MergeFields::fill) {
  return crm.write([&](Operation& op) { return merge_leads(op, survivor, absorbed, fields); });
}
std::int64_t unmerge(Crm& crm, std::int64_t event) {
  return crm.write([&](Operation& op) { return unmerge_leads(op, event); });
}
std::int64_t find(Crm& crm, std::string_view name) {
  return crm.read([&](Operation& op) { return find_lead(op, name); });
}
void assign(Crm& crm, std::int64_t lead, std::int64_t tag, std::optional<Millis> expires = std::nullopt) {
  crm.write([&](Operation& op) { return assign_tag(op, lead, tag, {true, expires}); });
}
bool has_tag(Crm& crm, std::int64_t lead, std::int64_t tag) {
  return crm.read([&](Operation& op) { return op.sets.contains({SetFamily::tag, tag}, lead); });
}

// What the examination of the file finds wrong.
std::int64_t faults(Crm& crm) {
  return crm.read([](Operation& op) { return check_file(op, false)->count(); });
}

// Everything that a merge may touch, but for what only tells of it.
Lines all_rows(Crm& crm) {
  Lines lines;
  for (const char* sql :
       {"SELECT * FROM lead ORDER BY id", "SELECT * FROM lead_custom ORDER BY lead_id", "SELECT * FROM lead_key ORDER BY kind, key",
        "SELECT * FROM lead_email ORDER BY lead_id, id", "SELECT * FROM note ORDER BY id", "SELECT * FROM lead_tag ORDER BY lead_id, tag_id",
        "SELECT * FROM subscription ORDER BY lead_id, list_id", "SELECT * FROM pause ORDER BY lead_id, list_id",
        "SELECT * FROM confirm_wanted ORDER BY lead_id, event_id", "SELECT * FROM soft_bounce ORDER BY lead_id, event_id",
        "SELECT * FROM token ORDER BY id", "SELECT * FROM write_key ORDER BY verb, key", "SELECT * FROM lead_gone ORDER BY id",
        "SELECT * FROM lead_merge ORDER BY event_id", "SELECT * FROM suppression ORDER BY id",
        "SELECT family, owner, chunk, size, form, hex(bits) FROM lead_set WHERE size > 0 ORDER BY family, owner, chunk",
        "SELECT rowid, words FROM lead_search ORDER BY rowid"}) {
    lines.push_back(sql);
    for (std::string& row : crm.rows(sql)) lines.push_back(std::move(row));
  }
  return lines;
}
Lines events_up_to(Crm& crm, std::int64_t id) { return crm.rows("SELECT * FROM event WHERE id <= " + std::to_string(id) + " ORDER BY id"); }
std::int64_t last_event(Crm& crm) { return std::stoll(crm.one("SELECT COALESCE(MAX(id), 0) FROM event")); }

}  // namespace

TEST_CASE("a merge fills gaps, moves everything, and the absorbed lead goes on resolving", "[merge]") {
  Crm crm;
  crm.put("field", {{"key", "shoe"}, {"type", "integer"}});
  crm.put("tag", {{"name", "VIP"}});
  crm.put("tag", {{"name", "Basic"}});
  crm.put("lead", {{"email", "Ada@example.com"}, {"external_id", "a"}, {"first_name", "Ada"}, {"city", "London"}});
  crm.put("lead", {{"email", "A.Lovelace@work.example"}, {"external_id", "b"}, {"first_name", "Augusta"}, {"phone", "+44 20 1234 5678"}, {"shoe", 38}});
  crm.put("address", {{"lead", 2}, {"email", "third@work.example"}});
  crm.put("note", {{"lead", 1}, {"text", "one"}});
  crm.put("note", {{"lead", 2}, {"text", "two"}});
  assign(crm, 1, 1, crm.clock + 1000);
  assign(crm, 2, 1);
  assign(crm, 2, 2);
  crm.write([](Operation& op) {
    build_search(op);
    op.db.run("UPDATE lead SET score = id * 10");
    return 0;
  });
  crm.clock += 500;
  std::string events = crm.one("SELECT COUNT(*) FROM event WHERE lead_id IN (1, 2)");
  std::int64_t event = merge(crm, 1, 2);
  CHECK(crm.rows("SELECT id, email, external_id, first_name, city, phone, phone_key, score, updated FROM lead") ==
        Lines{"1|Ada@example.com|a|Ada|London|+44 20 1234 5678|+442012345678|30|" + std::to_string(crm.clock)});
  CHECK(crm.rows("SELECT * FROM lead_custom") == Lines{"1|38"});
  CHECK(crm.rows("SELECT lead_id, email FROM lead_email ORDER BY id") == Lines{"1|third@work.example", "1|A.Lovelace@work.example"});
  for (const char* name : {"id:2", "id:1", "external:a", "external:b", "a.lovelace@WORK.example", "third@work.example", "ada@example.com"}) {
    INFO(name);
    CHECK(find(crm, name) == 1);
  }
  CHECK(crm.rows("SELECT lead_id, text FROM note ORDER BY id") == Lines{"1|one", "1|two"});
  CHECK(crm.rows("SELECT lead_id, tag_id, expires FROM lead_tag") == Lines{"1|1|-", "1|2|-"});  // the longer of both
  CHECK(has_tag(crm, 1, 1));
  CHECK(has_tag(crm, 1, 2));
  CHECK_FALSE(has_tag(crm, 2, 1));
  CHECK(crm.one("SELECT COUNT(*) - 1 FROM event WHERE lead_id = 1") == events);
  CHECK(crm.one("SELECT COUNT(*) FROM event WHERE lead_id = 2") == "0");
  CHECK(crm.one("SELECT lead_id, kind_id, subject_id, data FROM event WHERE id = " + std::to_string(event)) ==
        "1|4|2|{\"absorbed\":2,\"fields\":[\"phone\",\"shoe\"]}");
  CHECK(crm.rows("SELECT id, state, survivor_id FROM lead_gone") == Lines{"2|merged|1"});
  crm.read([](Operation& op) {
    CHECK(op.sets.everybody().size() == 1);
    CHECK(search_leads(op, "third", 0)->integer(0, 0) == 1);
    CHECK(search_leads(op, "lovelace", 0)->count() == 1);
    CHECK(search_leads(op, "augusta", 0)->count() == 0);
  });
}

TEST_CASE("whose value a field keeps", "[merge]") {
  auto names = [](MergeFields rule, bool other_is_newer) {
    Crm crm;
    crm.put("lead", {{"email", "one@example.com"}, {"external_id", "x1"}, {"first_name", "One"}, {"city", "Oslo"}});
    crm.put("lead", {{"email", "two@example.com"}, {"external_id", "x2"}, {"first_name", "Two"}, {"region", "West"}});
    crm.clock += 10;
    crm.put("lead", {{"id", other_is_newer ? 2 : 1}, {"company", "C"}});
    merge(crm, 1, 2, rule);
    std::string keys;
    for (const std::string& row : crm.rows("SELECT key, role FROM lead_key ORDER BY kind, key")) keys += row + " ";
    return crm.one("SELECT email, external_id, first_name, city, region, company FROM lead") + " " + keys;
  };
  std::string ours = "one@example.com|x1|One|Oslo|West|C one@example.com|1 two@example.com|0 x1|1 x2|0 ";
  std::string theirs = "two@example.com|x2|Two|Oslo|West|C one@example.com|0 two@example.com|1 x1|0 x2|1 ";
  CHECK(names(MergeFields::fill, true) == ours);
  CHECK(names(MergeFields::fill, false) == ours);
  CHECK(names(MergeFields::newer, true) == theirs);
  CHECK(names(MergeFields::newer, false) == ours);
  CHECK(names(MergeFields::other, true) == theirs);
  CHECK(names(MergeFields::other, false) == theirs);
}

TEST_CASE("putting by a key of the absorbed lead updates the survivor, whose own keys stay", "[merge]") {
  Crm crm;
  crm.put("lead", {{"email", "one@example.com"}, {"external_id", "x1"}});
  crm.put("lead", {{"email", "two@example.com"}, {"external_id", "x2"}});
  merge(crm, 1, 2);
  CHECK(crm.put("lead", {{"external_id", "x2"}, {"email", "two@example.com"}, {"city", "Oslo"}}) == 1);
  CHECK(crm.put("lead", {{"email", "two@example.com"}, {"region", "West"}}) == 1);
  CHECK(crm.one("SELECT email, external_id, city, region FROM lead") == "one@example.com|x1|Oslo|West");
  CHECK(find(crm, "external:x1") == 1);
  CHECK(find(crm, "external:x2") == 1);
}

TEST_CASE("a chain of merges resolves to the last, and is undone from its end", "[merge]") {
  Crm crm;
  for (const char* email : {"a@example.com", "b@example.com", "c@example.com"}) crm.lead(email);
  std::int64_t first = merge(crm, 2, 3);
  std::int64_t second = merge(crm, 1, 2);
  CHECK(find(crm, "id:3") == 1);
  CHECK(find(crm, "c@example.com") == 1);
  CHECK_THROWS_WITH(unmerge(crm, first), Catch::Contains("undo event " + std::to_string(second) + " first"));
  unmerge(crm, second);
  CHECK(find(crm, "id:3") == 2);
  CHECK(find(crm, "c@example.com") == 2);
  CHECK(find(crm, "a@example.com") == 1);
  unmerge(crm, first);
  CHECK(find(crm, "id:3") == 3);
  CHECK_THROWS_WITH(unmerge(crm, first), Catch::Contains("no merge that could be undone"));
  CHECK_THROWS_WITH(unmerge(crm, 1), Catch::Contains("no merge"));
}

TEST_CASE("a merge is not undone over what came later", "[merge]") {
  Crm crm;
  crm.put("tag", {{"name", "VIP"}});
  crm.put("tag", {{"name", "Other"}});
  crm.put("lead", {{"email", "one@example.com"}});
  crm.put("lead", {{"email", "two@example.com"}, {"phone", "0701234567"}});
  crm.lead("three@example.com");
  assign(crm, 2, 1);
  std::int64_t event = merge(crm, 1, 2);
  SECTION("a field that the merge filled") {
    crm.put("lead", {{"id", 1}, {"phone", "0709999999"}});
    CHECK_THROWS_WITH(unmerge(crm, event), Catch::Contains("phone"));
  }
  SECTION("a tag that came with it") {
    crm.write([](Operation& op) { return unassign_tag(op, 1, 1); });
    CHECK_THROWS_WITH(unmerge(crm, event), Catch::Contains("VIP"));
  }
  SECTION("its address was removed") {
    crm.remove("address", "two@example.com");
    CHECK_THROWS_WITH(unmerge(crm, event), Catch::Contains("an address of the absorbed lead was taken away") && !Catch::Contains("two@example.com"));
  }
  SECTION("its address was made primary") {
    crm.put("lead", {{"id", 1}, {"email", "two@example.com"}});
    CHECK_THROWS_WITH(unmerge(crm, event), Catch::Contains("is lead id:1's own") && !Catch::Contains("two@example.com"));
  }
  SECTION("its address went to somebody else") {
    crm.remove("address", "two@example.com");
    crm.put("address", {{"lead", 3}, {"email", "two@example.com"}});
    CHECK_THROWS_WITH(unmerge(crm, event), Catch::Contains("lead id:3") && !Catch::Contains("two@example.com"));
  }
  SECTION("a later merge") {
    std::int64_t later = merge(crm, 1, 3);
    CHECK_THROWS_WITH(unmerge(crm, event), Catch::Contains("undo event " + std::to_string(later)));
  }
  SECTION("the survivor went") {
    crm.remove("lead", "id:1");
    CHECK_THROWS_AS(unmerge(crm, event), Failure);
    CHECK(find(crm, "id:2") == 0);
  }
  SECTION("what does not depend on it may stand") {
    crm.put("lead", {{"id", 1}, {"city", "Oslo"}});
    assign(crm, 1, 2);
    crm.put("note", {{"lead", 1}, {"text", "new"}});
    unmerge(crm, event);
    CHECK(crm.rows("SELECT id, city, phone FROM lead ORDER BY id") == Lines{"1|Oslo|-", "2|-|0701234567", "3|-|-"});
    CHECK(crm.rows("SELECT lead_id, tag_id FROM lead_tag ORDER BY lead_id") == Lines{"1|2", "2|1"});
  }
  SECTION("a tag that ended by itself in between stays ended") {
    unmerge(crm, event);
    crm.write([](Operation& op) { return unassign_tag(op, 2, 1); });
    assign(crm, 2, 1, crm.clock + 100);
    event = merge(crm, 1, 2);
    crm.clock += 200;
    crm.write([](Operation& op) { return expire_tags(op, 10); });
    unmerge(crm, event);
    CHECK(crm.one("SELECT COUNT(*) FROM lead_tag") == "0");
    CHECK_FALSE(has_tag(crm, 2, 1));
  }
}

TEST_CASE("a lead is not merged with itself", "[merge]") {
  Crm crm;
  crm.lead("one@example.com");
  CHECK_THROWS_WITH(merge(crm, 1, 1), Catch::Contains("same lead"));
}

TEST_CASE("undoing a merge brings back every row, whatever the leads were", "[merge]") {
  auto seed = GENERATE(range(1U, 41U));
  SeededRandom random(seed);
  INFO("seed " << seed);
  Crm crm;
  auto coin = [&] { return random.below(2) == 0; };
  crm.put("field", {{"key", "shoe"}, {"type", "integer"}});
  crm.put("field", {{"key", "motto"}, {"type", "text"}});
  constexpr int tags = 5;
  constexpr int lists = 4;
  for (int i = 0; i < tags; ++i) crm.put("tag", {{"name", "T" + std::to_string(i)}});
  for (int i = 0; i < lists; ++i) {
    const char* opt_in = i == 0 ? "out" : i == 1 ? "double" : "single";
    crm.put("list", {{"name", "L" + std::to_string(i)}, {"opt_in", opt_in}});
  }
  crm.write([](Operation& op) {
    build_search(op);
    return 0;
  });
  constexpr int leads = 4;
  auto name = [](std::int64_t lead) { return "id:" + std::to_string(lead); };
  for (int i = 1; i <= leads; ++i) {
    std::vector<Given> fields;
    std::string email = "Lead" + std::to_string(i) + "@example.com";
    std::string external = "e" + std::to_string(i);
    fields.push_back({"email", Value(email)});
    if (coin()) fields.push_back({"external_id", Value(external)});
    if (coin()) fields.push_back({"first_name", Value("First")});
    if (coin()) fields.push_back({"phone", Value("+46 70 123 45 67")});
    if (coin()) fields.push_back({"city", Value(external)});
    if (coin()) fields.push_back({"shoe", Value(i)});
    if (coin()) fields.push_back({"motto", Value(external)});
    crm.write([&](Operation& op) { return put_lead(op, fields, {}).id; });
  }
  for (int step = 0; step < 60; ++step) {
    crm.clock += static_cast<Millis>(random.below(1000));
    std::int64_t lead = 1 + static_cast<std::int64_t>(random.below(leads));
    std::int64_t tag = 1 + static_cast<std::int64_t>(random.below(tags));
    std::int64_t list = 1 + static_cast<std::int64_t>(random.below(lists));
    std::string text = "text " + std::to_string(step);
    switch (random.below(8)) {
      case 0: crm.put("note", {{"lead", lead}, {"text", text}}); break;
      case 1: crm.put("address", {{"lead", lead}, {"email", "other" + std::to_string(step) + "@example.com"}}); break;
      case 2:
        assign(crm, lead, tag, coin() ? std::optional<Millis>(crm.clock + 1 + static_cast<Millis>(random.below(20000))) : std::nullopt);
        break;
      case 3: crm.write([&](Operation& op) { return act_on_list(op, lead, load_list(op, list), subscribe_act("host", coin() ? "yes" : "", coin())).event; }); break;
      case 4: crm.write([&](Operation& op) { return act_on_list(op, lead, load_list(op, list), unsubscribe_act("host", "")).event; }); break;
      case 5:
        crm.write([&](Operation& op) {
          op.db.run("INSERT INTO pause (lead_id, list_id, until, event_id) VALUES ($1, $2, $3, 1) "
                    "ON CONFLICT (lead_id, list_id) DO NOTHING", lead, list, op.now + 100000 + static_cast<Millis>(random.below(50000)));
          op.db.run("INSERT INTO token (id, hash, purpose, lead_id, issued_to, created, event_id) VALUES ($1, $2, 'data', $3, $3, $4, 1)",
                    op.ids.next("token"), text, lead, op.now);
          op.db.run("UPDATE lead SET score = score + $2 WHERE id = $1", lead, static_cast<std::int64_t>(random.below(20)) - 10);
          return 0;
        });
        break;
      case 6:
        crm.write([&](Operation& op) {
          op.db.run("INSERT INTO write_key (verb, key, object, lead_id, event_id, thing_id, at) VALUES ('x', $1, '', $2, 1, 0, 1)", text, lead);
          op.db.run("INSERT INTO soft_bounce (lead_id, target_hash, at, event_id) VALUES ($1, 'h', 1, $2)", lead,
                    op.events.record(EventKind::subscription_soft_bounced, lead));
          return 0;
        });
        break;
      default: crm.put("lead", {{"id", lead}, {"company", text}}); break;
    }
  }
  // A stack of merges, each leaving the rows of before when it is undone.
  struct Done {
    std::int64_t event;
    Lines rows;
    Lines events;
    std::int64_t last;
  };
  std::vector<Done> stack;
  std::vector<std::int64_t> live = {1, 2, 3, 4};
  std::int64_t merges = 1 + static_cast<std::int64_t>(random.below(3));
  for (std::int64_t i = 0; i < merges; ++i) {
    std::int64_t survivor = live[random.below(live.size())];
    std::int64_t absorbed = survivor;
    while (absorbed == survivor) absorbed = live[random.below(live.size())];
    auto rule = static_cast<MergeFields>(random.below(3));
    std::int64_t last = last_event(crm);
    Done done{0, all_rows(crm), events_up_to(crm, last), last};
    done.event = merge(crm, survivor, absorbed, rule);
    live.erase(std::find(live.begin(), live.end(), absorbed));
    INFO("merge " << absorbed << " into " << survivor);
    for (const char* table : {"lead_custom", "lead_key", "lead_email", "note", "lead_tag", "subscription", "pause", "confirm_wanted",
                              "soft_bounce", "token", "write_key", "event"}) {
      INFO(table);
      CHECK(crm.one("SELECT COUNT(*) FROM " + std::string(table) + " WHERE lead_id = " + std::to_string(absorbed)) == "0");
    }
    CHECK(find(crm, name(absorbed)) == survivor);
    CHECK(faults(crm) == 0);
    stack.push_back(std::move(done));
  }
  for (; !stack.empty(); stack.pop_back()) {
    unmerge(crm, stack.back().event);
    REQUIRE(all_rows(crm) == stack.back().rows);
    REQUIRE(events_up_to(crm, stack.back().last) == stack.back().events);
    CHECK(faults(crm) == 0);
  }
}

TEST_CASE("the first of a long chain of merges resolves to the last", "[merge]") {
  Crm crm;
  constexpr std::int64_t length = 100;
  for (std::int64_t i = 1; i <= length; ++i) crm.lead("l" + std::to_string(i) + "@x.example");
  for (std::int64_t i = 1; i < length; ++i) {
    crm.write([&](Operation& op) { return merge_leads(op, i + 1, i, MergeFields::fill); });
  }
  CHECK(crm.read([](Operation& op) { return find_lead(op, "id:1"); }) == length);
  // Of a damaged file the chain may be a ring.
  crm.write([&](Operation& op) {
    op.db.run("INSERT INTO lead_gone (id, state, survivor_id, at, event_id) VALUES (900, 'merged', 901, 1, 1)");
    op.db.run("INSERT INTO lead_gone (id, state, survivor_id, at, event_id) VALUES (901, 'merged', 900, 1, 1)");
    return 0;
  });
  CHECK(crm.read([](Operation& op) { return find_lead(op, "id:900"); }) == 0);
}

TEST_CASE("what has lapsed when two leads merge does not come back when they part", "[merge][lists]") {
  Crm crm;
  std::int64_t list = crm.put("list", {{"name", "D"}, {"opt_in", "double"}, {"lapse_after", "1 day"}});
  crm.lead("a@x.example");
  crm.lead("b@x.example");
  bool survivors = GENERATE(false, true);
  bool removed = GENERATE(false, true);
  auto join = [&](std::int64_t lead) {
    crm.write([&](Operation& op) { return subscribe(op, lead, list, subscribe_act("host", "", false)); });
  };
  join(2);
  if (survivors) join(1);
  crm.clock += 2 * one_day;
  std::int64_t event = merge(crm, 1, 2);
  if (removed) crm.remove("list", "D");
  unmerge(crm, event);
  CHECK(faults(crm) == 0);
  CHECK(crm.one("SELECT COUNT(*) FROM subscription") == "0");
  crm.write([](Operation& op) { return lapse_subscriptions(op, 100); });
  CHECK(crm.one("SELECT COUNT(*) FROM event e JOIN event_kind k ON k.id = e.kind_id WHERE k.name = 'subscription.lapsed'") == (survivors ? "2" : "1"));
}

TEST_CASE("a pause that was over when two leads merged does not come back without its list", "[merge][pauses]") {
  Crm crm;
  std::int64_t list = crm.put("list", {{"name", "D"}});
  crm.lead("a@x.example");
  crm.lead("b@x.example");
  crm.write([&](Operation& op) { return pause_messages(op, 2, list, op.now + 10, ""); });
  crm.clock += 20;
  std::int64_t event = merge(crm, 1, 2);
  crm.write([](Operation& op) { return end_pauses(op, 100); });
  crm.remove("list", "D");
  unmerge(crm, event);
  CHECK(faults(crm) == 0);
}
