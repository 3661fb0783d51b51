// What points at a lead, a definition or an event that is not there; columns and indexes of custom fields.
#include <set>

#include "base/failure.h"
#include "core/check.h"
#include "domain/fields.h"
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
    {"lead_tag", "event_id", "event"},
    {"subscription", "event_id", "event"},
    {"pause", "event_id", "event"},
    {"confirm_wanted", "event_id", "event"},
    {"suppression", "event_id", "event"},
    {"token", "event_id", "event"},
    {"lead_gone", "event_id", "event"},
    {"lead_merge", "event_id", "event"},
    {"write_key", "event_id", "event"},
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
  std::set<std::string> columns;
  {
    Statement rows = op.db.query(Dialect::columns_of("lead_custom"));
    while (rows.step()) columns.emplace(rows.text(0));
  }
  columns.erase("lead_id");
  std::vector<std::int64_t> without_index;
  Statement rows = op.db.prepare("SELECT id, key, indexed FROM field ORDER BY id");
  while (rows.step()) {
    std::int64_t id = rows.integer(0);
    bool known = op.kinds.get("lead").find_field(rows.text(1)) >= 0;
    if (columns.erase(Dialect::custom_column(id).string()) == 0) {
      faults.add("reference", fmt::format("field {}", id), fmt::format("the column of {} is not there", rows.text(1)));
    } else if (rows.integer(2) == 1 && !op.db.query(Dialect::has_index(), field_index_name(id).string()).step()) {
      if (faults.derived("reference", fmt::format("field {}", id), fmt::format("the index of {} is not there", rows.text(1)))) without_index.push_back(id);
    } else if (!known) {
      faults.add("reference", fmt::format("field {}", id), fmt::format("the description of {} cannot be used", rows.text(1)));
    }
  }
  rows.reset();
  for (std::int64_t id : without_index) make_field_index(op, id);
  for (const std::string& column : columns) faults.add("reference", "lead_custom." + column, "belongs to a field that is not there");
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
