// Opening and closing, transactions, errors.
#include "capi/handle.h"

#include <cstddef>
#include <nlohmann/json.hpp>

#include "capi/arguments.h"

namespace kith {

kith_error* no_memory_error() noexcept {
  alignas(kith_error) static unsigned char place[sizeof(kith_error)];
  return reinterpret_cast<kith_error*>(place);
}

kith_status hand_over(const Failure& failure, kith_error** err) noexcept {
  if (err != nullptr) {
    try {
      *err = new kith_error{failure.status(), failure.message(), failure.field(), failure.nearest()};
    } catch (...) {
      *err = no_memory_error();
    }
  }
  return static_cast<kith_status>(failure.status());
}

kith_status report(Status status, const char* message, kith_error** err) noexcept {
  try {
    return hand_over(Failure(status, "", message), err);
  } catch (...) {
    if (err != nullptr) *err = no_memory_error();
    return KITH_NO_MEMORY;
  }
}

kith_status report_unexpected(const std::exception& unexpected, kith_error** err) noexcept {
  if (dynamic_cast<const nlohmann::detail::exception*>(&unexpected) != nullptr) {
    return report(Status::corrupt, "a document in the file is not as Kith wrote it", err);
  }
  return report(Status::internal, unexpected.what(), err);
}

namespace {

constexpr std::size_t first_options = offsetof(kith_options, user) + sizeof(void*);  // the size in the first release

DatabaseSettings settings_of(const char* path, const kith_options* given) {
  DatabaseSettings settings;
  std::uint32_t flags = 0;
  if (given != nullptr) {
    const kith_options copy = copied(given, first_options, "options");
    const kith_options* options = &copy;
    flags = options->flags;
    constexpr std::uint32_t known = KITH_OPEN_READ_ONLY | KITH_OPEN_MEMORY | KITH_OPEN_EXISTING | KITH_OPEN_NORMAL_SYNC;
    if ((flags & ~known) != 0) fail(Status::misuse, "flags", "holds bits that this version does not know");
    if (options->busy_ms < -1) fail(Status::invalid, "busy_ms", "{} is no time to wait; -1 is none, 0 the default", options->busy_ms);
    if (options->busy_ms != 0) settings.file.busy_ms = options->busy_ms == -1 ? 0 : options->busy_ms;
    settings.now = options->now;
    settings.user = options->user;
  }
  settings.file.memory = (flags & KITH_OPEN_MEMORY) != 0;
  settings.file.read_only = (flags & KITH_OPEN_READ_ONLY) != 0;
  settings.file.must_exist = (flags & KITH_OPEN_EXISTING) != 0;
  settings.file.normal_sync = (flags & KITH_OPEN_NORMAL_SYNC) != 0;
  if (settings.file.memory && settings.file.read_only) fail(Status::misuse, "flags", "a file in memory cannot be read-only: there is nothing in it");
  std::string_view name = settings.file.memory ? optional_text(path, "path") : text_argument(path, "path");
  if (!settings.file.memory && name.empty()) fail(Status::invalid, "path", "is empty");
  if (!settings.file.memory && name == ":memory:") fail(Status::invalid, "path", "is SQLite's word for a database in memory: set the flag KITH_OPEN_MEMORY");
  if (!settings.file.memory && name.starts_with("file:")) fail(Status::invalid, "path", "is a path, not a URI");
  settings.file.path = name;
  return settings;
}

}  // namespace
}  // namespace kith

using namespace kith;

const char* kith_status_name(kith_status status) { return status_name(static_cast<Status>(status)); }

kith_status kith_error_status(const kith_error* error) {
  if (error == no_memory_error()) return KITH_NO_MEMORY;
  return error == nullptr ? KITH_OK : static_cast<kith_status>(error->status);
}
const char* kith_error_message(const kith_error* error) {
  if (error == no_memory_error()) return "no memory is left";
  return error == nullptr ? "" : error->message.c_str();
}
const char* kith_error_field(const kith_error* error) {
  return error == nullptr || error == no_memory_error() ? "" : error->field.c_str();
}
const char* kith_error_nearest(const kith_error* error) {
  return error == nullptr || error == no_memory_error() ? "" : error->nearest.c_str();
}
void kith_error_free(kith_error* error) {
  if (error != no_memory_error()) delete error;
}

kith_status kith_open(const char* path, const kith_options* options, kith_db** out, kith_error** err) {
  if (out != nullptr) *out = nullptr;
  return guard(err, [&] {
    need_pointer(out, "out");
    *out = new kith_db{Database(settings_of(path, options))};
  });
}

void kith_close(kith_db* db) {
  if (db != nullptr && !db->database.within_a_call()) delete db;
}

void kith_cancel(kith_db* db) {
  if (db != nullptr) quietly([&] { db->database.cancel(); });
}

kith_status kith_begin(kith_db* db, kith_error** err) {
  return guard(err, [&] {
    need_pointer(db, "db");
    db->database.begin();
  });
}

kith_status kith_commit(kith_db* db, kith_error** err) {
  return guard(err, [&] {
    need_pointer(db, "db");
    db->database.commit();
  });
}

void kith_rollback(kith_db* db) {
  if (db != nullptr) quietly([&] { db->database.rollback(); });
}
