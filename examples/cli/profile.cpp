// The profile, put together from the same questions that any host can ask.
#include "profile.h"

#include "query.h"

namespace kith_cli {
namespace {

struct Part {
  const char *heading, *key, *kind;
  std::vector<std::string> columns;  // what a table shows; JSON has all
};

const Part parts[] = {
    {"Tags", "tags", "assignment", {"tag", "at", "expires", "by"}},
    {"Lists", "lists", "subscription", {"list", "state", "since", "via", "by"}},
    {"Notes", "notes", "note", {"id", "text", "author", "created"}},
};

kith::Rows hanging_on(kith::Database& db, const char* kind, const std::string& lead) {
  return db.find_page(kind, {.where = "lead = ?", .args = {lead}, .limit = -1});
}

void append_array(std::string& out, const char* key, const kith::Rows& rows) {
  const RowsGrid grid(rows);
  out += ",\n  ";
  append_json_string(out, key);
  out += ": [";
  for (size_t row = 0; row < grid.height(); ++row) {
    out += row > 0 ? ",\n    " : "\n    ";
    append_json_object(out, grid, row, 0);
  }
  out += grid.height() > 0 ? "\n  ]" : "]";
}

}  // namespace

int show_profile(Session& session, const std::string& lead, int64_t events) {
  if (!session.columns.empty())
    throw Usage(
        "a profile is several tables, so --columns picks none; \"kith get lead\" has the fields alone");
  kith::Database& db = session.db();
  const auto found = db.get("lead", lead);
  if (!found) throw Failed("there is no lead \"" + lead + "\"");
  const kith::Rows fields = found->rows();
  const kith::Rows log = events > 0 ? db.timeline_page(lead, {.limit = events}) : kith::Rows();

  const Style& style = session.style;
  if (style.form == Form::csv)
    throw Usage("a profile is several tables, so it has no CSV; --json has it all");
  if (!style.for_people()) {
    std::string out = "{\n  \"lead\": ";
    append_json_object(out, RowsGrid(fields), 0, 4);
    for (const Part& part : parts) append_array(out, part.key, hanging_on(db, part.kind, lead));
    append_array(out, "events", log);
    out += "\n}";
    if (style.form == Form::jsonl)
      for (char& c : out) c = c == '\n' ? ' ' : c;
    write_json(style, out);
    return 0;
  }

  Style people = style;
  people.form = Form::table;
  people.picks = false;
  write_fields(people, RowsGrid(fields), 0);
  const auto section = [&](const char* heading, const Grid& grid) {
    if (grid.height() == 0) return;
    write_line("");
    write_heading(people, heading);
    write_grid(people, grid);
  };
  for (const Part& part : parts) {
    RowsGrid grid(hanging_on(db, part.kind, lead));
    section(part.heading, grid.columns(part.columns));
  }
  RowsGrid grid(log);
  section("Latest events", grid.columns({"id", "at", "what", "by"}));
  if (log.next())
    write_remark(people,
                 "(the latest " + thousands(log.size()) + "; --events N shows more, \"kith log\" all)");
  return 0;
}

}  // namespace kith_cli
