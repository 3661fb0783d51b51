// Texts that have broken programs, in every field of every kind and in every place where a function takes a text: refused with
// a sentence and nothing changed, or kept and answered as they came.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <map>
#include <optional>

#include "base/text.h"
#include "hostile/guard.h"
#include "hostile/naughty.h"
#include "support/folder.h"
#include "support/full_file.h"
#include "support/paths.h"
#include "support/raw.h"

using namespace kith::test;

namespace {

using nlohmann::json;

std::string seen(const std::string& text) { return kith::shown(text, 80) + " (" + std::to_string(text.size()) + " bytes)"; }

// What of the schema a text could have changed: all but the columns that the host's own fields have.
std::string schema_of(Raw& raw) {
  return raw.one("SELECT group_concat(type || ' ' || name || ' ' || COALESCE(sql, ''), char(10)) FROM "
                 "(SELECT * FROM sqlite_schema WHERE name NOT LIKE 'lead_custom%' ORDER BY name)");
}

struct Field {
  std::string kind, name, type;
};

class Ground {
 public:
  Ground() {
    kith_options options = {};
    options.size = sizeof options;
    options.flags = KITH_OPEN_NORMAL_SYNC;
    options.now = [](void*) -> std::int64_t { return 1'800'000'000'000; };
    OK(kith_open((folder_ / "a.kith").c_str(), &options, &db, err));
    fill_every_table(db);
    for (const char* type : {"text", "integer", "number", "boolean", "date", "datetime"}) {
      Fields field;
      field.text("key", std::string("of_") + type).text("type", type);
      OK(kith_put(db, "field", field.data(), field.size(), nullptr, 0, nullptr, nullptr, err));
    }
    for (const char* type : {"choice", "choices"}) {
      Fields field;
      field.text("key", std::string("of_") + type).text("type", type).text("options", R"(["one", "two"])");
      OK(kith_put(db, "field", field.data(), field.size(), nullptr, 0, nullptr, nullptr, err));
    }
    outside.emplace(folder_ / "a.kith");
    schema = schema_of(*outside);
  }
  ~Ground() {
    outside.reset();
    kith_close(db);
  }

  std::string one(const std::string& sql, const char* arg = nullptr) {
    kith_rows* rows = nullptr;
    kith_field field = kith_text("", arg);
    if (kith_sql(db, sql.c_str(), &field, arg == nullptr ? 0 : 1, &rows, nullptr) != KITH_OK) return "failed";
    std::vector<std::string> all = texts_of(rows);
    return all.empty() ? "" : all.front();
  }
  // Changes with every write that happened.
  std::string state() { return one("SELECT (SELECT MAX(id) FROM event) || ' ' || (SELECT group_concat(value) FROM counter)"); }

  // What a thing's column holds; NULL is "\1".
  std::string value(const Field& field, std::int64_t id) {
    kith_rows* rows = nullptr;
    std::string name = "id:" + std::to_string(id);
    OK(kith_get(db, field.kind.c_str(), name.c_str(), &rows, err));
    REQUIRE(kith_rows_count(rows) == 1);
    std::int32_t column = kith_rows_column(rows, field.name.c_str());
    std::string out = "\1";
    if (kith_rows_type(rows, 0, column) == KITH_TEXT) out = kith_rows_text(rows, 0, column);
    if (kith_rows_type(rows, 0, column) == KITH_INTEGER) out = std::to_string(kith_rows_integer(rows, 0, column));
    if (kith_rows_type(rows, 0, column) == KITH_REAL) out = "real";
    kith_rows_free(rows);
    return out;
  }

  std::vector<Field> fields() {
    std::vector<Field> out;
    kith_rows* kinds = nullptr;
    OK(kith_schema(db, "kinds", &kinds, err));
    std::map<std::string, bool> writable;
    for (std::int64_t row = 0; row < kith_rows_count(kinds); ++row) {
      writable[kith_rows_text(kinds, row, kith_rows_column(kinds, "kind"))] = kith_rows_integer(kinds, row, kith_rows_column(kinds, "writable")) == 1;
    }
    kith_rows_free(kinds);
    kith_rows* rows = nullptr;
    OK(kith_schema(db, "fields", &rows, err));
    for (std::int64_t row = 0; row < kith_rows_count(rows); ++row) {
      auto cell = [&](const char* name) { return std::string(kith_rows_text(rows, row, kith_rows_column(rows, name))); };
      bool is_written = kith_rows_integer(rows, row, kith_rows_column(rows, "writable")) == 1;
      if (writable.at(cell("kind")) && is_written && cell("type") != "id") out.push_back({cell("kind"), cell("field"), cell("type")});
    }
    kith_rows_free(rows);
    return out;
  }

