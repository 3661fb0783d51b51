// Files that were damaged or forged: opened for writing and for reading only, and everything called. Whatever is in the
// file, a call answers or says what is wrong; it does not crash, go on for ever, print or leak.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <random>
#include <set>

#include "fault/verbs.h"
#include "hostile/damage.h"
#include "hostile/guard.h"
#include "hostile/readings.h"
#include "sqlite3.h"
#include "support/budget.h"
#include "support/paths.h"

using namespace kith::test;

namespace {

class Trial {
 public:
  explicit Trial(Ground& ground) : ground_(ground) {}

  // "" or what is wrong, with the call.
  std::string of(unsigned number, const Damaged& damaged) {
    std::string fault;
    for (bool read_only : {true, false}) {
      for (const char* part : {"-wal", "-shm", "-journal"}) std::filesystem::remove(path_ + part);
      write_bytes(path_, damaged.file);
      if (!damaged.log.empty()) write_bytes(path_ + "-wal", damaged.log);
      std::int64_t memory = sqlite3_memory_used();
      kith_db* db = open(read_only, fault);
      if (db != nullptr) {
        read(db, number, fault);
        if (!read_only) write(db, number, fault);
        if (!read_only) kith_rollback(db);
        kith_close(db);
      }
      if (fault.empty() && sqlite3_memory_used() != memory) fault = "memory of SQLite is left";
      if (!fault.empty()) return (read_only ? "reading only, " : "") + fault;
    }
    return "";
  }
  int opened() const { return opened_; }
  const std::map<kith_status, int>& refused() const { return refused_; }

 private:
  kith_db* open(bool read_only, std::string& fault) {
    kith_options options = {};
    options.size = sizeof options;
    options.flags = read_only ? KITH_OPEN_READ_ONLY : KITH_OPEN_NORMAL_SYNC;
    options.now = Ground::clock;
    options.busy_ms = -1;
    kith_db* db = nullptr;
    kith_error* error = nullptr;
    begin_steps();
    kith_status status = kith_open(path_.c_str(), &options, &db, &error);
    if ((db != nullptr) != (status == KITH_OK)) fault = "kith_open: a handle and a status that do not fit";
    if (std::string wrong = fault_of(status, error); !wrong.empty()) fault = "kith_open " + wrong;
    if (db != nullptr) ++opened_;
    if (db == nullptr) ++refused_[status];
    return db;
  }

  void read(kith_db* db, unsigned number, std::string& fault) {
    std::mt19937 random(number);
    for (const Reading& reading : readings()) {
      std::filesystem::remove(ground_.known().copy);
      std::string wrong = reading.act(db, ground_.known(), static_cast<unsigned>(random()));
      if (!wrong.empty() && fault.empty()) fault = std::string(reading.function) + ": " + wrong;
    }
  }

  void write(kith_db* db, unsigned number, std::string& fault) {
    std::mt19937 random(number);
    auto verbs = changing_verbs();
    Prepared prepared;
    prepared.event = 1 + static_cast<std::int64_t>(random() % 80);
    std::snprintf(prepared.token, sizeof prepared.token, "%s", random() % 2 == 0 ? ground_.known().data_token.c_str() : ground_.known().preferences_token.c_str());
    for (int i = 0; i < 8; ++i) {
      const Verb& verb = verbs[i == 3 ? repair() : random() % verbs.size()];
      if (verb.opens || std::string(verb.function) == "kith_backup") continue;
      begin_steps();
      stage_clock = Ground::clock(nullptr);
      Answers out;
      kith_error* error = nullptr;
      Turn turn = {db, path_.c_str(), nullptr, nullptr, &prepared, static_cast<int>(number), &out, &error};
      kith_status status = verb.act(turn);
      std::string wrong = fault_of(status, error);
      if (status != KITH_OK && !out.are_clear()) wrong = "fails and answers";
      if (status == KITH_OK) out.release();
      if (!wrong.empty() && fault.empty()) fault = std::string(verb.function) + ", " + verb.line + ": " + wrong;
    }
  }

  static std::size_t repair() {
    auto verbs = changing_verbs();
    for (std::size_t i = 0; i < verbs.size(); ++i) {
      if (std::string(verbs[i].function) == "kith_check") return i;
    }
    return 0;
  }

  Ground& ground_;
  Folder folder_;
  std::string path_ = folder_ / "a.kith";
  int opened_ = 0;
  std::map<kith_status, int> refused_;
};

// Every how-manieth of the files is tried here, so that several tests share the work.
void try_files(unsigned share, unsigned shares) {
  Ground ground;
  Trial trial(ground);
  REQUIRE(trial.of(0, {"nothing", ground.sound(), ""}) == "");
  int descriptors = open_descriptors();
  auto files = static_cast<unsigned>(budget(5000, 1'000'000));
  std::vector<std::string> wrong;
  begin_silence();
  for (unsigned number = share; number < files && wrong.size() < 40; number += shares) {
    if (!now_trying("file " + std::to_string(number))) continue;
    Damaged damaged = ground.damaged(number);
    now_trying("file " + std::to_string(number) + ": " + damaged.how);
    std::string fault = trial.of(number, damaged);
    if (!fault.empty()) wrong.push_back("file " + std::to_string(number) + ", " + damaged.how + ": " + fault);
  }
  end_steps();
  std::string printed = end_silence();
  CHECK(printed == "");
  for (const std::string& said : wrong) FAIL_CHECK(said);
  CHECK(open_descriptors() == descriptors);
  std::printf("%u damaged files: %d times opened; refused", files / shares, trial.opened());
  for (const auto& [status, times] : trial.refused()) std::printf(", %d %s", times, kith_status_name(status));
  std::printf("\n");
}

}  // namespace

TEST_CASE("everything that reads or changes a file is called on damaged ones", "[corrupt]") {
  std::map<std::string, int> called;
  for (const Reading& reading : readings()) ++called[reading.function];
  for (const Verb& verb : changing_verbs()) ++called[verb.function];
  auto interface = nlohmann::json::parse(bytes_of(path("../bindings/kith.json")));
  for (const auto& function : interface.at("functions")) {
    std::string name = function.at("name");
    bool of_a_file = function.at("returns").at("role") == "status" && name.rfind("kith_csv_", 0) != 0 && name.rfind("kith_rows_", 0) != 0;
    INFO(name);
    if (of_a_file && name != "kith_error_status") CHECK(called.count(name) == 1);
  }
}

TEST_CASE("damaged files: the first quarter", "[corrupt]") { try_files(0, 4); }
TEST_CASE("damaged files: the second quarter", "[corrupt]") { try_files(1, 4); }
TEST_CASE("damaged files: the third quarter", "[corrupt]") { try_files(2, 4); }
TEST_CASE("damaged files: the last quarter", "[corrupt]") { try_files(3, 4); }
