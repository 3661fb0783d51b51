#include "model/set_store.h"

#include <algorithm>

#include "base/failure.h"
#include "sql/file_facts.h"

namespace kith {

namespace {

constexpr std::int64_t believed = std::int64_t{1} << 27;  // ids, for which a set takes 16 MB
constexpr std::int64_t shortest_row = 8;                   // bytes

std::int64_t number_of(SetFamily family) { return static_cast<std::int64_t>(family); }

void read_chunk(const Statement& row, LeadSet::Chunk& chunk) {
  chunk.number = static_cast<std::uint32_t>(row.integer(0));
  if (!chunk.read(static_cast<LeadSet::Form>(row.integer(2)), static_cast<std::uint32_t>(row.integer(1)), row.blob(3))) {
    fail(Status::corrupt, "", "chunk {} of a stored set is not what it says: a check with repair makes it again", chunk.number);
  }
}

}  // namespace

LeadSet SetStore::load(SetKey key) {
  LeadSet set;
  Statement rows = db_.query(
      "SELECT chunk, size, form, bits FROM lead_set WHERE family = $1 AND owner = $2 ORDER BY chunk",
      number_of(key.family), key.owner);
  while (rows.step()) {
    LeadSet::Chunk chunk;
    read_chunk(rows, chunk);
    set.chunk(chunk.number) = std::move(chunk);
  }
  return set;
}

// A set of all ids has room for each, so a great counter must be borne out by the file before it is believed: every id
// that was given is that of a lead, or of one that is gone, and has a row, of lead_gone or of lead.
LeadSet SetStore::every_id() {
  std::int64_t last = counters_.last("lead");
  if (last <= believed) return LeadSet::up_to(last);
  FileFacts facts = file_facts(db_);
  if (last > LeadSet::last_id || last > facts.pages * facts.page_size / shortest_row) {
    fail(Status::corrupt, "", "the counter of leads stands at {}, and the file has no room for so many", last);
  }
  return LeadSet::up_to(last);
}

LeadSet SetStore::everybody() {
  LeadSet all = every_id();
  all -= load({SetFamily::gone, 0});
  return all;
}

std::int64_t SetStore::count(SetKey key) {
  Statement sum = db_.query("SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM lead_set WHERE family = $1 AND owner = $2",
                            number_of(key.family), key.owner);
  return sum.step() ? sum.integer(0) : 0;
}

std::int64_t SetStore::count_everybody() { return counters_.last("lead") - count({SetFamily::gone, 0}); }

bool SetStore::read(SetKey key, std::uint32_t number, LeadSet::Chunk& chunk) {
  Statement row = db_.query(
      "SELECT chunk, size, form, bits FROM lead_set WHERE family = $1 AND owner = $2 AND chunk = $3",
      number_of(key.family), key.owner, std::int64_t{number});
  if (!row.step()) {
    chunk = {};
    chunk.number = number;
    return false;
  }
  read_chunk(row, chunk);
  return true;
}

void SetStore::write(SetKey key, const LeadSet::Chunk& chunk) {
  if (chunk.size() == 0) {
    db_.run("DELETE FROM lead_set WHERE family = $1 AND owner = $2 AND chunk = $3", number_of(key.family), key.owner,
            std::int64_t{chunk.number});
    return;
  }
  std::vector<std::uint8_t> bytes = chunk.bytes();
  db_.run(
      "INSERT INTO lead_set (family, owner, chunk, size, form, bits) VALUES ($1, $2, $3, $4, $5, $6) "
      "ON CONFLICT (family, owner, chunk) DO UPDATE SET size = excluded.size, form = excluded.form, bits = excluded.bits",
      number_of(key.family), key.owner, std::int64_t{chunk.number}, std::int64_t{chunk.size()},
      static_cast<int>(chunk.form()), Blob{bytes});
}

bool SetStore::contains(SetKey key, std::int64_t lead) {
  if (lead <= 0 || lead > LeadSet::last_id) return false;
  LeadSet::Chunk chunk;
  return read(key, static_cast<std::uint32_t>(lead / LeadSet::chunk_ids), chunk) &&
         chunk.contains(static_cast<std::uint16_t>(lead % LeadSet::chunk_ids));
}

bool SetStore::add(SetKey key, std::int64_t lead) {
  LeadSet::Chunk chunk;
  read(key, static_cast<std::uint32_t>(lead / LeadSet::chunk_ids), chunk);
  if (!chunk.add(static_cast<std::uint16_t>(lead % LeadSet::chunk_ids))) return false;
  write(key, chunk);
  return true;
}

bool SetStore::remove(SetKey key, std::int64_t lead) {
  LeadSet::Chunk chunk;
  read(key, static_cast<std::uint32_t>(lead / LeadSet::chunk_ids), chunk);
  if (!chunk.remove(static_cast<std::uint16_t>(lead % LeadSet::chunk_ids))) return false;
  write(key, chunk);
  return true;
}

void SetStore::add_all(SetKey key, const LeadSet& leads) {
  for (const LeadSet::Chunk& more : leads.chunks()) {
    LeadSet::Chunk chunk;
    read(key, more.number, chunk);
    chunk.unite(more);
    write(key, chunk);
  }
}

void SetStore::remove_all(SetKey key, const LeadSet& leads) {
  for (const LeadSet::Chunk& less : leads.chunks()) {
    LeadSet::Chunk chunk;
    if (!read(key, less.number, chunk)) continue;
    chunk.subtract(less);
    write(key, chunk);
  }
}

void SetStore::drop(SetKey key) {
  db_.run("DELETE FROM lead_set WHERE family = $1 AND owner = $2", number_of(key.family), key.owner);
}

void SetStore::replace(SetKey key, const LeadSet& leads) {
  drop(key);
  for (const LeadSet::Chunk& chunk : leads.chunks()) write(key, chunk);
}

}  // namespace kith
