#include "golden/story.h"

namespace kith::test {

void Story::definitions(kith::Database& db) {
  for (const char* type : {"text", "integer", "number", "boolean", "date", "datetime"}) db.put("field", {{"key", std::string("a_") + type}, {"type", type}});
  for (const char* type : {"choice", "choices"}) db.put("field", {{"key", std::string("a_") + type}, {"type", type}, {"options", R"(["red", "green"])"}});
  db.put("field", {{"key", "seats"}, {"type", "integer"}, {"indexed", 1}, {"label", "Seats"}, {"description", "how many"}});
  db.put("field", {{"key", "short_lived"}, {"type", "text"}});
  later();
  db.remove("field", "short_lived");
  db.put("field", {{"key", "seats"}, {"label", "Places"}});
  db.put("category", {{"name", "Levels"}, {"description", "how far they are"}});
  db.put("category", {{"name", "Short-lived"}});
  later();
  db.put("category", {{"name", "Levels"}, {"description", "how far somebody is"}});
  db.remove("category", "Short-lived");
  db.put("tag", {{"name", "VIP"}, {"category", "Levels"}});
  db.put("tag", {{"name", "Trial"}, {"expires_after", 30 * day}});
  db.put("tag", {{"name", "Summer"}, {"expires", now + 200 * day}});
  for (const char* tag : {"Absorbed", "Short-lived"}) db.put("tag", {{"name", tag}});
  later();
  db.rename("tag", "VIP", "Gold");
  db.put("list", {{"name", "News"}, {"public_name", "Our news"}, {"description", "once a month"}});
  db.put("list", {{"name", "Club"}, {"opt_in", "double"}, {"lapse_after", 7 * day}, {"channels", R"(["email", "sms"])"}});
  db.put("list", {{"name", "Service"}, {"opt_in", "out"}, {"visible", 0}});
  db.put("list", {{"name", "Short-lived"}});
  later();
  db.put("list", {{"name", "News"}, {"description", "twice a month"}});
}

void Story::leads(kith::Database& db) {
  later();
  db.put("lead", {{"email", "Ada.Lovelace@example.com"}, {"external_id", "ada"}, {"first_name", "Ada"}, {"middle_name", "Byron"}, {"last_name", "Lovelace"},
                  {"phone", "+46 70 123 45 67"}, {"phone2", "+46 8 123"}, {"company", "Analytical Engines"}, {"job_title", "analyst"}, {"website", "https://ada.example/"},
                  {"address1", "Street 1"}, {"address2", "Floor 2"}, {"city", "Lund"}, {"region", "Scania"}, {"postcode", "221 00"}, {"country", "SE"},
                  {"time_zone", "Europe/Stockholm"}, {"language", "sv-SE"}, {"birth_date", "1815-12-10"}, {"facebook", "ada"}, {"x", "ada"}, {"linkedin", "ada"},
                  {"instagram", "ada"}, {"picture", "https://ada.example/a.png"}, {"ip", "203.0.113.7"}, {"source", "form"}, {"referrer", "https://search.example/"},
                  {"owner", "anna"}, {"a_text", "Ünïcode ✓"}, {"a_integer", -5}, {"a_number", 2.5}, {"a_boolean", 1}, {"a_date", "2024-02-29"},
                  {"a_datetime", "2024-02-29T12:00:00Z"}, {"a_choice", "red"}, {"a_choices", R"(["green"])"}, {"seats", 3}},
         {{"by", "shop"}, {"ip", "203.0.113.8"}, {"key", "first"}});
  for (const char* name : {"bob", "cy", "dan", "eve", "fay", "gus", "hal", "ivy", "joe", "kim"}) {
    later(60'000);
    db.put("lead", {{"email", std::string(name) + "@example.com"}, {"phone", "+46 70 000 00 " + std::to_string(name[0])}, {"source", "import"}});
  }
  later();
  db.put("lead", {{"email", "ada.lovelace@example.com"}, {"city", "Malmö"}, {"source", "a later touch"}, {"a_choice", nullptr}});
  db.put("address", {{"lead", "external:ada"}, {"email", "ada@work.example"}});
  db.put("address", {{"lead", "external:ada"}, {"email", "ada@old.example"}});
  db.remove("address", "ada@old.example");
  std::int64_t note = db.put("note", {{"lead", "external:ada"}, {"text", "called"}, {"author", "anna"}}).id;
  db.put("note", {{"id", note}, {"text", "called twice"}});
  db.remove("note", "id:" + std::to_string(db.put("note", {{"lead", "bob@example.com"}, {"text", "a mistake"}}).id));
  later();
  std::int64_t seen = db.record("external:ada", "shop.cart_left", R"({"items": 3})", {{"subject", "cart 7"}, {"key", "cart-7"}});
  db.assign("external:ada", "Gold", {{"cause", seen}, {"by", "shop"}});
  db.assign("external:ada", "Trial");
  db.assign("bob@example.com", "Trial", {{"expires", now + day}});
  db.assign("bob@example.com", "Trial", {{"expires", now + 2 * day}});
  db.assign("cy@example.com", "Summer");
  db.assign("cy@example.com", "Gold");
  db.unassign("cy@example.com", "Gold");
  db.assign_where({.where = "email in ('dan@example.com', 'eve@example.com')"}, "Absorbed");
  db.assign("dan@example.com", "Short-lived");
  later();
  db.merge_tags("Gold", "Absorbed");
  db.remove("tag", "Short-lived");
}

void Story::consent(kith::Database& db) {
  later();
  db.subscribe("external:ada", "News", {{"consent", "I want the news"}, {"via", "form"}, {"ip", "203.0.113.9"}});
  db.subscribe("external:ada", "News", {{"consent", "I want the news, still"}});
  for (const char* name : {"bob", "cy", "dan", "eve", "fay", "gus"}) db.subscribe(std::string(name) + "@example.com", "News");
  db.subscribe("bob@example.com", "Short-lived");
  db.remove("list", "Short-lived");
  db.subscribe("hal@example.com", "Club");  // stays pending until it lapses
  later();
  db.unsubscribe("cy@example.com", "News", {{"reason", "too many"}, {"via", "lead"}});
  db.report("dan@example.com", "News", "bounced", {{"code", "550 5.1.1 no such user"}});
  db.report("eve@example.com", "News", "complained");
  db.report("fay@example.com", "News", "bounced", {{"bounce", "soft"}, {"code", "450 4.2.2 full"}});
  db.unsubscribe("gus@example.com", "Service");
  db.pause("external:ada", "News", {{"until", now + 20 * day}, {"reason", "holidays"}});
  db.pause("bob@example.com", kith::all_lists, {{"until", now + day}});
  db.pause("cy@example.com", kith::all_lists, {{"until", now + day}});
  db.resume("cy@example.com", kith::all_lists);
  later();
  db.suppress("@spam.example", {{"note", "never"}});
  db.suppress("nobody@example.com", {{"reason", "complaint"}, {"channel", "email"}});
  db.suppress("tel:+46709999999", {{"reason", "stop"}, {"channel", "sms"}});
  db.suppress("fay@example.com");
  db.unsuppress("fay@example.com");
  db.sms_received("+46 70 000 00 103", "STOP");
  db.sms_received("+46 70 000 00 102", "hello");
}

void Story::tokens(kith::Database& db) {
  later();
  for (const char* purpose : {"preferences", "data"}) db.token("external:ada", purpose, {{"expires", now + 90 * day}});
  db.token("external:ada", "unsubscribe", {{"list", "News"}});
  db.subscribe("ivy@example.com", "Club");
  db.confirm(db.token("ivy@example.com", "confirm", {{"list", "Club"}})["token"].text());
  db.token_revoke(db.token("joe@example.com", "data")["token"].text());
}

void Story::ends(kith::Database& db) {
  later(3 * day);
  db.run();  // bob's Trial and pause end
  later(10 * day);
  db.run();  // hal never confirmed
  std::int64_t undone = db.merge("joe@example.com", "kim@example.com");
  later();
  db.unmerge(undone);
  db.subscribe("joe@example.com", "Club");  // and stays pending
  db.merge("external:ada", "ivy@example.com", {{"by", "anna"}});
  db.remove("lead", "gus@example.com");
  later();
  db.erase("fay@example.com", {{"suppress", 1}});
  db.report("bob@example.com", "News", "bounced", {{"bounce", "soft"}, {"code", "452 4.2.2 full"}});
  db.search("ada", 10);
  later(5 * day);
  db.assign("bob@example.com", "Summer", {{"expires", now + hour}});
  later(day);  // and is over, but not taken away yet
}

std::string Story::text_of(const kith::Database& db) {
  struct Table {
    const char* name;
    const char* columns;
    const char* order;
  };
  constexpr Table tables[] = {
      {"setting", "name, CASE WHEN name = 'file_id' THEN '*' ELSE value END AS value", "name"},
      {"counter", "*", "name"},
      {"lead", "*", "id"},
      {"lead_key", "*", "kind, key"},
      {"lead_custom", "*", "lead_id"},
      {"lead_gone", "*", "id"},
      {"lead_email", "*", "lead_id, id"},
      {"note", "*", "lead_id, id"},
      {"lead_merge", "*", "event_id"},
      {"category", "*", "id"},
      {"tag", "*", "id"},
      {"lead_tag", "*", "lead_id, tag_id"},
      {"list", "*", "id"},
      {"subscription", "*", "lead_id, list_id"},
      {"pause", "*", "lead_id, list_id"},
      {"confirm_wanted", "*", "lead_id, list_id, event_id"},
      {"soft_bounce", "*", "lead_id, event_id"},
      {"suppression", "*", "id"},
      {"token", "id, purpose, lead_id, issued_to, list_id, created, expires, used, revoked, event_id, length(hash) AS hash", "id"},
      {"field", "*", "id"},
      {"event_kind", "*", "id"},
      {"definition_gone", "*", "kind, id"},
      {"event", "*", "id"},
      {"write_key", "*", "verb, key"},
      {"lead_set", "family, owner, chunk, size, form, hex(bits) AS bits", "family, owner, chunk"},
  };
  std::string text;
  for (const Table& table : tables) {
    kith::Rows rows = db.sql(std::string("SELECT ") + table.columns + " FROM " + table.name + " ORDER BY " + table.order);
    text += std::string("\n== ") + table.name + "\n";
    for (std::int32_t column = 0; column < rows.width(); ++column) text += (column > 0 ? "|" : "") + std::string(rows.name(column));
    text += '\n';
    for (std::int64_t row = 0; row < rows.size(); ++row) {
      for (std::int32_t column = 0; column < rows.width(); ++column) {
        kith::Cell cell = rows[row][column];
        if (column > 0) text += '|';
        switch (cell.type()) {
          case KITH_TEXT:
            for (char c : cell.view()) text += c == '\n' ? std::string("\\n") : std::string(1, c);
            break;
          case KITH_INTEGER: text += std::to_string(cell.integer()); break;
          case KITH_REAL: text += std::to_string(cell.real()); break;
          default: text += '-';
        }
      }
      text += '\n';
    }
  }
  return text.substr(1);
}

}  // namespace kith::test
