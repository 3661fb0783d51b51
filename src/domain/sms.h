// SMS that come in: the words by which people stop messages and start them again, and what is done about them.
#pragma once

#include <cstdint>
#include <string_view>

#include "model/operation.h"

namespace kith {

enum class SmsWord : std::uint8_t { other, stop, start };
// A message counts as a word only when it is nothing else: "Stop!" does, "Stop by at nine?" does not.
SmsWord sms_word(std::string_view text);

// The event sms.received: the first lead's who has the phone, else nobody's.
std::int64_t receive_sms(Operation& op, std::string_view phone, std::string_view text);

}  // namespace kith
