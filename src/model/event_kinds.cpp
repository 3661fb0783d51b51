#include "model/event_kinds.h"

#include <algorithm>
#include <iterator>

#include "base/failure.h"
#include "base/text.h"

namespace kith {

namespace {

constexpr EventKindSpec own[] = {
    {EventKind::lead_created, "lead.created", "", "was created"},
    {EventKind::lead_updated, "lead.updated", "", "changed"},
    {EventKind::lead_removed, "lead.removed", "", "was removed"},
    {EventKind::lead_merged, "lead.merged", "lead", "absorbed another lead", "absorbed,fields"},
    {EventKind::lead_unmerged, "lead.unmerged", "lead", "was parted from an absorbed lead", "merge"},
    {EventKind::lead_erased, "lead.erased", "", "was erased", "suppressed"},
    {EventKind::address_added, "address.added", "address", "got another address"},
    {EventKind::address_removed, "address.removed", "address", "lost an address"},
    {EventKind::note_added, "note.added", "note", "got a note"},
    {EventKind::note_updated, "note.updated", "note", "had a note changed"},
    {EventKind::note_removed, "note.removed", "note", "lost a note"},
    {EventKind::lead_suppressed, "lead.suppressed", "suppression", "must not be contacted", "reason,channel"},
    {EventKind::lead_unsuppressed, "lead.unsuppressed", "suppression", "had a suppression lifted", "reason,channel"},
    {EventKind::tag_assigned, "tag.assigned", "tag", "got the tag {subject}", "expires"},
    {EventKind::tag_unassigned, "tag.unassigned", "tag", "lost the tag {subject}", "tag"},
    {EventKind::tag_expired, "tag.expired", "tag", "lost the tag {subject}, which expired", "expires"},
    {EventKind::tag_extended, "tag.extended", "tag", "keeps the tag {subject} for another time", "changes"},
    {EventKind::subscription_pending, "subscription.pending", "list", "is asked to confirm {subject}", "via,from,to,list"},
    {EventKind::subscription_confirm_wanted, "subscription.confirm_wanted", "list",
     "is to be sent the confirmation of {subject}", "via,purpose,list"},
    {EventKind::subscription_subscribed, "subscription.subscribed", "list", "is on {subject}", "via,from,to,list"},
    {EventKind::subscription_unsubscribed, "subscription.unsubscribed", "list", "left {subject}", "via,from,to,list"},
    {EventKind::subscription_bounced, "subscription.bounced", "list", "bounced on {subject}", "via,from,to,list"},
    {EventKind::subscription_complained, "subscription.complained", "list", "complained about {subject}", "via,from,to,list"},
    {EventKind::subscription_lapsed, "subscription.lapsed", "list", "never confirmed {subject}", "via,from,to,list"},
    {EventKind::subscription_consented, "subscription.consented", "list", "consented to {subject} again", "via,from,to,list"},
    {EventKind::subscription_removed, "subscription.removed", "list", "is no longer on {subject}, which was removed", "via,from,to,list"},
    {EventKind::subscription_welcome_wanted, "subscription.welcome_wanted", "list",
     "is to be sent the welcome of {subject}", "via,purpose,list"},
    {EventKind::messages_paused, "messages.paused", "list", "wants no messages for a time", "via,until"},
    {EventKind::messages_resumed, "messages.resumed", "list", "gets messages again", "via"},
    {EventKind::sms_received, "sms.received", "", "sent an SMS", "word"},
    {EventKind::token_made, "token.made", "token", "was given a token", "purpose,list"},
    {EventKind::token_revoked, "token.revoked", "token", "had a token revoked", "purpose,list"},
    {EventKind::subscription_soft_bounced, "subscription.soft_bounced", "list", "could not be reached for the present", "via,channel,policy"},
    {EventKind::tag_created, "tag.created", "tag", "tag {subject} was created"},
    {EventKind::tag_updated, "tag.updated", "tag", "tag {subject} changed"},
    {EventKind::tag_removed, "tag.removed", "tag", "tag {subject} was removed"},
    {EventKind::tag_merged, "tag.merged", "tag", "tag {subject} absorbed another"},
    {EventKind::category_created, "category.created", "category", "category {subject} was created"},
    {EventKind::category_updated, "category.updated", "category", "category {subject} changed"},
    {EventKind::category_removed, "category.removed", "category", "category {subject} was removed"},
    {EventKind::list_created, "list.created", "list", "list {subject} was created"},
    {EventKind::list_updated, "list.updated", "list", "list {subject} changed"},
    {EventKind::list_removed, "list.removed", "list", "list {subject} was removed"},
    {EventKind::field_created, "field.created", "field", "field {subject} was created"},
    {EventKind::field_updated, "field.updated", "field", "field {subject} changed"},
    {EventKind::field_removed, "field.removed", "field", "field {subject} was removed"},
};

// First words that Kith will need for kinds of its own.
constexpr std::string_view to_come[] = {"action", "automation", "email", "form", "kith", "message", "outbox", "score", "segment", "sequence",
                                        "suppression", "template", "webhook"};

std::string_view first_word(std::string_view name) { return name.substr(0, name.find('.')); }

bool is_reserved(std::string_view word) {
  return std::find(std::begin(to_come), std::end(to_come), word) != std::end(to_come) ||
         std::any_of(std::begin(own), std::end(own), [&](const EventKindSpec& spec) { return first_word(spec.name) == word; });
}

// "shop.cart_left": two or more words of small letters, digits and underscores, with dots between.
void check_name(std::string_view name) {
  bool dot = false;
  bool fine = !name.empty() && name.size() <= 64;
  char previous = '.';
  for (char c : name) {
    bool letter = (c >= 'a' && c <= 'z');
    bool other = (c >= '0' && c <= '9') || c == '_';
    if (c == '.') dot = true;
    fine = fine && (letter || (other && previous != '.') || (c == '.' && previous != '.'));
    previous = c;
  }
  if (!fine || !dot || previous == '.') {
    fail(Status::invalid, "kind", "{} is no kind of event: write it like \"shop.cart_left\", at most 64 small letters, digits, _ and dots",
         shown(name));
  }
}

}  // namespace

std::span<const EventKindSpec> own_event_kinds() { return own; }

const EventKindSpec* own_event_kind(std::int64_t id) {
  for (const EventKindSpec& spec : own) {
    if (static_cast<std::int64_t>(spec.kind) == id) return &spec;
  }
  return nullptr;
}

std::int64_t EventKinds::find(std::string_view name) {
  std::string key(name);
  if (auto known = ids_.find(key); known != ids_.end()) return known->second;
  Statement row = db_.query("SELECT id FROM event_kind WHERE name_key = $1", name);
  if (!row.step()) return 0;
  std::int64_t id = row.integer(0);
  ids_.emplace(key, id);
  names_.emplace(id, key);
  return id;
}

std::int64_t EventKinds::find_or_make(Counters& counters, std::string_view name, std::int64_t now) {
  std::int64_t id = find(name);
  if (id >= first_host_event_kind) return id;
  if (id != 0) fail(Status::refused, "kind", "only Kith itself records {}", shown(name));
  check_name(name);
  if (is_reserved(first_word(name))) {
    fail(Status::refused, "kind", "{} begins like one of Kith's own kinds of event: take another first word", shown(name));
  }
  id = first_host_event_kind - 1 + counters.next("event_kind");
  db_.run("INSERT INTO event_kind (id, name, name_key, created) VALUES ($1, $2, $2, $3)", id, name, now);
  ids_.emplace(name, id);
  names_.emplace(id, name);
  return id;
}

std::string_view EventKinds::name(std::int64_t id) {
  if (const EventKindSpec* spec = own_event_kind(id)) return spec->name;
  auto known = names_.find(id);
  if (known == names_.end()) {
    Statement row = db_.query("SELECT name FROM event_kind WHERE id = $1", id);
    if (!row.step()) return "unknown";
    known = names_.emplace(id, row.text(0)).first;
  }
  return known->second;
}

}  // namespace kith
