// The file of a shop with some thousands of leads and something in every table, made through the C++ wrapper, for tests
// of plans and costs. It stands beside the library's inside only where core/database.h is not included.
#pragma once

#include <cstdint>
#include <kith.hpp>
#include <string>

#include "support/folder.h"

namespace kith::test {

class Shop {
 public:
  static constexpr std::int64_t day = 86'400'000;
  static constexpr const char* countries[] = {"SE", "GB", "FR", "DE", "NO", "TR"};

  explicit Shop(int how_many) : people(how_many) {
    kith::Database db = open();
    define(db);
    for (int from = 0; from < people; from += 30, clock += 60'000) {
      kith::Table leads({"email", "external_id", "country", "phone", "company", "first_name", "plan", "visits"});
      for (int i = from; i < from + 30 && i < people; ++i) leads.add(row(i));
      db.put_many("lead", leads);
    }
    db.assign_where({.where = "country in ('SE', 'GB')"}, "Big");
    db.assign_where({.where = "country = 'FR'"}, "VIP");
    db.assign_where({.where = "country in ('DE', 'NO')"}, "Brief", {{"expires", clock + day}});
    db.assign_where({.where = "visits < 20"}, "Rare", {{"expires", clock + 1000 * day}});
    db.subscribe_where({.where = "country in ('SE', 'GB', 'FR')"}, "News");
    db.subscribe_where({.where = "country = 'DE'"}, "Offers");
    db.subscribe_where({.where = "country in ('NO', 'TR')"}, "Club");
    kith::Table events({"lead", "kind"});
    for (int i = 0; i < 2 * people; ++i) events.add({"id:" + std::to_string(i * 7 % people + 1), i % 2 == 0 ? "shop.visited" : "shop.bought"});
    db.record_many(events);
    for (int i = 0; i < people / 10; ++i) {
      db.transaction([&] {
        db.put("note", {{"lead", email(i)}, {"text", "called"}});
        db.put("address", {{"lead", email(i)}, {"email", "other." + email(i)}});
        db.pause(email(i), "News", {{"until", clock + (i + 5) * day}});
        db.suppress("gone." + email(i), {{"key", email(i)}});
        db.token(email(i), "preferences");
        db.report(email(i + people / 2), "News", "bounced", {{"bounce", "soft"}});
      });
    }
  }

  // A handle of its own, whose statements are all prepared anew.
  kith::Database open() {
    return kith::Database(path, {.flags = KITH_OPEN_NORMAL_SYNC, .clock = [this] { return clock; }});
  }
  static std::string email(int number) { return "lead" + std::to_string(number) + "@x.example"; }
  std::vector<kith::Value> row(int number) const {
    std::string digits = std::to_string(number);
    return {email(number), "x" + digits, countries[number % 6], number % 3 == 0 ? kith::Value("+46 701 " + std::to_string(100000 + number)) : kith::Value(),
            number % 5 == 0 ? kith::Value("Company " + std::to_string(number % 50)) : kith::Value(), "Ada", number % 2 == 0 ? "free" : "paid", number % 700};
  }

  int people;
  std::int64_t clock = 1'700'000'000'000;
  Folder folder;
  std::string path = folder / "shop.kith";

 private:
  static void define(kith::Database& db) {
    db.put("field", {{"key", "plan"}, {"type", "text"}, {"indexed", 1}});
    db.put("field", {{"key", "visits"}, {"type", "integer"}, {"indexed", 1}});
    for (const char* tag : {"VIP", "Big", "Brief", "Rare", "Other"}) db.put("tag", {{"name", tag}});
    for (const char* list : {"News", "Offers"}) db.put("list", {{"name", list}, {"public_name", list}});
    db.put("list", {{"name", "Club"}, {"opt_in", "double"}});
    db.put("list", {{"name", "Service"}, {"opt_in", "out"}});
  }
};

}  // namespace kith::test
