#include "sim/play.h"

#include <algorithm>

namespace kith::sim {

namespace {

constexpr Millis hour = 3'600'000;

// What a call that succeeds must have answered, as far as the model knows.
struct Expected {
  std::optional<bool> event = {};
  std::optional<std::int64_t> number = {};
  std::optional<int> outcome = {};
};

class Player {
 public:
  Player(Model& model, const ConsentTable& table, const Step& step, Millis time, const Answer& answer)
      : acts_(model, table, time, time - step.ago), m(model), s(step), now(time), got(answer) {}

  Expected run();

 private:
  Lead& lead(int n) {
    Lead* found = m.find(address_of(n));
    if (found == nullptr) throw Fails{KITH_NOT_FOUND};
    return *found;
  }
  Id need(Id id) {
    if (id == 0) throw Fails{KITH_NOT_FOUND};
    return id;
  }
  List& list(int n) { return m.lists.at(need(m.list(list_of(n)))); }
  const List* list_or_all(int n) { return n % 4 == 3 ? nullptr : &list(n); }
  static Expected event(bool any) { return {.event = any}; }
  static Expected number(std::int64_t n) { return {.number = n}; }

  Expected put_lead();
  Expected put_leads();
  Expected put_tag();
  Expected put_list();
  Expected put_field();
  Expected put_address();
  Expected remove_lead(bool erased);
  Expected remove_tag();
  Expected remove_list();
  Expected merge();
  Expected unmerge();
  Expected merge_tags();
  Expected report();
  Expected resume();
  Expected run_due();
  Expected of_token();
  Expected confirm(Token& token);
  Expected set_preferences(const Token& token);
  Lead& new_lead(const std::string& address, Id id);
  void forget(Id lead);

  Acts acts_;
  Model& m;
  const Step& s;
  Millis now;
  const Answer& got;
};

Lead& Player::new_lead(const std::string& address, Id id) {
  Lead& made = m.leads[id];
  made.id = id;
  made.email = address;
  acts_.event();
  return made;
}

Expected Player::put_lead() {
  std::string address = address_of(s.a);
  bool with_own = s.d % 2 == 1;
  bool with_tag = s.d / 2 % 2 == 1;
  bool with_list = s.d / 4 % 2 == 1;
  bool fill_gaps = s.d / 8 % 4 == 1;
  Id tag = with_tag ? need(m.tag(tag_of(s.b))) : 0;
  const List* on = with_list ? &list(s.c) : nullptr;
  Id own = m.field(field_of(0));
  if (with_own && own == 0) throw Fails{KITH_INVALID};
  Lead* found = m.find(address);
  Lead before = found == nullptr ? Lead() : *found;
  bool made = found == nullptr;
  Lead& put = made ? new_lead(address, got.id) : *found;
  auto set = [&](std::optional<std::string>& field, const std::optional<std::string>& value) {
    if (!fill_gaps || !field) field = value;
  };
  if (s.b % 4 != 0)
    set(put.first_name, s.b % 4 == 1 ? std::nullopt : std::optional("N" + std::to_string(s.b % 8)));
  if (s.c % 4 != 0) set(put.phone, s.c % 4 == 1 ? std::nullopt : std::optional(phone_of(s.c / 4)));
  if (with_own && (!fill_gaps || put.own.count(own) == 0)) put.own[own] = "v" + std::to_string(s.b % 5);
  Expected expected;
  expected.outcome = made ? KITH_CREATED : put == before ? KITH_UNCHANGED : KITH_UPDATED;
  if (!made && !(put == before)) acts_.event();
  if (tag != 0) acts_.assign(put, tag, std::nullopt);
  if (on != nullptr) acts_.on_many({put.id}, *on, subscribing(0), true);
  return expected;
}

// Three rows of which two are of one lead, at times with one that is none.
Expected Player::put_leads() {
  bool many = s.verb == Verb::put_many;
  Id tag = many && s.d % 2 == 1 ? need(m.tag(tag_of(s.b))) : 0;
  const List* on = many && s.d % 4 >= 2 ? &list(s.c) : nullptr;
  std::string name = "M" + std::to_string(s.b % 8);
  std::set<Id> ids;
  std::vector<int> rows = rows_put(s);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i] < 0) continue;
    Lead* put = m.find(address_of(rows[i]));
    bool made = put == nullptr;
    if (made) put = &new_lead(address_of(rows[i]), i < got.ids.size() ? got.ids[i] : 0);
    if (many && put->first_name != name) {
      put->first_name = name;
      if (!made) acts_.event();
    }
    ids.insert(put->id);
  }
  if (tag != 0) {
    for (Id id : ids) acts_.assign(m.leads.at(id), tag, std::nullopt);
  }
  Acts::How how = subscribing(0);
  how.welcome = false;
  if (on != nullptr) acts_.on_many({ids.begin(), ids.end()}, *on, how, false);
  return {};
}

