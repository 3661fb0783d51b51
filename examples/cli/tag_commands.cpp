// Tags: one lead's, or those of everybody whom a question finds.
#include "command.h"
#include "query.h"
#include "target.h"

namespace kith_cli {
namespace {

Body assign(Args& args) {
  const Target target(args, "TAG", "The tag");
  args.extra_time("--expires", "expires", "When it ends: a time, or a span such as 30d", Direction::future);
  return [=](Session& session) {
    const auto outcome = [&](int64_t) { return "has " + target.thing(); };
    return target.act(session, outcome, &kith::Database::assign, &kith::Database::assign_where);
  };
}

Body unassign(Args& args) {
  const Target target(args, "TAG", "The tag");
  return [=](Session& session) {
    const auto outcome = [&](int64_t) { return "lost " + target.thing(); };
    return target.act(session, outcome, &kith::Database::unassign, &kith::Database::unassign_where);
  };
}

Body merge(Args& args) {
  const Text keep = args.word("TAG", "The tag that stays");
  const Text other = args.word("OTHER-TAG", "The tag that goes");
  return [=](Session& session) {
    const int64_t event = session.db().merge_tags(*keep, *other, session.extras);
    return report(session, "merged tag " + *other + " into " + *keep, event);
  };
}

}  // namespace

std::span<const Command> tag_commands() {
  static const Command commands[] = {
      {"tag assign", "Assign a tag",
       "kith tag assign ada@example.com Customer --expires 365d\n"
       "kith tag assign --where \"country = 'SE'\" Nordic",
       assign, true},
      {"tag remove", "Remove a tag from a lead",
       "kith tag remove ada@example.com VIP\nkith tag remove --where \"country = 'SE'\" VIP", unassign, true},
      {"tag merge", "Move every assignment of one tag to another", "kith tag merge VIP Customer", merge,
       true},
  };
  return commands;
}

}  // namespace kith_cli
