// Everything known about one lead as a document (GDPR Art. 15 and 20), and the proof of what it consented to.
#pragma once

#include <cstdint>
#include <string>

#include "model/operation.h"

namespace kith {

// One JSON object: the lead's fields, addresses, tags, lists, pauses, notes, suppressions, merges and the whole log.
std::string export_lead_json(Operation& op, std::int64_t lead);
// One JSON object: every act on every list, oldest first, with its time, way, address and wording.
std::string consent_proof_json(Operation& op, std::int64_t lead);

}  // namespace kith
