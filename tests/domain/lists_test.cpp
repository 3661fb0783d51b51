// Lists as things: their fields, what changes of them are refused, what removing one leaves.
#include "domain/lists.h"

#include <catch2/catch.hpp>

#include "base/failing.h"
#include "domain/subscriptions.h"
#include "model/find.h"
#include "support/crm.h"

using namespace kith;
using kith::test::Crm;
using kith::test::failure_of;

namespace {

std::int64_t join(Crm& crm, std::int64_t lead, std::int64_t list) {
  return crm.write([&](Operation& op) { return subscribe(op, lead, list, subscribe_act("host", "", false)); });
}

template <class Call>
bool refused(Call call) {
  std::optional<Failure> failure = failure_of(call);
  return failure && failure->status() == Status::refused;
}

}  // namespace

TEST_CASE("a list has sensible settings from the start, and takes others", "[lists]") {
  Crm crm;
  crm.put("list", {{"name", "News"}});
  CHECK(crm.one("SELECT visible, opt_in, channels, lapse_after, confirm_limit, confirm_period FROM list") ==
        "1|single|[\"email\"]|1209600000|3|86400000");
  crm.put("list", {{"name", "news"}, {"opt_in", "double"}, {"channels", "sms,email"}, {"lapse_after", "2 days"}, {"visible", Value(0)}});
  CHECK(crm.one("SELECT visible, opt_in, channels, lapse_after FROM list") == "0|double|[\"email\",\"sms\"]|172800000");
  // NULL is the default again.
  crm.put("list", {{"name", "News"}, {"opt_in", nullptr}, {"channels", ""}, {"lapse_after", nullptr}, {"visible", nullptr},
                   {"confirm_limit", nullptr}, {"confirm_period", nullptr}});
  CHECK(crm.one("SELECT visible, opt_in, channels, lapse_after, confirm_limit, confirm_period FROM list") ==
        "1|single|[\"email\"]|1209600000|3|86400000");
}

TEST_CASE("settings of a list that make no sense are refused by name", "[lists]") {
  Crm crm;
  struct Wrong {
    const char* field;
    Value value;
    Status status;
  };
  for (const Wrong& wrong : {Wrong{"opt_in", "triple", Status::invalid}, Wrong{"channels", "[]", Status::invalid},
                             Wrong{"channels", "fax", Status::invalid}, Wrong{"confirm_limit", Value(0), Status::invalid},
                             Wrong{"confirm_limit", Value(101), Status::invalid}, Wrong{"confirm_period", "5 s", Status::invalid},
                             Wrong{"lapse_after", Value(-1), Status::invalid}, Wrong{"leads", Value(4), Status::invalid}}) {
    INFO(wrong.field);
    std::optional<Failure> failure = failure_of([&] { crm.put("list", {{"name", "News"}, {wrong.field, wrong.value}}); });
    REQUIRE(failure);
    CHECK(failure->status() == wrong.status);
    CHECK(failure->field() == wrong.field);
  }
  CHECK(crm.one("SELECT COUNT(*) FROM list") == "0");
}

TEST_CASE("no list becomes one that takes everybody in", "[lists]") {
  Crm crm;
  crm.put("list", {{"name", "News"}});
  crm.put("list", {{"name", "Notices"}, {"opt_in", "out"}});
  CHECK(refused([&] { crm.put("list", {{"name", "News"}, {"opt_in", "out"}}); }));
  CHECK(refused([&] { crm.put("list", {{"name", "Notices"}, {"opt_in", "single"}}); }));
  crm.put("list", {{"name", "News"}, {"opt_in", "double"}});
}

TEST_CASE("removing a list takes its rows and sets away and leaves the history", "[lists][trap]") {
  Crm crm;
  std::int64_t news = crm.put("list", {{"name", "News"}});
  std::int64_t other = crm.put("list", {{"name", "Other"}});
  std::int64_t ada = crm.lead("ada@example.com");
  std::int64_t ben = crm.lead("ben@example.com");
  join(crm, ada, news);
  join(crm, ben, news);
  join(crm, ada, other);
  crm.write([&](Operation& op) { return unsubscribe(op, ben, news, unsubscribe_act("lead", "too much")); });
  crm.remove("list", "News");
  CHECK(crm.rows("SELECT lead_id, list_id FROM subscription") == std::vector<std::string>{"1|2"});
  CHECK(crm.rows("SELECT family, owner FROM lead_set WHERE family BETWEEN 3 AND 7") == std::vector<std::string>{"3|2"});
  CHECK(crm.rows("SELECT lead_id, data FROM event WHERE kind_id = 38 ORDER BY id") ==
        std::vector<std::string>{"1|{\"list\":\"News\",\"from\":\"subscribed\"}", "2|{\"list\":\"News\",\"from\":\"unsubscribed\"}"});
  CHECK(crm.one("SELECT data FROM event WHERE kind_id = 33 AND lead_id = 2") ==
        R"({"via":"lead","from":"subscribed","to":"unsubscribed","reason":"too much"})");
}

TEST_CASE("kinds of lists can be read, and subscriptions only read", "[lists]") {
  Crm crm;
  std::int64_t news = crm.put("list", {{"name", "News"}});
  std::int64_t ada = crm.lead("ada@example.com");
  std::int64_t event = join(crm, ada, news);
  crm.read([&](Operation& op) {
    const Kind& kind = op.kinds.get("subscription");
    RowsPtr rows = get_thing(op, kind, event);
    REQUIRE(rows->count() == 1);
    CHECK(rows->text(0, rows->find("list")) == "News");
    CHECK(rows->integer(0, rows->find("lead")) == ada);
    CHECK(rows->text(0, rows->find("state")) == "subscribed");
    RowsPtr list = get_thing(op, op.kinds.get("list"), news);
    CHECK(list->integer(0, list->find("leads")) == 1);
  });
  CHECK(refused([&] { crm.put("subscription", {{"lead", ada}, {"list", news}}); }));
  CHECK(refused([&] { crm.remove("subscription", "id:" + std::to_string(event)); }));
}

TEST_CASE("a definition found by its name keeps the spelling it has, and its id and a rename change it", "[lists][tags][fields]") {
  Crm crm;
  for (const char* kind : {"list", "tag", "category"}) {
    INFO(kind);
    std::int64_t id = crm.put(kind, {{"name", "Good News"}});
    std::string name = "SELECT name FROM " + std::string(kind);
    std::string events = crm.one("SELECT COUNT(*) FROM event");
    CHECK(crm.put(kind, {{"name", "good NEWS"}}) == id);
    CHECK(crm.one(name) == "Good News");
    CHECK(crm.one("SELECT COUNT(*) FROM event") == events);
    crm.put(kind, {{"name", "GOOD NEWS"}, {"description", "all of it"}});  // what else is given is taken
    CHECK(crm.one(name + " WHERE description = 'all of it'") == "Good News");
    CHECK(crm.one("SELECT data FROM event ORDER BY id DESC LIMIT 1") == R"({"changes":{"description":[null,"all of it"]}})");
    crm.put(kind, {{"id", id}, {"name", "good news"}});
    CHECK(crm.one(name) == "good news");
    crm.write([&](Operation& op) { return rename_thing(op, op.kinds.get(kind), "good news", "GOOD news"); });
    CHECK(crm.one(name) == "GOOD news");
  }
}
