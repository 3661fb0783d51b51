// Reading the log: a lead's timeline, what led to an event, what came after one. Recording is in activity.cpp.
#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <unordered_map>
#include <vector>

#include "base/failure.h"
#include "base/json.h"
#include "base/text.h"
#include "domain/activity.h"
#include "model/id_batches.h"
#include "model/parameters.h"
#include "sql/dialect.h"

namespace kith {

namespace {

const RowsBuilder::Columns& event_columns() {
  static const RowsBuilder::Columns columns = std::make_shared<const std::vector<Rows::Column>>(std::vector<Rows::Column>{
      {"id", Meaning::id}, {"at", Meaning::datetime}, {"kind", Meaning::text}, {"lead", Meaning::id}, {"subject", Meaning::text},
      {"by", Meaning::text}, {"ip", Meaning::text}, {"cause", Meaning::id}, {"data", Meaning::json}, {"what", Meaning::text}});
  return columns;
}

// The address that an event is about, spelt as it was then: the row may be gone by now.
std::string address_in(std::string_view data) {
  Json told = Json::parse(data, nullptr, false);
  if (!told.is_object()) return {};
  const Json* email = told.contains("email") ? &told["email"] : nullptr;
  if (told.contains("changes") && told["changes"].is_object() && told["changes"].contains("email")) {
    const Json& change = told["changes"]["email"];
    if (change.is_array() && !change.empty()) email = &change.back();
  }
  return email != nullptr && email->is_string() ? email->get<std::string>() : std::string();
}

// Puts events of the log into rows, with the names of what they are about, which are looked up together at the end. Reads,
// in this order: id, at, kind_id, lead_id, subject_id, subject, actor, ip, cause_id, data.
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
    for (int column : {6, 7, 8, 9}) rows_.set_column(row, column, column - 1);
    std::string_view subject = row.text(5);
    if (own == nullptr) {
      if (!subject.empty()) rows_.set_text(4, subject);
      return rows_.set_text(9, kind_name);
    }
    std::int64_t id = row.integer(4);
    std::string address = own->subject == "address" ? address_in(row.text(9)) : std::string();
    if (!address.empty() || !subject.empty() || own->subject.empty() || id == 0) {
      return tell(rows_.count() - 1, *own, address.empty() ? subject : address);
    }
    unnamed_.push_back({rows_.count() - 1, own, id});
    names_[own->subject].try_emplace(id);
  }

  std::int64_t count() const { return rows_.count(); }
  void set_next(std::string token) { rows_.set_next(std::move(token)); }
  RowsPtr finish() {
    for (auto& [kind, names] : names_) find_names(kind, names);
    for (const Unnamed& one : unnamed_) {
      const std::string& name = names_[one.event->subject][one.subject];
      tell(one.row, *one.event, name.empty() ? "id:" + std::to_string(one.subject) : name);
    }
    return rows_.finish();
  }

 private:
  using Names = std::unordered_map<std::int64_t, std::string>;  // by id
  struct Unnamed {
    std::int64_t row;
    const EventKindSpec* event;
    std::int64_t subject;
  };

  void find_names(std::string_view kind_name, Names& names) {
    const Kind* kind = op_.kinds.find(kind_name);
    if (kind == nullptr || kind->spec().name_field.empty()) return;
    auto look = [&](const SqlText& text, auto... before) {
      std::vector<std::int64_t> ids;
      for (const auto& [id, name] : names) {
        if (name.empty()) ids.push_back(id);
      }
      in_batches(ids, [&](std::string_view some) {
        Statement rows = op_.db.query(text, before..., some);
        while (rows.step()) names[rows.integer(0)] = rows.text(1);
      });
    };
    look(SqlText("SELECT id, ") + kind->spec().name_field + " FROM " + kind->spec().table + " WHERE id IN (" + Dialect::id_list(1) + ")");
    if (kind->spec().owner != Owner::definition) return;
    look(SqlText("SELECT id, name FROM definition_gone WHERE kind = $1 AND id IN (") + Dialect::id_list(2) + ")", kind->name());
  }

  void tell(std::int64_t row, const EventKindSpec& own, std::string_view subject) {
    if (!subject.empty()) rows_.set_text(row, 4, subject);
    std::size_t place = own.summary.find("{subject}");
    if (place == std::string_view::npos) return rows_.set_text(row, 9, own.summary);
    what_.assign(own.summary.substr(0, place));
    what_ += subject.empty() ? std::string_view("every list") : subject;
    what_ += own.summary.substr(place + 9);
    rows_.set_text(row, 9, what_);
  }

  Operation& op_;
  RowsBuilder rows_;
  std::vector<Unnamed> unnamed_;
  std::unordered_map<std::string_view, Names> names_;  // by kind
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
    if (rows.count() == limit) return rows.set_next(std::to_string(last));
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
  return rows.finish();
}

RowsPtr events_of(Operation& op, std::int64_t lead, std::int64_t after, std::int64_t limit) {
  EventRows rows(op, 64);
  Statement page = op.db.query(
      "SELECT id, at, kind_id, lead_id, subject_id, subject, actor, ip, cause_id, data FROM event "
      "WHERE lead_id = $1 AND id > $2 ORDER BY id LIMIT $3",
      lead, after, limit + 1);
  add_page(rows, page, limit, after, true);
  return rows.finish();
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
  return rows.finish();
}

RowsPtr events_after(Operation& op, std::int64_t id, std::int64_t limit) {
  limit = std::min(limit, all_events);
  EventRows rows(op, static_cast<std::size_t>(std::min<std::int64_t>(limit, 1000)));
  Statement page = op.db.query(
      "SELECT id, at, kind_id, lead_id, subject_id, subject, actor, ip, cause_id, data FROM event WHERE id > $1 ORDER BY id LIMIT $2", id,
      limit + 1);
  add_page(rows, page, limit, id, true);
  return rows.finish();
}

}  // namespace kith
