// What points at a lead or a definition that is not there; and columns of custom fields without their field.
#include "base/failure.h"
#include "core/check.h"
#include "domain/lead_tables.h"
#include "sql/dialect.h"

namespace kith {

namespace {

struct Reference {
  Literal table;
  Literal column;
  Literal parent;
};

// 0 in one of these is none.
constexpr Reference references[] = {
    {"tag", "category_id", "category"},
    {"lead_tag", "tag_id", "tag"},
    {"subscription", "list_id", "list"},
    {"pause", "list_id", "list"},
    {"confirm_wanted", "list_id", "list"},
    {"event", "kind_id", "event_kind"},
};

void check_leads(Operation& op, Faults& faults) {
  LeadSet live;
  {
    Statement rows = op.db.prepare("SELECT id FROM lead ORDER BY id");
    while (rows.step()) live.add(rows.integer(0));
  }
  LeadSet known = live;
  {
    Statement rows = op.db.prepare("SELECT id FROM lead_gone ORDER BY id");
    while (rows.step()) {
      if (live.contains(rows.integer(0))) {
        faults.add("reference", fmt::format("lead_gone {}", rows.integer(0)), "is said to be gone, and is there");
      }
      known.add(rows.integer(0));
    }
  }
  for (const LeadTable& place : lead_tables(op.kinds)) {
    if (place.table == "lead") continue;
    bool may_be_gone = place.goes != Goes::removed || place.on_merge == OnMerge::stays;
    const LeadSet& may = may_be_gone ? known : live;
    std::int64_t missing = 0;
    std::int64_t first = 0;
    Statement rows = op.db.prepare(SqlText("SELECT DISTINCT ") + place.lead + " FROM " + place.table);
    while (rows.step()) {
      std::int64_t lead = rows.integer(0);
      if (lead == 0 || may.contains(lead)) continue;
      if (missing++ == 0) first = lead;
    }
    if (missing == 0) continue;
    faults.add("reference", fmt::format("{}.{}", place.table.view(), place.lead.view()),
               fmt::format("refers to {} leads that are not there, such as {}", missing, first));
  }
}

void check_columns(Operation& op, Faults& faults) {
  Statement rows = op.db.prepare("SELECT id, key FROM field ORDER BY id");
  while (rows.step()) {
    std::int64_t id = rows.integer(0);
    Statement column = op.db.query(Dialect::has_column("lead_custom", id));
    if (!column.step()) faults.add("reference", fmt::format("field {}", id), fmt::format("the column of {} is not there", rows.text(1)));
  }
}

}  // namespace

void check_references(Operation& op, Faults& faults) {
  check_leads(op, faults);
  for (const Reference& place : references) {
    SqlText text = SqlText("SELECT COUNT(*), MIN(r.") + place.column + ") FROM " + place.table + " r LEFT JOIN " + place.parent +
                   " p ON p.id = r." + place.column + " WHERE p.id IS NULL AND r." + place.column + " <> 0";
    Statement row = op.db.prepare(text);
    if (!row.step() || row.integer(0) == 0) continue;
    faults.add("reference", fmt::format("{}.{}", place.table.view(), place.column.view()),
               fmt::format("{} rows refer to a {} that is not there, such as {}", row.integer(0), place.parent.view(), row.integer(1)));
  }
  check_columns(op, faults);
}

}  // namespace kith
