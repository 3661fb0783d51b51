#include "domain/addresses.h"

#include "base/address.h"
#include "base/failure.h"
#include "base/text.h"
#include "domain/leads.h"
#include "domain/search.h"
#include "model/operation.h"
#include "model/record.h"

namespace kith {

namespace {

using enum FieldType;

constexpr FieldSpec address_fields[] = {
    {.name = "id", .type = id, .flags = sortable | fixed, .summary = "Kith's number of the address"},
    {.name = "lead", .type = reference, .flags = required | fixed, .summary = "whose it is", .refers = "lead",
     .expression = "t.lead_id"},
    {.name = "email", .type = email, .flags = required | fixed | unique | personal, .summary = "the address, as it was given", .most = 254},
    {.name = "created", .type = datetime, .flags = automatic | filled, .summary = "when it was added"},
};

class AddressKind final : public Kind {
 public:
  using Kind::Kind;
  std::string name_key(std::string_view name) const override { return parse_address(name, "email").key; }

  // An address that is somebody's primary one is none of these.
  std::int64_t resolve(Operation& op, std::string_view name) const override {
    if (name.starts_with("id:")) return Kind::resolve(op, name);
    std::string key = name_key(name);
    Statement row = op.db.query(
        "SELECT a.id FROM lead_key k JOIN lead_email a ON a.lead_id = k.lead_id AND a.email_key = k.key "
        "WHERE k.kind = 1 AND k.key = $1 AND k.role = 0", key);
    return row.step() ? row.integer(0) : 0;
  }

  std::string instead_of(Operation& op, std::string_view name) const override {
    if (name.starts_with("id:") || lead_with_key(op, KeyKind::email, name_key(name)) == 0) return {};
    return ": it is the primary address of its lead, which goes when another one is put as the lead's email";
  }

  void check(Operation& op, Record& record, const Record* before) const override {
    if (before != nullptr) {
      if (record.given("lead") && !(record.value("lead") == before->value("lead"))) {
        // It may be named by its id alone: the sentence tells nothing more of whose it is.
        fail(Status::conflict, "email", "address id:{} belongs to lead id:{}", before->value("id").integer, before->value("lead").integer);
      }
      // Another spelling of the address is no other address.
      if (record.given("email") && name_key(record.value("email").text) == name_key(before->value("email").text)) {
        record.set("email", before->value("email"));
      }
      return;
    }
    std::string_view address = record.value("email").text;
    std::int64_t holder = lead_with_key(op, KeyKind::email, name_key(address));
    if (holder == 0) return;
    if (holder == record.value("lead").integer) {
      fail(Status::conflict, "email", "{} is the primary address of lead id:{} already", shown(address), holder);
    }
    fail(Status::conflict, "email", "{} belongs to lead id:{}", shown(address), holder);
  }

  void stored(Operation& op, std::int64_t, const Record& record, const Record*) const override {
    std::int64_t lead = record.value("lead").integer;
    op.db.run("INSERT INTO lead_key (kind, key, lead_id, role) VALUES (1, $1, $2, 0)", name_key(record.value("email").text), lead);
    search_changed(op, lead);
  }

  void removing(Operation& op, std::int64_t id, std::string_view address) const override {
    std::int64_t lead = 0;
    {
      Statement row = op.db.query("SELECT lead_id FROM lead_email WHERE id = $1", id);
      if (row.step()) lead = row.integer(0);
    }
    op.db.run("DELETE FROM lead_key WHERE kind = 1 AND key = $1 AND lead_id = $2 AND role = 0", name_key(address), lead);
    op.db.run("DELETE FROM lead_email WHERE lead_id = $1 AND id = $2", lead, id);
    search_changed(op, lead);
  }
};

}  // namespace

std::unique_ptr<Kind> make_address_kind() {
  KindSpec spec;
  spec.name = "address";
  spec.table = "lead_email";
  spec.owner = Owner::lead;
  spec.name_field = "email";
  spec.key_column = "email_key";
  spec.summary = "another e-mail address of a lead";
  spec.fields = address_fields;
  spec.created = EventKind::address_added;
  spec.removed = EventKind::address_removed;
  return std::make_unique<AddressKind>(spec);
}

}  // namespace kith
