// What kith.h refuses that no other test is about: each line an act, the status, the field at fault and a piece of the
// sentence. Nothing of the file has changed afterwards.
#include <catch2/catch.hpp>
#include <cerrno>
#include <functional>

#include "kith_arrow.h"
#include "support/folder.h"
#include "support/handle.h"

using namespace kith::test;

namespace {

using Fields = std::vector<kith_field>;
using Act = std::function<kith_status(kith_db* db, kith_error** err)>;

struct Refusal {
  const char* what;
  kith_status status;
  std::string field;
  const char* piece;  // of the sentence
  Act act;
};

// The failure of an act; the status is both answered and in the error.
void check_refusal(const Refusal& refusal, kith_db* db) {
  INFO(refusal.what);
  kith_error* error = nullptr;
  kith_status status = refusal.act(db, &error);
  CHECK(std::string(kith_status_name(status)) == kith_status_name(refusal.status));
  CHECK(kith_error_status(error) == status);
  CHECK(std::string(kith_error_field(error)) == refusal.field);
  CHECK_THAT(std::string(kith_error_message(error)), Catch::Contains(refusal.piece));
  kith_error_free(error);
}

// Names, values and what is wrong in a field itself.
kith_field spoilt(kith_field field, std::int32_t type, std::int32_t reserved) {
  field.type = type;
  field.reserved = reserved;
  return field;
}
kith_field nameless() { return kith_text(nullptr, "x"); }

Act put(const char* kind, const Fields& fields, const Fields& with = {}) {
  return [=](kith_db* db, kith_error** err) {
    return kith_put(db, kind, fields.data(), fields.size(), with.data(), with.size(), nullptr, nullptr, err);
  };
}
Act put_lead(const kith_field& field) { return put("lead", {kith_text("email", "new@x.example"), field}); }
Act put_many(const Fields& fields, std::size_t width, std::size_t height, std::uint32_t flags = 0) {
  return [=](kith_db* db, kith_error** err) {
    return kith_put_many(db, "lead", fields.data(), width, height, flags, nullptr, 0, nullptr, err);
  };
}
Act record_one(const Fields& row) {
  return [=](kith_db* db, kith_error** err) { return kith_record_many(db, row.data(), row.size(), 1, 0, nullptr, 0, nullptr, err); };
}
Act find(const char* kind, const std::function<void(kith_query&)>& how) {
  return [=](kith_db* db, kith_error** err) {
    kith_query query = {};
    query.size = sizeof query;
    how(query);
    kith_rows* rows = nullptr;
    return kith_find(db, kind, &query, &rows, err);
  };
}
Act sql(const char* text) {
  return [=](kith_db* db, kith_error** err) {
    kith_rows* rows = nullptr;
    return kith_sql(db, text, nullptr, 0, &rows, err);
  };
}
// A function that takes what it needs and answers rows.
template <class Function, class... Given>
Act asking(Function function, Given... given) {
  return [=](kith_db* db, kith_error** err) {
    kith_rows* rows = nullptr;
    return function(db, given..., &rows, err);
  };
}
// A stream that fails when it is asked for its schema.
Act put_stream(int code, const char* (*said)(ArrowArrayStream*), std::uint32_t flags = 0) {
  return [=](kith_db* db, kith_error** err) {
    ArrowArrayStream stream = {};
    stream.private_data = const_cast<int*>(&code);
    stream.get_schema = [](ArrowArrayStream* self, ArrowSchema*) { return *static_cast<int*>(self->private_data); };
    stream.get_next = [](ArrowArrayStream* self, ArrowArray*) { return *static_cast<int*>(self->private_data); };
    stream.get_last_error = said;
    stream.release = [](ArrowArrayStream* self) { self->release = nullptr; };
    return kith_put_stream(db, "lead", &stream, flags, nullptr, 0, nullptr, err);
  };
}

Act opening(const char* path, const std::function<void(kith_options&)>& how) {
  return [=](kith_db*, kith_error** err) {
    kith_options options = {};
    options.size = sizeof options;
    how(options);
    kith_db* out = nullptr;
    kith_status status = kith_open(path, &options, &out, err);
    CHECK(out == nullptr);
    return status;
  };
}

const std::string long_key(256, 'k');
const std::string long_data = "\"" + std::string(2 << 20, 'x') + "\"";
const std::string long_subject(5000, 's');
constexpr const char* ada = "ada@x.example";

const std::vector<Refusal> refusals = {
    // Fields, rows of fields, flags.
    {"reserved", KITH_MISUSE, "first_name", "7 in `reserved`", put_lead(spoilt(kith_text("first_name", "A"), KITH_TEXT, 7))},
    {"a type", KITH_MISUSE, "first_name", "the type 9", put_lead(spoilt(kith_text("first_name", "A"), 9, 0))},
    {"no name", KITH_MISUSE, "fields", "field 2 has no name", put_lead(nameless())},
    {"an extra without a name", KITH_MISUSE, "with", "field 1 has no name", put("lead", {kith_text("email", ada)}, {nameless()})},
    {"rows without width", KITH_MISUSE, "width", "0 although there are 2 rows", put_many({}, 0, 2)},
    {"too wide", KITH_LIMIT, "width", "4097 fields", put_many(Fields(4097, kith_text("email", ada)), 4097, 1)},
    {"too high", KITH_LIMIT, "height", "268435456 rows", put_many({kith_text("email", ada)}, 1, 0x10000000U)},
    {"a nameless column", KITH_MISUSE, "fields", "field 2 has no name", put_many({kith_text("email", ada), nameless()}, 2, 1)},
    {"flags of put_many", KITH_MISUSE, "flags", "does not know", put_many({kith_text("email", ada)}, 1, 1, 2)},
    {"flags of record_many", KITH_MISUSE, "flags", "does not know",
     [](kith_db* db, kith_error** err) {
       kith_field field = kith_text("kind", "page.viewed");
       return kith_record_many(db, &field, 1, 1, 4, nullptr, 0, nullptr, err);
     }},
    {"flags of a stream", KITH_MISUSE, "flags", "does not know", put_stream(0, nullptr, 8)},
    {"a stream without memory", KITH_NO_MEMORY, "stream", "no memory", put_stream(ENOMEM, nullptr)},
    {"a stream that says why", KITH_IO, "stream", "code 5: \"the line is cut\"",
     put_stream(EIO, [](ArrowArrayStream*) { return "the line is cut"; })},
    {"a stream that does not", KITH_IO, "stream", "code 5", put_stream(EIO, nullptr)},

    // Numbers that are none of theirs.
    {"limit of a query", KITH_INVALID, "limit", "-2 is no number of rows", find("lead", [](kith_query& q) { q.limit = -2; })},
    {"columns", KITH_INVALID, "columns", "empty name", find("lead", [](kith_query& q) { q.columns = "email,,created"; })},
    {"why", KITH_INVALID, "event", "0 is no event's id", asking(kith_why, std::int64_t{0})},
    {"after", KITH_INVALID, "id", "-1 is no event's id", asking(kith_events_after, std::int64_t{-1}, std::int64_t{0})},
    {"events", KITH_INVALID, "limit", "-1 is no number", asking(kith_events_after, std::int64_t{0}, std::int64_t{-1})},
    {"run", KITH_INVALID, "limit", "-1 is no number",
     [](kith_db* db, kith_error** err) { return kith_run(db, -1, nullptr, nullptr, err); }},

    // Opening.
    {"flags of open", KITH_MISUSE, "flags", "does not know", opening("x.kith", [](kith_options& o) { o.flags = 1U << 30; })},
    {"waiting", KITH_INVALID, "busy_ms", "-2 is no time to wait", opening("x.kith", [](kith_options& o) { o.busy_ms = -2; })},
    {"memory to read", KITH_MISUSE, "flags", "cannot be read-only",
     opening("x.kith", [](kith_options& o) { o.flags = KITH_OPEN_MEMORY | KITH_OPEN_READ_ONLY; })},
    {"no path", KITH_INVALID, "path", "is empty", opening("", [](kith_options&) {})},
    {"a URI", KITH_INVALID, "path", "not a URI", opening("file:x.kith", [](kith_options&) {})},

    // Names.
    {"a kind", KITH_NOT_FOUND, "kind", "did you mean \"lead\"", put("leed", {kith_text("email", ada)})},
    {"a topic", KITH_NOT_FOUND, "topic", "is no topic", asking(kith_schema, "kindz")},
    {"an id", KITH_INVALID, "id", "is no id", asking(kith_get, "tag", "id:0")},
    {"an id of letters", KITH_INVALID, "id", "is no id", asking(kith_get, "tag", "id:seven")},
    {"what has no name", KITH_INVALID, "note", "write id:", asking(kith_get, "note", "first")},
    {"an id below 1", KITH_INVALID, "id", "ids are positive", put("tag", {kith_integer("id", -1), kith_text("name", "A")})},
    {"a list's id for a reference", KITH_INVALID, "category", "0 is no id", put("tag", {kith_text("name", "A"), kith_integer("category", 0)})},
    {"the name of another", KITH_CONFLICT, "name", "is the name of another tag",
     put("tag", {kith_integer("id", 1), kith_text("name", "SILVER")})},
    {"a lead without an address", KITH_INVALID, "email", "an e-mail address is needed", put("lead", {kith_text("email", "")})},
    {"what is not renamed", KITH_REFUSED, "kind", "has no name to change", [](kith_db* db, kith_error** err) {
       return kith_rename(db, "note", "id:1", "other", nullptr, 0, nullptr, err);
     }},

    // Values.
    {"choices that are no texts", KITH_INVALID, "colours", "array of texts", put_lead(kith_text("colours", "[1]"))},
    {"a number that is empty", KITH_INVALID, "cause", "must be a whole number", put("lead", {kith_text("email", ada)}, {kith_null("cause")})},

    // Tags.
    {"a tag with two ends", KITH_INVALID, "expires_after", "not both",
     put("tag", {kith_text("name", "A"), kith_text("expires", "2090-01-01T00:00:00Z"), kith_integer("expires_after", 1000)})},
    {"a tag that is over at once", KITH_INVALID, "expires_after", "longer than nothing",
     put("tag", {kith_text("name", "A"), kith_integer("expires_after", 0)})},
    {"an assignment that is over", KITH_INVALID, "expires", "already be over",
     [](kith_db* db, kith_error** err) {
       kith_field end = kith_integer("expires", 1000);
       return kith_assign(db, ada, "Gold", &end, 1, nullptr, err);
     }},
    {"assignments that are over", KITH_INVALID, "expires", "already be over",
     [](kith_db* db, kith_error** err) {
       kith_field end = kith_integer("expires", 1000);
       kith_query query = {};
       query.size = sizeof query;
       return kith_assign_where(db, &query, "Gold", &end, 1, nullptr, err);
     }},
    {"a tag merged into itself", KITH_INVALID, "other", "into itself",
     [](kith_db* db, kith_error** err) { return kith_merge_tags(db, "Gold", "gold", nullptr, 0, nullptr, err); }},

    // Lists and what gateways say.
    {"a pause without an end", KITH_INVALID, "until", "is missing",
     [](kith_db* db, kith_error** err) { return kith_pause(db, ada, "News", nullptr, 0, nullptr, err); }},
    {"a report of nothing known", KITH_INVALID, "what", "none of bounced",
     [](kith_db* db, kith_error** err) { return kith_report(db, ada, "News", "vanished", nullptr, 0, nullptr, err); }},
    {"an SMS to who has no phone", KITH_INVALID, "channel", "no phone",
     [](kith_db* db, kith_error** err) {
       kith_field channel = kith_text("channel", "sms");
       return kith_report(db, ada, nullptr, "bounced", &channel, 1, nullptr, err);
     }},
    {"a token for nothing", KITH_INVALID, "purpose", "none of confirm",
     [](kith_db* db, kith_error** err) {
       kith_rows* rows = nullptr;
       return kith_token(db, ada, "", nullptr, 0, &rows, err);
     }},

    // The log.
    {"an event's lead", KITH_INVALID, "[0].lead", "is no id", record_one({kith_integer("lead", -4), kith_text("kind", "page.viewed")})},
    {"an event's lead in letters", KITH_INVALID, "[0].lead", "is no id", record_one({kith_text("lead", "id:x"), kith_text("kind", "page.viewed")})},
    {"an event without a kind", KITH_INVALID, "[0].kind", "is missing", record_one({kith_text("lead", ada), kith_text("kind", "")})},
    {"an event's key", KITH_LIMIT, "[0].key", "1 to 255",
     record_one({kith_text("lead", ada), kith_text("kind", "page.viewed"), kith_text("key", long_key.c_str())})},
    {"an event's data", KITH_LIMIT, "[0].data", "bytes",
     record_one({kith_text("lead", ada), kith_text("kind", "page.viewed"), kith_text("data", long_data.c_str())})},
    {"an event's subject", KITH_LIMIT, "[0].subject", "characters",
     record_one({kith_text("lead", ada), kith_text("kind", "page.viewed"), kith_text("subject", long_subject.c_str())})},
    {"an event of Kith's own family", KITH_REFUSED, "[0].kind", "begins like one of Kith's own",
     record_one({kith_text("lead", ada), kith_text("kind", "tag.polished")})},

    // SQL.
    {"SQL that writes", KITH_REFUSED, "sql", "only reading", sql("DELETE FROM lead")},
};

}  // namespace

TEST_CASE("what is refused says which field, why, and changes nothing", "[capi][refusals]") {
  Folder folder;
  std::string path = folder / "a.kith";
  Handle db(path);
  REQUIRE(db.failure() == "");
  REQUIRE(db.put(ada) == "");
  auto make = [&](const char* kind, const Fields& fields) {
    kith_error* error = nullptr;
    kith_put(db, kind, fields.data(), fields.size(), nullptr, 0, nullptr, nullptr, &error);
    REQUIRE(said(error) == "");
  };
  for (const char* tag : {"Gold", "Silver"}) make("tag", {kith_text("name", tag)});
  make("list", {kith_text("name", "News")});
  make("field", {kith_text("key", "colours"), kith_text("type", "choices"), kith_text("options", "[\"red\",\"blue\"]")});
  make("note", {kith_text("lead", ada), kith_text("text", "called")});

  REQUIRE(db.backup(folder / "before") == "");
  for (const Refusal& refusal : refusals) check_refusal(refusal, db);
  REQUIRE(db.backup(folder / "after") == "");
  CHECK((bytes_of(folder / "before") == bytes_of(folder / "after")));
  CHECK(db.check().empty());
  CHECK(db.put("new@x.example") == "");  // and the handle goes on
}
