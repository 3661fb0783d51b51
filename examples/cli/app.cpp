// Building the command line from the tables of verbs, and running what it says.
#include "app.h"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "moment.h"
#include "nearest.h"
#include "terminal.h"

namespace kith_cli {

struct Program::Globals {
  Text file, columns, by, ip, at, key, cause;
  Texts with;
  Flag table, tsv, csv, json, jsonl, full, no_header, defuse;
};

namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// CLI11's own text would not show examples; this hands over to ours.
class Help : public CLI::FormatterBase {
 public:
  explicit Help(const Program& program) : program_(program) {}
  std::string make_help(const CLI::App* app, std::string, CLI::AppFormatMode) const override {
    return help_text(program_, *app);
  }

 private:
  const Program& program_;
};

// "kith tag assign"
std::string path_of(const CLI::App& app) {
  return (app.get_parent() == nullptr ? "" : path_of(*app.get_parent()) + " ") + app.get_name();
}

// An option that neither the command nor what stands around it has.
std::string unknown_option(const std::string& word, const CLI::App& at) {
  const std::string name = word.substr(0, word.find('='));
  if (at.get_parent() != nullptr && at.get_option_no_throw(name) != nullptr)
    return name + " belongs to \"" + path_of(at) + "\" and stands after that";
  std::vector<std::string> known;
  for (const CLI::App* app = &at; app != nullptr; app = app->get_parent())
    for (const CLI::Option* option : app->get_options())
      for (const std::string& each : option->get_lnames()) known.push_back("--" + each);
  return "\"" + path_of(at) + "\" has no option " + name + did_you_mean(name, known);
}

bool is_option(const std::string& word) { return word.size() > 1 && word[0] == '-'; }

// The two ends of "name=value".
std::pair<std::string, std::string> split_pair(const std::string& option, const std::string& text) {
  const size_t at = text.find('=');
  if (at == 0 || at == std::string::npos) throw Usage(option + ": \"" + text + "\" is not NAME=VALUE");
  return {text.substr(0, at), text.substr(at + 1)};
}

}  // namespace

CLI::App* find_below(CLI::App& app, const std::string& name) {
  const auto found = app.get_subcommands([&](const CLI::App* sub) { return sub->get_name() == name; });
  return found.empty() ? nullptr : found.front();
}

std::string default_file() {
  const std::string file = environment("KITH_FILE");
  return file.empty() ? "crm.kith" : file;
}

Program::Program() : globals_(std::make_shared<Globals>()), app_(std::make_unique<CLI::App>()) {
  app_->name("kith");
  app_->description("A CRM in one file.");
  app_->fallthrough();  // global options may follow the verb
  app_->require_subcommand(1);
  app_->set_help_flag("-h,--help", "Say how it is used");
  app_->set_version_flag("--version", std::string("kith ") + kith_version(), "Say which version this is");
  app_->formatter(std::make_shared<Help>(*this));
  declare_globals();
  declare_commands();
}

void Program::declare_globals() {
  std::vector<std::string> no_usage;
  std::vector<std::function<void(Session&)>> no_before;
  Args args(*app_, no_usage, no_before);
  Globals& g = *globals_;
  g.file = args.option("-f,--file", "FILE", "The file; else $KITH_FILE, else crm.kith");
  g.table = args.flag("--table", "An aligned table, the default on a terminal");
  g.tsv = args.flag("--tsv", "Tab-separated lines, the default elsewhere");
  g.csv = args.flag("--csv", "CSV");
  g.json = args.flag("--json", "JSON: an array of objects, or one object for one thing");
  g.jsonl = args.flag("--jsonl", "JSON lines: an object a line");
  g.columns = args.option("--columns", "COLUMNS", "Only these columns, such as email,score");
  g.full = args.flag("--full", "Cut nothing in a table, neither cells nor columns");
  g.no_header = args.flag("--no-header", "No line of names in --tsv and --csv");
  g.defuse = args.flag("--defuse", "Put ' before cells of --tsv and --csv that a spreadsheet would run");
  g.by = args.option("--by", "TEXT", "Who does it, for the log");
  g.ip = args.option("--ip", "ADDRESS", "The IP address that it came from");
  g.at = args.option("--at", "TIME", "When it happened, if not now: a time, a date or 2h (ago)");
  g.key = args.option("--key", "TEXT", "Your key: the same act with the same key is done once");
  g.cause = args.option("--cause", "ID", "The event that led to it");
  g.with = args.options("--with", "NAME=VALUE", "Any other extra that the verb knows; may be repeated");
}

