// Putting leads: which lead each row of a call means, with keys that are sorted, looked up and written together. One lead
// is put as a call of one row. How a lead's own rows are written is the work of lead_writer.
#include "base/address.h"
#include "base/failure.h"
#include "base/text.h"
#include "domain/lead_writer.h"
#include "domain/search.h"
#include "sql/bulk_insert.h"
#include "sql/index_pause.h"

#include <algorithm>
#include <optional>

namespace kith {

namespace {

constexpr std::size_t worth_rebuilding = 20000;  // rows into an empty table for which indexes are made afterwards

// What is kept of every row of a call before any is written.
struct RowKeys {
  std::string_view shown;     // the address as given
  std::string_view email;     // its key
  std::string_view external;
  std::int64_t found = 0;     // the lead that holds the address in the file
  std::int64_t found_external = 0;
  std::uint32_t first = 0;    // the first row of the call with the same address
  bool bad = false;
};

class ManyLeads {
 public:
  ManyLeads(Operation& op, const RowSource& source, const LeadPutOptions& options, bool skip_bad)
      : op_(op), source_(source), options_(options), skip_bad_(skip_bad), writer_(op, options), results_(source.rows()),
        keys_(source.rows()) {
    for (std::string_view name : source.fields()) {
      int field = writer_.kind().field_index(name);
      const Field& description = writer_.kind().field(field);
      if (description.name != "id" && !description.writable()) {
        if (!options.skip_read_only) fail_read_only(name);
        fields_.push_back(-1);
        continue;
      }
      if (std::find(fields_.begin(), fields_.end(), field) != fields_.end()) fail(Status::invalid, name, "is given twice");
      if (field == writer_.special().id) fast_ = false;
      fields_.push_back(field);
    }
  }

  std::vector<RowResult> run() {
    read_keys();
    bool was_empty = op_.ids.last("lead") == 0;
    if (fast_) source_.rows() == 1 ? match_one() : match_keys(was_empty);
    std::optional<IndexPause> pause;
    if (was_empty && source_.rows() >= worth_rebuilding) pause.emplace(op_.db, Literal("lead"));
    Record record(writer_.kind());
    for (std::size_t row = 0; row < source_.rows(); ++row) {
      if (keys_[row].bad) continue;
      try {
        write_row(row, record);
      } catch (const Failure& failure) {
        note_failure(row, failure);
      }
    }
    write_new();
    if (pause) pause->resume();
    return std::move(results_);
  }

 private:
  void note_failure(std::size_t row, const Failure& failure) {
    if (!skip_bad_ || !is_bad_row(failure.status())) {
      if (source_.rows() == 1) throw failure;
      throw failure.within("[" + std::to_string(row) + "]");
    }
    results_[row].outcome = Outcome::failed;
    results_[row].status = failure.status();
    results_[row].field = failure.field();
    results_[row].message = failure.message();
    keys_[row].bad = true;
  }

  void read_keys() {
    int email_column = column_of(writer_.special().email);
    int external_column = column_of(writer_.special().external);
    for (std::size_t row = 0; row < source_.rows(); ++row) {
      RowKeys& keys = keys_[row];
      try {
        if (email_column >= 0) {
          Value value = source_.value(row, static_cast<std::size_t>(email_column));
          if (!value.is_null()) {
            Address address = parse_address(text_value(value, "email"), "email");
            keys.shown = address.shown == value.text ? value.text : arena_.keep(address.shown);
            keys.email = address.key == keys.shown ? keys.shown : arena_.keep(address.key);
          }
        }
        if (external_column >= 0) {
          Value value = normalised(op_, writer_.kind().field(writer_.special().external),
                                   source_.value(row, static_cast<std::size_t>(external_column)), arena_);
          if (value.is_text()) keys.external = value.text;
        }
      } catch (const Failure& failure) {
        note_failure(row, failure);
      }
    }
  }

  // Rows by key, bad ones and those without left out: `key` gives a row's.
  template <class KeyOf>
  std::vector<std::uint32_t> sorted_rows(KeyOf key) const {
    struct Entry {
      std::uint64_t prefix;
      std::uint32_t row;
    };
    std::vector<Entry> entries;
    entries.reserve(keys_.size());
    for (std::uint32_t row = 0; row < keys_.size(); ++row) {
      std::string_view text = key(keys_[row]);
      if (keys_[row].bad || text.empty()) continue;
      std::uint64_t prefix = 0;  // the first 8 bytes as a number decide most comparisons
      for (std::size_t i = 0; i < 8; ++i) prefix = prefix << 8 | (i < text.size() ? static_cast<std::uint8_t>(text[i]) : 0U);
      entries.push_back({prefix, row});
    }
    std::sort(entries.begin(), entries.end(), [&](const Entry& a, const Entry& b) {
      if (a.prefix != b.prefix) return a.prefix < b.prefix;
      int order = key(keys_[a.row]).compare(key(keys_[b.row]));
      return order != 0 ? order < 0 : a.row < b.row;
    });
    std::vector<std::uint32_t> rows;
    rows.reserve(entries.size());
    for (const Entry& entry : entries) rows.push_back(entry.row);
    return rows;
  }

