#include "sim/step.h"

#include <random>

namespace kith::sim {

namespace {

constexpr const char* names[verbs] = {
    "put lead",
    "put many leads",
    "put a batch of leads",
    "put a stream of leads",
    "put tag",
    "put list",
    "put category",
    "put field",
    "put note",
    "put address",
    "remove lead",
    "remove tag",
    "remove list",
    "remove category",
    "remove field",
    "remove note",
    "remove address",
    "rename tag",
    "rename list",
    "merge",
    "unmerge",
    "erase",
    "suppress",
    "unsuppress",
    "assign",
    "unassign",
    "assign where",
    "unassign where",
    "merge tags",
    "subscribe",
    "unsubscribe",
    "subscribe where",
    "unsubscribe where",
    "report",
    "pause",
    "resume",
    "sms received",
    "token",
    "token revoke",
    "confirm",
    "unsubscribe by token",
    "set preferences",
    "record",
    "record many",
    "run",
    "search",
    "backup",
    "check",
    "compact",
    "begin",
    "commit",
    "rollback",
    "close",
};

// How often each comes, of all.
constexpr int weights[verbs] = {
    14, 3, 2,  2, 3, 3, 1, 2, 4, 3, 2, 2, 1, 1, 1, 2, 2, 2, 2, 4, 3, 2, 4, 3, 8, 4, 4,
    3,  2, 16, 7, 4, 3, 6, 4, 3, 3, 9, 2, 8, 5, 5, 3, 2, 6, 2, 1, 2, 1, 7, 7, 4, 3,
};

using Random = std::mt19937_64;
int below(Random& random, int limit) {
  return static_cast<int>(random() % static_cast<std::uint64_t>(limit));
}

Verb any_verb(Random& random) {
  int all = 0;
  for (int weight : weights) all += weight;
  int left = below(random, all);
  for (int verb = 0; verb < verbs; ++verb) {
    if (left < weights[verb]) return static_cast<Verb>(verb);
    left -= weights[verb];
  }
  return Verb::run;
}

std::int64_t any_wait(Random& random) {
  constexpr std::int64_t minute = 60'000;
  switch (below(random, 10)) {
    case 0:
      return 0;
    case 1:
      return below(random, 4 * 24 * 60) * minute;
    case 2:
      return below(random, 20 * 24 * 60) * minute;
    default:
      return below(random, 300) * minute;
  }
}

std::string number(int n) { return std::to_string(n); }

}  // namespace

const char* verb_name(Verb verb) { return names[static_cast<int>(verb)]; }

std::string address_of(int n) {
  return "p" + number(n % addresses) + (n % addresses < 6 ? "@one.test" : "@two.test");
}
std::string phone_of(int n) { return "+467000000" + number(10 + n % 3); }
std::string tag_of(int n) { return "Tag" + number(n % 4); }
std::string list_of(int n) { return "List" + number(n % 4); }
std::string category_of(int n) { return "Category" + number(n % 2); }
std::string field_of(int n) { return "own" + number(n % 2); }
std::string target_of(int n) {
  return n % 8 < 5 ? address_of(n / 8) : n % 8 == 5 ? "@two.test" : "tel:" + phone_of(n / 8);
}

std::vector<Step> steps_of(std::uint64_t seed) {
  Random random(seed);
  std::vector<Step> steps;
  auto add = [&](Verb verb) -> Step& {
    Step step;
    step.verb = verb;
    step.handle = below(random, handles);
    step.a = below(random, 96);
    step.b = below(random, 96);
    step.c = below(random, 96);
    step.d = below(random, 96);
    steps.push_back(step);
    return steps.back();
  };
  for (int i = 0; i < 4; ++i) {
    Step& tag = add(Verb::put_tag);
    tag.a = i;
    tag.c = 0;
    add(Verb::put_list).a = i;
  }
  add(Verb::put_category);
  for (int i = 0; i < 6; ++i) {
    Step& lead = add(Verb::put_lead);
    lead.a = i;
    lead.d = 0;
  }
  int length = 40 + below(random, 60);
  bool faulty = below(random, 3) > 0;
  for (int i = 0; i < length; ++i) {
    Verb verb = any_verb(random);
    // What needs something to act on is often given it.
    if (below(random, 2) == 0) {
      if (verb == Verb::unmerge) add(Verb::merge);
      if (verb == Verb::confirm) add(Verb::token).c = 0;
      if (verb == Verb::unsubscribe_by_token) add(Verb::token).c = 4;
      if (verb == Verb::set_preferences) add(Verb::token).c = 6;
    }
    Step& step = add(verb);
    step.wait = any_wait(random);
    if (below(random, 8) == 0) step.ago = below(random, 600) * 60'000;
    if (!faulty || below(random, 6) > 0) continue;
    step.fails_at = 1 + below(random, below(random, 3) == 0 ? 90 : 20);
    step.fault = below(random, 6);
    step.lasting = below(random, 2) == 0;
  }
  return steps;
}

std::string told(const Step& step) {
  std::string text = std::string(names[static_cast<int>(step.verb)]) + " " + number(step.a) + " " +
                     number(step.b) + " " + number(step.c) + " " + number(step.d) + ", handle " +
                     number(step.handle);
  if (step.wait != 0) text += ", after " + std::to_string(step.wait / 60'000) + " min";
  if (step.ago != 0) text += ", at " + std::to_string(step.ago / 60'000) + " min ago";
  if (step.fails_at != 0) {
    text += ", file call " + number(step.fails_at) + " fails" + (step.lasting ? " and all after it" : "") +
            " (kind " + number(step.fault) + ")";
  }
  return text;
}

}  // namespace kith::sim
