// Erasing a lead: a mark in every field and every verb's text, then the bytes of the files; what stays of her; readers
// that hold old pages.
#include <catch2/catch.hpp>

#include <algorithm>
#include <map>

#include "base/failure.h"
#include "base/random.h"
#include "core/erasure.h"
#include "core/run.h"
#include "domain/erase.h"
#include "domain/leads.h"
#include "domain/merge.h"
#include "domain/search.h"
#include "domain/suppression.h"
#include "domain/tags.h"
#include "support/canaries.h"
#include "support/crm.h"
#include "support/folder.h"
#include "support/handle.h"
#include "support/marked.h"

using namespace kith;
using kith::test::Canaries;
using kith::test::Crm;
using kith::test::Folder;
using kith::test::Handle;
using kith::test::Fields;
using kith::test::make_definitions;
using kith::test::Marked;

namespace {

using Lines = std::vector<std::string>;

// Leads around the marked one, so that trees have inner pages and neighbours move; with a few personal values each.
void fill(kith_db* db, int count, std::uint64_t seed) {
  SeededRandom random(seed);
  auto word = [&] {
    std::string out;
    for (int i = 0; i < 10; ++i) out += static_cast<char>('a' + random.below(26));
    return out;
  };
  OK(kith_begin(db, err));
  for (int i = 0; i < count; ++i) {
    Fields lead;
    std::string email = word() + "@example.com";
    lead.text("email", email).text("first_name", word()).text("company", word()).text("custom_text", word()).text("external_id", word());
    OK(kith_put(db, "lead", lead.data(), lead.size(), nullptr, 0, nullptr, nullptr, err));
    Fields note;
    note.text("lead", email).text("text", word());
    if (i % 7 == 0) OK(kith_put(db, "note", note.data(), note.size(), nullptr, 0, nullptr, nullptr, err));
    if (i % 5 == 0) OK(kith_record(db, email.c_str(), "shop.bought", ("{\"a\":\"" + word() + "\"}").c_str(), nullptr, 0, nullptr, err));
  }
  OK(kith_commit(db, err));
}

void build_search_index(kith_db* db) {
  kith_rows* rows = nullptr;
  OK(kith_search(db, "nobody", 0, &rows, err));
  kith_rows_free(rows);
}

}  // namespace

TEST_CASE("after an erasure no file holds anything of the lead", "[erase]") {
  Folder folder;
  int round = GENERATE(0, 1, 2, 3);
  INFO("round " << round);
  Handle db(folder / "a.kith", round % 2 == 0 ? 0U : static_cast<unsigned>(KITH_OPEN_NORMAL_SYNC));
  REQUIRE(db.is_open());
  make_definitions(db);
  if (round >= 1) build_search_index(db);
  if (round >= 2) fill(db, 800, 1);
  Marked ada("Ad");
  ada.put(db, "example.com");
  Marked twin("Tw");  // merged into her, and with it all of its marks
  if (round == 3) {
    fill(db, 800, 2);
    twin.put(db, "twin.example", "88765432");
    OK(kith_merge(db, ada.email.c_str(), twin.email.c_str(), Fields().text("by", twin.email).data(), 1, nullptr, err));
  }
  fill(db, round >= 2 ? 800 : 5, 3);
  for (const Canaries* marks : {&ada.canaries, &ada.keys}) {
    Lines before = marks->in_folder(folder / "");
    for (const std::string& mark : marks->marks()) {
      INFO(mark);
      bool there = std::any_of(before.begin(), before.end(), [&](const std::string& line) { return line.ends_with(mark); });
      CHECK(there);  // else the test would prove nothing
    }
  }
  std::string events = db.one("SELECT COUNT(*) FROM event");
  std::int32_t pending = -1;
  std::int64_t event = 0;
  Fields with;
  with.integer("suppress", round % 2).text("by", ada.email).text("ip", "203.0.113.78").text("key", ada.keys.word());
  OK(kith_erase(db, ada.email.c_str(), with.data(), with.size(), &pending, &event, err));
  CHECK(pending == 0);
  CHECK(event > 0);
  for (const Canaries* marks : {&ada.canaries, &ada.keys, &twin.canaries, &twin.keys}) CHECK(marks->in_folder(folder / "") == Lines{});
  CHECK(db.check() == Lines{});
  CHECK(std::stoll(db.one("SELECT COUNT(*) FROM event")) >= std::stoll(events) + 1);
  db.close();
  CHECK(ada.canaries.in_folder(folder / "") == Lines{});
}

