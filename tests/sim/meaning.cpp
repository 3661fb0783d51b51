#include <algorithm>

#include "sim/play.h"

namespace kith::sim {

namespace {

constexpr Millis hour = 3'600'000;
constexpr const char* reasons[] = {"manual", "hard_bounce", "soft_bounce", "complaint", "erased", "stop"};
constexpr const char* channels[] = {"all", "email", "sms"};
constexpr const char* purposes[] = {"confirm", "unsubscribe", "preferences", "data"};
constexpr State asked[] = {State::subscribed, State::pending, State::unsubscribed, State::bounced,
                           State::complained};

}  // namespace

std::string condition_of(const Step& step) {
  switch (step.c % 4) {
    case 0:
      return "";
    case 1:
      return "tag '" + tag_of(step.a) + "'";
    case 2:
      return "not tag '" + tag_of(step.a) + "'";
    default:
      return "list '" + list_of(step.a) + "' " + state_name(asked[step.a / 4 % 5]);
  }
}

std::vector<Id> found_by(const Model& model, const Step& step, Millis now) {
  int kind = step.c % 4;
  Id thing = kind == 0 ? 0 : kind == 3 ? model.list(list_of(step.a)) : model.tag(tag_of(step.a));
  if (kind != 0 && thing == 0) throw Fails{KITH_NOT_FOUND};
  std::vector<Id> found;
  for (const auto& [id, lead] : model.leads) {
    bool fits = true;
    if (kind == 1 || kind == 2) {
      auto has = lead.tags.find(thing);
      bool has_it = has != lead.tags.end() && (has->second == 0 || has->second > now);
      fits = has_it == (kind == 1);
    } else if (kind == 3) {
      State state = model.counted(lead, thing, now);
      if (state == State::none && model.lists.at(thing).opt_in == OptIn::out) state = State::subscribed;
      fits = state == asked[step.a / 4 % 5];
    }
    if (fits) found.push_back(id);
  }
  return found;
}

std::vector<int> rows_put(const Step& step) {
  std::vector<int> rows = {step.a, step.a + 1 + step.b % 3, step.a};
  if (step.verb == Verb::put_many && step.c % 3 == 0) rows.insert(rows.begin() + 1, -1);
  return rows;
}

std::optional<Millis> end_given(const Step& step, Millis now) {
  switch (step.d % 4) {
    case 0:
      return 0;
    case 1:
      return now + (1 + step.d) * hour;
    default:
      return std::nullopt;
  }
}

Millis pause_end(const Step& step, Millis now) { return now + (1 + step.c) * hour; }
int limit_of_run(const Step& step) { return step.a % 3 == 0 ? 1 + step.b % 3 : 0; }
std::string channel_of_step(const Step& step) { return channels[step.b % 3]; }
std::string reason_of_step(const Step& step) { return reasons[step.c % 6]; }
std::string purpose_of(const Step& step) {
  return purposes[step.c % 8 / 2 == 3 && step.c > 80 ? 3 : std::max(0, step.c % 8 / 2 - 1)];
}
bool purpose_has_list(const Step& step) {
  return purpose_of(step) == "confirm" || purpose_of(step) == "unsubscribe";
}

// Mostly one for what the step does with it.
std::size_t token_meant(const Model& model, const Step& step) {
  const char* purpose = step.verb == Verb::confirm                ? "confirm"
                        : step.verb == Verb::unsubscribe_by_token ? "unsubscribe"
                                                                  : "preferences";
  std::vector<std::size_t> fitting;
  for (std::size_t i = 0; i < model.tokens.size(); ++i) {
    if (step.a % 8 == 0 || step.verb == Verb::token_revoke || model.tokens[i].purpose == purpose)
      fitting.push_back(i);
  }
  return fitting.empty() ? model.tokens.size()
                         : fitting[static_cast<std::size_t>(step.a / 8) % fitting.size()];
}

// Mostly the last.
std::size_t merge_meant(const Model& model, const Step& step) {
  std::size_t count = model.merges.size();
  return count == 0 ? 0 : step.a % 4 == 0 ? static_cast<std::size_t>(step.a) % count : count - 1;
}

std::string address_meant(const Model& model, const Step& step) {
  std::vector<std::string> others;
  for (const auto& [id, lead] : model.leads)
    others.insert(others.end(), lead.others.begin(), lead.others.end());
  return others.empty() || step.a % 4 == 0 ? address_of(step.a)
                                           : others[static_cast<std::size_t>(step.a) % others.size()];
}

Id note_meant(const Model& model, const Step& step) {
  std::vector<Id> notes;
  for (const auto& [id, lead] : model.leads) {
    for (const auto& [note, text] : lead.notes) notes.push_back(note);
  }
  return notes.empty() ? 999'999 : notes[static_cast<std::size_t>(step.a) % notes.size()];
}

}  // namespace kith::sim
