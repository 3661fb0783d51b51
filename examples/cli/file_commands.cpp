// The file as a whole: making, examining, copying, asking it in SQL, and doing what is due.
#include "command.h"
#include "moment.h"

namespace kith_cli {
namespace {

Body init(Args &) {
  return [](Session &session) {
    session.new_db();
    MadeGrid grid{{"file", "text"}};
    grid.row().text(session.file);
    write_done(session.style, "made " + session.file, grid);
    return 0;
  };
}

Body info(Args &) {
  return [](Session &session) {
    Rows rows;
    Check check;
    check(kith_info(session.db(), rows.out(), check));
    return show_record(session, rows);
  };
}

Body check_file(Args &args) {
  const Flag repair = args.flag("--repair", "Rebuild what can be derived from rows");
  return [=](Session &session) {
    Rows rows;
    Check check;
    check(kith_check(session.db(), repair ? 1 : 0, rows.out(), check));
    if (rows.count() == 0 && session.style.for_people()) {
      write_line("no faults");
      return 0;
    }
    show_rows(session, rows);
    return rows.count() == 0 ? 0 : 1;
  };
}

Body backup(Args &args) {
  const Text to = args.word("FILE", "The copy; it must not exist");
  return [=](Session &session) {
    Check check;
    check(kith_backup(session.db(), to.c_str(), check));
    MadeGrid grid{{"file", "text"}};
    grid.row().text(*to);
    write_done(session.style, "copied " + session.file + " to " + *to, grid);
    return 0;
  };
}

int64_t pages(Session &session, const char *column) {
  Rows rows;
  Check check;
  check(kith_info(session.db(), rows.out(), check));
  return rows.integer(0, column);
}

Body compact(Args &) {
  return [](Session &session) {
    const int64_t before = pages(session, "pages");
    Check check;
    check(kith_compact(session.db(), check));
    const int64_t after = pages(session, "pages");
    const int64_t size = pages(session, "page_size");
    MadeGrid grid{{"bytes_before", "integer"}, {"bytes_after", "integer"}};
    grid.row().integer(before * size).integer(after * size);
    write_done(session.style,
               "from " + thousands(before * size) + " to " + thousands(after * size) + " bytes", grid);
    return 0;
  };
}

Body run(Args &args) {
  const Text now = args.option("--now", "TIME", "Do what is due up to this time, instead of now");
  const Text limit = args.option("--limit", "N", "Do at most so much");
  return [=](Session &session) {
    if (now) session.clock = parse_time(session, "--now", *now, Direction::future);
    int64_t done = 0;
    int64_t next = 0;
    Check check;
    check(kith_run(session.db(), limit ? parse_count("--limit", *limit) : 0, &done, &next, check));
    MadeGrid grid{{"done", "integer"}, {"next", "datetime"}};
    grid.row().integer(done);
    if (next == 0)
      grid.null();
    else
      grid.integer(next);
    write_done(session.style,
               thousands(done) + " done, " + (next == 0 ? "nothing is waiting" : "next at " + moment_readable(next)),
               grid);
    return 0;
  };
}

// ?1 may be compared with a number, so what reads as a whole number is bound as one. A column of text takes
// it as text all the same.
Fields arguments(const std::vector<std::string> &texts) {
  Fields fields;
  for (const std::string &text : texts) {
    const size_t sign = !text.empty() && text[0] == '-' ? 1 : 0;
    const std::string_view digits = std::string_view(text).substr(sign);
    const bool canonical = !digits.empty() && digits.size() < 18 && (digits[0] != '0' || text == "0") &&
                           digits.find_first_not_of("0123456789") == std::string_view::npos;
    if (canonical)
      fields.integer("", std::stoll(text));
    else
      fields.text("", text);
  }
  return fields;
}

Body sql(Args &args) {
  const Text query = args.word("QUERY", "One SELECT over the tables of docs/file-format.md");
  const Texts values = args.options("--arg", "VALUE", "The value of ?1, ?2 ... in order; may be repeated");
  const Text limit = args.option("--limit", "N", "At most N rows; 0 is all. In a table 50, unless given");
  return [=](Session &session) {
    Rows rows;
    Check check;
    const Fields fields = arguments(*values);
    check(kith_sql(session.db(), query.c_str(), fields.data(), fields.size(), rows.out(), check));
    return show_first(session, rows, limit ? std::optional(parse_count("--limit", *limit)) : std::nullopt);
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
      {"check", "Look for faults in the file", "kith check", check_file},
      {"compact", "Give free pages back", "kith compact", compact},
  };
  return commands;
}

}  // namespace kith_cli
