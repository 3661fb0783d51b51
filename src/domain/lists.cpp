#include "domain/lists.h"

#include <algorithm>

#include "base/failure.h"
#include "base/json.h"
#include "base/text.h"
#include "domain/subscriptions.h"
#include "model/record.h"

namespace kith {

namespace {

using enum FieldType;

constexpr FieldSpec list_fields[] = {
    {.name = "id", .type = id, .flags = sortable | fixed, .summary = "Kith's number of the list"},
    {.name = "name", .type = name, .flags = required | unique | sortable, .summary = "the host's name; unique regardless of case"},
    {.name = "public_name", .summary = "what leads see; empty: the name"},
    {.name = "description", .summary = "what leads are told of it", .most = 2000},
    {.name = "visible", .type = boolean, .flags = filled, .summary = "1: leads see it on the preference page; the default"},
    {.name = "opt_in", .type = choice, .flags = filled, .summary = "single, double (leads confirm), or out (all are in until they leave)",
     .options = "single,double,out"},
    {.name = "channels", .type = choices, .flags = filled, .summary = "what its messages use; e-mail by default", .options = "email,sms"},
    {.name = "lapse_after", .type = duration, .flags = filled, .summary = "how long a lead may take to confirm, 14 days by default; 0: for ever"},
    {.name = "confirm_limit", .type = integer, .flags = filled, .summary = "confirmation messages that a lead is sent in a period, at most; 3 by default"},
    {.name = "confirm_period", .type = duration, .flags = filled, .summary = "the period of confirm_limit; a day by default"},
    {.name = "leads", .type = integer, .flags = computed | filled, .summary = "how many leads are subscribed",
     .expression =
         "CASE WHEN t.opt_in = 'out' THEN"
         " (SELECT COALESCE(MAX(i.id), 0) FROM (SELECT MAX(a.id) AS id FROM lead a UNION ALL SELECT MAX(b.id) AS id FROM lead_gone b) AS i)"
         " - (SELECT CAST(COALESCE(SUM(g.size), 0) AS BIGINT) FROM lead_set g WHERE g.family = 1 AND g.owner = 0)"
         " - (SELECT CAST(COALESCE(SUM(s.size), 0) AS BIGINT) FROM lead_set s WHERE s.family IN (4, 5, 6, 7) AND s.owner = t.id)"
         " + (SELECT COUNT(*) FROM subscription p WHERE p.lapses <= $1 AND p.list_id = t.id AND p.lapses_to IS NULL)"
         " ELSE (SELECT CAST(COALESCE(SUM(s.size), 0) AS BIGINT) FROM lead_set s WHERE s.family = 3 AND s.owner = t.id) END"},
    {.name = "created", .type = datetime, .flags = automatic | filled, .summary = "when it was made"},
    {.name = "updated", .type = datetime, .flags = automatic | filled, .summary = "when it last changed"},
};

constexpr FieldSpec subscription_fields[] = {
    {.name = "id", .type = id, .flags = fixed, .summary = "the id of the event that brought the state",
     .expression = "t.event_id"},
    {.name = "lead", .type = reference, .flags = required | fixed | sortable, .summary = "who", .refers = "lead", .expression = "t.lead_id"},
    {.name = "list", .type = reference, .flags = required | fixed, .summary = "the list", .refers = "list",
     .expression = "(SELECT l.name FROM list l WHERE l.id = t.list_id)"},
    {.name = "state", .type = choice, .flags = filled, .summary = "pending, subscribed, unsubscribed, bounced, complained; lapsed: never confirmed",
     .options = "subscribed,pending,unsubscribed,bounced,complained,lapsed",
     .expression = "CASE WHEN t.state = 'pending' AND t.lapses <= $1 THEN COALESCE(t.lapses_to, 'lapsed') ELSE t.state END"},
    {.name = "since", .type = datetime, .flags = automatic | filled, .summary = "when it came to be so"},
    {.name = "via", .flags = filled, .summary = "how: host, form, import, automation, token, page, gateway, lead"},
    {.name = "own", .type = boolean, .flags = filled, .summary = "1: by an act of the lead's own"},
    {.name = "lapses", .type = datetime, .summary = "until when a pending one can be confirmed"},
    {.name = "by", .flags = computed, .summary = "who did it",
     .expression = "(SELECT e.actor FROM event e WHERE e.id = t.event_id)"},
};

constexpr SubscriptionState real_states[] = {SubscriptionState::subscribed, SubscriptionState::pending, SubscriptionState::unsubscribed,
                                             SubscriptionState::bounced, SubscriptionState::complained};

class ListKind final : public Kind {
 public:
  using Kind::Kind;
  void check(Operation&, Record& record, const Record* before) const override {
    // An empty value is the default.
    auto otherwise = [&](std::string_view field, const Value& value) {
      if (record.given(field) && record.value(field).is_null()) record.set(field, value);
    };
    otherwise("visible", Value(1));
    otherwise("opt_in", Value("single"));
    otherwise("channels", Value("[\"email\"]"));
    otherwise("lapse_after", Value(14 * one_day));
    otherwise("confirm_limit", Value(3));
    otherwise("confirm_period", Value(one_day));
    if (record.given("channels") && record.value("channels").text == "[]") {
      fail(Status::invalid, "channels", "must name at least one of email and sms");
    }
    if (record.given("confirm_limit") && (record.value("confirm_limit").integer < 1 || record.value("confirm_limit").integer > 100)) {
      fail(Status::invalid, "confirm_limit", "{} must lie between 1 and 100", record.value("confirm_limit").integer);
    }
    if (record.given("confirm_period") && record.value("confirm_period").integer < one_minute) {
      fail(Status::invalid, "confirm_period", "must be a minute or longer");
    }
    if (before != nullptr && record.given("opt_in")) {
      // Nobody agreed to a list that takes everybody in, so none becomes such a one.
      bool was_out = before->value("opt_in").text == "out";
      bool is_out = record.value("opt_in").text == "out";
      if (was_out != is_out) fail(Status::refused, "opt_in", "a list cannot become opt-out or cease to be: make another list");
    }
  }
  void removing(Operation& op, std::int64_t list, std::string_view name) const override { end_subscriptions(op, list, name); }
};

template <class Made>
std::unique_ptr<Kind> make(Literal name, Literal table, Owner owner, std::span<const FieldSpec> fields, Literal summary) {
  KindSpec spec;
  spec.name = name;
  spec.table = table;
  spec.owner = owner;
  spec.name_field = owner == Owner::definition ? Literal("name") : Literal("");
  spec.summary = summary;
  spec.fields = fields;
  if (owner == Owner::lead) spec.order = "lead";
  spec.writable = spec.removable = owner == Owner::definition;
  if (owner == Owner::definition) {
    spec.created = EventKind::list_created;
    spec.updated = EventKind::list_updated;
    spec.removed = EventKind::list_removed;
  }
  return std::make_unique<Made>(spec);
}

// Pending subscriptions past their time: who, and the state that each falls to.
struct Lapsed {
  LeadSet all;
  LeadSet to[subscription_states];
};
Lapsed lapsed_on(Operation& op, std::int64_t list) {
  Lapsed lapsed;
  Statement rows = op.db.query("SELECT lead_id, lapses_to FROM subscription WHERE lapses <= $1 AND list_id = $2", op.now, list);
  while (rows.step()) {
    SubscriptionState state = rows.is_null(1) ? SubscriptionState::none : state_of(rows.text(1));
    lapsed.all.add(rows.integer(0));
    lapsed.to[static_cast<std::size_t>(state)].add(rows.integer(0));
  }
  return lapsed;
}

bool takes_everybody(Operation& op, std::int64_t list) {
  Statement row = op.db.query("SELECT 1 FROM list WHERE id = $1 AND opt_in = 'out'", list);
  return row.step();
}

}  // namespace

std::unique_ptr<Kind> make_list_kind() {
  return make<ListKind>("list", "list", Owner::definition, list_fields, "leads who get the same communications; they see it and manage it");
}

std::unique_ptr<Kind> make_subscription_kind() {
  return make<Kind>("subscription", "subscription", Owner::lead, subscription_fields, "a lead on a list, in a state");
}

std::string_view channel_name(Channel channel) { return channel == Channel::email ? "email" : "sms"; }
Channel channel_of(std::string_view name) { return name == "sms" ? Channel::sms : Channel::email; }

std::optional<List> find_list(Operation& op, std::int64_t id) {
  Statement row = op.db.query(
      "SELECT name, opt_in, visible, channels, lapse_after, confirm_limit, confirm_period FROM list WHERE id = $1", id);
  if (!row.step()) return std::nullopt;
  List list;
  list.id = id;
  list.name = row.text(0);
  list.opt_in = opt_in_of(row.text(1));
  list.visible = row.integer(2) != 0;
  list.email = row.text(3).find("\"email\"") != std::string_view::npos;
  list.sms = row.text(3).find("\"sms\"") != std::string_view::npos;
  list.lapse_after = std::clamp<Millis>(row.integer(4), 0, longest_duration);
  list.confirm_limit = row.integer(5);
  list.confirm_period = std::clamp<Millis>(row.integer(6), 0, longest_duration);
  return list;
}

List load_list(Operation& op, std::int64_t id) {
  std::optional<List> list = find_list(op, id);
  if (!list) fail(Status::not_found, "list", "there is no list id:{}", id);
  return *std::move(list);
}

SetKey subscription_set(std::int64_t list, SubscriptionState state) {
  switch (state) {
    case SubscriptionState::subscribed: return {SetFamily::subscribed, list};
    case SubscriptionState::pending: return {SetFamily::pending, list};
    case SubscriptionState::unsubscribed: return {SetFamily::unsubscribed, list};
    case SubscriptionState::bounced: return {SetFamily::bounced, list};
    case SubscriptionState::complained: return {SetFamily::complained, list};
    case SubscriptionState::none: break;
  }
  fail(Status::internal, "", "no set is kept of those who are on no list");
}

LeadSet leads_on_list(Operation& op, std::int64_t list, SubscriptionState state) {
  Lapsed lapsed = lapsed_on(op, list);
  if (state == SubscriptionState::subscribed && takes_everybody(op, list)) {
    LeadSet leads = op.sets.everybody();
    for (SubscriptionState other : real_states) {
      if (other != state) leads -= op.sets.load(subscription_set(list, other));
    }
    LeadSet back = lapsed.to[0];
    return leads |= back;
  }
  LeadSet leads = op.sets.load(subscription_set(list, state));
  if (state == SubscriptionState::pending) return leads -= lapsed.all;
  return leads |= lapsed.to[static_cast<std::size_t>(state)];
}

std::int64_t count_on_list(Operation& op, std::int64_t list, SubscriptionState state) {
  Lapsed lapsed = lapsed_on(op, list);
  if (state == SubscriptionState::subscribed && takes_everybody(op, list)) {
    std::int64_t count = op.sets.count_everybody() + lapsed.to[0].size();
    for (SubscriptionState other : real_states) {
      if (other != state) count -= op.sets.count(subscription_set(list, other));
    }
    return count;
  }
  std::int64_t count = op.sets.count(subscription_set(list, state));
  return state == SubscriptionState::pending ? count - lapsed.all.size() : count + lapsed.to[static_cast<std::size_t>(state)].size();
}

const Predicate& list_predicate() {
  static const Predicate predicate = {
      "list", "list", {"subscribed", "pending", "unsubscribed", "bounced", "complained"}, "is on the list, in a state",
      [](Operation& op, std::int64_t list, std::size_t state) { return leads_on_list(op, list, real_states[state]); },
      [](Operation& op, std::int64_t list, std::size_t state) { return count_on_list(op, list, real_states[state]); }};
  return predicate;
}

}  // namespace kith
