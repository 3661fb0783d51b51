#include <algorithm>

#include "sim/play.h"

namespace kith::sim {

namespace {

constexpr int confirm_limit = 3;
constexpr int confirm_most_a_day = 12;

bool has_left(State state) {
  return state == State::unsubscribed || state == State::bounced || state == State::complained;
}

}  // namespace

void Acts::settle(Lead& lead, Id list) {
  auto found = lead.places.find(list);
  if (found == lead.places.end() || found->second.lapses == 0 || found->second.lapses > now) return;
  event();
  Place& place = found->second;
  if (place.lapses_to == State::none) {
    lead.places.erase(found);
    return;
  }
  State to = place.lapses_to;
  place = {to, State::none, now, 0, to == State::unsubscribed || to == State::complained};
}

bool Acts::ask(Lead& lead, const List& list) {
  int here = 0;
  int everywhere = 0;
  for (const Ask& ask : lead.asks) {
    if (ask.at <= now - one_day) continue;
    ++everywhere;
    if (ask.list == list.id) ++here;
  }
  if (here >= confirm_limit || everywhere >= confirm_most_a_day) return false;
  event();
  lead.asks.push_back({list.id, now});
  return true;
}

void Acts::move(Lead& lead, const List& list, const How& how, const Effect& effect, State from) {
  Place& place = lead.places[list.id];
  place.state = effect.to;
  place.since = at;
  place.lapses = 0;
  place.lapses_to = State::none;
  place.own = how.own;
  Id moved = event();
  if (effect.to == State::unsubscribed) lead.left[list.id] = moved;
  if (effect.to != State::pending) return;
  place.own = false;
  place.lapses_to = from;
  place.lapses = list.lapse_after == 0 ? 0 : now + list.lapse_after;
}

Acts::Result Acts::on_list(Lead& lead, const List& list, const How& how) {
  if (how.act == "hard bounce" && list.sms) return {};  // the lists of the sim all have e-mail
  if (how.subscribes && m.may_not_subscribe(lead, list)) return {.refused = true};
  settle(lead, list.id);
  auto found = lead.places.find(list.id);
  Place before = found == lead.places.end() ? Place() : found->second;
  const Effect& effect = table_.effect(how.act, list.opt_in, before.state);
  if (effect.refused || (how.subscribes && effect.moves && has_left(before.state) && at < before.since))
    return {.refused = true};
  Result result;
  if (effect.moves) move(lead, list, how, effect, before.state);
  if (effect.consents) event();
  result.changed = effect.moves || effect.consents;
  if (effect.confirm && ask(lead, list)) {
    result.changed = true;
    if (!effect.moves && before.lapses != 0)
      lead.places[list.id].lapses = list.lapse_after == 0 ? 0 : now + list.lapse_after;
  }
  if (effect.welcome && how.welcome) event();
  return result;
}

bool Acts::on_every_list(Lead& lead, const How& how) {
  bool changed = false;
  for (const auto& [id, list] : m.lists) {
    bool is_out = list.opt_in == OptIn::out;
    if (!is_out && (lead.places.count(id) == 0 || m.counted(lead, id, now) == State::none)) continue;
    changed = on_list(lead, list, how).changed || changed;
  }
  return changed;
}

std::int64_t Acts::on_many(const std::vector<Id>& leads, const List& list, const How& how, bool each_agreed) {
  std::int64_t count = 0;
  for (Id id : leads) settle(m.leads.at(id), list.id);
  for (Id id : leads) {
    Lead& lead = m.leads.at(id);
    State state = m.counted(lead, list.id, now);
    const Effect& effect = table_.effect(how.act, list.opt_in, state);
    if (effect.refused) continue;
    if (state == State::none && !how.subscribes && list.opt_in != OptIn::out) continue;
    bool brings_back = how.subscribes && effect.moves && has_left(state);
    if (!each_agreed && (brings_back || effect.consents)) continue;
    if (on_list(lead, list, how).changed) ++count;
  }
  return count;
}

Millis Acts::end_of(Id tag) const {
  Millis after = m.tags.at(tag).expires_after;
  return after == 0 ? 0 : at + after;
}

void Acts::end_past(Lead& lead, Id tag) {
  auto has = lead.tags.find(tag);
  if (has == lead.tags.end() || has->second == 0 || has->second > now) return;
  event();
  lead.tags.erase(has);
}

bool Acts::assign(Lead& lead, Id tag, std::optional<Millis> until) {
  Millis end = until ? *until : end_of(tag);
  if (end != 0 && end <= now) throw Fails{KITH_INVALID};
  end_past(lead, tag);
  auto has = lead.tags.find(tag);
  if (has != lead.tags.end() && has->second == end) return false;
  event();
  lead.tags[tag] = end;
  return true;
}

std::vector<Id> Acts::leads_with(const std::string& target) const {
  std::vector<Id> found;
  for (const auto& [id, lead] : m.leads) {
    bool its_phone = lead.phone && "tel:" + *lead.phone == target;
    if (lead.email == target || lead.others.count(target) != 0 || its_phone) found.push_back(id);
  }
  return found;
}

bool Acts::suppress(const std::string& target, const std::string& channel, const std::string& reason) {
  if (!m.suppressions.insert({target, channel, reason}).second) return false;
  m.last_event += std::max<std::int64_t>(1, static_cast<std::int64_t>(leads_with(target).size()));
  return true;
}

bool Acts::unsuppress(const std::string& target, const std::string& channel, const std::string& reason) {
  bool any = false;
  for (const char* where : {"all", "email", "sms"}) {
    if (!channel.empty() && channel != where) continue;
    if (m.suppressions.erase({target, where, reason}) == 0) continue;
    any = true;
    m.last_event += std::max<std::int64_t>(1, static_cast<std::int64_t>(leads_with(target).size()));
  }
  return any;
}

Acts::How subscribing(int mode) {
  switch (mode % 10) {
    case 0:
    case 1:
      return {"host", true, false, true};
    case 2:
    case 3:
      return {"host, consent", true, true, true};
    case 4:
      return {"host, confirmed", true, true, true};
    case 5:
      return {"host, consent and confirmed", true, true, true};
    case 6:
      return {"form", true, false, true};
    case 7:
      return {"import", true, false, false};
    case 8:
      return {"import, confirmed", true, false, false};
    default:
      return {"automation", true, false, true};
  }
}

}  // namespace kith::sim
