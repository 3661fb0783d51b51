// Putting leads: finding the lead that a row means, writing what differs, keys, custom fields and events. One lead
// is put as a call of one row; many take the same way with their keys sorted and written together.
#include <algorithm>
#include <bit>
#include <optional>

#include "base/address.h"
#include "base/checks.h"
#include "base/failure.h"
#include "base/json.h"
#include "base/text.h"
#include "domain/fields.h"
#include "domain/lead_keys.h"
#include "domain/leads.h"
#include "domain/search.h"
#include "model/parameters.h"
#include "sql/bulk_insert.h"
#include "sql/index_pause.h"

namespace kith {

namespace {

constexpr std::size_t worth_rebuilding = 20000;  // rows into an empty table for which indexes are made afterwards

// The fields of a call that need more than being stored.
struct Special {
  int id = -1, email = -1, external = -1, phone = -1, source = -1;
  explicit Special(const Kind& kind)
      : id(kind.find_field("id")), email(kind.find_field("email")), external(kind.find_field("external_id")),
        phone(kind.find_field("phone")), source(kind.find_field("source")) {}
};

class LeadWriter {
 public:
  LeadWriter(Operation& op, const LeadPutOptions& options)
      : op_(op), kind_(op.kinds.get("lead")), options_(options), special_(kind_), needs_custom_(needs_custom_rows(kind_)), search_built_(search_is_built(op)) {}

  const Kind& kind() const { return kind_; }
  const Special& special() const { return special_; }

  // The lead that a record means: by id, external id, address, in this order; 0: a new one.
  std::int64_t existing(const Record& record, std::string_view email_key) {
    if (record.given(special_.id)) return need_lead(op_, "id:" + std::to_string(record.value(special_.id).integer));
    const Value& external = record.value(special_.external);
    if (external.is_text()) {
      if (std::int64_t id = lead_with_key(op_, KeyKind::external_id, external.text)) return id;
    }
    return email_key.empty() ? 0 : lead_with_key(op_, KeyKind::email, email_key);
  }

  // Writes a new lead's rows but for its keys and its event, which are left to the caller. With `alone` at once; else the
  // row waits with others until finish(), and what `record` points at, and `row_arena`, must stay until then.
  std::int64_t insert(Record& record, Arena& row_arena, bool alone) {
    if (record.value(special_.email).is_null()) fail(Status::invalid, "email", "is missing: a lead must have an address");
    if (!record.given(special_.source) && !options_.source.empty()) record.set(special_.source, Value(options_.source));
    for (std::size_t i = kind_.standard_fields(); i < kind_.fields().size(); ++i) {
      if (kind_.fields()[i].is(required) && record.value(static_cast<int>(i)).is_null()) {
        fail(Status::invalid, kind_.fields()[i].name, "is missing: a lead must have one");
      }
    }
    std::int64_t id = op_.ids.next("lead");
    std::string_view key;
    if (record.given(special_.phone) && record.value(special_.phone).is_text()) {
      key = row_arena.keep(phone_key(record.value(special_.phone).text));
    }
    if (alone) {
      insert_alone(id, record, key);
      insert_custom(id, record, true);
      return id;
    }
    if (!insert_ || insert_shape_ != shape(record)) make_insert(record);
    *insert_ << id << op_.at() << op_.at() << (key.empty() ? std::nullopt : std::optional(key));
    for (int field : insert_shape_) add_cell(*insert_, record.value(field));
    insert_custom(id, record, false);
    return id;
  }

