// Every verb of kith.h that takes `with`, found in bindings/kith.json: that it minds the extras of all verbs, and takes
// those that kith_schema lists with it and no others. A new verb fails here until it has its line in `all_cases`.
#include <catch2/catch.hpp>
#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "kith_arrow.h"
#include "support/arrow.h"
#include "support/handle.h"
#include "support/paths.h"

using namespace kith::test;

namespace {

using Fields = std::vector<kith_field>;
constexpr std::int64_t start = 1'700'000'000'000;

// A small world with a clock, and what cases need to know of it.
struct World {
  kith_db* db = nullptr;
  std::int64_t clock = start;
  std::int64_t merged = 0;                               // the event of a merge
  std::map<std::string, std::string> tokens;             // "ada confirm" ...
  kith_error* error = nullptr;
  std::string failure;

  World() {
    kith_options options = {};
    options.size = sizeof options;
    options.flags = KITH_OPEN_MEMORY;
    options.now = [](void* user) { return static_cast<World*>(user)->clock; };
    options.user = this;
    REQUIRE(kith_open(nullptr, &options, &db, nullptr) == KITH_OK);
    for (const char* who : {"ada", "bob", "cy", "dee", "eve"}) put("lead", {kith_text("email", address(who).c_str())});
    Fields phone = {kith_text("email", "ada@x.example"), kith_text("phone", "+46 70 1")};
    put("lead", phone);
    for (const char* tag : {"VIP", "Member", "Gold", "Silver"}) put("tag", {kith_text("name", tag)});
    for (const char* list : {"News", "Course"}) put("list", {kith_text("name", list), kith_text("opt_in", "double")});
    for (const char* who : {"ada", "bob"}) {
      REQUIRE(kith_assign(db, address(who).c_str(), "Member", nullptr, 0, nullptr, nullptr) == KITH_OK);
      REQUIRE(kith_subscribe(db, address(who).c_str(), "News", nullptr, 0, nullptr, nullptr) == KITH_OK);
      kith_field until = kith_text("until", "2030-01-01T00:00:00Z");
      REQUIRE(kith_pause(db, address(who).c_str(), "Course", &until, 1, nullptr, nullptr) == KITH_OK);
      REQUIRE(kith_suppress(db, ("old-" + address(who)).c_str(), nullptr, 0, nullptr, nullptr) == KITH_OK);
      for (const char* purpose : {"confirm", "unsubscribe", "preferences", "data"}) {
        kith_field list = kith_text("list", "News");
        std::size_t extras = *purpose == 'c' || *purpose == 'u' ? 1 : 0;
        kith_rows* rows = nullptr;
        REQUIRE(kith_token(db, address(who).c_str(), purpose, &list, extras, &rows, nullptr) == KITH_OK);
        tokens[std::string(who) + " " + purpose] = kith_rows_text(rows, 0, 0);
        kith_rows_free(rows);
      }
    }
    REQUIRE(kith_merge(db, address("dee").c_str(), address("eve").c_str(), nullptr, 0, &merged, nullptr) == KITH_OK);
    clock += 1000;
  }
  ~World() { kith_close(db); }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  static std::string address(const std::string& who) { return who + "@x.example"; }
  void put(const char* kind, const Fields& fields) {
    REQUIRE(kith_put(db, kind, fields.data(), fields.size(), nullptr, 0, nullptr, nullptr, nullptr) == KITH_OK);
  }
  std::vector<std::string> sql(const std::string& text) {
    kith_rows* rows = nullptr;
    REQUIRE(kith_sql(db, text.c_str(), nullptr, 0, &rows, nullptr) == KITH_OK);
    return texts_of(rows);
  }
  std::int64_t newest() { return std::stoll(sql("SELECT COALESCE(MAX(id), 0) FROM event").front()); }
  const char* token(const std::string& which) { return tokens.at(which).c_str(); }
};

// What a verb does: `other` 1 takes the same verb to another object.
struct Case {
  std::function<kith_status(World&, const Fields& with, int other, std::int64_t& answer, kith_error** err)> call;
  enum class Key : std::uint8_t { once, refused, unread } key = Key::once;  // unread: the verb writes nothing, and knows only its own extras
  Fields own = {};  // extras that it cannot do without
};

const char* who(int other) { return other == 0 ? "ada@x.example" : "bob@x.example"; }

kith_query of(const char* where) {
  kith_query query = {};
  query.size = sizeof query;
  query.where = where;
  return query;
}

template <class Function>
Case lead_and_thing(Function function, const char* thing, Fields own = {}) {
  return {[=](World& world, const Fields& with, int other, std::int64_t& answer, kith_error** err) {
            return function(world.db, who(other), thing, with.data(), with.size(), &answer, err);
          },
          Case::Key::once, own};
}
template <class Function>
Case by_query(Function function, const char* thing, const char* another) {
  return {[=](World& world, const Fields& with, int other, std::int64_t& answer, kith_error** err) {
    kith_query query = of("email ends with '@x.example'");
    return function(world.db, &query, other == 0 ? thing : another, with.data(), with.size(), &answer, err);
  }};
}
template <class Function>
Case one_text(Function function, const char* text, const char* another) {
  return {[=](World& world, const Fields& with, int other, std::int64_t& answer, kith_error** err) {
    return function(world.db, other == 0 ? text : another, with.data(), with.size(), &answer, err);
  }};
}
template <class Function>
Case by_token(Function function, std::string purpose) {
  return {[=](World& world, const Fields& with, int other, std::int64_t& answer, kith_error** err) {
    return function(world.db, world.token((other == 0 ? "ada " : "bob ") + purpose), with.data(), with.size(), &answer, err);
  }};
}

// kith_put of a kind: the answer is the id.
Case put_of(const char* kind, Fields fields, Fields another) {
  return {[=](World& world, const Fields& with, int other, std::int64_t& answer, kith_error** err) {
    const Fields& all = other == 0 ? fields : another;
    return kith_put(world.db, kind, all.data(), all.size(), with.data(), with.size(), &answer, nullptr, err);
  }};
}

Case put_by_arrow(bool stream) {
  return {[=](World& world, const Fields& with, int, std::int64_t& answer, kith_error** err) {
            answer = 0;
            Batch batch;
            batch.texts("email", {"new@x.example"});
            if (!stream) return kith_put_batch(world.db, "lead", &batch.schema(), &batch.array(), 0, with.data(), with.size(), nullptr, err);
            kith_rows* rows = nullptr;
            kith_field field = kith_text("email", "new@x.example");
            REQUIRE(kith_sql(world.db, "SELECT ?1 AS email", &field, 1, &rows, nullptr) == KITH_OK);
            ArrowArrayStream source = {};
            REQUIRE(kith_rows_arrow_stream(rows, &source, nullptr) == KITH_OK);
            kith_rows_free(rows);
            kith_status status = kith_put_stream(world.db, "lead", &source, 0, with.data(), with.size(), nullptr, err);
            source.release(&source);
            return status;
          },
          Case::Key::refused};
}

const std::map<std::string, std::vector<Case>>& all_cases() {
  static const std::map<std::string, std::vector<Case>> cases = {
      {"put",
       {put_of("lead", {kith_text("email", "new@x.example")}, {kith_text("email", "newer@x.example")}),
        put_of("lead", {kith_text("email", "ada@x.example"), kith_text("city", "Lund")}, {kith_text("email", "bob@x.example"), kith_text("city", "Lund")}),
        put_of("lead", {kith_text("email", "n@x.example"), kith_text("external_id", "N1")}, {kith_text("email", "n@y.example"), kith_text("external_id", "N2")})}},
      {"put tag", {put_of("tag", {kith_text("name", "New")}, {kith_text("name", "Newer")})}},
      {"put note", {put_of("note", {kith_text("lead", "ada@x.example"), kith_text("text", "a")}, {kith_text("lead", "bob@x.example"), kith_text("text", "a")})}},
      {"put_many",
       {{[](World& world, const Fields& with, int, std::int64_t& answer, kith_error** err) {
           answer = 0;
           kith_field email = kith_text("email", "new@x.example");
           return kith_put_many(world.db, "lead", &email, 1, 1, 0, with.data(), with.size(), nullptr, err);
         },
         Case::Key::refused}}},
      {"put_batch", {put_by_arrow(false)}},
      {"put_stream", {put_by_arrow(true)}},
      {"rename",
       {{[](World& world, const Fields& with, int other, std::int64_t& answer, kith_error** err) {
          return kith_rename(world.db, "tag", other == 0 ? "Gold" : "Silver", other == 0 ? "Platinum" : "Rhodium", with.data(), with.size(), &answer, err);
        }}}},
      {"remove",
       {{[](World& world, const Fields& with, int other, std::int64_t& answer, kith_error** err) {
          return kith_remove(world.db, "tag", other == 0 ? "Gold" : "Silver", with.data(), with.size(), &answer, err);
        }},
        {[](World& world, const Fields& with, int other, std::int64_t& answer, kith_error** err) {
          return kith_remove(world.db, "lead", who(other), with.data(), with.size(), &answer, err);
        }}}},
      {"merge",
       {{[](World& world, const Fields& with, int other, std::int64_t& answer, kith_error** err) {
          return kith_merge(world.db, "ada@x.example", other == 0 ? "bob@x.example" : "cy@x.example", with.data(), with.size(), &answer, err);
        }}}},
      {"unmerge",
       {{[](World& world, const Fields& with, int other, std::int64_t& answer, kith_error** err) {
          return kith_unmerge(world.db, world.merged - other, with.data(), with.size(), &answer, err);
        }}}},
      {"erase",
       {{[](World& world, const Fields& with, int other, std::int64_t& answer, kith_error** err) {
          return kith_erase(world.db, who(other), with.data(), with.size(), nullptr, &answer, err);
        }}}},
      {"suppress", {one_text(kith_suppress, "ada@x.example", "bob@x.example")}},
      {"unsuppress", {one_text(kith_unsuppress, "old-ada@x.example", "old-bob@x.example")}},
      {"assign", {lead_and_thing(kith_assign, "VIP")}},
      {"unassign", {lead_and_thing(kith_unassign, "Member")}},
      {"assign_where", {by_query(kith_assign_where, "VIP", "Gold")}},
      {"unassign_where", {by_query(kith_unassign_where, "Member", "VIP")}},
      {"merge_tags",
       {{[](World& world, const Fields& with, int other, std::int64_t& answer, kith_error** err) {
          return kith_merge_tags(world.db, "Gold", other == 0 ? "Member" : "VIP", with.data(), with.size(), &answer, err);
        }}}},
      {"subscribe", {lead_and_thing(kith_subscribe, "Course")}},
      {"unsubscribe", {lead_and_thing(kith_unsubscribe, "News"), lead_and_thing(kith_unsubscribe, nullptr)}},
      {"subscribe_where", {by_query(kith_subscribe_where, "Course", "News")}},
      {"unsubscribe_where", {by_query(kith_unsubscribe_where, "News", "Course")}},
      {"report",
       {{[](World& world, const Fields& with, int other, std::int64_t& answer, kith_error** err) {
          return kith_report(world.db, who(other), "News", "bounced", with.data(), with.size(), &answer, err);
        }}}},
      {"pause", {lead_and_thing(kith_pause, "News", {kith_text("until", "2031-01-01T00:00:00Z")})}},
      {"resume", {lead_and_thing(kith_resume, "Course")}},
      {"sms_received",
       {{[](World& world, const Fields& with, int other, std::int64_t& answer, kith_error** err) {
          return kith_sms_received(world.db, other == 0 ? "+46 70 1" : "+46 70 2", "hello", with.data(), with.size(), &answer, err);
        }}}},
      {"may_send",
       {{[](World& world, const Fields& with, int, std::int64_t& answer, kith_error** err) {
           answer = 0;
           kith_rows* rows = nullptr;
           kith_status status = kith_may_send(world.db, "ada@x.example", nullptr, with.data(), with.size(), &rows, err);
           kith_rows_free(rows);
           return status;
         },
         Case::Key::unread}}},
      {"token",
       {{[](World& world, const Fields& with, int, std::int64_t& answer, kith_error** err) {
           answer = 0;
           kith_rows* rows = nullptr;
           kith_status status = kith_token(world.db, "ada@x.example", "unsubscribe", with.data(), with.size(), &rows, err);
           kith_rows_free(rows);
           return status;
         },
         Case::Key::refused, {kith_text("list", "News")}}}},
      {"token_revoke", {by_token(kith_token_revoke, "data")}},
      {"confirm", {by_token(kith_confirm, "confirm")}},
      {"unsubscribe_by_token", {by_token(kith_unsubscribe_by_token, "unsubscribe")}},
      {"set_preferences",
       {{[](World& world, const Fields& with, int other, std::int64_t& answer, kith_error** err) {
          kith_field choice = kith_integer("News", 0);
          return kith_set_preferences(world.db, world.token(other == 0 ? "ada preferences" : "bob preferences"), &choice, 1, with.data(), with.size(), &answer,
                                      err);
        }},
        {[](World& world, const Fields& with, int other, std::int64_t& answer, kith_error** err) {
          kith_field choice = kith_integer(other == 0 ? "Course" : "News", 1);
          return kith_set_preferences(world.db, world.token("ada preferences"), &choice, 1, with.data(), with.size(), &answer, err);
        }}}},
      {"record",
       {{[](World& world, const Fields& with, int other, std::int64_t& answer, kith_error** err) {
          return kith_record(world.db, who(other), "shop.bought", nullptr, with.data(), with.size(), &answer, err);
        }}}},
      {"record_many",
       {{[](World& world, const Fields& with, int, std::int64_t& answer, kith_error** err) {
           answer = 0;
           kith_field row[] = {kith_text("lead", "ada@x.example"), kith_text("kind", "shop.bought")};
           return kith_record_many(world.db, row, 2, 1, 0, with.data(), with.size(), nullptr, err);
         },
         Case::Key::refused}}},
  };
  return cases;
}

// The functions of kith.h that take `with` and a handle.
std::set<std::string> verbs_of_the_header() {
  std::ifstream file(path("../bindings/kith.json"));
  REQUIRE(file.good());
  std::set<std::string> verbs;
  nlohmann::json interface = nlohmann::json::parse(file);
  for (const auto& function : interface["functions"]) {
    bool with = false, handle = false;
    for (const auto& param : function["params"]) {
      with = with || param["name"] == "with";
      handle = handle || param["name"] == "db";
    }
    if (with && handle) verbs.insert(function["name"].get<std::string>().substr(5));
  }
  return verbs;
}

struct Extra {
  std::string name, type;
};
// What kith_schema says; "" has those of every verb.
std::map<std::string, std::vector<Extra>> described() {
  std::map<std::string, std::vector<Extra>> verbs;
  World world;
  kith_rows* rows = nullptr;
  REQUIRE(kith_schema(world.db, "verbs", &rows, nullptr) == KITH_OK);
  for (std::int64_t row = 0; row < kith_rows_count(rows); ++row) {
    std::vector<Extra>& extras = verbs[kith_rows_text(rows, row, 0)];
    if (kith_rows_type(rows, row, 1) != KITH_NULL) extras.push_back({kith_rows_text(rows, row, 1), kith_rows_text(rows, row, 2)});
  }
  kith_rows_free(rows);
  return verbs;
}

std::string verb_of(const std::string& name) { return name.substr(0, name.find(' ')); }

struct Said {
  kith_status status = KITH_OK;
  std::string field, message;
  std::int64_t answer = 0;
};
Said call(const Case& one, World& world, const Fields& more, int other = 0) {
  Fields with = one.own;
  for (const kith_field& field : more) {
    std::erase_if(with, [&](const kith_field& own) { return std::string_view(own.name) == field.name; });
    with.push_back(field);
  }
  Said said;
  kith_error* error = nullptr;
  said.status = one.call(world, with, other, said.answer, &error);
  said.field = kith_error_field(error);
  said.message = kith_error_message(error);
  kith_error_free(error);
  return said;
}

template <class Check>
void for_each_case(Check check) {
  for (const auto& [name, cases] : all_cases()) {
    for (std::size_t i = 0; i < cases.size(); ++i) {
      INFO("kith_" << name << ", case " << i + 1);
      check(name, cases[i]);
    }
  }
}

}  // namespace

