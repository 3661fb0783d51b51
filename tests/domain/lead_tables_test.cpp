// The one list of tables that hold ids of leads: nothing of the schema may be missing from it.
#include "domain/lead_tables.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "support/crm.h"

using namespace kith;
using kith::test::Crm;

TEST_CASE("every column that holds a lead's id is in the list that merge, remove and erase walk", "[lead_tables]") {
  Crm crm;
  std::set<std::string> listed;
  crm.read([&](Operation& op) {
    for (const LeadTable& table : lead_tables(op.kinds)) {
      CHECK(listed.insert(table.table.string() + "." + table.lead.string()).second);
    }
  });
  std::set<std::string> there;
  for (const std::string& row : crm.rows("SELECT m.name || '.' || c.name FROM sqlite_schema m, pragma_table_info(m.name) c "
                                         "WHERE m.type = 'table' AND (c.name IN ('issued_to', 'survivor_id', 'absorbed_id') "
                                         "OR c.name LIKE '%lead\\_id' ESCAPE '\\' OR c.name LIKE '%lead')")) {
    there.insert(row);
    INFO(row);
    CHECK(listed.count(row) == 1);
  }
  CHECK(there.size() >= 14);
  listed.erase("lead.id");
  CHECK(there == listed);  // and nothing is listed that is not there
}

TEST_CASE("the columns that the list names are the tables' own", "[lead_tables]") {
  Crm crm;
  crm.lead("ada@example.com");
  crm.read([&](Operation& op) {
    for (const LeadTable& table : lead_tables(op.kinds)) {
      INFO(table.table.string());
      CHECK_NOTHROW(rows_of_lead(op, table, 1));
      if (!table.ends.empty()) CHECK_NOTHROW(op.db.prepare(SqlText("SELECT ") + table.ends + " FROM " + table.table));
    }
  });
}

TEST_CASE("a row goes out as JSON and comes back the same", "[lead_tables]") {
  Crm crm;
  crm.put("lead", {{"email", "ada@example.com"}, {"first_name", "A\"d\\a\n😀"}, {"phone", "070 12 34 56"}});
  std::string before = crm.one("SELECT * FROM lead");
  crm.write([&](Operation& op) {
    LeadTable lead{.table = "lead", .lead = "id"};
    Json row = parse_json(to_json(rows_of_lead(op, lead, 1).at(0)), "row");
    delete_rows_of_lead(op, lead, 1);
    insert_row(op, "lead", row);
    return 0;
  });
  CHECK(crm.one("SELECT * FROM lead") == before);
}