  // The event of the update, 0 when nothing differed.
  std::int64_t update(std::int64_t id, Record& record, std::string_view email_key) {
    before_arena_.clear();
    if (!before_record_) before_record_.emplace(kind_);
    Record& before_ = *before_record_;
    before_.clear();
    read_record(op_, kind_, id, before_, before_arena_);
    std::string_view touch;
    if (record.given(special_.source) && record.value(special_.source).is_text()) touch = record.value(special_.source).text;
    // Found by the external id of a lead that was merged into it: that goes on finding it, and its own stays.
    const Value& external = before_.value(special_.external);
    bool absorbed_key = by_external_ && !record.given(special_.id) && external.is_text() && !(external == record.value(special_.external));
    for (std::size_t i = 0; i < kind_.fields().size(); ++i) {
      int field = static_cast<int>(i);
      if (!record.given(field) || before_.value(field).is_null()) continue;
      bool first_touch_stays = field == special_.source;
      // A lead found by an address keeps its own, and the spelling that it has.
      bool found_by_it = field == special_.email && !record.given(special_.id) && (!by_external_ || absorbed_key);
      if (field == special_.external && absorbed_key) found_by_it = true;
      if (options_.fill_gaps || first_touch_stays || found_by_it) record.unset(field);
    }
    if (record.given(special_.email) && record.value(special_.email).is_null()) fail(Status::invalid, "email", "must not be empty");
    std::vector<int> changed = changed_fields(record, &before_);
    if (changed.empty()) return 0;
    for (int field : changed) {
      if (kind_.field(field).is(required) && record.value(field).is_null()) {
        fail(Status::invalid, kind_.field(field).name, "must not be empty");
      }
    }
    std::string data = changes_json(record, &before_, changed);
    if (!touch.empty() && !record.given(special_.source)) {
      data.insert(data.size() - 1, ",\"source\":");
      std::string quoted;
      append_json_text(quoted, touch);
      data.insert(data.size() - 1, quoted);
    }
    move_keys(id, record, changed, email_key);
    write_changes(id, record, changed);
    write_custom(id, record, changed);
    if (search_built_) search_changed(op_, id);
    return op_.events.record(EventKind::lead_updated, id, 0, data);
  }

  bool waiting() const { return (insert_ && insert_->waiting()) || (insert_custom_ && insert_custom_->waiting()); }
  void finish() {
    if (insert_) insert_->finish();
    if (insert_custom_) insert_custom_->finish();
  }
  void found_by_external(bool yes) { by_external_ = yes; }
  bool search_built() const { return search_built_; }

 private:
  std::vector<int> shape(const Record& record) const {
    std::vector<int> fields;
    for (std::size_t i = 0; i < kind_.standard_fields(); ++i) {
      int field = static_cast<int>(i);
      if (record.given(field) && field != special_.id) fields.push_back(field);
    }
    return fields;
  }

  void insert_alone(std::int64_t id, const Record& record, std::string_view key) {
    std::uint64_t given = 0;
    for (std::size_t i = 0; i < kind_.standard_fields(); ++i) {
      if (static_cast<int>(i) != special_.id && record.given(static_cast<int>(i))) given |= std::uint64_t{1} << i;
    }
    Statement statement = op_.db.prepare(insert_lead_text(kind_, given));
    statement.bind_all(id, op_.at(), op_.at(), key.empty() ? std::nullopt : std::optional(key));
    int place = 4;
    for (; given != 0; given &= given - 1) bind_value(statement, ++place, record.value(std::countr_zero(given)));
    statement.step();
  }

  void make_insert(const Record& record) {
    finish();
    insert_shape_ = shape(record);
    SqlText into("lead (id, created, updated, phone_key");
    for (int field : insert_shape_) into += SqlText(", ") + kind_.field(field).column;
    insert_.emplace(op_.db, into + ")", 4 + static_cast<int>(insert_shape_.size()));
  }

  static void add_cell(BulkInsert& insert, const Value& value) {
    switch (value.type) {
      case SqlType::null: insert << nullptr; break;
      case SqlType::integer: insert << value.integer; break;
      case SqlType::real: insert << value.real; break;
      default: insert << value.text; break;
    }
  }

