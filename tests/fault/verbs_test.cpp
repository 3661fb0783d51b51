// The table of changing verbs against kith.h: whoever adds a function must add a line, or say that it changes nothing.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <map>
#include <set>

#include "fault/stage.h"
#include "support/paths.h"

using namespace kith::test;

namespace {

const std::map<std::string, const char*> reading_only = {
    {"kith_info", "reads"},
    {"kith_cancel", "ends a call that is in the table; tests/core/cancel_test.cpp"},
    {"kith_schema", "reads"},
    {"kith_get", "reads"},
    {"kith_find", "reads"},
    {"kith_count", "reads"},
    {"kith_duplicates", "reads"},
    {"kith_export_lead", "reads"},
    {"kith_consent_proof", "reads"},
    {"kith_may_send", "reads"},
    {"kith_token_look", "reads"},
    {"kith_preferences", "reads"},
    {"kith_my_data", "reads"},
    {"kith_timeline", "reads"},
    {"kith_why", "reads"},
    {"kith_events_after", "reads"},
    {"kith_sql", "reads; tests/core/sandbox_test.cpp"},
};

bool begins(const std::string& text, const char* with) { return text.rfind(with, 0) == 0; }

}  // namespace

TEST_CASE("every function of kith.h is in the table of verbs, or known to change nothing", "[verbs]") {
  std::set<std::string> in_table;
  for (const Verb& verb : changing_verbs()) in_table.insert(verb.function);
  std::set<std::string> functions;
  auto interface = nlohmann::json::parse(bytes_of(path("../bindings/kith.json")));
  for (const auto& function : interface.at("functions")) {
    std::string name = function.at("name");
    bool of_a_file = !begins(name, "kith_rows_") && !begins(name, "kith_error_") && !begins(name, "kith_csv_");
    if (!of_a_file || name == "kith_version" || name == "kith_status_name") continue;
    functions.insert(name);
    INFO(name);
    CHECK(in_table.count(name) + reading_only.count(name) == 1);
  }
  CHECK(functions.size() > 50);
  for (const std::string& name : in_table) CHECK(functions.count(name) == 1);
  for (const auto& [name, reason] : reading_only) CHECK(functions.count(name) == 1);
}

TEST_CASE("every line of the table does what it says on sound ground, and the same each time", "[verbs]") {
  Stage stage;
  for (const Scene& scene : stage.all_scenes()) {
    INFO(scene.name());
    stage.set(scene);
    kith_db* db = scene.verb->opens ? nullptr : stage.open();
    Stage::Played played = stage.play(scene, db);
    kith_close(db);
    CHECK(played.message == "");
    CHECK(rows_of_file(stage.path()) == scene.states.back());
  }
}
