#include "domain/leads.h"

#include <bit>
#include <charconv>
#include <unordered_map>
#include <unordered_set>

#include "base/address.h"
#include "base/failure.h"
#include "base/text.h"
#include "sql/dialect.h"

namespace kith {

namespace {

using enum FieldType;

constexpr FieldSpec lead_fields[] = {
    {.name = "id", .type = id, .flags = sortable | fixed, .summary = "Kith's own number of the lead"},
    {.name = "email", .type = email, .flags = required | unique | sortable | personal,
     .summary = "the address; the one thing that a lead must have", .most = 254},
    {.name = "external_id", .flags = unique | personal, .summary = "the host's own key", .most = 255},
    {.name = "first_name", .type = name, .flags = personal, .summary = "first name"},
    {.name = "middle_name", .type = name, .flags = personal, .summary = "middle name"},
    {.name = "last_name", .type = name, .flags = personal, .summary = "last name"},
    {.name = "phone", .type = phone, .flags = personal, .summary = "phone, as it was written", .most = 64},
    {.name = "phone2", .type = phone, .flags = personal, .summary = "second phone", .most = 64},
    {.name = "company", .flags = personal, .summary = "company, as text"},
    {.name = "job_title", .flags = personal, .summary = "job title"},
    {.name = "website", .type = url, .flags = personal, .summary = "website; example.com is kept as https://example.com", .most = 2048},
    {.name = "address1", .flags = personal, .summary = "first line of the postal address"},
    {.name = "address2", .flags = personal, .summary = "second line of the postal address"},
    {.name = "city", .flags = personal, .summary = "city"},
    {.name = "region", .flags = personal, .summary = "state, province or county"},
    {.name = "postcode", .flags = personal, .summary = "postcode", .most = 32},
    {.name = "country", .type = country, .flags = personal, .summary = "ISO 3166-1 alpha-2, such as SE"},
    {.name = "time_zone", .type = zone, .flags = personal, .summary = "IANA name, such as Europe/Stockholm"},
    {.name = "language", .type = language, .flags = personal, .summary = "BCP 47 tag, such as sv-SE"},
    {.name = "birth_date", .type = date, .flags = personal, .summary = "date of birth, YYYY-MM-DD"},
    {.name = "facebook", .flags = personal, .summary = "Facebook profile"},
    {.name = "x", .flags = personal, .summary = "X profile"},
    {.name = "linkedin", .flags = personal, .summary = "LinkedIn profile"},
    {.name = "instagram", .flags = personal, .summary = "Instagram profile"},
    {.name = "picture", .type = url, .flags = personal, .summary = "URL of a picture", .most = 2048},
    {.name = "ip", .type = ip, .flags = personal, .summary = "IP address at the first touch"},
    {.name = "source", .flags = personal, .summary = "where the lead came from; the first touch is kept"},
    {.name = "latest_source", .flags = automatic | on_request | personal, .summary = "where it came from latest; ask for it by name",
     .expression = "COALESCE(t.latest_source, t.source)"},
    {.name = "referrer", .flags = personal, .summary = "what referred the lead", .most = 2048},
    {.name = "owner", .flags = personal, .summary = "the host's user who looks after the lead"},
    {.name = "score", .type = integer, .flags = computed | sortable | required, .summary = "sum of the points that stand"},
    {.name = "created", .type = datetime, .flags = automatic | filled | sortable, .summary = "when the lead was made"},
    {.name = "updated", .type = datetime, .flags = automatic | filled | sortable, .summary = "when a field last changed"},
    {.name = "last_activity", .type = datetime, .flags = computed | on_request,
     .summary = "when the newest event of the log happened; ask for it by name",
     .expression = "(SELECT e.at FROM event e WHERE e.lead_id = t.id ORDER BY e.id DESC LIMIT 1)"},
};

class LeadKind final : public Kind {
 public:
  using Kind::Kind;
  std::int64_t resolve(Operation& op, std::string_view name) const override { return find_lead(op, name); }
  // The order by address is that of the key table, which has it sorted.
  SqlText sort_column(const Field& field) const override {
    return field.name == "email" ? SqlText("k.key") : Kind::sort_column(field);
  }
  SortSource sort_source(const Field& field) const override {
    // The host's fields: every lead has a row beside it as soon as one of them has an index.
    if (field.custom_id != 0) return {Literal(" FROM lead_custom u CROSS JOIN lead t"), Literal("t.id = u.lead_id"), Literal("u.lead_id")};
    if (field.name != "email") return Kind::sort_source(field);
    SqlText from(" FROM lead_key k CROSS JOIN lead t");
    if (has_custom_fields()) from += " LEFT JOIN lead_custom u ON u.lead_id = t.id";
    return {from, Literal("t.id = k.lead_id AND k.kind = 1 AND k.role = 1"), Literal("t.id"), true};
  }
  std::string sort_key(const Field&, std::string_view value) const override { return parse_address(value, "email").key; }

