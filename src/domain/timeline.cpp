// Reading the log: a lead's timeline, what led to an event, what came after one. Recording is in activity.cpp.
#include <algorithm>
#include <charconv>
#include <unordered_map>

#include "base/failure.h"
#include "base/text.h"
#include "domain/activity.h"
#include "model/parameters.h"

namespace kith {

namespace {

const RowsBuilder::Columns& event_columns() {
  static const RowsBuilder::Columns columns = std::make_shared<const std::vector<Rows::Column>>(std::vector<Rows::Column>{
      {"id", Meaning::id}, {"at", Meaning::datetime}, {"kind", Meaning::text}, {"lead", Meaning::id}, {"subject", Meaning::text},
      {"by", Meaning::text}, {"ip", Meaning::text}, {"cause", Meaning::id}, {"data", Meaning::json}, {"what", Meaning::text}});
  return columns;
}

// Puts events of the log into rows, with the names of what they are about. Reads, in this order: id, at, kind_id, lead_id,
// subject_id, subject, actor, ip, cause_id, data.
class EventRows {
 public:
  EventRows(Operation& op, std::size_t expected) : op_(op), rows_(event_columns(), expected) {}

  void add(const Statement& row) {
    rows_.add_row();
    rows_.set_integer(0, row.integer(0));
    rows_.set_integer(1, row.integer(1));
    std::int64_t kind = row.integer(2);
    const EventKindSpec* own = own_event_kind(kind);
    std::string_view kind_name = own != nullptr ? own->name : op_.events.kinds().name(kind);
    rows_.set_text(2, kind_name);
    if (std::int64_t lead = row.integer(3); lead != 0) rows_.set_integer(3, lead);
    std::string_view subject = row.text(5);
    if (subject.empty() && own != nullptr && !own->subject.empty()) subject = subject_name(*own, row.integer(4));
    if (!subject.empty()) rows_.set_text(4, subject);
    for (int column : {6, 7, 8, 9}) rows_.set_column(row, column, column - 1);
    sentence(own, kind_name, subject);
  }

  RowsBuilder& rows() { return rows_; }

 private:
  std::string_view subject_name(const EventKindSpec& own, std::int64_t id) {
    if (id == 0) return {};
    auto [known, fresh] = names_[own.subject].try_emplace(id);
    std::string& name = known->second;
    if (!fresh) return name;
    const Kind* kind = op_.kinds.find(own.subject);
    if (kind != nullptr && !kind->spec().name_field.empty() && own.subject != "lead") {
      Statement row = op_.db.query(SqlText("SELECT ") + kind->spec().name_field + " FROM " + kind->spec().table + " WHERE id = $1", id);
      if (row.step()) name = row.text(0);
    }
    if (name.empty()) name = "id:" + std::to_string(id);
    return name;
  }

  void sentence(const EventKindSpec* own, std::string_view kind, std::string_view subject) {
    if (own == nullptr) {
      rows_.set_text(9, kind);
      return;
    }
    std::size_t place = own->summary.find("{subject}");
    if (place == std::string_view::npos) {
      rows_.set_text(9, own->summary);
      return;
    }
    what_.assign(own->summary.substr(0, place));
    what_ += subject.empty() ? std::string_view("every list") : subject;
    what_ += own->summary.substr(place + 9);
    rows_.set_text(9, what_);
  }

  Operation& op_;
  RowsBuilder rows_;
  std::unordered_map<std::string_view, std::unordered_map<std::int64_t, std::string>> names_;  // by kind and id
  std::string what_;
};

constexpr Literal event_by_id =
    "SELECT id, at, kind_id, lead_id, subject_id, subject, actor, ip, cause_id, data FROM event WHERE id = $1";

constexpr std::int64_t all_events = std::int64_t{1} << 53;  // ids are below it

// At most `limit` of the statement's events; where there are more, the last one's id leads to the next page.
// `from` is where the page begins. Whoever asks for page after page must come to an end, in a damaged file too.
void add_page(EventRows& rows, Statement& page, std::int64_t limit, std::int64_t from, bool ascending) {
  std::int64_t last = from;
  while (page.step()) {
    if (rows.rows().count() == limit) return rows.rows().set_next(std::to_string(last));
    std::int64_t id = page.integer(0);
    if (ascending ? id <= last : id >= last) fail(Status::corrupt, "", "event {} does not stand in the order of the log", id);
    last = id;
    rows.add(page);
  }
}

std::int64_t id_after(std::string_view token) {
  std::int64_t id = 0;
  auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), id);
  if (error != std::errc() || end != token.data() + token.size() || id <= 0) {
    fail(Status::invalid, "after", "{} does not come from a page of a timeline", shown(token));
  }
  return id;
}

}  // namespace

RowsPtr timeline(Operation& op, std::int64_t lead, const Query& query, const Condition& condition, Parameters& parameters) {
  std::int64_t before = query.after.empty() ? all_events : id_after(query.after);
  std::int64_t limit = query.limit < 0 ? all_events : std::min(query.limit, all_events);
  EventRows rows(op, static_cast<std::size_t>(std::min<std::int64_t>(limit, 64)));
  if (condition.sql.empty()) {
    Statement page = op.db.query(
        "SELECT id, at, kind_id, lead_id, subject_id, subject, actor, ip, cause_id, data FROM event "
        "WHERE lead_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
        lead, before, limit + 1);
    add_page(rows, page, limit, before, false);
  } else {
    SqlText text("SELECT t.id, t.at, t.kind_id, t.lead_id, t.subject_id, t.subject, t.actor, t.ip, t.cause_id, t.data FROM event t WHERE t.lead_id = ");
    text += parameters.add(lead) + " AND t.id < " + parameters.add(before) + " AND (" + condition.sql + ") ORDER BY t.id DESC LIMIT " + parameters.add(limit + 1);
    Statement page = op.db.prepare(text);
    parameters.bind(page);
    add_page(rows, page, limit, before, false);
  }
  return rows.rows().finish();
}

RowsPtr causes_of(Operation& op, std::int64_t event) {
  constexpr int most_causes = 10000;  // each is older than the one before, so a chain ends by itself
  EventRows rows(op, 4);
  std::int64_t next = event;
  for (int steps = 0; next > 0 && steps < most_causes; ++steps) {
    Statement row = op.db.query(event_by_id, next);
    if (!row.step()) break;
    rows.add(row);
    std::int64_t cause = row.integer(8);
    if (cause >= next) break;  // a cause is older than what it led to: anything else is a host's mistake
    next = cause;
  }
  return rows.rows().finish();
}

RowsPtr events_after(Operation& op, std::int64_t id, std::int64_t limit) {
  limit = std::min(limit, all_events);
  EventRows rows(op, static_cast<std::size_t>(std::min<std::int64_t>(limit, 1000)));
  Statement page = op.db.query(
      "SELECT id, at, kind_id, lead_id, subject_id, subject, actor, ip, cause_id, data FROM event WHERE id > $1 ORDER BY id LIMIT $2", id,
      limit + 1);
  add_page(rows, page, limit, id, true);
  return rows.rows().finish();
}

}  // namespace kith