TEST_CASE("erasing one lead in ten leaves none of them in the search index or between its pages", "[erase]") {
  Folder folder;
  Canaries canaries;
  Crm crm(folder / "a.kith");
  SeededRandom random(5);
  crm.database.begin();
  crm.write([](Operation& op) {
    build_search(op);
    return 0;
  });
  std::vector<std::int64_t> doomed;
  for (int i = 0; i < 3000; ++i) {
    std::string word;
    for (int c = 0; c < 12; ++c) word += static_cast<char>('a' + random.below(26));
    std::int64_t lead = crm.put("lead", {{"email", word + "@example.com"}, {"first_name", word}});
    if (i % 10 == 3) {
      doomed.push_back(lead);
      canaries.add(word);
    }
  }
  crm.database.commit();
  for (std::int64_t lead : doomed) crm.write([&](Operation& op) { return erase_lead(op, lead, false); });
  CHECK(finish_erasures(crm.database));
  CHECK(canaries.in_folder(folder / "") == Lines{});
}

TEST_CASE("an erased lead leaves a tombstone with counts, and its log without what is personal", "[erase]") {
  Crm crm;
  crm.put("tag", {{"name", "VIP"}});
  crm.put("list", {{"name", "News"}});
  crm.put("lead", {{"email", "ada@example.com"}, {"first_name", "Ada"}});
  crm.lead("bob@example.com");
  crm.put("note", {{"lead", 1}, {"text", "hello"}});
  crm.write([](Operation& op) { return assign_tag(op, 1, 1, {}); });
  crm.write_with({{"by", "anna"}, {"ip", "203.0.113.9"}}, [](Operation& op) { return unassign_tag(op, 1, 1); });
  crm.write_with({{"by", "<ADA@example.com>"}}, [](Operation& op) { return assign_tag(op, 1, 1, {true, op.now + 1000}); });
  std::int64_t event = crm.write([](Operation& op) { return erase_lead(op, 1, false); });
  CHECK(crm.rows("SELECT kind_id, subject_id, actor, ip, data FROM event WHERE lead_id = 1 ORDER BY id") ==
        Lines{"1|-|-|-|-", "9|1|-|-|-", "20|1|-|-|-", "21|1|anna|-|-", "20|1|-|-|{\"expires\":" + std::to_string(crm.clock + 1000) + "}", "6|-|-|-|-"});
  CHECK(crm.one("SELECT id, state, event_id FROM lead_gone") == "1|erased|" + std::to_string(event));
  CHECK_THAT(crm.one("SELECT counts FROM lead_gone"), Catch::Contains("\"note\":1") && Catch::Contains("\"lead_tag\":1") && Catch::Contains("\"event\":5"));
  crm.read([](Operation& op) {
    CHECK(op.sets.everybody().size() == 1);
    CHECK(count_with_tag(op, 1) == 0);
    CHECK_THROWS_AS(lead_to_erase(op, "id:1"), Failure);
    CHECK(find_lead(op, "ada@example.com") == 0);
  });
  CHECK(crm.lead("ada@example.com") == 3);  // she may come back as somebody new
}