  kith_db* db = nullptr;
  std::optional<Raw> outside;
  std::string schema;

 private:
  Folder folder_;
};

// Statuses that a text may be refused with.
bool may_refuse(kith_status status) {
  for (kith_status known : {KITH_INVALID, KITH_NOT_FOUND, KITH_CONFLICT, KITH_REFUSED, KITH_LIMIT}) {
    if (status == known) return true;
  }
  return false;
}

struct Tally {
  int kept = 0;
  int refused = 0;
};

class Wrong {
 public:
  void add(const std::string& place, const std::string& text, const std::string& what) {
    if (said_.size() < 60 && ++of_place_[place] <= 2) said_.push_back(place + ", " + seen(text) + ": " + what);
  }
  ~Wrong() {
    for (const std::string& said : said_) FAIL_CHECK(said);
  }

 private:
  std::vector<std::string> said_;
  std::map<std::string, int> of_place_;
};

std::int64_t a_thing(Ground& ground, const std::string& kind) {
  if (kind == "lead") return std::stoll(ground.one("SELECT id FROM lead WHERE email = 'bob@example.com'"));
  if (kind == "address") return std::stoll(ground.one("SELECT id FROM lead_email LIMIT 1"));
  if (kind == "list") return std::stoll(ground.one("SELECT id FROM list WHERE name = 'Twice'"));
  return std::stoll(ground.one("SELECT id FROM \"" + kind + "\" LIMIT 1"));
}

}  // namespace

TEST_CASE("there are naughty texts of every sort", "[naughty]") {
  const std::vector<std::string>& texts = naughty_texts();
  CHECK(texts.size() >= 500);
  CHECK(std::set<std::string>(texts.begin(), texts.end()).size() == texts.size());
  int ill_formed = 0;
  for (const std::string& text : texts) {
    CHECK(!text.empty());
    CHECK(text.find('\0') == std::string::npos);
    if (!kith::valid_utf8(text)) ++ill_formed;
  }
  CHECK(ill_formed >= 40);
}

TEST_CASE("naughty texts in every field of every kind", "[naughty]") {
  Ground ground;
  Wrong wrong;
  Tally tally;
  std::vector<Field> fields = ground.fields();
  CHECK(fields.size() > 60);
  for (const Field& field : fields) {
    std::string place = field.kind + "." + field.name;
    std::int64_t id = a_thing(ground, field.kind);
    if (!now_trying(place)) continue;
    bool is_plain = field.type == "text" || field.type == "name";
    std::string before = ground.state();
    for (const std::string& text : naughty_texts()) {
      begin_steps();
      OK(kith_begin(ground.db, err));
      kith_field given[] = {kith_integer("id", id), kith_text(field.name.c_str(), text.c_str())};
      kith_error* error = nullptr;
      std::int32_t outcome = 77;
      kith_status status = kith_put(ground.db, field.kind.c_str(), given, 2, nullptr, 0, nullptr, &outcome, &error);
      if (status == KITH_OK) {
        ++tally.kept;
        if (!kith::valid_utf8(text)) wrong.add(place, text, "is ill-formed and taken");
        std::string kept = ground.value(field, id);
        std::string expected(kith::trimmed(text));
        if (is_plain && kept != (expected.empty() ? "\1" : expected)) wrong.add(place, text, "reads back as " + seen(kept));
        // Whatever it was made into stays what it is.
        if (kept != "\1" && kept != "real") {
          bool by_id = field.type == "reference" && kept.find_first_not_of("0123456789") == std::string::npos;
          std::string again_as = by_id ? "id:" + kept : kept;
          given[1] = kith_text(field.name.c_str(), again_as.c_str());
          kith_status again = kith_put(ground.db, field.kind.c_str(), given, 2, nullptr, 0, nullptr, &outcome, nullptr);
          std::string then = ground.value(field, id);
          bool is_number = field.type == "datetime" || field.type == "duration";  // milliseconds, not to be read as text
          if (!is_number && (again != KITH_OK || outcome != KITH_UNCHANGED || then != kept)) {
            wrong.add(place, text, "was made into " + seen(kept) + ", and that into " + seen(then) + ", " + kith_status_name(again));
          }
        }
      } else {
        ++tally.refused;
        std::string in_call = ground.state();
        std::string at_fault = kith_error_field(error);
        if (!may_refuse(status)) wrong.add(place, text, std::string("is ") + kith_status_name(status) + ": " + kith_error_message(error));
        if (at_fault.empty()) wrong.add(place, text, std::string("names no field: ") + kith_error_message(error));
        if (in_call != before) wrong.add(place, text, "is refused, and something changed");
      }
      if (std::string fault = fault_of(status, error); !fault.empty()) wrong.add(place, text, fault);
      kith_rollback(ground.db);
    }
  }
  end_steps();
  CHECK(schema_of(*ground.outside) == ground.schema);
  CHECK(tally.kept > 1000);
  CHECK(tally.refused > 1000);
  std::printf("%zu texts in %zu fields: %d kept, %d refused\n", naughty_texts().size(), fields.size(), tally.kept, tally.refused);
}

