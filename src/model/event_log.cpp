#include "model/event_log.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "base/failure.h"

namespace kith {

namespace {

constexpr int columns = 10;
SqlText into() {
  return SqlText("event (id, lead_id, kind_id, at, subject_id, subject, actor, ip, cause_id, data)");
}

std::optional<std::int64_t> unless_zero(std::int64_t value) { return value == 0 ? std::nullopt : std::optional(value); }
std::optional<std::string_view> unless_empty(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

// Gives the columns' values to `sink`, in their order.
template <class Sink>
void EventLog::write(Sink sink, const Event& event, std::int64_t id) {
  sink(id);
  sink(event.lead);
  sink(event.kind);
  sink(event.at != 0 ? event.at : act_.at != 0 ? act_.at : now_);
  sink(unless_zero(event.subject_id));
  sink(unless_empty(event.subject));
  sink(unless_empty(event.by != nullptr ? *event.by : act_.by));
  sink(unless_empty(event.ip != nullptr ? *event.ip : std::string_view(act_.ip)));
  sink(unless_zero(event.cause != 0 ? event.cause : act_.cause));
  sink(unless_empty(event.data));
  ++recorded_;
}

std::int64_t EventLog::record(const Event& event) {
  std::int64_t id = counters_.next("event");
  Statement insert = db_.prepare(
      "INSERT INTO event (id, lead_id, kind_id, at, subject_id, subject, actor, ip, cause_id, data) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
  int place = 0;
  write([&](const auto& value) { insert.bind(++place, value); }, event, id);
  insert.step();
  return id;
}

void EventLog::record_many(std::span<const Event> events, std::int64_t* ids) {
  if (events.empty()) return;
  std::vector<std::uint32_t> order(events.size());
  std::iota(order.begin(), order.end(), 0U);
  auto by_lead = [&](std::uint32_t a, std::uint32_t b) { return events[a].lead < events[b].lead; };
  if (!std::is_sorted(order.begin(), order.end(), by_lead)) std::stable_sort(order.begin(), order.end(), by_lead);
  std::int64_t id = counters_.next("event", static_cast<std::int64_t>(events.size()));
  BulkInsert insert(db_, into(), columns);
  for (std::uint32_t place : order) {
    write([&](const auto& value) { insert << value; }, events[place], id);
    if (ids != nullptr) ids[place] = id;
    ++id;
  }
  insert.finish();
}

std::int64_t EventLog::record_in_order(std::span<const Event> events) {
  if (events.empty()) return 0;
  std::int64_t first = counters_.next("event", static_cast<std::int64_t>(events.size()));
  std::int64_t id = first;
  BulkInsert insert(db_, into(), columns);
  for (const Event& event : events) write([&](const auto& value) { insert << value; }, event, id++);
  insert.finish();
  return first;
}

std::int64_t EventLog::record_each(EventKind kind, std::span<const std::int64_t> leads, std::int64_t subject_id,
                                   std::string_view data) {
  if (leads.empty()) return 0;
  std::int64_t first = counters_.next("event", static_cast<std::int64_t>(leads.size()));
  std::int64_t id = first;
  if (act_.by.empty() && act_.ip.empty() && act_.cause == 0 && data.empty() && subject_id != 0) {
    // A plain bulk edit: half of the columns have nothing to say, and are not spoken of.
    BulkInsert insert(db_, SqlText("event (id, lead_id, kind_id, at, subject_id)"), 5);
    std::int64_t at = act_.at != 0 ? act_.at : now_;
    for (std::int64_t lead : leads) insert << id++ << lead << static_cast<std::int64_t>(kind) << at << subject_id;
    insert.finish();
    recorded_ += static_cast<std::int64_t>(leads.size());
    return first;
  }
  BulkInsert insert(db_, into(), columns);
  Event event;
  event.kind = static_cast<std::int64_t>(kind);
  event.subject_id = subject_id;
  event.data = data;
  for (std::int64_t lead : leads) {
    event.lead = lead;
    write([&](const auto& value) { insert << value; }, event, id++);
  }
  insert.finish();
  return first;
}

void check_cause(Connection& db, Counters& counters, std::int64_t cause, Millis at) {
  if (cause == 0) return;
  std::int64_t newest = counters.last("event");
  if (cause < 0 || cause > newest) fail(Status::invalid, "cause", "{} is no event's id: the newest is {}", cause, newest);
  if (at == 0) return;
  Statement row = db.query("SELECT at FROM event WHERE id = $1", cause);
  if (row.step() && row.integer(0) > at) {
    fail(Status::invalid, "cause", "event {} happened at {}, after what it is said to have led to, at {}", cause, format_time(row.integer(0)), format_time(at));
  }
}

std::optional<std::int64_t> lead_of_event(Connection& db, std::int64_t id) {
  Statement row = db.query("SELECT lead_id FROM event WHERE id = $1", id);
  if (!row.step()) return std::nullopt;
  return row.integer(0);
}

}  // namespace kith