void Program::declare_commands() {
  for (const Topic& topic : topics()) {
    for (const Command& command : topic.commands) {
      const std::string name = command.name;
      const size_t space = name.find(' ');
      CLI::App* parent = app_.get();
      if (space != std::string::npos) {
        const std::string group = name.substr(0, space);
        parent = find_below(*app_, group);
        if (parent == nullptr) {
          parent = app_->add_subcommand(group, group_summary(group));
          parent->require_subcommand(1);
        }
      }
      Entry& entry = entries_.emplace_back();
      entry.command = &command;
      entry.topic = topic.name;
      entry.app =
          parent->add_subcommand(name.substr(space == std::string::npos ? 0 : space + 1), command.summary);
      Args args(*entry.app, entry.usage, entry.before);
      entry.body = command.declare(args);
    }
  }
}

const Entry* Program::entry(const CLI::App* app) const {
  for (const Entry& entry : entries_)
    if (entry.app == app) return &entry;
  return nullptr;
}

void Program::apply_globals(const Entry& entry) {
  const Globals& g = *globals_;
  session_.file = g.file.or_else(default_file());
  if (const std::string now = environment("KITH_NOW"); !now.empty()) {
    session_.clock = parse_moment(now);
    if (!session_.clock) throw Usage("KITH_NOW: \"" + now + "\" is no time; give 2026-10-16T12:30:00Z");
  }

  Style& style = session_.style;
  style.terminal = stdout_is_terminal();
  style.form = style.terminal ? Form::table : Form::tsv;
  if (const std::string output = environment("KITH_OUTPUT"); !output.empty()) {
    const auto form = parse_form(output);
    if (!form) throw Usage("KITH_OUTPUT: \"" + output + "\" is none of table, tsv, csv, json, jsonl");
    style.form = *form;
  }
  const std::pair<Flag, Form> forms[] = {{g.table, Form::table},
                                         {g.tsv, Form::tsv},
                                         {g.csv, Form::csv},
                                         {g.json, Form::json},
                                         {g.jsonl, Form::jsonl}};
  int given = 0;
  for (const auto& [flag, form] : forms) {
    if (!flag) continue;
    style.form = form;
    if (++given > 1) throw Usage("--table, --tsv, --csv, --json and --jsonl exclude each other");
  }
  style.header = !g.no_header;
  style.defuse = static_cast<bool>(g.defuse);
  style.colour = colour_wanted();
  style.all_columns = static_cast<bool>(g.full);
  style.width = g.full ? SIZE_MAX / 2 : terminal_width();
  if (g.columns) session_.columns = split_list(*g.columns);

  kith::Fields& extras = session_.extras;
  if (g.by) extras.add("by", *g.by);
  if (g.ip) extras.add("ip", *g.ip);
  if (g.at) extras.add("at", parse_time(session_, "--at", *g.at, Direction::past));
  if (g.key) extras.add("key", *g.key);
  if (g.cause) extras.add("cause", *g.cause);
  for (const std::string& pair : *g.with) {
    auto [name, value] = split_pair("--with", pair);
    extras.add(std::move(name), std::move(value));
  }
  if (extras.size() > 0 && !entry.command->changes)
    throw Usage(std::string(entry.command->name) +
                " changes nothing that the log keeps, so it takes no --by, " +
                "--ip, --at, --key, --cause or --with");
}

