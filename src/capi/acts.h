// The shapes that verbs share: what is done to one lead with one thing, and what is done to everybody whom a query finds.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "capi/arguments.h"
#include "model/write_key.h"
#include "segment/segment.h"

namespace kith {

// A verb, the kind of the thing that it takes, whether that may be NULL for all, and the verb's own extras.
struct ThingVerb {
  const char* name;
  const char* kind;
  std::initializer_list<std::string_view> extras;
  bool or_all = false;
};

// `work(op, lead, thing, extras)` answers an event; the thing is 0 for all.
template <class Work>
kith_status act_on_lead(kith_db* db, const ThingVerb& verb, const char* lead, const char* thing, const kith_field* with, size_t with_count,
                        int64_t* event, kith_error** err, Work work) {
  put_out(event, 0);
  return guard(err, [&] {
    need_pointer(db, "db");
    std::string_view who = text_argument(lead, "lead");
    bool all = verb.or_all && thing == nullptr;
    std::string_view what = all ? std::string_view() : text_argument(thing, verb.kind);
    std::vector<Given> given = given_fields(with, with_count, "with");
    put_out(event, db->database.write(given, verb.extras, [&](Operation& op, const Extras& extras) {
      std::int64_t lead_id = need_lead(op, who);
      std::int64_t thing_id = all ? 0 : op.kinds.get(verb.kind).need(op, what);
      return once(op, verb.name, lead_id, std::to_string(thing_id), [&] { return work(op, lead_id, thing_id, extras); });
    }));
  });
}

// `work(op, leads, thing, extras)` answers how many leads it changed.
template <class Work>
kith_status act_on_query(kith_db* db, const ThingVerb& verb, const kith_query* query, const char* thing, const kith_field* with,
                         size_t with_count, int64_t* changed, kith_error** err, Work work) {
  put_out(changed, 0);
  return guard(err, [&] {
    need_pointer(db, "db");
    need_pointer(query, "query");
    QueryArgument argument(query);
    std::string_view what = text_argument(thing, verb.kind);
    std::vector<Given> given = given_fields(with, with_count, "with");
    put_out(changed, db->database.write(given, verb.extras, [&](Operation& op, const Extras& extras) {
      std::int64_t thing_id = op.kinds.get(verb.kind).need(op, what);
      return counted_once(op, verb.name, 0, fmt::format("{}\n{}", thing_id, argument.condition()), [&] {
        return work(op, leads_where(op, argument.query().where, argument.query().args), thing_id, extras);
      });
    }));
  });
}

}  // namespace kith
