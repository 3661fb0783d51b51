// Every limit that is declared, one below it, at it and one above; times at the ends of the calendar and of what numbers hold;
// ids that nobody gave.
#include <catch2/catch.hpp>

#include <climits>
#include <cstring>
#include <functional>
#include <set>

#include "core/kinds.h"
#include "hostile/guard.h"
#include "support/folder.h"
#include "support/full_file.h"

using namespace kith::test;

namespace {

constexpr std::int64_t the_time = 1'800'000'000'000;
constexpr std::int64_t first_time = -62135596800000;
constexpr std::int64_t last_time = 253402300799999;
constexpr std::int64_t most_id = (std::int64_t{1} << 53) - 1;

class Ground {
 public:
  explicit Ground(std::int64_t now = the_time) : now_(now) {
    kith_options options = {};
    options.size = sizeof options;
    options.flags = KITH_OPEN_MEMORY;
    options.now = [](void* self) -> std::int64_t { return static_cast<Ground*>(self)->now_; };
    options.user = this;
    begin_steps();
    OK(kith_open(nullptr, &options, &db, err));
  }
  ~Ground() { kith_close(db); }
  Ground(const Ground&) = delete;
  Ground& operator=(const Ground&) = delete;

  kith_db* db = nullptr;

 private:
  std::int64_t now_;
};

std::string filled(std::size_t size, const char* with = "a") {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text += with;
  return text;
}

// "OK" or the name of the status, which must come with a sentence and no outputs.
template <class Function>
std::string status_of(Function function) {
  begin_steps();
  kith_error* error = nullptr;
  kith_status status = function(&error);
  std::string name = kith_status_name(status);
  std::string fault = fault_of(status, error);
  return fault.empty() ? name : fault;
}
template <class Function>
std::string rows_status(Function function) {
  begin_steps();
  kith_rows* rows = nullptr;
  kith_error* error = nullptr;
  kith_status status = function(&rows, &error);
  std::string name = kith_status_name(status);
  std::string fault = fault_of(status, error, rows);
  return fault.empty() ? name : fault;
}

struct Limit {
  std::string what;
  std::size_t most;
  std::string beyond;  // the status of one more
  std::function<std::string(std::size_t)> with;
};

void try_limits(const std::vector<Limit>& limits) {
  for (const Limit& limit : limits) {
    INFO(limit.what << ", " << limit.most);
    CHECK(limit.with(limit.most - 1) == "OK");
    CHECK(limit.with(limit.most) == "OK");
    CHECK(limit.with(limit.most + 1) == limit.beyond);
  }
}

}  // namespace

TEST_CASE("texts of every field at their longest, counted in characters", "[limits]") {
  Ground ground;
  fill_every_table(ground.db);
  kith::Registry kinds;
  kith::register_kinds(kinds);
  int tried = 0;
  for (const auto& kind : kinds.all()) {
    if (!kind->spec().writable) continue;
    std::string name(kind->name());
    for (const kith::Field& field : kind->fields()) {
      bool is_text = field.type == kith::FieldType::text || field.type == kith::FieldType::name;
      if (!is_text || !field.writable()) continue;
      ++tried;
      for (const char* letter : {"a", "\xc3\xa4", "\xf0\x9f\x98\x80"}) {
        bool plain_only = (name == "field" && field.name == "key");  // small letters and digits
        if (plain_only && std::strlen(letter) > 1) continue;
        bool in_bytes = name == "note" && field.name == "text";
        auto put = [&](std::size_t size) {
          return status_of([&](kith_error** error) {
            std::string text = filled(size, letter);
            kith_field fields[] = {kith_integer("id", 3), kith_text(field.name.c_str(), text.c_str())};
            if (name == "address" || name == "note" || name == "tag" || name == "list" || name == "category" || name == "field") fields[0].integer = 1;
            OK(kith_begin(ground.db, err));
            kith_status status = kith_put(ground.db, name.c_str(), fields, 2, nullptr, 0, nullptr, nullptr, error);
            kith_rollback(ground.db);
            return status;
          });
        };
        INFO(name << "." << field.name << " of " << letter);
        auto most = static_cast<std::size_t>(field.most) / (in_bytes ? std::strlen(letter) : 1);
        CHECK(put(1) == "OK");
        CHECK(put(most - 1) == "OK");
        CHECK(put(most) == "OK");
        CHECK(put(most + 1) == "LIMIT");
      }
    }
  }
  CHECK(tried >= 30);
}

