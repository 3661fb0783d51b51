#include "fault/stage.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "support/full_file.h"
#include "support/raw.h"

namespace kith::test {

namespace {

char trying[256] = "";

std::int64_t clock_of_stage(void*) { return stage_clock; }

const kith_options& stage_options(bool sync_normally = false) {
  static const kith_options options[2] = {
      {sizeof(kith_options), 0, -1, clock_of_stage, nullptr},
      {sizeof(kith_options), KITH_OPEN_NORMAL_SYNC, -1, clock_of_stage, nullptr},
  };
  return options[sync_normally ? 1 : 0];
}

class Hash {
 public:
  void add(const void* data, std::size_t size) {
    const auto* bytes = static_cast<const unsigned char*>(data);
    for (std::size_t i = 0; i < size; ++i) value_ = (value_ ^ bytes[i]) * 0x100000001B3U;
  }
  void add(const char* text) { add(text, std::strlen(text) + 1); }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xCBF29CE484222325U;
};

constexpr std::uint64_t unreadable = 1;

bool hash_table(sqlite3* db, const std::string& name, Hash& hash) {
  std::string text = "SELECT * FROM \"" + name + "\"";
  if (name == "lead_search") text = "SELECT rowid, words FROM lead_search ORDER BY rowid";
  if (name == "setting")
    text =
        "SELECT name, CASE name WHEN 'file_id' THEN length(value) ELSE value END FROM setting WHERE name <> "
        "'erase_pending'";
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(db, text.c_str(), -1, &statement, nullptr) != SQLITE_OK) return false;
  hash.add(name.c_str());
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
    for (int column = 0; column < sqlite3_column_count(statement); ++column) {
      bool secret = name == "token" && std::strcmp(sqlite3_column_name(statement, column), "hash") == 0;
      const void* bytes = sqlite3_column_blob(statement, column);
      int size = sqlite3_column_bytes(statement, column);
      int type = sqlite3_column_type(statement, column);
      hash.add(&type, sizeof type);
      hash.add(&size, sizeof size);
      if (size > 0 && !secret) hash.add(bytes, static_cast<std::size_t>(size));
    }
  }
  sqlite3_finalize(statement);
  return code == SQLITE_DONE;
}

// The file that all scenes begin with: a row in every table.
const std::string& first_bytes() {
  static const std::string bytes = [] {
    Folder folder;
    stage_clock = stage_start;
    kith_db* db = nullptr;
    OK(kith_open((folder / "a.kith").c_str(), &stage_options(), &db, err));
    fill_every_table(db);
    kith_close(db);
    return bytes_of(folder / "a.kith");
  }();
  return bytes;
}

}  // namespace

std::uint64_t rows_of_file(const std::string& path) {
  struct stat facts = {};
  if (stat(path.c_str(), &facts) != 0 || facts.st_size == 0) {
    if (stat((path + "-wal").c_str(), &facts) != 0) return 0;
  }
  sqlite3* db = nullptr;
  Hash hash;
  bool fine = sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READWRITE, "unix") == SQLITE_OK;
  std::vector<std::string> tables;
  sqlite3_stmt* statement = nullptr;
  fine = fine && sqlite3_prepare_v2(db,
                                    "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' AND "
                                    "name NOT LIKE 'lead_search_%' "
                                    "ORDER BY name",
                                    -1, &statement, nullptr) == SQLITE_OK;
  int code = SQLITE_ERROR;
  while (fine && (code = sqlite3_step(statement)) == SQLITE_ROW) {
    hash.add(reinterpret_cast<const char*>(sqlite3_column_text(statement, 1)));
    std::string text = reinterpret_cast<const char*>(sqlite3_column_text(statement, 1));
    if (text.rfind("CREATE TABLE", 0) == 0 || text.rfind("CREATE VIRTUAL", 0) == 0) {
      tables.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)));
    }
  }
  fine = fine && code == SQLITE_DONE;
  sqlite3_finalize(statement);
  for (const std::string& table : tables) fine = fine && hash_table(db, table, hash);
  sqlite3_close(db);
  if (!fine) return unreadable;
  return tables.empty() ? 0 : hash.value();
}

bool Scene::knows(std::uint64_t rows) const {
  return std::find(states.begin(), states.end(), rows) != states.end();
}

Stage::Stage() { first_bytes(); }

void Stage::clear() {
  for (const char* name : {"a.kith", "copy.kith"}) {
    for (const char* part : {"", "-wal", "-shm", "-journal"})
      unlink((folder_ / (std::string(name) + part)).c_str());
  }
}

