#include "model/event_log.h"

#include <algorithm>
#include <numeric>

namespace kith {

namespace {

constexpr std::int64_t batch_most = 1024;  // so that finding one event decodes little
constexpr Literal insert_text =
    "INSERT INTO event (lead_id, id, kind_id, at, subject_id, subject, actor, ip, cause_id, data) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

// Differences between neighbouring leads, folded to unsigned (0, -1, 1, -2 ...), 7 bits a byte, low first.
void append_delta(std::vector<std::uint8_t>& out, std::int64_t delta) {
  auto folded = (static_cast<std::uint64_t>(delta) << 1) ^ static_cast<std::uint64_t>(delta >> 63);
  while (folded >= 0x80) {
    out.push_back(static_cast<std::uint8_t>(folded | 0x80));
    folded >>= 7;
  }
  out.push_back(static_cast<std::uint8_t>(folded));
}

class DeltaReader {
 public:
  explicit DeltaReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  bool next(std::int64_t& lead) {
    if (at_ >= bytes_.size()) return false;
    std::uint64_t folded = 0;
    for (unsigned shift = 0; at_ < bytes_.size() && shift < 64; shift += 7) {
      std::uint8_t byte = bytes_[at_++];
      folded |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) break;
    }
    previous_ += static_cast<std::int64_t>(folded >> 1) ^ -static_cast<std::int64_t>(folded & 1);
    lead = previous_;
    return true;
  }

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
  std::int64_t previous_ = 0;
};

}  // namespace

void EventLog::insert(Statement& statement, const Event& event, std::int64_t id) {
  statement.bind(1, event.lead);
  statement.bind(2, id);
  statement.bind(3, event.kind);
  statement.bind(4, event.at != 0 ? event.at : act_.at != 0 ? act_.at : now_);
  if (event.subject_id != 0) {
    statement.bind(5, event.subject_id);
  } else {
    statement.bind(5, nullptr);
  }
  auto text = [&](int index, std::string_view value) {
    if (value.empty()) {
      statement.bind(index, nullptr);
    } else {
      statement.bind(index, value);
    }
  };
  text(6, event.subject);
  text(7, event.by != nullptr ? *event.by : act_.by);
  text(8, event.ip != nullptr ? *event.ip : std::string_view(act_.ip));
  std::int64_t cause = event.cause != 0 ? event.cause : act_.cause;
  if (cause != 0) {
    statement.bind(9, cause);
  } else {
    statement.bind(9, nullptr);
  }
  text(10, event.data);
  statement.step();
  statement.reset();
}

void EventLog::note(std::int64_t id, std::int64_t lead) {
  if (size_ == batch_most) flush();
  if (size_ == 0) {
    first_ = id;
    previous_lead_ = 0;
  }
  append_delta(leads_, lead - previous_lead_);
  previous_lead_ = lead;
  ++size_;
  ++recorded_;
}

void EventLog::flush() {
  if (size_ == 0) return;
  db_.run("INSERT INTO event_batch (first_id, size, leads) VALUES ($1, $2, $3)", first_, size_, Blob{leads_});
  size_ = 0;
  leads_.clear();
}

std::int64_t EventLog::record(const Event& event) {
  std::int64_t id = counters_.next("event");
  Statement statement = db_.prepare(insert_text);
  insert(statement, event, id);
  note(id, event.lead);
  return id;
}

void EventLog::record_many(std::span<const Event> events, std::int64_t* ids) {
  if (events.empty()) return;
  std::vector<std::uint32_t> order(events.size());
  std::iota(order.begin(), order.end(), 0U);
  bool sorted = std::is_sorted(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.lead < b.lead; });
  if (!sorted) {
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return events[a].lead < events[b].lead; });
  }
  std::int64_t id = counters_.next("event", static_cast<std::int64_t>(events.size()));
  Statement statement = db_.prepare(insert_text);
  for (std::uint32_t place : order) {
    insert(statement, events[place], id);
    note(id, events[place].lead);
    if (ids != nullptr) ids[place] = id;
    ++id;
  }
}

std::int64_t EventLog::record_each(EventKind kind, std::span<const std::int64_t> leads, std::int64_t subject_id,
                                   std::string_view data) {
  if (leads.empty()) return 0;
  std::int64_t first = counters_.next("event", static_cast<std::int64_t>(leads.size()));
  Statement statement = db_.prepare(insert_text);
  Event event;
  event.kind = static_cast<std::int64_t>(kind);
  event.subject_id = subject_id;
  event.data = data;
  std::int64_t id = first;
  for (std::int64_t lead : leads) {
    event.lead = lead;
    insert(statement, event, id);
    note(id, lead);
    ++id;
  }
  return first;
}

std::optional<std::int64_t> lead_of_event(Connection& db, std::int64_t id) {
  Statement row = db.query(
      "SELECT first_id, size, leads FROM event_batch WHERE first_id <= $1 ORDER BY first_id DESC LIMIT 1", id);
  if (!row.step() || id >= row.integer(0) + row.integer(1)) return std::nullopt;
  DeltaReader reader(row.blob(2));
  std::int64_t lead = 0;
  for (std::int64_t at = row.integer(0); reader.next(lead); ++at) {
    if (at == id) return lead;
  }
  return std::nullopt;
}

std::vector<std::int64_t> leads_of_events(Connection& db, std::int64_t first, std::int64_t limit,
                                          std::vector<std::int64_t>& ids) {
  std::vector<std::int64_t> leads;
  std::int64_t start = first;
  {
    Statement row = db.query("SELECT first_id FROM event_batch WHERE first_id <= $1 ORDER BY first_id DESC LIMIT 1", first);
    if (row.step()) start = row.integer(0);
  }
  Statement rows = db.query("SELECT first_id, leads FROM event_batch WHERE first_id >= $1 ORDER BY first_id", start);
  while (static_cast<std::int64_t>(leads.size()) < limit && rows.step()) {
    DeltaReader reader(rows.blob(1));
    std::int64_t lead = 0;
    for (std::int64_t id = rows.integer(0); reader.next(lead); ++id) {
      if (id < first) continue;
      if (static_cast<std::int64_t>(leads.size()) == limit) break;
      leads.push_back(lead);
      ids.push_back(id);
    }
  }
  return leads;
}

}  // namespace kith
