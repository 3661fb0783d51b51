// What is unique over all leads: addresses and external ids, in the table lead_key.
#pragma once

#include <cstdint>
#include <string_view>

#include "domain/leads.h"
#include "model/operation.h"

namespace kith {

// CONFLICT when another lead has the key. Whoever changes several keys asks for all of them first, so that a refusal
// leaves nothing half done.
void need_free_key(Operation& op, KeyKind kind, std::int64_t lead, std::string_view shown, std::string_view key);
// Makes `shown` (key `key`) the lead's primary address. One of the lead's other addresses changes places with the one
// it had; otherwise the old one is given up. CONFLICT when another lead has it. The row of the lead is not written.
void change_primary_address(Operation& op, std::int64_t lead, std::string_view shown, std::string_view key);
// "" for none.
void change_external_id(Operation& op, std::int64_t lead, std::string_view from, std::string_view to);

}  // namespace kith
