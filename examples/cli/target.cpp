// Targets: the two words, whose meaning depends on --where.
#include "target.h"

namespace kith_cli {

Target::Target(Args& args, const std::string& type, const std::string& help)
    : first_(args.word("LEAD", "Which lead; left out with --where")),
      second_(args.maybe(type, help)),
      query_(args, QueryOptions::For::choice),
      type_(type) {
  args.usage({"LEAD " + type, "--where WHERE " + type});
}

std::string Target::thing() const {
  if (query_.given() && second_) throw Usage("give LEAD or --where, not both");
  if (!query_.given() && !second_) throw Usage("LEAD and " + type_ + " are needed, or --where and " + type_);
  return query_.given() ? *first_ : *second_;
}

int Target::act(Session& session, const Outcome& outcome, One one, Many many) const {
  const std::string name = thing();
  kith::Database& db = session.db();
  if (query_.given()) return report_many(session, (db.*many)(query_.all(), name, session.extras));
  const int64_t event = (db.*one)(lead_name(*first_), name, session.extras);
  return report(session, *first_ + " " + outcome(event), event);
}

}  // namespace kith_cli
