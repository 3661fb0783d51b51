// What every kind of thing shares: put, get, find, count, rename, remove, and the schema that says what
// kinds and fields there are.
#include "command.h"
#include "nearest.h"
#include "query.h"

namespace kith_cli {
namespace {

const char* outcome_word(int32_t outcome) {
  return outcome == KITH_CREATED ? "created" : outcome == KITH_UPDATED ? "updated" : "unchanged";
}

Body put(Args& args) {
  const Text kind = args.word("KIND", "What it is: lead, tag, list, category, note ... (kith schema)");
  const Texts fields = args.words("FIELD=VALUE", "Its fields; FIELD= clears one");
  args.extra_many("--tag", "TAG", "tag", "For a lead: assign this tag, too; may be repeated");
  args.extra_many("--list", "LIST", "list", "For a lead: subscribe it to this list, too; may be repeated");
  args.extra_flag("--fill-gaps", "fill_gaps", "For a lead: write only fields that are empty");
  args.extra_flag("--create-only", "create_only", "For a lead: leave one that exists alone");
  args.extra_flag("--update-only", "update_only", "For a lead: make none");
  return [=](Session& session) {
    for (const std::string& pair : *fields)  // before a file is made
      if (const size_t at = pair.find('='); at == 0 || at == std::string::npos)
        throw Usage("\"" + pair + "\" is not FIELD=VALUE");
    kith::Database& db = session.db_or_new();
    kith::Fields values;
    for (const std::string& pair : *fields) {
      const size_t at = pair.find('=');
      const std::string field = pair.substr(0, at);
      const std::string value = pair.substr(at + 1);
      values.add(field, value.empty() ? kith::Value() : kith::Value(field_value(db, *kind, field, value)));
    }
    const kith::Put done = db.put(*kind, values, session.extras);
    MadeGrid grid{{"id", "id"}, {"outcome", "text"}};
    grid.row().integer(done.id).text(outcome_word(done.outcome));
    write_done(session.style,
               std::string(outcome_word(done.outcome)) + " " + *kind + " " + std::to_string(done.id), grid);
    return 0;
  };
}

Body get(Args& args) {
  const Text kind = args.word("KIND", "What it is");
  const Text name = args.word("NAME", "A lead's e-mail, id or external:KEY; else a name or id:N");
  return [=](Session& session) {
    const auto found = session.db().get(*kind, thing_name(session.db(), *kind, *name));
    if (!found) throw Failed("there is no " + *kind + " \"" + *name + "\"");
    return show_record(session, *found);
  };
}

Body find(Args& args) {
  const Text kind = args.word("KIND", "What to find");
  const QueryOptions query(args, QueryOptions::For::list);
  return [=](Session& session) {
    const auto most = query.limit();
    return show_pages(
        session, most,
        [&](const auto& after, int64_t limit) {
          return session.db().find_page(*kind, query.page(session, after, limit));
        },
        [&] { return session.db().count(*kind, query.all()); });
  };
}

Body count(Args& args) {
  const Text where = args.maybe("WHERE", "Which leads, such as \"tag 'VIP'\"; without it all");
  const Text kind = args.option("--kind", "KIND", "Count these instead of leads");
  const Texts values = args.options("--arg", "VALUE", "The value of a ? in WHERE, in order; may be repeated");
  return [=](Session& session) {
    kith::Query query;
    query.where = where.optional();
    query.args = arguments(*values);
    const int64_t count = session.db().count(kind.or_else("lead"), query);
    MadeGrid grid{{"count", "integer"}};
    grid.row().integer(count);
    write_done(session.style, std::to_string(count), grid);
    return 0;
  };
}

Body rename(Args& args) {
  const Text kind = args.word("KIND", "What it is");
  const Text name = args.word("NAME", "What it is called now");
  const Text to = args.maybe("TO", "What it will be called");
  args.usage({"KIND NAME TO"});
  return [=](Session& session) {
    // Said before TO is asked for, which would be of no use.
    if (*kind == "lead")
      throw Failed(
          "a lead has no name to change; \"kith put lead id=1 email=NEW\" changes the address of lead 1");
    if (!to) throw Usage("TO is missing; it is kith rename KIND NAME TO");
    const int64_t event = session.db().rename(*kind, *name, *to, session.extras);
    return report(session, "renamed " + *kind + " " + *name + " to " + *to, event);
  };
}

Body remove(Args& args) {
  const Text kind = args.word("KIND", "What it is");
  const Text name = args.word("NAME", "Which one");
  return [=](Session& session) {
    const int64_t event = session.db().remove(*kind, thing_name(session.db(), *kind, *name), session.extras);
    return report(session, "removed " + *kind + " " + *name, event);
  };
}

Body schema(Args& args) {
  const Text what = args.maybe("KIND", "Its fields; or kinds, fields, verbs, events, predicates");
  return [=](Session& session) {
    const std::string word = what.or_else("kinds");
    kith::Database& db = session.db_or_memory();
    for (const char* topic : {"kinds", "fields", "verbs", "events", "predicates"})
      if (word == topic) return show_rows(session, db.schema(topic));
    const kith::Rows fields = db.schema("fields");
    RowsGrid grid(fields);
    grid.where("kind", word);
    if (grid.height() == 0) {
      std::vector<std::string> known = {"kinds", "fields", "verbs", "events", "predicates"};
      for (const kith::Row row : db.schema("kinds")) known.push_back(row["kind"].text());
      const std::string near = did_you_mean(word, known);
      throw Failed("there is no kind \"" + word + "\"" +
                   (near.empty() ? "; \"kith schema\" lists them" : near));
    }
    std::vector<std::string> columns = session.columns;
    if (columns.empty())
      for (int32_t i = 0; i < fields.width(); ++i)
        if (fields.name(i) != "kind") columns.emplace_back(fields.name(i));
    write_grid(session.style, grid.columns(columns));
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
      {"find", "List things",
       "kith find lead --where \"tag 'VIP'\" --columns email,first_name --sort -created", find},
      {"count", "Count leads", "kith count \"tag 'VIP' and not list 'News'\"", count},
      {"rename", "Give a thing another name", "kith rename tag VIP VIP-Member", rename, true},
      {"remove", "Remove a thing with what hangs on it", "kith remove tag VIP", remove, true},
      {"schema", "Say what kinds there are, or what fields a kind has", "kith schema\nkith schema lead",
       schema},
  };
  return commands;
}

}  // namespace kith_cli
