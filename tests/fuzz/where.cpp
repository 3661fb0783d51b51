// Conditions: one that is understood counts the same twice, and with its opposite counts everybody; any other is refused with a
// sentence that says where.
#include <kith.h>

#include <cstring>
#include <string>

#include "base/text.h"
#include "fuzz/fuzz.h"

namespace {

kith_db* people() {
  static kith_db* db = [] {
    kith_options options = {};
    options.size = sizeof options;
    options.flags = KITH_OPEN_MEMORY;
    options.now = [](void*) -> std::int64_t { return 1'800'000'000'000; };
    kith_db* made = nullptr;
    PROMISE(kith_open(nullptr, &options, &made, nullptr) == KITH_OK);
    auto define = [&](const char* kind, const char* field, const char* value, const char* type) {
      kith_field fields[] = {kith_text(field, value), kith_text("type", type)};
      PROMISE(kith_put(made, kind, fields, type == nullptr ? 1 : 2, nullptr, 0, nullptr, nullptr, nullptr) == KITH_OK);
    };
    define("tag", "name", "VIP", nullptr);
    define("tag", "name", "Member", nullptr);
    define("list", "name", "News", nullptr);
    define("field", "key", "plan", "text");
    define("field", "key", "visits", "integer");
    define("field", "key", "vegan", "boolean");
    const char* cities[] = {"Lund", "Malmö", nullptr, "x'y", "%"};
    for (int i = 0; i < 20; ++i) {
      std::string email = "lead" + std::to_string(i) + (i % 2 == 0 ? "@example.com" : "@exämple.org");
      kith_field fields[] = {kith_text("email", email.c_str()), kith_text("city", cities[i % 5]), kith_text("country", i % 3 == 0 ? "SE" : "NO"), kith_integer("visits", i * i),
                             i % 4 == 0 ? kith_null("plan") : kith_text("plan", "pro"), i % 7 == 0 ? kith_null("vegan") : kith_integer("vegan", i % 2)};
      kith_field with[] = {kith_text("tag", i % 2 == 0 ? "VIP" : "Member"), kith_text("list", "News")};
      PROMISE(kith_put(made, "lead", fields, 6, with, i % 3 == 0 ? 2 : 1, nullptr, nullptr, nullptr) == KITH_OK);
    }
    return made;
  }();
  return db;
}

// -1: refused, -2: it is too much for a condition.
std::int64_t count(const std::string& where) {
  kith_query query = {};
  query.size = sizeof query;
  query.where = where.c_str();
  std::int64_t found = 77;
  kith_error* error = nullptr;
  kith_status status = kith_count(people(), "lead", &query, &found, &error);
  if (status != KITH_OK) {
    PROMISE(found == 0);
    PROMISE(status == KITH_INVALID || status == KITH_NOT_FOUND || status == KITH_LIMIT);
    PROMISE(std::strlen(kith_error_message(error)) > 10 && std::strlen(kith_error_message(error)) < 1000);
    PROMISE(kith::valid_utf8(kith_error_message(error)) && kith::valid_utf8(kith_error_nearest(error)));
    PROMISE(std::strcmp(kith_error_field(error), "where") == 0);
    kith_error_free(error);
    return status == KITH_LIMIT ? -2 : -1;
  }
  PROMISE(error == nullptr);
  return found;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string where(kith::fuzz::text_of(data, size));
  where = where.c_str();  // up to the first NUL: so it comes from C
  std::int64_t found = count(where);
  if (found < 0) return 0;
  PROMISE(found <= 20);
  PROMISE(count(where) == found);
  if (kith::trimmed(where).empty()) {
    PROMISE(found == 20);
    return 0;
  }
  std::int64_t opposite = count("not (" + where + ")");
  PROMISE(opposite == -2 || opposite == 20 - found);
  return 0;
}