TEST_CASE("an erased address stays suppressed by its hash when that is asked for", "[erase]") {
  bool suppress = GENERATE(false, true);
  Crm crm;
  crm.lead("ada@example.com");
  crm.put("address", {{"lead", 1}, {"email", "ada@work.example"}});
  crm.write([](Operation& op) { return kith::suppress(op, email_target("ada@work.example"), {.note = "asked"}); });
  crm.write([&](Operation& op) { return erase_lead(op, 1, suppress); });
  CHECK(crm.one("SELECT COUNT(*) FROM suppression WHERE target IS NOT NULL OR note IS NOT NULL") == "0");
  auto reasons = [&](std::string_view address) {
    return crm.rows("SELECT reason FROM suppression WHERE target_hash = '" + email_target(address).hash + "' ORDER BY id");
  };
  CHECK(reasons("ada@example.com") == (suppress ? Lines{"erased"} : Lines{}));
  CHECK(reasons("ada@work.example") == (suppress ? Lines{"manual", "erased"} : Lines{"manual"}));
  crm.lead("ada@example.com");
  CHECK(crm.read([](Operation& op) { return suppression_of(op, 2, Channel::email).has_value(); }) == suppress);
}

TEST_CASE("an erasure also takes the text of suppressions of what the lead had before", "[erase]") {
  Crm crm;
  crm.put("lead", {{"email", "old@example.com"}, {"phone", "+46 70 111 11 11"}});
  crm.lead("bob@example.com");
  for (const char* target : {"old@example.com", "tel:+46701111111", "bob@example.com"}) {
    crm.write([&](Operation& op) { return kith::suppress(op, suppression_target(target, "target"), {.note = "n"}); });
  }
  crm.put("lead", {{"id", 1}, {"email", "new@example.com"}, {"phone", "+46 70 222 22 22"}});
  crm.write([](Operation& op) { return erase_lead(op, 1, false); });
  CHECK(crm.rows("SELECT target FROM suppression ORDER BY id") == Lines{"-", "-", "bob@example.com"});
}

TEST_CASE("a lead that was removed can be erased by its id, with what the log keeps of it", "[erase]") {
  Crm crm;
  crm.put("lead", {{"email", "ada@example.com"}, {"first_name", "Ada"}});
  crm.put("lead", {{"email", "ada@example.com"}, {"first_name", "Augusta"}});
  crm.write([](Operation& op) { return kith::suppress(op, email_target("ada@example.com"), {.note = "asked"}); });
  crm.remove("lead", "id:1");
  CHECK(crm.one("SELECT COUNT(*) FROM event WHERE data LIKE '%Augusta%'") == "1");
  CHECK(crm.one("SELECT target FROM suppression") == "ada@example.com");
  Given suppress[] = {{"suppress", 1}};
  ErasureResult result = erase(crm.database, "id:1", suppress);
  CHECK(crm.rows("SELECT reason, target, note FROM suppression ORDER BY id") == Lines{"manual|-|-", "erased|-|-"});
  CHECK_FALSE(result.pending);
  CHECK(crm.one("SELECT COUNT(*) FROM event WHERE data LIKE '%Augusta%'") == "0");
  CHECK(crm.one("SELECT state FROM lead_gone") == "erased");
  CHECK_THROWS_WITH(erase(crm.database, "id:1", {}), Catch::Contains("no lead"));
}

TEST_CASE("erasing under a key is done once, and the key is not kept", "[erase]") {
  Crm crm;
  crm.lead("ada@example.com");
  Given key[] = {{"key", "ada@example.com asked"}};
  std::int64_t event = erase(crm.database, "id:1", key).event;
  CHECK(erase(crm.database, "id:1", key).event == event);
  CHECK(crm.one("SELECT COUNT(*) FROM write_key WHERE key LIKE '%ada%'") == "0");
}

