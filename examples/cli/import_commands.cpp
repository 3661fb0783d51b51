// Importing a file of leads: what is said before, meanwhile and after.
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <memory>

#include "command.h"
#include "importer.h"
#include "terminal.h"

namespace kith_cli {
namespace {

constexpr size_t rejects_shown = 5;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

// The refused rows as CSV: their cells as they were, then where and why.
class RejectsFile {
 public:
  RejectsFile(const std::string& path, std::vector<std::string> columns) : path_(path) {
    file_.reset(std::fopen(path.c_str(), "wbx"));  // x: what is there, such as the source or the database, stays
    if (!file_ && errno == EEXIST) throw Failed("--rejects: " + path + " is there already: name a file that is not");
    if (!file_) throw Failed("--rejects: " + path + " cannot be written");
    for (const char* name : {"rejected_line", "rejected_field", "rejected_value", "rejected_reason"})
      columns.emplace_back(name);
    write(columns);
  }
  void add(const Reject& reject, std::vector<std::string> cells) {
    cells.push_back(std::to_string(reject.line));
    cells.push_back(reject.field);
    cells.push_back(reject.value);
    cells.push_back(reject.reason);
    write(cells);
  }
  void close() {
    if (std::fflush(file_.get()) != 0 || std::ferror(file_.get()) != 0) throw Failed("--rejects: " + path_ + " cannot be written");
    file_.reset();
  }

 private:
  void write(const std::vector<std::string>& cells) {
    const std::string line = csv_line(cells);
    std::fwrite(line.data(), 1, line.size(), file_.get());
  }
  std::string path_;
  std::unique_ptr<std::FILE, CloseFile> file_;
};

// On a terminal only; one line of standard error, drawn over.
class ProgressBar {
 public:
  ProgressBar() : shown_(stderr_is_terminal()) {}
  ~ProgressBar() { clear(); }
  void draw(double part, int64_t rows) {
    if (!shown_) return;
    constexpr size_t width = 30;
    const auto filled = static_cast<size_t>(part * width + 0.5);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
    std::string text = "[" + std::string(filled, '#') + std::string(width - filled, ' ') + "] " +
                       std::to_string(static_cast<int>(part * 100)) + "%  " + thousands(rows) + " rows";
    if (seconds > 0.5)
      text += ", " + thousands(static_cast<int64_t>(static_cast<double>(rows) / seconds)) + " a second";
    std::fprintf(stderr, "\r%s\x1b[K", shorten(text, terminal_width() - 1).c_str());
    std::fflush(stderr);
    drawn_ = true;
  }
  void clear() {
    if (drawn_) std::fputs("\r\x1b[K", stderr);
    drawn_ = false;
  }

