// Tokens: what a link in a message carries, to prove who follows it. Only a hash is kept, bound to a purpose and a
// lead. Looking at one changes nothing; only acts do.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "model/kind.h"
#include "model/operation.h"
#include "model/rows.h"

namespace kith {

std::unique_ptr<Kind> make_token_kind();

struct MadeToken {
  std::string text;
  std::int64_t id = 0;
  std::optional<Millis> expires;
};
// `purpose`: confirm, unsubscribe, preferences or data. The first two are of a list, the others of none (0). A confirm
// token lives as long as a pending subscription does, unless `expires` says otherwise; others for ever.
MadeToken make_token(Operation& op, std::int64_t lead, std::string_view purpose, std::int64_t list, std::optional<Millis> expires);
RowsPtr rows_of(const MadeToken& token);  // token, id, expires

struct Token {
  std::int64_t id = 0;
  std::string purpose;
  std::int64_t lead = 0;
  std::int64_t list = 0;
  bool used = false;
  std::string_view state;  // live, used, expired, revoked
  std::int64_t event = 0;
};
// nullopt: the text is no token, or its lead is gone.
std::optional<Token> find_token(Operation& op, std::string_view text);
// A token that may act for this purpose; else REFUSED. A spent one is left to its purpose to judge.
Token need_token(Operation& op, std::string_view text, std::string_view purpose);

// purpose, list, lead (masked), state.
RowsPtr look_at_token(Operation& op, std::string_view text);
// By its text, or as "id:7". NOT_FOUND for what is no token; 0 when it was revoked before.
std::int64_t revoke_token(Operation& op, std::string_view text);

std::int64_t confirm(Operation& op, const Token& token);
// Always has effect: without a row a fresh unsubscribed one is made. `all`: every list that the lead is on besides.
std::int64_t unsubscribe_by(Operation& op, const Token& token, bool all, std::string_view reason);

// "a**@example.com": enough to know oneself by.
std::string masked_address(std::string_view address);

}  // namespace kith
