// docs/events.md against what happens: everything that the library records by itself is made to happen, in each of its
// ways, and the keys of the events' data are those that the page lists, no fewer and no more.
#include <catch2/catch.hpp>
#include <fstream>
#include <kith.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "support/paths.h"

namespace {

using Keys = std::map<std::string, std::set<std::string>>;

// The rows "| `kind` | subject | what happened | data |", without what stands in brackets.
Keys documented() {
  std::ifstream file(kith::test::path("../docs/events.md"));
  REQUIRE(file.good());
  std::regex row(R"(\| `([a-z_.]+)` \|[^|]*\|[^|]*\|([^|]*)\|)"), bracket(R"(\([^)]*\))"), key("`([a-z0-9_]+)`");
  Keys keys;
  for (std::string line; std::getline(file, line);) {
    std::smatch found;
    if (!std::regex_match(line, found, row)) continue;
    std::set<std::string>& of_kind = keys[found[1]];
    std::string data = std::regex_replace(found[2].str(), bracket, "");
    for (std::sregex_iterator each(data.begin(), data.end(), key), end; each != end; ++each) of_kind.insert((*each)[1]);
  }
  return keys;
}

constexpr std::int64_t start = 1'700'000'000'000, day = 86'400'000;

class Everything {
 public:
  Keys happened() {
    definitions();
    leads();
    tags();
    lists();
    bulk();
    tokens();
    suppressions();
    merges();
    removals();
    Keys keys;
    for (auto row : db.sql("SELECT k.name, e.data FROM event e JOIN event_kind k ON k.id = e.kind_id WHERE k.id < 1000")) {
      std::set<std::string>& of_kind = keys[std::string(row[0].text())];
      if (row[1].is_null()) continue;
      nlohmann::json data = nlohmann::json::parse(row[1].text());
      for (const auto& [key, value] : data.items()) of_kind.insert(key);
    }
    return keys;
  }

 private:
  std::int64_t lead(const std::string& name) { return db.put("lead", {{"email", at(name)}}).id; }
  static std::string at(const std::string& name) { return name + "@x.example"; }
  std::string token(const std::string& lead, const char* purpose, const char* list = nullptr) {
    kith::Fields with;
    if (list != nullptr) with.add("list", list);
    return std::string(db.token(at(lead), purpose, with)["token"].text());
  }
  void later(std::int64_t days) {
    clock += days * day;
    db.run();
  }

  void definitions() {
    for (const char* kind : {"tag", "category", "list"}) {
      db.put(kind, {{"name", "Plain"}});
      db.put(kind, {{"name", "Said"}, {"description", "more than a name"}});
      db.put(kind, {{"name", "Said"}, {"description", "other"}});
      db.remove(kind, "Said");
    }
    db.put("field", {{"key", "plain"}, {"type", "text"}});
    db.put("field", {{"key", "plain"}, {"label", "Plain"}});
    db.remove("field", "plain");
  }

  void leads() {
    for (const char* name : {"ada", "bob", "cy", "dee", "eve", "fay", "gus", "hal"}) lead(name);
    db.put("lead", {{"email", at("ada")}, {"phone", "+46 70 1"}, {"source", "shop"}});
    db.put("lead", {{"email", at("ada")}, {"city", "Lund"}, {"source", "fair"}});
    db.put("address", {{"lead", at("ada")}, {"email", "ada@y.example"}});
    db.remove("address", "ada@y.example");
    std::int64_t note = db.put("note", {{"lead", at("ada")}, {"text", "called"}}).id;
    db.put("note", {{"id", note}, {"text", "called twice"}});
    db.remove("note", "id:" + std::to_string(note));
  }

  void tags() {
    for (const char* name : {"VIP", "Trial", "Old", "Older"}) db.put("tag", {{"name", name}});
    db.assign(at("ada"), "VIP");
    db.unassign(at("ada"), "VIP");
    db.assign(at("ada"), "Trial", {{"expires", clock + day}});
    db.assign(at("ada"), "Trial", {{"expires", clock + 2 * day}});
    later(3);
    db.assign(at("bob"), "Old");
    db.merge_tags("Older", "Old");
    db.remove("tag", "Older");
  }

