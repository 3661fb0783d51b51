// A whole file, opened and asked, then opened for writing, examined and repaired. An input that begins with "K" is changes to a
// sound file, each of five bytes: where (three), how (set, flip, cut, zero a sector, copy a page) and with what; any other is the
// file itself.
#include <kith.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

#include "base/text.h"
#include "fuzz/fuzz.h"
#include "fuzz/place.h"

namespace {

const kith::fuzz::Place& place() {
  static const kith::fuzz::Place one;
  return one;
}

kith_db* open(std::uint32_t flags, kith_error** error) {
  kith_options options = {};
  options.size = sizeof options;
  options.flags = flags | KITH_OPEN_NORMAL_SYNC;
  options.busy_ms = -1;
  options.now = [](void*) -> std::int64_t { return 1'800'000'000'000; };
  kith_db* db = nullptr;
  kith_status status = kith_open(place().path("a.kith").c_str(), &options, &db, error);
  PROMISE((status == KITH_OK) == (db != nullptr));
  return db;
}

const std::string& sound() {
  static const std::string bytes = [] {
    kith_db* db = open(0, nullptr);
    PROMISE(db != nullptr);
    kith_field tag = kith_text("name", "VIP");
    kith_field list = kith_text("name", "News");
    kith_field custom[] = {kith_text("key", "plan"), kith_text("type", "text"), kith_integer("indexed", 1)};
    PROMISE(kith_put(db, "tag", &tag, 1, nullptr, 0, nullptr, nullptr, nullptr) == KITH_OK);
    PROMISE(kith_put(db, "list", &list, 1, nullptr, 0, nullptr, nullptr, nullptr) == KITH_OK);
    PROMISE(kith_put(db, "field", custom, 3, nullptr, 0, nullptr, nullptr, nullptr) == KITH_OK);
    for (int i = 0; i < 10; ++i) {
      std::string email = "lead" + std::to_string(i) + "@example.com";
      kith_field fields[] = {kith_text("email", email.c_str()), kith_text("plan", "pro"), kith_text("phone", "+46 70 123 45 67")};
      kith_field with[] = {kith_text("tag", "VIP"), kith_text("list", "News")};
      PROMISE(kith_put(db, "lead", fields, 3, with, 2, nullptr, nullptr, nullptr) == KITH_OK);
    }
    PROMISE(kith_merge(db, "id:1", "id:2", nullptr, 0, nullptr, nullptr) == KITH_OK);
    PROMISE(kith_erase(db, "id:3", nullptr, 0, nullptr, nullptr, nullptr) == KITH_OK);
    kith_rows* rows = nullptr;
    PROMISE(kith_search(db, "lead4", 0, &rows, nullptr) == KITH_OK);
    kith_rows_free(rows);
    kith_close(db);
    std::ifstream in(place().path("a.kith"), std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  }();
  return bytes;
}

std::string changed(std::string_view changes) {
  std::string bytes = sound();
  for (; changes.size() >= 5 && !bytes.empty(); changes.remove_prefix(5)) {
    auto byte = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(changes[i])); };
    std::size_t at = (byte(0) << 16 | byte(1) << 8 | byte(2)) % bytes.size();
    switch (byte(3) % 5) {
      case 0: bytes[at] = changes[4]; break;
      case 1: bytes[at] = static_cast<char>(bytes[at] ^ (1 << (byte(4) & 7))); break;
      case 2: bytes.resize(at); break;
      case 3: bytes.replace(at / 512 * 512, std::min<std::size_t>(512, bytes.size() - at / 512 * 512), std::min<std::size_t>(512, bytes.size() - at / 512 * 512), '\0'); break;
      default: {
        std::string page = bytes.substr(byte(4) * 4096 % bytes.size(), 4096);
        bytes.replace(at / 4096 * 4096, page.size(), page);
      }
    }
  }
  return bytes;
}

void answered(kith_status status, kith_error* error, kith_rows* rows) {
  PROMISE(status != KITH_INTERNAL && status != KITH_MISUSE && status != KITH_NO_MEMORY);
  if (status != KITH_OK) {
    PROMISE(rows == nullptr && error != nullptr && *kith_error_message(error) != '\0' && kith::valid_utf8(kith_error_message(error)));
  }
  for (std::int64_t row = 0; row < kith_rows_count(rows); ++row) {
    for (std::int32_t column = 0; column < kith_rows_width(rows); ++column) {
      PROMISE(kith::valid_utf8({kith_rows_text(rows, row, column), kith_rows_size(rows, row, column)}));
    }
  }
  kith_rows_free(rows);
  kith_error_free(error);
}

template <class Function>
void ask(Function function) {
  kith_rows* rows = nullptr;
  kith_error* error = nullptr;
  kith_status status = function(&rows, &error);
  answered(status, error, rows);
}

void use(kith_db* db, bool writing) {
  for (const char* kind : {"lead", "address", "tag", "assignment", "subscription", "event", "field"}) {
    ask([&](kith_rows** rows, kith_error** error) { return kith_find(db, kind, nullptr, rows, error); });
  }
  ask([&](kith_rows** rows, kith_error** error) { return kith_export_lead(db, "id:1", rows, error); });
  ask([&](kith_rows** rows, kith_error** error) { return kith_timeline(db, "id:4", nullptr, rows, error); });
  ask([&](kith_rows** rows, kith_error** error) { return kith_search(db, "lead", 0, rows, error); });
  ask([&](kith_rows** rows, kith_error** error) { return kith_check(db, 0, rows, error); });
  if (!writing) return;
  kith_field fields[] = {kith_text("email", "new@example.com"), kith_text("plan", "x")};
  kith_field with[] = {kith_text("tag", "VIP"), kith_text("list", "News")};
  ask([&](kith_rows**, kith_error** error) { return kith_put(db, "lead", fields, 2, with, 2, nullptr, nullptr, error); });
  ask([&](kith_rows**, kith_error** error) { return kith_erase(db, "id:4", nullptr, 0, nullptr, nullptr, error); });
  ask([&](kith_rows**, kith_error** error) { return kith_unmerge(db, 60, nullptr, 0, nullptr, error); });
  ask([&](kith_rows** rows, kith_error** error) { return kith_check(db, 1, rows, error); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input = kith::fuzz::text_of(data, size);
  sound();
  std::string bytes = !input.empty() && input[0] == 'K' ? changed(input.substr(1)) : std::string(input);
  for (bool writing : {false, true}) {
    for (const char* part : {"", "-wal", "-shm", "-journal"}) unlink(place().path(std::string("a.kith") + part).c_str());
    place().write("a.kith", bytes);
    kith_error* error = nullptr;
    kith_db* db = open(writing ? 0 : KITH_OPEN_READ_ONLY, &error);
    if (db == nullptr) {
      answered(kith_error_status(error), error, nullptr);
    } else {
      use(db, writing);
      kith_close(db);
    }
  }
  return 0;
}
