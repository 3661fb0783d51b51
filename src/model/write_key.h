// The host's own keys: the same key for the same verb is one write, and the second call gets the first one's answer. What
// the verb acts on is remembered by its hash alone, for a name may tell who somebody is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/failure.h"
#include "model/operation.h"

namespace kith {

struct KeyedAnswer {
  std::int64_t lead = 0;  // whom the write was about, 0: nobody
  std::int64_t event = 0;
  std::int64_t thing = 0;  // of a put of anything but a lead its id; of a verb for many how many it changed
  std::string object;      // key_object()
};

std::string key_object(std::string_view object);
std::optional<KeyedAnswer> answer_of_key(Operation& op, std::string_view verb, std::string_view key);
void remember_key(Operation& op, std::string_view verb, std::string_view key, const KeyedAnswer& answer);
// CONFLICT for a key that was used for another lead, or with another object.
[[noreturn]] void key_is_of_lead(std::string_view key, std::int64_t lead);
[[noreturn]] void key_is_of_object(std::string_view key, std::string_view verb);

// Does `work()`, which answers an event, unless the act's key says that it was done. `object`: what the verb acts on beside
// the lead; 0 for `lead`: it is named by something else.
template <class Work>
std::int64_t once(Operation& op, std::string_view verb, std::int64_t lead, std::string_view object, Work work, bool counts = false) {
  std::string_view key = op.act.key;
  if (key.empty()) return work();
  std::string hash = key_object(object);
  if (std::optional<KeyedAnswer> known = answer_of_key(op, verb, key)) {
    if (lead != 0 && known->lead != lead) key_is_of_lead(key, known->lead);
    if (known->object != hash) key_is_of_object(key, verb);
    return counts ? known->thing : known->event;
  }
  std::int64_t answer = work();
  // A key may be about somebody though the act is named by something else: it goes when they are erased.
  if (!counts && lead == 0 && answer != 0) lead = lead_of_event(op.db, answer).value_or(0);
  remember_key(op, verb, key, {lead, counts ? 0 : answer, counts ? answer : 0, hash});
  return answer;
}

// The same for work that answers how many leads it changed.
template <class Work>
std::int64_t counted_once(Operation& op, std::string_view verb, std::int64_t lead, std::string_view object, Work work) {
  return once(op, verb, lead, object, work, true);
}

}  // namespace kith
