// The host's own keys: the same key for the same act - the verb and what it is done with - is one write, and the
// second call gets the first one's answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/failure.h"
#include "base/text.h"
#include "model/operation.h"

namespace kith {

struct KeyedAnswer {
  std::int64_t lead = 0;  // whom the write was about, 0: nobody
  std::int64_t event = 0;
  std::int64_t thing = 0;  // of a put of anything but a lead: its id
};

std::optional<KeyedAnswer> answer_of_key(Operation& op, std::string_view scope, std::string_view key);
void remember_key(Operation& op, std::string_view scope, std::string_view key, KeyedAnswer answer);

// Does `work()`, which answers an event, unless the act's key says that it was done. `scope` names the verb and its
// object, "assign:7". CONFLICT when the key was used for another lead.
template <class Work>
std::int64_t once(Operation& op, const std::string& scope, std::int64_t lead, Work work) {
  std::string_view key = op.act.key;
  if (key.empty()) return work();
  if (std::optional<KeyedAnswer> known = answer_of_key(op, scope, key)) {
    if (lead != 0 && known->lead != lead) {
      fail(Status::conflict, "key", "{} was used for lead id:{} before", shown(key), known->lead);
    }
    return known->event;
  }
  std::int64_t event = work();
  // A key may be about somebody though the act is named by something else: it goes when they are erased.
  if (lead == 0 && event != 0) lead = lead_of_event(op.db, event).value_or(0);
  remember_key(op, scope, key, {lead, event});
  return event;
}

}  // namespace kith