TEST_CASE("what calls take, at its most", "[limits]") {
  Ground ground;
  kith_db* db = ground.db;
  fill_every_table(db);
  auto record = [&](const std::string& data, const kith_field* with, std::size_t count) {
    return status_of([&](kith_error** error) { return kith_record(db, "bob@example.com", "shop.bought", data.empty() ? nullptr : data.c_str(), with, count, nullptr, error); });
  };
  auto record_with = [&](const char* extra, std::size_t size, const char* letter = "a") {
    std::string text = filled(size, letter);
    kith_field with = kith_text(extra, text.c_str());
    return record("", &with, 1);
  };
  auto put_lead = [&](const char* field, const std::string& value) {
    return status_of([&](kith_error** error) {
      kith_field fields[] = {kith_text("external_id", "bob"), kith_text(field, value.c_str())};
      return kith_put(db, "lead", fields, 2, nullptr, 0, nullptr, nullptr, error);
    });
  };
  auto find = [&](const std::string& where) {
    return rows_status([&](kith_rows** rows, kith_error** error) {
      kith_query query = {};
      query.size = sizeof query;
      query.where = where.c_str();
      return kith_find(db, "lead", &query, rows, error);
    });
  };
  auto named = [&](const char* verb, const char* extra, std::size_t size) {
    std::string text = filled(size, "\xc3\xa4");
    kith_field with[] = {kith_text(extra, text.c_str()), kith_text("until", "2999-01-01")};
    std::string what = verb;
    return status_of([&](kith_error** error) {
      if (what == "subscribe") return kith_subscribe(db, "gus@example.com", "Twice", with, 1, nullptr, error);
      if (what == "unsubscribe") return kith_unsubscribe(db, "gus@example.com", "News", with, 1, nullptr, error);
      if (what == "report") return kith_report(db, "gus@example.com", "News", "delivered", with, 1, nullptr, error);
      if (what == "pause") return kith_pause(db, "gus@example.com", "News", with, 2, nullptr, error);
      return kith_suppress(db, "x@example.com", with, 1, nullptr, error);
    });
  };
  auto labels = [](std::size_t size) {  // a domain of so many bytes
    std::string domain = "com";
    while (domain.size() + 64 < size) domain = filled(63) + "." + domain;
    return filled(size - domain.size() - 1) + "." + domain;
  };
  try_limits({
      {"the data of an event, bytes", 64 * 1024, "LIMIT", [&](std::size_t n) { return record("\"" + filled(n - 2) + "\"", nullptr, 0); }},
      {"JSON, levels", 64, "INVALID", [&](std::size_t n) { return record(filled(n, "[") + filled(n, "]"), nullptr, 0); }},
      {"a subject, characters", 255, "LIMIT", [&](std::size_t n) { return record_with("subject", n, "\xc3\xa4"); }},
      {"by, characters", 255, "LIMIT", [&](std::size_t n) { return record_with("by", n, "\xf0\x9f\x98\x80"); }},
      {"a key, bytes", 255, "LIMIT", [&](std::size_t n) { return record_with("key", n); }},
      {"an SMS, characters", 5000, "LIMIT",
       [&](std::size_t n) { return status_of([&](kith_error** error) { return kith_sms_received(db, "+46 70 000 00 28", filled(n, "\xc3\xa4").c_str(), nullptr, 0, nullptr, error); }); }},
      {"the wording of a consent, characters", 10'000, "LIMIT", [&](std::size_t n) { return named("subscribe", "consent", n); }},
      {"a reason to leave, characters", 2000, "LIMIT", [&](std::size_t n) { return named("unsubscribe", "reason", n); }},
      {"a gateway's answer, characters", 1000, "LIMIT", [&](std::size_t n) { return named("report", "code", n); }},
      {"a reason to pause, characters", 2000, "LIMIT", [&](std::size_t n) { return named("pause", "reason", n); }},
      {"a note on a suppression, characters", 2000, "LIMIT", [&](std::size_t n) { return named("suppress", "note", n); }},
      {"a local part, bytes", 64, "INVALID", [&](std::size_t n) { return put_lead("email", filled(n) + "@example.com"); }},
      {"a label of a domain, bytes", 63, "INVALID", [&](std::size_t n) { return put_lead("email", "a@" + filled(n) + ".com"); }},
      {"an address, bytes", 254, "INVALID", [&](std::size_t n) { return put_lead("email", "a@" + labels(n - 2)); }},
      {"digits of a phone", 20, "INVALID", [&](std::size_t n) { return put_lead("phone", filled(n, "7")); }},
      {"a URL, bytes", 2048, "INVALID", [&](std::size_t n) { return put_lead("website", "https://example.com/" + filled(n - 20)); }},
      {"a condition, bytes", 64 * 1024, "LIMIT", [&](std::size_t n) { return find("city = 'x'" + filled(n - 10, " ")); }},
      {"a condition, levels", 64, "LIMIT", [&](std::size_t n) { return find(filled(n, "(") + "city = 'x'" + filled(n, ")")); }},
      {"a condition, values", 10'000, "LIMIT", [&](std::size_t n) { return find("id in (" + filled(n - 1, "1,") + "1)"); }},
      {"words of a search", 32, "LIMIT", [&](std::size_t n) { return rows_status([&](kith_rows** rows, kith_error** error) { return kith_search(db, filled(n, "ab ").c_str(), 0, rows, error); }); }},
      {"rows of kith_sql", 100'000, "LIMIT",
       [&](std::size_t n) {
         std::string sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT " + std::to_string(n) + ") SELECT i FROM n";
         return rows_status([&](kith_rows** rows, kith_error** error) { return kith_sql(db, sql.c_str(), nullptr, 0, rows, error); });
       }},
      {"messages asked for, by the list", 100, "INVALID",
       [&](std::size_t n) {
         kith_field fields[] = {kith_text("name", "News"), kith_integer("confirm_limit", static_cast<std::int64_t>(n))};
         return status_of([&](kith_error** error) { return kith_put(db, "list", fields, 2, nullptr, 0, nullptr, nullptr, error); });
       }},
  });
  // Limits from below.
  CHECK(put_lead("phone", "12") == "INVALID");
  CHECK(put_lead("phone", "123") == "OK");
  for (auto [limit, period, status] : {std::tuple{0, 60'000, "INVALID"}, {1, 60'000, "OK"}, {1, 59'999, "INVALID"}, {1, 60'001, "OK"}}) {
    kith_field fields[] = {kith_text("name", "News"), kith_integer("confirm_limit", limit), kith_integer("confirm_period", period)};
    CHECK(status_of([&](kith_error** error) { return kith_put(db, "list", fields, 3, nullptr, 0, nullptr, nullptr, error); }) == status);
  }
}

TEST_CASE("tables at their widest, and as many fields as there may be", "[limits]") {
  Ground ground;
  auto put_wide = [&](std::size_t width) {
    std::vector<kith_field> fields(width, kith_text("company", "x"));
    fields[0] = kith_text("email", "wide@example.com");
    return rows_status([&](kith_rows** rows, kith_error** error) { return kith_put_many(ground.db, "lead", fields.data(), width, 1, 0, nullptr, 0, rows, error); });
  };
  CHECK(put_wide(4097) == "LIMIT");
  CHECK(put_wide(4096) == "INVALID");  // for a field stands there twice
  auto define = [&](int number) {
    std::string key = "f" + std::to_string(number);
    kith_field fields[] = {kith_text("key", key.c_str()), kith_text("type", "text")};
    return status_of([&](kith_error** error) { return kith_put(ground.db, "field", fields, 2, nullptr, 0, nullptr, nullptr, error); });
  };
  OK(kith_begin(ground.db, err));
  for (int i = 1; i <= 500; ++i) REQUIRE(define(i) == "OK");
  CHECK(define(501) == "LIMIT");
  OK(kith_remove(ground.db, "field", "f7", nullptr, 0, nullptr, err));
  CHECK(define(501) == "OK");
  CHECK(define(502) == "LIMIT");
  OK(kith_commit(ground.db, err));
  std::string last = "last";
  kith_field lead[] = {kith_text("email", "a@example.com"), kith_text("f500", last.c_str())};
  OK(kith_put(ground.db, "lead", lead, 2, nullptr, 0, nullptr, nullptr, err));
  kith_rows* rows = nullptr;
  OK(kith_get(ground.db, "lead", "a@example.com", &rows, err));
  CHECK(kith_rows_text(rows, 0, kith_rows_column(rows, "f500")) == last);
  kith_rows_free(rows);
}

TEST_CASE("CSV at its widest and longest", "[limits]") {
  Folder folder;
  auto read = [&](const std::string& text) {
    begin_steps();
    write_bytes(folder / "a.csv", text);
    kith_csv* csv = nullptr;
    kith_error* error = nullptr;
    kith_status status = kith_csv_open((folder / "a.csv").c_str(), nullptr, 0, &csv, &error);
    kith_rows* rows = nullptr;
    if (status == KITH_OK) status = kith_csv_read(csv, 0, &rows, &error);
    std::string name = kith_status_name(status);
    std::string fault = fault_of(status, error, rows);
    kith_csv_free(csv);
    return fault.empty() ? name : fault;
  };
  auto wide = [](std::size_t columns) { return filled(columns - 1, "a,") + "a\n" + filled(columns - 1, "1,") + "1\n"; };
  CHECK(read(wide(4095)) == "OK");
  CHECK(read(wide(4096)) == "OK");
  CHECK(read(wide(4097)) == "LIMIT");
  constexpr std::size_t most = 16 * 1024 * 1024;
  std::string row = filled(most - 2) + ",b";  // without its end
  CHECK(read("a,b\n" + row.substr(1) + "\n") == "OK");
  CHECK(read("a,b\n" + row + "aa\n") == "LIMIT");
}

TEST_CASE("times at the ends of the calendar and of numbers", "[limits]") {
  constexpr std::int64_t two_53 = std::int64_t{1} << 53;
  struct Case {
    std::int64_t at;
    bool past;  // of the present, but for a second between two clocks, and in the calendar
  };
  const Case cases[] = {{INT64_MIN, false}, {-two_53 - 1, false}, {-two_53, false}, {first_time - 1, false}, {first_time, true}, {first_time + 1, true}, {-1, true}, {1, true}, {the_time - 1, true},
                        {the_time, true}, {the_time + 1000, true}, {the_time + 1001, false}, {last_time, false}, {last_time + 1, false}, {two_53 - 1, false}, {two_53, false}, {two_53 + 1, false}, {INT64_MAX, false}};
  Ground ground;
  fill_every_table(ground.db);
  for (const Case& one : cases) {
    INFO(one.at);
    kith_field at = kith_integer("at", one.at);
    std::int64_t event = 77;
    std::string status = status_of([&](kith_error** error) { return kith_record(ground.db, "bob@example.com", "shop.bought", nullptr, &at, 1, &event, error); });
    CHECK(status == (one.past ? "OK" : "INVALID"));
    CHECK((event > 0) == one.past);
    bool in_calendar = one.at >= first_time && one.at <= last_time;
    bool to_come = in_calendar && one.at > the_time;
    kith_field until = kith_integer("until", one.at);
    CHECK((status_of([&](kith_error** error) { return kith_pause(ground.db, "gus@example.com", "News", &until, 1, nullptr, error); }) == "OK") == to_come);
    kith_field expires = kith_integer("expires", one.at);
    std::string assigned = status_of([&](kith_error** error) { return kith_assign(ground.db, "gus@example.com", "VIP", &expires, 1, nullptr, error); });
    CHECK((assigned == "OK" || assigned == "INVALID"));
    if (to_come) CHECK(assigned == "OK");
    if (!in_calendar) CHECK(assigned == "INVALID");
    kith_field token = kith_integer("expires", one.at);
    std::string made = rows_status([&](kith_rows** rows, kith_error** error) { return kith_token(ground.db, "gus@example.com", "data", &token, 1, rows, error); });
    CHECK((made == "OK") == to_come);
    kith_query query = {};
    query.size = sizeof query;
    query.where = "created < ?";
    kith_field arg = kith_integer("", one.at);
    query.args = &arg;
    query.arg_count = 1;
    std::string asked = rows_status([&](kith_rows** rows, kith_error** error) { return kith_find(ground.db, "lead", &query, rows, error); });
    CHECK(asked == (in_calendar ? "OK" : "INVALID"));
  }
  // The clock itself.
  for (std::int64_t now : {first_time, std::int64_t{-1}, std::int64_t{0}, std::int64_t{1}, last_time - 1, last_time}) {
    INFO(now);
    Ground then(now);
    kith_field lead = kith_text("email", "a@example.com");
    CHECK(status_of([&](kith_error** error) { return kith_put(then.db, "lead", &lead, 1, nullptr, 0, nullptr, nullptr, error); }) == "OK");
    CHECK(rows_status([&](kith_rows** rows, kith_error** error) { return kith_timeline(then.db, "id:1", nullptr, rows, error); }) == "OK");
    CHECK(rows_status([&](kith_rows** rows, kith_error** error) { return kith_export_lead(then.db, "id:1", rows, error); }) == "OK");
    // What would come after the last moment of the calendar.
    kith_field list[] = {kith_text("name", "Twice"), kith_text("opt_in", "double")};
    CHECK(status_of([&](kith_error** error) { return kith_put(then.db, "list", list, 2, nullptr, 0, nullptr, nullptr, error); }) == "OK");
    std::string subscribed = status_of([&](kith_error** error) { return kith_subscribe(then.db, "id:1", "Twice", nullptr, 0, nullptr, error); });
    CHECK((subscribed == "OK" || subscribed == "INVALID"));
    kith_field tag[] = {kith_text("name", "Brief"), kith_integer("expires_after", last_time - first_time)};
    CHECK(status_of([&](kith_error** error) { return kith_put(then.db, "tag", tag, 2, nullptr, 0, nullptr, nullptr, error); }) == "OK");
    std::string assigned = status_of([&](kith_error** error) { return kith_assign(then.db, "id:1", "Brief", nullptr, 0, nullptr, error); });
    CHECK((assigned == "OK" || assigned == "INVALID"));
    CHECK(rows_status([&](kith_rows** rows, kith_error** error) { return kith_find(then.db, "assignment", nullptr, rows, error); }) == "OK");
    CHECK(rows_status([&](kith_rows** rows, kith_error** error) { return kith_export_lead(then.db, "id:1", rows, error); }) == "OK");
    CHECK(status_of([&](kith_error** error) { return kith_run(then.db, 0, nullptr, nullptr, error); }) == "OK");
    CHECK(rows_status([&](kith_rows** rows, kith_error** error) { return kith_check(then.db, 0, rows, error); }) == "OK");
  }
  for (std::int64_t now : {INT64_MIN, first_time - 1, last_time + 1, INT64_MAX}) {
    INFO(now);
    kith_options options = {};
    options.size = sizeof options;
    options.flags = KITH_OPEN_MEMORY;
    options.now = [](void* user) -> std::int64_t { return *static_cast<std::int64_t*>(user); };
    options.user = &now;
    kith_db* db = nullptr;
    CHECK(status_of([&](kith_error** error) { return kith_open(nullptr, &options, &db, error); }) == "INVALID");
    CHECK(db == nullptr);
  }
}

TEST_CASE("days of the calendar, and both changes of the clock", "[limits]") {
  Ground ground;
  auto born = [&](const char* date) {
    kith_field fields[] = {kith_text("email", "a@example.com"), kith_text("birth_date", date)};
    return status_of([&](kith_error** error) { return kith_put(ground.db, "lead", fields, 2, nullptr, 0, nullptr, nullptr, error); });
  };
  for (const char* date : {"2024-02-29", "2000-02-29", "1600-02-29", "0004-02-29", "0001-01-01", "9999-12-31", "1999-12-31", "2024-12-31", "1900-02-28"}) {
    INFO(date);
    CHECK(born(date) == "OK");
  }
  for (const char* date : {"2023-02-29", "1900-02-29", "2100-02-29", "2024-02-30", "2024-04-31", "2024-00-01", "2024-13-01", "2024-01-00", "2024-01-32", "0000-01-01", "10000-01-01", "2024-2-9"}) {
    INFO(date);
    CHECK(born(date) == "INVALID");
  }
  auto recorded_at = [&](const char* at) {
    begin_steps();
    kith_field with = kith_text("at", at);
    std::int64_t event = 0;
    OK(kith_record(ground.db, "a@example.com", "shop.bought", nullptr, &with, 1, &event, err));
    kith_rows* rows = nullptr;
    OK(kith_why(ground.db, event, &rows, err));
    std::int64_t time = kith_rows_integer(rows, 0, kith_rows_column(rows, "at"));
    kith_rows_free(rows);
    return time;
  };
  // Stockholm, 2026: the hour from 2 to 3 is not there in March, and there twice in October.
  CHECK(recorded_at("2026-03-29T03:00:00+02:00") - recorded_at("2026-03-29T01:59:59+01:00") == 1000);
  CHECK(recorded_at("2026-10-25T02:30:00+01:00") - recorded_at("2026-10-25T02:30:00+02:00") == 3'600'000);
  CHECK(recorded_at("2026-03-29T02:30:00+01:00") == recorded_at("2026-03-29T01:30:00Z"));
  CHECK(recorded_at("2024-02-29T23:59:59.999Z") + 1 == recorded_at("2024-03-01"));
  CHECK(recorded_at("2023-12-31T23:59:60Z") == recorded_at("2024-01-01"));
}

TEST_CASE("ids and numbers that nobody gave", "[limits]") {
  Ground ground;
  kith_db* db = ground.db;
  fill_every_table(db);
  for (std::int64_t id : {INT64_MIN, INT64_MIN + 1, std::int64_t{-1}, std::int64_t{0}, std::int64_t{1'000'000}, (std::int64_t{1} << 31), (std::int64_t{1} << 32) + 1, (std::int64_t{1} << 48) - 1,
                          (std::int64_t{1} << 48), most_id - 1, most_id, most_id + 1, most_id + 2, INT64_MAX - 1, INT64_MAX}) {
    INFO(id);
    std::string name = "id:" + std::to_string(id);
    const char* who = name.c_str();
    for (const char* kind : {"lead", "note", "address", "tag", "category", "assignment", "field", "list", "subscription", "pause", "suppression", "token", "event", "event_kind"}) {
      INFO(kind);
      kith_rows* rows = nullptr;
      kith_error* error = nullptr;
      kith_status status = kith_get(db, kind, who, &rows, &error);
      CHECK((status == KITH_OK || status == KITH_INVALID || status == KITH_NOT_FOUND));
      CHECK(kith_rows_count(rows) == 0);
      begin_steps();
      CHECK(fault_of(status, error, rows) == "");
      kith_field fields[] = {kith_integer("id", id), kith_text(std::strcmp(kind, "lead") == 0 ? "city" : "name", "x")};
      std::int64_t made = 77;
      status = kith_put(db, kind, fields, 2, nullptr, 0, &made, nullptr, nullptr);
      CHECK((status == KITH_INVALID || status == KITH_NOT_FOUND || status == KITH_REFUSED));
      CHECK(made == 0);
    }
    auto may = [](const std::string& status) { return status == "OK" || status == "INVALID" || status == "NOT_FOUND" || status == "REFUSED"; };
    auto fails = [](const std::string& status) { return status == "INVALID" || status == "NOT_FOUND" || status == "REFUSED"; };
    CHECK(fails(status_of([&](kith_error** error) { return kith_assign(db, who, "VIP", nullptr, 0, nullptr, error); })));
    CHECK(fails(status_of([&](kith_error** error) { return kith_assign(db, "bob@example.com", who, nullptr, 0, nullptr, error); })));
    CHECK(fails(status_of([&](kith_error** error) { return kith_merge(db, who, "bob@example.com", nullptr, 0, nullptr, error); })));
    CHECK(fails(status_of([&](kith_error** error) { return kith_erase(db, who, nullptr, 0, nullptr, nullptr, error); })));
    CHECK(fails(status_of([&](kith_error** error) { return kith_unmerge(db, id, nullptr, 0, nullptr, error); })));
    kith_field cause = kith_integer("cause", id);
    std::string caused = status_of([&](kith_error** error) { return kith_record(db, "bob@example.com", "shop.bought", nullptr, &cause, 1, nullptr, error); });
    CHECK((id == 0 ? may(caused) : fails(caused)));
    CHECK(may(rows_status([&](kith_rows** rows, kith_error** error) { return kith_why(db, id, rows, error); })));
    CHECK(may(rows_status([&](kith_rows** rows, kith_error** error) { return kith_events_after(db, id, 10, rows, error); })));
    CHECK(may(rows_status([&](kith_rows** rows, kith_error** error) { return kith_events_after(db, 0, id, rows, error); })));
    CHECK(may(rows_status([&](kith_rows** rows, kith_error** error) { return kith_search(db, "bob", id, rows, error); })));
    kith_query query = {};
    query.size = sizeof query;
    query.limit = id;
    for (const char* where : {"not tag 'VIP'", "tag 'VIP'", "city is empty"}) {
      query.where = where;
      std::string found = rows_status([&](kith_rows** rows, kith_error** error) { return kith_find(db, "lead", &query, rows, error); });
      CHECK(found == (id < -1 ? "INVALID" : "OK"));
    }
    query.where = "id = ? or id > ?";
    kith_field args[] = {kith_integer("", id), kith_integer("", id)};
    query.args = args;
    query.arg_count = 2;
    query.limit = 5;
    CHECK(may(rows_status([&](kith_rows** rows, kith_error** error) { return kith_find(db, "lead", &query, rows, error); })));
    for (const std::string& after : {std::to_string(id), "[" + std::to_string(id) + "]"}) {
      query = {};
      query.size = sizeof query;
      query.after = after.c_str();
      CHECK(may(rows_status([&](kith_rows** rows, kith_error** error) { return kith_find(db, "lead", &query, rows, error); })));
      CHECK(may(rows_status([&](kith_rows** rows, kith_error** error) { return kith_timeline(db, "bob@example.com", &query, rows, error); })));
    }
    CHECK((status_of([&](kith_error** error) { return kith_run(db, id, nullptr, nullptr, error); }) == (id < 0 ? "INVALID" : "OK")));
  }
  CHECK(rows_status([&](kith_rows** rows, kith_error** error) { return kith_check(db, 0, rows, error); }) == "OK");
}
