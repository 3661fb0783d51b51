// Random leads for the oracle, in a database and beside it as plain values.
#pragma once

#include <map>
#include <optional>
#include <random>
#include <set>

#include "domain/subscriptions.h"
#include "segment/fixture.h"

namespace kith::test {

using Text = std::optional<std::string>;
using Number = std::optional<double>;

struct Person {
  std::int64_t id = 0;
  std::vector<std::string> addresses;  // in lower case; the first is the primary one
  Text city, company, country, phone, birth_date, plan;
  std::optional<std::set<std::string>> likes;
  Number score, height, shoes, created, vegan;
  std::set<std::string> tags;
  std::map<std::string, std::string> lists;  // and the state
};

inline const std::string cities[] = {"Lund",   "lund", "Malmö", "Mal", "Malm", "Møre & Romsdal",
                                     "O'Hara", "100%", "a_c",   "abc", "中文", "\U0010FFFFz"};
inline const std::string parts[] = {"L", "l",   "und", "Malm", "ö",   "mö",         "'", "%",
                                    "_", "a_c", "文",  " ",    "& R", "\U0010FFFF", "x", "Malmöx"};
inline const std::string countries[] = {"SE", "NO", "DK"};
inline const std::string dates[] = {"1980-02-29", "1990-12-24", "2000-01-01"};
inline const std::string plans[] = {"Basic", "Pro", "Gold"};
inline const std::string options[] = {"a", "ab", "b\"a", "a\\", "[a"};
inline const std::string tags[] = {"VIP", "R&D", "O'Tag", "none", "all"};
inline const std::pair<std::string, std::string> phones[] = {{"+46 70-111", "+4670111"},
                                                             {"0046 (0)70 222", "+4670222"},
                                                             {"070 333", "070333"},
                                                             {"(070) 111", "070111"}};
inline const std::string lists[] = {"News", "Course"};
inline const std::string domains[] = {"example.com", "Example.ORG", "shop.example.net"};

inline std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

class People {
 public:
  People(unsigned seed, int leads) : random_(seed) { fill(leads); }

  SegmentCrm file;
  std::vector<Person> people;

 protected:
  std::size_t roll(std::size_t sides) { return random_() % sides; }
  template <class From>
  const auto& one_of(const From& from) {
    return from[roll(std::size(from))];
  }

 private:
  void fill(int leads) {
    file.put("field", {{"key", "plan"}, {"type", "choice"}, {"options", R"(["Basic","Pro","Gold"])"}});
    file.put("field",
             {{"key", "likes"}, {"type", "choices"}, {"options", R"(["a","ab","b\"a","a\\","[a"])"}});
    file.put("field", {{"key", "height"}, {"type", "number"}});
    file.put("field", {{"key", "shoes"}, {"type", "integer"}});
    file.put("field", {{"key", "vegan"}, {"type", "boolean"}});
    for (const std::string& tag : tags) file.tag(tag);
    for (const std::string& list : lists) {
      file.put("list", {{"name", list}, {"opt_in", list == "Course" ? "double" : "single"}});
    }
    for (int i = 0; i < leads; ++i) add(i);
    // Those who are gone leave holes in the ids.
    for (int i = 0; i < 6; ++i) {
      std::size_t at = roll(people.size());
      file.remove("lead", "id:" + std::to_string(people[at].id));
      people.erase(people.begin() + static_cast<std::ptrdiff_t>(at));
    }
    file.clock += 10;  // some assignments are past their expiry now
  }

  void add(int number) {
    file.clock += static_cast<Millis>(roll(3));
    Person person;
    std::string email =
        std::string(1, static_cast<char>('A' + roll(26))) + std::to_string(number) + "@" + one_of(domains);
    person.addresses = {lower(email)};
    std::vector<Given> fields = {{"email", email}};
    auto maybe = [&](std::string_view name, const std::string& value) -> Text {
      if (roll(3) == 0) return std::nullopt;
      fields.push_back({name, value});
      return value;
    };
    person.city = maybe("city", one_of(cities));
    person.company = maybe("company", one_of(cities));
    person.country = maybe("country", one_of(countries));
    person.birth_date = maybe("birth_date", one_of(dates));
    person.plan = maybe("plan", one_of(plans));
    const auto& phone = one_of(phones);
    if (maybe("phone", phone.first)) person.phone = phone.second;
    if (roll(3) != 0) {
      person.height = static_cast<double>(roll(4)) / 2;
      fields.push_back({"height", *person.height});
    }
    if (roll(3) != 0) {
      person.shoes = static_cast<double>(roll(5)) - 2;
      fields.push_back({"shoes", static_cast<std::int64_t>(*person.shoes)});
    }
    if (roll(3) != 0) {
      person.vegan = static_cast<double>(roll(2));
      fields.push_back({"vegan", static_cast<std::int64_t>(*person.vegan)});
    }
    std::string json;
    if (roll(3) != 0) {
      person.likes.emplace();
      for (const std::string& option : options) {
        if (roll(2) != 0) continue;
        person.likes->insert(option);
        json += (json.empty() ? "\"" : ",\"");
        for (char c : option) json += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
        json += '"';
      }
      json = "[" + json + "]";
      fields.push_back({"likes", json});
    }
    person.id = file.write([&](Operation& op) {
      static const Extras none({}, {}, 0);
      return put_one(op, op.kinds.get("lead"), fields, none).id;
    });
    person.created = static_cast<double>(file.clock);
    person.score = static_cast<double>(roll(7));
    file.write([&](Operation& op) {
      auto score = static_cast<std::int64_t>(*person.score);
      op.db.run("UPDATE lead SET score = $1 WHERE id = $2", score, person.id);
      return 0;
    });
    if (roll(4) == 0) {
      person.addresses.push_back("x" + std::to_string(number) + "@other.example");
      file.put("address", {{"lead", person.id}, {"email", person.addresses.back()}});
    }
    for (const std::string& tag : tags) {
      if (tag == "none" || (tag != "all" && roll(3) != 0)) continue;
      bool over = tag != "all" && roll(5) == 0;
      Expiry expiry;
      if (over || roll(4) == 0) expiry = {.given = true, .at = file.clock + (over ? 1 : 1'000'000)};
      file.assign(person.id, tag, expiry);
      if (over) continue;
      person.tags.insert(tag);
    }
    for (const std::string& list : lists) {
      if (roll(3) == 0) continue;
      bool left = roll(3) == 0;
      file.write([&](Operation& op) {
        std::int64_t id = op.kinds.get("list").need(op, list);
        std::int64_t event = subscribe(op, person.id, id, subscribe_act("host", {}, false));
        return left ? unsubscribe(op, person.id, id, unsubscribe_act("host", {})) : event;
      });
      person.lists[list] = left ? "unsubscribed" : list == "Course" ? "pending" : "subscribed";
    }
    people.push_back(std::move(person));
  }

  std::mt19937 random_;
};

}  // namespace kith::test