Expected Player::put_tag() {
  Id category = s.c % 4 != 1 ? 0 : need(m.category(category_of(s.c)));
  Id id = m.tag(tag_of(s.a));
  bool made = id == 0;
  if (made) id = got.id;
  Tag& tag = m.tags[id];
  Tag before = tag;
  tag.name = tag_of(s.a);
  if (s.b % 3 != 0) tag.expires_after = s.b % 3 == 1 ? 6 * hour : 0;
  if (category != 0) tag.category = category;
  bool changed = made || tag.expires_after != before.expires_after || tag.category != before.category;
  if (changed) acts_.event();
  return {.outcome = made ? KITH_CREATED : changed ? KITH_UPDATED : KITH_UNCHANGED};
}

Expected Player::put_list() {
  Id id = m.list(list_of(s.a));
  bool made = id == 0;
  List list = made ? List() : m.lists.at(id);
  List before = list;
  if (s.b % 4 != 3) list.opt_in = static_cast<OptIn>(s.b % 4);
  if (!made && (list.opt_in == OptIn::out) != (before.opt_in == OptIn::out)) throw Fails{KITH_REFUSED};
  if (s.c % 3 != 0) list.lapse_after = s.c % 3 == 1 ? 2 * one_day : 0;
  if (s.d % 3 != 1) list.sms = s.d % 3 == 0;
  list.id = made ? got.id : id;
  list.name = list_of(s.a);
  bool changed = made || list.opt_in != before.opt_in || list.lapse_after != before.lapse_after ||
                 list.sms != before.sms;
  if (changed) acts_.event();
  m.lists[list.id] = list;
  return {.outcome = made ? KITH_CREATED : changed ? KITH_UPDATED : KITH_UNCHANGED};
}

Expected Player::put_field() {
  Id id = m.field(field_of(s.a));
  bool made = id == 0;
  bool indexed = s.b % 3 == 0;
  bool changed = made || m.fields.at(id).second != indexed;
  m.fields[made ? got.id : id] = {field_of(s.a), indexed};
  if (changed) acts_.event();
  return {.outcome = made ? KITH_CREATED : changed ? KITH_UPDATED : KITH_UNCHANGED};
}

Expected Player::put_address() {
  Lead& of = lead(s.a);
  std::string address = address_of(s.b);
  if (of.others.count(address) != 0) return {.outcome = KITH_UNCHANGED};
  if (m.find(address) != nullptr) throw Fails{KITH_CONFLICT};
  of.others.insert(address);
  acts_.event();
  return {.outcome = KITH_CREATED};
}

void Player::forget(Id lead) {
  m.leads.erase(lead);
  for (Token& token : m.tokens) {
    if (token.lead == lead) token.lead = 0;
  }
}

Expected Player::remove_lead(bool erased) {
  Lead gone = lead(s.a);
  acts_.event();
  if (erased && s.b % 2 == 1) {
    std::set<std::string> all = gone.others;
    all.insert(gone.email);
    for (const std::string& address : all) {
      if (m.suppressions.insert({address, "all", "erased"}).second) acts_.event();
    }
  }
  forget(gone.id);
  return event(true);
}