TEST_CASE("naughty texts as names, and in conditions", "[naughty]") {
  Ground ground;
  Wrong wrong;
  int found = 0;
  auto count = [&](const std::string& kind, const std::string& where, const char* arg) -> std::string {
    kith_query query = {};
    query.size = sizeof query;
    query.where = where.c_str();
    kith_field field = kith_text("", arg);
    query.args = &field;
    query.arg_count = arg == nullptr ? 0 : 1;
    std::int64_t number = 0;
    kith_error* error = nullptr;
    kith_count(ground.db, kind.c_str(), &query, &number, &error);
    std::string said_ = said(error);
    return said_.empty() ? std::to_string(number) : said_;
  };
  for (const std::string& text : naughty_texts()) {
    begin_steps();
    if (!now_trying("name " + seen(text))) continue;
    std::string quoted = "'";
    for (char c : text) quoted += c == '\'' ? std::string("''") : std::string(1, c);
    quoted += "'";
    OK(kith_begin(ground.db, err));
    kith_field named[] = {kith_text("name", text.c_str())};
    std::int64_t tag = 0;
    std::int32_t outcome = 0;
    kith_error* error = nullptr;
    kith_status status = kith_put(ground.db, "tag", named, 1, nullptr, 0, &tag, &outcome, &error);
    kith_error_free(error);
    if (status == KITH_OK) {
      ++found;
      kith_rows* rows = nullptr;
      OK(kith_get(ground.db, "tag", text.c_str(), &rows, err));
      if (kith_rows_integer(rows, 0, 0) != tag) wrong.add("the name of a tag", text, "is not found");
      kith_rows_free(rows);
      status = kith_assign(ground.db, "gus@example.com", text.c_str(), nullptr, 0, nullptr, nullptr);
      if (status != KITH_OK) wrong.add("the name of a tag", text, "cannot be assigned");
      std::string expected = ground.one("SELECT COUNT(*) FROM lead_tag WHERE tag_id = " + std::to_string(tag));
      if (outcome == KITH_CREATED && expected != "1") wrong.add("the name of a tag", text, "is assigned " + expected + " times");
      if (count("lead", "tag ?", text.c_str()) != expected) wrong.add("tag ?", text, count("lead", "tag ?", text.c_str()));
      if (count("lead", "tag " + quoted, nullptr) != expected) wrong.add("tag 'text'", text, count("lead", "tag " + quoted, nullptr));
      if (count("tag", "name = ?", text.c_str()) != "1") wrong.add("name = ?", text, count("tag", "name = ?", text.c_str()));
      if (count("tag", "name = " + quoted, nullptr) != "1") wrong.add("name = 'text'", text, count("tag", "name = " + quoted, nullptr));
    } else if (std::string answer = count("lead", "tag ?", text.c_str()); answer.find_first_not_of("0123456789") == std::string::npos && text.rfind("id:", 0) != 0) {
      wrong.add("tag ?", text, "is refused as a name and found");
    }
    kith_rollback(ground.db);
    OK(kith_begin(ground.db, err));
    kith_field given[] = {kith_text("email", "gus@example.com"), kith_text("company", text.c_str())};
    if (kith_put(ground.db, "lead", given, 2, nullptr, 0, nullptr, nullptr, nullptr) == KITH_OK && !kith::trimmed(text).empty()) {
      ++found;
      std::string expected = ground.one("SELECT COUNT(*) FROM lead WHERE company = ?1", std::string(kith::trimmed(text)).c_str());
      if (expected == "0") wrong.add("company", text, "is not there");
      for (const char* word : {"=", "contains", "starts with", "ends with"}) {
        std::string by_argument = count("lead", std::string("company ") + word + " ?", text.c_str());
        std::string by_text = count("lead", std::string("company ") + word + " " + quoted, nullptr);
        if (by_argument != by_text) wrong.add(std::string("company ") + word, text, by_argument + " by an argument, " + by_text + " by a text");
        if (std::string(word) == "=" && by_argument != expected) wrong.add("company =", text, by_argument + " instead of " + expected);
        if (by_argument == "0" && kith::trimmed(text) == text) wrong.add(std::string("company ") + word, text, "finds nobody");
      }
      std::string not_by = count("lead", "not company = ?", text.c_str());
      if (not_by.find_first_not_of("0123456789") != std::string::npos || std::stoi(not_by) + std::stoi(expected) != std::stoi(ground.one("SELECT COUNT(*) FROM lead"))) {
        wrong.add("not company =", text, not_by);
      }
    }
    kith_rollback(ground.db);
  }
  end_steps();
  CHECK(found > 800);
  CHECK(schema_of(*ground.outside) == ground.schema);
}

