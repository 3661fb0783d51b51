#include "domain/pauses.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "base/failure.h"
#include "base/json.h"
#include "model/id_batches.h"
#include "model/due.h"

namespace kith {

namespace {

using enum FieldType;

constexpr FieldSpec pause_fields[] = {
    {.name = "id", .type = id, .flags = fixed, .summary = "the id of the event that paused", .expression = "t.event_id"},
    {.name = "lead", .type = reference, .flags = required | fixed | sortable, .summary = "who wants no messages", .refers = "lead",
     .expression = "t.lead_id"},
    {.name = "list", .type = reference, .flags = fixed, .summary = "on which list; empty: on all", .refers = "list",
     .expression = "(SELECT l.name FROM list l WHERE l.id = t.list_id)"},
    {.name = "until", .type = datetime, .summary = "when it ends"},
    {.name = "reason", .summary = "why, in the lead's or the host's words", .most = 2000},
};

std::string pause_json(Millis until, std::string_view reason, std::string_view via) {
  std::string data = "{\"via\":";
  append_json_text(data, via);
  data += ",\"until\":";
  append_json_number(data, until);
  if (!reason.empty()) {
    data += ",\"reason\":";
    append_json_text(data, reason);
  }
  return data + "}";
}

std::int64_t end_one(Operation& op, std::int64_t lead, std::int64_t list, std::string_view data) {
  op.db.run("DELETE FROM pause WHERE lead_id = $1 AND list_id = $2", lead, list);
  return op.events.record(EventKind::messages_resumed, lead, list, data);
}

constexpr std::string_view over = "{\"via\":\"time\"}";

}  // namespace

std::unique_ptr<Kind> make_pause_kind() {
  KindSpec spec;
  spec.name = "pause";
  spec.table = "pause";
  spec.owner = Owner::lead;
  spec.name_field = "";
  spec.summary = "a time in which a lead wants no messages";
  spec.fields = pause_fields;
  spec.order = "lead";
  spec.writable = spec.removable = false;
  return std::make_unique<Kind>(spec);
}

std::int64_t pause_messages(Operation& op, std::int64_t lead, std::int64_t list, Millis until, std::string_view reason,
                            std::string_view via) {
  if (until <= op.now) fail(Status::invalid, "until", "{} is over already", format_time(until));
  std::optional<std::string_view> why;
  if (!reason.empty()) why = reason;
  {
    Statement row = op.db.query("SELECT until, COALESCE(reason, '') FROM pause WHERE lead_id = $1 AND list_id = $2", lead, list);
    if (row.step() && row.integer(0) == until && row.text(1) == reason) return 0;
  }
  std::int64_t event = op.events.record(EventKind::messages_paused, lead, list, pause_json(until, reason, via));
  op.db.run(
      "INSERT INTO pause (lead_id, list_id, until, reason, event_id) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (lead_id, list_id) "
      "DO UPDATE SET until = excluded.until, reason = excluded.reason, event_id = excluded.event_id",
      lead, list, until, why, event);
  return event;
}

std::int64_t resume_messages(Operation& op, std::int64_t lead, std::int64_t list) {
  struct Standing {
    std::int64_t list;
    bool over;
  };
  std::vector<Standing> standing;
  {
    Statement rows = op.db.query("SELECT list_id, until FROM pause WHERE lead_id = $1", lead);
    while (rows.step()) {
      if (list == every_list || rows.integer(0) == list) standing.push_back({rows.integer(0), rows.integer(1) <= op.now});
    }
  }
  std::int64_t first = 0;
  for (const Standing& one : standing) {
    std::int64_t event = end_one(op, lead, one.list, one.over ? over : std::string_view("{\"via\":\"host\"}"));
    if (first == 0 && !one.over) first = event;
  }
  return first;
}

std::optional<Millis> paused_until(Operation& op, std::int64_t lead, std::int64_t list) {
  std::optional<Millis> latest;
  Statement rows = op.db.query("SELECT until FROM pause WHERE lead_id = $1 AND list_id IN (0, $2) AND until > $3", lead, list, op.now);
  while (rows.step()) latest = latest ? std::max(*latest, rows.integer(0)) : rows.integer(0);
  return latest;
}

std::int64_t end_pauses(Operation& op, std::int64_t limit) {
  struct Due {
    std::int64_t lead, list;
  };
  std::vector<Due> due;
  {
    Statement rows = op.db.query("SELECT lead_id, list_id FROM pause WHERE until <= $1 ORDER BY until, lead_id, list_id LIMIT $2", op.now, limit);
    while (rows.step()) due.push_back({rows.integer(0), rows.integer(1)});
  }
  std::vector<Event> events;
  std::map<std::int64_t, LeadSet> lists;
  for (const Due& one : due) {
    Event event;
    event.lead = one.lead;
    event.kind = static_cast<std::int64_t>(EventKind::messages_resumed);
    event.subject_id = one.list;
    event.data = over;
    events.push_back(event);
    lists[one.list].add(one.lead);
  }
  op.events.record_in_order(events);
  SqlText remove = SqlText("DELETE FROM pause WHERE list_id = $1 AND lead_id IN (") + Dialect::id_list(2) + ")";
  for (const auto& [list, leads] : lists) {
    in_batches(leads, [&, list = list](std::string_view ids) { op.db.run(remove, list, ids); });
  }
  return static_cast<std::int64_t>(due.size());
}

std::vector<Millis> pause_ends(Operation& op, std::int64_t limit) { return earliest(op, "pause", "until", limit); }

void merge_pauses(Operation& op, std::int64_t survivor, std::int64_t absorbed) {
  op.db.run(
      "DELETE FROM pause WHERE lead_id = $1 AND EXISTS (SELECT 1 FROM pause o WHERE o.lead_id = $2 AND o.list_id = pause.list_id "
      "AND o.until > pause.until)",
      survivor, absorbed);
  op.db.run(
      "DELETE FROM pause WHERE lead_id = $2 AND EXISTS (SELECT 1 FROM pause o WHERE o.lead_id = $1 AND o.list_id = pause.list_id)",
      survivor, absorbed);
  op.db.run("UPDATE pause SET lead_id = $1 WHERE lead_id = $2", survivor, absorbed);
}

}  // namespace kith
