#include "segment/segment.h"

#include "segment/planner.h"
#include "segment/syntax.h"

namespace kith {

namespace {

Checked understood(Operation& op, const Kind& kind, std::string_view where, std::span<const Value> args) {
  Source source(where);
  return check(op, kind, source, parse(source), args);
}

}  // namespace

Condition compile(Operation& op, const Kind& kind, std::string_view where, std::span<const Value> args,
                  Parameters& parameters) {
  Checked checked = understood(op, kind, where, args);
  return checked.root ? plan(op, kind, *checked.root, parameters) : Condition{};
}

LeadSet leads_where(Operation& op, std::string_view where, std::span<const Value> args) {
  Checked checked = understood(op, op.kinds.get("lead"), where, args);
  if (!checked.root) return op.sets.everybody();
  Parameters parameters(op.now);
  return leads_of(op, plan(op, op.kinds.get("lead"), *checked.root, parameters), parameters);
}

std::int64_t count_where(Operation& op, const Kind& kind, std::string_view where,
                         std::span<const Value> args) {
  Checked checked = understood(op, kind, where, args);
  if (checked.root) return count(op, kind, *checked.root);
  if (kind.name() == "lead") return op.sets.count_everybody();
  return count_things(op, kind, {}, Parameters(op.now));
}

}  // namespace kith
