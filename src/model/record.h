// A validated record: the values of one thing's fields, by field, each as it will be stored. Making one from
// what the host gave is where every value is checked.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "model/extras.h"
#include "model/kind.h"
#include "model/value.h"

namespace kith {

class Record {
 public:
  explicit Record(const Kind& kind) : kind_(&kind), values_(kind.fields().size()), given_(kind.fields().size(), false) {}

  const Kind& kind() const { return *kind_; }
  bool given(int field) const { return given_[static_cast<std::size_t>(field)]; }
  const Value& value(int field) const { return values_[static_cast<std::size_t>(field)]; }
  const Value& value(std::string_view field) const { return value(kind_->find_field(field)); }
  bool given(std::string_view field) const { return given(kind_->find_field(field)); }
  void set(int field, const Value& value) {
    values_[static_cast<std::size_t>(field)] = value;
    given_[static_cast<std::size_t>(field)] = true;
  }
  void set(std::string_view field, const Value& value) { set(kind_->find_field(field), value); }
  void unset(int field) {
    values_[static_cast<std::size_t>(field)] = {};
    given_[static_cast<std::size_t>(field)] = false;
  }
  void clear() {
    values_.assign(values_.size(), {});
    given_.assign(given_.size(), false);
  }

 private:
  const Kind* kind_;
  std::vector<Value> values_;
  std::vector<bool> given_;
};

// `value` checked and brought to the form in which `field` is stored; text that had to change lies in `arena`.
Value normalised(Operation& op, const Field& field, const Value& value, Arena& arena);
// INVALID: a field that a put cannot write.
[[noreturn]] void fail_read_only(std::string_view field);

// As a name or a text is written: 5 and 5.0 are one number.
std::string written(const Value& value);

// The host's fields of one put. Computed and automatic fields are refused, but for `id`.
Record checked_record(Operation& op, const Kind& kind, std::span<const Given> given, Arena& arena);

// What is stored of a thing, all stored fields given; false: there is none. Texts lie in `arena`.
bool read_record(Operation& op, const Kind& kind, std::int64_t id, Record& out, Arena& arena);

// `"field":[before,after]` for each field of `record` that differs from `before` (NULL: a new thing), and the fields.
std::vector<int> changed_fields(const Record& record, const Record* before);
std::string changes_json(const Record& record, const Record* before, std::span<const int> fields);
void append_json(std::string& out, const Value& value, Meaning meaning);

}  // namespace kith
