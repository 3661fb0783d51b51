// Thousands of random acts on lists beside a model in memory that knows only the table: states, counts, sets, refusals
// and confirmations asked for must agree after every step, whether or not the runner came.
#include <catch2/catch.hpp>
#include <map>

#include "domain/consent_crm.h"
#include "model/find.h"

using namespace kith;
using namespace kith::test;

namespace {

using enum SubscriptionState;

constexpr SubscriptionState real_states[] = {pending, subscribed, unsubscribed, bounced, complained};

struct Place {
  SubscriptionState state = none;
  SubscriptionState lapses_to = none;
  Millis since = 0;
  Millis lapses = 0;  // 0: it does not
  std::vector<Millis> asked;

  void lapse(Millis now) {
    if (lapses == 0 || lapses > now) return;
    state = lapses_to;
    since = now;
    lapses = 0;
  }
  SubscriptionState counts_as(Millis now) const { return lapses != 0 && lapses <= now ? lapses_to : state; }
};

class Model {
 public:
  std::map<std::pair<std::int64_t, std::int64_t>, Place> places;  // by lead and list
  std::map<std::int64_t, bool> suppressed;

  struct Answer {
    bool refused = false;
    bool changed = false;
    bool asked = false;
  };
  Answer act(std::int64_t lead, const List& list, ConsentAct what, Millis now, Millis at) {
    Place& place = places[{lead, list.id}];
    if (subscribes(what) && suppressed[lead]) return {.refused = true};
    place.lapse(now);
    const Effect& effect = effect_of(what, list.opt_in, place.state);
    if (effect.refused) return {.refused = true};
    bool left = place.state == unsubscribed || place.state == bounced || place.state == complained;
    if (effect.moves && left && subscribes(what) && at < place.since) return {.refused = true};
    Answer answer;
    if (effect.moves) {
      answer.changed = true;
      place.lapses_to = effect.to == pending ? place.state : none;
      place.lapses = effect.to == pending ? now + list.lapse_after : 0;
      place.state = effect.to;
      place.since = at;
    }
    if (effect.consented) answer.changed = true;
    if (effect.confirm && may_ask(lead, list, now)) {
      answer.changed = answer.asked = true;
      place.asked.push_back(now);
      if (place.state == pending) place.lapses = now + list.lapse_after;
    }
    return answer;
  }

 private:
  bool may_ask(std::int64_t lead, const List& list, Millis now) const {
    std::int64_t here = 0;
    std::int64_t everywhere = 0;
    for (const auto& [key, place] : places) {
      if (key.first != lead) continue;
      for (Millis when : place.asked) {
        if (key.second == list.id && when > now - list.confirm_period) ++here;
        if (when > now - one_day) ++everywhere;
      }
    }
    return here < list.confirm_limit && everywhere < std::max(list.confirm_limit, confirm_most_a_day);
  }
};

constexpr ConsentAct single_acts[] = {
    ConsentAct::host,    ConsentAct::host,            ConsentAct::form,           ConsentAct::form,
    ConsentAct::host,    ConsentAct::host_consent,    ConsentAct::host_confirmed, ConsentAct::host_consent_confirmed, ConsentAct::form,
    ConsentAct::token,   ConsentAct::page_in,         ConsentAct::page_in_consent, ConsentAct::page_out,              ConsentAct::import,
    ConsentAct::import_confirmed, ConsentAct::automation, ConsentAct::unsubscribe, ConsentAct::hard_bounce,           ConsentAct::complaint};

class Run {
 public:
  explicit Run(std::uint64_t seed) : random_(seed) {
    for (int i = 0; i < 7; ++i) leads_.push_back(crm_.lead("lead" + std::to_string(i) + "@example.com"));
    struct Setting {
      const char* name;
      const char* opt_in;
      Value lapse, limit, period;
    };
    for (const Setting& one : {Setting{"single", "single", Value(14 * one_day), Value(3), Value(one_day)},
                               Setting{"double", "double", Value(2 * one_day), Value(2), Value(3 * one_day)},
                               Setting{"quick", "double", Value(one_hour), Value(20), Value(one_hour)},
                               Setting{"out", "out", Value(one_day), Value(1), Value(one_day)}}) {
      std::int64_t id = crm_.put("list", {{"name", one.name}, {"opt_in", one.opt_in}, {"lapse_after", one.lapse}, {"confirm_limit", one.limit},
                                          {"confirm_period", one.period}});
      lists_.push_back(crm_.read([&](Operation& op) { return load_list(op, id); }));
    }
  }

  void steps(int count) {
    for (step_ = 0; step_ < count; ++step_) {
      step();
      check();
    }
  }
  std::map<std::string, int> seen;

 private:
  bool chance(std::uint64_t of) { return random_.below(of) == 0; }
  std::int64_t a_lead() { return leads_[random_.below(leads_.size())]; }

  void step() {
    if (chance(3)) crm_.clock += static_cast<Millis>(random_.below(10)) * (chance(4) ? 5 * one_hour : 10 * one_minute);
    if (chance(15)) {
      crm_.write([&](Operation& op) { return lapse_subscriptions(op, 1 + static_cast<std::int64_t>(random_.below(3))); });
      for (auto& [key, place] : model_.places) {
        if (place.lapses != 0 && place.lapses <= crm_.clock && recorded_lapse(key)) place.lapse(crm_.clock);
      }
      what_ = "runner";
    } else if (chance(12)) {
      flip_suppression();  // of few leads at a time, or every act would be refused
    } else if (chance(6)) {
      many();
    } else {
      one();
    }
  }

