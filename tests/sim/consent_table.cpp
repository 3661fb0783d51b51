#include "sim/consent_table.h"

#include <sstream>
#include <stdexcept>
#include <vector>

namespace kith::sim {

namespace {

constexpr const char* names[states] = {"none",         "pending", "subscribed",
                                       "unsubscribed", "bounced", "complained"};

std::string trimmed(const std::string& text) {
  std::size_t from = text.find_first_not_of(' ');
  return from == std::string::npos ? "" : text.substr(from, text.find_last_not_of(' ') - from + 1);
}

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::stringstream in(line.substr(1));
  for (std::string cell; std::getline(in, cell, '|');) cells.push_back(trimmed(cell));
  return cells;
}

Effect effect_of(const std::string& cell) {
  Effect effect;
  std::stringstream in(cell);
  for (std::string part; std::getline(in, part, ',');) {
    part = trimmed(part);
    if (part == "-") continue;
    bool known = true;
    if (part == "REFUSED")
      effect.refused = true;
    else if (part == "*confirm*")
      effect.confirm = true;
    else if (part == "*welcome*")
      effect.welcome = true;
    else if (part == "`consent`")
      effect.consents = true;
    else
      known = false;
    for (int state = 0; state < states && !known; ++state) {
      if (part != names[state]) continue;
      effect.moves = known = true;
      effect.to = static_cast<State>(state);
    }
    if (!known) throw std::runtime_error("docs/consent.md: what does " + part + " mean?");
  }
  return effect;
}

}  // namespace

const char* state_name(State state) { return names[static_cast<int>(state)]; }

ConsentTable::ConsentTable(const std::string& text) {
  std::stringstream in(text);
  bool within = false;
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("| act | lists |", 0) == 0) {
      within = true;
      std::getline(in, line);
      continue;
    }
    if (!within) continue;
    if (line.empty() || line[0] != '|') break;
    std::vector<std::string> cells = cells_of(line);
    if (cells.size() < 2 + states) throw std::runtime_error("docs/consent.md: a row is too short: " + line);
    Row row;
    for (int state = 0; state < states; ++state)
      row.effects[state] = effect_of(cells[static_cast<std::size_t>(2 + state)]);
    for (auto [name, opt_in] : {std::pair("single", OptIn::single), std::pair("double", OptIn::twice),
                                std::pair("out", OptIn::out)}) {
      if (cells[1] == "all" || cells[1].find(name) != std::string::npos) rows_[{cells[0], opt_in}] = row;
    }
  }
  if (rows_.size() < 40) throw std::runtime_error("docs/consent.md has no table of acts");
}

const Effect& ConsentTable::effect(const std::string& act, OptIn opt_in, State state) const {
  auto row = rows_.find({act, opt_in});
  if (row == rows_.end()) throw std::runtime_error("docs/consent.md has no act " + act);
  return row->second.effects[static_cast<int>(state)];
}

}  // namespace kith::sim
