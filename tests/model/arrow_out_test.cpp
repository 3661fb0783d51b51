#include <catch2/catch.hpp>

#include "model/arrow_out.h"
#include "support/arrow.h"

using namespace kith;
using namespace kith::test;

namespace {

// Both structs, released at the end.
struct Table {
  ArrowSchema schema = {};
  ArrowArray array = {};
  explicit Table(const RowsPtr& rows) {
    export_schema(rows, schema);
    export_rows(rows, array);
  }
  ~Table() {
    if (schema.release != nullptr) schema.release(&schema);
    if (array.release != nullptr) array.release(&array);
  }
  std::string format(int column) const { return schema.children[column]->format; }
  std::string operator()(std::int64_t row, int column) const { return cell(*schema.children[column], *array.children[column], row); }
};

RowsPtr column_of(Meaning meaning, std::initializer_list<Value> values) {
  RowsBuilder rows({{"c", meaning}}, values.size());
  for (const Value& value : values) rows.add({value});
  return rows.finish();
}

}  // namespace

TEST_CASE("arrow: each meaning gets its format and keeps its values", "[arrow]") {
  RowsBuilder rows({{"id", Meaning::id}, {"name", Meaning::text}, {"score", Meaning::real}, {"on", Meaning::boolean}, {"day", Meaning::date},
                    {"at", Meaning::datetime}, {"data", Meaning::json}});
  rows.add({1, "Åsa", 1.5, 1, "1969-12-31", -1, "{}"});
  rows.add({Value(), Value(), Value(), Value(), Value(), Value(), Value()});
  rows.add({std::int64_t{1} << 60, "", -0.25, 0, "2026-02-28", 1'700'000'000'123, Value()});
  Table table(rows.finish());
  CHECK(std::string(table.schema.format) == "+s");
  CHECK(std::string(table.schema.children[1]->name) == "name");
  CHECK(table.array.length == 3);
  CHECK(table.array.n_children == 7);
  std::vector<std::string> formats;
  for (int i = 0; i < 7; ++i) formats.push_back(table.format(i));
  CHECK(formats == std::vector<std::string>{"l", "u", "g", "b", "tdD", "tsm:UTC", "u"});
  CHECK(table(0, 0) == "1");
  CHECK(table(2, 0) == "1152921504606846976");
  CHECK(table(0, 1) == "Åsa");
  CHECK(table(2, 1).empty());
  CHECK(table(0, 2) == "1.500000");
  CHECK(table(0, 3) == "true");
  CHECK(table(2, 3) == "false");
  CHECK(table(0, 4) == "-1");
  CHECK(table(2, 4) == "20512");
  CHECK(table(0, 5) == "-1");
  CHECK(table(2, 5) == "1700000000123");
  for (int i = 0; i < 7; ++i) {
    INFO(i);
    CHECK(table(1, i) == "-");
    CHECK(table.array.children[i]->null_count == (i == 6 ? 2 : 1));
  }
}

TEST_CASE("arrow: numbers are shared, not copied, and outlive the rows", "[arrow]") {
  RowsPtr rows = column_of(Meaning::integer, {7, 8, 9});
  const void* slots = rows->slots(0);
  Table table(rows);
  CHECK(table.array.children[0]->buffers[1] == slots);
  CHECK(table.array.children[0]->buffers[0] == nullptr);
  std::weak_ptr<const Rows> watch = rows;
  rows.reset();
  CHECK_FALSE(watch.expired());
  CHECK(table(2, 0) == "9");
  table.array.release(&table.array);
  table.schema.release(&table.schema);
  CHECK(watch.expired());
}

TEST_CASE("arrow: a child that was moved out lives on after its parent", "[arrow]") {
  RowsPtr rows = column_of(Meaning::text, {"stays", "here"});
  std::weak_ptr<const Rows> watch = rows;
  ArrowArray moved;
  ArrowSchema moved_schema;
  {
    Table table(rows);
    rows.reset();
    moved = *table.array.children[0];
    table.array.children[0]->release = nullptr;
    moved_schema = *table.schema.children[0];
    table.schema.children[0]->release = nullptr;
  }
  CHECK(cell(moved_schema, moved, 0) == "stays");
  CHECK(std::string(moved_schema.name) == "c");
  moved.release(&moved);
  CHECK(moved.release == nullptr);
  CHECK_FALSE(watch.expired());
  moved_schema.release(&moved_schema);
  CHECK(watch.expired());
}

TEST_CASE("arrow: cells of several types become text, whole numbers among reals become reals", "[arrow]") {
  Table mixed(column_of(Meaning::text, {5, "five", 0.5, Value()}));
  CHECK(mixed.format(0) == "u");
  CHECK(mixed(0, 0) == "5");
  CHECK(mixed(1, 0) == "five");
  CHECK(mixed(2, 0) == "0.5");
  CHECK(mixed(3, 0) == "-");
  Table numbers(column_of(Meaning::integer, {5, 0.5}));
  CHECK(numbers.format(0) == "g");
  CHECK(numbers(0, 0) == "5.000000");
  Table large(column_of(Meaning::integer, {(std::int64_t{1} << 53) + 1, 0.5}));
  CHECK(large.format(0) == "u");
  CHECK(large(0, 0) == "9007199254740993");
  CHECK(Table(column_of(Meaning::boolean, {1, 2})).format(0) == "l");
  CHECK(Table(column_of(Meaning::date, {"2026-02-28", "29 February"})).format(0) == "u");
  CHECK(Table(column_of(Meaning::datetime, {"soon"})).format(0) == "u");
}

TEST_CASE("arrow: bitmaps are right at every length around a byte", "[arrow]") {
  for (int count = 0; count <= 33; ++count) {
    INFO(count);
    RowsBuilder builder({{"n", Meaning::integer}, {"b", Meaning::boolean}}, 1);
    for (int i = 0; i < count; ++i) builder.add({i % 3 == 0 ? Value() : Value(i), i % 5 == 0 ? Value() : Value(i % 2)});
    Table table(builder.finish());
    for (int i = 0; i < count; ++i) {
      CHECK(table(i, 0) == (i % 3 == 0 ? "-" : std::to_string(i)));
      CHECK(table(i, 1) == (i % 5 == 0 ? "-" : i % 2 == 1 ? "true" : "false"));
    }
  }
}

TEST_CASE("arrow: a table without rows keeps the formats of its meanings", "[arrow]") {
  for (auto [meaning, format] : std::initializer_list<std::pair<Meaning, const char*>>{
           {Meaning::id, "l"}, {Meaning::text, "u"}, {Meaning::real, "g"}, {Meaning::boolean, "b"}, {Meaning::date, "tdD"}, {Meaning::datetime, "tsm:UTC"}}) {
    Table table(column_of(meaning, {}));
    CHECK(table.format(0) == format);
    CHECK(table.array.length == 0);
    CHECK(table.array.children[0]->n_buffers == (std::string(format) == "u" ? 3 : 2));
  }
}
