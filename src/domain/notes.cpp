#include "domain/notes.h"

#include "base/failure.h"
#include "model/operation.h"
#include "model/record.h"

namespace kith {

namespace {

using enum FieldType;

constexpr std::size_t most_bytes = 64 * 1024;

constexpr FieldSpec note_fields[] = {
    {.name = "id", .type = id, .flags = sortable | fixed, .summary = "Kith's number of the note"},
    {.name = "lead", .type = reference, .flags = required | fixed, .summary = "whom it is about", .refers = "lead",
     .expression = "t.lead_id"},
    {.name = "text", .flags = required | personal, .summary = "what it says, at most 64 KB", .most = most_bytes},
    {.name = "author", .flags = personal, .summary = "who wrote it; if not given, who puts it"},
    {.name = "created", .type = datetime, .flags = automatic | filled, .summary = "when it was written"},
    {.name = "updated", .type = datetime, .flags = automatic | filled, .summary = "when it last changed"},
};

class NoteKind final : public Kind {
 public:
  using Kind::Kind;
  void check(Operation& op, Record& record, const Record* before) const override {
    if (record.given("text") && record.value("text").text.size() > most_bytes) {
      fail(Status::limit, "text", "has {} bytes; at most {} are taken", record.value("text").text.size(), most_bytes);
    }
    if (before == nullptr && !record.given("author") && !op.act.by.empty()) record.set("author", Value(op.act.by));
  }
};

}  // namespace

std::unique_ptr<Kind> make_note_kind() {
  KindSpec spec;
  spec.name = "note";
  spec.table = "note";
  spec.owner = Owner::lead;
  spec.summary = "what somebody wrote about a lead";
  spec.fields = note_fields;
  spec.created = EventKind::note_added;
  spec.updated = EventKind::note_updated;
  spec.removed = EventKind::note_removed;
  return std::make_unique<NoteKind>(spec);
}

}  // namespace kith
