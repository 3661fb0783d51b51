#include "domain/duplicates.h"

#include <algorithm>
#include <charconv>

#include "base/address.h"
#include "base/failure.h"
#include "base/hash.h"
#include "base/text.h"

namespace kith {

namespace {

// Where a page ended: the way of looking, where in its order, and the other lead of the last pair.
struct Place {
  int way = 0;  // 0: phone, 1: address, 2: name and company
  std::string phone;
  std::uint64_t hash = 0;
  std::int64_t other = 0;
};
constexpr std::string_view way_names[] = {"phone", "address", "name_and_company"};

Place place_of(std::string_view token) {
  Place place;
  if (token.empty()) return place;
  std::size_t first = token.find(':');
  std::size_t last = token.rfind(':');
  auto number = [](std::string_view text, auto& out) {
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc() && end == text.data() + text.size() && !text.empty();
  };
  bool fine = first != std::string_view::npos && first < last && number(token.substr(0, first), place.way) && place.way >= 0 && place.way <= 2 &&
              number(token.substr(last + 1), place.other);
  if (fine) {
    std::string_view middle = token.substr(first + 1, last - first - 1);
    if (place.way == 0) {
      place.phone = middle;
    } else {
      fine = number(middle, place.hash);
    }
  }
  if (!fine) fail(Status::invalid, "after", "{} is no place in a list of duplicates", shown(token));
  return place;
}

class Duplicates {
 public:
  Duplicates(Operation& op, const Query& query, const std::optional<LeadSet>& among, std::size_t in_memory)
      : op_(op), among_(among), in_memory_(in_memory), limit_(query.limit), from_(place_of(query.after)),
        rows_({{"lead", Meaning::id}, {"other", Meaning::id}, {"reason", Meaning::text}, {"value", Meaning::text}}) {}

  RowsPtr run() {
    if (limit_ == 0) return rows_.finish();
    for (way_ = from_.way; way_ < 3 && !full_; ++way_) {
      if (way_ == 0) by_phone();
      if (way_ == 1) by_hash([](auto& self, auto add) { self.each_address(add); });
      if (way_ == 2) by_hash([](auto& self, auto add) { self.each_name(add); });
    }
    return rows_.finish();
  }

 private:
  struct Entry {
    std::uint64_t hash;
    std::int64_t lead;
    friend bool operator<(const Entry& a, const Entry& b) { return a.hash != b.hash ? a.hash < b.hash : a.lead < b.lead; }
    friend bool operator==(const Entry& a, const Entry& b) { return a.hash == b.hash && a.lead == b.lead; }
  };

  bool counts(std::int64_t lead) const { return !among_ || among_->contains(lead); }
  bool continues() const { return way_ == from_.way && from_.other != 0; }

  // False: the page was full before.
  bool add(std::int64_t lead, std::int64_t other, std::string_view value, const std::string& place) {
    if (limit_ > 0 && rows_.count() == limit_) {
      rows_.set_next(last_place_);
      full_ = true;
      return false;
    }
    rows_.add({Value(lead), Value(other), Value(way_names[way_]), Value(value)});
    last_place_ = std::to_string(way_) + ":" + place + ":" + std::to_string(other);
    return true;
  }

  void by_phone() {
    Statement leads = op_.db.query("SELECT phone_key, id FROM lead WHERE phone_key IS NOT NULL AND phone_key >= $1 ORDER BY phone_key, id", from_.phone);
    std::string phone;
    std::int64_t first = 0;
    while (leads.step()) {
      std::int64_t id = leads.integer(1);
      if (!counts(id)) continue;
      if (first == 0 || leads.text(0) != phone) {
        phone = leads.text(0);
        first = id;
        continue;
      }
      if (continues() && phone == from_.phone && id <= from_.other) continue;
      if (!add(first, id, phone, phone)) return;
    }
  }

  // Groups by a hash, in its order: as many leads at a time as memory is meant to hold.
  template <class Each>
  void by_hash(Each each) {
    std::size_t total = 0;
    std::uint64_t begin = continues() ? from_.hash : 0;
    std::vector<Entry> entries;
    each(*this, [&](std::string_view key, std::int64_t lead) {
      std::uint64_t hash = quick_hash(key);
      ++total;
      if (hash >= begin && entries.size() <= in_memory_) entries.push_back({hash, lead});
    });
    if (entries.size() <= in_memory_) return add_groups(entries);
    std::uint64_t passes = total / in_memory_ + 1;
    std::uint64_t width = ~std::uint64_t{0} / passes + 1;
    for (std::uint64_t pass = begin / width; pass < passes && !full_; ++pass) {
      entries.clear();
      each(*this, [&](std::string_view key, std::int64_t lead) {
        std::uint64_t hash = quick_hash(key);
        if (hash >= begin && hash / width == pass) entries.push_back({hash, lead});
      });
      add_groups(entries);
    }
  }

