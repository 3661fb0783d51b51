// The kinds of event: the library's own, fixed for ever, and the host's, which a first use makes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "model/counters.h"
#include "sql/connection.h"

namespace kith {

// Stored in the file: numbers are never changed and never used again.
enum class EventKind : std::int64_t {
  lead_created = 1,
  lead_updated = 2,
  lead_removed = 3,
  lead_merged = 4,
  lead_unmerged = 5,
  lead_erased = 6,
  address_added = 7,
  address_removed = 8,
  note_added = 9,
  note_updated = 10,
  note_removed = 11,
  lead_suppressed = 12,
  lead_unsuppressed = 13,
  tag_assigned = 20,
  tag_unassigned = 21,
  tag_expired = 22,
  tag_extended = 23,
  subscription_pending = 30,
  subscription_confirm_wanted = 31,
  subscription_subscribed = 32,
  subscription_unsubscribed = 33,
  subscription_bounced = 34,
  subscription_complained = 35,
  subscription_lapsed = 36,
  subscription_consented = 37,
  subscription_removed = 38,
  subscription_welcome_wanted = 39,
  messages_paused = 40,
  messages_resumed = 41,
  sms_received = 42,
  token_made = 43,
  token_revoked = 44,
  subscription_soft_bounced = 45,
  tag_created = 60,
  tag_updated = 61,
  tag_removed = 62,
  tag_merged = 63,
  category_created = 64,
  category_updated = 65,
  category_removed = 66,
  list_created = 67,
  list_updated = 68,
  list_removed = 69,
  field_created = 70,
  field_updated = 71,
  field_removed = 72,
};

inline constexpr std::int64_t first_host_event_kind = 1000;

struct EventKindSpec {
  EventKind kind;
  std::string_view name;
  std::string_view subject;  // the kind that subject_id refers to, "" if none
  std::string_view summary;  // with {subject}: the sentence of a timeline
  std::string_view keeps = {};  // keys of its data, with commas between, that are not personal: erasing a lead leaves them
};
std::span<const EventKindSpec> own_event_kinds();
const EventKindSpec* own_event_kind(std::int64_t id);

// Between names and ids, remembered for the connection's life: kinds of event are never renamed.
class EventKinds {
 public:
  explicit EventKinds(Connection& db) : db_(db) {}
  std::int64_t find(std::string_view name);                                       // 0: there is none
  std::int64_t find_or_make(Counters& counters, std::string_view name, std::int64_t now);  // a host's kind
  std::string_view name(std::int64_t id);
  void forget() {  // after a rollback
    ids_.clear();
    names_.clear();
  }

 private:
  Connection& db_;
  std::unordered_map<std::string, std::int64_t> ids_;
  std::unordered_map<std::int64_t, std::string> names_;
};

}  // namespace kith
