// Writes leads one by one as a put means them: a new lead's rows, what differs of one that is there, custom fields, keys
// that move, and the event of an update. Which lead a row means among many is the work of lead_put.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "domain/leads.h"
#include "sql/bulk_insert.h"

namespace kith {

// The fields of a call that need more than being stored.
struct Special {
  int id = -1, email = -1, external = -1, phone = -1, source = -1, latest_source = -1;
  explicit Special(const Kind& kind)
      : id(kind.find_field("id")), email(kind.find_field("email")), external(kind.find_field("external_id")),
        phone(kind.find_field("phone")), source(kind.find_field("source")),
        latest_source(kind.find_field("latest_source")) {}
};

class LeadWriter {
 public:
  LeadWriter(Operation& op, const LeadPutOptions& options);

  const Kind& kind() const { return kind_; }
  const Special& special() const { return special_; }

  // The lead that a record means: by id, external id, address, in this order; 0: a new one.
  std::int64_t existing(const Record& record, std::string_view email_key);

  // Writes a new lead's rows but for its keys and its event, which are left to the caller. With `alone` at once; else the
  // row waits with others until finish(), and what `record` points at, and `row_arena`, must stay until then.
  std::int64_t insert(Record& record, Arena& row_arena, bool alone);

  // The event of the update, 0 when nothing differed.
  std::int64_t update(std::int64_t id, Record& record, std::string_view email_key);

  bool waiting() const { return (insert_ && insert_->waiting()) || (insert_custom_ && insert_custom_->waiting()); }
  void finish();
  void found_by_external(bool yes) { by_external_ = yes; }
  bool search_built() const { return search_built_; }

 private:
  std::vector<int> shape(const Record& record) const;

  void insert_alone(std::int64_t id, const Record& record, std::string_view key);

  void make_insert(const Record& record);

  static void add_cell(BulkInsert& insert, const Value& value);

  void move_keys(std::int64_t id, const Record& record, std::span<const int> changed, std::string_view email_key);

  // `touch`: a later source than the first, "" for none.
  void write_changes(std::int64_t id, const Record& record, std::span<const int> changed, std::string_view touch);

  // A new lead's row of the host's fields, in their side table: when it has a value, or an index is to have the lead.
  void insert_custom(std::int64_t id, const Record& record, bool alone);

  // What changed of the host's fields.
  void write_custom(std::int64_t id, const Record& record, const std::vector<int>& changed);

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

}  // namespace kith
