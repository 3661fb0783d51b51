#include "domain/merge.h"

#include <nlohmann/json.hpp>

#include "base/address.h"
#include "base/checks.h"
#include "base/failure.h"
#include "base/json.h"
#include "domain/lead_keys.h"
#include "domain/lead_remove.h"
#include "domain/lead_tables.h"
#include "domain/leads.h"
#include "domain/merge_rows.h"
#include "domain/search.h"
#include "domain/subscriptions.h"
#include "domain/tags.h"
#include "model/parameters.h"
#include "model/record.h"

namespace kith {

namespace {

Json json_of(const Value& value) {
  switch (value.type) {
    case SqlType::integer: return value.integer;
    case SqlType::real: return value.real;
    case SqlType::text: return std::string(value.text);
    default: return nullptr;
  }
}

// One merge, from what it finds to the document that undoes it.
class Merge {
 public:
  Merge(Operation& op, std::int64_t survivor, std::int64_t absorbed, MergeFields fields)
      : op_(op), kind_(op.kinds.get("lead")), survivor_(survivor), absorbed_(absorbed), rule_(fields), tables_(lead_tables(op.kinds)),
        ours_(kind_), theirs_(kind_) {
    read_record(op, kind_, survivor, ours_, arena_);
    read_record(op, kind_, absorbed, theirs_, arena_);
  }

  std::int64_t run() {
    choose_fields();
    // Before it is written down what stands: what time has ended is not the merge's doing, and undoing it brings none of it back.
    for (std::int64_t lead : {survivor_, absorbed_}) lapse_due_of(op_, lead);
    write_down();
    std::int64_t event = record();
    take_keys();
    write_fields();
    unite(event);
    move();
    document_["after"] = united_now();
    op_.db.run("DELETE FROM lead_custom WHERE lead_id = $1", absorbed_);
    op_.db.run("DELETE FROM lead WHERE id = $1", absorbed_);
    note_gone(op_, absorbed_, "merged", survivor_, event, {});
    op_.db.run("INSERT INTO lead_merge (event_id, survivor_id, absorbed_id, at, document) VALUES ($1, $2, $3, $4, $5)", event, survivor_,
               absorbed_, op_.at(), to_json(document_));
    search_changed(op_, survivor_);
    search_changed(op_, absorbed_);
    return event;
  }

 private:
  // The fields of the survivor that get the absorbed lead's value.
  void choose_fields() {
    bool theirs_newer = theirs_.value("updated").integer > ours_.value("updated").integer;
    bool theirs_first = rule_ == MergeFields::other || (rule_ == MergeFields::newer && theirs_newer);
    for (std::size_t i = 0; i < kind_.fields().size(); ++i) {
      int field = static_cast<int>(i);
      if (!kind_.field(field).writable() || kind_.field(field).name == "id") continue;
      const Value& ours = ours_.value(field);
      const Value& theirs = theirs_.value(field);
      if (theirs.is_null() || theirs == ours || !(ours.is_null() || theirs_first)) continue;
      taken_.push_back(field);
    }
  }

  // What the merge is about to change, as it is now.
  void write_down() {
    LeadTable lead{.table = "lead", .lead = "id"};
    LeadTable custom{.table = "lead_custom", .lead = "lead_id"};
    document_["absorbed"] = rows_of_lead(op_, lead, absorbed_).at(0);
    std::vector<Json> their_custom = rows_of_lead(op_, custom, absorbed_);
    document_["absorbed_custom"] = their_custom.empty() ? Json() : their_custom[0];
    document_["custom_row"] = !rows_of_lead(op_, custom, survivor_).empty();
    Json types = Json::object();
    for (const Field& field : kind_.fields()) {
      if (field.custom_id != 0) types[field.column.string()] = type_name(field.type);
    }
    document_["types"] = std::move(types);
    Json fields = Json::object();
    for (int field : taken_) {
      fields[kind_.field(field).column.string()] = Json::array({json_of(ours_.value(field)), json_of(theirs_.value(field))});
    }
    document_["fields"] = std::move(fields);
    document_["own_email_key"] = parse_address(ours_.value("email").text, "email").key;
    document_["updated"] = Json::array({ours_.value("updated").integer, op_.at()});
    their_keys_ = keys_of_lead(op_, absorbed_);
    Json keys = Json::array();
    for (const LeadKey& key : their_keys_) {
      Json one = Json::object();  // step by step: the short way loses memory when there is no more
      one["kind"] = key.kind;
      one["key"] = key.key;
      one["role"] = key.role;
      keys.push_back(std::move(one));
    }
    document_["keys"] = std::move(keys);
    Json moved = Json::object();
    Json before = Json::object();
    for (const LeadTable& table : tables_) {
      if (table.on_merge == OnMerge::move) moved[table.table.string()] = keys_of_lead(op_, table, absorbed_);
      if (table.on_merge == OnMerge::unite) before[table.table.string()] = rows_to_unite(op_, table, survivor_, absorbed_);
    }
    document_["moved"] = std::move(moved);
    document_["before"] = std::move(before);
  }