  // Each state by each way that adds something to say.
  void lists() {
    db.put("list", {{"name", "News"}, {"opt_in", "single"}});
    db.put("list", {{"name", "Course"}, {"opt_in", "double"}});
    kith::Fields agreed = {{"consent", "I agree"}};
    kith::Fields left = {{"reason", "too much"}};
    db.subscribe(at("ada"), "News", agreed);
    db.subscribe(at("ada"), "News", agreed);
    db.unsubscribe(at("ada"), std::string_view("News"), left);
    db.subscribe(at("ada"), "Course", agreed);
    db.subscribe(at("bob"), "Course", agreed);
    db.confirm(token("bob", "confirm", "Course"));
    db.subscribe(at("bob"), "News");
    db.report(at("bob"), std::string_view("News"), "bounced", {{"bounce", "soft"}, {"code", "450 4.2.1"}});
    db.report(at("bob"), std::string_view("News"), "bounced", {{"code", "550 5.7.1"}});
    db.report(at("bob"), std::string_view("News"), "bounced", {{"code", "550 5.1.1"}});
    db.report(at("bob"), std::string_view("Course"), "complained", {{"code", "fbl"}});
    db.pause(at("ada"), std::string_view("News"), {{"until", clock + day}, {"reason", "holiday"}});
    db.pause(at("cy"), std::string_view("News"), {{"until", clock + 100 * day}});
    db.resume(at("cy"), std::string_view("News"));
    later(60);  // what was asked to confirm lapses, what was paused goes on
    db.subscribe(at("cy"), "Course");
    db.sms_received("+46 70 1", "stop");
    db.sms_received("+46 70 1", "start");
    db.sms_received("+46 70 2", "who is this?");
  }

  void bulk() {
    kith::Query some = {.where = "email starts with 'd' or email starts with 'e'"};
    db.subscribe_where(some, "News", {{"welcome", 1}, {"consent", "I agree"}});
    db.subscribe_where(some, "News", {{"consent", "I agree"}});
    db.unsubscribe_where(some, "News", {{"reason", "too many"}});
    db.subscribe_where(some, "Course", {{"consent", "I agree"}});
    db.assign_where(some, "VIP", {{"expires", clock + day}});
    db.assign_where(some, "VIP");
    db.unassign_where(some, "VIP");
  }

  void tokens() {
    db.token_revoke(token("ada", "data"));
    db.token_revoke(token("ada", "unsubscribe", "News"));
    db.set_preferences(token("ada", "preferences"), {{"News", 1}}, {{"consent", "I agree"}});
    db.set_preferences(token("ada", "preferences"), {{"News", 0}}, {{"reason", "no time"}});
    db.unsubscribe_by_token(token("ada", "unsubscribe", "Course"), {{"reason", "no time"}});
  }

  void suppressions() {
    db.suppress(at("cy"), {{"reason", "complaint"}, {"channel", "email"}, {"note", "by phone"}});
    db.unsuppress(at("cy"), {{"reason", "complaint"}});
    db.suppress("nobody@x.example");
    db.unsuppress("nobody@x.example");
  }

  void merges() {
    db.put("lead", {{"email", at("gus")}, {"city", "Lund"}});
    db.subscribe(at("gus"), "News");
    std::int64_t merge = db.merge(at("fay"), at("gus"));
    db.unmerge(merge);
    db.merge(at("fay"), at("gus"));
  }

  void removals() {
    db.put("lead", {{"email", at("dee")}, {"external_id", "d-1"}, {"phone", "+46 70 3"}, {"phone2", "+46 70 4"}});
    db.remove("lead", at("dee"));
    db.erase(at("eve"), {{"suppress", 1}});
    db.erase(at("hal"));
    db.subscribe(at("ada"), "News", {{"consent", "I agree"}});
    db.remove("list", "News");
  }

  std::int64_t clock = start;
  kith::Database db{"", {.flags = KITH_OPEN_MEMORY, .clock = [this] { return clock; }}};
};

}  // namespace

TEST_CASE("the data of every kind of event has the keys that docs/events.md lists", "[events]") {
  Keys pages = documented();
  Keys events = Everything().happened();
  CHECK(pages.size() > 40);
  for (const auto& [kind, keys] : pages) {
    INFO(kind);
    REQUIRE(events.contains(kind));
    CHECK(events.at(kind) == keys);
  }
  for (const auto& [kind, keys] : events) {
    INFO(kind);
    CHECK(pages.contains(kind));
  }
}
