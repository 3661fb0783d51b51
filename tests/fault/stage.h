// Where acts are put to the test: a file for each line of the table, ready for its act; what its rows are before and
// after; and how much of it all to try.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fault/verbs.h"
#include "support/budget.h"
#include "support/folder.h"

namespace kith::test {

// All rows of all tables in one number, but for what is different in every run (secrets) or says that something is
// still to be cleared away. 0: there is no file, or nothing in it. 1: it cannot be read.
std::uint64_t rows_of_file(const std::string& path);

struct Scene {
  const Verb* verb = nullptr;
  Prepared prepared;
  std::string bytes;                  // the file before the act
  std::vector<std::uint64_t> states;  // its rows before, after each transaction of the act, and at the end
  int points = 0;                     // for the test that counts them

  std::string name() const { return std::string(verb->function) + ", " + verb->line; }
  bool knows(std::uint64_t rows) const;
};

class Stage {
 public:
  Stage();
  const std::string& path() const { return path_; }
  const std::string& copy_path() const { return copy_path_; }

  std::vector<Scene> all_scenes();
  // The file as the scene has it, and nothing beside it.
  void set(const Scene& scene);
  void clear();
  // Handles from now on are opened with KITH_OPEN_NORMAL_SYNC, or without.
  void sync_normally(bool normal) { sync_normally_ = normal; }

  // One act, on a handle that is opened for it and that `arm` may find armed or arm itself.
  struct Played {
    kith_status status = KITH_OK;
    bool outputs_clear = true;
    std::string message;
  };
  kith_db* open();
  struct Opened {
    kith_status status = KITH_OK;
    kith_db* db = nullptr;
    kith_error* error = nullptr;  // whoever asked releases it
  };
  Opened try_open();
  Played play(const Scene& scene, kith_db* db, kith_error** error_out = nullptr);
  // What is wrong with a handle after an act: "" when the file is sound and can be written.
  std::string examine(const Scene& scene, kith_db* db);

 private:
  Folder folder_;
  std::string path_ = folder_ / "a.kith";  // kept, for in the middle of an act there may be no memory
  std::string copy_path_ = folder_ / "copy.kith";
  bool sync_normally_ = false;
};

// Which of `all` points to try so that there are no more than `most`: the i-th.
std::size_t sampled(std::size_t i, std::size_t tried, std::size_t all);

// Remembers what is being tried, for the last words should the process end. False: KITH_FAULT_POINT, which holds such
// words, asks for another one.
bool now_trying(const std::string& what);

}  // namespace kith::test
