// What can be done with leads beside putting them: notes, search, duplicates, merging and its undo.
#include "command.h"
#include "profile.h"
#include "query.h"

namespace kith_cli {
namespace {

Body note(Args& args) {
  const Text lead = args.word("LEAD", "About whom");
  const Text text = args.word("TEXT", "What to note");
  return [=](Session& session) {
    const kith::Put done =
        session.db().put("note", {{"lead", lead_name(*lead)}, {"text", *text}}, session.extras);
    MadeGrid grid{{"id", "id"}};
    grid.row().integer(done.id);
    write_done(session.style, "noted (note " + std::to_string(done.id) + ")", grid);
    return 0;
  };
}

Body profile(Args& args) {
  const Text lead = args.word("LEAD", "Whose");
  const Text events = args.option("--events", "N", "How many of the latest events; 10, unless given");
  return [=](Session& session) {
    return show_profile(session, lead_name(*lead), events ? parse_count("--events", *events) : 10);
  };
}

Body search(Args& args) {
  const Text text = args.word("TEXT", "Beginnings of words: names, addresses, companies, phones");
  const Text limit = args.option("--limit", "N", "At most N, up to 1000; 20, unless given");
  return [=](Session& session) {
    constexpr int64_t usual = 20;
    if (limit) return show_rows(session, session.db().search(*text, parse_count("--limit", *limit)));
    const kith::Rows found = session.db().search(*text, usual + 1);
    show_rows(session, found, usual);
    if (found.size() > usual)
      write_remark(session.style,
                   "(the best " + std::to_string(usual) + "; --limit N shows more, at most 1,000)");
    return 0;
  };
}

Body duplicates(Args& args) {
  const QueryOptions query(args, QueryOptions::For::list);
  return [=](Session& session) {
    return show_pages(session, query.limit(), [&](const auto& after, int64_t limit) {
      return session.db().duplicates_page(query.page(session, after, limit));
    });
  };
}

Body merge(Args& args) {
  const Text keep = args.word("LEAD", "Who stays");
  const Text other = args.word("OTHER", "Who is absorbed; the id, key and addresses go on naming who stays");
  args.extra("--fields", "WHICH", "fields", "Whose fields: fill (gaps only, the default), newer, other");
  return [=](Session& session) {
    session.extras.add("survivor", "lead");
    const int64_t event = session.db().merge(lead_name(*keep), lead_name(*other), session.extras);
    return report(session, "merged " + *other + " into " + *keep, event);
  };
}

Body unmerge(Args& args) {
  const Text merged = args.word("ID", "The event of the merge");
  return [=](Session& session) {
    const int64_t id = parse_count("ID", *merged);
    return report(session, "undid the merge of event " + *merged, session.db().unmerge(id, session.extras));
  };
}

}  // namespace

std::span<const Command> lead_commands() {
  static const Command commands[] = {
      {"profile", "Show what is known of a lead: fields, tags, lists, notes, latest events",
       "kith profile ada@example.com", profile},
      {"note", "Add a note to a lead", "kith note ada@example.com \"Prefers to be called in the morning\"",
       note, true},
      {"search", "Find leads by the beginnings of words", "kith search \"ada love\"", search},
      {"duplicates", "List pairs of leads that are likely one person", "kith duplicates", duplicates},
      {"merge", "Make two leads one", "kith merge ada@example.com bob@example.com", merge, true},
      {"unmerge", "Undo a merge",
       "kith merge ada@example.com bob@example.com\n"
       "kith unmerge $(kith log ada@example.com --kind lead.merged --no-header --columns id)",
       unmerge, true},
  };
  return commands;
}

}  // namespace kith_cli
