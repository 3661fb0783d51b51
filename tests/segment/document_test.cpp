// docs/where.md is right: its leads are made, and every condition in its tables answers what the table says.
#include <catch2/catch.hpp>

#include <fstream>
#include <map>

#include "base/text.h"
#include "domain/subscriptions.h"
#include "segment/fixture.h"
#include "support/paths.h"

namespace kith::test {

namespace {

using Cells = std::vector<std::string>;
struct Table {
  Cells head;
  std::vector<Cells> rows;
};

Cells cells_of(const std::string& line) {
  Cells cells;
  for (std::size_t at = 1; at < line.size();) {
    std::size_t bar = line.find('|', at);
    if (bar == line.npos) break;
    cells.emplace_back(trimmed(std::string_view(line).substr(at, bar - at)));
    at = bar + 1;
  }
  return cells;
}

std::vector<Table> tables_of(const std::string& file) {
  std::ifstream in(file);
  REQUIRE(in);
  std::vector<Table> tables;
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with('|')) {
      inside = false;
    } else if (!inside) {
      tables.push_back({cells_of(line), {}});
      inside = true;
    } else if (!line.starts_with("|--")) {
      tables.back().rows.push_back(cells_of(line));
    }
  }
  return tables;
}

Cells parts_of(std::string_view text) {
  Cells parts;
  while (!text.empty()) {
    std::size_t comma = text.find(',');
    parts.emplace_back(trimmed(text.substr(0, comma)));
    text = comma == text.npos ? std::string_view() : text.substr(comma + 1);
  }
  return parts;
}

// `condition` without its quotes.
std::string code(const std::string& cell) {
  REQUIRE(cell.size() > 2);
  REQUIRE(cell.front() == '`');
  REQUIRE(cell.back() == '`');
  return cell.substr(1, cell.size() - 2);
}

struct Book : SegmentCrm {
  explicit Book(const Table& leads) {
    put("category", {{"name", "Status"}});
    put("tag", {{"name", "VIP"}, {"category", "Status"}});
    tag("Member");
    put("list", {{"name", "News"}});
    put("list", {{"name", "Course"}, {"opt_in", "double"}});
    put("field", {{"key", "plan"}, {"type", "choice"}, {"options", R"(["Basic","Pro"])"}});
    put("field", {{"key", "likes"}, {"type", "choices"}, {"options", R"(["tea","chess"])"}});
    put("field", {{"key", "vegan"}, {"type", "boolean"}});
    for (const Cells& row : leads.rows) add(leads.head, row);
    put("address", {{"lead", "cy@example.org"}, {"email", "cy@work.test"}});
  }

  void add(const Cells& names, const Cells& values) {
    REQUIRE(values.size() == names.size());
    std::vector<Given> given;
    std::map<std::string, std::string> special;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names[i] == "tags" || names[i] == "lists" || names[i] == "score") {
        special[names[i]] = values[i];
      } else if (!values[i].empty()) {
        given.push_back({names[i], values[i]});
      }
    }
    std::int64_t lead = write([&](Operation& op) {
      static const Extras none({}, {}, 0);
      std::int64_t id = put_one(op, op.kinds.get("lead"), given, none).id;
      op.db.run("UPDATE lead SET score = $1 WHERE id = $2", std::int64_t{std::stoi(special["score"])}, id);
      return id;
    });
    for (const std::string& tag : parts_of(special["tags"])) assign(lead, tag);
    for (const std::string& entry : parts_of(special["lists"])) {
      std::string list = entry.substr(0, entry.find(' '));
      write([&](Operation& op) {
        std::int64_t id = op.kinds.get("list").need(op, list);
        std::int64_t event = subscribe(op, lead, id, subscribe_act("host", {}, false));
        return entry.ends_with(" unsubscribed") ? unsubscribe(op, lead, id, unsubscribe_act("host", {}))
                                                : event;
      });
    }
  }

  // What is found, by the column that people know it by.
  Cells names(std::string_view kind, std::string_view name, std::string_view where, const Args& args) {
    return read([&](Operation& op) {
      const Kind& of = op.kinds.get(kind);
      Parameters parameters(op.now);
      Condition condition = compile(op, of, where, args, parameters);
      Query query{.where = where, .args = args, .columns = name, .sort = "id", .after = {}, .limit = -1};
      RowsPtr rows = find_things(op, of, query, condition, parameters);
      Cells found;
      for (std::int64_t row = 0; row < rows->count(); ++row) found.emplace_back(rows->text(row, 0));
      return found;
    });
  }
};

}  // namespace

