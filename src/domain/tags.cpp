#include "domain/tags.h"

#include <algorithm>

#include "base/deadline.h"
#include "base/failure.h"
#include "base/json.h"
#include "model/due.h"
#include "model/id_batches.h"
#include "model/store.h"
#include "sql/bulk_insert.h"

namespace kith {

namespace {

SetKey tag_set(std::int64_t tag) { return {SetFamily::tag, tag}; }

// "tag_id = $1 AND lead_id IN (the ids in $2)".
SqlText of_tag_and_leads() { return SqlText("tag_id = $1 AND lead_id IN (") + Dialect::id_list(2) + ")"; }

void delete_assignments(Operation& op, const LeadSet& leads, std::int64_t tag) {
  SqlText text = SqlText("DELETE FROM lead_tag WHERE ") + of_tag_and_leads();
  in_batches(leads, [&](std::string_view ids) { op.db.run(text, tag, ids); });
  op.sets.remove_all(tag_set(tag), leads);
}

// When an assignment made at `at` ends.
std::optional<Millis> end_of(Operation& op, std::int64_t tag, const Expiry& expiry) {
  if (expiry.given) return expiry.at;
  Statement row = op.db.query("SELECT expires, expires_after FROM tag WHERE id = $1", tag);
  if (!row.step()) return std::nullopt;
  if (!row.is_null(0)) return row.integer(0);
  if (!row.is_null(1)) return deadline(op.at(), row.integer(1));
  return std::nullopt;
}

std::string expiry_json(std::optional<Millis> expires) {
  if (!expires) return {};
  std::string data = "{\"expires\":";
  append_json_number(data, *expires);
  return data + "}";
}

std::string extension_json(std::optional<Millis> before, std::optional<Millis> after) {
  auto append = [](std::string& out, std::optional<Millis> time) {
    if (time) {
      append_json_number(out, *time);
    } else {
      out += "null";
    }
  };
  std::string data = "{\"changes\":{\"expires\":[";
  append(data, before);
  data += ',';
  append(data, after);
  return data + "]}}";
}

// An assignment of a tag that is over, but not yet taken away.
struct Past {
  std::int64_t lead;
  std::int64_t tag;
  Millis expires;
  std::int64_t event;  // by which the lead got the tag: what ends it led from there
};

// Ends them: one write for the log, in the order given, and one for each tag's set.
void end_past(Operation& op, std::vector<Past> past) {
  if (past.empty()) return;
  std::vector<std::string> data;
  data.reserve(past.size());
  std::vector<Event> events;
  events.reserve(past.size());
  for (const Past& one : past) {
    data.push_back(expiry_json(one.expires));
    Event event;
    event.lead = one.lead;
    event.kind = static_cast<std::int64_t>(EventKind::tag_expired);
    event.subject_id = one.tag;
    event.data = data.back();
    event.cause = one.event;
    events.push_back(event);
  }
  op.events.record_in_order(events);
  std::sort(past.begin(), past.end(), [](const Past& a, const Past& b) { return a.tag != b.tag ? a.tag < b.tag : a.lead < b.lead; });
  LeadSet leads;
  for (std::size_t i = 0; i < past.size(); ++i) {
    leads.add(past[i].lead);
    if (i + 1 == past.size() || past[i + 1].tag != past[i].tag) {
      delete_assignments(op, leads, past[i].tag);
      leads = {};
    }
  }
}

// The assignments of a tag that are over; `among`: of these leads only.
std::vector<Past> past_of(Operation& op, std::int64_t tag, const LeadSet* among) {
  std::vector<Past> past;
  Statement rows = op.db.query("SELECT lead_id, expires, event_id FROM lead_tag WHERE expires <= $1 AND tag_id = $2", op.now, tag);
  while (rows.step()) {
    if (among == nullptr || among->contains(rows.integer(0))) past.push_back({rows.integer(0), tag, rows.integer(1), rows.integer(2)});
  }
  return past;
}

LeadSet past_expiry(Operation& op, std::int64_t tag) {
  LeadSet past;
  for (const Past& one : past_of(op, tag, nullptr)) past.add(one.lead);
  return past;
}

// Those who have it already keep it, for the time that the call gives: how many that changes.
std::int64_t extend(Operation& op, const LeadSet& leads, std::int64_t tag, std::optional<Millis> expires) {
  SqlText look = SqlText("SELECT lead_id, expires FROM lead_tag WHERE ") + of_tag_and_leads();
  // Without a condition on expires alone, which would lead over the index of all that ends.
  look += expires ? Literal(" AND (expires IS NULL OR expires <> $3) ORDER BY lead_id") : Literal(" ORDER BY lead_id");
  std::vector<std::int64_t> changed;
  std::vector<std::string> data;
  in_batches(leads, [&](std::string_view ids) {
    Statement rows = op.db.query(look, tag, ids);
    if (expires) rows.bind(3, *expires);
    while (rows.step()) {
      if (!expires && rows.is_null(1)) continue;
      changed.push_back(rows.integer(0));
      data.push_back(extension_json(rows.optional_integer(1), expires));
    }
  });
  if (changed.empty()) return 0;
  SqlText update = SqlText("UPDATE lead_tag SET expires = $3 WHERE ") + of_tag_and_leads();
  in_batches(changed, [&](std::string_view ids) { op.db.run(update, tag, ids, expires); });
  std::vector<Event> events(changed.size());
  for (std::size_t i = 0; i < changed.size(); ++i) {
    events[i].lead = changed[i];
    events[i].kind = static_cast<std::int64_t>(EventKind::tag_extended);
    events[i].subject_id = tag;
    events[i].data = data[i];
  }
  op.events.record_in_order(events);
  return static_cast<std::int64_t>(changed.size());
}

}  // namespace

std::int64_t assign_tag(Operation& op, std::int64_t lead, std::int64_t tag, const Expiry& expiry) {
  std::optional<Millis> expires = end_of(op, tag, expiry);
  std::optional<Millis> standing;
  std::int64_t assigned = 0;
  bool has = false;
  {
    Statement row = op.db.query("SELECT expires, event_id FROM lead_tag WHERE lead_id = $1 AND tag_id = $2", lead, tag);
    if (row.step()) {
      has = true;
      standing = row.optional_integer(0);
      assigned = row.integer(1);
    }
  }
  if (has && standing && *standing <= op.now) {
    end_past(op, {{lead, tag, *standing, assigned}});
    has = false;
  }
  if (expires && *expires <= op.now) {
    fail(Status::invalid, "expires", "the assignment would already be over");
  }
  if (!has) {
    std::int64_t event = op.events.record(EventKind::tag_assigned, lead, tag, expiry_json(expires));
    op.db.run("INSERT INTO lead_tag (lead_id, tag_id, at, expires, event_id) VALUES ($1, $2, $3, $4, $5)", lead, tag,
              op.at(), expires, event);
    op.sets.add(tag_set(tag), lead);
    return event;
  }
  if (standing == expires) return 0;
  op.db.run("UPDATE lead_tag SET expires = $3 WHERE lead_id = $1 AND tag_id = $2", lead, tag, expires);
  return op.events.record(EventKind::tag_extended, lead, tag, extension_json(standing, expires));
}

std::int64_t unassign_tag(Operation& op, std::int64_t lead, std::int64_t tag) {
  std::optional<Millis> standing;
  std::int64_t assigned = 0;
  {
    Statement row = op.db.query("SELECT expires, event_id FROM lead_tag WHERE lead_id = $1 AND tag_id = $2", lead, tag);
    if (!row.step()) return 0;
    standing = row.optional_integer(0);
    assigned = row.integer(1);
  }
  if (standing && *standing <= op.now) {
    end_past(op, {{lead, tag, *standing, assigned}});
    return 0;
  }
  op.db.run("DELETE FROM lead_tag WHERE lead_id = $1 AND tag_id = $2", lead, tag);
  op.sets.remove(tag_set(tag), lead);
  return op.events.record(EventKind::tag_unassigned, lead, tag);
}

std::int64_t assign_tag_to(Operation& op, const LeadSet& leads, std::int64_t tag, const Expiry& expiry) {
  std::optional<Millis> expires = end_of(op, tag, expiry);
  if (expires && *expires <= op.now) fail(Status::invalid, "expires", "the assignments would already be over");
  end_past(op, past_of(op, tag, &leads));
  LeadSet having = op.sets.load(tag_set(tag));
  LeadSet fresh = leads;
  fresh -= having;
  std::vector<std::int64_t> ids = ids_of(fresh);
  std::string data = expiry_json(expires);
  std::int64_t event = op.events.record_each(EventKind::tag_assigned, ids, tag, data);
  {
    BulkInsert insert(op.db, SqlText("lead_tag (lead_id, tag_id, at, expires, event_id)"), 5);
    for (std::int64_t lead : ids) insert << lead << tag << op.at() << expires << event++;
    insert.finish();
  }
  op.sets.add_all(tag_set(tag), fresh);
  std::int64_t moved = 0;
  LeadSet again = leads;
  again &= having;
  if (!again.empty()) {
    moved = extend(op, again, tag, expires);
  }
  return static_cast<std::int64_t>(ids.size()) + moved;
}

std::int64_t unassign_tag_from(Operation& op, const LeadSet& leads, std::int64_t tag) {
  end_past(op, past_of(op, tag, &leads));
  LeadSet having = op.sets.load(tag_set(tag));
  having &= leads;
  std::vector<std::int64_t> ids = ids_of(having);
  op.events.record_each(EventKind::tag_unassigned, ids, tag, {});
  delete_assignments(op, having, tag);
  return static_cast<std::int64_t>(ids.size());
}

void move_assignments(Operation& op, std::int64_t tag, std::optional<Millis> before, std::optional<Millis> after) {
  end_past(op, past_of(op, tag, nullptr));
  SqlText look = SqlText("SELECT lead_id FROM lead_tag WHERE ") + of_tag_and_leads();
  look += before ? Literal(" AND expires = $3 ORDER BY lead_id") : Literal(" AND expires IS NULL ORDER BY lead_id");
  LeadSet following;
  in_batches(op.sets.load(tag_set(tag)), [&](std::string_view ids) {
    Statement rows = op.db.query(look, tag, ids);
    if (before) rows.bind(3, *before);
    while (rows.step()) following.add(rows.integer(0));
  });
  extend(op, following, tag, after);
}

void end_assignments(Operation& op, std::int64_t tag, std::string_view name) {
  std::string data = "{\"tag\":";
  append_json_text(data, name);
  data += '}';
  LeadSet leads = op.sets.load(tag_set(tag));
  op.events.record_each(EventKind::tag_unassigned, ids_of(leads), tag, data);
  delete_assignments(op, leads, tag);
}

void merge_assignments(Operation& op, std::int64_t survivor, std::int64_t absorbed) {
  std::vector<std::int64_t> tags;
  {
    Statement rows = op.db.query("SELECT tag_id FROM lead_tag WHERE lead_id = $1 ORDER BY tag_id", absorbed);
    while (rows.step()) tags.push_back(rows.integer(0));
  }
  for (std::int64_t tag : tags) {
    if (op.sets.contains(tag_set(tag), survivor)) {
      op.db.run(
          "UPDATE lead_tag SET expires = (SELECT CASE WHEN o.expires IS NULL OR lead_tag.expires IS NULL THEN NULL "
          "WHEN o.expires > lead_tag.expires THEN o.expires ELSE lead_tag.expires END "
          "FROM lead_tag o WHERE o.lead_id = $3 AND o.tag_id = $2) WHERE lead_id = $1 AND tag_id = $2",
          survivor, tag, absorbed);
      op.db.run("DELETE FROM lead_tag WHERE lead_id = $1 AND tag_id = $2", absorbed, tag);
    } else {
      op.db.run("UPDATE lead_tag SET lead_id = $1 WHERE lead_id = $3 AND tag_id = $2", survivor, tag, absorbed);
      op.sets.add(tag_set(tag), survivor);
    }
    op.sets.remove(tag_set(tag), absorbed);
  }
}

std::int64_t merge_tags(Operation& op, std::int64_t tag, std::int64_t other) {
  if (tag == other) fail(Status::invalid, "other", "a tag cannot be merged into itself");
  std::string other_name;
  {
    Statement row = op.db.query("SELECT name FROM tag WHERE id = $1", other);
    if (row.step()) other_name = row.text(0);
  }
  std::string data = "{\"absorbed\":";
  append_json_text(data, other_name);
  data += '}';
  // What is over ends as what it was, so that nobody is told of the end of a tag that they never had.
  end_past(op, past_of(op, tag, nullptr));
  end_past(op, past_of(op, other, nullptr));
  std::int64_t event = op.events.record(EventKind::tag_merged, 0, tag, data);
  LeadSet moving = op.sets.load(tag_set(other));
  LeadSet both = op.sets.load(tag_set(tag));
  both &= moving;
  // Who had both keeps the assignment that lasts longer.
  SqlText longer = SqlText("UPDATE lead_tag SET expires = (SELECT CASE WHEN o.expires IS NULL OR lead_tag.expires IS NULL THEN NULL "
                           "WHEN o.expires > lead_tag.expires THEN o.expires ELSE lead_tag.expires END "
                           "FROM lead_tag o WHERE o.lead_id = lead_tag.lead_id AND o.tag_id = $3) WHERE ") + of_tag_and_leads();
  in_batches(both, [&](std::string_view ids) { op.db.run(longer, tag, ids, other); });
  delete_assignments(op, both, other);
  moving -= both;
  SqlText move = SqlText("UPDATE lead_tag SET tag_id = $3 WHERE ") + of_tag_and_leads();
  in_batches(moving, [&](std::string_view ids) { op.db.run(move, other, ids, tag); });
  op.sets.add_all(tag_set(tag), moving);
  op.sets.drop(tag_set(other));
  op.db.run("DELETE FROM tag WHERE id = $1", other);
  keep_name(op, op.kinds.get("tag"), other, other_name);
  return event;
}

LeadSet leads_with_tag(Operation& op, std::int64_t tag) {
  LeadSet leads = op.sets.load(tag_set(tag));
  leads -= past_expiry(op, tag);
  return leads;
}

std::int64_t count_with_tag(Operation& op, std::int64_t tag) {
  Statement past = op.db.query("SELECT COUNT(*) FROM lead_tag WHERE expires <= $1 AND tag_id = $2", op.now, tag);
  return op.sets.count(tag_set(tag)) - (past.step() ? past.integer(0) : 0);
}

const Predicate& tag_predicate() {
  static const Predicate predicate = {
      "tag", "tag", {}, "has the tag now",
      [](Operation& op, std::int64_t tag, std::size_t) { return leads_with_tag(op, tag); },
      [](Operation& op, std::int64_t tag, std::size_t) { return count_with_tag(op, tag); }};
  return predicate;
}

std::int64_t expire_tags(Operation& op, std::int64_t limit) {
  std::vector<Past> due;
  {
    Statement rows = op.db.query(
        "SELECT lead_id, tag_id, expires, event_id FROM lead_tag WHERE expires <= $1 ORDER BY expires, lead_id, tag_id LIMIT $2", op.now,
        limit);
    while (rows.step()) due.push_back({rows.integer(0), rows.integer(1), rows.integer(2), rows.integer(3)});
  }
  auto done = static_cast<std::int64_t>(due.size());
  end_past(op, std::move(due));
  return done;
}

std::vector<Millis> tag_expiries(Operation& op, std::int64_t limit) { return earliest(op, "lead_tag", "expires", limit); }

}  // namespace kith
