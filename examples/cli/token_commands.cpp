// Tokens for links in messages, and what their holders may do with them.
#include "command.h"

namespace kith_cli {
namespace {

Body make(Args& args) {
  const Text lead = args.word("LEAD", "For whom");
  const Text purpose = args.word("PURPOSE", "confirm, unsubscribe, preferences or data");
  args.extra("--list", "LIST", "list", "For confirm and unsubscribe: which list");
  args.extra_time("--expires", "expires", "When it ends: a time, or a span such as 30d", Direction::future);
  return [=](Session& session) {
    return show_record(session, session.db().token(lead_name(*lead), *purpose, session.extras));
  };
}

Body look(Args& args) {
  const Text token = args.word("TOKEN", "Which");
  return [=](Session& session) {
    const auto found = session.db().token_look(*token);
    if (!found) throw Failed("this is no token of this file");
    return show_record(session, *found);
  };
}

Body revoke(Args& args) {
  const Text token = args.word("TOKEN", "Which");
  return [=](Session& session) {
    return report(session, "revoked", session.db().token_revoke(*token, session.extras));
  };
}

Body preferences(Args& args) {
  const Text token = args.word("TOKEN", "A token made for \"preferences\"");
  const Texts in = args.options("--in", "LIST", "Join this list; may be repeated");
  const Texts out = args.options("--out", "LIST", "Leave this list; may be repeated");
  args.extra("--consent", "TEXT", "consent", "The wording agreed to");
  args.extra("--reason", "TEXT", "reason", "Why");
  return [=](Session& session) {
    kith::Fields changes;
    for (const std::string& list : *in) changes.add(list, 1);
    for (const std::string& list : *out) changes.add(list, 0);
    if (changes.size() > 0)
      session.db().set_preferences(*token, changes, session.extras);
    else if (session.extras.size() > 0)
      throw Usage("without --in and --out nothing changes, so there is nothing more to say of it");
    return show_rows(session, session.db().preferences(*token));
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
