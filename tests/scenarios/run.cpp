// Runs a scenario through the C++ wrapper: README.md beside this file has the language.
#include <chrono>
#include <fstream>
#include <functional>
#include <iomanip>
#include <iostream>
#include <kith.hpp>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace {

using Words = std::vector<std::string>;

// As a shell parts a line: spaces part, '...' and "..." hold together, a backslash in "..." takes the next as it is.
Words parted(const std::string& line) {
  Words words;
  std::string word;
  bool open = false;
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    char c = line[i];
    if (quote != 0) {
      if (c == quote) {
        quote = 0;
      } else {
        if (c == '\\' && quote == '"' && i + 1 < line.size()) c = line[++i];
        word += c;
      }
    } else if (c == '\'' || c == '"') {
      quote = c;
      open = true;
    } else if (c == ' ') {
      if (open) words.push_back(word);
      word.clear();
      open = false;
    } else {
      word += c;
      open = true;
    }
  }
  if (open) words.push_back(word);
  return words;
}

// A step: its words, its options, and those that are extras of the verb.
struct Step {
  Words words;
  std::multimap<std::string, std::string> options;

  explicit Step(const std::string& line) {
    Words all = parted(line);
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i].starts_with("--") && i + 1 < all.size()) {
        options.emplace(all[i].substr(2), all[i + 1]);
        ++i;
      } else {
        words.push_back(all[i]);
      }
    }
  }
  const std::string& word(std::size_t index) const {
    if (index >= words.size()) throw std::runtime_error("the step lacks a word");
    return words[index];
  }
  std::string option(const std::string& name) const {
    auto found = options.find(name);
    return found == options.end() ? std::string() : found->second;
  }
  kith::Fields extras() const {
    kith::Fields fields;
    for (const char* name : {"by", "key", "tag", "list", "consent", "via", "reason"}) {
      auto [from, to] = options.equal_range(name);
      for (auto option = from; option != to; ++option) fields.add(name, option->second);
    }
    return fields;
  }
  kith::Query query() const {
    kith::Query query;
    if (options.contains("where")) query.where = option("where");
    if (options.contains("columns")) query.columns = option("columns");
    if (options.contains("sort")) query.sort = option("sort");
    if (options.contains("limit")) query.limit = std::stoll(option("limit"));
    return query;
  }
};

std::string time_text(std::int64_t ms) {
  using namespace std::chrono;
  sys_time<milliseconds> time{milliseconds(ms)};
  auto day = floor<days>(time);
  year_month_day date(day);
  hh_mm_ss clock(time - day);
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return text;
}

Words lines_of(const kith::Rows& rows) {
  auto joined = [&](auto cell) {
    std::string line;
    for (std::int32_t column = 0; column < rows.width(); ++column) line += (column > 0 ? "\t" : "") + cell(column);
    return line;
  };
  Words lines = {joined([&](std::int32_t column) { return std::string(rows.name(column)); })};
  for (auto row : rows) {
    lines.push_back(joined([&](std::int32_t column) -> std::string {
      auto cell = row[column];
      std::string_view meaning = rows.meaning(column);
      if (cell.type() == KITH_TEXT) return cell.text();
      if (cell.type() != KITH_INTEGER) return "";
      if (meaning == "datetime") return time_text(cell.integer());
      if (meaning == "boolean") return cell.integer() != 0 ? "true" : "false";
      return std::to_string(cell.integer());
    }));
  }
  return lines;
}

kith::Fields given(const Step& step, std::size_t from) {
  kith::Fields fields;
  for (std::size_t i = from; i < step.words.size(); ++i) {
    std::size_t sign = step.words[i].find('=');
    std::string value = step.words[i].substr(sign + 1);
    fields.add(step.words[i].substr(0, sign), value.empty() ? kith::Value(nullptr) : kith::Value(value));
  }
  return fields;
}