Expected Player::remove_tag() {
  Id tag = need(m.tag(tag_of(s.a)));
  for (auto& [id, lead] : m.leads) {
    if (lead.tags.erase(tag) != 0) acts_.event();
  }
  m.tags.erase(tag);
  acts_.event();
  return event(true);
}

Expected Player::remove_list() {
  Id gone = list(s.a).id;
  for (auto& [id, lead] : m.leads) {
    if (lead.places.erase(gone) != 0) acts_.event();
    lead.pauses.erase(gone);
    std::erase_if(lead.asks, [&](const Ask& ask) { return ask.list == gone; });
  }
  m.lists.erase(gone);
  acts_.event();
  return event(true);
}

int strictness(State state) {
  constexpr int order[states] = {0, 2, 1, 4, 3, 5};
  return order[static_cast<int>(state)];
}

// Whether the absorbed lead's place is the one that counts.
bool wins(const Place& absorbed, const Place& survivor) {
  if (survivor.state == State::none) return true;
  if (survivor.own != absorbed.own) return absorbed.own;
  if (survivor.own && survivor.since != absorbed.since) return absorbed.since > survivor.since;
  return strictness(absorbed.state) > strictness(survivor.state);
}

Expected Player::merge() {
  Lead* stays = &lead(s.a);
  Lead* goes = &lead(s.b);
  if (stays->id == goes->id) throw Fails{KITH_INVALID};
  if (s.c % 3 == 2 || (s.c % 3 == 0 && goes->id < stays->id)) std::swap(stays, goes);
  for (Lead* one : {stays, goes}) {
    std::map<Id, Place> places = one->places;
    for (const auto& [list, place] : places) acts_.settle(*one, list);
  }
  Merge merge;
  merge.survivor = *stays;
  merge.absorbed = *goes;
  merge.event = acts_.event();
  bool theirs_first = s.d % 2 == 1;
  stays->others.insert(goes->others.begin(), goes->others.end());
  stays->others.insert(goes->email);
  if (theirs_first) {
    stays->others.erase(goes->email);
    stays->others.insert(stays->email);
    stays->email = goes->email;
  }
  auto take = [&](std::optional<std::string>& ours, const std::optional<std::string>& theirs) {
    if (theirs && (!ours || theirs_first)) ours = theirs;
  };
  take(stays->first_name, goes->first_name);
  take(stays->phone, goes->phone);
  for (const auto& [field, value] : goes->own) {
    if (theirs_first || stays->own.count(field) == 0) stays->own[field] = value;
  }
  for (const auto& [tag, until] : goes->tags) {
    auto has = stays->tags.find(tag);
    if (has == stays->tags.end()) {
      stays->tags[tag] = until;
    } else {
      has->second = has->second == 0 || until == 0 ? 0 : std::max(has->second, until);
    }
  }
  std::vector<Id> their_lists;
  for (const auto& [list, place] : goes->places) their_lists.push_back(list);
  for (Id list : their_lists) {
    auto theirs = goes->places.find(list);
    if (theirs == goes->places.end()) continue;
    Place ours = stays->places.count(list) != 0 ? stays->places[list] : Place();
    if (!wins(theirs->second, ours)) continue;
    stays->places[list] = theirs->second;
    if (ours.state == State::none || ours.state == theirs->second.state) continue;
    Id moved = acts_.event();
    if (theirs->second.state == State::unsubscribed) merge.left[list] = moved;
  }
  for (const auto& events : {goes->left, merge.left}) {
    for (const auto& [list, id] : events) stays->left[list] = std::max(stays->left[list], id);
  }
  for (const auto& [list, until] : goes->pauses) stays->pauses[list] = std::max(stays->pauses[list], until);
  stays->notes.insert(goes->notes.begin(), goes->notes.end());
  stays->asks.insert(stays->asks.end(), goes->asks.begin(), goes->asks.end());
  stays->soft.insert(stays->soft.end(), goes->soft.begin(), goes->soft.end());
  for (std::size_t i = 0; i < m.tokens.size(); ++i) {
    if (m.tokens[i].lead != goes->id) continue;
    m.tokens[i].lead = stays->id;
    merge.tokens.push_back(i);
  }
  merge.after = *stays;
  m.leads.erase(goes->id);
  m.merges.push_back(merge);
  return event(true);
}

