// Lists: subscribing, leaving, confirming; one lead or everybody whom a question finds.
#include "command.h"
#include "query.h"
#include "target.h"

namespace kith_cli {
namespace {

// Whether an event made a subscription that waits to be confirmed.
bool waits(kith::Database& db, int64_t event) {
  return event != 0 && db.why(event)[0]["kind"].text() != "subscription.subscribed";
}

Body subscribe(Args& args) {
  const Target target(args, "LIST", "The list");
  args.extra("--consent", "TEXT", "consent", "The wording agreed to; needed for who once unsubscribed");
  args.extra("--via", "WAY", "via", "host (the default), form, import or automation");
  return [=](Session& session) {
    const auto outcome = [&](int64_t event) {
      return (waits(session.db(), event) ? "is to confirm " : "subscribed to ") + target.thing();
    };
    return target.act(session, outcome, &kith::Database::subscribe, &kith::Database::subscribe_where);
  };
}

Body unsubscribe(Args& args) {
  const Text lead = args.maybe("LEAD", "Which lead; left out with --where and --token");
  const Text list = args.maybe("LIST", "The list");
  const QueryOptions query(args, QueryOptions::For::choice);
  const Flag all = args.flag("--all", "Leave all lists");
  const Text token =
      args.option("--token", "TOKEN", "The lead's own act, by a token made for \"unsubscribe\"");
  args.extra("--reason", "TEXT", "reason", "Why");
  args.extra("--via", "WAY", "via", "host (the default), form, import or automation");
  args.usage({"LEAD LIST", "LEAD --all", "--where WHERE LIST", "--token TOKEN [--all]"});
  return [=](Session& session) {
    if (token) {
      if (lead || query.given()) throw Usage("--token says who and from what: give no LEAD, LIST or --where");
      if (all) session.extras.add("all", 1);
      return report(session, "unsubscribed", session.db().unsubscribe_by_token(*token, session.extras));
    }
    if (query.given()) {
      if (!lead || list || all) throw Usage("with --where give one LIST");
      return report_many(session, session.db().unsubscribe_where(query.all(), *lead, session.extras));
    }
    if (!lead || static_cast<bool>(list) == static_cast<bool>(all))
      throw Usage("give LEAD and LIST, or LEAD and --all");
    return report(session, *lead + " unsubscribed from " + list.or_else("all lists"),
                  session.db().unsubscribe(lead_name(*lead), list.optional(), session.extras));
  };
}

Body confirm(Args& args) {
  const Text lead = args.maybe("LEAD", "Which lead; left out with --where and --token");
  const Text list = args.maybe("LIST", "The list");
  const QueryOptions query(args, QueryOptions::For::choice);
  const Text token = args.option("--token", "TOKEN", "The lead's own act, by a token made for \"confirm\"");
  args.extra("--consent", "TEXT", "consent", "The wording agreed to");
  args.usage({"LEAD LIST", "--where WHERE LIST", "--token TOKEN"});
  return [=](Session& session) {
    if (token) {
      if (lead || query.given()) throw Usage("--token says who and what: give no LEAD, LIST or --where");
      return report(session, "confirmed", session.db().confirm(*token, session.extras));
    }
    session.extras.add("confirmed", 1);
    if (query.given()) {
      if (!lead || list) throw Usage("with --where give one LIST");
      return report_many(session, session.db().subscribe_where(query.all(), *lead, session.extras));
    }
    if (!list) throw Usage("give LEAD and LIST, --where and LIST, or --token");
    return report(session, *lead + " confirmed on " + *list,
                  session.db().subscribe(lead_name(*lead), *list, session.extras));
  };
}

}  // namespace

std::span<const Command> list_commands() {
  static const Command commands[] = {
      {"list subscribe", "Put a lead on a list",
       "kith list subscribe ada@example.com News --consent \"Send me the monthly letter\"\n"
       "kith list subscribe --where \"country = 'SE'\" News",
       subscribe, true},
      {"list unsubscribe", "Take a lead off a list",
       "kith list unsubscribe bob@example.com News --reason \"too many mails\"", unsubscribe, true},
      {"list confirm", "Put a lead on a list whose consent was confirmed elsewhere, or by a token",
       "kith list confirm ada@example.com News", confirm, true},
  };
  return commands;
}

}  // namespace kith_cli
