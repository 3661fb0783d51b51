#include <catch2/catch.hpp>

#include <cstring>
#include <functional>
#include <limits>

#include "base/failure.h"
#include "model/arrow_in.h"
#include "support/arrow.h"

using namespace kith;
using namespace kith::test;

namespace {

std::string refused(const std::function<void()>& work) {
  try {
    work();
    return "accepted";
  } catch (const Failure& failure) {
    return std::string(status_name(failure.status())) + " " + failure.message();
  }
}

// What taking up the batch says, after it was spoilt.
std::string taken(Batch& batch, const std::function<void(ArrowSchema&, ArrowArray&)>& spoil = {}) {
  ArrowSchema& schema = batch.schema();
  ArrowArray& array = batch.array();
  if (spoil) spoil(schema, array);
  return refused([&] { ArrowBatch read(schema, array); });
}

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

}  // namespace

TEST_CASE("arrow: every type that kith.h lists is read", "[arrow]") {
  Batch batch;
  batch.texts("a", {"Ada", std::nullopt, ""});
  batch.texts<std::int64_t>("b", {"x", "yy", "zzz"});
  batch.numbers<std::int8_t>("c", "c", {-1, 0, 127});
  batch.numbers<std::uint16_t>("d", "S", {1, std::nullopt, 65535});
  batch.numbers<std::int64_t>("e", "l", {std::numeric_limits<std::int64_t>::min(), 0, 1});
  batch.numbers<std::uint64_t>("f", "L", {1, 2, std::numeric_limits<std::uint64_t>::max()});
  batch.numbers<float>("g", "f", {0.5F, 1.5F, std::nullopt});
  batch.numbers<double>("h", "g", {0.25, 1e300, 3});
  batch.booleans("i", {true, false, std::nullopt});
  batch.numbers<std::int32_t>("j", "tdD", {-1, 20512, 2'000'000'000});
  batch.numbers<std::int64_t>("k", "tss:UTC", {-1, 1'700'000'000, std::numeric_limits<std::int64_t>::max()});
  batch.numbers<std::int64_t>("l", "tsm:", {5, 6, 7});
  batch.numbers<std::int64_t>("m", "tsu:Europe/Stockholm", {-1, 1999, 2000});
  batch.numbers<std::int64_t>("n", "tsn:UTC", {-1, 1'999'999, 2'000'000});
  batch.nulls("o", 3);
  ArrowBatch read(batch.schema(), batch.array());
  REQUIRE(read.rows() == 3);
  CHECK(read.names().size() == 15);
  CHECK(read.value(0, 0) == Value("Ada"));
  CHECK(read.value(1, 0).is_null());
  CHECK(read.value(2, 0) == Value(""));
  CHECK(read.value(2, 1) == Value("zzz"));
  CHECK(read.value(0, 2) == Value(-1));
  CHECK(read.value(1, 3).is_null());
  CHECK(read.value(2, 3) == Value(65535));
  CHECK(read.value(0, 4) == Value(std::numeric_limits<std::int64_t>::min()));
  CHECK(read.value(1, 5) == Value(2));
  CHECK_THAT(refused([&] { read.value(2, 5); }), StartsWith("INVALID f: 18446744073709551615"));
  CHECK(read.value(1, 6) == Value(1.5));
  CHECK(read.value(1, 7) == Value(1e300));
  CHECK(read.value(0, 8) == Value(1));
  CHECK(read.value(1, 8) == Value(0));
  CHECK(read.value(2, 8).is_null());
  CHECK(read.value(0, 9) == Value("1969-12-31"));
  CHECK(read.value(1, 9) == Value("2026-02-28"));
  CHECK_THAT(refused([&] { read.value(2, 9); }), StartsWith("INVALID j:"));
  CHECK(read.value(0, 10) == Value(-1000));
  CHECK_THAT(refused([&] { read.value(2, 10); }), StartsWith("INVALID k:"));
  CHECK(read.value(1, 11) == Value(6));
  CHECK(read.value(0, 12) == Value(-1));
  CHECK(read.value(1, 12) == Value(1));
  CHECK(read.value(0, 13) == Value(-1));
  CHECK(read.value(1, 13) == Value(1));
  CHECK(read.value(2, 14).is_null());
}

TEST_CASE("arrow: a batch that is a part of larger arrays is read at its place", "[arrow]") {
  Batch batch;
  batch.texts("name", {"no", "nor this", "Ada", std::nullopt, "Bob"});
  batch.numbers<std::int32_t>("n", "i", {0, 1, 2, 3, std::nullopt, 5});
  batch.array_of(1).offset = 1;
  batch.array_of(1).length = 5;
  batch.array().offset = 2;
  batch.array().length = 3;
  ArrowBatch read(batch.schema(), batch.array());
  REQUIRE(read.rows() == 3);
  CHECK(read.value(0, 0) == Value("Ada"));
  CHECK(read.value(1, 0).is_null());
  CHECK(read.value(2, 0) == Value("Bob"));
  CHECK(read.value(0, 1) == Value(3));
  CHECK(read.value(1, 1).is_null());
  CHECK(read.value(2, 1) == Value(5));
}

TEST_CASE("arrow: a null row has no values", "[arrow]") {
  Batch batch;
  batch.numbers<std::int64_t>("n", "l", {1, 2, 3});
  std::uint8_t bits = 0b101;
  const void* buffers[] = {&bits};
  batch.array().buffers = buffers;
  ArrowBatch read(batch.schema(), batch.array());
  CHECK(read.value(0, 0) == Value(1));
  CHECK(read.value(1, 0).is_null());
  CHECK(read.value(2, 0) == Value(3));
}

TEST_CASE("arrow: ill-formed text is refused for its row alone", "[arrow]") {
  Batch batch;
  batch.texts("name", {"good", "\xff", "well", std::string("a\0b", 3), "fine"});
  ArrowBatch read(batch.schema(), batch.array());
  CHECK(read.value(0, 0) == Value("good"));
  CHECK_THAT(refused([&] { read.value(1, 0); }), StartsWith("INVALID name: is not well-formed UTF-8"));
  CHECK(read.value(2, 0) == Value("well"));
  CHECK_THAT(refused([&] { read.value(3, 0); }), StartsWith("INVALID name:"));
  CHECK(read.value(4, 0) == Value("fine"));
}

TEST_CASE("arrow: a character cut in two by the offsets is ill-formed in both rows", "[arrow]") {
  Batch batch;
  batch.texts("name", {"a\xc3", "\xa9z", "ok"});  // together well formed
  ArrowBatch read(batch.schema(), batch.array());
  CHECK_THAT(refused([&] { read.value(0, 0); }), StartsWith("INVALID name:"));
  CHECK_THAT(refused([&] { read.value(1, 0); }), StartsWith("INVALID name:"));
  CHECK(read.value(2, 0) == Value("ok"));
}

TEST_CASE("arrow: types that are not taken are refused by their column's name", "[arrow]") {
  for (const char* format : {"e", "z", "Z", "vz", "d:10,2", "tdm", "tts", "tDs", "w:4", "+l", "", "ll", "ts"}) {
    INFO(format);
    Batch batch;
    batch.numbers<std::int64_t>("price", format, {1});
    CHECK_THAT(taken(batch), StartsWith("INVALID price: has the Arrow format"));
  }
  Batch dictionary;
  dictionary.numbers<std::int32_t>("colour", "i", {0});
  ArrowSchema values = {};
  dictionary.schema_of(0).dictionary = &values;
  CHECK_THAT(taken(dictionary), StartsWith("INVALID colour: is encoded by a dictionary"));
  Batch nested;
  nested.numbers<std::int32_t>("parts", "i", {0});
  nested.schema_of(0).n_children = 1;
  CHECK_THAT(taken(nested), StartsWith("INVALID parts: is nested"));
  Batch list;
  list.numbers<std::int32_t>("n", "i", {0});
  CHECK_THAT(taken(list, [](ArrowSchema& schema, ArrowArray&) { schema.format = "l"; }), Contains("record batch is a struct"));
}

TEST_CASE("arrow: lengths, offsets and buffers that cannot be are refused", "[arrow]") {
  struct Spoilt {
    const char* what;
    std::function<void(Batch&)> spoil;
    const char* says;
  };
  auto least = std::numeric_limits<std::int64_t>::min();
  auto most = std::numeric_limits<std::int64_t>::max();
  static const std::int32_t backwards[] = {0, 5, 2, 7};
  static const std::int32_t negative[] = {-4, 0, 1, 2};
  const Spoilt all[] = {
      {"negative length", [&](Batch& b) { b.array().length = -1; }, "INVALID array:"},
      {"least length", [&](Batch& b) { b.array().length = least; }, "INVALID array:"},
      {"negative offset", [&](Batch& b) { b.array().offset = -1; }, "INVALID array:"},
      {"offset that overflows", [&](Batch& b) { b.array().offset = most; }, "INVALID array:"},
      {"too many rows", [&](Batch& b) { b.array().length = std::int64_t{1} << 40; }, "LIMIT array:"},
      {"more rows than values", [&](Batch& b) { b.array().length = 4; }, "INVALID name:"},
      {"offset beyond the values", [&](Batch& b) { b.array().offset = 1; }, "INVALID name:"},
      {"a column's negative length", [&](Batch& b) { b.array_of(0).length = -3; }, "INVALID name:"},
      {"a column's negative offset", [&](Batch& b) { b.array_of(1).offset = -3; }, "INVALID n:"},
      {"a column's offset that overflows", [&](Batch& b) { b.array_of(1).offset = most - 1; }, "INVALID n:"},
      {"no buffers", [&](Batch& b) { b.array_of(1).buffers = nullptr; }, "INVALID n:"},
      {"no values", [&](Batch& b) { b.buffer(1, 1) = nullptr; }, "INVALID n:"},
      {"no offsets", [&](Batch& b) { b.buffer(0, 1) = nullptr; }, "INVALID name:"},
      {"no text", [&](Batch& b) { b.buffer(0, 2) = nullptr; }, "INVALID name:"},
      {"too few buffers", [&](Batch& b) { b.array_of(0).n_buffers = 2; }, "INVALID name:"},
      {"a negative number of buffers", [&](Batch& b) { b.array_of(0).n_buffers = -1; }, "INVALID name:"},
      {"nulls without a bitmap", [&](Batch& b) { b.array_of(1).null_count = 2; }, "INVALID n:"},
      {"texts that end before they begin", [&](Batch& b) { b.buffer(0, 1) = backwards; }, "INVALID name:"},
      {"texts that begin before the bytes", [&](Batch& b) { b.buffer(0, 1) = negative; }, "INVALID name:"},
      {"a struct of many buffers", [&](Batch& b) { b.array().n_buffers = 2; }, "INVALID array:"},
  };
  for (const Spoilt& one : all) {
    INFO(one.what);
    Batch batch;
    batch.texts("name", {"Ada", "Bob", "Cyd"});
    batch.numbers<std::int64_t>("n", "l", {1, 2, 3});
    REQUIRE(taken(batch) == "accepted");
    one.spoil(batch);
    CHECK_THAT(taken(batch), StartsWith(one.says));
  }
}

TEST_CASE("arrow: shapes that do not fit together are refused", "[arrow]") {
  auto spoilt = [](const std::function<void(ArrowSchema&, ArrowArray&)>& spoil) {
    Batch batch;
    batch.numbers<std::int64_t>("n", "l", {1});
    return taken(batch, spoil);
  };
  CHECK_THAT(spoilt([](ArrowSchema&, ArrowArray& array) { array.n_children = 0; }), StartsWith("INVALID array:"));
  CHECK_THAT(spoilt([](ArrowSchema& schema, ArrowArray& array) { schema.n_children = array.n_children = -1; }), StartsWith("INVALID array:"));
  CHECK_THAT(spoilt([](ArrowSchema& schema, ArrowArray& array) { schema.n_children = array.n_children = 5000; }), StartsWith("LIMIT schema:"));
  CHECK_THAT(spoilt([](ArrowSchema&, ArrowArray& array) { array.children = nullptr; }), StartsWith("INVALID array:"));
  CHECK_THAT(spoilt([](ArrowSchema& schema, ArrowArray&) { schema.children[0] = nullptr; }), StartsWith("INVALID array:"));
  CHECK_THAT(spoilt([](ArrowSchema& schema, ArrowArray&) { schema.children[0]->name = nullptr; }), StartsWith("INVALID schema:"));
  CHECK_THAT(spoilt([](ArrowSchema& schema, ArrowArray&) { schema.children[0]->name = "\xff"; }), StartsWith("INVALID schema:"));
  CHECK_THAT(spoilt([](ArrowSchema& schema, ArrowArray&) { schema.children[0]->format = nullptr; }), StartsWith("INVALID n:"));
  CHECK_THAT(spoilt([](ArrowSchema& schema, ArrowArray&) { schema.release = nullptr; }), StartsWith("MISUSE schema:"));
  CHECK_THAT(spoilt([](ArrowSchema&, ArrowArray& array) { array.release = nullptr; }), StartsWith("MISUSE array:"));
}

TEST_CASE("arrow: an empty batch may be without buffers", "[arrow]") {
  Batch batch;
  batch.texts("name", {});
  batch.buffer(0, 1) = nullptr;
  batch.buffer(0, 2) = nullptr;
  CHECK(taken(batch) == "accepted");
}

TEST_CASE("arrow: views of texts, which Polars hands over, are read and not trusted", "[arrow]") {
  struct View {
    std::int32_t size;
    char text[12];
  };
  auto view_of = [](std::int32_t size, std::int32_t buffer, std::int32_t at) {
    View view = {size, "long"};
    std::memcpy(view.text + 4, &buffer, 4);
    std::memcpy(view.text + 8, &at, 4);
    return view;
  };
  const char far[] = "ada@example.com, far away";
  View views[] = {{3, "Ada"}, view_of(15, 0, 0), {0, ""}, view_of(8, 0, 17)};
  std::int64_t sizes[] = {25};
  const void* buffers[] = {nullptr, views, far, sizes};
  Batch batch;
  batch.nulls("n", 4);
  auto read = [&](std::size_t row) {
    ArrowSchema& schema = batch.schema();
    ArrowArray& array = batch.array();
    schema.children[0]->format = "vu";
    array.children[0]->n_buffers = 4;
    array.children[0]->null_count = 0;
    array.children[0]->buffers = buffers;
    return refused([&] {
      ArrowBatch taken(schema, array);
      fail(Status::ok, "", "{}", taken.value(row, 0).text);
    });
  };
  CHECK(read(0) == "OK Ada");
  CHECK(read(1) == "OK ada@example.com");
  CHECK(read(2) == "OK ");
  views[3] = view_of(26, 0, 0);
  CHECK_THAT(read(3), StartsWith("INVALID n: has a text beyond"));
  views[3] = view_of(13, 0, -1);
  CHECK_THAT(read(3), StartsWith("INVALID n: has a text beyond"));
  views[3] = view_of(13, 1, 0);
  CHECK_THAT(read(3), StartsWith("INVALID n: has a text in buffer 1 of 1"));
  views[3] = view_of(-1, 0, 0);
  CHECK_THAT(read(3), StartsWith("INVALID n: has a text of length -1"));
  views[3] = {1, "\xff"};
  CHECK_THAT(read(3), StartsWith("INVALID n: is not well-formed"));
  buffers[3] = nullptr;
  CHECK_THAT(read(0), StartsWith("INVALID n: the sizes"));
}
