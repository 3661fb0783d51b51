// What a verb of the command line is: an entry in a table, which declares its arguments and answers what is
// to be done with them. The tables stand in the *_commands.cpp files, one for a topic.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "session.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace kith_cli {

// The value of an argument that may be missing. Known only once the command line is parsed.
class Text {
 public:
  explicit operator bool() const { return value_->has_value(); }
  const std::string& operator*() const { return **value_; }
  // None when it was not given.
  const std::optional<std::string>& optional() const { return *value_; }
  std::string or_else(std::string other) const { return value_->value_or(std::move(other)); }
  void set(std::string text) const { *value_ = std::move(text); }

 private:
  std::shared_ptr<std::optional<std::string>> value_ = std::make_shared<std::optional<std::string>>();
};

class Texts {
 public:
  const std::vector<std::string>& operator*() const { return *value_; }
  const std::vector<std::string>* operator->() const { return value_.get(); }
  void set(std::vector<std::string> texts) const { *value_ = std::move(texts); }

 private:
  std::shared_ptr<std::vector<std::string>> value_ = std::make_shared<std::vector<std::string>>();
};

class Flag {
 public:
  explicit operator bool() const { return *value_; }
  void set() const { *value_ = true; }

 private:
  std::shared_ptr<bool> value_ = std::make_shared<bool>(false);
};

using Body = std::function<int(Session&)>;

// Declares the arguments of one verb. A `type` is the word that help shows for a value - LEAD, TAG, KIND,
// FILE ... - and tells completion what to offer.
class Args {
 public:
  Args(CLI::App& app, std::vector<std::string>& usage, std::vector<std::function<void(Session&)>>& before)
      : app_(app), usage_(usage), before_(before) {}

  Text word(const std::string& type, const std::string& help);    // must be given
  Text maybe(const std::string& type, const std::string& help);   // may be missing
  Texts words(const std::string& type, const std::string& help);  // any number
  Text option(const std::string& name, const std::string& type, const std::string& help);
  Texts options(const std::string& name, const std::string& type, const std::string& help);  // repeatable
  Flag flag(const std::string& name, const std::string& help);

  // Options that go into the library's `with` under a name of their own.
  void extra(const std::string& name, const std::string& type, const std::string& with,
             const std::string& help);
  void extra_many(const std::string& name, const std::string& type, const std::string& with,
                  const std::string& help);
  void extra_time(const std::string& name, const std::string& with, const std::string& help, Direction spans);
  void extra_flag(const std::string& name, const std::string& with, const std::string& help);

  // The forms that help shows instead of the one that follows from the words.
  void usage(std::vector<std::string> forms) { usage_ = std::move(forms); }

 private:
  CLI::App& app_;
  std::vector<std::string>& usage_;
  std::vector<std::function<void(Session&)>>& before_;
};

struct Command {
  const char* name;     // "find", or "tag assign": the second word is a verb of the group `tag`
  const char* summary;  // what it does, one line
  const char* example;  // one command a line; the tests run them, in a file that holds Ada and Bob
  Body (*declare)(Args& args);
  bool changes = false;  // takes --by, --ip, --at, --key, --cause and --with
};

struct Topic {
  const char* name;
  std::span<const Command> commands;
};

// All there is, in the order of the help.
std::span<const Topic> topics();
// The groups whose verbs are two words, and what they are about.
const char* group_summary(std::string_view group);

std::span<const Command> file_commands();
std::span<const Command> thing_commands();
std::span<const Command> lead_commands();
std::span<const Command> person_commands();
std::span<const Command> tag_commands();
std::span<const Command> list_commands();
std::span<const Command> sending_commands();
std::span<const Command> token_commands();
std::span<const Command> log_commands();
std::span<const Command> import_commands();
std::span<const Command> shell_commands();

}  // namespace kith_cli
