// Undoing a merge by the document that it left: first everything that could stand in the way is looked for, then what
// the merge changed is changed back.
#include <nlohmann/json.hpp>

#include "base/checks.h"
#include "base/failure.h"
#include "base/json.h"
#include "base/text.h"
#include "domain/fields.h"
#include "domain/lead_tables.h"
#include "domain/leads.h"
#include "domain/merge.h"
#include "domain/merge_rows.h"
#include "domain/search.h"
#include "model/parameters.h"

namespace kith {

namespace {

constexpr std::string_view field = "merge_event";

Value value_of(const Json& json) {
  if (json.is_string()) return Value(std::string_view(json.get_ref<const std::string&>()));
  if (json.is_number_float()) return Value(json.get<double>());
  if (json.is_number()) return Value(json.get<std::int64_t>());
  return {};
}

class Unmerge {
 public:
  Unmerge(Operation& op, std::int64_t event) : op_(op), kind_(op.kinds.get("lead")), event_(event) {
    survivor_ = survivor_of_merge(op, event);
    Statement row = op.db.query("SELECT absorbed_id, document FROM lead_merge WHERE event_id = $1", event);
    row.step();
    absorbed_ = row.integer(0);
    document_ = stored_json(row.text(1), fmt::format("what merge {} did", event));
  }

  std::int64_t run() {
    check_survivor();
    check_keys();
    check_fields();
    restore_rows();
    restore_keys();
    restore_fields();
    restore_relations();
    op_.db.run("DELETE FROM lead_gone WHERE id = $1", absorbed_);
    op_.sets.remove({SetFamily::gone, 0}, absorbed_);
    op_.db.run("DELETE FROM lead_merge WHERE event_id = $1", event_);
    search_changed(op_, survivor_);
    search_changed(op_, absorbed_);
    return record();
  }

 private:
  void check_survivor() {
    Statement live = op_.db.query("SELECT 1 FROM lead WHERE id = $1", survivor_);
    if (!live.step()) {
      Statement gone = op_.db.query("SELECT survivor_id, event_id FROM lead_gone WHERE id = $1", survivor_);
      if (gone.step() && !gone.is_null(0)) {
        fail(Status::refused, field, "lead id:{} was merged into id:{} since: undo event {} first", survivor_, gone.integer(0), gone.integer(1));
      }
      fail(Status::refused, field, "lead id:{} is there no more", survivor_);
    }
    Statement later = op_.db.query(
        "SELECT event_id, absorbed_id FROM lead_merge WHERE survivor_id = $1 AND event_id > $2 ORDER BY event_id DESC LIMIT 1", survivor_, event_);
    if (later.step()) {
      fail(Status::refused, field, "lead id:{} absorbed id:{} since: undo event {} first", survivor_, later.integer(1), later.integer(0));
    }
  }

  // The absorbed lead's keys must be there to be given back. Another address that was taken away since stays away.
  void check_keys() {
    for (const Json& row : document_.at("keys")) {
      std::int64_t kind = row.at("kind").get<std::int64_t>();
      const std::string& key = row.at("key").get_ref<const std::string&>();
      bool own = row.at("role").get<std::int64_t>() == 1;
      std::string_view what = kind == 1 ? "an address" : "an external id";
      Statement now = op_.db.query("SELECT lead_id, role FROM lead_key WHERE kind = $1 AND key = $2", kind, key);
      bool is_there = now.step();
      if (is_there && now.integer(0) != survivor_) {
        fail(Status::refused, field, "{} of the absorbed lead belongs to lead id:{} since", what, now.integer(0));
      }
      if (!is_there && own) fail(Status::refused, field, "{} of the absorbed lead was taken away since", what);
      bool taken_by_merge = document_.at("fields").contains(kind == 1 ? "email" : "external_id");
      if (is_there && now.integer(1) == 1 && !(own && taken_by_merge)) {
        fail(Status::refused, field, "{} of the absorbed lead is lead id:{}'s own since", what, survivor_);
      }
    }
    const Json& fields = document_.at("fields");
    if (fields.contains("email")) check_given_up(1, document_.at("own_email_key").get_ref<const std::string&>());
    if (fields.contains("external_id") && fields.at("external_id").at(0).is_string()) {
      check_given_up(2, fields.at("external_id").at(0).get_ref<const std::string&>());
    }
  }

