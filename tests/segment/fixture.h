// A database in memory whose clock stands still, with short ways to fill and to ask it.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "core/database.h"
#include "core/put.h"
#include "domain/tags.h"
#include "segment/segment.h"

namespace kith {

class SegmentFixture {
 public:
  static constexpr Millis start = 1767225600000;  // 2026-01-01

  Millis now = start;  // may be moved

  SegmentFixture() : database_(settings()) {}

  Database& database() { return database_; }

  std::int64_t put(std::string_view kind, const std::vector<Given>& fields) {
    return database_.write({}, {}, [&](Operation& op, const Extras& extras) {
      return put_one(op, op.kinds.get(kind), fields, extras).id;
    });
  }
  std::int64_t lead(const std::vector<Given>& fields) { return put("lead", fields); }
  std::int64_t tag(std::string_view name) { return put("tag", {{"name", name}}); }
  void assign(std::int64_t lead, std::string_view tag, Expiry expiry = {}) {
    database_.write({}, {}, [&](Operation& op, const Extras&) {
      return assign_tag(op, lead, op.kinds.get("tag").need(op, tag), expiry);
    });
  }
  LeadSet leads(std::string_view where, const std::vector<Value>& args = {}) {
    return database_.read([&](Operation& op) { return leads_where(op, where, args); });
  }
  std::int64_t count(std::string_view kind, std::string_view where, const std::vector<Value>& args = {}) {
    return database_.read([&](Operation& op) { return count_where(op, op.kinds.get(kind), where, args); });
  }
  RowsPtr find(std::string_view kind, const Query& query) {
    return database_.read([&](Operation& op) {
      Parameters parameters(op.now);
      const Kind& of = op.kinds.get(kind);
      Condition condition = compile(op, of, query.where, query.args, parameters);
      return find_things(op, of, query, condition, parameters);
    });
  }
  // What a failing condition says: its message; "" when it does not fail.
  std::string complaint(std::string_view kind, std::string_view where, const std::vector<Value>& args = {}) {
    try {
      find(kind, {.where = where, .args = args, .columns = {}, .sort = {}, .after = {}});
    } catch (const Failure& failure) {
      return failure.message();
    }
    return {};
  }

 private:
  DatabaseSettings settings() {
    DatabaseSettings settings;
    settings.file.memory = true;
    settings.now = [](void* user) { return static_cast<SegmentFixture*>(user)->now; };
    settings.user = this;
    return settings;
  }
  Database database_;
};

}  // namespace kith