TEST_CASE("every verb of the header has its cases here and its extras in kith_schema", "[verbs]") {
  std::set<std::string> header = verbs_of_the_header();
  CHECK(header.size() > 30);
  std::set<std::string> cases, schema;
  for (const auto& [name, of_verb] : all_cases()) cases.insert(verb_of(name));
  for (const auto& [name, extras] : described()) {
    if (!name.empty()) schema.insert(name);
  }
  CHECK(cases == header);
  CHECK(schema == header);
}

TEST_CASE("the same key twice is done once, and with another object it is CONFLICT", "[verbs][keys]") {
  for_each_case([](const std::string&, const Case& one) {
    World world;
    Fields key = {kith_text("key", "k-1")};
    Said first = call(one, world, key);
    if (one.key != Case::Key::once) {
      CHECK(first.status == KITH_INVALID);
      CHECK(first.field == "key");
      return;
    }
    INFO(first.message);
    REQUIRE(first.status == KITH_OK);
    REQUIRE(first.answer > 0);
    std::int64_t newest = world.newest();
    Said again = call(one, world, key);
    INFO("again: " << again.message);
    CHECK(again.status == KITH_OK);
    CHECK(again.answer == first.answer);
    CHECK(world.newest() == newest);
    Said other = call(one, world, key, 1);
    INFO("with another object: " << other.message);
    CHECK(other.status == KITH_CONFLICT);
    CHECK(other.field == "key");
    CHECK(world.newest() == newest);
    CHECK(call(one, world, key).answer == first.answer);
    CHECK(world.sql("SELECT COUNT(*) FROM write_key").front() == "1");
    // Without it the same call is its own act, whatever comes of it.
    Said another_key = call(one, world, {kith_text("key", "k-2")}, 1);
    CHECK(another_key.status != KITH_CONFLICT);
  });
}