  // What the survivor had before it took the absorbed lead's, and is to have again.
  void check_given_up(int kind, const std::string& key) {
    Statement now = op_.db.query("SELECT 1 FROM lead_key WHERE kind = $1 AND key = $2 AND lead_id = $3", kind, key, survivor_);
    if (!now.step()) fail(Status::refused, field, "{} that lead id:{} had before is its own no longer", kind == 1 ? "the address" : "the external id", survivor_);
  }

  void check_fields() {
    LeadTable lead{.table = "lead", .lead = "id"};
    LeadTable custom{.table = "lead_custom", .lead = "lead_id"};
    Json now = rows_of_lead(op_, lead, survivor_).at(0);
    updated_since_ = now.at("updated") != document_.at("updated").at(1);
    for (const Json& row : rows_of_lead(op_, custom, survivor_)) {
      for (const auto& [column, value] : row.items()) now[column] = value;
    }
    for (const auto& [column, change] : document_.at("fields").items()) {
      const Field* known = field_of(column);
      if (known == nullptr) continue;  // a field that was removed since
      check_type(*known, column);
      if (now.at(column) != change.at(1)) {
        fail(Status::refused, field, "the field {} of lead id:{} was changed since", known->name, survivor_);
      }
    }
    if (document_.at("absorbed_custom").is_null()) return;
    for (const auto& [column, value] : document_.at("absorbed_custom").items()) {
      const Field* known = field_of(column);
      if (known != nullptr && !value.is_null()) check_type(*known, column);
    }
  }

  const Field* field_of(std::string_view column) const {
    for (const Field& known : kind_.fields()) {
      if (known.column.string() == column) return &known;
    }
    return nullptr;
  }

  void check_type(const Field& known, const std::string& column) const {
    if (known.custom_id == 0) return;
    const Json& types = document_.at("types");
    auto then = types.find(column);
    if (then != types.end() && then->get_ref<const std::string&>() != type_name(known.type)) {
      fail(Status::refused, field, "the field {} has the type {} since", known.name, type_name(known.type));
    }
  }

  void restore_rows() {
    insert_row(op_, "lead", document_.at("absorbed"));
    if (document_.at("absorbed_custom").is_null()) return need_custom_row(op_, absorbed_);
    Json custom = Json::object();
    for (const auto& [column, value] : document_.at("absorbed_custom").items()) {
      if (column == "lead_id" || field_of(column) != nullptr) custom[column] = value;
    }
    insert_row(op_, "lead_custom", custom);
  }

  void restore_keys() {
    op_.db.run("DELETE FROM lead_email WHERE lead_id = $1 AND id = $2", survivor_, document_.at("address").get<std::int64_t>());
    for (const Json& row : document_.at("keys")) {
      op_.db.run("UPDATE lead_key SET lead_id = $3, role = $4 WHERE kind = $1 AND key = $2", row.at("kind").get<std::int64_t>(),
                 row.at("key").get_ref<const std::string&>(), absorbed_, row.at("role").get<std::int64_t>());
    }
    // What the survivor gave up for it is its own again.
    const Json& fields = document_.at("fields");
    auto own_again = [&](std::int64_t kind, std::string_view key) {
      op_.db.run("UPDATE lead_key SET role = 1 WHERE kind = $1 AND key = $2 AND lead_id = $3", kind, key, survivor_);
    };
    if (fields.contains("email")) own_again(1, document_.at("own_email_key").get_ref<const std::string&>());
    if (fields.contains("external_id") && fields.at("external_id").at(0).is_string()) {
      own_again(2, fields.at("external_id").at(0).get_ref<const std::string&>());
    }
  }

