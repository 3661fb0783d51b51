#include "model/write_key.h"

namespace kith {

std::optional<KeyedAnswer> answer_of_key(Operation& op, std::string_view scope, std::string_view key) {
  Statement row = op.db.query("SELECT lead_id, event_id, thing_id FROM write_key WHERE scope = $1 AND key = $2", scope, key);
  if (!row.step()) return std::nullopt;
  return KeyedAnswer{row.integer(0), row.integer(1), row.integer(2)};
}

void remember_key(Operation& op, std::string_view scope, std::string_view key, KeyedAnswer answer) {
  op.db.run("INSERT INTO write_key (scope, key, lead_id, event_id, thing_id, at) VALUES ($1, $2, $3, $4, $5, $6)", scope, key,
            answer.lead, answer.event, answer.thing, op.now);
}

}  // namespace kith
