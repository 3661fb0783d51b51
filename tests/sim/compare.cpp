#include "sim/compare.h"

#include <algorithm>

#include "support/handle.h"

namespace kith::sim {

namespace {

using Lines = std::vector<std::string>;

std::string text(const std::optional<std::string>& value) { return value ? *value : "-"; }
std::string text(Millis value) { return std::to_string(value); }
std::string text_or_none(Millis value) { return value == 0 ? "-" : std::to_string(value); }

std::string compared(kith_db* db, const char* kind, const std::string& columns, Lines expected) {
  kith_query query = {};
  query.size = sizeof query;
  query.columns = columns.c_str();
  query.limit = -1;
  kith_rows* rows = nullptr;
  kith_error* error = nullptr;
  if (kith_find(db, kind, &query, &rows, &error) != KITH_OK)
    return std::string("finding every ") + kind + " fails: " + test::said(error);
  Lines found = test::texts_of(rows);
  std::sort(found.begin(), found.end());
  std::sort(expected.begin(), expected.end());
  if (found == expected) return "";
  std::string said = std::string(kind) + " (" + columns + "):";
  for (const std::string& line : expected) {
    if (!std::binary_search(found.begin(), found.end(), line)) said += " missing " + line + ";";
  }
  for (const std::string& line : found) {
    if (!std::binary_search(expected.begin(), expected.end(), line)) said += " unexpected " + line + ";";
  }
  return said;
}

std::string counted(kith_db* db, const std::string& where, std::size_t expected) {
  kith_query query = {};
  query.size = sizeof query;
  query.where = where.c_str();
  std::int64_t count = 0;
  kith_error* error = nullptr;
  if (kith_count(db, "lead", &query, &count, &error) != KITH_OK)
    return "counting " + where + " fails: " + test::said(error);
  if (count == static_cast<std::int64_t>(expected)) return "";
  return "of leads " + where + " it counts " + std::to_string(count) + ", not " + std::to_string(expected);
}

std::string of_leads(kith_db* db, const Model& model) {
  Lines leads, addresses, notes, pauses;
  std::string columns = "id, email, first_name, phone";
  for (const auto& [id, field] : model.fields) columns += ", " + field.first;
  for (const auto& [id, lead] : model.leads) {
    std::string line = text(id) + "|" + lead.email + "|" + text(lead.first_name) + "|" + text(lead.phone);
    for (const auto& [field, key] : model.fields)
      line += "|" + (lead.own.count(field) != 0 ? lead.own.at(field) : "-");
    leads.push_back(line);
    for (const std::string& other : lead.others) addresses.push_back(text(id) + "|" + other);
    for (const auto& [note, said] : lead.notes) notes.push_back(text(note) + "|" + text(id) + "|" + said);
    for (const auto& [list, until] : lead.pauses)
      pauses.push_back(text(id) + "|" + (list == 0 ? "-" : model.lists.at(list).name) + "|" + text(until));
  }
  std::string wrong = compared(db, "lead", columns, leads);
  if (wrong.empty()) wrong = compared(db, "address", "lead, email", addresses);
  if (wrong.empty()) wrong = compared(db, "note", "id, lead, text", notes);
  if (wrong.empty()) wrong = compared(db, "pause", "lead, list, until", pauses);
  return wrong;
}

std::string of_tags(kith_db* db, const Model& model, Millis now) {
  Lines tags, assignments, categories;
  for (const auto& [id, name] : model.categories) categories.push_back(text(id) + "|" + name);
  for (const auto& [id, tag] : model.tags) {
    std::size_t count = 0;
    for (const auto& [lead_id, lead] : model.leads) {
      auto has = lead.tags.find(id);
      if (has == lead.tags.end()) continue;
      assignments.push_back(text(lead_id) + "|" + tag.name + "|" + text_or_none(has->second));
      if (has->second == 0 || has->second > now) ++count;
    }
    std::string category = tag.category == 0 ? "-" : model.categories.at(tag.category);
    tags.push_back(text(id) + "|" + tag.name + "|" + category + "|" + text_or_none(tag.expires_after) + "|" +
                   std::to_string(count));
    if (std::string wrong = counted(db, "tag '" + tag.name + "'", count); !wrong.empty()) return wrong;
  }
  std::string wrong = compared(db, "tag", "id, name, category, expires_after, leads", tags);
  if (wrong.empty()) wrong = compared(db, "category", "id, name", categories);
  if (wrong.empty()) wrong = compared(db, "assignment", "lead, tag, expires", assignments);
  return wrong;
}

std::string of_lists(kith_db* db, const Model& model, Millis now) {
  constexpr const char* opt_ins[] = {"single", "double", "out"};
  Lines lists, subscriptions;
  for (const auto& [id, list] : model.lists) {
    lists.push_back(text(id) + "|" + list.name + "|" + opt_ins[static_cast<int>(list.opt_in)] + "|" +
                    text(list.lapse_after));
    std::size_t counts[states] = {};
    for (const auto& [lead_id, lead] : model.leads) {
      State counts_as = model.counted(lead, id, now);
      if (counts_as == State::none && list.opt_in == OptIn::out) counts_as = State::subscribed;
      ++counts[static_cast<int>(counts_as)];
      auto place = lead.places.find(id);
      if (place == lead.places.end()) continue;
      State state = model.counted(lead, id, now);
      subscriptions.push_back(text(lead_id) + "|" + list.name + "|" +
                              (state == State::none ? "lapsed" : state_name(state)) + "|" +
                              text(place->second.since) + "|" + (place->second.own ? "1" : "0") + "|" +
                              text_or_none(place->second.lapses));
    }
    for (int state = 1; state < states; ++state) {
      std::string wrong =
          counted(db, "list '" + list.name + "' " + state_name(static_cast<State>(state)), counts[state]);
      if (!wrong.empty()) return wrong;
    }
  }
  std::string wrong = compared(db, "list", "id, name, opt_in, lapse_after", lists);
  if (wrong.empty())
    wrong = compared(db, "subscription", "lead, list, state, since, own, lapses", subscriptions);
  return wrong;
}

std::string of_the_rest(kith_db* db, const Model& model, Millis now) {
  Lines suppressions, tokens, fields;
  for (const auto& [target, channel, reason] : model.suppressions)
    suppressions.push_back(channel + "|" + reason);
  for (const Token& token : model.tokens) {
    if (token.lead == 0) continue;
    const char* state = token.revoked                                ? "revoked"
                        : token.used                                 ? "used"
                        : token.expires != 0 && token.expires <= now ? "expired"
                                                                     : "live";
    std::string list =
        token.list != 0 && model.lists.count(token.list) != 0 ? model.lists.at(token.list).name : "-";
    tokens.push_back(text(token.lead) + "|" + token.purpose + "|" + list + "|" + state);
  }
  for (const auto& [id, field] : model.fields)
    fields.push_back(text(id) + "|" + field.first + "|" + (field.second ? "1" : "0"));
  std::string wrong = compared(db, "suppression", "channel, reason", suppressions);
  if (wrong.empty()) wrong = compared(db, "token", "lead, purpose, list, state", tokens);
  if (wrong.empty()) wrong = compared(db, "field", "id, key, indexed", fields);
  return wrong;
}

// Every lead may be sent what consent, pauses and suppressions allow.
std::string of_sending(kith_db* db, const Model& model, Millis now) {
  for (const auto& [id, lead] : model.leads) {
    for (const auto& [list_id, list] : model.lists) {
      State state = model.counted(lead, list_id, now);
      Millis paused = 0;
      for (Id where : {Id{0}, list_id}) {
        if (lead.pauses.count(where) != 0) paused = std::max(paused, lead.pauses.at(where));
      }
      bool on = state == State::subscribed || (state == State::none && list.opt_in == OptIn::out);
      std::string expected = model.is_suppressed(lead, false) ? "suppressed"
                             : !on          ? (state == State::none ? "not_subscribed" : state_name(state))
                             : paused > now ? "paused"
                                            : "allowed";
      kith_rows* rows = nullptr;
      kith_error* error = nullptr;
      kith_may_send(db, ("id:" + std::to_string(id)).c_str(), list.name.c_str(), nullptr, 0, &rows, &error);
      std::string why = error != nullptr ? test::said(error) : kith_rows_text(rows, 0, 1);
      bool allowed = kith_rows_integer(rows, 0, 0) == 1;
      kith_rows_free(rows);
      if (why != expected || allowed != (expected == "allowed")) {
        return "may " + lead.email + " be sent " + list.name + "? It says " + why + ", and " + expected +
               " is right";
      }
    }
  }
  return "";
}

}  // namespace

std::string difference(kith_db* db, const Model& model, Millis now) {
  std::string wrong = of_leads(db, model);
  if (wrong.empty()) wrong = of_tags(db, model, now);
  if (wrong.empty()) wrong = of_lists(db, model, now);
  if (wrong.empty()) wrong = of_the_rest(db, model, now);
  if (wrong.empty()) wrong = of_sending(db, model, now);
  return wrong;
}

std::string wrong_events(kith_db* db, Id before, const Model& model) {
  kith_rows* rows = nullptr;
  kith_error* error = nullptr;
  if (kith_events_after(db, before, 0, &rows, &error) != KITH_OK)
    return "the log cannot be read: " + test::said(error);
  Id last = before;
  std::string wrong;
  for (std::int64_t row = 0; row < kith_rows_count(rows); ++row) {
    Id id = kith_rows_integer(rows, row, kith_rows_column(rows, "id"));
    Id cause = kith_rows_integer(rows, row, kith_rows_column(rows, "cause"));
    if (id <= last) wrong = "events do not come in the order of their ids";
    if (cause < 0 || cause >= id)
      wrong = "event " + std::to_string(id) + " has a cause that came later, " + std::to_string(cause);
    last = id;
  }
  std::int64_t count = kith_rows_count(rows);
  kith_rows_free(rows);
  if (wrong.empty() && count != model.last_event - before) {
    wrong =
        "it recorded " + std::to_string(count) + " events, not " + std::to_string(model.last_event - before);
  }
  if (wrong.empty() && last != model.last_event)
    wrong = "the last event is " + std::to_string(last) + ", not " + std::to_string(model.last_event);
  return wrong;
}

}  // namespace kith::sim