  void restore_fields() {
    Parameters values(op_.now);
    SqlText sets = SqlText("score = score - ") + values.add(Value(document_.at("absorbed").at("score").get<std::int64_t>()));
    sets += SqlText(", updated = ") + values.add(Value(updated_since_ ? op_.at() : document_.at("updated").at(0).get<std::int64_t>()));
    Parameters custom_values(op_.now);
    SqlText custom_sets;
    for (const auto& [column, change] : document_.at("fields").items()) {
      const Field* known = field_of(column);
      if (known == nullptr) continue;
      Value before = value_of(change.at(0));
      if (known->custom_id != 0) {
        if (!custom_sets.empty()) custom_sets += ", ";
        custom_sets += known->column + " = " + custom_values.add(before);
        continue;
      }
      sets += SqlText(", ") + known->column + " = " + values.add(before);
      if (known->name == "phone") {
        std::string key = before.is_null() ? std::string() : phone_key(before.text);
        sets += SqlText(", phone_key = ") + values.add(key.empty() ? Value() : Value(key));
      }
    }
    Statement update = op_.db.prepare(SqlText("UPDATE lead SET ") + sets + " WHERE id = " + values.add(survivor_));
    values.bind(update);
    update.run();
    if (custom_sets.empty()) return;
    Statement custom = op_.db.prepare(SqlText("UPDATE lead_custom SET ") + custom_sets + " WHERE lead_id = " + custom_values.add(survivor_));
    custom_values.bind(custom);
    custom.run();
    if (!document_.at("custom_row").get<bool>()) drop_empty_custom();
  }

  // The survivor had no row of custom fields before: without a value in it, it needs none.
  void drop_empty_custom() {
    LeadTable table{.table = "lead_custom", .lead = "lead_id"};
    for (const Json& row : rows_of_lead(op_, table, survivor_)) {
      for (const auto& [column, value] : row.items()) {
        if (column != "lead_id" && !value.is_null()) return;
      }
    }
    delete_rows_of_lead(op_, table, survivor_);
    need_custom_row(op_, survivor_);
  }

  void restore_relations() {
    for (const LeadTable& table : lead_tables(op_.kinds)) {
      std::string name = table.table.string();
      if (table.on_merge == OnMerge::move && document_.at("moved").contains(name)) {
        move_rows_back(op_, table, document_.at("moved").at(name), survivor_, absorbed_);
      }
      if (table.on_merge == OnMerge::unite && document_.at("before").contains(name)) {
        part_rows(op_, table, survivor_, document_.at("before").at(name), document_.at("after").at(name));
      }
    }
  }

  std::int64_t record() {
    std::string data = "{\"merge\":";
    append_json_number(data, event_);
    data += '}';
    std::int64_t event = op_.events.record(EventKind::lead_unmerged, survivor_, absorbed_, data);
    Event other;
    other.lead = absorbed_;
    other.kind = static_cast<std::int64_t>(EventKind::lead_unmerged);
    other.subject_id = survivor_;
    other.data = data;
    other.cause = event;
    op_.events.record(other);
    return event;
  }

  Operation& op_;
  const Kind& kind_;
  std::int64_t event_;
  std::int64_t survivor_ = 0;
  std::int64_t absorbed_ = 0;
  bool updated_since_ = false;
  Json document_;
};

}  // namespace

std::int64_t survivor_of_merge(Operation& op, std::int64_t merge_event) {
  Statement row = op.db.query("SELECT survivor_id FROM lead_merge WHERE event_id = $1", merge_event);
  if (!row.step()) {
    fail(Status::not_found, field, "event {} is no merge that could be undone: it is none, was undone, or its lead is there no more", merge_event);
  }
  return row.integer(0);
}

std::int64_t unmerge_leads(Operation& op, std::int64_t merge_event) { return Unmerge(op, merge_event).run(); }

}  // namespace kith
