// Help texts and the manual page, read off the command line itself.
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <sstream>

#include "app.h"
#include "terminal.h"

namespace kith_cli {
namespace {

constexpr size_t help_width = 79;

// Words broken into lines, the later ones indented.
std::string wrapped(const std::string& text, size_t first, size_t indent) {
  std::istringstream words(text);
  std::string out, word;
  size_t column = first;
  while (words >> word) {
    if (column + 1 + word.size() > help_width && column > indent) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (!out.empty()) {
      out += ' ';
      ++column;
    }
    out += word;
    column += display_width(word);
  }
  return out;
}

// "  name       what it is", aligned by the caller's width for names.
std::string line(const std::string& name, const std::string& help, size_t width) {
  const size_t indent = 2 + width + 2;
  std::string out = "  " + name;
  if (name.size() > width)
    out += "\n" + std::string(indent, ' ');
  else
    out += std::string(width - name.size() + 2, ' ');
  return out + wrapped(help, indent, indent) + "\n";
}

std::vector<const CLI::Option*> options_of(const CLI::App& app, bool positional) {
  return app.get_options([positional](const CLI::Option* option) {
    return option->get_positional() == positional && !option->get_group().empty();
  });
}

std::string option_name(const CLI::Option& option) {
  if (option.get_positional()) return option.get_type_name();
  std::string name = option.get_name(false, true);
  if (const size_t comma = name.find(','); comma != std::string::npos) name.insert(comma + 1, " ");
  if (!option.get_type_name().empty()) name += " " + option.get_type_name();
  return name;
}

std::string options_text(const std::vector<const CLI::Option*>& options) {
  size_t width = 0;
  for (const CLI::Option* option : options) width = std::max(width, option_name(*option).size());
  width = std::min<size_t>(width, 24);
  std::string out;
  for (const CLI::Option* option : options)
    out += line(option_name(*option), option->get_description(), width);
  return out;
}

std::string command_path(const CLI::App& app) {
  std::string path = app.get_name();
  for (const CLI::App* up = app.get_parent(); up != nullptr; up = up->get_parent())
    path = up->get_name() + " " + path;
  return path;
}

// The forms of the arguments, such as "LEAD TAG".
std::vector<std::string> usage_forms(const Entry& entry) {
  if (!entry.usage.empty()) return entry.usage;
  std::string form;
  for (const CLI::Option* word : options_of(*entry.app, true)) {
    std::string name = word->get_type_name();
    if (word->get_expected_max() > 1) name += " ...";
    if (!form.empty()) form += ' ';
    form += word->get_required() ? name : "[" + name + "]";
  }
  return {form};
}

std::vector<std::string> example_lines(const Command& command) {
  std::vector<std::string> lines;
  std::istringstream text(command.example);
  for (std::string each; std::getline(text, each);) lines.push_back(each);
  return lines;
}

std::string verb_help(const Entry& entry) {
  std::string out = std::string(entry.command->summary) + ".\n\n";
  const char* before = "Usage: ";
  for (const std::string& form : usage_lines(entry)) {
    out += before + form + "\n";
    before = "       ";
  }
  if (const auto words = options_of(*entry.app, true); !words.empty()) out += "\n" + options_text(words);
  auto options = options_of(*entry.app, false);
  out += "\nOptions:\n" + options_text(options);
  out +=
      wrapped("Options of every command (file, form of the answer, who and when): kith --help", 0, 0) + "\n";
  out += "\nExample:\n";
  for (const std::string& each : example_lines(*entry.command)) out += "  " + each + "\n";
  return out;
}

std::string verb_list(const Program& program, const CLI::App& group) {
  std::string out;
  size_t width = 0;
  for (const Entry& entry : program.entries())
    width = std::max(width, std::string(entry.command->name).size());
  const char* topic = "";
  for (const Entry& entry : program.entries()) {
    if (group.get_parent() != nullptr && entry.app->get_parent() != &group) continue;
    if (group.get_parent() == nullptr && std::string(topic) != entry.topic) {
      topic = entry.topic;
      out += std::string(out.empty() ? "" : "\n") + topic + "\n";
    }
    out += line(entry.command->name, entry.command->summary, width);
  }
  return out;
}

std::string group_help(const Program& program, const CLI::App& group) {
  std::string out = group.get_description() + ".\n\nUsage: " + command_path(group) + " COMMAND ...\n\n";
  out += verb_list(program, group);
  for (const Entry& entry : program.entries()) {
    if (entry.app->get_parent() != &group) continue;
    out += "\nExample:\n  " + example_lines(*entry.command).front() + "\n";
    break;
  }
  return out;
}

std::string root_help(const Program& program, const CLI::App& root) {
  std::string out = root.get_description() + "\n\nUsage: kith [-f FILE] COMMAND ...\n\n";
  out += verb_list(program, root);
  out += "\nOptions, before or after the command\n" + options_text(options_of(root, false));
  out += "\n" +
         wrapped(
             "A lead is an e-mail address, a number (its id) or external:KEY; other things go by "
             "their name or id:N. KITH_FILE names the file, KITH_OUTPUT the form of answers "
             "(table, tsv, csv, json, jsonl), KITH_NOW the time to go by, as RFC 3339. NO_COLOR "
             "turns colour off. Exit code: 0 done, 1 refused or failed, 2 wrong usage.",
             0, 0) +
         "\n";
  out +=
      "\nExample:\n  kith put lead email=ada@example.com first_name=Ada\n"
      "  kith tag assign ada@example.com VIP\n"
      "  kith find lead --where \"tag 'VIP'\"\n";
  return out;
}

// Text for man(7): what would begin a request or an escape is defused.
std::string roff(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
  }
  if (!out.empty() && (out[0] == '.' || out[0] == '\'')) out.insert(0, "\\&");
  return out;
}

void append_options(std::string& out, const std::vector<const CLI::Option*>& options) {
  for (const CLI::Option* option : options)
    out += ".TP\n.B " + roff(option_name(*option)) + "\n" + roff(option->get_description()) + ".\n";
}

}  // namespace

