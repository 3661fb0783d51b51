// A database for one test: in memory unless a path is given, with a clock that the test moves, and short ways to
// write, read and look.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "core/database.h"
#include "core/put.h"

namespace kith::test {

class Crm {
 public:
  Crm() : database(settings({})) {}
  explicit Crm(const std::string& path, bool read_only = false) : database(settings(path, read_only)) {}

  Millis clock = 1'700'000'000'000;
  Database database;

  template <class Work>
  auto write(Work work) {
    return database.write({}, {}, [&](Operation& op, const Extras&) { return work(op); });
  }
  template <class Work>
  auto write_with(std::initializer_list<Given> with, Work work) {
    return database.write(std::span(with.begin(), with.size()), {}, [&](Operation& op, const Extras&) { return work(op); });
  }
  template <class Work>
  auto read(Work work) {
    return database.read(work);
  }

  std::int64_t put(std::string_view kind, std::initializer_list<Given> fields) {
    return write([&](Operation& op) {
      static const Extras none({}, {}, 0);
      return put_one(op, op.kinds.get(kind), std::span(fields.begin(), fields.size()), none).id;
    });
  }
  std::int64_t lead(std::string_view email) { return put("lead", {{"email", email}}); }
  std::int64_t remove(std::string_view kind, std::string_view name) {
    return write([&](Operation& op) { return remove_one(op, op.kinds.get(kind), name); });
  }

  // Every row of a SELECT, cells parted by "|", NULL as "-".
  std::vector<std::string> rows(std::string_view sql) {
    return read([&](Operation& op) {
      std::vector<std::string> out;
      Statement statement = op.db.prepare_foreign(sql);
      while (statement.step()) {
        std::string row;
        for (int column = 0; column < statement.columns(); ++column) {
          if (column > 0) row += '|';
          row += statement.is_null(column) ? std::string("-") : std::string(statement.text(column));
        }
        out.push_back(std::move(row));
      }
      return out;
    });
  }
  std::string one(std::string_view sql) {
    std::vector<std::string> all = rows(sql);
    return all.empty() ? std::string() : all.front();
  }

 private:
  DatabaseSettings settings(const std::string& path, bool read_only = false) {
    DatabaseSettings out;
    out.file.path = path;
    out.file.memory = path.empty();
    out.file.read_only = read_only;
    out.now = [](void* user) -> std::int64_t { return *static_cast<Millis*>(user); };
    out.user = &clock;
    return out;
  }
};

}  // namespace kith::test
