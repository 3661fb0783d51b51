// The table of acts and states: that the documentation shows it as it is, and that it keeps the rules behind it.
#include "domain/consent.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "support/paths.h"

using namespace kith;

namespace {

using enum SubscriptionState;

constexpr SubscriptionState states[] = {none, pending, subscribed, unsubscribed, bounced, complained};
constexpr OptIn opt_ins[] = {OptIn::single, OptIn::twice, OptIn::out};

std::string cell(const Effect& effect) {
  if (effect.refused) return "REFUSED";
  std::string text = effect.moves ? std::string(state_name(effect.to)) : "";
  for (auto [asked, name] : {std::pair(effect.confirm, "*confirm*"), std::pair(effect.welcome, "*welcome*"), std::pair(effect.consented, "`consent`")}) {
    if (asked) text += (text.empty() ? "" : ", ") + std::string(name);
  }
  return text.empty() ? "-" : text;
}

std::string table() {
  std::string text = "| act | lists | none | pending | subscribed | unsubscribed | bounced | complained |\n|---|---|---|---|---|---|---|---|\n";
  constexpr std::string_view lists[] = {"", "single", "double", "single, double", "out", "single, out", "double, out", "all"};
  for (const ConsentRule& rule : consent_rules()) {
    text += "| " + std::string(act_name(rule.act)) + " | " + std::string(lists[rule.opt_ins]) + " |";
    for (const Effect& effect : rule.effects) text += " " + cell(effect) + " |";
    text += "\n";
  }
  return text;
}

std::string documentation() {
  std::ifstream file(kith::test::path("../docs/consent.md"));
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

template <class Check>
void for_each_cell(Check check) {
  for (const ConsentRule& rule : consent_rules()) {
    for (OptIn opt_in : opt_ins) {
      if ((rule.opt_ins & static_cast<unsigned>(opt_in)) == 0) continue;
      for (SubscriptionState state : states) {
        INFO(act_name(rule.act) << " on " << static_cast<int>(opt_in) << ", " << state_name(state));
        check(rule.act, opt_in, state, effect_of(rule.act, opt_in, state));
      }
    }
  }
}

}  // namespace

TEST_CASE("docs/consent.md shows the table that decides", "[consent]") {
  std::string text = documentation();
  INFO("the table as it is:\n" << table());
  CHECK(text.find(table()) != std::string::npos);
}

TEST_CASE("nobody who left comes back but by consent, the preference page or a confirmation", "[consent][trap]") {
  for_each_cell([](ConsentAct act, OptIn, SubscriptionState state, const Effect& effect) {
    if (state != unsubscribed || !effect.moves) return;
    if (effect.to == complained) return;
    bool may = act == ConsentAct::host_consent || act == ConsentAct::host_consent_confirmed || act == ConsentAct::token ||
               act == ConsentAct::page_in || act == ConsentAct::page_in_consent;
    CHECK(may);
  });
}

TEST_CASE("who bounced or complained comes back by consent alone", "[consent]") {
  for_each_cell([](ConsentAct act, OptIn, SubscriptionState state, const Effect& effect) {
    if ((state != bounced && state != complained) || !effect.moves) return;
    if (effect.to == unsubscribed || effect.to == complained) return;
    bool may = act == ConsentAct::host_consent || act == ConsentAct::host_consent_confirmed || act == ConsentAct::page_in_consent;
    CHECK(may);
  });
}

TEST_CASE("a form lowers nobody, and an import raises nobody", "[consent][trap]") {
  for_each_cell([](ConsentAct act, OptIn, SubscriptionState state, const Effect& effect) {
    if (act == ConsentAct::form) {
      CHECK_FALSE(effect.refused);  // it tells strangers nothing
      if (effect.moves) CHECK((state == none || state == pending));
    }
    if (act == ConsentAct::import || act == ConsentAct::import_confirmed) {
      CHECK_FALSE(effect.welcome);
      if (state != none) CHECK_FALSE((effect.moves || effect.confirm));
    }
  });
}

TEST_CASE("double opt-in lets nobody in without a confirmation", "[consent]") {
  for_each_cell([](ConsentAct act, OptIn opt_in, SubscriptionState, const Effect& effect) {
    if (opt_in != OptIn::twice || !effect.moves || effect.to != subscribed) return;
    bool confirmed = act == ConsentAct::host_confirmed || act == ConsentAct::host_consent_confirmed || act == ConsentAct::import_confirmed ||
                     act == ConsentAct::token || act == ConsentAct::page_in || act == ConsentAct::page_in_consent;
    CHECK(confirmed);
  });
}

TEST_CASE("what is asked for fits the state", "[consent]") {
  for_each_cell([](ConsentAct, OptIn, SubscriptionState state, const Effect& effect) {
    if (effect.welcome) CHECK((effect.moves && effect.to == subscribed && (state == none || state == pending)));
    if (effect.consented) CHECK((!effect.moves && state == subscribed));
    if (effect.moves && effect.to == pending) CHECK(effect.confirm);
    if (effect.moves) CHECK(effect.to != state);
    if (effect.refused) CHECK_FALSE((effect.moves || effect.confirm || effect.welcome || effect.consented));
  });
}

TEST_CASE("leaving works from every state that gets messages, on every list", "[consent]") {
  for (OptIn opt_in : opt_ins) {
    for (SubscriptionState state : {none, pending, subscribed, bounced}) {
      CHECK(effect_of(ConsentAct::unsubscribe, opt_in, state).to == unsubscribed);
      CHECK(effect_of(ConsentAct::complaint, opt_in, state).to == complained);
    }
  }
  CHECK(effect_of(ConsentAct::page_out, OptIn::out, none).to == unsubscribed);
}
