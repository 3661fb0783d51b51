// The table of docs/consent.md, read from the page and done: each act on each kind of list in each state, by the verbs that
// the page names, and what came of it.
#include <catch2/catch.hpp>
#include <fstream>
#include <functional>
#include <kith.hpp>
#include <map>
#include <set>

#include "support/paths.h"

namespace {

constexpr std::int64_t day = 86'400'000;

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  for (std::size_t from = 1; from < line.size();) {
    std::size_t to = line.find('|', from);
    if (to == std::string::npos) break;
    std::string cell = line.substr(from, to - from);
    cells.push_back(cell.size() > 2 ? cell.substr(1, cell.size() - 2) : "");
    from = to + 1;
  }
  return cells;
}

struct Table {
  std::vector<std::string> states;
  std::vector<std::vector<std::string>> rows;  // act, lists, and a cell a state
};
Table table_of_the_page() {
  std::ifstream file(kith::test::path("../docs/consent.md"));
  REQUIRE(file.good());
  Table table;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("| act | lists |")) {
      std::vector<std::string> head = cells_of(line);
      table.states.assign(head.begin() + 2, head.end());
      inside = true;
    } else if (inside && line.starts_with("|---")) {
      continue;
    } else if (inside && line.starts_with("| ")) {
      table.rows.push_back(cells_of(line));
    } else {
      inside = false;
    }
  }
  return table;
}

// A lead in a state on a list of a kind, from which one act is done.
class Place {
 public:
  Place(const std::string& opt_in, const std::string& state) : state_(state) {
    db.put("lead", {{"email", who}});
    bool later_single = opt_in == "single" && state == "pending";
    db.put("list", {{"name", "L"}, {"opt_in", later_single ? "double" : opt_in}, {"lapse_after", 7 * day}});
    clock += day;
    if (state == "pending") db.subscribe(who, "L");
    if (later_single) db.put("list", {{"name", "L"}, {"opt_in", "single"}});
    if (state == "subscribed" || state == "bounced" || state == "complained") db.subscribe(who, "L", {{"confirmed", 1}});
    if (state == "unsubscribed") db.unsubscribe(who, list);
    if (state == "bounced" || state == "complained") {
      db.report(who, list, state);
      db.unsuppress(who, {{"reason", state == "bounced" ? "hard_bounce" : "complaint"}});
    }
    clock += day;
    REQUIRE(standing() == state);
  }

  // What came of it, in the words of the page.
  std::string done(const std::string& act) {
    std::int64_t before = newest();
    bool refused = false, changed = true;
    try {
      changed = acts().at(act)(*this) != 0;
    } catch (const kith::Error& error) {
      REQUIRE(error.status() == KITH_REFUSED);
      refused = true;
    }
    std::string cell;
    auto say = [&](const std::string& word) { cell += (cell.empty() ? "" : ", ") + word; };
    bool moved = false;
    for (auto row : db.sql("SELECT k.name FROM event e JOIN event_kind k ON k.id = e.kind_id WHERE e.id > ?1 ORDER BY e.id", {before})) {
      std::string kind(row[0].text());
      if (kind == "subscription.confirm_wanted") say("*confirm*");
      if (kind == "subscription.welcome_wanted") say("*welcome*");
      if (kind == "subscription.consented") say("`consent`");
      if (kind == "subscription." + standing() || kind == "subscription.lapsed") {
        moved = true;
        say(standing());
      }
    }
    CHECK(moved == (standing() != state_));
    if (refused) {
      CHECK(cell.empty());
      return "REFUSED";
    }
    if (cell.empty() && act.starts_with("preference")) CHECK_FALSE(changed);
    return cell.empty() ? "-" : cell;
  }