  void match_one() {
    RowKeys& keys = keys_[0];
    if (keys.bad) return;
    if (!keys.email.empty()) keys.found = lead_with_key(op_, KeyKind::email, keys.email);
    if (!keys.external.empty()) keys.found_external = lead_with_key(op_, KeyKind::external_id, keys.external);
  }

  // Looks all keys up in their order, which visits the key table's pages once, and finds rows that mean the same lead.
  void match_keys(bool file_is_empty) {
    for (std::uint32_t row = 0; row < keys_.size(); ++row) keys_[row].first = row;
    by_email_ = sorted_rows([](const RowKeys& keys) { return keys.email; });
    by_external_ = sorted_rows([](const RowKeys& keys) { return keys.external; });
    if (!file_is_empty) {
      find_holders(KeyKind::email, by_email_, &RowKeys::email, &RowKeys::found);
      find_holders(KeyKind::external_id, by_external_, &RowKeys::external, &RowKeys::found_external);
    }
    for (std::size_t i = 0; i < by_email_.size(); ++i) {
      RowKeys& keys = keys_[by_email_[i]];
      const RowKeys* previous = i == 0 ? nullptr : &keys_[by_email_[i - 1]];
      if (previous != nullptr && previous->email == keys.email) keys.first = previous->first;
    }
    for (std::size_t i = 1; i < by_external_.size(); ++i) {
      // Two rows of one external id: the second must see what the first wrote.
      if (keys_[by_external_[i - 1]].external == keys_[by_external_[i]].external) external_repeats_ = true;
    }
  }

  // The leads that hold the keys of `rows`, which are sorted by them: 64 keys a statement, answered in the same order.
  void find_holders(KeyKind kind, const std::vector<std::uint32_t>& rows, std::string_view RowKeys::*key, std::int64_t RowKeys::*holder) {
    constexpr std::size_t most = 64;
    SqlText text("SELECT key, lead_id FROM lead_key WHERE kind = $1 AND key IN ($2");
    for (std::size_t i = 1; i < most; ++i) text += SqlText(", ") + Dialect::parameter(static_cast<int>(i) + 2);
    Statement look = op_.db.prepare(text + ") ORDER BY key");
    for (std::size_t from = 0, to = 0; from < rows.size(); from = to) {
      to = std::min(from + most, rows.size());
      look.bind(1, static_cast<int>(kind));
      for (std::size_t i = 0; i < most; ++i) look.bind(static_cast<int>(i) + 2, keys_[rows[std::min(from + i, to - 1)]].*key);
      std::size_t at = from;
      while (look.step()) {
        std::string_view found = look.text(0);
        while (at < to && keys_[rows[at]].*key < found) ++at;
        for (; at < to && keys_[rows[at]].*key == found; ++at) keys_[rows[at]].*holder = look.integer(1);
      }
      look.reset();
    }
  }

  int column_of(int field) const {
    auto place = std::find(fields_.begin(), fields_.end(), field);
    return place == fields_.end() ? -1 : static_cast<int>(place - fields_.begin());
  }

  void read_row(std::size_t row, Record& record) {
    record.clear();
    if (!writer_.waiting()) row_arena_.clear();
    for (std::size_t column = 0; column < fields_.size(); ++column) {
      int field = fields_[column];
      if (field < 0) continue;
      if (field == writer_.special().email && !keys_[row].email.empty()) {
        record.set(field, Value(keys_[row].shown));
      } else {
        Value value = normalised(op_, writer_.kind().field(field), source_.value(row, column), row_arena_);
        if (!value.is_null() || !options_.skip_null) record.set(field, value);
      }
    }
  }

