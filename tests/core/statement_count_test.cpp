// How many statements a verb runs, whoever runs them: on an engine at the other end of a wire each would be a journey.
// A verb about one lead runs a dozen; one about many, a number that does not depend on how many they are, but for the
// rows that are written by 64 and the sets of ids that are handed over by 65,536.
#include <catch2/catch.hpp>

#include <map>
#include <string>

#include "sqlite3.h"
#include "support/shop.h"
#include "support/statements.h"

using namespace kith::test;
using kith::Database;
using kith::Query;

namespace {

// Counts what is executed on every connection that prepares something while it lives.
class ExecutionWatch final : public StatementWatch {
 public:
  int count() const { return count_; }
  void forget() {
    count_ = 0;
    texts_.clear();
  }
  std::string texts() const {
    std::string all;
    for (const auto& [text, times] : texts_) all += "\n  " + std::to_string(times) + " x " + text.substr(0, 160);
    return all;
  }

 private:
  void prepared(std::string_view, sqlite3_stmt*, sqlite3* db) override { sqlite3_trace_v2(db, SQLITE_TRACE_STMT, executed, this); }
  static int executed(unsigned, void* self, void*, void* text) {
    std::string_view sql = static_cast<const char*>(text);
    // What the index of search does with its own tables is beneath the statements.
    if (sql.starts_with("--") || sql.find("'lead_search_") != std::string_view::npos) return 0;
    auto* watch = static_cast<ExecutionWatch*>(self);
    ++watch->count_;
    ++watch->texts_[std::string(sql)];
    return 0;
  }
  int count_ = 0;
  std::map<std::string, int> texts_;
};

// Rows that are written together take a statement each 64, and at most six for the rest.
int bulk(int rows) { return rows / 64 + 6; }

// What was counted, for the message of a failure.
class Table {
 public:
  explicit Table(ExecutionWatch& watch) : watch_(watch) {}

  template <class Work>
  int count(const std::string& name, int most, Work work) {
    watch_.forget();
    work();
    int count = watch_.count();
    lines_ += "\n" + std::to_string(count) + " of at most " + std::to_string(most) + "  " + name;
    INFO("statements" << lines_);
    INFO("of " << name << ":" << watch_.texts());
    CHECK(count <= most);
    CHECK(count > 0);
    return count;
  }

 private:
  ExecutionWatch& watch_;
  std::string lines_;
};

}  // namespace

TEST_CASE("a verb about one lead runs a dozen statements at most", "[cost]") {
  ExecutionWatch watch;
  Shop shop(600);
  Database db = shop.open();
  std::string four = Shop::email(4);  // on no list but Club
  db.count("lead");
  Table table(watch);
  constexpr int dozen = 12;
  table.count("put a new lead", dozen, [&] { db.put("lead", {{"email", "a@y.example"}, {"first_name", "Ada"}}); });
  table.count("put a new lead with external id, phone and custom fields", dozen,
              [&] { db.put("lead", {{"email", "b@y.example"}, {"external_id", "b"}, {"phone", "+46 1"}, {"plan", "free"}, {"visits", 3}}); });
  table.count("put a lead that is so already", dozen, [&] { db.put("lead", {{"email", "b@y.example"}, {"external_id", "b"}, {"plan", "free"}}); });
  table.count("put a lead that changes", dozen, [&] { db.put("lead", {{"email", "b@y.example"}, {"city", "Lund"}, {"plan", "gold"}}); });
  table.count("put another address", dozen, [&] { db.put("lead", {{"id", 7}, {"email", "c@y.example"}}); });
  // As putting, assigning and subscribing do one after the other.
  table.count("put a new lead with a tag and a list", 3 * dozen, [&] { db.put("lead", {{"email", "both@y.example"}}, {{"tag", "VIP"}, {"list", "News"}}); });
  table.count("assign", dozen, [&] { db.assign(four, "VIP"); });
  table.count("assign for another time", dozen, [&] { db.assign(four, "VIP", {{"expires", shop.clock + Shop::day}}); });
  table.count("unassign", dozen, [&] { db.unassign(four, "VIP"); });
  table.count("record", dozen, [&] { db.record(four, "shop.bought"); });
  table.count("record with a key", dozen, [&] { db.record(four, "shop.bought", "{}", {{"key", "k"}}); });
  table.count("pause", dozen, [&] { db.pause(four, "Offers", {{"until", shop.clock + Shop::day}}); });
  table.count("get", dozen, [&] { db.get("lead", four); });
  table.count("may_send", dozen, [&] { db.may_send(four, "Club"); });
  table.count("count those with a tag", dozen, [&] { db.count("lead", {.where = "tag 'Big'"}); });
  // The names of all tags that a page speaks of are found together, also of those that are gone.
  for (int i = 0; i < 30; ++i) {
    std::string tag = "Tag " + std::to_string(i);
    db.put("tag", {{"name", tag}});
    db.assign(four, tag);
    if (i % 2 == 0) db.remove("tag", tag);
  }
  table.count("timeline", dozen, [&] { db.timeline_page(four); });
  // Consent moves a lead between two sets, looks up what is suppressed, and may record a second event.
  table.count("unsubscribe", dozen + 4, [&] { db.unsubscribe("id:9", "News"); });
  table.count("subscribe", 2 * dozen, [&] { db.subscribe(four, "News"); });
  table.count("subscribe to what must be confirmed", 2 * dozen, [&] { db.subscribe("id:1", "Club"); });
}