TEST_CASE("every place where a function takes a text is known", "[naughty]") {
  auto interface = json::parse(bytes_of(path("../bindings/kith.json")));
  std::map<std::string, const Caller*> known;
  for (const Caller& caller : callers()) known[caller.function] = &caller;
  std::set<std::string> with_texts;
  Ground ground;
  for (const auto& function : interface.at("functions")) {
    if (function.at("returns").at("role") != "status") continue;
    std::string name = function.at("name");
    std::set<std::string> places;
    for (const auto& parameter : function.at("params")) {
      std::string role = parameter.at("role");
      if (role == "text") places.insert(parameter.at("name"));
      if (role == "with") places.insert("with");
      if (role == "fields" || role == "table" || (role == "arrow_in" && name.rfind("kith_put", 0) == 0)) places.insert({"fields.name", "fields.value"});
      if (role == "query") places.insert({"query.where", "query.columns", "query.sort", "query.after", "query.args"});
    }
    if (places.empty()) continue;
    INFO(name);
    with_texts.insert(name);
    REQUIRE(known.count(name) == 1);
    OK(kith_begin(ground.db, err));
    if (known[name]->outside) kith_rollback(ground.db);
    Call call(ground.db, "", nullptr);
    known[name]->call(call);
    kith_error_free(call.error);
    kith_rows_free(call.rows);
    kith_rollback(ground.db);
    CHECK(call.asked == places);
  }
  for (const Caller& caller : callers()) CHECK(with_texts.count(caller.function) == 1);
}