  // The runner takes those that are due first; which it took is seen by the row.
  bool recorded_lapse(std::pair<std::int64_t, std::int64_t> key) {
    return crm_.one("SELECT COUNT(*) FROM subscription WHERE state = 'pending' AND lead_id = " + std::to_string(key.first) + " AND list_id = " +
                    std::to_string(key.second)) == "0";
  }

  void flip_suppression() {
    what_ = "suppression";
    std::int64_t lead = a_lead();
    std::string target = "lead" + std::to_string(lead - leads_[0]) + "@example.com";
    bool& suppressed = model_.suppressed[lead];
    if (!suppressed && chance(2)) return;
    if (suppressed) {
      CHECK(crm_.lift(target) > 0);
    } else {
      CHECK(crm_.suppress(target) > 0);
    }
    suppressed = !suppressed;
  }

  void one() {
    std::int64_t lead = a_lead();
    const List& list = lists_[random_.below(lists_.size())];
    ConsentAct what = single_acts[random_.below(std::size(single_acts))];
    Millis at = chance(10) ? crm_.clock - static_cast<Millis>(random_.below(20)) * one_hour : crm_.clock;
    what_ = std::string(act_name(what)) + " on " + list.name + " for " + std::to_string(lead);
    std::int64_t asks = crm_.asks(lead);
    SubscriptionState from = model_.places[{lead, list.id}].counts_as(crm_.clock);
    Model::Answer expected = model_.act(lead, list, what, crm_.clock, at);
    ActResult result = crm_.write_with({{"at", Value(at)}}, [&](Operation& op) {
      ListAct act{.act = what, .consent = "wording", .welcome = false};
      return act_on_list(op, lead, list, act);
    });
    INFO("step " << step_ << ": " << what_ << " from " << state_name(from) << ": " << result.refusal);
    CHECK(result.refusal.empty() == !expected.refused);
    CHECK((result.event != 0) == expected.changed);
    CHECK(crm_.asks(lead) - asks == (expected.asked ? 1 : 0));
    ++seen[expected.refused ? "refused" : expected.asked ? "asked" : expected.changed ? "changed" : "nothing"];
  }

  void many() {
    const List& list = lists_[random_.below(lists_.size())];
    constexpr ConsentAct bulk_acts[] = {ConsentAct::host,   ConsentAct::host_consent,     ConsentAct::host_confirmed, ConsentAct::form,
                                        ConsentAct::import, ConsentAct::import_confirmed, ConsentAct::automation,     ConsentAct::unsubscribe};
    ConsentAct what = bulk_acts[random_.below(std::size(bulk_acts))];
    what_ = std::string(act_name(what)) + " for many on " + list.name;
    LeadSet leads;
    for (std::int64_t lead : leads_) {
      if (chance(2)) leads.add(lead);
    }
    std::int64_t expected = 0;
    leads.each([&](std::int64_t lead) {
      Place& place = model_.places[{lead, list.id}];
      place.lapse(crm_.clock);
      bool left = place.state == unsubscribed || place.state == bounced || place.state == complained;
      const Effect& effect = effect_of(what, list.opt_in, place.state);
      bool brings_back = left && effect.moves && subscribes(what);
      if (brings_back || effect.consented) return;
      if (what == ConsentAct::unsubscribe && place.state == none && list.opt_in != OptIn::out) return;
      if (model_.act(lead, list, what, crm_.clock, crm_.clock).changed) ++expected;
    });
    std::int64_t changed = crm_.write([&](Operation& op) {
      ListAct act{.act = what, .welcome = false};
      return what == ConsentAct::unsubscribe ? unsubscribe_all(op, leads, list.id, act) : subscribe_all(op, leads, list.id, act);
    });
    INFO("step " << step_ << ": " << what_);
    CHECK(changed == expected);
    ++seen["many"];
  }

  void check() {
    INFO("step " << step_ << ": " << what_);
    CHECK(crm_.out_of_step() == std::vector<std::string>{});
    crm_.read([&](Operation& op) {
      for (const List& list : lists_) {
        INFO("list " << list.name);
        std::map<SubscriptionState, LeadSet> expected;
        for (std::int64_t lead : leads_) {
          SubscriptionState state = model_.places[{lead, list.id}].counts_as(op.now);
          if (state == none && list.opt_in == OptIn::out) state = subscribed;
          if (state != none) expected[state].add(lead);
        }
        for (SubscriptionState state : real_states) {
          INFO(state_name(state));
          CHECK(leads_on_list(op, list.id, state) == expected[state]);
          CHECK(count_on_list(op, list.id, state) == expected[state].size());
        }
        RowsPtr row = get_thing(op, op.kinds.get("list"), list.id);
        CHECK(row->integer(0, row->find("leads")) == expected[subscribed].size());
      }
    });
  }

  ConsentCrm crm_;
  Model model_;
  SeededRandom random_;
  std::vector<std::int64_t> leads_;
  std::vector<List> lists_;
  std::string what_;
  int step_ = 0;
};

}  // namespace

TEST_CASE("random acts on lists agree with the model", "[subscriptions][model]") {
  std::uint64_t seed = GENERATE(1, 2, 3, 4);
  INFO("seed " << seed);
  Run run(seed);
  run.steps(1500);
  for (const char* outcome : {"refused", "asked", "changed", "nothing", "many"}) CHECK(run.seen[outcome] > 30);
}