TEST_CASE("a verb about many leads runs as many statements for ten of them as for ten thousand, but for rows by 64", "[cost]") {
  constexpr int few = 10, many = 10'000;
  ExecutionWatch watch;
  Shop shop(60);
  Database db = shop.open();
  for (const char* tag : {"Few", "Many"}) db.put("tag", {{"name", tag}});
  auto rows = [](const std::string& prefix, int count) {
    kith::Table table({"email", "external_id", "first_name", "plan"});
    for (int i = 0; i < count; ++i) table.add({prefix + std::to_string(i) + "@y.example", prefix + std::to_string(i), "Ada", "free"});
    return table;
  };
  Table table(watch);
  struct Segment {
    const char* tag;
    const char* where;
    int size;
  };
  const Segment segments[] = {{"Few", "tag 'Few'", few}, {"Many", "tag 'Many'", many}};
  constexpr int constant = 36;  // of any verb below, whoever many the leads are
  for (const Segment& segment : segments) {
    std::string size = std::to_string(segment.size) + ": ";
    kith::Table leads = rows(segment.tag, segment.size);
    // Into the tables of leads, of their two keys, of custom fields and of events; and two lookups of keys, 64 at a time.
    table.count(size + "put_many", constant + bulk(segment.size) + bulk(2 * segment.size) + 2 * bulk(segment.size) + 2 * bulk(segment.size), [&] { db.put_many("lead", leads); });
    db.assign_where({.where = "external_id starts with ?", .args = {segment.tag}}, segment.tag);
    REQUIRE(db.count("lead", {.where = segment.where}) == segment.size);
    Query query{.where = segment.where};
    // Into lead_tag and event.
    table.count(size + "assign_where", constant + 2 * bulk(segment.size), [&] { REQUIRE(db.assign_where(query, "Other") == segment.size); });
    table.count(size + "assign_where, who have it already", constant, [&] { REQUIRE(db.assign_where(query, "Other") == 0); });
    table.count(size + "assign_where for another time", constant + bulk(segment.size), [&] { REQUIRE(db.assign_where(query, "Other", {{"expires", shop.clock + Shop::day}}) == segment.size); });
    table.count(size + "unassign_where", constant + bulk(segment.size), [&] { REQUIRE(db.unassign_where(query, "Other") == segment.size); });
    // Into subscription and event. Addresses are looked up against suppressions 8,192 at a time, by three statements.
    table.count(size + "subscribe_where", constant + 2 * bulk(segment.size), [&] { REQUIRE(db.subscribe_where(query, "News") == segment.size); });
    table.count(size + "subscribe_where, who are on it", constant, [&] { REQUIRE(db.subscribe_where(query, "News") == 0); });
    table.count(size + "unsubscribe_where", constant + 2 * bulk(segment.size), [&] { REQUIRE(db.unsubscribe_where(query, "News") == segment.size); });
    // The confirmation that is asked for is a second event, and is remembered.
    table.count(size + "subscribe_where to what must be confirmed", constant + 4 * bulk(segment.size), [&] { REQUIRE(db.subscribe_where(query, "Club") == segment.size); });
    table.count(size + "count", constant, [&] { db.count("lead", query); });
    table.count(size + "find a page", constant, [&] { db.find_page("lead", {.where = segment.where, .limit = 100}); });
    table.count(size + "merge_tags", constant, [&] { db.put("tag", {{"name", "Third"}}); db.merge_tags("Third", segment.tag); });
  }
}

TEST_CASE("what is due is done by the thousand", "[cost]") {
  constexpr int leads = 4000, batch = 1000;
  ExecutionWatch watch;
  Shop shop(60);
  Database db = shop.open();
  db.run();
  kith::Table rows({"email"});
  for (int i = 0; i < leads; ++i) rows.add({"p" + std::to_string(i) + "@y.example"});
  db.put_many("lead", rows, 0, {{"tag", "Other"}, {"list", "Club"}});
  Query query{.where = "tag 'Other'"};
  db.assign_where(query, "VIP", {{"expires", shop.clock + Shop::day}});
  for (int i = 0; i < 30; ++i) db.pause("p" + std::to_string(i) + "@y.example", "News", {{"until", shop.clock + 2 * Shop::day}});
  Table table(watch);
  // A batch: what is due, its events by 64, a deletion and two changes of a set for each tag or list and each 65,536 leads.
  auto most = [](int due) { return (due / batch + 2) * (24 + bulk(batch)) + 24; };
  shop.clock += 3 * Shop::day;
  table.count("expiries of tags, ends of pauses", most(leads), [&] { REQUIRE(db.run().done >= leads); });
  shop.clock += 20 * Shop::day;
  table.count("lapses", most(leads), [&] { REQUIRE(db.run().done >= leads); });
}