  const SqlText& insert_text(std::uint64_t given) const {
    if (auto known = insert_texts_.find(given); known != insert_texts_.end()) return known->second;
    SqlText columns("id, created, updated, phone_key");
    SqlText places("$1, $2, $3, $4");
    int parameter = 4;
    for (std::uint64_t rest = given; rest != 0; rest &= rest - 1) {
      columns += SqlText(", ") + field(std::countr_zero(rest)).column;
      places += SqlText(", ") + Dialect::parameter(++parameter);
    }
    return insert_texts_.emplace(given, SqlText("INSERT INTO lead (") + columns + ") VALUES (" + places + ")").first->second;
  }

 private:
  static_assert(std::size(lead_fields) <= 64);
  mutable std::unordered_map<std::uint64_t, SqlText> insert_texts_;
};

}  // namespace

std::unique_ptr<Kind> make_lead_kind() {
  KindSpec spec;
  spec.name = "lead";
  spec.table = "lead";
  spec.owner = Owner::global;
  spec.name_field = "email";
  spec.summary = "somebody interested: an address and what is known beside it";
  spec.fields = lead_fields;
  spec.created = EventKind::lead_created;
  spec.updated = EventKind::lead_updated;
  spec.removed = EventKind::lead_removed;
  return std::make_unique<LeadKind>(spec);
}

const SqlText& insert_lead_text(const Kind& lead, std::uint64_t fields) {
  return static_cast<const LeadKind&>(lead).insert_text(fields);
}

std::int64_t lead_with_key(Operation& op, KeyKind kind, std::string_view key) {
  Statement row = op.db.query("SELECT lead_id FROM lead_key WHERE kind = $1 AND key = $2", static_cast<int>(kind), key);
  return row.step() ? row.integer(0) : 0;
}

std::int64_t live_lead(Operation& op, std::int64_t id) {
  std::unordered_set<std::int64_t> been;  // of a damaged file the chain may lead back
  while (true) {
    {
      Statement row = op.db.query("SELECT 1 FROM lead WHERE id = $1", id);
      if (row.step()) return id;
    }
    Statement gone = op.db.query("SELECT survivor_id FROM lead_gone WHERE id = $1 AND state = 'merged'", id);
    if (!gone.step() || !been.insert(id).second) return 0;
    id = gone.integer(0);
  }
}

std::int64_t find_lead(Operation& op, std::string_view name) {
  if (name.starts_with("id:")) {
    std::int64_t id = 0;
    auto [end, error] = std::from_chars(name.data() + 3, name.data() + name.size(), id);
    if (error != std::errc() || end != name.data() + name.size() || id <= 0) {
      fail(Status::invalid, "lead", "{} is no id: write id: and a positive whole number", shown(name));
    }
    return live_lead(op, id);
  }
  if (name.starts_with("external:")) return lead_with_key(op, KeyKind::external_id, trimmed(name.substr(9)));
  if (name.find('@') == std::string_view::npos) {
    fail(Status::invalid, "lead", "{} names no lead: write an e-mail address, id:NUMBER or external:KEY", shown(name));
  }
  return lead_with_key(op, KeyKind::email, parse_address(name, "lead").key);
}

std::int64_t need_lead(Operation& op, std::string_view name) {
  std::int64_t id = find_lead(op, name);
  if (id == 0) fail(Status::not_found, "lead", "there is no lead {}", shown(name));
  return id;
}

}  // namespace kith
