// A file with a row in every table: every kind of thing, every state that a lead can have on a list, leads that were
// merged, removed and erased, a definition that was removed.
#pragma once

#include <string>

#include "support/marked.h"

namespace kith::test {

// Written through the C interface, so it is what a host's file looks like.
inline void fill_every_table(kith_db* db) {
  make_definitions(db);
  auto named = [&](const char* kind, const char* name, const Fields& more = {}) {
    std::vector<kith_field> fields(more.data(), more.data() + more.size());
    fields.push_back(kith_text("name", name));
    OK(kith_put(db, kind, fields.data(), fields.size(), nullptr, 0, nullptr, nullptr, err));
  };
  named("category", "Levels");
  named("tag", "Gold", Fields().text("category", "Levels").integer("expires_after", 86'400'000));
  named("list", "Twice", Fields().text("opt_in", "double"));
  Marked ada("Ad");
  ada.put(db, "example.com");
  Marked twin("Tw");
  twin.put(db, "twin.example", "88765432");
  OK(kith_merge(db, ada.email.c_str(), twin.email.c_str(), nullptr, 0, nullptr, err));
  for (const char* name : {"bob", "cy", "dan", "eve", "fay", "gus"}) {
    std::string email = std::string(name) + "@example.com";
    Fields lead;
    lead.text("email", email).text("external_id", name).text("phone", "+46 70 000 00 " + std::to_string(10 + name[0] % 80)).text("custom_text", name);
    OK(kith_put(db, "lead", lead.data(), lead.size(), Fields().text("tag", "Gold").text("list", "News").data(), 2, nullptr, nullptr, err));
  }
  OK(kith_subscribe(db, "bob@example.com", "Twice", nullptr, 0, nullptr, err));
  OK(kith_report(db, "cy@example.com", "News", "bounced", nullptr, 0, nullptr, err));
  OK(kith_report(db, "dan@example.com", "News", "complained", nullptr, 0, nullptr, err));
  OK(kith_report(db, "bob@example.com", "News", "bounced", Fields().text("bounce", "soft").text("code", "4.2.2").data(), 2, nullptr, err));
  OK(kith_suppress(db, "@spam.example", nullptr, 0, nullptr, err));
  kith_rows* rows = nullptr;
  OK(kith_token(db, "bob@example.com", "confirm", Fields().text("list", "Twice").data(), 1, &rows, err));
  kith_rows_free(rows);
  OK(kith_remove(db, "lead", "eve@example.com", nullptr, 0, nullptr, err));
  OK(kith_erase(db, "fay@example.com", nullptr, 0, nullptr, nullptr, err));
  named("category", "Old levels");
  OK(kith_remove(db, "category", "Old levels", nullptr, 0, nullptr, err));
  OK(kith_search(db, "ada", 0, &rows, err));
  kith_rows_free(rows);
}

}  // namespace kith::test