// What a step answers: lines, or nothing where they are not compared.
Words play(kith::Database& crm, const Step& step) {
  const std::string& verb = step.word(0);
  auto with = step.extras();
  bool to_many = step.options.contains("where");
  if (verb == "put") {
    crm.put(step.word(1), given(step, 2), with);
  } else if (verb == "find") {
    return lines_of(crm.find_page(step.word(1), step.query()));
  } else if (verb == "count") {
    return {"count", std::to_string(crm.count("lead", {.where = step.word(1)}))};
  } else if (verb == "remove") {
    crm.remove(step.word(1), step.word(2), with);
  } else if (verb == "rename") {
    crm.rename(step.word(1), step.word(2), step.word(3), with);
  } else if (verb == "tag" && step.word(1) == "merge") {
    crm.merge_tags(step.word(2), step.word(3), with);
  } else if (verb == "tag" && step.word(1) == "assign") {
    if (to_many) {
      crm.assign_where(step.query(), step.word(2), with);
    } else {
      crm.assign(step.word(2), step.word(3), with);
    }
  } else if (verb == "tag" && step.word(1) == "remove") {
    if (to_many) {
      crm.unassign_where(step.query(), step.word(2), with);
    } else {
      crm.unassign(step.word(2), step.word(3), with);
    }
  } else if (verb == "list" && step.word(1) == "subscribe") {
    crm.subscribe(step.word(2), step.word(3), with);
  } else if (verb == "list" && step.word(1) == "unsubscribe") {
    crm.unsubscribe(step.word(2), std::string_view(step.word(3)), with);
  } else if (verb == "list" && step.word(1) == "confirm") {
    crm.subscribe(step.word(2), step.word(3), with.add("confirmed", 1));
  } else if (verb == "record") {
    crm.record(step.word(1), step.word(2), step.words.size() > 3 ? std::optional<std::string_view>(step.word(3)) : std::nullopt, with);
  } else if (verb == "merge") {
    crm.merge(step.word(1), step.word(2), with.add("survivor", "lead"));
  } else if (verb == "erase") {
    crm.erase(step.word(1), with);
  } else if (verb == "suppress") {
    crm.suppress(step.word(1), with);
  } else if (verb == "unsuppress") {
    crm.unsuppress(step.word(1), with);
  } else if (verb == "search") {
    return lines_of(crm.search(step.word(1), 0));
  } else if (verb == "run") {
    crm.run();
  } else {
    throw std::runtime_error("unknown step " + verb);
  }
  return {};
}

std::int64_t moment(const std::string& text) {
  std::tm tm = {};
  std::istringstream in(text);
  in >> std::get_time(&tm, "%Y-%m-%dT%H:%M:%SZ");
  if (in.fail()) throw std::runtime_error("now: write 2026-03-01T09:00:00Z");
  using namespace std::chrono;
  sys_days day = year(tm.tm_year + 1900) / (tm.tm_mon + 1) / tm.tm_mday;
  return duration_cast<milliseconds>(day.time_since_epoch() + hours(tm.tm_hour) + minutes(tm.tm_min) + seconds(tm.tm_sec)).count();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: run SCENARIO.txt\n";
    return 2;
  }
  std::ifstream in(argv[1]);
  Words lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  std::int64_t now = 0;
  kith::Options options;
  options.flags = KITH_OPEN_MEMORY;
  options.clock = [&] { return now; };
  kith::Database crm("scenario", std::move(options));
  int steps = 0, failures = 0;
  auto wrong = [&](std::size_t line, const std::string& what) {
    std::cerr << argv[1] << ":" << line + 1 << ": " << what << "\n";
    ++failures;
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string& line = lines[i];
    if (line.starts_with("now ")) {
      now = moment(line.substr(4));
      continue;
    }
    if (!line.starts_with("> ")) continue;
    ++steps;
    Words expected;
    while (i + 1 < lines.size() && !lines[i + 1].starts_with("> ") && !lines[i + 1].starts_with("# ") && !lines[i + 1].starts_with("now ")) {
      expected.push_back(lines[++i]);
    }
    std::string refusal = !expected.empty() && expected[0].starts_with("! ") ? expected[0].substr(2) : "";
    try {
      Words answer = play(crm, Step(line.substr(2)));
      if (!refusal.empty()) {
        wrong(i, "should be refused: " + line);
      } else if (!answer.empty() && answer != expected) {
        std::string said;
        for (const std::string& row : answer) said += "\n  " + row;
        wrong(i, line + " answers" + said);
      }
    } catch (const std::exception& error) {
      if (refusal.empty() || std::string(error.what()).find(refusal) == std::string::npos) wrong(i, line + ": " + error.what());
    }
  }
  std::cout << steps << " steps, " << failures << " wrong\n";
  return steps == 0 || failures > 0;
}
