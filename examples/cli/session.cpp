// Opening the file, and answers in the form that was asked for.
#include "session.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>

#include "moment.h"
#include "nearest.h"
#include "terminal.h"

namespace kith_cli {
namespace {

constexpr int64_t table_rows = 50;   // in a table, unless a limit is given
constexpr int64_t page_rows = 1000;  // read at a time

RowsGrid grid_of(const Session& session, const kith::Rows& rows) {
  RowsGrid grid(rows);
  if (session.columns.empty())
    return session.style.form == Form::table ? grid.first_columns(session.order) : grid;
  for (const std::string& name : session.columns) {
    if (rows.has(name)) continue;
    std::vector<std::string> known;
    std::string list;
    for (int32_t i = 0; i < rows.width(); ++i) {
      known.emplace_back(rows.name(i));
      list += (i > 0 ? ", " : "") + known.back();
    }
    const std::string near = did_you_mean(name, known);
    throw Usage("--columns: there is no column \"" + name + "\" here" +
                (near.empty() ? "; there are " + list : near));
  }
  return grid.columns(session.columns);
}

// Of something to be opened: an empty file is none yet.
bool is_there(const std::string& file) {
  std::error_code error;
  return std::filesystem::exists(file, error) && !(std::filesystem::is_regular_file(file, error) && std::filesystem::file_size(file, error) == 0);
}

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

kith::Database& Session::open(uint32_t flags) {
  if (db_) return *db_;
  kith::Options options;
  options.flags = flags;
  if (clock) options.clock = [now = *clock] { return now; };
  try {
    db_.emplace(file, options);
  } catch (const kith::Error& error) {
    // A file that may not be written can still be asked.
    if (error.status() != KITH_READ_ONLY || (flags & KITH_OPEN_READ_ONLY) != 0) throw;
    options.flags |= KITH_OPEN_READ_ONLY;
    db_.emplace(file, options);
  }
  return *db_;
}

kith::Database& Session::db() {
  if (!db_ && !std::filesystem::exists(file))
    throw Failed(file + " does not exist; \"kith init\" makes it, -f FILE names another");
  return open(KITH_OPEN_EXISTING);
}

kith::Database& Session::db_or_new() {
  if (db_ || is_there(file)) return db();
  open(0);
  std::fprintf(stderr, "kith: made %s\n", harmless(file).c_str());
  return *db_;
}

kith::Database& Session::new_db() {
  if (is_there(file)) throw Failed(file + " exists already");
  return open(0);
}

kith::Database* Session::db_if_readable() {
  try {
    return std::filesystem::exists(file) ? &open(KITH_OPEN_EXISTING | KITH_OPEN_READ_ONLY) : nullptr;
  } catch (const kith::Error&) {
    return nullptr;
  }
}

kith::Database& Session::db_in_memory() { return open(KITH_OPEN_MEMORY); }

kith::Database& Session::db_or_memory() {
  return db_ || std::filesystem::exists(file) ? db() : db_in_memory();
}

int64_t Session::now() const {
  using namespace std::chrono;
  if (clock) return *clock;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::string lead_name(const std::string& word) { return all_digits(word) ? "id:" + word : word; }

std::string thing_name(kith::Database& db, const std::string& kind, const std::string& word) {
  if (kind == "lead" || !all_digits(word)) return lead_name(word);
  for (const kith::Row row : db.schema("kinds"))
    if (row["kind"].view() == kind) return row["name"].view().empty() ? lead_name(word) : word;
  return word;
}

std::string field_value(kith::Database& db, const std::string& kind, const std::string& field,
                        const std::string& word) {
  if (!all_digits(word)) return word;
  for (const kith::Row row : db.schema("fields"))
    if (row["kind"].view() == kind && row["field"].view() == field && !row["refers"].view().empty())
      return thing_name(db, row["refers"].text(), word);
  return word;
}

int64_t parse_time(const Session& session, std::string_view option, std::string_view text, Direction spans) {
  if (const auto moment = parse_moment(text)) return *moment;
  if (const auto span = parse_span(text))
    return spans == Direction::past ? session.now() - *span : session.now() + *span;
  int64_t ms = 0;
  if (all_digits(text) && std::from_chars(text.data(), text.data() + text.size(), ms).ec == std::errc())
    return ms;
  throw Usage(std::string(option) + ": \"" + std::string(text) +
              "\" is no time; give 2026-10-16, 2026-10-16T12:30:00Z or a span such as 7d (" +
              (spans == Direction::past ? "ago" : "from now") + ")");
}

int64_t parse_count(std::string_view option, std::string_view text) {
  int64_t count = 0;
  if (!all_digits(text) || std::from_chars(text.data(), text.data() + text.size(), count).ec != std::errc())
    throw Usage(std::string(option) + ": \"" + std::string(text) + "\" is no whole number from 0 up");
  return count;
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const size_t comma = std::min(text.find(','), text.size());
    std::string_view item = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
    while (!item.empty() && item.back() == ' ') item.remove_suffix(1);
    if (!item.empty()) out.emplace_back(item);
  }
  return out;
}

int report(const Session& session, std::string_view what, int64_t event) {
  MadeGrid grid{{"event", "id"}, {"changed", "boolean"}};
  grid.row().integer(event).integer(event != 0 ? 1 : 0);
  const std::string sentence = event == 0 ? std::string("nothing changed")
                                          : std::string(what) + " (event " + std::to_string(event) + ")";
  write_done(session.style, sentence, grid);
  return 0;
}

int report_many(const Session& session, int64_t changed) {
  MadeGrid grid{{"changed", "integer"}};
  grid.row().integer(changed);
  write_done(session.style, counted(changed, "lead", "leads") + " changed", grid);
  return 0;
}

int show_record(const Session& session, const kith::Row& row) {
  write_record(session.style, grid_of(session, row.rows()), static_cast<size_t>(row.index()));
  return 0;
}

int show_rows(const Session& session, const kith::Rows& rows, int64_t most) {
  RowsGrid grid = grid_of(session, rows);
  write_grid(session.style, grid.first(static_cast<size_t>(most)));
  return 0;
}

int show_first(const Session& session, const kith::Rows& rows, std::optional<int64_t> limit) {
  const int64_t wanted = limit ? *limit : session.style.form == Form::table ? table_rows : 0;
  RowsGrid grid = grid_of(session, rows);
  if (wanted > 0) grid.first(static_cast<size_t>(wanted));
  write_grid(session.style, grid);
  if (!limit && wanted > 0 && rows.size() > wanted)
    write_remark(session.style, "(the first " + thousands(wanted) + " of " + thousands(rows.size()) +
                                    " rows; --limit N shows more, --limit 0 all)");
  return 0;
}

int show_pages(const Session& session, std::optional<int64_t> limit, const Fetch& fetch,
               const std::function<int64_t()>& total) {
  const int64_t wanted = limit ? *limit : session.style.form == Form::table ? table_rows : 0;
  const auto writer = make_writer(session.style);
  int64_t shown = 0;
  std::optional<std::string> after;
  do {
    const Page page = fetch(after, wanted == 0 ? page_rows : std::min(page_rows, wanted - shown));
    writer->page(grid_of(session, page.rows));
    shown += page.rows.size();
    after = page.next;
  } while (after && (wanted == 0 || shown < wanted));
  writer->end();
  if (after && !limit) {
    const std::string of = total ? " of " + thousands(total()) : std::string();
    write_remark(session.style,
                 "(the first " + thousands(shown) + of + " rows; --limit N shows more, --limit 0 all)");
  }
  return 0;
}

}  // namespace kith_cli