TEST_CASE("an erasure finds as an actor what the lead had before", "[erase]") {
  bool removed = GENERATE(false, true);
  INFO("removed first: " << removed);
  Crm crm;
  crm.put("tag", {{"name", "VIP"}});
  crm.put("lead", {{"email", "old@example.com"}, {"external_id", "anna"}, {"phone", "+46 70 111 11 11"}});
  crm.lead("bob@example.com");
  auto done_by = [&](std::int64_t lead, const std::string& actor) {
    crm.write_with({{"by", actor}}, [&](Operation& op) { return assign_tag(op, lead, 1, {}); });
    crm.write_with({{"by", actor}}, [&](Operation& op) { return unassign_tag(op, lead, 1); });
  };
  crm.put("address", {{"lead", 1}, {"email", "more@example.com"}});
  for (const char* actor : {"old@example.com", "New <new@example.com>", "MORE@example.com", "\xC2\xABold@example.com\xC2\xBB.", "external:anna", "+46701111111", "bold@example.com", "old@example.com.au",
                            "more.old@example.com", "anna", "external:annabel", "17"}) {
    done_by(2, actor);
  }
  done_by(1, "anna");
  crm.put("lead", {{"id", 1}, {"email", "new@example.com"}, {"external_id", "anna2"}});
  done_by(1, "old@example.com");
  done_by(1, "our.shop");
  if (removed) crm.remove("lead", "id:1");
  crm.write_with({{"by", "old@example.com"}}, [](Operation& op) { return erase_lead(op, lead_to_erase(op, "id:1"), false); });
  CHECK(crm.rows("SELECT DISTINCT actor FROM event WHERE lead_id = 2 AND actor IS NOT NULL ORDER BY id") ==
        Lines{"bold@example.com", "old@example.com.au", "more.old@example.com", "anna", "external:annabel", "17"});
  CHECK(crm.rows("SELECT DISTINCT actor FROM event WHERE lead_id = 1 AND actor IS NOT NULL") == Lines{"our.shop"});
  CHECK(crm.one("SELECT COUNT(*) FROM event WHERE lead_id = 1 AND (data LIKE '%anna%' OR data LIKE '%example%')") == "0");
}

TEST_CASE("an erasure after a removal knows the external ids that the lead had then, its own and those of whom it absorbed", "[erase]") {
  Crm crm;
  crm.put("lead", {{"email", "ada@example.com"}, {"external_id", "a-1"}});
  crm.put("lead", {{"email", "twin@example.com"}, {"external_id", "t-1"}});
  crm.lead("bob@example.com");
  crm.put("tag", {{"name", "VIP"}});
  crm.write([](Operation& op) { return merge_leads(op, 1, 2, MergeFields::fill); });
  for (const char* actor : {"external:a-1", "external:t-1", "twin@example.com"}) {
    crm.write_with({{"by", actor}}, [](Operation& op) { return assign_tag(op, 3, 1, {}); });
    crm.write_with({{"by", actor}}, [](Operation& op) { return unassign_tag(op, 3, 1); });
  }
  crm.remove("lead", "id:1");
  CHECK_THAT(crm.one("SELECT data FROM event ORDER BY id DESC LIMIT 1"), Catch::Contains("\"external_id\":[\"a-1\",\"t-1\"]"));
  crm.write([](Operation& op) { return erase_lead(op, lead_to_erase(op, "id:1"), false); });
  CHECK(crm.one("SELECT COUNT(*) FROM event WHERE actor IS NOT NULL") == "0");
  CHECK(crm.one("SELECT COUNT(*) FROM event WHERE data LIKE '%-1%'") == "0");
}

TEST_CASE("an address that somebody else has by now stays theirs when whoever had it is erased", "[erase]") {
  Crm crm;
  crm.put("tag", {{"name", "VIP"}});
  crm.lead("desk@example.com");
  crm.put("lead", {{"id", 1}, {"email", "ada@example.com"}});
  crm.lead("desk@example.com");
  crm.write_with({{"by", "desk@example.com"}}, [](Operation& op) { return assign_tag(op, 2, 1, {}); });
  crm.write([](Operation& op) { return erase_lead(op, 1, false); });
  CHECK(crm.one("SELECT actor FROM event WHERE kind_id = 20") == "desk@example.com");
}