TEST_CASE("docs/where.md says what is so", "[segment]") {
  std::vector<Table> tables = tables_of(path("../docs/where.md"));
  REQUIRE_FALSE(tables.empty());
  REQUIRE(tables.front().head.front() == "email");
  Book book(tables.front());
  std::size_t run = 0;
  for (const Table& table : tables) {
    std::string head;
    for (const std::string& cell : table.head) head += cell + "|";
    if (head.starts_with("email|") || head.starts_with("type|")) continue;
    for (const Cells& row : table.rows) {
      REQUIRE(row.size() == table.head.size());
      ++run;
      if (head == "kind|condition|finds|") {
        INFO(row[1]);
        CHECK(book.names(row[0], row[0] == "field" ? "key" : "name", code(row[1]), {}) == parts_of(row[2]));
      } else if (head == "kind|condition|how many|") {
        INFO(row[1]);
        CHECK(book.count(code(row[1]), {}, row[0]) == std::stoi(row[2]));
      } else if (head == "condition|refusal|") {
        CHECK(book.refusal(code(row[0])) == "where: " + row[1]);
      } else {
        std::size_t finds = head == "condition|arguments|finds|" ? 2 : 1;
        REQUIRE(table.head[finds] == "finds");
        Cells written = finds == 2 ? parts_of(row[1]) : Cells();
        Args args;
        for (const std::string& value : written) {
          bool text = value.front() == '\'';
          args.push_back(text ? Value(std::string_view(value).substr(1, value.size() - 2))
                              : Value(std::int64_t{std::stoll(value)}));
        }
        INFO(row[0]);
        Cells wanted = row[finds] == "nobody" ? Cells() : parts_of(row[finds]);
        CHECK(book.names("lead", "first_name", code(row[0]), args) == wanted);
        CHECK(book.count(code(row[0]), args) == static_cast<std::int64_t>(wanted.size()));
      }
    }
  }
  CHECK(run >= 70);  // the tables were found
}

TEST_CASE("docs/where.md says which comparisons a type takes", "[segment]") {
  // A field of each type, of whichever kind.
  const std::map<std::string, std::pair<std::string, std::string>> fields = {
      {"text", {"lead", "city"}},
      {"name", {"lead", "first_name"}},
      {"url", {"lead", "website"}},
      {"date", {"lead", "birth_date"}},
      {"email", {"lead", "email"}},
      {"phone", {"lead", "phone"}},
      {"time_zone", {"lead", "time_zone"}},
      {"language", {"lead", "language"}},
      {"ip", {"lead", "ip"}},
      {"integer", {"lead", "score"}},
      {"number", {"lead", "height"}},
      {"datetime", {"lead", "created"}},
      {"duration", {"tag", "expires_after"}},
      {"id", {"lead", "id"}},
      {"boolean", {"lead", "vegan"}},
      {"country", {"lead", "country"}},
      {"choice", {"field", "type"}},
      {"reference", {"tag", "category"}},
      {"choices", {"lead", "likes"}},
      {"json", {"event", "data"}}};
  const std::string_view comparisons[] = {"=",  "!=",       "in",          "<",         "<=",      ">",
                                          ">=", "contains", "starts with", "ends with", "is empty"};
  std::vector<Table> tables = tables_of(path("../docs/where.md"));
  Book book(tables.front());
  book.put("field", {{"key", "height"}, {"type", "number"}});
  std::size_t types = 0;
  for (const Table& table : tables) {
    if (table.head.front() != "type") continue;
    for (const Cells& row : table.rows) {
      for (const std::string& type : parts_of(row[0])) {
        ++types;
        REQUIRE(fields.contains(type));
        const auto& [kind, field] = fields.at(type);
        for (std::string_view comparison : comparisons) {
          std::string value = comparison == "is empty" ? "" : comparison == "in" ? " (?)" : " ?";
          std::string where = field + " " + std::string(comparison) + value;
          std::string said = book.refusal(where, value.empty() ? Args() : Args{1.5}, kind);
          bool takes = said.find(" is of type " + type + ": it takes ") == said.npos;
          INFO(where << ": " << said);
          CHECK(takes ==
                (row[1] == "all" || row[1].find("`" + std::string(comparison) + "`") != row[1].npos));
        }
      }
    }
  }
  CHECK(types == fields.size());
}

}  // namespace kith::test
