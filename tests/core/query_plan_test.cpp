// How the file answers what is asked most: by an index, in its order, without sorting. The statements are those that
// the library ran, which SQLite lists while they are kept.
#include <catch2/catch.hpp>

#include "core/run.h"
#include "domain/activity.h"
#include "domain/pauses.h"
#include "domain/subscriptions.h"
#include "domain/tags.h"
#include "segment/segment.h"
#include "support/crm.h"

using namespace kith;
using kith::test::Crm;

namespace {

class Plans {
 public:
  Plans() {
    for (int i = 0; i < 20; ++i) crm.lead("l" + std::to_string(i) + "@x.example");
    crm.put("tag", {{"name", "T"}});
    crm.put("field", {{"key", "plan"}, {"type", "text"}, {"indexed", Value(1)}});
  }

  Crm crm;

  // The plan of the statement that holds `part`, one line a step; "" when none was run.
  std::string of(std::string_view part) {
    return crm.read([&](Operation& op) {
      std::string sql;
      {
        Statement all = op.db.prepare_foreign("SELECT sql FROM sqlite_stmt");
        while (all.step()) {
          std::string text(all.text(0));
          if (text.find(part) != std::string::npos && text.find("sqlite_stmt") == std::string::npos && !text.starts_with("EXPLAIN")) sql = text;
        }
      }
      if (sql.empty()) return std::string();
      std::string lines = sql + "\n";
      Statement plan = op.db.prepare_foreign("EXPLAIN QUERY PLAN " + sql);
      while (plan.step()) lines += std::string(plan.text(3)) + "\n";
      return lines;
    });
  }

  void find(std::string_view sort, std::string_view after = {}) {
    crm.read([&](Operation& op) {
      Parameters parameters(op.now);
      Query query;
      query.sort = sort;
      query.columns = "id";
      query.limit = 5;
      std::string token;
      if (!after.empty()) {
        Parameters first(op.now);
        RowsPtr rows = find_things(op, op.kinds.get("lead"), query, Condition(), first);
        if (rows->next() != nullptr) token = *rows->next();
        query.after = token;
      }
      return find_things(op, op.kinds.get("lead"), query, Condition(), parameters)->count();
    });
  }
};

bool listed() {
  Crm crm;
  try {
    crm.rows("SELECT COUNT(*) FROM sqlite_stmt");
    return true;
  } catch (const Failure&) {
    WARN("this SQLite does not list its statements: plans are not looked at");
    return false;
  }
}

using Catch::Matchers::Contains;

}  // namespace

TEST_CASE("plans: a timeline walks its index, following the log the table itself", "[plans]") {
  if (!listed()) return;
  Plans plans;
  plans.crm.read([](Operation& op) {
    Parameters parameters(op.now);
    timeline(op, 1, Query(), Condition(), parameters);
    events_after(op, 3, 10);
    return causes_of(op, 3)->count();
  });
  std::string timeline = plans.of("FROM event WHERE lead_id =");
  CHECK_THAT(timeline, Contains("INDEX event_lead (lead_id=? AND rowid<?)"));
  CHECK_THAT(timeline, !Contains("TEMP B-TREE"));
  std::string after = plans.of("FROM event WHERE id >");
  CHECK_THAT(after, Contains("INTEGER PRIMARY KEY (rowid>?)"));
  CHECK_THAT(after, !Contains("TEMP B-TREE"));
  CHECK_THAT(plans.of("FROM event WHERE id = "), Contains("INTEGER PRIMARY KEY (rowid=?)"));
}

TEST_CASE("plans: a timeline with a condition walks the same index", "[plans]") {
  if (!listed()) return;
  Plans plans;
  plans.crm.read([](Operation& op) {
    Parameters parameters(op.now);
    std::vector<Value> args = {"lead.created"};
    Condition condition = compile(op, op.kinds.get("event"), "kind = ?", args, parameters);
    return timeline(op, 1, Query(), condition, parameters)->count();
  });
  std::string plan = plans.of("FROM event t WHERE t.lead_id");
  CHECK_THAT(plan, Contains("INDEX event_lead (lead_id=? AND rowid<?)"));
  CHECK_THAT(plan, !Contains("TEMP B-TREE"));
}

