// The log: recording what happened, and reading it for one lead, backwards from an event, or as a whole.
#include "command.h"
#include "nearest.h"
#include "query.h"

namespace kith_cli {
namespace {

// What matters most comes first, since a table may have no room for all.
const std::vector<std::string> event_order = {"id", "at", "kind", "what", "by", "data", "subject", "cause"};

// No error, since the host may yet record its first of a kind; but most such words are misspelled.
void hint_at_kind(Session& session, const std::string& kind) {
  std::vector<std::string> known;
  for (const kith::Row event : session.db().schema("events")) {
    if (event["event"].view() == kind) return;
    known.push_back(event["event"].text());
  }
  write_remark(session.style,
               "(no event of the kind \"" + kind + "\" was ever recorded" + did_you_mean(kind, known) + ")");
}

Body record(Args& args) {
  const Text lead = args.word("LEAD", "To whom it happened");
  const Text kind = args.word("EVENT", "What happened, such as shop.cart_left");
  const Text data = args.maybe("JSON", "More of it, as JSON");
  args.extra("--subject", "TEXT", "subject", "What it was about, such as the order's number");
  return [=](Session& session) {
    return report(session, "recorded " + *kind,
                  session.db().record(lead_name(*lead), *kind, data.optional(), session.extras));
  };
}

Body log(Args& args) {
  const Text lead = args.word("LEAD", "Whose");
  const Text kind = args.option("--kind", "EVENT", "Only this kind of event");
  const Text since = args.option("--since", "TIME", "Only since this time, date or span (7d: a week ago)");
  const Text limit = args.option("--limit", "N", "At most N; 0 is all. In a table 50, unless given");
  return [=](Session& session) {
    session.order = event_order;
    kith::Query query;
    if (kind) {
      query.where = "kind = ?";
      query.args.emplace_back(*kind);
    }
    if (since) {
      query.where = (query.where ? *query.where + " and " : "") + "at >= ?";
      query.args.emplace_back(parse_time(session, "--since", *since, Direction::past));
    }
    const auto wanted = limit ? std::optional(parse_count("--limit", *limit)) : std::nullopt;
    show_pages(session, wanted, [&](const auto& after, int64_t rows) {
      query.after = after;
      query.limit = rows;
      return session.db().timeline_page(lead_name(*lead), query);
    });
    if (kind) hint_at_kind(session, *kind);
    return 0;
  };
}

Body why(Args& args) {
  const Text event = args.word("ID", "The id of the event, as \"kith log\" shows it");
  return [=](Session& session) {
    const int64_t id = parse_count("ID", *event);
    session.order = event_order;
    const kith::Rows chain = session.db().why(id);
    if (chain.empty()) throw Failed("there is no event " + *event);
    return show_rows(session, chain);
  };
}

Body events(Args& args) {
  const Text after = args.option("--after", "ID", "Only what came after this event; else from the first");
  const Text limit = args.option("--limit", "N", "At most N; 0 is all. In a table 50, unless given");
  return [=](Session& session) {
    const auto wanted = limit ? std::optional(parse_count("--limit", *limit)) : std::nullopt;
    session.order = event_order;
    int64_t at = after ? parse_count("--after", *after) : 0;
    const int64_t last = session.db().info()["last_event"].integer();
    return show_pages(session, wanted, [&](const auto&, int64_t rows) {
      Page page = session.db().events_after(at, rows);
      if (!page.rows.empty()) at = page.rows[page.rows.size() - 1]["id"].integer();
      if (!page.rows.empty() && at < last) page.next = std::to_string(at);
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
