#include "model/write_key.h"

#include "base/hash.h"
#include "base/text.h"

namespace kith {

// Long enough to tell one object from another, too short to tell whose phone or address it was.
std::string key_object(std::string_view object) { return object.empty() ? std::string() : sha256_hex(object).substr(0, 6); }

std::optional<KeyedAnswer> answer_of_key(Operation& op, std::string_view verb, std::string_view key) {
  Statement row = op.db.query("SELECT lead_id, event_id, thing_id, object FROM write_key WHERE verb = $1 AND key = $2", verb, key);
  if (!row.step()) return std::nullopt;
  return KeyedAnswer{row.integer(0), row.integer(1), row.integer(2), std::string(row.text(3))};
}

void remember_key(Operation& op, std::string_view verb, std::string_view key, const KeyedAnswer& answer) {
  op.db.run("INSERT INTO write_key (verb, key, object, lead_id, event_id, thing_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7)", verb, key,
            answer.object, answer.lead, answer.event, answer.thing, op.now);
}

void key_is_of_lead(std::string_view key, std::int64_t lead) {
  fail(Status::conflict, "key", "{} was used for lead id:{} before", shown(key), lead);
}

void key_is_of_object(std::string_view key, std::string_view verb) {
  fail(Status::conflict, "key", "{} was used before, to {} something else", shown(key), verb.substr(0, verb.find(':')));
}

}  // namespace kith