  void add_groups(std::vector<Entry>& entries) {
    std::sort(entries.begin(), entries.end());
    entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
    for (std::size_t i = 0; i < entries.size() && !full_;) {
      std::size_t end = i + 1;
      while (end < entries.size() && entries[end].hash == entries[i].hash) ++end;
      std::int64_t first = entries[i].lead;
      for (std::size_t other = i + 1; other < end; ++other) {
        std::int64_t lead = entries[other].lead;
        if (continues() && entries[i].hash == from_.hash && lead <= from_.other) continue;
        std::string value = common_value(first, lead);
        if (value.empty()) continue;  // different, but for the hash
        if (!add(first, lead, value, std::to_string(entries[i].hash))) return;
      }
      i = end;
    }
  }

  // Every address at a provider that takes several spellings, by the one that all of them mean.
  template <class Add>
  void each_address(Add add) {
    Statement keys = op_.db.prepare("SELECT key, lead_id FROM lead_key WHERE kind = 1 ORDER BY key");
    std::string probe;
    while (keys.step()) {
      if (!counts(keys.integer(1))) continue;
      std::string_view key = keys.text(0);
      probe = "a+b@";
      probe += domain_of(key);
      if (loose_key(probe) == probe) continue;
      add(loose_key(key), keys.integer(1));
    }
  }

  template <class Add>
  void each_name(Add add) {
    Statement leads = op_.db.prepare("SELECT first_name, last_name, company, id FROM lead WHERE company IS NOT NULL ORDER BY id");
    while (leads.step()) {
      if (!counts(leads.integer(3))) continue;
      std::string key = name_key(leads);
      if (!key.empty()) add(key, leads.integer(3));
    }
  }

  static std::string name_key(const Statement& lead) {
    std::string first = fold(lead.text(0));
    std::string last = fold(lead.text(1));
    std::string company = fold(lead.text(2));
    if (company.empty() || (first.empty() && last.empty())) return {};
    return first + '\n' + last + '\n' + company;
  }

  // What the two have in common, for people; "" when it is nothing.
  std::string common_value(std::int64_t lead, std::int64_t other) { return way_ == 1 ? common_address(lead, other) : common_name(lead, other); }

  std::vector<std::string> loose_addresses(std::int64_t lead) {
    std::vector<std::string> keys;
    Statement rows = op_.db.query("SELECT email FROM lead WHERE id = $1 UNION ALL SELECT email FROM lead_email WHERE lead_id = $1", lead);
    while (rows.step()) keys.push_back(loose_key(parse_address(rows.text(0), "email").key));
    return keys;
  }

  std::string common_address(std::int64_t lead, std::int64_t other) {
    std::vector<std::string> ours = loose_addresses(lead);
    for (std::string& key : loose_addresses(other)) {
      if (std::find(ours.begin(), ours.end(), key) != ours.end()) return std::move(key);
    }
    return {};
  }

  std::string common_name(std::int64_t lead, std::int64_t other) {
    std::string keys[2];
    std::string value;
    for (int i : {0, 1}) {
      Statement row = op_.db.query("SELECT first_name, last_name, company FROM lead WHERE id = $1", i == 0 ? lead : other);
      if (!row.step()) return {};
      keys[i] = name_key(row);
      if (i == 0) value = fmt::format("{} {}, {}", row.text(0), row.text(1), row.text(2));
    }
    return keys[0] == keys[1] ? std::string(trimmed(value)) : std::string();
  }

  Operation& op_;
  const std::optional<LeadSet>& among_;
  std::size_t in_memory_;
  std::int64_t limit_;  // -1: all
  Place from_;
  RowsBuilder rows_;
  int way_ = 0;
  bool full_ = false;
  std::string last_place_;
};

}  // namespace

RowsPtr find_duplicates(Operation& op, const Query& query, const std::optional<LeadSet>& among, std::size_t in_memory) {
  return Duplicates(op, query, among, in_memory).run();
}

}  // namespace kith
