// The one table of everything in kith.h that only reads a file, tried on the ground that support/full_file.h makes. The
// changing verbs stand in fault/verbs.h.
#pragma once

#include <span>
#include <string>

#include "kith.h"

namespace kith::test {

// What is asked about; made once, before anything is damaged.
struct Known {
  std::string data_token;
  std::string preferences_token;
  std::string copy;  // where nothing lies
};

struct Reading {
  const char* function;
  // Makes its calls, and answers what is wrong with their answers, "" when nothing is. `n` chooses of what there is to ask.
  std::string (*act)(kith_db* db, const Known& known, unsigned n);
};

std::span<const Reading> readings();

}  // namespace kith::test