TEST_CASE("a key of a call of many belongs to the condition as well", "[verbs][keys]") {
  World world;
  kith_query ada = of("email = ?"), bob = ada;
  kith_field ada_is = kith_text("", "ada@x.example"), bob_is = kith_text("", "bob@x.example");
  ada.args = &ada_is;
  bob.args = &bob_is;
  ada.arg_count = bob.arg_count = 1;
  kith_field key = kith_text("key", "k");
  std::int64_t changed = 0;
  REQUIRE(kith_assign_where(world.db, &ada, "VIP", &key, 1, &changed, nullptr) == KITH_OK);
  CHECK(changed == 1);
  CHECK(kith_assign_where(world.db, &bob, "VIP", &key, 1, &changed, nullptr) == KITH_CONFLICT);
  CHECK(changed == 0);
  // Who was taken off since stays off: the second call is the first one's answer and nothing else.
  REQUIRE(kith_unassign(world.db, "ada@x.example", "VIP", nullptr, 0, nullptr, nullptr) == KITH_OK);
  REQUIRE(kith_assign_where(world.db, &ada, "VIP", &key, 1, &changed, nullptr) == KITH_OK);
  CHECK(changed == 1);
  CHECK(world.sql("SELECT COUNT(*) FROM lead_tag WHERE tag_id = 1").front() == "0");
}

