// The one place that says whether a lead may be sent something, and why not. Asked when a message is queued and again
// when it is claimed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "domain/lists.h"
#include "model/operation.h"
#include "model/rows.h"

namespace kith {

struct SendAnswer {
  bool allowed = false;
  std::string_view why;  // a word: "allowed", "pending", "suppressed" ...
  std::string detail;    // for people
};

// `list` NULL: a transactional message, which asks for no consent and minds no pause, but never goes to a suppressed
// address.
SendAnswer may_send(Operation& op, std::int64_t lead, const List* list, Channel channel);
// allowed, why, detail.
RowsPtr rows_of(const SendAnswer& answer);

}  // namespace kith
