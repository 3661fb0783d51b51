#include "core/kinds.h"

#include "domain/activity.h"
#include "domain/addresses.h"
#include "domain/fields.h"
#include "domain/leads.h"
#include "domain/lists.h"
#include "domain/notes.h"
#include "domain/pauses.h"
#include "domain/suppression.h"
#include "domain/tags.h"
#include "domain/tokens.h"
#include "model/predicate.h"

namespace kith {

void register_kinds(Registry& registry) {
  registry.add(make_lead_kind());
  registry.add(make_note_kind());
  registry.add(make_address_kind());
  registry.add(make_tag_kind());
  registry.add(make_category_kind());
  registry.add(make_assignment_kind());
  registry.add(make_field_kind());
  registry.add(make_list_kind());
  registry.add(make_subscription_kind());
  registry.add(make_pause_kind());
  registry.add(make_suppression_kind());
  registry.add(make_token_kind());
  registry.add(make_event_kind());
  registry.add(make_event_kind_kind());
  registry.add_predicate(&tag_predicate());
  registry.add_predicate(&list_predicate());
}

}  // namespace kith
