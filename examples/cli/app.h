// The whole command line: global options, every verb with its arguments, parsing and running. Help,
// completion and the manual page are read off it.
#pragma once

#include <CLI/App.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "command.h"

namespace kith_cli {

// One verb as it stands on the command line.
struct Entry {
  const Command* command = nullptr;
  const char* topic = nullptr;
  CLI::App* app = nullptr;
  Body body;
  std::vector<std::string> usage;                     // the forms that help shows
  std::vector<std::function<void(Session&)>> before;  // puts options into the session
};

class Program {
 public:
  Program();
  // Parses and runs; answers the exit code. What fails is said on standard error.
  int run(int argc, char** argv);

  CLI::App& app() { return *app_; }
  const std::deque<Entry>& entries() const { return entries_; }
  // The verb that is this part of the command line; null for the root and for groups.
  const Entry* entry(const CLI::App* app) const;
  Session& session() { return session_; }

 private:
  void declare_globals();
  void declare_commands();
  int dispatch();
  void apply_globals(const Entry& entry);
  int usage_error(const std::string& message) const;
  // What is wrong; `last` is the last word of the command line.
  std::string complaint(const CLI::ParseError& error, const CLI::App& at, const std::string& last) const;

  struct Globals;
  std::shared_ptr<Globals> globals_;
  std::unique_ptr<CLI::App> app_;
  std::deque<Entry> entries_;  // a deque, since App callbacks point into it
  Session session_;
};

// The verb or group of this name directly below `app`, or null.
CLI::App* find_below(CLI::App& app, const std::string& name);

// Where the file is: -f, else $KITH_FILE, else crm.kith.
std::string default_file();

// The help of the root, of a group or of a verb.
std::string help_text(const Program& program, const CLI::App& app);
// How a verb is written, a line for each form: "kith tag assign LEAD TAG".
std::vector<std::string> usage_lines(const Entry& entry);
// The manual page, in man(7) form: the one in the tree is this text.
std::string manual_page(Program& program);

// Answers for the shells: what may stand where the last word is.
int complete(Program& program, const std::vector<std::string>& words);
// The script for a shell, or "" for an unknown one.
std::string completion_script(const std::string& shell);

}  // namespace kith_cli
