// A database in memory with short ways to tag leads and to ask conditions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/tags.h"
#include "segment/segment.h"
#include "support/crm.h"

namespace kith::test {

using Ids = std::vector<std::int64_t>;
using Args = std::vector<Value>;

inline Ids ids_of(const LeadSet& leads) {
  Ids ids;
  leads.each([&](std::int64_t id) { ids.push_back(id); });
  return ids;
}

class SegmentCrm : public Crm {
 public:
  void tag(std::string_view name) { put("tag", {{"name", name}}); }
  void assign(std::int64_t lead, std::string_view tag, Expiry expiry = {}) {
    write([&](Operation& op) { return assign_tag(op, lead, op.kinds.get("tag").need(op, tag), expiry); });
  }
  Ids leads(std::string_view where, const Args& args = {}) {
    return read([&](Operation& op) { return ids_of(leads_where(op, where, args)); });
  }
  std::int64_t count(std::string_view where, const Args& args = {}, std::string_view kind = "lead") {
    return read([&](Operation& op) { return count_where(op, op.kinds.get(kind), where, args); });
  }
  // The ids that find answers, all pages in one.
  Ids found(std::string_view where, const Args& args = {}, std::string_view kind = "lead",
            std::string_view sort = "") {
    return read([&](Operation& op) {
      const Kind& of = op.kinds.get(kind);
      Parameters parameters(op.now);
      Condition condition = compile(op, of, where, args, parameters);
      Query query{.where = where, .args = args, .columns = "id", .sort = sort, .after = {}, .limit = -1};
      RowsPtr rows = find_things(op, of, query, condition, parameters);
      Ids ids;
      for (std::int64_t row = 0; row < rows->count(); ++row) ids.push_back(rows->integer(row, 0));
      return ids;
    });
  }
  // Why a condition is refused; status and nearest name are left for a closer look. "": it is not.
  std::string refusal(std::string_view where, const Args& args = {}, std::string_view kind = "lead") {
    refused = Status::ok;
    near = {};
    try {
      found(where, args, kind);
    } catch (const Failure& failure) {
      refused = failure.status();
      near = failure.nearest();
      return failure.field() == "where" ? failure.message() : "not at where: " + failure.message();
    }
    return {};
  }
  Status refused = Status::ok;
  std::string near;
};

}  // namespace kith::test
