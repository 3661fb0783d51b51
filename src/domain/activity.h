// What happened: recording the host's events, the timeline of a lead, the causes of an event, following the log.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "domain/leads.h"
#include "model/find.h"
#include "model/operation.h"
#include "model/rows.h"

namespace kith {

std::unique_ptr<Kind> make_event_kind();       // the kind "event": the log as things to be found
std::unique_ptr<Kind> make_event_kind_kind();  // the kind "event_kind"

// A host's event; `data` is JSON or "". The event's id.
std::int64_t record_event(Operation& op, std::int64_t lead, std::string_view kind, std::string_view data, std::string_view subject);
// Fields lead, kind, data, subject, at, by, ip, key, cause. RowResult.id stays 0.
std::vector<RowResult> record_events(Operation& op, const RowSource& source, bool skip_bad);

// Newest first; `condition` over the kind "event".
RowsPtr timeline(Operation& op, std::int64_t lead, const Query& query, const Condition& condition, Parameters& parameters);
// One lead's after event `after`, oldest first, in pages.
RowsPtr events_of(Operation& op, std::int64_t lead, std::int64_t after, std::int64_t limit);
RowsPtr causes_of(Operation& op, std::int64_t event);
RowsPtr events_after(Operation& op, std::int64_t id, std::int64_t limit);

}  // namespace kith
