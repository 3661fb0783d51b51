// The table of docs/consent.md, read from there: the simulator's model knows of consent what the documentation says.
#pragma once

#include <map>
#include <string>

namespace kith::sim {

enum class State { none, pending, subscribed, unsubscribed, bounced, complained };
inline constexpr int states = 6;
const char* state_name(State state);

enum class OptIn { single, twice, out };

struct Effect {
  bool refused = false;
  bool moves = false;
  State to = State::none;
  bool confirm = false;
  bool welcome = false;
  bool consents = false;
};

class ConsentTable {
 public:
  explicit ConsentTable(const std::string& text);  // throws when it is no such table
  const Effect& effect(const std::string& act, OptIn opt_in, State state) const;

 private:
  struct Row {
    Effect effects[states];
  };
  std::map<std::pair<std::string, OptIn>, Row> rows_;
};

}  // namespace kith::sim
