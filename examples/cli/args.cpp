// Args over CLI11.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "command.h"

namespace kith_cli {
namespace {

// CLI11 wants one value a use of an option; left alone it would take all words that follow.
CLI::Option* repeatable(CLI::Option* option) {
  return option->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

CLI::Option* add_text(CLI::App& app, const std::string& name, const Text& text, const std::string& type,
                      const std::string& help) {
  CLI::Option* option = app.add_option_function<std::string>(
      name, [text](const std::string& value) { text.set(value); }, help);
  return option->type_name(type);
}

}  // namespace

// Positional arguments need names for CLI11's messages ("LEAD is required"): the letters of their type.
static std::string word_name(const std::string& type) { return type.substr(0, type.find_first_of("=: ")); }

Text Args::word(const std::string& type, const std::string& help) {
  Text text;
  add_text(app_, word_name(type), text, type, help)->required();
  return text;
}

Text Args::maybe(const std::string& type, const std::string& help) {
  Text text;
  add_text(app_, word_name(type), text, type, help);
  return text;
}

Texts Args::words(const std::string& type, const std::string& help) {
  Texts texts;
  app_.add_option_function<std::vector<std::string>>(
          word_name(type), [texts](const std::vector<std::string>& values) { texts.set(values); }, help)
      ->type_name(type);
  return texts;
}

Text Args::option(const std::string& name, const std::string& type, const std::string& help) {
  Text text;
  add_text(app_, name, text, type, help);
  return text;
}

Texts Args::options(const std::string& name, const std::string& type, const std::string& help) {
  Texts texts;
  repeatable(app_.add_option_function<std::vector<std::string>>(
                 name, [texts](const std::vector<std::string>& values) { texts.set(values); }, help))
      ->type_name(type);
  return texts;
}

Flag Args::flag(const std::string& name, const std::string& help) {
  Flag flag;
  app_.add_flag_callback(
      name, [flag] { flag.set(); }, help);
  return flag;
}

void Args::extra(const std::string& name, const std::string& type, const std::string& with,
                 const std::string& help) {
  const Text text = option(name, type, help);
  before_.push_back([text, with](Session& session) {
    if (text) session.extras.add(with, *text);
  });
}

void Args::extra_many(const std::string& name, const std::string& type, const std::string& with,
                      const std::string& help) {
  const Texts texts = options(name, type, help);
  before_.push_back([texts, with](Session& session) {
    for (const std::string& text : *texts) session.extras.add(with, text);
  });
}

void Args::extra_time(const std::string& name, const std::string& with, const std::string& help,
                      Direction spans) {
  const Text text = option(name, "TIME", help);
  before_.push_back([text, name, with, spans](Session& session) {
    if (text) session.extras.add(with, parse_time(session, name, *text, spans));
  });
}

void Args::extra_flag(const std::string& name, const std::string& with, const std::string& help) {
  const Flag given = flag(name, help);
  before_.push_back([given, with](Session& session) {
    if (given) session.extras.add(with, 1);
  });
}

}  // namespace kith_cli