TEST_CASE("naughty texts in every place where a function takes one", "[naughty]") {
  Ground ground;
  Wrong wrong;
  Tally tally;
  std::map<std::string, std::vector<std::string>> extras;
  kith_rows* rows = nullptr;
  OK(kith_schema(ground.db, "verbs", &rows, err));
  for (std::int64_t row = 0; row < kith_rows_count(rows); ++row) {
    extras["kith_" + std::string(kith_rows_text(rows, row, kith_rows_column(rows, "verb")))].push_back(kith_rows_text(rows, row, kith_rows_column(rows, "extra")));
  }
  kith_rows_free(rows);
  REQUIRE(extras.size() > 25);
  int places_in_all = 0;
  unsigned turn = 0;
  for (const Caller& caller : callers()) {
    std::set<std::string> places;
    {
      OK(kith_begin(ground.db, err));
      if (caller.outside) kith_rollback(ground.db);
      Call call(ground.db, "", nullptr);
      caller.call(call);
      kith_error_free(call.error);
      kith_rows_free(call.rows);
      kith_rollback(ground.db);
      places = call.asked;
    }
    std::set<std::string> common;
    for (const std::string& extra : extras[caller.function]) {
      if (extra.empty()) continue;
      places.insert("with." + extra);
      for (const char* name : {"by", "ip", "at", "key", "cause"}) {
        if (extra == name) common.insert("with." + extra);
      }
    }
    for (const std::string& place : places) {
      std::string name = std::string(caller.function) + "." + place;
      ++places_in_all;
      // What all verbs share is tried with each of them by some of the texts, and with some of them by each.
      // Before a release all is tried everywhere; else every place has half of them, this one or that.
      unsigned every = std::getenv("KITH_CHECK") != nullptr ? 1 : common.count(place) == 1 ? 16 : 2;
      ++turn;
      std::string before = ground.state();
      for (std::size_t i = turn % every; i < naughty_texts().size(); i += every) {
        const std::string& text = naughty_texts()[i];
        if (!now_trying(name + " " + seen(text))) continue;
        begin_steps();
        if (!caller.outside) OK(kith_begin(ground.db, err));
        Call call(ground.db, place, text.c_str());
        kith_status status = caller.call(call);
        if (status == KITH_OK) {
          ++tally.kept;
          bool is_ignored = name == "kith_sql.fields.name";
          if (!kith::valid_utf8(text) && !is_ignored) wrong.add(name, text, "is ill-formed and taken");
          std::string expected(kith::trimmed(text));
          if (call.event > 0 && caller.function != std::string("kith_count")) {
            std::string id = std::to_string(call.event);
            const char* column = place == "with.by" ? "actor" : place == "with.subject" ? "subject" : place == "data" ? "data" : nullptr;
            if (column != nullptr) {
              std::string kept = ground.one("SELECT COALESCE(" + std::string(column) + ", '') FROM event WHERE id = " + id);
              if (kept != expected && kept != text) wrong.add(name, text, "reads back as " + seen(kept));
            }
            if (place == "with.consent" || place == "with.reason" || place == "with.code" || (place == "text" && caller.function == std::string("kith_sms_received"))) {
              std::string data = ground.one("SELECT COALESCE(data, '{}') FROM event WHERE id = " + id);
              bool is_there = expected.empty();
              json members = json::parse(data, nullptr, false);
              for (const auto& member : members.items()) is_there = is_there || member.value() == json(expected) || member.value() == json(text);
              if (!is_there && caller.function != std::string("kith_suppress") && caller.function != std::string("kith_unsuppress")) wrong.add(name, text, "is not in " + seen(data));
            }
          }
        } else {
          ++tally.refused;
          bool is_path = place == "path" && (status == KITH_NOT_KITH || status == KITH_IO || status == KITH_UNSUPPORTED || status == KITH_READ_ONLY);
          bool is_misuse = status == KITH_MISUSE && place == "topic";
          if (!may_refuse(status) && !is_path && !is_misuse) wrong.add(name, text, std::string("is ") + kith_status_name(status) + ": " + kith_error_message(call.error));
          if (ground.state() != before) wrong.add(name, text, "is refused, and something changed");
        }
        if (std::string fault = fault_of(status, call.error, call.rows); !fault.empty()) wrong.add(name, text, fault);
        kith_rollback(ground.db);
        if (caller.outside && ground.state() != before) wrong.add(name, text, "changed something");
      }
    }
  }
  end_steps();
  CHECK(schema_of(*ground.outside) == ground.schema);
  kith_rows* faults = nullptr;
  OK(kith_check(ground.db, 0, &faults, err));
  CHECK(texts_of(faults) == std::vector<std::string>{});
  CHECK(tally.kept > 3000);
  CHECK(tally.refused > 3000);
  std::printf("%zu texts in %d places: %d taken, %d refused\n", naughty_texts().size(), places_in_all, tally.kept, tally.refused);
}
