#include "model/counters.h"

#include "base/failure.h"

namespace kith {

Counters::Entry& Counters::entry(Literal name) {
  for (Entry& known : entries_) {
    if (known.name == name.view()) return known;
  }
  std::int64_t value = read(name.view());
  entries_.push_back({name.view(), value, value});
  return entries_.back();
}

std::int64_t Counters::read(std::string_view name) {
  if (!is_read_) {
    stored_.clear();
    Statement rows = db_.prepare("SELECT name, value FROM counter");
    while (rows.step()) stored_.emplace_back(rows.text(0), rows.integer(1));
    is_read_ = true;
  }
  for (const auto& [known, value] : stored_) {
    if (known == name) return value;
  }
  return 0;
}

std::int64_t Counters::last(Literal name) {
  std::int64_t value = entry(name).value;
  if (value < 0 || value > most) {
    fail(Status::corrupt, "", "the counter of {} stands at {}, and ids are positive and below 2^53: a check with repair sets it right", name.view(), value);
  }
  return value;
}

std::int64_t Counters::next(Literal name, std::int64_t count) {
  if (last(name) > most - count) fail(Status::corrupt, "", "the counter of {} has come to its end: there are no more ids", name.view());
  Entry& found = entry(name);
  std::int64_t first = found.value + 1;
  found.value += count;
  return first;
}

// What is written counts as written only then: a commit that failed here may be tried again.
void Counters::flush() {
  Entry* first = nullptr;  // most often two have moved: a lead's and an event's
  for (Entry& entry : entries_) {
    if (entry.value == entry.written) continue;
    if (first == nullptr) {
      first = &entry;
      continue;
    }
    db_.run("INSERT INTO counter (name, value) VALUES ($1, $2), ($3, $4) ON CONFLICT (name) DO UPDATE SET value = excluded.value", first->name,
            first->value, entry.name, entry.value);
    is_written(*first);
    is_written(entry);
    first = nullptr;
  }
  if (first == nullptr) return;
  db_.run("INSERT INTO counter (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", first->name, first->value);
  is_written(*first);
}

void Counters::is_written(Entry& entry) {
  entry.written = entry.value;
  is_read_ = false;
}

void Counters::forget() {
  entries_.clear();
  is_read_ = false;
}

Counters::State Counters::state() const {
  State state;
  state.reserve(entries_.size());
  for (const Entry& entry : entries_) state.push_back(entry.value);
  return state;
}

// What was read since then is forgotten, and read again when it is next asked for.
void Counters::restore(const State& state) {
  entries_.resize(state.size());
  for (std::size_t i = 0; i < state.size(); ++i) entries_[i].value = state[i];
}

}  // namespace kith
