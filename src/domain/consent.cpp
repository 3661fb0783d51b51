#include "domain/consent.h"

#include "base/failure.h"

namespace kith {

namespace {

using enum SubscriptionState;

constexpr Effect stays{};
constexpr Effect refused{.refused = true};
constexpr Effect asks{.confirm = true};
constexpr Effect consents{.consented = true};
constexpr Effect becomes(SubscriptionState to) { return {.moves = true, .to = to}; }
constexpr Effect joins{.moves = true, .to = subscribed, .welcome = true};
constexpr Effect waits{.moves = true, .to = pending, .confirm = true};

constexpr unsigned single = 1;
constexpr unsigned twice = 2;
constexpr unsigned out = 4;
constexpr unsigned any = single | twice | out;

// Of each act, for the kinds of list: none, pending, subscribed, unsubscribed, bounced, complained.
constexpr ConsentRule rules[] = {
    {ConsentAct::host, single | out, {joins, joins, stays, refused, refused, refused}},
    {ConsentAct::host, twice, {waits, asks, stays, refused, refused, refused}},
    {ConsentAct::host_consent, single | out, {joins, joins, consents, becomes(subscribed), becomes(subscribed), becomes(subscribed)}},
    {ConsentAct::host_consent, twice, {waits, asks, consents, waits, waits, waits}},
    {ConsentAct::host_confirmed, any, {joins, joins, stays, refused, refused, refused}},
    {ConsentAct::host_consent_confirmed, any, {joins, joins, consents, becomes(subscribed), becomes(subscribed), becomes(subscribed)}},
    {ConsentAct::form, single | out, {joins, joins, stays, asks, stays, stays}},
    {ConsentAct::form, twice, {waits, asks, stays, asks, stays, stays}},
    {ConsentAct::token, any, {joins, joins, stays, becomes(subscribed), refused, refused}},
    {ConsentAct::page_in, any, {joins, joins, stays, becomes(subscribed), refused, refused}},
    {ConsentAct::page_in_consent, any, {joins, joins, consents, becomes(subscribed), becomes(subscribed), becomes(subscribed)}},
    {ConsentAct::page_out, single | twice, {stays, becomes(unsubscribed), becomes(unsubscribed), stays, becomes(unsubscribed), stays}},
    {ConsentAct::page_out, out, {becomes(unsubscribed), becomes(unsubscribed), becomes(unsubscribed), stays, becomes(unsubscribed), stays}},
    {ConsentAct::import, single | out, {becomes(subscribed), stays, stays, refused, refused, refused}},
    {ConsentAct::import, twice, {waits, stays, stays, refused, refused, refused}},
    {ConsentAct::import_confirmed, any, {becomes(subscribed), stays, stays, refused, refused, refused}},
    {ConsentAct::automation, single | out, {joins, stays, stays, refused, refused, refused}},
    {ConsentAct::automation, twice, {waits, stays, stays, refused, refused, refused}},
    {ConsentAct::unsubscribe, any, {becomes(unsubscribed), becomes(unsubscribed), becomes(unsubscribed), stays, becomes(unsubscribed), stays}},
    {ConsentAct::hard_bounce, single | twice, {stays, becomes(bounced), becomes(bounced), stays, stays, stays}},
    {ConsentAct::hard_bounce, out, {becomes(bounced), becomes(bounced), becomes(bounced), stays, stays, stays}},
    {ConsentAct::soft_bounce, any, {stays, stays, stays, stays, stays, stays}},
    {ConsentAct::complaint, any, {becomes(complained), becomes(complained), becomes(complained), becomes(complained), becomes(complained), stays}},
    {ConsentAct::lapse, any, {stays, becomes(none), stays, stays, stays, stays}},
};

constexpr std::string_view state_names[] = {"none", "pending", "subscribed", "unsubscribed", "bounced", "complained"};

struct ActRow {
  ConsentAct act;
  std::string_view name;
  bool subscribes;
  bool own;
};
constexpr ActRow acts[] = {
    {ConsentAct::host, "host", true, false},
    {ConsentAct::host_consent, "host, consent", true, true},
    {ConsentAct::host_confirmed, "host, confirmed", true, true},
    {ConsentAct::host_consent_confirmed, "host, consent and confirmed", true, true},
    {ConsentAct::form, "form", true, false},
    {ConsentAct::token, "confirmation token", true, true},
    {ConsentAct::page_in, "preference page, in", true, true},
    {ConsentAct::page_in_consent, "preference page, in, consent", true, true},
    {ConsentAct::page_out, "preference page, out", false, true},
    {ConsentAct::import, "import", true, false},
    {ConsentAct::import_confirmed, "import, confirmed", true, false},
    {ConsentAct::automation, "automation", true, false},
    {ConsentAct::unsubscribe, "unsubscribe", false, true},
    {ConsentAct::hard_bounce, "hard bounce", false, false},
    {ConsentAct::soft_bounce, "soft bounce", false, false},
    {ConsentAct::complaint, "complaint", false, true},
    {ConsentAct::lapse, "lapse", false, false},
};

const ActRow& row_of(ConsentAct act) {
  for (const ActRow& row : acts) {
    if (row.act == act) return row;
  }
  fail(Status::internal, "", "an act of consent has no row");
}

// Every act has exactly one rule for each kind of list.
constexpr bool complete() {
  for (const ActRow& act : acts) {
    for (unsigned opt_in : {single, twice, out}) {
      int found = 0;
      for (const ConsentRule& rule : rules) {
        if (rule.act == act.act && (rule.opt_ins & opt_in) != 0) ++found;
      }
      if (found != 1) return false;
    }
  }
  return true;
}
static_assert(complete());

}  // namespace

std::string_view state_name(SubscriptionState state) { return state_names[static_cast<std::size_t>(state)]; }

SubscriptionState state_of(std::string_view name) {
  for (std::size_t i = 0; i < subscription_states; ++i) {
    if (state_names[i] == name) return static_cast<SubscriptionState>(i);
  }
  fail(Status::corrupt, "state", "a subscription has a state that there is not");
}

OptIn opt_in_of(std::string_view name) { return name == "double" ? OptIn::twice : name == "out" ? OptIn::out : OptIn::single; }

std::span<const ConsentRule> consent_rules() { return rules; }

const Effect& effect_of(ConsentAct act, OptIn opt_in, SubscriptionState state) {
  for (const ConsentRule& rule : rules) {
    if (rule.act == act && (rule.opt_ins & static_cast<unsigned>(opt_in)) != 0) return rule.effects[static_cast<std::size_t>(state)];
  }
  fail(Status::internal, "", "an act of consent has no rule");
}

std::string_view act_name(ConsentAct act) { return row_of(act).name; }
bool subscribes(ConsentAct act) { return row_of(act).subscribes; }
bool is_own_act(ConsentAct act) { return row_of(act).own; }

int strictness(SubscriptionState state) {
  switch (state) {
    case none: return 0;
    case subscribed: return 1;
    case pending: return 2;
    case bounced: return 3;
    case unsubscribed: return 4;
    case complained: return 5;
  }
  return 0;
}

}  // namespace kith