TEST_CASE("plans: leads in the order of any sortable field", "[plans]") {
  if (!listed()) return;
  struct Sort {
    const char* by;
    const char* order;  // a part of the statement
    const char* uses;
  };
  for (const Sort& sort : {Sort{"id", "ORDER BY t.id", "SCAN t"}, {"-id", "ORDER BY t.id DESC", "SCAN t"}, {"email", "ORDER BY k.key", "lead_key"},
                           {"-email", "ORDER BY k.key DESC", "lead_key"}, {"created", "ORDER BY t.created", "INDEX lead_created"},
                           {"-created", "ORDER BY t.created DESC", "INDEX lead_created"}, {"updated", "ORDER BY t.updated", "INDEX lead_updated"},
                           {"-score", "ORDER BY t.score DESC", "INDEX lead_score"}}) {
    for (const char* after : {"", "next"}) {
      INFO(sort.by << " " << after);
      Plans plans;
      plans.find(sort.by, after);
      std::string plan = plans.of(sort.order);
      CHECK_THAT(plan, Contains(sort.uses));
      CHECK_THAT(plan, !Contains("TEMP B-TREE"));
      if (*after != 0) CHECK_THAT(plan, Contains("SEARCH"));
    }
  }
}

TEST_CASE("plans: a lead by its address", "[plans]") {
  if (!listed()) return;
  Plans plans;
  plans.crm.read([](Operation& op) { return find_lead(op, "l3@x.example"); });
  CHECK_THAT(plans.of("FROM lead_key WHERE kind = "), Contains("SEARCH lead_key USING PRIMARY KEY (kind=? AND key=?)"));
}

TEST_CASE("plans: what is due is found in the order of its time", "[plans]") {
  if (!listed()) return;
  Plans plans;
  plans.crm.write([&](Operation& op) { return assign_tag(op, 1, 1, {true, plans.crm.clock + 5}); });
  std::int64_t list = plans.crm.put("list", {{"name", "L"}, {"opt_in", "double"}, {"lapse_after", 5}});
  plans.crm.write([&](Operation& op) {
    subscribe(op, 1, list, subscribe_act("host", "", false));
    return pause_messages(op, 1, list, plans.crm.clock + 5, "");
  });
  plans.crm.clock += 10;
  plans.crm.read([](Operation& op) { return count_with_tag(op, 1); });
  run_due(plans.crm.database, 0);
  for (const char* part : {"FROM lead_tag WHERE expires <= $1 ORDER BY", "FROM lead_tag WHERE expires IS NOT NULL ORDER BY expires",
                           "COUNT(*) FROM lead_tag WHERE expires <= $1 AND tag_id"}) {
    std::string plan = plans.of(part);
    CHECK_THAT(plan, Contains("INDEX lead_tag_expires"));
    CHECK_THAT(plan, !Contains("TEMP B-TREE"));
  }
  for (auto [part, uses] : std::initializer_list<std::pair<const char*, const char*>>{{"FROM pause WHERE until IS NOT NULL ORDER BY", "INDEX pause_until"},
                                                                                      {"FROM subscription WHERE lapses IS NOT NULL ORDER BY", "INDEX subscription_lapses"},
                                                                                      {"FROM pause WHERE until <= $1", "INDEX pause_until (until<?)"},
                                                                                      {"FROM subscription WHERE lapses <= $1", "INDEX subscription_lapses (lapses<?)"}}) {
    std::string plan = plans.of(part);
    CHECK_THAT(plan, Contains(uses));
    CHECK_THAT(plan, !Contains("TEMP B-TREE"));
  }
}
