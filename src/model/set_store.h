// Stored sets of lead ids: table lead_set, changed in the transaction that changes the rows behind them.
#pragma once

#include <cstdint>

#include "model/counters.h"
#include "model/lead_set.h"
#include "sql/connection.h"

namespace kith {

// What a set is a set of; stored in the file, so numbers never change. `owner` is the tag's or list's id.
enum class SetFamily : std::int64_t {
  gone = 1,
  tag = 2,
  subscribed = 3,
  pending = 4,
  unsubscribed = 5,
  bounced = 6,
  complained = 7,
};

struct SetKey {
  SetFamily family;
  std::int64_t owner;
};

class SetStore {
 public:
  SetStore(Connection& db, Counters& counters) : db_(db), counters_(counters) {}

  LeadSet load(SetKey key);
  LeadSet every_id();  // that was ever given to a lead
  // All leads: every id that was given out, less those that are gone.
  LeadSet everybody();
  std::int64_t count(SetKey key);
  std::int64_t count_everybody();
  bool contains(SetKey key, std::int64_t lead);

  bool add(SetKey key, std::int64_t lead);
  bool remove(SetKey key, std::int64_t lead);
  void add_all(SetKey key, const LeadSet& leads);
  void remove_all(SetKey key, const LeadSet& leads);
  void replace(SetKey key, const LeadSet& leads);
  void drop(SetKey key);

 private:
  bool read(SetKey key, std::uint32_t number, LeadSet::Chunk& chunk);
  void write(SetKey key, const LeadSet::Chunk& chunk);
  Connection& db_;
  Counters& counters_;
};

}  // namespace kith