Expected Player::unmerge() {
  Merge merge = m.merges.at(merge_meant(m, s));
  m.leads[merge.survivor.id] = merge.survivor;
  m.leads[merge.absorbed.id] = merge.absorbed;
  for (const auto& [list, id] : merge.left) m.leads[merge.survivor.id].left[list] = id;
  for (std::size_t token : merge.tokens) {
    if (m.tokens[token].lead == merge.survivor.id) m.tokens[token].lead = merge.absorbed.id;
  }
  std::erase_if(m.merges, [&](const Merge& one) { return one.event == merge.event; });
  acts_.event();
  acts_.event();
  return event(true);
}

Expected Player::merge_tags() {
  Id keep = need(m.tag(tag_of(s.a)));
  Id gone = need(m.tag(tag_of(s.b)));
  if (keep == gone) throw Fails{KITH_INVALID};
  for (auto& [id, lead] : m.leads) {
    acts_.end_past(lead, keep);
    acts_.end_past(lead, gone);
    auto moving = lead.tags.find(gone);
    if (moving == lead.tags.end()) continue;
    auto has = lead.tags.find(keep);
    Millis until = has == lead.tags.end()                    ? moving->second
                   : has->second == 0 || moving->second == 0 ? 0
                                                             : std::max(has->second, moving->second);
    lead.tags[keep] = until;
    lead.tags.erase(gone);
  }
  m.tags.erase(gone);
  acts_.event();
  return event(true);
}

Expected Player::report() {
  Lead& of = lead(s.a);
  const List* on = list_or_all(s.b);
  std::string target = address_of(s.a);
  bool in_use = of.email == target;
  auto act = [&](const char* what) {
    Acts::How how = {what, false, what == std::string("complaint"), false};
    return on == nullptr ? acts_.on_every_list(of, how) : acts_.on_list(of, *on, how).changed;
  };
  switch (s.c % 6) {
    case 0:  // delivered
      std::erase_if(of.soft,
                    [&](const SoftBounce& one) { return one.target == target && one.at <= acts_.at; });
      return event(false);
    case 1: {
      bool moved = act("complaint");
      return event(acts_.suppress(target, "email", "complaint") || moved);
    }
    case 2: {
      bool moved = in_use && act("hard bounce");
      return event(acts_.suppress(target, "email", "hard_bounce") || moved);
    }
    case 3:
      acts_.event();
      return event(true);  // refused by policy
    default:
      break;
  }
  acts_.event();
  of.soft.push_back({target, acts_.at});
  std::erase_if(of.soft, [&](const SoftBounce& one) { return one.at <= now - 30 * one_day; });
  auto same = [&](const SoftBounce& one) { return one.target == target; };
  if (std::count_if(of.soft.begin(), of.soft.end(), same) >= 3) {
    acts_.suppress(target, "email", "soft_bounce");
    std::erase_if(of.soft, same);
  }
  return event(true);
}

Expected Player::resume() {
  Lead& of = lead(s.a);
  const List* on = list_or_all(s.b);
  bool any = false;
  for (auto pause = of.pauses.begin(); pause != of.pauses.end();) {
    if (on != nullptr && pause->first != on->id) {
      ++pause;
      continue;
    }
    any = any || pause->second > now;
    acts_.event();
    pause = of.pauses.erase(pause);
  }
  return event(any);
}