TEST_CASE("a call that failed leaves its key free", "[verbs][keys]") {
  World world;
  kith_field key = kith_text("key", "k");
  kith_query all = of("tag 'nonsense'");
  std::int64_t changed = 0;
  CHECK(kith_assign_where(world.db, &all, "VIP", &key, 1, &changed, nullptr) == KITH_NOT_FOUND);
  all.where = nullptr;
  CHECK(kith_assign_where(world.db, &all, "VIP", &key, 1, &changed, nullptr) == KITH_OK);
  CHECK(changed == 4);
}

TEST_CASE("every event says by whom, from where, when and because of what", "[verbs]") {
  for_each_case([](const std::string& name, const Case& one) {
    World world;
    std::int64_t newest = world.newest();
    Fields with = {kith_text("by", "anna"), kith_text("ip", "203.0.113.9"), kith_integer("at", start + 10), kith_integer("cause", 2)};
    Said said = call(one, world, with);
    INFO(said.message);
    if (one.key == Case::Key::unread) {  // it asks, so nobody does anything
      CHECK(said.status == KITH_INVALID);
      CHECK(said.field == "by");
      return;
    }
    REQUIRE(said.status == KITH_OK);
    std::string since = " FROM event WHERE id > " + std::to_string(newest);
    CHECK(world.newest() > newest);
    std::string ip = name == "erase" ? "-" : "203.0.113.9";  // it may be the lead's own
    CHECK(world.sql("SELECT DISTINCT actor, ip, at" + since) == std::vector<std::string>{"anna|" + ip + "|" + std::to_string(start + 10)});
    // The cause that was given, or an event of this act that goes back to it.
    CHECK(world.sql("SELECT COUNT(*)" + since + " AND (cause_id IS NULL OR cause_id <> 2 AND (cause_id <= " + std::to_string(newest) + " OR cause_id >= id))").front() == "0");
  });
}