int Program::dispatch() {
  const CLI::App* at = app_.get();
  while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
  const Entry* chosen = entry(at);
  try {
    apply_globals(*chosen);
    for (const auto& before : chosen->before) before(session_);
    const int code = chosen->body(session_);
    if (std::fflush(stdout) != 0 || std::ferror(stdout)) throw Failed("the output could not be written");
    return code;
  } catch (const Usage& error) {
    return usage_error(harmless(error.what()) + "\n\"kith " + chosen->command->name + " --help\" shows how");
  } catch (const Failed& error) {
    std::fflush(stdout);
    std::fprintf(stderr, "kith: %s\n", harmless(error.what()).c_str());
  } catch (const kith::Error& error) {
    std::fflush(stdout);
    std::string message = harmless(error.what());
    if (!error.nearest().empty() && message.find(error.nearest()) == std::string::npos)
      message += "; did you mean \"" + harmless(error.nearest()) + "\"?";
    std::fprintf(stderr, "kith: %s\n", message.c_str());
  }
  return 1;
}

int Program::usage_error(const std::string& message) const {
  std::fflush(stdout);
  std::fprintf(stderr, "kith: %s\n", message.c_str());
  return 2;
}

// What is wrong, in our words: CLI11's own name neither the option that was meant nor the form that is right.
std::string Program::complaint(const CLI::ParseError& error, const CLI::App& at,
                               const std::string& last) const {
  if (is_option(last)) {  // it waits for a word
    for (const CLI::App* app = &at; app != nullptr; app = app->get_parent())
      if (const CLI::Option* option = app->get_option_no_throw(last);
          option != nullptr && !option->get_type_name().empty())
        return last + " needs a value after it";
  }
  std::vector<std::string> left = app_->remaining(true);
  auto options_end =
      std::find(left.begin(), left.end(), "--");  // what follows is words, whatever it looks like
  if (options_end != left.end()) options_end = left.erase(options_end);
  const Entry* verb = entry(&at);
  const auto word = std::find_if_not(left.begin(), left.end(), is_option);
  if (verb == nullptr && word != left.end()) {
    std::vector<std::string> known;
    for (const CLI::App* sub : at.get_subcommands([](const CLI::App*) { return true; }))
      known.push_back(sub->get_name());
    const std::string path = path_of(at) + " ";
    const std::string near = nearest_word(*word, known);
    return "there is no command \"" + path + *word + "\"" +
           (near.empty() ? "" : "; did you mean \"" + path + near + "\"?");
  }
  if (const auto option = std::find_if(left.begin(), options_end, is_option); option != options_end)
    return unknown_option(*option, at);
  if (verb == nullptr) return "a command is missing";

  std::string message = error.what();
  constexpr std::string_view required = " is required";
  if (message.ends_with(required)) {
    message.resize(message.size() - required.size());
    message += " is missing";
  } else if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    message = "too much is given:";
    for (const std::string& each : left) message += " " + each;
  } else {
    const std::string name = message.substr(0, message.find(": "));
    if (message.ends_with(" missing")) return name + " needs a value after it";
    if (message.starts_with(name + ": At Most 1 ")) return name + " is given more than once";
    return message;
  }
  const char* before = "; it is ";
  for (const std::string& form : usage_lines(*verb)) {
    message += before + form;
    before = " or ";
  }
  return message;
}

int Program::run(int argc, char** argv) {
  try {
    app_->parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    const CLI::App* at = app_.get();
    while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
    std::cout << help_text(*this, *at) << std::flush;
    return std::cout ? 0 : 1;
  } catch (const CLI::CallForVersion&) {
    std::cout << "kith " << kith_version() << '\n' << std::flush;
    return std::cout ? 0 : 1;
  } catch (const CLI::ParseError& error) {
    const CLI::App* at = app_.get();
    while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
    return usage_error(harmless(complaint(error, *at, argv[argc - 1])) + "\n\"" + path_of(*at) +
                       " --help\" shows how");
  }
  return dispatch();
}

}  // namespace kith_cli