TEST_CASE("while a reader holds old pages an erasure is pending, and a run finishes it", "[erase]") {
  Folder folder;
  Canaries canaries;
  std::string name = canaries.word();
  Crm crm(folder / "a.kith");
  crm.put("lead", {{"email", "ada@example.com"}, {"first_name", name}});
  {
    Crm reader(folder / "a.kith", true);
    reader.database.begin();
    CHECK(reader.one("SELECT COUNT(*) FROM lead") == "1");
    CHECK(erase(crm.database, "ada@example.com", {}).pending);
    CHECK(canaries.in_folder(folder / "") != Lines{});
    RunResult run = run_due(crm.database, 0);
    CHECK(run.next > crm.clock);  // called again, it tries again
    CHECK(canaries.in_folder(folder / "") != Lines{});
    reader.database.rollback();
  }
  RunResult run = run_due(crm.database, 0);
  CHECK(run.next == 0);
  CHECK(canaries.in_folder(folder / "") == Lines{});
  CHECK(crm.one("SELECT COUNT(*) FROM setting WHERE name = 'erase_pending'") == "0");
}

TEST_CASE("an erasure inside a transaction is pending until a run after its commit", "[erase]") {
  Folder folder;
  Canaries canaries;
  Crm crm(folder / "a.kith");
  crm.put("lead", {{"email", "ada@example.com"}, {"first_name", canaries.word()}});
  crm.database.begin();
  CHECK(erase(crm.database, "ada@example.com", {}).pending);
  crm.database.commit();
  CHECK(run_due(crm.database, 0).next == 0);
  CHECK(canaries.in_folder(folder / "") == Lines{});
  crm.database.begin();
  crm.lead("bob@example.com");
  erase(crm.database, "bob@example.com", {});
  crm.database.rollback();
  CHECK(crm.one("SELECT COUNT(*) FROM setting WHERE name = 'erase_pending'") == "0");
}

// Whoever adds a kind that leads own, a field or an extra that takes text has to mark it above, or to say here why it
// can hold nothing about a person.
TEST_CASE("every text that a host can give about a lead has its mark in these tests", "[erase]") {
  Handle db("", KITH_OPEN_MEMORY);
  make_definitions(db);
  Marked ada("Ad");
  ada.put(db, "example.com");
  auto table = [&](const char* topic, const std::vector<const char*>& columns) {
    kith_rows* rows = nullptr;
    OK(kith_schema(db, topic, &rows, err));
    std::vector<std::vector<std::string>> out;
    for (std::int64_t row = 0; row < kith_rows_count(rows); ++row) {
      std::vector<std::string>& cells = out.emplace_back();
      for (const char* name : columns) {
        std::int32_t column = kith_rows_column(rows, name);
        REQUIRE(column >= 0);
        bool number = kith_rows_type(rows, row, column) == KITH_INTEGER;
        cells.push_back(number ? std::to_string(kith_rows_integer(rows, row, column)) : kith_rows_text(rows, row, column));
      }
    }
    kith_rows_free(rows);
    return out;
  };
  std::map<std::string, bool> of_leads;
  for (const auto& kind : table("kinds", {"kind", "owner", "writable"})) of_leads[kind[0]] = (kind[1] == "lead" || kind[0] == "lead") && kind[2] == "1";
  const std::vector<std::string> of_many = {"lead.country", "lead.time_zone", "lead.language"};  // chosen from what is known
  int fields = 0;
  for (const auto& field : table("fields", {"kind", "field", "type", "writable", "refers"})) {
    std::string name = field[0] + "." + field[1];
    if (!of_leads[field[0]] || field[3] != "1" || !field[4].empty() || field[2] == "integer" || field[2] == "boolean") continue;
    if (std::find(of_many.begin(), of_many.end(), name) != of_many.end()) continue;
    INFO(name);
    kith_query query = {};
    query.size = sizeof query;
    query.columns = field[1].c_str();
    kith_rows* rows = nullptr;
    OK(kith_find(db, field[0].c_str(), &query, &rows, err));
    std::string all;
    for (const std::string& row : kith::test::texts_of(rows)) all += row + " ";
    CHECK_FALSE(ada.canaries.in(all).empty());
    ++fields;
  }
  CHECK(fields > 25);
  const std::vector<std::string> marked = {"by",           "ip",          "put.consent",          "suppress.note",   "subscribe.consent", "unsubscribe.reason",
                                           "report.code",  "pause.reason", "set_preferences.consent", "set_preferences.reason", "unsubscribe_by_token.reason", "record.subject"};
  const std::vector<std::string> not_hers = {
      "key",                                                                 // only its hash is kept by an erasure, and the keys of her writes go
      "put.tag", "put.list", "token.list",                                   // names of definitions
      "put.source", "put_many.source", "put_batch.source", "put_stream.source",  // the field `source`, which is marked
      "put_many.tag", "put_many.list", "put_many.consent", "put_batch.tag", "put_batch.list", "put_batch.consent", "put_stream.tag", "put_stream.list",
      "put_stream.consent",                                                  // the wording for many, by the way of put
      "subscribe_where.consent", "unsubscribe_where.reason",                 // as subscribe and unsubscribe have them
  };
  for (const auto& extra : table("verbs", {"verb", "extra", "type"})) {
    if (extra[2] != "text" && extra[2] != "ip") continue;
    std::string name = extra[0].empty() ? extra[1] : extra[0] + "." + extra[1];
    INFO(name);
    bool known = std::find(marked.begin(), marked.end(), name) != marked.end() || std::find(not_hers.begin(), not_hers.end(), name) != not_hers.end();
    CHECK(known);
  }
}

