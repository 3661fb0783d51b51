// Tokens for links in messages, and what their holders may do with them.
#include "command.h"

namespace kith_cli {
namespace {

Body make(Args &args) {
  const Text lead = args.word("LEAD", "For whom");
  const Text purpose = args.word("PURPOSE", "confirm, unsubscribe, preferences or data");
  args.extra("--list", "LIST", "list", "For confirm and unsubscribe: which list");
  args.extra_time("--expires", "expires", "When it ends: a time, or a span such as 30d", Direction::future);
  return [=](Session &session) {
    Rows rows;
    Check check;
    check(kith_token(session.db(), lead_name(*lead).c_str(), purpose.c_str(), session.extras.data(),
                     session.extras.size(), rows.out(), check));
    return show_record(session, rows);
  };
}

Body look(Args &args) {
  const Text token = args.word("TOKEN", "Which");
  return [=](Session &session) {
    Rows rows;
    Check check;
    check(kith_token_look(session.db(), token.c_str(), rows.out(), check));
    if (rows.count() == 0) throw Failed("this is no token of this file");
    return show_record(session, rows);
  };
}

Body revoke(Args &args) {
  const Text token = args.word("TOKEN", "Which");
  return [=](Session &session) {
    int64_t event = 0;
    Check check;
    check(kith_token_revoke(session.db(), token.c_str(), session.extras.data(), session.extras.size(), &event,
                            check));
    return report(session, "revoked", event);
  };
}

Body preferences(Args &args) {
  const Text token = args.word("TOKEN", "A token made for \"preferences\"");
  const Texts in = args.options("--in", "LIST", "Join this list; may be repeated");
  const Texts out = args.options("--out", "LIST", "Leave this list; may be repeated");
  args.extra("--consent", "TEXT", "consent", "The wording agreed to");
  args.extra("--reason", "TEXT", "reason", "Why");
  return [=](Session &session) {
    Fields changes;
    for (const std::string &list : *in) changes.integer(list, 1);
    for (const std::string &list : *out) changes.integer(list, 0);
    if (changes.size() == 0 && session.extras.size() > 0)
      throw Usage("nothing changes without --in or --out, so there is nothing to say more of");
    Check check;
    if (changes.size() > 0)
      check(kith_set_preferences(session.db(), token.c_str(), changes.data(), changes.size(), session.extras.data(),
                                 session.extras.size(), nullptr, check));
    Rows rows;
    check(kith_preferences(session.db(), token.c_str(), rows.out(), check));
    return show_rows(session, rows);
  };
}

}  // namespace

std::span<const Command> token_commands() {
  static const Command commands[] = {
      {"token", "Make a token for a link", "kith token ada@example.com unsubscribe --list News", make, true},
      {"token-look", "Look at a token; nothing changes",
       "kith token-look $(kith token ada@example.com data --no-header --columns token)", look},
      {"token-revoke", "Make a token worthless",
       "kith token-revoke $(kith token ada@example.com data --no-header --columns token)", revoke, true},
      {"preferences", "Show or change the lists of the holder of a token",
       "kith preferences $(kith token ada@example.com preferences --no-header --columns token) --out News",
       preferences, true},
  };
  return commands;
}

}  // namespace kith_cli
