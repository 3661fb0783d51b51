// The log: recording what happened, and reading it for one lead, backwards from an event, or as a whole.
#include "command.h"
#include "query.h"

namespace kith_cli {
namespace {

Body record(Args &args) {
  const Text lead = args.word("LEAD", "To whom it happened");
  const Text kind = args.word("EVENT", "What happened, such as shop.cart_left");
  const Text data = args.maybe("JSON", "More of it, as JSON");
  args.extra("--subject", "TEXT", "subject", "What it was about, such as the order's number");
  return [=](Session &session) {
    int64_t event = 0;
    Check check;
    check(kith_record(session.db(), lead_name(*lead).c_str(), kind.c_str(), data.c_str(), session.extras.data(),
                      session.extras.size(), &event, check));
    return report(session, "recorded " + *kind, event);
  };
}

Body log(Args &args) {
  const Text lead = args.word("LEAD", "Whose");
  const Text kind = args.option("--kind", "EVENT", "Only this kind of event");
  const Text since = args.option("--since", "TIME", "Only since this time, date or span (7d: a week ago)");
  const Text limit = args.option("--limit", "N", "At most N; 0 is all. In a table 50, unless given");
  return [=](Session &session) {
    std::vector<std::string> conditions;
    std::vector<std::string> values;
    if (kind) {
      conditions.push_back("kind = ?");
      values.push_back(*kind);
    }
    if (since) {
      conditions.push_back("at >= ?");
      values.push_back(std::to_string(parse_time(session, "--since", *since, Direction::past)));
    }
    std::optional<std::string> where;
    for (const std::string &condition : conditions) where = where ? *where + " and " + condition : condition;
    Check check;
    return show_pages(
        session, limit ? std::optional(parse_count("--limit", *limit)) : std::nullopt,
        [&](const std::string &after, int64_t rows_wanted) {
          Page page;
          const Question question(where, values, {{}, {}, after, rows_wanted});
          check(kith_timeline(session.db(), lead_name(*lead).c_str(), question.get(), page.rows.out(), check));
          page.next = page.rows.next();
          return page;
        });
  };
}

Body why(Args &args) {
  const Text event = args.word("ID", "The id of the event, as \"kith log\" shows it");
  return [=](Session &session) {
    Rows rows;
    Check check;
    check(kith_why(session.db(), parse_count("ID", *event), rows.out(), check));
    if (rows.count() == 0) throw Failed("there is no event " + *event);
    return show_rows(session, rows);
  };
}

Body events(Args &args) {
  const Text after = args.option("--after", "ID", "Only what came after this event; else from the first");
  const Text limit = args.option("--limit", "N", "At most N; 0 is all. In a table 50, unless given");
  return [=](Session &session) {
    const auto wanted = limit ? std::optional(parse_count("--limit", *limit)) : std::nullopt;
    int64_t last = after ? parse_count("--after", *after) : 0;
    Rows info;
    Check check;
    check(kith_info(session.db(), info.out(), check));
    return show_pages(session, wanted, [&](const std::string &, int64_t rows_wanted) {
      Page page;
      check(kith_events_after(session.db(), last, rows_wanted, page.rows.out(), check));
      if (page.rows.count() > 0) last = page.rows.integer(page.rows.count() - 1, "id");
      if (page.rows.count() == rows_wanted && last < info.integer(0, "last_event")) page.next = std::to_string(last);
      return page;
    });
  };
}

}  // namespace

std::span<const Command> log_commands() {
  static const Command commands[] = {
      {"record", "Record what happened to a lead",
       "kith record ada@example.com shop.cart_left '{\"total\": 90}' --key cart-17", record, true},
      {"log", "Show what happened to a lead, newest first", "kith log ada@example.com --since 30d", log},
      {"why", "Show what led to an event, back to what began it", "kith why 1", why},
      {"events", "Follow the log of all leads, oldest first", "kith events --after 3 --limit 10", events},
  };
  return commands;
}

}  // namespace kith_cli
