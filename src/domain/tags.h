// Tags and their categories: the kinds, and assigning, removing, expiring and merging of tags. Rows of lead_tag are
// the truth; the set of each tag's leads changes with them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "model/lead_set.h"
#include "model/operation.h"
#include "model/predicate.h"

namespace kith {

std::unique_ptr<Kind> make_category_kind();
std::unique_ptr<Kind> make_tag_kind();
std::unique_ptr<Kind> make_assignment_kind();
const Predicate& tag_predicate();

// When an assignment that is made now ends: what the call says, else what the tag says. nullopt: never.
struct Expiry {
  bool given = false;
  std::optional<Millis> at;
};

// The event, 0 when the lead had the tag with the same expiry.
std::int64_t assign_tag(Operation& op, std::int64_t lead, std::int64_t tag, const Expiry& expiry);
std::int64_t unassign_tag(Operation& op, std::int64_t lead, std::int64_t tag);
// How many changed.
std::int64_t assign_tag_to(Operation& op, const LeadSet& leads, std::int64_t tag, const Expiry& expiry);
std::int64_t unassign_tag_from(Operation& op, const LeadSet& leads, std::int64_t tag);
// The tag's own date was moved: assignments that ended with it - without one: never - end at the new date.
void move_assignments(Operation& op, std::int64_t tag, std::optional<Millis> before, std::optional<Millis> after);
// Before a tag is removed: everybody loses it.
void end_assignments(Operation& op, std::int64_t tag, std::string_view name);
// The absorbed lead's tags become the survivor's; of one that both have the assignment that lasts longer stays.
void merge_assignments(Operation& op, std::int64_t survivor, std::int64_t absorbed);
std::int64_t merge_tags(Operation& op, std::int64_t tag, std::int64_t other);

// Who has the tag now: assignments past their expiry are left out, whether or not the runner came.
LeadSet leads_with_tag(Operation& op, std::int64_t tag);
std::int64_t count_with_tag(Operation& op, std::int64_t tag);

// Takes away at most `limit` assignments that are past their expiry; how many it did.
std::int64_t expire_tags(Operation& op, std::int64_t limit);
std::vector<Millis> tag_expiries(Operation& op, std::int64_t limit);  // when the next ones end

}  // namespace kith
