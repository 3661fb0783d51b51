// What is unique over all leads: addresses and external ids, in the table lead_key.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "domain/leads.h"
#include "model/operation.h"

namespace kith {

// CONFLICT when another lead has the key. Whoever changes several keys asks for all of them first, so that a refusal
// leaves nothing half done.
void need_free_key(Operation& op, KeyKind kind, std::int64_t lead, std::string_view shown, std::string_view key);
// Makes `shown` (key `key`) the lead's primary address. One of the lead's other addresses changes places with the one
// it had; otherwise the old one is given up. CONFLICT when another lead has it. The row of the lead is not written.
void change_primary_address(Operation& op, std::int64_t lead, std::string_view shown, std::string_view key);
struct LeadKey {
  std::int64_t kind = 0;
  std::string key;
  std::int64_t role = 0;
};
// Every key that finds the lead, by kind and key: its own are told by its row, which must still be there.
std::vector<LeadKey> keys_of_lead(Operation& op, std::int64_t lead);

// "" for none.
void change_external_id(Operation& op, std::int64_t lead, std::string_view from, std::string_view to);

}  // namespace kith
