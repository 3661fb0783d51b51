// The file as a whole: making, examining, copying, asking it in SQL, and doing what is due.
#include "command.h"
#include "moment.h"
#include "query.h"

namespace kith_cli {
namespace {

Body init(Args&) {
  return [](Session& session) {
    session.new_db();
    MadeGrid grid{{"file", "text"}};
    grid.row().text(session.file);
    write_done(session.style, "made " + session.file, grid);
    return 0;
  };
}

Body info(Args&) {
  return [](Session& session) { return show_record(session, session.db().info()); };
}

Body check(Args& args) {
  const Flag repair = args.flag("--repair", "Rebuild what can be derived from rows");
  return [=](Session& session) {
    const kith::Rows faults = session.db().check(static_cast<bool>(repair));
    if (faults.empty() && session.style.for_people())
      write_line("no faults");
    else
      show_rows(session, faults);
    return faults.empty() ? 0 : 1;
  };
}

Body backup(Args& args) {
  const Text to = args.word("FILE", "The copy; it must not exist");
  return [=](Session& session) {
    session.db().backup(*to);
    MadeGrid grid{{"file", "text"}};
    grid.row().text(*to);
    write_done(session.style, "copied " + session.file + " to " + *to, grid);
    return 0;
  };
}

Body compact(Args&) {
  return [](Session& session) {
    const auto bytes = [&] {
      const kith::Row info = session.db().info();
      return info["pages"].integer() * info["page_size"].integer();
    };
    const int64_t before = bytes();
    session.db().compact();
    const int64_t after = bytes();
    MadeGrid grid{{"bytes_before", "integer"}, {"bytes_after", "integer"}};
    grid.row().integer(before).integer(after);
    write_done(session.style, "from " + thousands(before) + " to " + thousands(after) + " bytes", grid);
    return 0;
  };
}

Body run(Args& args) {
  const Text now = args.option("--now", "TIME", "Do what is due up to this time, instead of now");
  const Text limit = args.option("--limit", "N", "Do at most so much");
  return [=](Session& session) {
    if (now) session.clock = parse_time(session, "--now", *now, Direction::future);
    const int64_t most = limit ? parse_count("--limit", *limit) : 0;
    const kith::Ran ran = session.db().run(most);
    MadeGrid grid{{"done", "integer"}, {"next", "datetime"}};
    grid.row().integer(ran.done);
    std::string sentence = thousands(ran.done) + " done, ";
    if (ran.next == 0) {
      grid.null();
      sentence += "nothing is waiting";
    } else {
      grid.integer(ran.next);
      sentence += "next at " + moment_readable(ran.next);
    }
    write_done(session.style, sentence, grid);
    return 0;
  };
}

Body sql(Args& args) {
  const Text query = args.word("QUERY", "One SELECT over the tables of docs/file-format.md");
  const Texts values = args.options("--arg", "VALUE", "The value of ?1, ?2 ... in order; may be repeated");
  const Text limit = args.option("--limit", "N", "At most N rows; 0 is all. In a table 50, unless given");
  return [=](Session& session) {
    const auto most = limit ? std::optional(parse_count("--limit", *limit)) : std::nullopt;
    return show_first(session, session.db().sql(*query, sql_arguments(*values)), most);
  };
}

}  // namespace

std::span<const Command> file_commands() {
  static const Command commands[] = {
      {"init", "Make a new file", "kith -f new.kith init", init},
      {"info", "Say what the file holds and how large it is", "kith info", info},
      {"run", "Do what is due: expiries, lapses, ends of pauses", "kith run\nkith run --now 2027-01-01", run},
      {"sql", "Answer a SELECT", "kith sql \"SELECT count(*) AS leads FROM lead\"", sql},
      {"backup", "Copy the file while it is in use", "kith backup copy.kith", backup},
      {"check", "Look for faults in the file", "kith check", check},
      {"compact", "Give free pages back", "kith compact", compact},
  };
  return commands;
}

}  // namespace kith_cli