  // No value of either lead: the log of one must not tell of the other once they are parted or erased.
  std::int64_t record() {
    std::string data = "{\"absorbed\":";
    append_json_number(data, absorbed_);
    data += ",\"fields\":[";
    for (std::size_t i = 0; i < taken_.size(); ++i) {
      if (i > 0) data += ',';
      append_json_text(data, kind_.field(taken_[i]).name);
    }
    return op_.events.record(EventKind::lead_merged, survivor_, absorbed_, data + "]}");
  }

  // Every key of the absorbed lead finds the survivor; its primary address becomes another one.
  void take_keys() {
    for (const LeadKey& key : their_keys_) {
      op_.db.run("UPDATE lead_key SET lead_id = $3, role = 0 WHERE kind = $1 AND key = $2", key.kind, key.key, survivor_);
    }
    std::string_view address = theirs_.value("email").text;
    std::string key = parse_address(address, "email").key;
    std::int64_t id = op_.ids.next("lead_email");
    op_.db.run("INSERT INTO lead_email (lead_id, id, email, email_key, created) VALUES ($1, $2, $3, $4, $5)", survivor_, id, address, key,
               op_.at());
    document_["address"] = id;
    for (int field : taken_) {
      if (kind_.field(field).name == "email") change_primary_address(op_, survivor_, address, key);
      if (kind_.field(field).name == "external_id") {
        if (ours_.value(field).is_text()) set_role(ours_.value(field).text, 0);  // goes on resolving
        set_role(theirs_.value(field).text, 1);
      }
    }
  }

  void set_role(std::string_view external_id, int role) {
    op_.db.run("UPDATE lead_key SET role = $2 WHERE kind = 2 AND key = $1", external_id, role);
  }

  void write_fields() {
    Parameters values(op_.now);
    SqlText sets = SqlText("updated = ") + values.add(Value(std::max(op_.at(), ours_.value("updated").integer)));
    sets += SqlText(", score = score + ") + values.add(Value(document_["absorbed"].at("score").get<std::int64_t>()));
    Parameters custom_values(op_.now);
    SqlText custom_columns("lead_id");
    SqlText custom_places = custom_values.add(survivor_);
    SqlText custom_sets;
    for (int field : taken_) {
      const SqlText& column = kind_.field(field).column;
      const Value& value = theirs_.value(field);
      if (kind_.field(field).custom_id != 0) {
        custom_columns += SqlText(", ") + column;
        custom_places += SqlText(", ") + custom_values.add(value);
        if (!custom_sets.empty()) custom_sets += ", ";
        custom_sets += column + " = excluded." + column;
        continue;
      }
      sets += SqlText(", ") + column + " = " + values.add(value);
      if (kind_.field(field).name == "phone") {
        std::string key = phone_key(value.text);
        sets += SqlText(", phone_key = ") + values.add(key.empty() ? Value() : Value(key));
      }
    }
    Statement update = op_.db.prepare(SqlText("UPDATE lead SET ") + sets + " WHERE id = " + values.add(survivor_));
    values.bind(update);
    update.run();
    if (custom_sets.empty()) return;
    Statement custom = op_.db.prepare(SqlText("INSERT INTO lead_custom (") + custom_columns + ") VALUES (" + custom_places +
                                      ") ON CONFLICT (lead_id) DO UPDATE SET " + custom_sets);
    custom_values.bind(custom);
    custom.run();
  }

  void unite(std::int64_t event) {
    merge_assignments(op_, survivor_, absorbed_);
    merge_subscriptions(op_, survivor_, absorbed_, event);
    for (const LeadTable& table : tables_) {
      if (table.on_merge == OnMerge::unite) unite_rows(op_, table, survivor_, absorbed_);  // what has no rule of its own
    }
  }

  void move() {
    for (const LeadTable& table : tables_) {
      if (table.on_merge == OnMerge::move) move_rows(op_, table, absorbed_, survivor_);
    }
  }

  Json united_now() {
    Json after = Json::object();
    for (const LeadTable& table : tables_) {
      if (table.on_merge != OnMerge::unite) continue;
      std::string name = table.table.string();
      after[name] = united_rows(op_, table, survivor_, document_["before"][name]);
    }
    return after;
  }

  Operation& op_;
  const Kind& kind_;
  std::int64_t survivor_;
  std::int64_t absorbed_;
  MergeFields rule_;
  std::vector<LeadTable> tables_;
  Arena arena_;
  Record ours_;
  Record theirs_;
  std::vector<int> taken_;
  std::vector<LeadKey> their_keys_;
  Json document_ = Json::object();
};

}  // namespace

std::int64_t merge_leads(Operation& op, std::int64_t survivor, std::int64_t absorbed, MergeFields fields) {
  if (survivor == absorbed) fail(Status::invalid, "other", "names the same lead, id:{}: two are needed to make one", survivor);
  return Merge(op, survivor, absorbed, fields).run();
}

}  // namespace kith
