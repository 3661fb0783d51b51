#include "domain/preferences.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/failure.h"
#include "base/text.h"
#include "domain/pauses.h"
#include "domain/subscriptions.h"

namespace kith {

RowsPtr preferences(Operation& op, std::int64_t lead) {
  RowsBuilder rows({{"list", Meaning::text}, {"name", Meaning::text}, {"description", Meaning::text}, {"state", Meaning::text},
                    {"paused_until", Meaning::datetime}});
  Statement lists = op.db.prepare("SELECT id, name, COALESCE(public_name, name), description, opt_in FROM list WHERE visible = 1 ORDER BY name_key");
  while (lists.step()) {
    std::int64_t id = lists.integer(0);
    SubscriptionState state = standing_on(op, lead, id).state;
    if (state == SubscriptionState::none && opt_in_of(lists.text(4)) == OptIn::out) state = SubscriptionState::subscribed;
    std::optional<Millis> until = paused_until(op, lead, id);
    rows.add_row();
    rows.set_text(0, lists.text(1));
    rows.set_text(1, lists.text(2));
    if (!lists.is_null(3)) rows.set_text(2, lists.text(3));
    rows.set_text(3, state_name(state));
    if (until) rows.set_integer(4, *until);
  }
  return rows.finish();
}

std::int64_t set_preferences(Operation& op, std::int64_t lead, std::span<const Given> choices, std::string_view consent,
                             std::string_view reason, std::int64_t cause) {
  consent = limited_wording(consent, "consent", 10000);
  reason = limited_wording(reason, "reason", 2000);
  struct Choice {
    List list;
    bool in;
  };
  std::vector<Choice> wanted;
  for (const Given& choice : choices) {
    List list = load_list(op, op.kinds.get("list").need(op, choice.name));
    if (!list.visible) fail(Status::refused, choice.name, "is a private list: leads do not choose it");
    if (std::any_of(wanted.begin(), wanted.end(), [&](const Choice& other) { return other.list.id == list.id; })) {
      fail(Status::invalid, choice.name, "is given twice");
    }
    bool in = boolean_value(choice.value, choice.name);
    wanted.push_back({std::move(list), in});
  }
  std::int64_t changed = 0;
  for (const Choice& choice : wanted) {
    ListAct act{.via = "page", .cause = cause};
    act.act = !choice.in ? ConsentAct::page_out : consent.empty() ? ConsentAct::page_in : ConsentAct::page_in_consent;
    if (choice.in) {
      act.consent = consent;
    } else {
      act.reason = reason;
    }
    if (act_on_list(op, lead, choice.list, act).event != 0) ++changed;
  }
  return changed;
}

}  // namespace kith
