#include "domain/search.h"

#include <algorithm>

#include "base/failure.h"
#include "domain/search_words.h"

namespace kith {

namespace {

constexpr std::int64_t usual_limit = 20;
constexpr std::int64_t most_limit = 1000;
constexpr std::int64_t candidates_a_way = 500;  // are ranked; of more, those with the lowest ids
constexpr std::int64_t built = 2;               // another number, and the index is made anew

using Ways = std::vector<SearchWay>;

struct Found {
  int points;
  std::int64_t id;
  friend bool operator<(const Found& a, const Found& b) { return a.points != b.points ? a.points > b.points : a.id < b.id; }
};

// Leads in the order of their ids, with what search knows of each.
class LeadReader {
 public:
  // `from` to `to`, both included.
  LeadReader(Operation& op, std::int64_t from, std::int64_t to)
      : leads_(op.db.query("SELECT id, first_name, middle_name, last_name, company, email, phone, phone2 FROM lead "
                           "WHERE id >= $1 AND id <= $2 ORDER BY id", from, to)),
        addresses_(op.db.query("SELECT lead_id, email FROM lead_email WHERE lead_id >= $1 AND lead_id <= $2 ORDER BY lead_id, id", from, to)),
        more_addresses_(addresses_.step()) {}

  bool next() {
    if (!leads_.step()) return false;
    id_ = leads_.integer(0);
    words_.clear();
    for (int column : {1, 2, 3}) words_.add_name(leads_.text(column));
    words_.add_company(leads_.text(4));
    words_.add_address(leads_.text(5));
    for (int column : {6, 7}) words_.add_phone(leads_.text(column));
    for (; more_addresses_ && addresses_.integer(0) <= id_; more_addresses_ = addresses_.step()) {
      if (addresses_.integer(0) == id_) words_.add_address(addresses_.text(1));
    }
    return true;
  }
  std::int64_t id() const { return id_; }
  const LeadWords& words() const { return words_; }

 private:
  Statement leads_;
  Statement addresses_;
  bool more_addresses_;
  std::int64_t id_ = 0;
  LeadWords words_;
};

int best_points(const LeadWords& words, const Ways& ways) {
  int best = 0;
  for (const SearchWay& way : ways) best = std::max(best, words.points(way));
  return best;
}

std::vector<Found> found_by_index(Operation& op, const Ways& ways, std::int64_t limit) {
  std::vector<std::int64_t> ids;
  SearchIndex index(op.db);
  for (const SearchWay& way : ways) {
    std::vector<std::int64_t> more = index.match(way.terms, std::max(limit, candidates_a_way));
    ids.insert(ids.end(), more.begin(), more.end());
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  }
  std::vector<Found> found;
  for (std::int64_t id : ids) {
    LeadReader reader(op, id, id);
    if (reader.next()) found.push_back({best_points(reader.words(), ways), id});
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<Found> found_by_reading(Operation& op, const Ways& ways, std::int64_t limit) {
  std::vector<Found> best;  // a heap, the worst in front
  LeadReader reader(op, 1, INT64_MAX);
  while (reader.next()) {
    Found one{best_points(reader.words(), ways), reader.id()};
    if (one.points == 0) continue;
    best.push_back(one);
    std::push_heap(best.begin(), best.end());
    if (static_cast<std::int64_t>(best.size()) <= limit) continue;
    std::pop_heap(best.begin(), best.end());
    best.pop_back();
  }
  std::sort(best.begin(), best.end());
  return best;
}

}  // namespace

// A counter, since those are read once a transaction and every put asks.
bool search_is_built(Operation& op) { return op.ids.stored("search_index") == built; }

void build_search(Operation& op) {
  SearchIndex index(op.db);
  index.create();
  LeadReader reader(op, 1, INT64_MAX);
  while (reader.next()) index.add(reader.id(), reader.words().document());
  op.ids.set("search_index", built);
}

void search_changed(Operation& op, std::int64_t lead) {
  if (!search_is_built(op)) return;
  SearchIndex index(op.db);
  LeadReader reader(op, lead, lead);
  if (reader.next()) {
    index.index(lead, reader.words().document());
  } else {
    index.remove(lead);
  }
}

std::string search_fault(Operation& op) {
  std::int64_t missing = 0;
  std::int64_t wrong = 0;
  std::int64_t extra = 0;
  SearchIndex index(op.db);
  Statement documents = index.documents();
  LeadReader reader(op, 1, INT64_MAX);
  bool more = documents.step();
  while (reader.next()) {
    for (; more && documents.integer(0) < reader.id(); more = documents.step()) ++extra;
    if (!more || documents.integer(0) != reader.id()) {
      ++missing;
      continue;
    }
    if (documents.text(1) != reader.words().document()) ++wrong;
    more = documents.step();
  }
  for (; more; more = documents.step()) ++extra;
  if (missing + wrong + extra == 0) return {};
  return fmt::format("lacks {} leads, has {} with other words, and {} that are not there", missing, wrong, extra);
}

RowsPtr search_leads(Operation& op, std::string_view text, std::int64_t limit) {
  if (limit == 0) limit = usual_limit;
  limit = std::min(limit, most_limit);
  RowsBuilder rows({{"id", Meaning::id}, {"email", Meaning::text}, {"first_name", Meaning::text}, {"last_name", Meaning::text},
                    {"company", Meaning::text}, {"phone", Meaning::text}});
  Ways ways = search_ways(text);
  if (ways.empty()) return rows.finish();
  std::vector<Found> found = search_is_built(op) ? found_by_index(op, ways, limit) : found_by_reading(op, ways, limit);
  for (const Found& one : found) {
    if (rows.count() == limit) break;
    Statement lead = op.db.query("SELECT id, email, first_name, last_name, company, phone FROM lead WHERE id = $1", one.id);
    if (!lead.step()) continue;
    rows.add_row();
    for (int column = 0; column < lead.columns(); ++column) rows.set_column(lead, column, column);
  }
  return rows.finish();
}

}  // namespace kith
