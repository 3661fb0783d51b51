// Answers for the completion of shells: which words may stand where the last one is. The first line says
// what follows: "words", "partial" (more of the same word will follow) or "files" (the shell knows those);
// then a candidate a line, with a tab and its meaning where there is one.
#include <algorithm>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>

#include "app.h"
#include "query.h"
#include "terminal.h"

namespace kith_cli {
namespace {

constexpr int64_t leads_offered = 50;
constexpr int64_t names_offered = 5000;

const std::map<std::string, std::vector<std::string>> fixed_words = {
    {"PURPOSE", {"confirm", "unsubscribe", "preferences", "data"}},
    {"REPORT", {"bounced", "complained", "delivered"}},
    {"CHANNEL", {"email", "sms", "all"}},
    {"REASON", {"manual", "hard_bounce", "soft_bounce", "complaint", "erased", "stop"}},
    {"WAY", {"host", "form", "import", "automation"}},
    {"WHICH", {"fill", "newer", "other"}},
    {"TYPE", {"hard", "soft"}},
    {"SHELL", {"bash", "zsh", "fish"}},
};

bool begins(std::string_view text, std::string_view prefix) {
  if (text.size() < prefix.size()) return false;
  // Tags and lists ignore case, so candidates do too; ASCII is enough for what is typed half.
  return std::equal(prefix.begin(), prefix.end(), text.begin(), [](char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return lower(a) == lower(b);
  });
}

class Completer {
 public:
  Completer(Program& program, const std::vector<std::string>& words) : program_(program), words_(words) {}

  void answer() {
    session_.file = default_file();
    walk();
    const std::string current = words_.empty() ? "" : words_.back();
    if (pending_ != nullptr) {
      offer(pending_->get_type_name(), current, "");
    } else if (const size_t equals = current.find('=');
               !only_words_ && begins(current, "--") && equals != std::string::npos) {
      if (const CLI::Option* option = find_option(current.substr(0, equals)))
        offer(option->get_type_name(), current.substr(equals + 1), current.substr(0, equals + 1));
    } else if (!only_words_ && begins(current, "-")) {
      offer_options(current);
    } else if (const auto subs = at_->get_subcommands([](const CLI::App*) { return true; }); !subs.empty()) {
      for (const CLI::App* sub : subs) add(sub->get_name(), sub->get_description(), current, "");
    } else if (const CLI::Option* word = positional()) {
      offer(word->get_type_name(), current, "");
    }
    std::printf("%s\n", directive_);
    for (const std::string& line : lines_) std::printf("%s\n", line.c_str());
  }

 private:
  // Goes over the words before the last: which verb, which words of it are there, what an option waits for.
  void walk() {
    at_ = &program_.app();
    for (size_t i = 0; i + 1 < words_.size(); ++i) {
      const std::string& word = words_[i];
      if (pending_ != nullptr) {
        take_value(pending_, word);
        pending_ = nullptr;
      } else if (only_words_ || !begins(word, "-") || word == "-") {
        CLI::App* sub = find_below(*at_, word);
        if (sub != nullptr && given_.empty())
          at_ = sub;
        else
          given_.push_back(word);
      } else if (word == "--") {
        only_words_ = true;
      } else {
        const size_t equals = word.find('=');
        const CLI::Option* option = find_option(word.substr(0, equals));
        if (option == nullptr || option->get_type_name().empty()) continue;
        if (equals == std::string::npos)
          pending_ = option;
        else
          take_value(option, word.substr(equals + 1));
      }
    }
  }

  void take_value(const CLI::Option* option, const std::string& value) {
    if (option->check_name("--file")) session_.file = value;
    if (option->check_name("--where")) where_given_ = true;
    if (option->check_name("--kind")) kind_option_ = value;
  }

  const CLI::Option* find_option(const std::string& name) const {
    for (const CLI::App* app = at_; app != nullptr; app = app->get_parent())
      if (const CLI::Option* option = app->get_option_no_throw(name)) return option;
    return nullptr;
  }

  void offer_options(const std::string& current) {
    for (const CLI::App* app = at_; app != nullptr; app = app->get_parent())
      for (const CLI::Option* option : app->get_options())
        for (const std::string& name : option->get_lnames())
          if (app == at_ || is_of_use("--" + name)) add("--" + name, option->get_description(), current, "");
  }

  // Whether an option of every command says anything here.
  bool is_of_use(const std::string& option) const {
    if (option == "--version" || at_->get_option_no_throw(option) != nullptr)
      return false;  // each level has --help
    const Entry* verb = program_.entry(at_);
    if (verb == nullptr || verb->command->changes) return true;
    for (const char* told : {"--by", "--ip", "--at", "--key", "--cause", "--with"})
      if (option == told) return false;
    return true;
  }

  // The word that stands next, by the ones that are given.
  const CLI::Option* positional() const {
    const auto words = at_->get_options([](const CLI::Option* option) { return option->get_positional(); });
    size_t index = given_.size();
    // With --where the lead is left out, and what would follow it comes first.
    if (where_given_ && !words.empty() && words[0]->get_type_name() == "LEAD") ++index;
    if (index < words.size()) return words[index];
    return !words.empty() && words.back()->get_expected_max() > 1 ? words.back() : nullptr;
  }

  std::string kind() const {
    if (!kind_option_.empty()) return kind_option_;
    const auto words = at_->get_options([](const CLI::Option* option) { return option->get_positional(); });
    if (!words.empty() && words[0]->get_type_name() == "KIND" && !given_.empty()) return given_[0];
    return "lead";
  }

