// How conditions are answered: which indexes are used, what is never read, and how much work a plan does.
#include <catch2/catch.hpp>

#include "segment/fixture.h"

namespace kith::test {

namespace {

// EXPLAIN QUERY PLAN of the page that find would read, its lines joined.
std::string plan_of(SegmentCrm& file, std::string_view where, std::string_view kind = "lead") {
  return file.read([&](Operation& op) {
    const Kind& of = op.kinds.get(kind);
    Parameters parameters(op.now);
    Condition condition = compile(op, of, where, {}, parameters);
    REQUIRE_FALSE(condition.set);
    SqlText select = SqlText("EXPLAIN QUERY PLAN SELECT t.id") + of.from() + " WHERE (" + condition.sql +
                     ") ORDER BY t.id";
    Statement row = op.db.prepare(select);
    parameters.bind(row);
    std::string lines;
    while (row.step()) lines += std::string(row.text(3)) + "\n";
    return lines;
  });
}

// What was prepared while it lives. It must come before the database, whose cache would hide what it has
// prepared.
class Seen : public StatementObserver {
 public:
  Seen() : before_(statement_observer()) { statement_observer() = this; }
  ~Seen() override { statement_observer() = before_; }
  void seen(std::string_view text, sqlite3_stmt* statement, sqlite3* db) override {
    if (before_ != nullptr) before_->seen(text, statement, db);
    texts.emplace_back(text);
  }
  // How many statements read the table.
  std::size_t reading(std::string_view table) const {
    std::size_t count = 0;
    std::string name = " " + std::string(table) + " ";
    for (const std::string& text : texts) {
      count += (text + " ").find("FROM" + name) != text.npos || (text + " ").find("JOIN" + name) != text.npos;
    }
    return count;
  }
  std::vector<std::string> texts;

