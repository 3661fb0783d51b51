#include "core/schema_rows.h"

#include "base/failure.h"
#include "base/json.h"
#include "base/text.h"
#include "core/verbs.h"
#include "model/predicate.h"

namespace kith {

namespace {

RowsPtr kinds(Operation& op) {
  RowsBuilder rows({{"kind", Meaning::text}, {"owner", Meaning::text}, {"name", Meaning::text}, {"writable", Meaning::boolean},
                    {"removable", Meaning::boolean}, {"summary", Meaning::text}});
  for (const auto& kind : op.kinds.all()) {
    const KindSpec& spec = kind->spec();
    const char* owner = spec.owner == Owner::lead ? "lead" : spec.owner == Owner::definition ? "definition" : "global";
    rows.add({kind->name(), owner, spec.name_field.view(), std::int64_t{spec.writable}, std::int64_t{spec.removable}, spec.summary.view()});
  }
  return rows.finish();
}

RowsPtr fields(Operation& op) {
  RowsBuilder rows({{"kind", Meaning::text}, {"field", Meaning::text}, {"type", Meaning::text}, {"required", Meaning::boolean},
                    {"unique", Meaning::boolean}, {"sortable", Meaning::boolean}, {"writable", Meaning::boolean},
                    {"custom", Meaning::boolean}, {"usual", Meaning::boolean}, {"refers", Meaning::text}, {"options", Meaning::json}, {"summary", Meaning::text}, {"filled", Meaning::boolean}});
  for (const auto& kind : op.kinds.all()) {
    for (const Field& field : kind->fields()) {
      std::string options;
      for (const std::string& option : field.options) {
        options += options.empty() ? '[' : ',';
        append_json_text(options, option);
      }
      if (!options.empty()) options += ']';
      auto flag = [&](FieldFlag which) { return Value(std::int64_t{field.is(which)}); };
      bool writable = kind->spec().writable && field.writable() && field.name != "id";
      rows.add({kind->name(), field.name, type_name(field.type), flag(required), flag(unique), flag(sortable), std::int64_t{writable},
                std::int64_t{field.custom_id != 0}, std::int64_t{!field.is(on_request)},
                field.refers.empty() ? Value() : Value(field.refers), options.empty() ? Value() : Value(options), field.summary,
                std::int64_t{field.never_null()}});
    }
  }
  return rows.finish();
}

RowsPtr verbs() {
  RowsBuilder rows({{"verb", Meaning::text}, {"extra", Meaning::text}, {"type", Meaning::text}, {"summary", Meaning::text}});
  for (const VerbExtra& extra : extras_of_every_verb()) rows.add({Value(), extra.name, extra.type, extra.summary});
  for (const Verb& verb : all_verbs()) {
    if (verb.extras.size() == 0) rows.add({verb.name, Value(), Value(), Value()});
    for (const VerbExtra& extra : verb.extras) rows.add({verb.name, extra.name, extra.type, extra.summary});
  }
  return rows.finish();
}

RowsPtr events(Operation& op) {
  RowsBuilder rows({{"event", Meaning::text}, {"subject", Meaning::text}, {"own", Meaning::boolean}, {"summary", Meaning::text}});
  for (const EventKindSpec& kind : own_event_kinds()) {
    rows.add({kind.name, kind.subject.empty() ? Value() : Value(kind.subject), 1, kind.summary});
  }
  Statement hosts = op.db.query("SELECT name FROM event_kind WHERE id >= $1 ORDER BY id", first_host_event_kind);
  while (hosts.step()) rows.add({hosts.text(0), Value(), 0, Value()});
  return rows.finish();
}

RowsPtr predicates(Operation& op) {
  RowsBuilder rows({{"word", Meaning::text}, {"refers", Meaning::text}, {"states", Meaning::text}, {"summary", Meaning::text}});
  for (const Predicate* predicate : op.kinds.predicates()) {
    std::string states = fmt::format("{}", fmt::join(predicate->states, ","));
    rows.add({predicate->word, predicate->kind, states.empty() ? Value() : Value(states), predicate->summary});
  }
  return rows.finish();
}

}  // namespace

RowsPtr schema_rows(Operation& op, std::string_view topic) {
  if (topic.empty() || topic == "kinds") return kinds(op);
  if (topic == "fields") return fields(op);
  if (topic == "verbs") return verbs();
  if (topic == "events") return events(op);
  if (topic == "predicates") return predicates(op);
  constexpr std::string_view known[] = {"kinds", "fields", "verbs", "events", "predicates"};
  std::string near = nearest(topic, known);
  std::string hint = did_you_mean(near);
  if (near.empty()) {
    std::vector<std::string_view> names;
    for (const auto& kind : op.kinds.all()) names.push_back(kind->name());
    std::string kind = nearest(topic, names);
    if (!kind.empty()) hint = fmt::format("; the topic fields has those of {}", with_article(kind));
    if (!kind.empty()) near = "fields";
  }
  Failure failure(Status::not_found, "topic", fmt::format("{} is no topic: kinds, fields, verbs, events or predicates{}", shown(topic), hint));
  throw failure.near(near);
}

}  // namespace kith