Expected Player::run_due() {
  std::vector<std::tuple<Millis, int, Id, Id>> due;  // when, what, the lead, the tag or list
  for (const auto& [id, lead] : m.leads) {
    for (const auto& [tag, until] : lead.tags) {
      if (until != 0 && until <= now) due.emplace_back(until, 0, id, tag);
    }
    for (const auto& [list, place] : lead.places) {
      if (place.lapses != 0 && place.lapses <= now) due.emplace_back(place.lapses, 1, id, list);
    }
    for (const auto& [list, until] : lead.pauses) {
      if (until <= now) due.emplace_back(until, 2, id, list);
    }
  }
  std::sort(due.begin(), due.end());
  if (int limit = limit_of_run(s); limit != 0 && due.size() > static_cast<std::size_t>(limit))
    due.resize(static_cast<std::size_t>(limit));
  for (const auto& [when, what, id, thing] : due) {
    Lead& lead = m.leads.at(id);
    if (what == 0) acts_.end_past(lead, thing);
    if (what == 1) acts_.settle(lead, thing);
    if (what != 2) continue;
    lead.pauses.erase(thing);
    acts_.event();
  }
  return number(static_cast<std::int64_t>(due.size()));
}

Expected Player::of_token() {
  std::size_t which = token_meant(m, s);
  if (which == m.tokens.size()) throw Fails{s.verb == Verb::token_revoke ? KITH_NOT_FOUND : KITH_REFUSED};
  Token& token = m.tokens[which];
  if (s.verb == Verb::token_revoke) {
    if (token.lead == 0) throw Fails{KITH_NOT_FOUND};
    bool fresh = !token.revoked;
    token.revoked = true;
    if (fresh) acts_.event();
    return event(fresh);
  }
  std::string purpose = s.verb == Verb::confirm                ? "confirm"
                        : s.verb == Verb::unsubscribe_by_token ? "unsubscribe"
                                                               : "preferences";
  bool is_over = token.revoked || (!token.used && token.expires != 0 && token.expires <= now);
  if (token.lead == 0 || token.purpose != purpose || is_over) throw Fails{KITH_REFUSED};
  if (s.verb == Verb::confirm) return confirm(token);
  if (s.verb == Verb::set_preferences) return set_preferences(token);
  Lead& of = m.leads.at(token.lead);
  Acts::How how = {"unsubscribe", false, true, false};
  bool changed = m.lists.count(token.list) != 0 && acts_.on_list(of, m.lists.at(token.list), how).changed;
  if (s.b % 2 == 1) changed = acts_.on_every_list(of, how) || changed;
  return event(changed);
}

Expected Player::confirm(Token& token) {
  if (m.lists.count(token.list) == 0) throw Fails{KITH_REFUSED};
  Lead& of = m.leads.at(token.lead);
  State state = m.counted(of, token.list, now);
  if (token.used && state == State::subscribed) return event(false);
  if (token.used) throw Fails{KITH_REFUSED};
  if (state == State::unsubscribed && token.event < of.left[token.list]) throw Fails{KITH_REFUSED};
  Acts::Result result = acts_.on_list(of, m.lists.at(token.list), {"confirmation token", true, true, true});
  if (result.refused) throw Fails{KITH_REFUSED};
  token.used = true;
  return event(result.changed);
}

Expected Player::set_preferences(const Token& token) {
  Id one = list(s.b).id;
  Id two = s.c % 4 == s.b % 4 ? 0 : list(s.c).id;
  std::int64_t changed = 0;
  Lead& of = m.leads.at(token.lead);
  for (auto [id, in] : {std::pair(one, s.d % 2 == 1), std::pair(two, s.d / 2 % 2 == 1)}) {
    if (id == 0) continue;
    const char* act = !in                ? "preference page, out"
                      : s.d / 4 % 2 == 1 ? "preference page, in, consent"
                                         : "preference page, in";
    if (acts_.on_list(of, m.lists.at(id), {act, in, true, true}).changed) ++changed;
  }
  return number(changed);
}

