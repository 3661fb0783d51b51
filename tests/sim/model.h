// What a file should hold, in memory and by the documentation alone: leads with their addresses, tags, lists, pauses and
// notes; definitions, suppressions, tokens; and how many events there are.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "sim/consent_table.h"

namespace kith::sim {

using Millis = std::int64_t;
using Id = std::int64_t;
inline constexpr Millis one_day = 86'400'000;

// A lead on a list.
struct Place {
  State state = State::none;
  State lapses_to = State::none;
  Millis since = 0;
  Millis lapses = 0;  // 0: it does not
  bool own = false;
  bool operator==(const Place&) const = default;
};

struct Ask {
  Id list = 0;
  Millis at = 0;
  bool operator==(const Ask&) const = default;
};

struct SoftBounce {
  std::string target;
  Millis at = 0;
  bool operator==(const SoftBounce&) const = default;
};

struct Lead {
  Id id = 0;
  std::string email;
  std::set<std::string> others;
  std::optional<std::string> first_name, phone;
  std::map<Id, std::string> own;  // by field
  std::map<Id, Millis> tags;      // until when; 0: for ever
  std::map<Id, Place> places;     // by list; none is not there
  std::map<Id, Id> left;          // by list: the event by which it last left it
  std::map<Id, Millis> pauses;    // by list, 0: all
  std::map<Id, std::string> notes;
  std::vector<Ask> asks;
  std::vector<SoftBounce> soft;
  bool operator==(const Lead&) const = default;
};

struct Tag {
  std::string name;
  Millis expires_after = 0;  // 0: never
  Id category = 0;
};

struct List {
  Id id = 0;
  std::string name;
  OptIn opt_in = OptIn::single;
  Millis lapse_after = 14 * one_day;  // 0: never
  bool sms = false;
};

struct Token {
  std::string text, purpose;
  Id lead = 0, list = 0, event = 0;
  Millis expires = 0;  // 0: never
  bool used = false, revoked = false;
};

struct Merge {
  Id event = 0;
  Lead survivor, absorbed, after;
  std::vector<std::size_t> tokens;  // the absorbed lead's
  std::map<Id, Id> left;            // lists that the survivor left by the merge itself, and the events
};

using Suppression = std::tuple<std::string, std::string, std::string>;  // target, channel, reason

struct Model {
  std::map<Id, Lead> leads;
  std::map<Id, Tag> tags;
  std::map<Id, List> lists;
  std::map<Id, std::string> categories;
  std::map<Id, std::pair<std::string, bool>> fields;  // key, whether it has an index
  std::set<Suppression> suppressions;
  std::vector<Token> tokens;
  std::vector<Merge> merges;
  bool search_is_built = false;
  Id last_event = 0;

  Lead* find(const std::string& address);
  Id tag(const std::string& name) const;  // 0: none
  Id list(const std::string& name) const;
  Id category(const std::string& name) const;
  Id field(const std::string& key) const;

  State counted(const Lead& lead, Id list, Millis now) const;  // what is past its time counts as over
  // The first reason against the lead on a channel; "" for none.
  bool is_suppressed(const Lead& lead, bool by_sms) const;
  bool may_not_subscribe(const Lead& lead, const List& list) const;
};

}  // namespace kith::sim
