// Targets: the two words, whose meaning depends on --where.
#include "target.h"

namespace kith_cli {

Target::Target(Args &args, const std::string &type, const std::string &help)
    : first_(args.word("LEAD", "Which lead; left out with --where")), second_(args.maybe(type, help)),
      query_(args, Query::For::choice), type_(type) {
  args.usage({"LEAD " + type, "--where WHERE " + type});
}

std::string Target::object() const {
  if (many()) {
    if (second_) throw Usage("give LEAD or --where, not both");
    return *first_;
  }
  if (!second_) throw Usage(type_ + " is required");
  return *second_;
}

std::string Target::lead() const { return lead_name(*first_); }

int Target::act(Session &session, const std::string &what, One one, Many many_) const {
  const std::string thing = object();
  Check check;
  if (many()) {
    int64_t changed = 0;
    check(many_(session.db(), query_.all().get(), thing.c_str(), session.extras.data(), session.extras.size(),
                &changed, check));
    return report_many(session, what, changed);
  }
  int64_t event = 0;
  check(one(session.db(), lead().c_str(), thing.c_str(), session.extras.data(), session.extras.size(), &event,
            check));
  return report(session, *first_ + " " + what, event);
}

}  // namespace kith_cli
