#include "domain/lead_writer.h"

#include <algorithm>
#include <bit>

#include "base/checks.h"
#include "base/failure.h"
#include "base/json.h"
#include "domain/fields.h"
#include "domain/lead_keys.h"
#include "domain/search.h"
#include "model/parameters.h"

namespace kith {

LeadWriter::LeadWriter(Operation& op, const LeadPutOptions& options)
    : op_(op), kind_(op.kinds.get("lead")), options_(options), special_(kind_), needs_custom_(needs_custom_rows(kind_)), search_built_(search_is_built(op)) {}

std::int64_t LeadWriter::existing(const Record& record, std::string_view email_key) {
  if (record.given(special_.id)) return need_lead(op_, "id:" + std::to_string(record.value(special_.id).integer));
  const Value& external = record.value(special_.external);
  if (external.is_text()) {
    if (std::int64_t id = lead_with_key(op_, KeyKind::external_id, external.text)) return id;
  }
  return email_key.empty() ? 0 : lead_with_key(op_, KeyKind::email, email_key);
}

std::int64_t LeadWriter::insert(Record& record, Arena& row_arena, bool alone) {
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

std::int64_t LeadWriter::update(std::int64_t id, Record& record, std::string_view email_key) {
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
  if (record.given(special_.source)) touch = {};
  const Value& latest = before_.value(before_.value(special_.latest_source).is_null() ? special_.source : special_.latest_source);
  bool touched = !touch.empty() && !(latest == Value(touch));
  if (changed.empty() && !touched) return 0;
  for (int field : changed) {
    if (kind_.field(field).is(required) && record.value(field).is_null()) {
      fail(Status::invalid, kind_.field(field).name, "must not be empty");
    }
  }
  std::string data = changed.empty() ? std::string("{}") : changes_json(record, &before_, changed);
  if (!touch.empty()) {
    data.pop_back();
    if (!changed.empty()) data += ',';
    data += "\"source\":";
    append_json_text(data, touch);
    data += '}';
  }
  move_keys(id, record, changed, email_key);
  write_changes(id, record, changed, touched ? touch : std::string_view());
  write_custom(id, record, changed);
  if (search_built_) search_changed(op_, id);
  return op_.events.record(EventKind::lead_updated, id, 0, data);
}

void LeadWriter::finish() {
  if (insert_) insert_->finish();
  if (insert_custom_) insert_custom_->finish();
}

std::vector<int> LeadWriter::shape(const Record& record) const {
  std::vector<int> fields;
  for (std::size_t i = 0; i < kind_.standard_fields(); ++i) {
    int field = static_cast<int>(i);
    if (record.given(field) && field != special_.id) fields.push_back(field);
  }
  return fields;
}

void LeadWriter::insert_alone(std::int64_t id, const Record& record, std::string_view key) {
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

void LeadWriter::make_insert(const Record& record) {
  finish();
  insert_shape_ = shape(record);
  SqlText into("lead (id, created, updated, phone_key");
  for (int field : insert_shape_) into += SqlText(", ") + kind_.field(field).column;
  insert_.emplace(op_.db, into + ")", 4 + static_cast<int>(insert_shape_.size()));
}

void LeadWriter::add_cell(BulkInsert& insert, const Value& value) {
  switch (value.type) {
    case SqlType::null: insert << nullptr; break;
    case SqlType::integer: insert << value.integer; break;
    case SqlType::real: insert << value.real; break;
    default: insert << value.text; break;
  }
}

void LeadWriter::move_keys(std::int64_t id, const Record& record, std::span<const int> changed, std::string_view email_key) {
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

void LeadWriter::write_changes(std::int64_t id, const Record& record, std::span<const int> changed, std::string_view touch) {
  Parameters values(op_.now);
  Millis updated = std::max(op_.at(), before_record_->value("updated").integer);  // an act of the past does not turn it back
  SqlText sets = SqlText("updated = ") + values.add(Value(updated));
  if (!touch.empty()) sets += SqlText(", latest_source = ") + values.add(Value(touch));
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

void LeadWriter::insert_custom(std::int64_t id, const Record& record, bool alone) {
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

void LeadWriter::write_custom(std::int64_t id, const Record& record, const std::vector<int>& changed) {
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

}  // namespace kith