TEST_CASE("an erased lead is no actor in the events of others", "[erase]") {
  Folder folder;
  Handle db(folder / "a.kith");
  make_definitions(db);
  Canaries canaries;
  std::string email = canaries.word() + "@example.com";
  REQUIRE(db.put(email) == "");
  REQUIRE(db.put("bob@example.com") == "");
  OK(kith_assign(db, "bob@example.com", "VIP", Fields().text("by", email).data(), 1, nullptr, err));
  OK(kith_unassign(db, "bob@example.com", "VIP", Fields().text("by", "Ada <" + email + ">").data(), 1, nullptr, err));
  OK(kith_assign(db, "bob@example.com", "VIP", Fields().text("by", "anna@our.shop").data(), 1, nullptr, err));
  OK(kith_suppress(db, "@spam.example", Fields().text("by", email).data(), 1, nullptr, err));
  OK(kith_rename(db, "tag", "VIP", "Friends", Fields().text("by", email).data(), 1, nullptr, err));
  OK(kith_erase(db, email.c_str(), nullptr, 0, nullptr, nullptr, err));
  CHECK(canaries.in_folder(folder / "") == Lines{});
  CHECK(db.sql("SELECT actor FROM event WHERE lead_id = 2 AND kind_id IN (20, 21) ORDER BY id") == Lines{"-", "-", "anna@our.shop"});
  CHECK(db.check() == Lines{});
}

TEST_CASE("marks are found in every writing", "[erase]") {
  Canaries canaries;
  std::string mark = canaries.add("Qqz1000Xkv");
  CHECK(canaries.in("...Qqz1000Xkv...").size() == 1);
  CHECK(canaries.in("...QQZ1000XKV...").size() == 1);
  CHECK(canaries.in("51717a31303030586b76").size() == 1);
  CHECK(canaries.in("xx UXF6MTAwMFhrdg== xx").size() == 1);      // "Qqz1000Xkv"
  CHECK(canaries.in("YVFxejEwMDBYa3Zi").size() == 1);            // "aQqz1000Xkvb"
  CHECK(canaries.in("YWFRcXoxMDAwWGt2Yg==").size() == 1);        // "aaQqz1000Xkvb"
  CHECK(canaries.in(std::string("\0Q\0q\0z\0""1\0""0\0""0\0""0\0X\0k\0v", 20)).size() == 1);
  CHECK(canaries.in("Qqz1000Xk").empty());
}
