#include "hostile/readings.h"

#include <iterator>

#include "hostile/guard.h"

namespace kith::test {

namespace {

constexpr const char* kinds[] = {"lead", "note", "address", "tag", "category", "assignment", "field", "list", "subscription", "pause", "suppression", "token", "event", "event_kind"};
constexpr const char* leads[] = {"ada@example.com", "bob@example.com", "external:cy", "id:1", "id:2", "gus@example.com", "id:9", "id:7", "nobody@example.com"};

// Calls what is left when the outputs are taken away.
template <class Call>
std::string rows_of(Call call) {
  begin_steps();
  kith_rows* rows = nullptr;
  kith_error* error = nullptr;
  kith_status status = call(&rows, &error);
  return fault_of(status, error, rows);
}

kith_query query_of(const char* where, std::int64_t limit, const char* sort = nullptr) {
  kith_query query = {};
  query.size = sizeof query;
  query.where = where;
  query.limit = limit;
  query.sort = sort;
  return query;
}

// Page after page, which must come to an end.
template <class Call>
std::string pages_of(kith_query query, Call call) {
  std::string after;
  for (int page = 0; page < 100; ++page) {
    begin_steps();
    kith_rows* rows = nullptr;
    kith_error* error = nullptr;
    kith_status status = call(&query, &rows, &error);
    const char* next = kith_rows_next(rows);
    if (next != nullptr) after = next;
    bool more = next != nullptr;
    if (std::string fault = fault_of(status, error, rows); !fault.empty()) return fault;
    if (!more) return "";
    query.after = after.c_str();
  }
  return "has pages without end";
}

const char* pick(const char* const* of, std::size_t count, unsigned n) { return of[n % count]; }
const char* a_lead(unsigned n) { return pick(leads, std::size(leads), n); }
const char* a_kind(unsigned n) { return pick(kinds, std::size(kinds), n); }

std::string find(kith_db* db, const Known&, unsigned n) {
  // Every third kind a call; all of them within three.
  for (unsigned i = n % 3; i < std::size(kinds); i += 3) {
    std::string fault = pages_of(query_of(nullptr, i % 2 == 0 ? 3 : 50), [&](kith_query* query, kith_rows** rows, kith_error** err) { return kith_find(db, kinds[i], query, rows, err); });
    if (!fault.empty()) return std::string(kinds[i]) + " " + fault;
  }
  constexpr const char* conditions[] = {"tag 'Gold'", "not tag 'Gold' and not list 'News'", "list 'News' bounced or list 'Twice' pending", "email ends with '.com'", "custom_text is not empty and score = 0",
                                        "phone = '+46 70 000 00 28'", "last_activity is not empty", "created > 0", "not tag 'VIP'"};
  constexpr const char* sorts[] = {"-created", "email", "-email", "external_id", "updated,-id", "score", "custom_text", "-custom_more", "phone"};
  const char* where = pick(conditions, std::size(conditions), n);
  return pages_of(query_of(where, 2, pick(sorts, std::size(sorts), n / static_cast<unsigned>(std::size(conditions)))),
                  [&](kith_query* query, kith_rows** rows, kith_error** err) { return kith_find(db, "lead", query, rows, err); });
}

std::string count(kith_db* db, const Known&, unsigned n) {
  constexpr const char* conditions[] = {nullptr, "tag 'Gold'", "list 'News' unsubscribed", "not list 'Twice' pending", "city is empty", "id > 3 and not tag 'VIP'"};
  for (unsigned i = 0; i < 3; ++i) {
    begin_steps();
    kith_query query = query_of(i == 0 ? pick(conditions, std::size(conditions), n) : nullptr, 0);
    std::int64_t number = 77;
    kith_error* error = nullptr;
    kith_status status = kith_count(db, i == 0 ? "lead" : a_kind(n + i), &query, &number, &error);
    if (status != KITH_OK && number != 0) return "fails and answers a number";
    if (std::string fault = fault_of(status, error); !fault.empty()) return fault;
  }
  return "";
}

const Reading table[] = {
    {"kith_info", [](kith_db* db, const Known&, unsigned) { return rows_of([&](kith_rows** rows, kith_error** err) { return kith_info(db, rows, err); }); }},
    {"kith_schema",
     [](kith_db* db, const Known&, unsigned n) {
       constexpr const char* topics[] = {"fields", "events", "kinds", "verbs", "predicates"};
       return rows_of([&](kith_rows** rows, kith_error** err) { return kith_schema(db, topics[n % 5], rows, err); });
     }},
    {"kith_get",
     [](kith_db* db, const Known&, unsigned n) {
       for (unsigned i = 0; i < 3; ++i) {
         const char* kind = a_kind(n + 5 * i);
         std::string fault = rows_of([&](kith_rows** rows, kith_error** err) { return kith_get(db, kind, n % 2 == 0 ? "id:1" : "id:3", rows, err); });
         if (!fault.empty()) return std::string(kind) + " " + fault;
       }
       return rows_of([&](kith_rows** rows, kith_error** err) { return kith_get(db, "lead", a_lead(n), rows, err); });
     }},
    {"kith_find", find},
    {"kith_count", count},
    {"kith_duplicates",
     [](kith_db* db, const Known&, unsigned) {
       return pages_of(query_of(nullptr, 2), [&](kith_query* query, kith_rows** rows, kith_error** err) { return kith_duplicates(db, query, rows, err); });
     }},
    {"kith_search",
     [](kith_db* db, const Known&, unsigned n) {
       constexpr const char* words[] = {"bob", "example", "a", "46 70", "g com", "adqz"};
       return rows_of([&](kith_rows** rows, kith_error** err) { return kith_search(db, words[n % 6], 0, rows, err); });
     }},
    {"kith_export_lead", [](kith_db* db, const Known&, unsigned n) { return rows_of([&](kith_rows** rows, kith_error** err) { return kith_export_lead(db, a_lead(n), rows, err); }); }},
    {"kith_consent_proof", [](kith_db* db, const Known&, unsigned n) { return rows_of([&](kith_rows** rows, kith_error** err) { return kith_consent_proof(db, a_lead(n + 1), rows, err); }); }},
    {"kith_may_send",
     [](kith_db* db, const Known&, unsigned n) {
       kith_field with[] = {kith_text("channel", n % 2 == 0 ? "email" : "sms")};
       return rows_of([&](kith_rows** rows, kith_error** err) { return kith_may_send(db, a_lead(n), n % 3 == 0 ? nullptr : n % 3 == 1 ? "News" : "Twice", with, 1, rows, err); });
     }},
    {"kith_token_look", [](kith_db* db, const Known& known, unsigned) { return rows_of([&](kith_rows** rows, kith_error** err) { return kith_token_look(db, known.data_token.c_str(), rows, err); }); }},
    {"kith_preferences",
     [](kith_db* db, const Known& known, unsigned) { return rows_of([&](kith_rows** rows, kith_error** err) { return kith_preferences(db, known.preferences_token.c_str(), rows, err); }); }},
    {"kith_my_data", [](kith_db* db, const Known& known, unsigned) { return rows_of([&](kith_rows** rows, kith_error** err) { return kith_my_data(db, known.data_token.c_str(), rows, err); }); }},
    {"kith_timeline",
     [](kith_db* db, const Known&, unsigned n) {
       return pages_of(query_of(n % 2 == 0 ? nullptr : "kind starts with 'lead.'", 4),
                       [&](kith_query* query, kith_rows** rows, kith_error** err) { return kith_timeline(db, a_lead(n), query, rows, err); });
     }},
    {"kith_why", [](kith_db* db, const Known&, unsigned n) { return rows_of([&](kith_rows** rows, kith_error** err) { return kith_why(db, 1 + n % 60, rows, err); }); }},
    {"kith_events_after",
     [](kith_db* db, const Known&, unsigned) {
       std::int64_t after = 0;
       for (int page = 0; page < 100; ++page) {
         begin_steps();
         kith_rows* rows = nullptr;
         kith_error* error = nullptr;
         kith_status status = kith_events_after(db, after, 20, &rows, &error);
         const char* next = kith_rows_next(rows);
         bool more = next != nullptr;
         if (more) after = std::stoll(next);
         if (std::string fault = fault_of(status, error, rows); !fault.empty()) return fault;
         if (!more) return std::string();
       }
       return std::string("has pages without end");
     }},
    {"kith_check", [](kith_db* db, const Known&, unsigned) { return rows_of([&](kith_rows** rows, kith_error** err) { return kith_check(db, 0, rows, err); }); }},
    {"kith_backup",
     [](kith_db* db, const Known& known, unsigned) {
       begin_steps();
       kith_error* error = nullptr;
       kith_status status = kith_backup(db, known.copy.c_str(), &error);
       return fault_of(status, error);
     }},
    // Last, for what it has of its own ends the watch over steps.
    {"kith_sql",
     [](kith_db* db, const Known&, unsigned n) {
       constexpr const char* statements[] = {"SELECT * FROM lead", "SELECT * FROM event ORDER BY at DESC", "SELECT * FROM lead_set", "SELECT rowid FROM lead_search WHERE lead_search MATCH 'bob*'",
                                             "SELECT COUNT(*) FROM lead l JOIN lead_tag t ON t.lead_id = l.id", "SELECT * FROM token", "SELECT * FROM sqlite_schema", "SELECT data ->> '$.what' FROM event"};
       return rows_of([&](kith_rows** rows, kith_error** err) { return kith_sql(db, statements[n % 8], nullptr, 0, rows, err); });
     }},
};

}  // namespace

std::span<const Reading> readings() { return table; }

}  // namespace kith::test
