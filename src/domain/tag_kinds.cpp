// Tags, their categories and assignments as kinds: fields, and the rules of a put. What is done with tags is in tags.cpp.
#include "base/failure.h"
#include "domain/tags.h"
#include "model/record.h"

namespace kith {

namespace {

using enum FieldType;

constexpr FieldSpec category_fields[] = {
    {.name = "id", .type = id, .flags = sortable | fixed, .summary = "Kith's number of the category"},
    {.name = "name", .type = name, .flags = required | unique | sortable, .summary = "unique regardless of case"},
    {.name = "description", .summary = "what the tags in it have in common", .most = 2000},
    {.name = "tags", .type = integer, .flags = computed, .summary = "how many tags are in it",
     .expression = "(SELECT COUNT(*) FROM tag g WHERE g.category_id = t.id)"},
    {.name = "created", .type = datetime, .flags = automatic, .summary = "when it was made"},
    {.name = "updated", .type = datetime, .flags = automatic, .summary = "when it last changed"},
};

constexpr FieldSpec tag_fields[] = {
    {.name = "id", .type = id, .flags = sortable | fixed, .summary = "Kith's number of the tag"},
    {.name = "name", .type = name, .flags = required | unique | sortable, .summary = "unique regardless of case; leads never see it"},
    {.name = "description", .summary = "what it says of a lead", .most = 2000},
    {.name = "category", .type = reference, .summary = "the category it is in", .refers = "category",
     .expression = "(SELECT c.name FROM category c WHERE c.id = t.category_id)"},
    {.name = "expires", .type = datetime, .summary = "when every assignment ends that has no end of its own"},
    {.name = "expires_after", .type = duration, .summary = "how long an assignment lasts, such as 30 days"},
    {.name = "leads", .type = integer, .flags = computed, .summary = "how many leads have it",
     .expression = "(SELECT CAST(COALESCE(SUM(s.size), 0) AS BIGINT) FROM lead_set s WHERE s.family = 2 AND s.owner = t.id)"
                   " - (SELECT COUNT(*) FROM lead_tag a WHERE a.expires <= $1 AND a.tag_id = t.id)"},
    {.name = "created", .type = datetime, .flags = automatic, .summary = "when it was made"},
    {.name = "updated", .type = datetime, .flags = automatic, .summary = "when it last changed"},
};

constexpr FieldSpec assignment_fields[] = {
    {.name = "id", .type = id, .flags = fixed, .summary = "the id of the event by which the lead got the tag",
     .expression = "t.event_id"},
    {.name = "lead", .type = reference, .flags = required | fixed | sortable, .summary = "who has the tag", .refers = "lead",
     .expression = "t.lead_id"},
    {.name = "tag", .type = reference, .flags = required | fixed, .summary = "the tag", .refers = "tag",
     .expression = "(SELECT g.name FROM tag g WHERE g.id = t.tag_id)"},
    {.name = "at", .type = datetime, .flags = automatic, .summary = "when it was assigned"},
    {.name = "expires", .type = datetime, .summary = "when it ends; empty: never"},
    {.name = "by", .flags = computed, .summary = "who assigned it",
     .expression = "(SELECT e.actor FROM event e WHERE e.id = t.event_id)"},
};

class TagKind final : public Kind {
 public:
  using Kind::Kind;
  void check(Operation&, Record& record, const Record* before) const override {
    auto standing = [&](std::string_view field) {
      return record.given(field) ? !record.value(field).is_null() : before != nullptr && !before->value(field).is_null();
    };
    if (standing("expires") && standing("expires_after")) {
      fail(Status::invalid, "expires_after", "a tag ends at a date or after a time, not both: clear expires first");
    }
    if (record.given("expires_after") && record.value("expires_after").is_integer() && record.value("expires_after").integer == 0) {
      fail(Status::invalid, "expires_after", "must be longer than nothing");
    }
  }
  void stored(Operation& op, std::int64_t tag, const Record& record, const Record* before) const override {
    if (before == nullptr || !record.given("expires")) return;
    // Assignments that last a time have each an end of their own: those that are there keep it.
    bool lasts = record.given("expires_after") && !record.value("expires_after").is_null();
    if (lasts || !before->value("expires_after").is_null()) return;
    auto date = [](const Value& value) { return value.is_null() ? std::nullopt : std::optional<Millis>(value.integer); };
    std::optional<Millis> then = date(before->value("expires"));
    std::optional<Millis> now = date(record.value("expires"));
    if (then != now) move_assignments(op, tag, then, now);
  }
  void removing(Operation& op, std::int64_t tag, std::string_view name) const override { end_assignments(op, tag, name); }
};

class CategoryKind final : public Kind {
 public:
  using Kind::Kind;
  void removing(Operation& op, std::int64_t category, std::string_view) const override {
    op.db.run("UPDATE tag SET category_id = NULL WHERE category_id = $1", category);
  }
};

template <class Made>
std::unique_ptr<Kind> make(Literal name, Literal table, Owner owner, std::span<const FieldSpec> fields, Literal summary,
                           EventKind created, EventKind updated, EventKind removed) {
  KindSpec spec;
  spec.name = name;
  spec.table = table;
  spec.owner = owner;
  spec.name_field = owner == Owner::definition ? Literal("name") : Literal("");
  spec.summary = summary;
  spec.fields = fields;
  if (owner == Owner::lead) spec.order = "lead";
  spec.writable = spec.removable = created != EventKind{};
  spec.created = created;
  spec.updated = updated;
  spec.removed = removed;
  return std::make_unique<Made>(spec);
}

}  // namespace

std::unique_ptr<Kind> make_category_kind() {
  return make<CategoryKind>("category", "category", Owner::definition, category_fields, "a group of tags",
                            EventKind::category_created, EventKind::category_updated, EventKind::category_removed);
}

std::unique_ptr<Kind> make_tag_kind() {
  return make<TagKind>("tag", "tag", Owner::definition, tag_fields, "a mark on leads that they never see",
                       EventKind::tag_created, EventKind::tag_updated, EventKind::tag_removed);
}

std::unique_ptr<Kind> make_assignment_kind() {
  return make<Kind>("assignment", "lead_tag", Owner::lead, assignment_fields, "a tag on a lead", EventKind{}, EventKind{},
                    EventKind{});
}

}  // namespace kith