  // Whether the command does anything with this kind.
  bool takes(const kith::Row& kind) const {
    const std::string& verb = at_->get_name();
    if (verb == "put") return kind["writable"].boolean();
    if (verb == "remove") return kind["removable"].boolean();
    if (verb == "rename")
      return kind["writable"].boolean() && kind["owner"].view() == "definition" &&
             !kind["name"].view().empty();
    return true;
  }

  // What a value of this type may be. `before` is the part of the word that stands already.
  void offer(const std::string& type, const std::string& current, const std::string& before) {
    if (const auto fixed = fixed_words.find(type); fixed != fixed_words.end()) {
      for (const std::string& word : fixed->second) add(word, "", current, before);
    } else if (type == "FILE") {
      directive_ = "files";
    } else if (type == "KIND") {
      const kith::Rows kinds = schema("kinds");
      for (const kith::Row row : kinds)
        if (takes(row)) add(row["kind"].text(), row["summary"].text(), current, before);
    } else if (type == "EVENT") {
      const kith::Rows events = schema("events");
      for (const kith::Row row : events) add(row["event"].text(), row["summary"].text(), current, before);
    } else if (type == "TAG" || type == "OTHER-TAG") {
      offer_names("tag", current, before);
    } else if (type == "LIST") {
      offer_names("list", current, before);
    } else if (type == "LEAD" || type == "OTHER") {
      offer_names("lead", current, before);
    } else if (type == "NAME") {
      offer_names(kind(), current, before);
    } else if (type == "FIELD=VALUE") {
      offer_assignment(current, before);
    } else if (type == "COLUMN=FIELD") {
      const size_t equals = current.rfind('=');
      if (equals != std::string::npos)
        offer_fields("lead", "writable", current.substr(equals + 1), before + current.substr(0, equals + 1),
                     "");
    } else if (type == "FIELD" || type == "COLUMNS") {
      const size_t comma = current.rfind(',');
      std::string done = comma == std::string::npos ? "" : current.substr(0, comma + 1);
      if (type == "FIELD" && begins(current.substr(done.size()), "-")) done += "-";
      offer_fields(kind(), type == "FIELD" ? "sortable" : "", current.substr(done.size()), before + done, "");
    }
  }

  void offer_assignment(const std::string& current, const std::string& before) {
    const size_t equals = current.find('=');
    if (equals == std::string::npos) {
      directive_ = "partial";
      return offer_fields(kind(), "writable", current, before, "=");
    }
    const kith::Rows fields = schema("fields");
    for (const kith::Row field : fields) {
      if (field["kind"].view() != kind() || field["field"].view() != current.substr(0, equals)) continue;
      const std::string rest = current.substr(equals + 1);
      const std::string done = before + current.substr(0, equals + 1);
      if (const std::string refers = field["refers"].text(); !refers.empty()) offer_names(refers, rest, done);
      if (field["type"].view() == "boolean")
        for (const char* word : {"true", "false"}) add(word, "", rest, done);
      const auto options = nlohmann::json::parse(field["options"].view(), nullptr, false);
      if (!options.is_array()) continue;
      for (const auto& option : options)
        if (option.is_string()) add(option.get<std::string>(), "", rest, done);
    }
  }

  void offer_fields(const std::string& of, const char* must, const std::string& current,
                    const std::string& before, const std::string& after) {
    const kith::Rows fields = schema("fields");
    for (const kith::Row field : fields)
      if (field["kind"].view() == of && (*must == '\0' || field[must].boolean()))
        add(field["field"].text() + after, field["summary"].text(), current, before);
  }

  void offer_names(const std::string& of, const std::string& current, const std::string& before) {
    kith::Database* db = session_.db_if_readable();
    if (db == nullptr) return;
    const std::string name = name_field(of);
    if (name.empty()) return;
    kith::Query query;
    query.columns = name;
    query.limit = names_offered;
    if (of == "lead") {  // there may be millions
      query.limit = leads_offered;
      query.sort = name;
      if (!current.empty()) {
        query.where = name + " starts with ?";
        query.args = {current};
      }
    }
    try {
      for (const kith::Row row : db->find_page(of, query)) add(row[0].text(), "", current, before);
    } catch (const kith::Error&) {  // then there is nothing to offer
    }
  }

  // The field by which things of a kind are named; "" when they have only ids.
  std::string name_field(const std::string& of) {
    for (const kith::Row kind : schema("kinds"))
      if (kind["kind"].view() == of) return kind["name"].text();
    return {};
  }

  kith::Rows schema(std::string_view topic) {
    try {
      kith::Database* db = session_.db_if_readable();
      // The kinds are the same in every file.
      return db != nullptr ? db->schema(topic) : session_.db_in_memory().schema(topic);
    } catch (const kith::Error&) {  // then there is nothing to offer
      return {};
    }
  }

  void add(const std::string& candidate, const std::string& meaning, const std::string& current,
           const std::string& before) {
    if (!begins(candidate, current)) return;
    // A name with a line break in it cannot be offered in lines, and one that moves the cursor must not be.
    if (harmless(candidate) != candidate) return;
    std::string line = before + candidate;
    if (!meaning.empty()) line += "\t" + meaning.substr(0, meaning.find('\n'));
    lines_.push_back(std::move(line));
  }

  Program& program_;
  const std::vector<std::string>& words_;
  Session session_;
  CLI::App* at_ = nullptr;
  const CLI::Option* pending_ = nullptr;  // an option that waits for its value
  std::vector<std::string> given_;        // words of the verb
  std::string kind_option_;
  bool only_words_ = false;  // after "--"
  bool where_given_ = false;
  const char* directive_ = "words";
  std::vector<std::string> lines_;
};

}  // namespace

int complete(Program& program, const std::vector<std::string>& words) {
  Completer(program, words).answer();
  return 0;
}

}  // namespace kith_cli