std::string help_text(const Program& program, const CLI::App& app) {
  if (app.get_parent() == nullptr) return root_help(program, app);
  if (const Entry* entry = program.entry(&app)) return verb_help(*entry);
  return group_help(program, app);
}

std::vector<std::string> usage_lines(const Entry& entry) {
  std::vector<std::string> lines = usage_forms(entry);
  for (std::string& line : lines) line = command_path(*entry.app) + (line.empty() ? "" : " " + line);
  return lines;
}

std::string manual_page(Program& program) {
  std::string out =
      ".\\\" Made by \"kith __man\": change the help texts of the command instead.\n"
      ".TH KITH 1 \"\" \"Kith\" \"Kith\"\n"
      ".SH NAME\nkith \\- a CRM in one file\n"
      ".SH SYNOPSIS\n.B kith\n[\\fB\\-f\\fR \\fIFILE\\fR] \\fICOMMAND\\fR ...\n"
      ".SH DESCRIPTION\n"
      "Keeps leads, tags, lists with consent, and a log of all that happened, in one\n"
      "file that any program may use through libkith at the same time.\n"
      "A lead is named by an e\\-mail address, a number (its id) or external:KEY; other\n"
      "things by their name or id:N.\n"
      ".PP\nOn a terminal answers are tables that fit it, and say what they leave out;\n"
      "elsewhere they are tab\\-separated lines below a line of names, complete, with\n"
      "tab, line break and backslash written \\et, \\en, \\er and \\e\\e.\n"
      "What could steer a terminal is written as an escape on one, in every form.\n"
      ".SH OPTIONS\nThey may stand before or after the command.\n";
  append_options(out, options_of(program.app(), false));
  out += ".SH COMMANDS\n";
  const char* topic = "";
  for (const Entry& entry : program.entries()) {
    if (std::string(topic) != entry.topic) {
      topic = entry.topic;
      out += ".SS " + roff(topic) + "\n";
    }
    bool first = true;
    for (const std::string& form : usage_forms(entry)) {
      out += first ? ".TP\n" : ".TQ\n";
      out += "\\fBkith " + roff(entry.command->name) + "\\fR" + (form.empty() ? "" : " " + roff(form)) + "\n";
      first = false;
    }
    out += roff(entry.command->summary) + ".\n";
    std::vector<const CLI::Option*> options;
    for (const CLI::Option* option : options_of(*entry.app, false))
      if (option != entry.app->get_help_ptr()) options.push_back(option);
    if (!options.empty()) {
      out += ".RS\n";
      append_options(out, options);
      out += ".RE\n";
    }
    out += ".RS\n.PP\n.nf\n";
    for (const std::string& each : example_lines(*entry.command)) out += roff(each) + "\n";
    out += ".fi\n.RE\n";
  }
  out +=
      ".SH ENVIRONMENT\n"
      ".TP\n.B KITH_FILE\nThe file, when \\-f is not given; without it crm.kith.\n"
      ".TP\n.B KITH_OUTPUT\nThe form of answers: table, tsv, csv, json or jsonl.\n"
      ".TP\n.B KITH_NOW\nThe time to go by instead of the clock, as RFC 3339; for tests.\n"
      ".TP\n.B NO_COLOR\nWhen set and not empty, nothing is coloured.\n"
      ".TP\n.B COLUMNS\nThe width of the terminal.\n"
      ".SH EXIT STATUS\n0 when it was done, 1 when it was refused or failed, 2 when the command line was "
      "wrong.\n"
      ".SH FILES\ncrm.kith, and beside it, while it is open, crm.kith\\-wal and crm.kith\\-shm, which belong "
      "to "
      "it.\nA live file must not be copied by itself: kith backup makes a copy.\n";
  return out;
}

}  // namespace kith_cli
