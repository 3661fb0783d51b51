#include "domain/tokens.h"

#include "base/deadline.h"
#include "base/failure.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "domain/lists.h"
#include "domain/subscriptions.h"

namespace kith {

namespace {

using enum FieldType;

constexpr FieldSpec token_fields[] = {
    {.name = "id", .type = id, .flags = sortable | fixed, .summary = "Kith's number of the token"},
    {.name = "lead", .type = reference, .flags = required | fixed, .summary = "whom it stands for", .refers = "lead", .expression = "t.lead_id"},
    {.name = "purpose", .summary = "confirm, unsubscribe, preferences, data"},
    {.name = "list", .type = reference, .flags = fixed, .summary = "the list that it is about, if it is about one", .refers = "list",
     .expression = "(SELECT l.name FROM list l WHERE l.id = t.list_id)"},
    {.name = "state", .type = choice, .flags = computed, .summary = "live, used, expired, revoked", .options = "live,used,expired,revoked",
     .expression = "CASE WHEN t.revoked IS NOT NULL THEN 'revoked' WHEN t.used IS NOT NULL THEN 'used' WHEN t.expires <= $1 THEN 'expired' "
                   "ELSE 'live' END"},
    {.name = "created", .type = datetime, .flags = automatic | filled, .summary = "when it was made"},
    {.name = "expires", .type = datetime, .summary = "when it ends; empty: never"},
    {.name = "used", .type = datetime, .summary = "when it confirmed"},
    {.name = "revoked", .type = datetime, .summary = "when it was revoked"},
};

constexpr std::size_t secret_size = 22;  // 128 bits in URL-safe base64

bool is_of_list(std::string_view purpose) { return purpose == "confirm" || purpose == "unsubscribe"; }

std::string base36(std::int64_t number) {
  constexpr char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
  std::string text;
  for (; number > 0; number /= 36) text.insert(text.begin(), digits[number % 36]);
  return text;
}

// The id and the secret of a token's text; false: it has not the form of one.
bool parts_of(std::string_view text, std::int64_t& id, std::string_view& secret) {
  std::size_t dash = text.find('-');
  if (dash == 0 || dash > 11 || dash == std::string_view::npos || text.size() != dash + 1 + secret_size) return false;
  id = 0;
  for (char c : text.substr(0, dash)) {
    int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'z' ? c - 'a' + 10 : -1;
    if (digit < 0) return false;
    id = id * 36 + digit;
  }
  secret = text.substr(dash + 1);
  return text[0] != '0' && id < (std::int64_t{1} << 53);
}

std::string hash_of(std::string_view purpose, std::int64_t lead, std::string_view secret) {
  return sha256_hex(fmt::format("{}|{}|{}", purpose, lead, secret));
}

// The event by which the lead last left the list. A lapse since then is no leaving, whether it is recorded or not.
std::int64_t left_by(Operation& op, std::int64_t lead, std::int64_t list) {
  Statement row = op.db.query("SELECT COALESCE(MAX(id), 0) FROM event WHERE lead_id = $1 AND kind_id = $2 AND subject_id = $3", lead,
                              static_cast<std::int64_t>(EventKind::subscription_unsubscribed), list);
  return row.step() ? row.integer(0) : 0;
}

std::string token_json(std::string_view purpose, std::int64_t list, Operation& op) {
  std::string data = "{\"purpose\":";
  append_json_text(data, purpose);
  if (list != 0) {
    Statement row = op.db.query("SELECT name FROM list WHERE id = $1", list);
    if (row.step()) {
      data += ",\"list\":";
      append_json_text(data, row.text(0));
    }
  }
  return data + "}";
}

}  // namespace

std::unique_ptr<Kind> make_token_kind() {
  KindSpec spec;
  spec.name = "token";
  spec.table = "token";
  spec.owner = Owner::lead;
  spec.name_field = "";
  spec.summary = "what a link in a message proves its reader by; the secret itself is not kept";
  spec.fields = token_fields;
  spec.writable = spec.removable = false;
  return std::make_unique<Kind>(spec);
}

MadeToken make_token(Operation& op, std::int64_t lead, std::string_view purpose, std::int64_t list, std::optional<Millis> expires) {
  if (is_of_list(purpose) && list == 0) fail(Status::invalid, "list", "is missing: a token to {} is of one list", purpose);
  if (!is_of_list(purpose) && list != 0) fail(Status::invalid, "list", "a token for {} is of no list", purpose);
  if (expires && *expires <= op.now) fail(Status::invalid, "expires", "{} is over already", format_time(*expires));
  if (!expires && purpose == "confirm") {
    if (Millis lapse_after = load_list(op, list).lapse_after; lapse_after > 0) expires = deadline(op.now, lapse_after);
  }
  MadeToken made;
  made.id = op.ids.next("token");
  made.expires = expires;
  std::string secret = new_token(op.random);
  made.text = base36(made.id) + "-" + secret;
  std::int64_t event = op.events.record(EventKind::token_made, lead, made.id, token_json(purpose, list, op));
  std::optional<std::int64_t> of_list;
  if (list != 0) of_list = list;
  op.db.run(
      "INSERT INTO token (id, hash, purpose, lead_id, issued_to, list_id, created, expires, event_id) "
      "VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8)",
      made.id, hash_of(purpose, lead, secret), purpose, lead, of_list, op.at(), expires, event);
  return made;
}

RowsPtr rows_of(const MadeToken& token) {
  RowsBuilder rows({{"token", Meaning::text}, {"id", Meaning::id}, {"expires", Meaning::datetime}});
  rows.add({Value(token.text), Value(token.id), token.expires ? Value(*token.expires) : Value()});
  return rows.finish();
}

std::optional<Token> find_token(Operation& op, std::string_view text) {
  std::int64_t id = 0;
  std::string_view secret;
  if (!parts_of(text, id, secret)) return std::nullopt;
  Statement row = op.db.query(
      "SELECT t.hash, t.purpose, t.issued_to, t.lead_id, COALESCE(t.list_id, 0), t.expires, t.used, t.revoked, t.event_id "
      "FROM token t JOIN lead l ON l.id = t.lead_id WHERE t.id = $1",
      id);
  if (!row.step()) return std::nullopt;
  Token token;
  token.id = id;
  token.purpose = row.text(1);
  if (row.text(0) != hash_of(token.purpose, row.integer(2), secret)) return std::nullopt;
  token.lead = row.integer(3);
  token.list = row.integer(4);
  token.used = !row.is_null(6);
  token.event = row.integer(8);
  bool expired = !row.is_null(5) && row.integer(5) <= op.now;
  token.state = !row.is_null(7) ? "revoked" : token.used ? "used" : expired ? "expired" : "live";
  return token;
}

Token need_token(Operation& op, std::string_view text, std::string_view purpose) {
  // The text is a secret and the answer may be shown: neither says more than it must.
  std::optional<Token> token = find_token(op, text);
  if (!token) fail(Status::refused, "token", "is not known");
  if (token->purpose != purpose) fail(Status::refused, "token", "is one to {}, and not for this", token->purpose);
  if (token->state == "revoked" || token->state == "expired") fail(Status::refused, "token", "is {}", token->state);
  return *std::move(token);
}

RowsPtr look_at_token(Operation& op, std::string_view text) {
  RowsBuilder rows({{"purpose", Meaning::text}, {"list", Meaning::text}, {"lead", Meaning::text}, {"state", Meaning::text}});
  std::optional<Token> token = find_token(op, text);
  if (!token) return rows.finish();
  rows.add_row();
  rows.set_text(0, token->purpose);
  if (std::optional<List> list = find_list(op, token->list)) rows.set_text(1, list->name);
  Statement lead = op.db.query("SELECT email FROM lead WHERE id = $1", token->lead);
  if (lead.step()) rows.set_text(2, masked_address(lead.text(0)));
  rows.set_text(3, token->state);
  return rows.finish();
}

std::int64_t revoke_token(Operation& op, std::string_view text) {
  std::int64_t id = 0;
  if (text.starts_with("id:")) {
    id = op.kinds.get("token").need(op, text);
  } else if (std::optional<Token> token = find_token(op, text)) {
    id = token->id;
  }
  if (id == 0) fail(Status::not_found, "token", "is not known");
  std::int64_t lead = 0;
  std::int64_t list = 0;
  std::string purpose;
  {
    Statement row = op.db.query("SELECT lead_id, COALESCE(list_id, 0), purpose, revoked FROM token WHERE id = $1", id);
    if (!row.step() || !row.is_null(3)) return 0;
    lead = row.integer(0);
    list = row.integer(1);
    purpose = row.text(2);
  }
  op.db.run("UPDATE token SET revoked = $2 WHERE id = $1", id, op.at());
  return op.events.record(EventKind::token_revoked, lead, id, token_json(purpose, list, op));
}

std::int64_t confirm(Operation& op, const Token& token) {
  std::optional<List> list = find_list(op, token.list);
  if (!list) fail(Status::refused, "token", "is of a list that is there no more");
  Standing standing = standing_on(op, token.lead, token.list);
  if (token.used) {
    // A second click on the link that did it.
    if (standing.state == SubscriptionState::subscribed) return 0;
    fail(Status::refused, "token", "is used");
  }
  if (standing.state == SubscriptionState::unsubscribed && token.event < left_by(op, token.lead, token.list)) {
    fail(Status::refused, "token", "was made before the lead left the list: it has to be asked anew");
  }
  ListAct act{.act = ConsentAct::token, .via = "token", .cause = op.act.cause != 0 ? op.act.cause : token.event};
  ActResult result = act_on_list(op, token.lead, *list, act);
  if (!result.refusal.empty()) fail(Status::refused, "token", "{}", result.refusal);
  op.db.run("UPDATE token SET used = $2 WHERE id = $1", token.id, op.at());
  return result.event;
}

std::int64_t unsubscribe_by(Operation& op, const Token& token, bool all, std::string_view reason) {
  ListAct act = unsubscribe_act("token", reason);
  act.cause = op.act.cause != 0 ? op.act.cause : token.event;
  std::int64_t event = 0;
  if (std::optional<List> list = find_list(op, token.list)) event = act_on_list(op, token.lead, *list, act).event;
  if (!all) return event;
  std::int64_t others = act_on_every_list(op, token.lead, act);
  return event != 0 ? event : others;
}

std::string masked_address(std::string_view address) {
  std::size_t at = address.rfind('@');
  if (at == std::string_view::npos) return "**";
  std::size_t first = 0;
  next_code_point(address, first);
  return std::string(address.substr(0, first)) + "**" + std::string(address.substr(at));
}

}  // namespace kith