  void write_row(std::size_t row, Record& record) {
    read_row(row, record);
    RowKeys& keys = keys_[row];
    std::int64_t id = 0;
    bool plain = fast_ && !external_repeats_;
    if (plain) {
      id = keys.found != 0 ? keys.found : keys.first != row ? results_[keys.first].id : 0;
      // A row whose external id is found, or new to a known lead, moves keys: from here on each row looks for itself.
      if (keys.found_external != 0 ? keys.found_external != id : !keys.external.empty() && id != 0) plain = false;
      if (keys.first != row && keys_[keys.first].bad) plain = false;
    }
    if (!plain) {
      write_new();
      fast_ = false;
      id = writer_.existing(record, keys.email);
    }
    writer_.found_by_external(!keys.external.empty() && id != 0 && lead_found_by_external(keys, id));
    RowResult& result = results_[row];
    result.id = id;
    if (id == 0 && options_.update_only) return;
    if (id != 0 && options_.create_only) return;
    if (id != 0) {
      writer_.finish();
      if (keys.first != row) write_new();
      result.event = writer_.update(id, record, keys.email);
      result.outcome = result.event == 0 ? Outcome::unchanged : Outcome::updated;
      return;
    }
    if (keys.email.empty()) fail(Status::invalid, "email", "is missing: a lead must have an address");
    result.id = writer_.insert(record, row_arena_, source_.rows() == 1);
    result.outcome = Outcome::created;
    new_.push_back(static_cast<std::uint32_t>(row));
    if (!fast_ || external_repeats_) write_new();
  }

  bool lead_found_by_external(const RowKeys& keys, std::int64_t id) {
    return lead_with_key(op_, KeyKind::external_id, keys.external) == id;
  }

  // What waits of the leads made since the last time: rows, keys, events.
  void write_new() {
    writer_.finish();
    if (new_.empty()) return;
    if (new_.size() == 1) {
      write_one_new(new_.front());
      new_.clear();
      return;
    }
    BulkInsert insert(op_.db, SqlText("lead_key (kind, key, lead_id, role)"), 4);
    auto write = [&](KeyKind kind, std::string_view key, std::int64_t id) { insert << static_cast<int>(kind) << key << id << 1; };
    std::vector<bool> is_new(keys_.size(), false);
    for (std::uint32_t row : new_) is_new[row] = true;
    if (fast_) {
      for (std::uint32_t row : by_email_) {
        if (is_new[row]) write(KeyKind::email, keys_[row].email, results_[row].id);
      }
      for (std::uint32_t row : by_external_) {
        if (is_new[row]) write(KeyKind::external_id, keys_[row].external, results_[row].id);
      }
    } else {
      for (std::uint32_t row : new_) {
        write(KeyKind::email, keys_[row].email, results_[row].id);
        if (!keys_[row].external.empty()) write(KeyKind::external_id, keys_[row].external, results_[row].id);
      }
    }
    insert.finish();
    std::vector<std::int64_t> ids;
    ids.reserve(new_.size());
    for (std::uint32_t row : new_) ids.push_back(results_[row].id);
    std::int64_t event = op_.events.record_each(EventKind::lead_created, ids, 0, {});
    for (std::uint32_t row : new_) results_[row].event = event++;
    if (writer_.search_built()) {
      for (std::int64_t id : ids) search_changed(op_, id);
    }
    new_.clear();
  }

  void write_one_new(std::uint32_t row) {
    RowResult& result = results_[row];
    constexpr Literal insert = "INSERT INTO lead_key (kind, key, lead_id, role) VALUES ($1, $2, $3, 1)";
    op_.db.run(insert, static_cast<int>(KeyKind::email), keys_[row].email, result.id);
    if (!keys_[row].external.empty()) op_.db.run(insert, static_cast<int>(KeyKind::external_id), keys_[row].external, result.id);
    result.event = op_.events.record(EventKind::lead_created, result.id);
    if (writer_.search_built()) search_changed(op_, result.id);
  }

  Operation& op_;
  const RowSource& source_;
  const LeadPutOptions& options_;
  bool skip_bad_;
  LeadWriter writer_;
  std::vector<int> fields_;
  std::vector<RowResult> results_;
  std::vector<RowKeys> keys_;
  std::vector<std::uint32_t> by_email_;
  std::vector<std::uint32_t> by_external_;
  std::vector<std::uint32_t> new_;
  Arena arena_;
  Arena row_arena_;
  bool fast_ = true;
  bool external_repeats_ = false;
};

class OneRow final : public RowSource {
 public:
  explicit OneRow(std::span<const Given> given) : given_(given) {
    for (const Given& pair : given) names_.push_back(pair.name);
  }
  std::size_t rows() const override { return 1; }
  std::span<const std::string_view> fields() const override { return names_; }
  Value value(std::size_t, std::size_t field) const override { return given_[field].value; }

 private:
  std::span<const Given> given_;
  std::vector<std::string_view> names_;
};

}  // namespace

std::vector<RowResult> put_leads(Operation& op, const RowSource& source, const LeadPutOptions& options, bool skip_bad) {
  return ManyLeads(op, source, options, skip_bad).run();
}

PutResult put_lead(Operation& op, std::span<const Given> given, const LeadPutOptions& options) {
  std::vector<RowResult> results = put_leads(op, OneRow(given), options, false);
  return {results[0].id, results[0].outcome, results[0].event};
}

}  // namespace kith