 private:
  using Act = std::function<std::int64_t(Place&)>;
  static const std::map<std::string, Act>& acts() {
    auto subscribe = [](const char* via, bool consent, bool confirmed) {
      return [=](Place& at) {
        kith::Fields with = {{"via", via}};
        if (consent) with.add("consent", "I agree");
        if (confirmed) with.add("confirmed", 1);
        return at.db.subscribe(at.who, "L", with);
      };
    };
    auto page = [](int in, bool consent) {
      return [=](Place& at) {
        kith::Fields with;
        if (consent) with.add("consent", "I agree");
        return at.db.set_preferences(at.token("preferences"), {{"L", in}}, with);
      };
    };
    auto report = [](const char* what, const char* bounce) {
      return [=](Place& at) { return at.db.report(at.who, at.list, what, {{"bounce", bounce}}); };
    };
    static const std::map<std::string, Act> acts = {
        {"host", subscribe("host", false, false)},
        {"host, consent", subscribe("host", true, false)},
        {"host, confirmed", subscribe("host", false, true)},
        {"host, consent and confirmed", subscribe("host", true, true)},
        {"form", subscribe("form", false, false)},
        {"import", subscribe("import", false, false)},
        {"import, confirmed", subscribe("import", false, true)},
        {"automation", subscribe("automation", false, false)},
        {"confirmation token", [](Place& at) { return at.db.confirm(at.token("confirm")); }},
        {"preference page, in", page(1, false)},
        {"preference page, in, consent", page(1, true)},
        {"preference page, out", page(0, false)},
        {"unsubscribe", [](Place& at) { return at.db.unsubscribe(at.who, at.list); }},
        {"hard bounce", report("bounced", "hard")},
        {"soft bounce", report("bounced", "soft")},
        {"complaint", report("complained", "hard")},
        {"lapse",
         [](Place& at) {
           at.clock += 30 * day;
           return at.db.run().done;
         }},
    };
    return acts;
  }

  std::string token(const char* purpose) {
    kith::Fields with;
    if (std::string_view(purpose) == "confirm") with.add("list", "L");
    return std::string(db.token(who, purpose, with)["token"].text());
  }
  std::string standing() const {
    kith::Rows rows = db.sql("SELECT state FROM subscription");
    return rows.empty() ? "none" : std::string(rows[0][0].text());
  }
  std::int64_t newest() const { return db.sql("SELECT MAX(id) FROM event")[0][0].integer(); }

  static constexpr const char* who = "ada@x.example";
  static constexpr std::string_view list = "L";
  std::string state_;
  std::int64_t clock = 1'700'000'000'000;
  kith::Database db{"", {.flags = KITH_OPEN_MEMORY, .clock = [this] { return clock; }}};
};

}  // namespace

TEST_CASE("each act of docs/consent.md does in each state what the page says", "[consent]") {
  Table table = table_of_the_page();
  REQUIRE(table.states == std::vector<std::string>{"none", "pending", "subscribed", "unsubscribed", "bounced", "complained"});
  std::map<std::string, std::set<std::string>> kinds_of;  // of each act the kinds of list
  int done = 0;
  for (const std::vector<std::string>& row : table.rows) {
    REQUIRE(row.size() == 8);
    for (const char* opt_in : {"single", "double", "out"}) {
      if (row[1] != "all" && row[1].find(opt_in) == std::string::npos) continue;
      CHECK(kinds_of[row[0]].insert(opt_in).second);
      for (std::size_t i = 0; i < table.states.size(); ++i) {
        // Nothing leads there: an opt-out list asks nobody to confirm, and was never another kind of list.
        if (std::string_view(opt_in) == "out" && table.states[i] == "pending") continue;
        INFO(row[0] << " on " << opt_in << ", " << table.states[i]);
        std::string expected = row[2 + i];
        // The page takes the other lists' changes and passes over this one.
        if (row[0].starts_with("preference") && expected == "REFUSED") expected = "-";
        CHECK(Place(opt_in, table.states[i]).done(row[0]) == expected);
        ++done;
      }
    }
  }
  CHECK(kinds_of.size() == 17);
  for (const auto& [act, kinds] : kinds_of) {
    INFO(act);
    CHECK(kinds.size() == 3);
  }
  CHECK(done == 17 * (3 * 6 - 1));
}
