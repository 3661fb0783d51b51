#include "model/counters.h"

namespace kith {

Counters::Entry& Counters::entry(Literal name) {
  auto [place, fresh] = entries_.try_emplace(name.view());
  if (fresh) {
    Statement read = db_.query("SELECT value FROM counter WHERE name = $1", name.view());
    std::int64_t value = read.step() ? read.integer(0) : 0;
    place->second = {value, value};
  }
  return place->second;
}

std::int64_t Counters::next(Literal name, std::int64_t count) {
  Entry& found = entry(name);
  std::int64_t first = found.value + 1;
  found.value += count;
  return first;
}

void Counters::flush() {
  for (auto& [name, entry] : entries_) {
    if (entry.value == entry.written) continue;
    db_.run("INSERT INTO counter (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            name, entry.value);
    entry.written = entry.value;
  }
}

void Counters::forget() { entries_.clear(); }

Counters::State Counters::state() const {
  State state;
  for (const auto& [name, entry] : entries_) state[name] = entry.value;
  return state;
}

void Counters::restore(const State& state) {
  for (auto place = entries_.begin(); place != entries_.end();) {
    auto kept = state.find(place->first);
    if (kept == state.end()) {
      place = entries_.erase(place);
    } else {
      place->second.value = kept->second;
      ++place;
    }
  }
}

}  // namespace kith
