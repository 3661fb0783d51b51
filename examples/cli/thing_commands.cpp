// What every kind of thing shares: put, get, find, count, rename, remove, and the schema that says what
// kinds and fields there are.
#include "command.h"
#include "query.h"

namespace kith_cli {
namespace {

const char *outcome_word(int32_t outcome) {
  return outcome == KITH_CREATED ? "created" : outcome == KITH_UPDATED ? "updated" : "unchanged";
}

Body put(Args &args) {
  const Text kind = args.word("KIND", "What it is: lead, tag, list, category, note ... (kith schema)");
  const Texts fields = args.words("FIELD=VALUE", "Its fields; FIELD= clears one");
  args.extra_many("--tag", "TAG", "tag", "For a lead: assign this tag, too; may be repeated");
  args.extra_many("--list", "LIST", "list", "For a lead: subscribe it to this list, too; may be repeated");
  args.extra_flag("--fill-gaps", "fill_gaps", "For a lead: write only fields that are empty");
  args.extra_flag("--create-only", "create_only", "For a lead: leave one that exists alone");
  args.extra_flag("--update-only", "update_only", "For a lead: make none");
  return [=](Session &session) {
    Fields values;
    for (const std::string &pair : *fields) {
      const size_t at = pair.find('=');
      if (at == 0 || at == std::string::npos) throw Usage("\"" + pair + "\" is not FIELD=VALUE");
      if (at + 1 == pair.size())
        values.null(pair.substr(0, at));
      else
        values.text(pair.substr(0, at), pair.substr(at + 1));
    }
    int64_t id = 0;
    int32_t outcome = 0;
    Check check;
    check(kith_put(session.db_or_new(), kind.c_str(), values.data(), values.size(), session.extras.data(),
                   session.extras.size(), &id, &outcome, check));
    MadeGrid grid{{"id", "id"}, {"outcome", "text"}};
    grid.row().integer(id).text(outcome_word(outcome));
    write_done(session.style, std::string(outcome_word(outcome)) + " " + *kind + " " + std::to_string(id), grid);
    return 0;
  };
}

Body get(Args &args) {
  const Text kind = args.word("KIND", "What it is");
  const Text name = args.word("NAME", "A lead's e-mail, id or external:KEY; else a name or id:N");
  return [=](Session &session) {
    Rows rows;
    Check check;
    check(kith_get(session.db(), kind.c_str(), thing_name(*kind, *name).c_str(), rows.out(), check));
    if (rows.count() == 0) throw Failed("there is no " + *kind + " \"" + *name + "\"");
    return show_record(session, rows);
  };
}

Body find(Args &args) {
  const Text kind = args.word("KIND", "What to find");
  const Query query(args, Query::For::list);
  return [=](Session &session) {
    Check check;
    const Fetch fetch = [&](const std::string &after, int64_t limit) {
      Page page;
      check(kith_find(session.db(), kind.c_str(), query.page(session, after, limit).get(), page.rows.out(), check));
      page.next = page.rows.next();
      return page;
    };
    const auto total = [&] {
      int64_t count = 0;
      check(kith_count(session.db(), kind.c_str(), query.all().get(), &count, check));
      return count;
    };
    return show_pages(session, query.limit(), fetch, total);
  };
}

Body count(Args &args) {
  const Text where = args.maybe("WHERE", "Which leads, such as \"tag 'VIP'\"; without it all");
  const Text kind = args.option("--kind", "KIND", "Count these instead of leads");
  const Texts values = args.options("--arg", "VALUE", "The value of a ? in WHERE, in order; may be repeated");
  return [=](Session &session) {
    const Question question(where ? std::optional(*where) : std::nullopt, *values);
    int64_t count = 0;
    Check check;
    check(kith_count(session.db(), kind.or_else("lead").c_str(), question.get(), &count, check));
    MadeGrid grid{{"count", "integer"}};
    grid.row().integer(count);
    write_done(session.style, std::to_string(count), grid);
    return 0;
  };
}

Body rename(Args &args) {
  const Text kind = args.word("KIND", "What it is");
  const Text name = args.word("NAME", "What it is called now");
  const Text to = args.word("TO", "What it will be called");
  return [=](Session &session) {
    int64_t event = 0;
    Check check;
    check(kith_rename(session.db(), kind.c_str(), name.c_str(), to.c_str(), session.extras.data(),
                      session.extras.size(), &event, check));
    return report(session, "renamed " + *kind + " " + *name + " to " + *to, event);
  };
}

Body remove(Args &args) {
  const Text kind = args.word("KIND", "What it is");
  const Text name = args.word("NAME", "Which one");
  return [=](Session &session) {
    int64_t event = 0;
    Check check;
    check(kith_remove(session.db(), kind.c_str(), thing_name(*kind, *name).c_str(), session.extras.data(),
                      session.extras.size(), &event, check));
    return report(session, "removed " + *kind + " " + *name, event);
  };
}

Body schema(Args &args) {
  const Text what = args.maybe("KIND", "Its fields; or kinds, fields, verbs, events, predicates");
  return [=](Session &session) {
    const std::string word = what.or_else("kinds");
    Rows rows;
    Check check;
    for (const char *topic : {"kinds", "fields", "verbs", "events", "predicates"}) {
      if (word != topic) continue;
      check(kith_schema(session.db(), topic, rows.out(), check));
      return show_rows(session, rows);
    }
    check(kith_schema(session.db(), "fields", rows.out(), check));
    RowsGrid grid(rows);
    grid.where("kind", word);
    if (grid.height() == 0) throw Failed("there is no kind \"" + word + "\"; \"kith schema\" lists them");
    if (session.columns.empty()) {
      std::vector<std::string> names;
      for (int32_t i = 0; i < rows.width(); ++i)
        if (std::string name = kith_rows_name(rows.get(), i); name != "kind") names.push_back(std::move(name));
      grid.columns(names);
    } else {
      grid.columns(session.columns);
    }
    write_grid(session.style, grid);
    return 0;
  };
}

}  // namespace

std::span<const Command> thing_commands() {
  static const Command commands[] = {
      {"put", "Make a thing, or change the fields that are named",
       "kith put lead email=grace@example.com first_name=Grace country=US --tag VIP\n"
       "kith put tag name=Customer description=\"Has bought something\"",
       put, true},
      {"get", "Show one thing with all its fields", "kith get lead ada@example.com", get},
      {"find", "List things", "kith find lead --where \"tag 'VIP'\" --columns email,first_name --sort -created", find},
      {"count", "Count leads", "kith count \"tag 'VIP' and not list 'News'\"", count},
      {"rename", "Give a thing another name", "kith rename tag VIP VIP-Member", rename, true},
      {"remove", "Remove a thing with what hangs on it", "kith remove tag VIP", remove, true},
      {"schema", "Say what kinds there are, or what fields a kind has", "kith schema\nkith schema lead", schema},
  };
  return commands;
}

}  // namespace kith_cli