 private:
  bool shown_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

// "9,950 on News, 50 not (30 suppressed, 20 unsubscribed)".
std::string on_list(const ListCount& list) {
  int64_t refused = 0;
  std::string why;
  for (const auto& [word, count] : list.refused) {
    refused += count;
    why += (why.empty() ? "" : ", ") + thousands(count) + " " + word;
  }
  return thousands(list.on) + " on " + list.name + (refused == 0 ? "" : ", " + thousands(refused) + " not (" + why + ")");
}

std::string json_lists(const std::vector<ListCount>& lists) {
  std::string out = "[";
  for (const ListCount& list : lists) {
    if (out.size() > 1) out += ", ";
    out += "{\"list\": ";
    append_json_string(out, list.name);
    out += ", \"on\": " + std::to_string(list.on);
    for (const auto& [word, count] : list.refused) out += ", \"" + word + "\": " + std::to_string(count);
    out += "}";
  }
  return out + "]";
}

void say_counts(const ImportCounts& counts, const std::vector<Reject>& first, bool all_written) {
  std::string lists;
  for (const ListCount& list : counts.lists) lists += "; " + on_list(list);
  write_line(harmless(counted(counts.rows, "row", "rows") + ": " + thousands(counts.created) + " created, " +
                      thousands(counts.updated) + " updated, " + thousands(counts.unchanged) + " unchanged, " +
                      thousands(counts.rejected) + " rejected" + lists));
  for (const Reject& reject : first) {
    std::string line = "  line " + std::to_string(reject.line);
    if (!reject.field.empty()) line += ", " + reject.field;
    if (reject.reason.find(reject.value) == std::string::npos)
      line += " \"" + shorten(reject.value, 40) + "\"";
    write_line(harmless(line + ": " + reject.reason));
  }
  const auto more = counts.rejected - static_cast<int64_t>(first.size());
  if (more > 0)
    write_line("  and " + thousands(more) + " more" +
               (all_written ? "" : "; --rejects FILE writes them all"));
}

std::string json_list(const std::vector<std::string>& words) {
  std::string out = "[";
  for (const std::string& word : words) {
    if (out.size() > 1) out += ", ";
    append_json_string(out, word);
  }
  return out + "]";
}

std::string json_rejects(const std::vector<Reject>& rejects) {
  std::string out = "[";
  for (const Reject& reject : rejects) {
    MadeGrid grid{{"line", "integer"}, {"field", "text"}, {"value", "text"}, {"reason", "text"}};
    grid.row().integer(reject.line).text(reject.field).text(reject.value).text(reject.reason);
    if (out.size() > 1) out += ", ";
    append_json_object(out, grid, 0, 0);
  }
  return out + "]";
}

void write_counts(const Session& session, const Importer& importer, const std::vector<Reject>& first,
                  bool all_written) {
  const ImportCounts& counts = importer.counts();
  if (session.style.for_people()) {
    const std::vector<std::string>& skipped = importer.mapping().skipped;
    if (!skipped.empty())
      write_line(harmless("not taken: " + joined(skipped) + " (--map \"COLUMN=FIELD\" takes one)"));
    return say_counts(counts, first, all_written);
  }
  MadeGrid grid{{"rows", "integer"},      {"created", "integer"},  {"updated", "integer"},
                {"unchanged", "integer"}, {"rejected", "integer"}, {"skipped_columns", "json"},
                {"first_rejects", "json"}, {"lists", "json"}};
  grid.row().integer(counts.rows).integer(counts.created).integer(counts.updated).integer(counts.unchanged);
  grid.integer(counts.rejected).text(json_list(importer.mapping().skipped)).text(json_rejects(first)).text(json_lists(counts.lists));
  write_record(session.style, grid);
}

Body import_file(Args& args) {
  const Text path = args.word("FILE", "CSV or other delimited text, with a line of column names");
  const Texts map =
      args.options("--map", "COLUMN=FIELD",
                   "Where a column goes (\"Email 1=email\"), \"COLUMN=\" to leave it; may be repeated");
  args.extra_many("--tag", "TAG", "tag", "Assign this tag to each; may be repeated");
  args.extra_many("--list", "LIST", "list", "Subscribe each to this list; may be repeated");
  args.extra("--consent", "TEXT", "consent", "With --list: the wording that they agreed to");
  args.extra("--source", "TEXT", "source", "Where they come from, for new leads whose row does not say");
  args.extra_flag("--fill-gaps", "fill_gaps", "Write only fields that are empty");
  args.extra_flag("--create-only", "create_only", "Leave leads that exist alone");
  args.extra_flag("--update-only", "update_only", "Make no leads");
  const Text rejects =
      args.option("--rejects", "FILE", "Write the refused rows there as CSV, with the reasons");
  const Text delimiter =
      args.option("--delimiter", "CHAR", "What parts the columns, if it is not found by itself");
  const Text encoding =
      args.option("--encoding", "NAME", "utf-8, utf-16le, utf-16be or windows-1252, likewise");
  const Flag headless = args.flag("--headless", "There is no line of names: columns are called 1, 2 ...");
  return [=](Session& session) {
    Importer::Settings settings;
    settings.path = *path;
    settings.map = *map;
    settings.with = session.extras;
    const bool says_how = std::any_of(settings.with.begin(), settings.with.end(),
                                      [](const kith::Field& extra) { return extra.name == "via"; });
    if (!says_how) settings.with.add("via", "import");
    settings.with.add("skip_null", 1);  // an empty cell says nothing, so it clears nothing
    if (delimiter) settings.reading.add("delimiter", *delimiter == "\\t" ? std::string("\t") : *delimiter);
    if (encoding) settings.reading.add("encoding", *encoding);
    if (headless) settings.reading.add("header", 0);
    Importer importer(session.db_or_new(), std::move(settings));

    std::optional<RejectsFile> rejects_file;
    if (rejects) rejects_file.emplace(*rejects, importer.columns());
    std::vector<Reject> first;
    const auto on_reject = [&](const Reject& reject, const std::vector<std::string>& cells) {
      if (first.size() < rejects_shown) first.push_back(reject);
      if (rejects_file) rejects_file->add(reject, cells);
    };
    const auto finish = [&] { write_counts(session, importer, first, rejects_file.has_value()); };

    catch_interrupts();
    ProgressBar bar;
    try {
      while (importer.step(on_reject)) {
        bar.draw(importer.progress(), importer.counts().rows);
        if (interrupted()) throw Failed("interrupted; the rows that are counted are in the file");
      }
    } catch (...) {
      bar.clear();
      if (importer.counts().rows > 0) finish();
      throw;
    }
    bar.clear();
    if (rejects_file) rejects_file->close();
    finish();
    const ImportCounts& counts = importer.counts();
    return counts.rejected > 0 && counts.rejected == counts.rows ? 1 : 0;
  };
}

}  // namespace

std::span<const Command> import_commands() {
  static const Command commands[] = {
      {"import", "Put the leads of a CSV file",
       "kith import leads.csv --map \"Email 1=email\" --tag Imported --rejects rejected.csv", import_file,
       true},
  };
  return commands;
}

}  // namespace kith_cli