 private:
  StatementObserver* before_;
};

bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

}  // namespace

TEST_CASE("an address is looked up by the primary key of lead_key", "[segment]") {
  SegmentCrm file;
  file.lead("ada@example.com");
  for (std::string_view where :
       {"email = 'ada@example.com'", "email in ('ada@example.com', 'bob@example.com')"}) {
    std::string plan = plan_of(file, where);
    INFO(plan);
    CHECK(contains(plan, "SEARCH t USING INTEGER PRIMARY KEY"));
    CHECK(contains(plan, "SEARCH a USING PRIMARY KEY (kind=? AND key=?)"));
    CHECK_FALSE(contains(plan, "SCAN t"));
  }
  std::string plan = plan_of(file, "email starts with 'ada'");
  INFO(plan);
  CHECK(contains(plan, "SEARCH a USING PRIMARY KEY (kind=? AND key>? AND key<?)"));
  CHECK_FALSE(contains(plan, "SCAN t"));
}

TEST_CASE("indexes serve what they can", "[segment]") {
  SegmentCrm file;
  file.put("field", {{"key", "shoe_size"}, {"type", "integer"}, {"indexed", 1}});
  file.lead("ada@example.com");
  struct Row {
    std::string_view where, plan;
  };
  const Row rows[] = {
      {"id = 5", "SEARCH t USING INTEGER PRIMARY KEY (rowid=?)"},
      {"id in (5, 6)", "SEARCH t USING INTEGER PRIMARY KEY (rowid=?)"},
      {"id >= 5 and id < 9", "SEARCH t USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"},
      {"phone = '+46 70 123'", "lead_phone (phone_key=?)"},
      {"created >= 5 and created < 9", "lead_created (created>? AND created<?)"},
      {"email = 'a@b.se' or id = 7", "MULTI-INDEX OR"},
  };
  for (const Row& row : rows) {
    std::string plan = plan_of(file, row.where);
    INFO(row.where << "\n" << plan);
    CHECK(contains(plan, row.plan));
    CHECK_FALSE(contains(plan, "SCAN t"));
  }
  for (std::string_view kind : {"event", "note", "address"}) {
    std::string plan = plan_of(file, "lead = 'ada@example.com'", kind);
    INFO(kind << "\n" << plan);
    CHECK(contains(plan, "lead_id=?"));
    CHECK_FALSE(contains(plan, "SCAN t"));
  }
  std::string plan = plan_of(file, "shoe_size = 44");
  INFO(plan);
  CHECK(contains(plan, "lead_custom_c1"));
}

TEST_CASE("counting tags reads no lead", "[segment]") {
  Seen seen;
  SegmentCrm file;
  for (std::string_view name : {"a", "b"}) file.tag(name);
  for (int i = 0; i < 10; ++i) {
    file.assign(file.lead("lead" + std::to_string(i) + "@example.com"), i % 2 == 0 ? "a" : "b");
  }
  seen.texts.clear();
  CHECK(file.count("tag 'a'") == 5);
  // One tag: the sizes of its chunks, not the chunks.
  for (const std::string& text : seen.texts) {
    INFO(text);
    CHECK_FALSE(contains(text, "bits"));
  }
  CHECK(file.count("") == 10);
  CHECK(file.count("not tag 'a'") == 5);
  CHECK(file.count("tag 'a' or tag 'b'") == 10);
  CHECK(file.count("not (tag 'a' and not tag 'b')") == 5);
  CHECK(file.leads("not tag 'a'").size() == 5);
  CHECK(seen.reading("lead") == 0);
  CHECK(file.count("tag 'a' and city is empty") == 5);
  CHECK(seen.reading("lead") > 0);  // so that the zero above means something
}

TEST_CASE("with few leads left by sets, SQL looks at those only", "[segment]") {
  Seen seen;
  SegmentCrm file;
  file.tag("few");
  file.tag("other");
  for (int i = 0; i < 10; ++i) file.lead("lead" + std::to_string(i) + "@example.com");
  file.assign(3, "few");
  file.assign(4, "few");
  file.assign(4, "other");
  auto scans = [&](std::string_view where, const Ids& wanted) {
    seen.texts.clear();
    CHECK(file.leads(where) == wanted);
    std::size_t count = 0;
    for (const std::string& text : seen.texts) {
      count += contains(text, "FROM lead t") && !contains(text, "json_each");
    }
    return count;
  };
  CHECK(scans("tag 'few' and city is empty", {3, 4}) == 0);
  CHECK(scans("tag 'few' and company is empty and not (tag 'other' or region is not empty)", {3}) == 0);
  CHECK(scans("tag 'few' and (tag 'other' or not (tag 'few' and website is empty))", {4}) == 0);
  CHECK(scans("tag 'other' or city is empty and source is not empty", {4}) == 1);
}

TEST_CASE("a small set is handed over with its SQL, a large one is met with the set that SQL answers",
          "[segment]") {
  SegmentCrm file;
  file.tag("all");
  std::vector<std::int64_t> leads;
  for (int i = 0; i < 2001; ++i) leads.push_back(file.lead("lead" + std::to_string(i) + "@example.com"));
  auto condition = [&] {
    return file.read([&](Operation& op) {
      Parameters parameters(op.now);
      return compile(op, op.kinds.get("lead"), "tag 'all' and id <= 1500", {}, parameters);
    });
  };
  LeadSet all;
  for (std::int64_t lead : leads) all.add(lead);
  all.remove(leads.back());
  auto assign = [&] {
    file.write(
        [&](Operation& op) { return assign_tag_to(op, all, op.kinds.get("tag").need(op, "all"), {}); });
  };
  assign();
  Condition small = condition();
  CHECK_FALSE(small.sql.empty());
  REQUIRE(small.set);
  CHECK(small.set->size() == 2000);
  CHECK(file.found("tag 'all' and id <= 1500").size() == 1500);
  all.add(leads.back());
  assign();
  Condition large = condition();
  CHECK(large.sql.empty());
  REQUIRE(large.set);
  CHECK(large.set->size() == 1500);
  CHECK(file.found("tag 'all' and id <= 1500").size() == 1500);
  CHECK(file.count("tag 'all' and id <= 1500") == 1500);
}

}  // namespace kith::test