void Stage::set(const Scene& scene) {
  clear();
  stage_clock = stage_start;
  if (scene.verb->fresh) return;
  int file = ::open(path().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  bool fine = write(file, scene.bytes.data(), scene.bytes.size()) == static_cast<ssize_t>(scene.bytes.size());
  close(file);
  if (!fine) throw std::runtime_error("no space for a test");
}

Stage::Opened Stage::try_open() {
  stage_clock = stage_start;
  Opened opened;
  opened.db = reinterpret_cast<kith_db*>(1);  // which a failure must not leave
  opened.status = kith_open(path().c_str(), &stage_options(sync_normally_), &opened.db, &opened.error);
  return opened;
}

kith_db* Stage::open() {
  Opened opened = try_open();
  kith_error_free(opened.error);
  return opened.db;
}

Stage::Played Stage::play(const Scene& scene, kith_db* db, kith_error** error_out) {
  Answers out;
  kith_error* error = nullptr;
  Turn turn = {db,   path_.c_str(), copy_path_.c_str(), &stage_options(sync_normally_), &scene.prepared, 1,
               &out, &error};
  Played played;
  played.status = scene.verb->act(turn);
  if (error_out != nullptr) {  // not a word about it now: there may be no memory to say it with
    *error_out = error;
  } else {
    played.message = kith_error_message(error);
    kith_error_free(error);
  }
  played.outputs_clear = played.status == KITH_OK || out.are_clear();
  if (played.status == KITH_OK) out.release();
  stage_clock = stage_start;
  return played;
}

std::string Stage::examine(const Scene& scene, kith_db* db) {
  kith_rows* rows = nullptr;
  kith_error* error = nullptr;
  if (kith_check(db, 0, &rows, &error) != KITH_OK) return "check fails: " + said(error);
  std::vector<std::string> faults = texts_of(rows);
  if (!faults.empty() && !scene.verb->unsound) return "check finds " + faults.front();
  if (kith_begin(db, &error) != KITH_OK) return "begin fails: " + said(error);
  kith_field field = kith_text("email", "probe@example.com");
  if (kith_put(db, "lead", &field, 1, nullptr, 0, nullptr, nullptr, &error) != KITH_OK)
    return "put fails: " + said(error);
  kith_rollback(db);
  return "";
}

std::vector<Scene> Stage::all_scenes() {
  std::vector<Scene> scenes;
  for (const Verb& verb : changing_verbs()) {
    Scene scene;
    scene.verb = &verb;
    scene.bytes = first_bytes();
    set(scene);
    if (verb.prepare != nullptr) {
      kith_db* db = open();
      verb.prepare(db, scene.prepared);
      kith_close(db);
    }
    if (verb.raw != nullptr) Raw(path()).run(verb.raw);
    scene.bytes = verb.fresh ? "" : bytes_of(path());
    set(scene);
    scene.states.push_back(rows_of_file(path()));
    // A run that does less of what is due stops between its transactions.
    for (std::int64_t limit = 1; verb.steps > 1 && limit < 40; ++limit) {
      set(scene);
      kith_db* db = open();
      stage_clock = stage_start + std::int64_t{60} * 86'400'000;
      kith_run(db, limit, nullptr, nullptr, nullptr);
      kith_close(db);
      if (std::uint64_t rows = rows_of_file(path()); !scene.knows(rows)) scene.states.push_back(rows);
    }
    set(scene);
    kith_db* db = verb.opens ? nullptr : open();
    Played played = play(scene, db);
    INFO(scene.name());
    CHECK(played.message == "");
    REQUIRE(played.status == KITH_OK);
    if (db != nullptr) {
      Scene sound = scene;
      Verb plain = verb;
      plain.unsound = false;
      sound.verb = &plain;
      CHECK(examine(sound, db) == "");
    }
    kith_close(db);
    scene.states.push_back(rows_of_file(path()));
    CHECK(scene.states.back() > 1);
    bool changes = scene.states.front() != scene.states.back();
    std::string function = verb.function;
    bool may_stay = function == "kith_backup" || function == "kith_compact" || function == "kith_rollback" ||
                    (verb.opens && !verb.fresh);
    CHECK((changes || may_stay));
    scenes.push_back(std::move(scene));
  }
  clear();
  return scenes;
}

std::size_t sampled(std::size_t i, std::size_t tried, std::size_t all) {
  return tried >= all ? i : i * all / tried;
}

bool now_trying(const std::string& what) {
  static const char* wanted = std::getenv("KITH_FAULT_POINT");
  std::snprintf(trying, sizeof trying, "%s\n", what.c_str());
  return wanted == nullptr || what == wanted;
}
const char* tried_last() { return trying; }

}  // namespace kith::test
