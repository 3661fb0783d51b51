// Arrow tables through kith.h: put and read back, streams that fail, rows that are refused.
#include <catch2/catch.hpp>

#include "support/arrow.h"
#include "support/handle.h"

using namespace kith::test;

namespace {

struct Answer {
  kith_status status;
  std::string said;
  std::vector<std::string> rows;
};

Answer put_batch(kith_db* db, Batch& batch, std::uint32_t flags = 0) {
  kith_rows* rows = nullptr;
  kith_error* error = nullptr;
  kith_status status = kith_put_batch(db, "lead", &batch.schema(), &batch.array(), flags, nullptr, 0, &rows, &error);
  return {status, said(error), texts_of(rows)};
}

// Batches of one column, "email", one after another; then what `fails` says.
struct Source {
  std::vector<std::vector<std::optional<std::string>>> batches;
  int fails = 0;
  std::size_t given = 0;
  int live = 0;  // what was handed over and not released yet
  std::deque<Batch> made{};
  Batch empty{};
};

Source& source_of(ArrowArrayStream* stream) { return *static_cast<Source*>(stream->private_data); }

ArrowArrayStream stream_of(Source& source) {
  ArrowArrayStream stream = {};
  stream.private_data = &source;
  source.empty.texts("email", {});
  stream.get_schema = [](ArrowArrayStream* self, ArrowSchema* out) {
    Source& from = source_of(self);
    *out = from.empty.schema();
    ++from.live;
    out->private_data = &from;
    out->release = [](ArrowSchema* schema) {
      --static_cast<Source*>(schema->private_data)->live;
      schema->release = nullptr;
    };
    return 0;
  };
  stream.get_next = [](ArrowArrayStream* self, ArrowArray* out) {
    Source& from = source_of(self);
    *out = {};
    if (from.given == from.batches.size()) return from.fails;
    from.made.emplace_back().texts("email", from.batches[from.given++]);
    *out = from.made.back().array();
    ++from.live;
    out->private_data = &from;
    out->release = [](ArrowArray* array) {
      --static_cast<Source*>(array->private_data)->live;
      array->release = nullptr;
    };
    return 0;
  };
  stream.get_last_error = [](ArrowArrayStream*) -> const char* { return "the disk is gone"; };
  stream.release = [](ArrowArrayStream* self) { self->release = nullptr; };
  return stream;
}

}  // namespace

TEST_CASE("arrow: a batch is put and what is found goes out again", "[arrow]") {
  Handle db("", KITH_OPEN_MEMORY);
  Batch batch;
  batch.texts("email", {"ada@example.com", "bob@example.com"});
  batch.texts<std::int64_t>("first_name", {"Ada", std::nullopt});
  batch.numbers<std::int32_t>("birth_date", "tdD", {-56270, std::nullopt});
  Answer answer = put_batch(db, batch);
  REQUIRE(answer.said.empty());
  CHECK(answer.rows == std::vector<std::string>{"1|1|-|-|-|-", "2|1|-|-|-|-"});

  kith_query query = {};
  query.size = sizeof query;
  query.columns = "id, email, birth_date, created";
  kith_rows* rows = nullptr;
  REQUIRE(kith_find(db, "lead", &query, &rows, nullptr) == KITH_OK);
  ArrowSchema schema;
  ArrowArray array;
  REQUIRE(kith_rows_arrow(rows, &schema, &array, nullptr) == KITH_OK);
  kith_rows_free(rows);
  CHECK(cell(*schema.children[0], *array.children[0], 1) == "2");
  CHECK(cell(*schema.children[1], *array.children[1], 0) == "ada@example.com");
  CHECK(std::string(schema.children[2]->format) == "tdD");
  CHECK(cell(*schema.children[2], *array.children[2], 0) == "-56270");
  CHECK(cell(*schema.children[2], *array.children[2], 1) == "-");
  CHECK(std::string(schema.children[3]->format) == "tsm:UTC");
  array.release(&array);
  schema.release(&schema);
}