TEST_CASE("extras that make no sense are refused by every verb", "[verbs]") {
  for_each_case([](const std::string&, const Case& one) {
    World world;
    std::int64_t newest = world.newest();
    std::string long_text(256, 'x');
    for (const kith_field& bad : {kith_integer("by", 1), kith_text("by", long_text.c_str()), kith_text("ip", "999.1.1.1"), kith_text("at", "yesterday"),
                                  kith_integer("at", start + 1'000'000), kith_text("key", ""), kith_text("key", long_text.c_str()), kith_integer("cause", 0),
                                  kith_integer("cause", 1'000'000), kith_text("cause", "x"), kith_text("nonsense", "x")}) {
      Said said = call(one, world, {bad});
      INFO(bad.name << ": " << said.message);
      CHECK((said.status == KITH_INVALID || said.status == KITH_LIMIT));
      CHECK(said.field == bad.name);
    }
    CHECK(world.newest() == newest);
  });
}

TEST_CASE("kith_schema lists with each verb the extras that it takes, and no others", "[verbs]") {
  auto schema = described();
  std::set<std::string> names;
  for (const auto& [verb, extras] : schema) {
    for (const Extra& extra : extras) names.insert(extra.name);
  }
  std::set<std::string> of_all;
  for (const Extra& extra : schema.at("")) of_all.insert(extra.name);
  CHECK(of_all == std::set<std::string>{"by", "ip", "at", "key", "cause"});
  for_each_case([&](const std::string& name, const Case& one) {
    if (name != verb_of(name)) return;  // of another kind than leads: put knows no extras there
    std::map<std::string, std::string> own;
    for (const Extra& extra : schema.at(name)) own[extra.name] = extra.type;
    for (const std::string& extra : names) {
      if (of_all.contains(extra)) continue;
      World world;
      // A value that no type takes tells whether the extra is read at all.
      bool takes_text = own.contains(extra) && own[extra] == "text";
      Said said = call(one, world, {takes_text ? kith_real(extra.c_str(), 0.5) : kith_text(extra.c_str(), "no such value")});
      INFO(extra << ": " << said.message);
      CHECK(said.status == KITH_INVALID);
      CHECK(said.field == extra);
      bool unknown = said.message.find("is no extra of this verb") != std::string::npos;
      CHECK(unknown == !own.contains(extra));
      if (!own.contains(extra) || own[extra].find('|') == std::string::npos) continue;
      std::set<std::string> options;
      std::string rest = own[extra];
      for (std::size_t bar = 0; bar != std::string::npos; rest = rest.substr(bar == std::string::npos ? 0 : bar + 1)) {
        bar = rest.find('|');
        options.insert(rest.substr(0, bar));
        if (bar == std::string::npos) break;
      }
      std::set<std::string> accepted;
      std::string list = said.message.substr(said.message.find("none of ") + 8);
      for (std::size_t comma = 0; comma != std::string::npos;) {
        comma = list.find(", ");
        accepted.insert(list.substr(0, comma));
        if (comma != std::string::npos) list = list.substr(comma + 2);
      }
      CHECK(accepted == options);
    }
  });
}
