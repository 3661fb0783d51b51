// One step on the model: which status the call must have answered, what it must have changed, and how many events that
// makes. What only the file can know - new ids, a token's text - is taken from the answer.
#pragma once

#include <string>
#include <vector>

#include "kith.h"
#include "sim/model.h"
#include "sim/step.h"

namespace kith::sim {

struct Answer {
  kith_status status = KITH_OK;
  std::string message = {};
  Id id = 0;  // of what was put
  Id event = 0;
  std::int64_t number = 0;  // changed, done
  std::int32_t outcome = 0;
  std::string text = {};     // of a token
  std::vector<Id> ids = {};  // rows
};

// Acts on lists and tags, which several verbs have in common.
class Acts {
 public:
  Acts(Model& model, const ConsentTable& table, Millis time, Millis of_act)
      : m(model), table_(table), now(time), at(of_act) {}

  struct Result {
    bool refused = false;
    bool changed = false;
  };
  struct How {
    std::string act;
    bool subscribes = false;
    bool own = false;
    bool welcome = true;
  };
  Result on_list(Lead& lead, const List& list, const How& how);
  bool on_every_list(Lead& lead, const How& how);
  std::int64_t on_many(const std::vector<Id>& leads, const List& list, const How& how, bool each_agreed);
  void settle(Lead& lead, Id list);  // what has lapsed

  // Whether something changed; throws INVALID.
  bool assign(Lead& lead, Id tag, std::optional<Millis> until);
  void end_past(Lead& lead, Id tag);
  Millis end_of(Id tag) const;  // of an assignment of now; 0: never

  std::vector<Id> leads_with(const std::string& target) const;
  bool suppress(const std::string& target, const std::string& channel, const std::string& reason);
  bool unsuppress(const std::string& target, const std::string& channel,
                  const std::string& reason);  // any channel: ""

  Id event() { return ++m.last_event; }

  Model& m;
  const ConsentTable& table_;
  Millis now;
  Millis at;

 private:
  bool ask(Lead& lead, const List& list);
  void move(Lead& lead, const List& list, const How& how, const Effect& effect, State from);
};

// What must become of the call otherwise.
struct Fails {
  kith_status status;
};

// "" or what is wrong. `model` becomes what it is after the step, or is to be thrown away when the status is a failure.
std::string play(Model& model, const ConsentTable& table, const Step& step, Millis now, const Answer& got);

Acts::How subscribing(int mode);

// What the numbers of a step mean to the call and to the model alike.
std::string condition_of(const Step& step);  // "" for everybody
std::vector<Id> found_by(const Model& model, const Step& step, Millis now);
std::vector<int> rows_put(const Step& step);                    // addresses; -1: none
std::optional<Millis> end_given(const Step& step, Millis now);  // of an assignment; 0: never
Millis pause_end(const Step& step, Millis now);
int limit_of_run(const Step& step);
std::string channel_of_step(const Step& step);
std::string reason_of_step(const Step& step);
std::string purpose_of(const Step& step);
bool purpose_has_list(const Step& step);
Id note_meant(const Model& model, const Step& step);
std::size_t merge_meant(const Model& model, const Step& step);
std::string address_meant(const Model& model, const Step& step);
std::size_t token_meant(const Model& model, const Step& step);  // past the last: none

}  // namespace kith::sim