Expected Player::run() {
  switch (s.verb) {
    case Verb::put_lead:
      return put_lead();
    case Verb::put_many:
    case Verb::put_batch:
    case Verb::put_stream:
      return put_leads();
    case Verb::put_tag:
      return put_tag();
    case Verb::put_list:
      return put_list();
    case Verb::put_field:
      return put_field();
    case Verb::put_address:
      return put_address();
    case Verb::put_category: {
      if (m.category(category_of(s.a)) != 0) return {.outcome = KITH_UNCHANGED};
      m.categories[got.id] = category_of(s.a);
      acts_.event();
      return {.outcome = KITH_CREATED};
    }
    case Verb::put_note:
      lead(s.a).notes[got.id] = "note " + std::to_string(s.b);
      acts_.event();
      return {.outcome = KITH_CREATED};
    case Verb::remove_lead:
      return remove_lead(false);
    case Verb::erase:
      return remove_lead(true);
    case Verb::remove_tag:
      return remove_tag();
    case Verb::remove_list:
      return remove_list();
    case Verb::remove_category: {
      Id gone = need(m.category(category_of(s.a)));
      for (auto& [id, tag] : m.tags) {
        if (tag.category == gone) tag.category = 0;
      }
      m.categories.erase(gone);
      acts_.event();
      return event(true);
    }
    case Verb::remove_field: {
      Id gone = need(m.field(field_of(s.a)));
      for (auto& [id, lead] : m.leads) lead.own.erase(gone);
      m.fields.erase(gone);
      acts_.event();
      return event(true);
    }
    case Verb::remove_note: {
      Id gone = note_meant(m, s);
      bool any = false;
      for (auto& [id, lead] : m.leads) any = lead.notes.erase(gone) != 0 || any;
      if (!any) throw Fails{KITH_NOT_FOUND};
      acts_.event();
      return event(true);
    }
    case Verb::remove_address: {
      std::string gone = address_meant(m, s);
      Lead* of = m.find(gone);
      if (of == nullptr || of->others.erase(gone) == 0) throw Fails{KITH_NOT_FOUND};
      acts_.event();
      return event(true);
    }
    case Verb::rename_tag: {
      Id id = need(m.tag(tag_of(s.a)));
      Id other = m.tag(tag_of(s.b));
      if (other != 0 && other != id) throw Fails{KITH_CONFLICT};
      m.tags.at(id).name = tag_of(s.b);
      if (other == 0) acts_.event();
      return event(other == 0);
    }
    case Verb::rename_list: {
      List& renamed = list(s.a);
      Id other = m.list(list_of(s.b));
      if (other != 0 && other != renamed.id) throw Fails{KITH_CONFLICT};
      renamed.name = list_of(s.b);
      if (other == 0) acts_.event();
      return event(other == 0);
    }
    case Verb::merge:
      return merge();
    case Verb::unmerge:
      return unmerge();
    case Verb::suppress:
      return event(acts_.suppress(target_of(s.a), channel_of_step(s), reason_of_step(s)));
    case Verb::unsuppress:
      return event(
          acts_.unsuppress(target_of(s.a), s.d % 2 == 0 ? "" : channel_of_step(s), reason_of_step(s)));
    case Verb::assign: {
      Lead& of = lead(s.a);
      return event(acts_.assign(of, need(m.tag(tag_of(s.b))), end_given(s, now)));
    }
    case Verb::unassign: {
      Lead& of = lead(s.a);
      Id tag = need(m.tag(tag_of(s.b)));
      acts_.end_past(of, tag);
      bool had = of.tags.erase(tag) != 0;
      if (had) acts_.event();
      return event(had);
    }
    case Verb::assign_where: {
      Id tag = need(m.tag(tag_of(s.b)));
      std::vector<Id> leads = found_by(m, s, now);
      Millis end = end_given(s, now).value_or(acts_.end_of(tag));
      if (end != 0 && end <= now) throw Fails{KITH_INVALID};
      std::int64_t count = 0;
      for (Id id : leads) count += acts_.assign(m.leads.at(id), tag, end) ? 1 : 0;
      return number(count);
    }
    case Verb::unassign_where: {
      Id tag = need(m.tag(tag_of(s.b)));
      std::int64_t count = 0;
      for (Id id : found_by(m, s, now)) {
        acts_.end_past(m.leads.at(id), tag);
        if (m.leads.at(id).tags.erase(tag) == 0) continue;
        ++count;
        acts_.event();
      }
      return number(count);
    }
    case Verb::merge_tags:
      return merge_tags();
    case Verb::subscribe: {
      Lead& of = lead(s.a);
      Acts::Result result = acts_.on_list(of, list(s.b), subscribing(s.c));
      if (result.refused) throw Fails{KITH_REFUSED};
      return event(result.changed);
    }
    case Verb::unsubscribe: {
      Lead& of = lead(s.a);
      const List* on = list_or_all(s.b);
      Acts::How how = {"unsubscribe", false, true, false};
      return event(on == nullptr ? acts_.on_every_list(of, how) : acts_.on_list(of, *on, how).changed);
    }
    case Verb::subscribe_where: {
      const List& on = list(s.b);
      Acts::How how = subscribing(s.d);
      how.welcome = false;
      return number(acts_.on_many(found_by(m, s, now), on, how, false));
    }
    case Verb::unsubscribe_where: {
      const List& on = list(s.b);
      return number(acts_.on_many(found_by(m, s, now), on, {"unsubscribe", false, true, false}, false));
    }
    case Verb::report:
      return report();
    case Verb::pause: {
      Lead& of = lead(s.a);
      const List* on = list_or_all(s.b);
      Millis& until = of.pauses[on == nullptr ? 0 : on->id];
      bool changed = until != pause_end(s, now);
      until = pause_end(s, now);
      if (changed) acts_.event();
      return event(changed);
    }
    case Verb::resume:
      return resume();
    case Verb::sms_received: {
      std::string target = "tel:" + phone_of(s.a);
      m.last_event += std::max<std::int64_t>(1, static_cast<std::int64_t>(acts_.leads_with(target).size()));
      if (s.b % 3 == 0) acts_.suppress(target, "sms", "stop");
      if (s.b % 3 == 1) acts_.unsuppress(target, "sms", "stop");
      return event(true);
    }
    case Verb::token: {
      Token made;
      made.purpose = purpose_of(s);
      made.lead = lead(s.a).id;
      if (purpose_has_list(s)) made.list = list(s.b).id;
      if (made.purpose == "confirm" && m.lists.at(made.list).lapse_after != 0)
        made.expires = now + m.lists.at(made.list).lapse_after;
      made.event = acts_.event();
      made.text = got.text;
      m.tokens.push_back(made);
      return {};
    }
    case Verb::token_revoke:
    case Verb::confirm:
    case Verb::unsubscribe_by_token:
    case Verb::set_preferences:
      return of_token();
    case Verb::record:
      lead(s.a);
      acts_.event();
      return event(true);
    case Verb::record_many:
      for (int i = 0; i < 3; ++i) {
        if (m.find(address_of(s.a + i)) != nullptr) acts_.event();
      }
      return {};
    case Verb::run:
      return run_due();
    case Verb::search:
      m.search_is_built = true;
      return {};
    case Verb::backup:
    case Verb::check:
    case Verb::compact:
    case Verb::begin:
    case Verb::commit:
    case Verb::rollback:
    case Verb::close:
      return {};
  }
  return {};
}

}  // namespace

std::string play(Model& model, const ConsentTable& table, const Step& step, Millis now, const Answer& got) {
  kith_status status = KITH_OK;
  Expected expected;
  try {
    expected = Player(model, table, step, now, got).run();
  } catch (const Fails& fails) {
    status = fails.status;
  }
  auto name = [](kith_status of) { return std::string(kith_status_name(of)); };
  if (got.status != status)
    return "it answered " + name(got.status) + " (" + got.message + ") where " + name(status) + " is right";
  if (status != KITH_OK) return "";
  if (expected.event && *expected.event != (got.event != 0))
    return *expected.event ? "it says that nothing changed" : "it says that something changed";
  if (expected.number && *expected.number != got.number)
    return "it counts " + std::to_string(got.number) + " where " + std::to_string(*expected.number) +
           " is right";
  if (expected.outcome && *expected.outcome != got.outcome)
    return "its outcome is " + std::to_string(got.outcome) + ", not " + std::to_string(*expected.outcome);
  return "";
}

}  // namespace kith::sim