TEST_CASE("arrow: a bad row is told by its number, or skipped", "[arrow]") {
  Handle db("", KITH_OPEN_MEMORY);
  Batch batch;
  batch.texts("email", {"ada@example.com", "\xff@example.com", "bob@example.com"});
  Answer strict = put_batch(db, batch);
  CHECK(strict.status == KITH_INVALID);
  CHECK(strict.said == "INVALID [1].email: is not well-formed UTF-8");
  CHECK(db.count() == 0);
  Answer lax = put_batch(db, batch, KITH_SKIP_BAD);
  CHECK(lax.said.empty());
  CHECK(lax.rows == std::vector<std::string>{"1|1|-|-|-|-", "-|3|2|email|email: is not well-formed UTF-8|-", "2|1|-|-|-|-"});
}

TEST_CASE("arrow: a stream is one transaction, and what it gave is released", "[arrow]") {
  Handle db("", KITH_OPEN_MEMORY);
  {
    Source source{{{"a@x.example"}, {}, {"b@x.example", "c@x.example", "a@x.example"}}};
    ArrowArrayStream stream = stream_of(source);
    kith_rows* rows = nullptr;
    kith_error* error = nullptr;
    CHECK(kith_put_stream(db, "lead", &stream, 0, nullptr, 0, &rows, &error) == KITH_OK);
    CHECK(said(error).empty());
    CHECK(texts_of(rows) == std::vector<std::string>{"1|1|-|-|-|-", "2|1|-|-|-|-", "3|1|-|-|-|-", "1|0|-|-|-|-"});
    CHECK(source.live == 0);
    CHECK(stream.release != nullptr);  // the caller's
  }
  {
    Source source{{{"d@x.example"}, {"e@x.example"}}, 5};
    ArrowArrayStream stream = stream_of(source);
    kith_error* error = nullptr;
    CHECK(kith_put_stream(db, "lead", &stream, KITH_SKIP_BAD, nullptr, 0, nullptr, &error) == KITH_IO);
    CHECK(said(error).find("the disk is gone") != std::string::npos);
    CHECK(source.live == 0);
  }
  {
    Source source{{{"d@x.example"}, {"e@x.example", "nonsense"}}};
    ArrowArrayStream stream = stream_of(source);
    kith_error* error = nullptr;
    CHECK(kith_put_stream(db, "lead", &stream, 0, nullptr, 0, nullptr, &error) == KITH_INVALID);
    CHECK(said(error).starts_with("INVALID [2].email"));
    CHECK(source.live == 0);
  }
  CHECK(db.count() == 3);
}

TEST_CASE("arrow: a table goes round through a stream", "[arrow]") {
  Handle from("", KITH_OPEN_MEMORY);
  Handle to("", KITH_OPEN_MEMORY);
  for (const char* email : {"ada@example.com", "bob@example.com"}) REQUIRE(from.put(email).empty());
  kith_query query = {};
  query.size = sizeof query;
  query.columns = "email, first_name";
  kith_rows* rows = nullptr;
  REQUIRE(kith_find(from, "lead", &query, &rows, nullptr) == KITH_OK);
  ArrowArrayStream stream;
  REQUIRE(kith_rows_arrow_stream(rows, &stream, nullptr) == KITH_OK);
  kith_rows_free(rows);
  CHECK(kith_put_stream(to, "lead", &stream, 0, nullptr, 0, nullptr, nullptr) == KITH_OK);
  ArrowArray more;
  CHECK(stream.get_next(&stream, &more) == 0);
  CHECK(more.release == nullptr);
  stream.release(&stream);
  CHECK(stream.release == nullptr);
  CHECK(to.sql("SELECT email FROM lead ORDER BY id") == std::vector<std::string>{"ada@example.com", "bob@example.com"});
  kith_error* error = nullptr;
  CHECK(kith_put_stream(to, "lead", &stream, 0, nullptr, 0, nullptr, &error) == KITH_MISUSE);
  CHECK(said(error) == "MISUSE stream: was released already");
}