  void move_keys(std::int64_t id, const Record& record, std::span<const int> changed, std::string_view email_key) {
    bool both = std::find(changed.begin(), changed.end(), special_.email) != changed.end() &&
                std::find(changed.begin(), changed.end(), special_.external) != changed.end();
    if (both) {
      need_free_key(op_, KeyKind::email, id, record.value(special_.email).text, email_key);
      if (const Value& external = record.value(special_.external); !external.is_null()) {
        need_free_key(op_, KeyKind::external_id, id, external.text, external.text);
      }
    }
    for (int field : changed) {
      if (field == special_.email) change_primary_address(op_, id, record.value(field).text, email_key);
      if (field == special_.external) {
        const Value& now = record.value(field);
        change_external_id(op_, id, before_record_->value(field).is_null() ? std::string_view() : before_record_->value(field).text,
                           now.is_null() ? std::string_view() : now.text);
      }
    }
  }

  void write_changes(std::int64_t id, const Record& record, std::span<const int> changed) {
    Parameters values(op_.now);
    Millis updated = std::max(op_.at(), before_record_->value("updated").integer);  // an act of the past does not turn it back
    SqlText sets = SqlText("updated = ") + values.add(Value(updated));
    for (int field : changed) {
      if (kind_.field(field).custom_id != 0) continue;
      const Value& value = record.value(field);
      sets += SqlText(", ") + kind_.field(field).column + " = " + values.add(value);
      if (field == special_.phone) {
        std::string key = value.is_null() ? std::string() : phone_key(value.text);
        sets += SqlText(", phone_key = ") + values.add(key.empty() ? Value() : Value(key));
      }
    }
    Statement statement = op_.db.prepare(SqlText("UPDATE lead SET ") + sets + " WHERE id = " + values.add(id));
    values.bind(statement);
    statement.run();
  }

  // A new lead's row of the host's fields, in their side table: when it has a value, or an index is to have the lead.
  void insert_custom(std::int64_t id, const Record& record, bool alone) {
    if (!kind_.has_custom_fields()) return;
    std::vector<int> shape;
    bool has_value = needs_custom_;
    for (std::size_t i = kind_.standard_fields(); i < kind_.fields().size(); ++i) {
      int field = static_cast<int>(i);
      if (!record.given(field)) continue;
      shape.push_back(field);
      has_value = has_value || !record.value(field).is_null();
    }
    if (!has_value) return;
    if (!insert_custom_ || custom_shape_ != shape) {
      if (insert_custom_) insert_custom_->finish();
      SqlText into("lead_custom (lead_id");
      for (int field : shape) into += SqlText(", ") + kind_.field(field).column;
      insert_custom_.emplace(op_.db, into + ")", 1 + static_cast<int>(shape.size()));
      custom_shape_ = std::move(shape);
    }
    *insert_custom_ << id;
    for (int field : custom_shape_) add_cell(*insert_custom_, record.value(field));
    if (alone) insert_custom_->finish();
  }

  // What changed of the host's fields.
  void write_custom(std::int64_t id, const Record& record, const std::vector<int>& changed) {
    Parameters values(op_.now);
    SqlText columns("lead_id");
    SqlText places = values.add(id);
    SqlText sets;
    for (int field : changed) {
      if (kind_.field(field).custom_id == 0) continue;
      const SqlText& column = kind_.field(field).column;
      columns += SqlText(", ") + column;
      places += SqlText(", ") + values.add(record.value(field));
      if (!sets.empty()) sets += ", ";
      sets += column + " = excluded." + column;
    }
    if (sets.empty()) return;
    Statement statement = op_.db.prepare(SqlText("INSERT INTO lead_custom (") + columns + ") VALUES (" + places +
                                         ") ON CONFLICT (lead_id) DO UPDATE SET " + sets);
    values.bind(statement);
    statement.run();
  }

  Operation& op_;
  const Kind& kind_;
  const LeadPutOptions& options_;
  Special special_;
  std::optional<BulkInsert> insert_;
  std::vector<int> insert_shape_;
  std::optional<BulkInsert> insert_custom_;
  std::vector<int> custom_shape_;
  bool needs_custom_;
  std::optional<Record> before_record_;
  Arena before_arena_;
  bool by_external_ = false;
  bool search_built_ = false;
};

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
      if (description.name != "id" && !description.writable()) fail(Status::invalid, name, "is made by Kith and cannot be put");
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
