// A simulation: one file, several handles on it, a clock and randomness that a seed sets, and the model beside it. After
// every step the file is compared with the model.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "sim/model.h"
#include "sim/step.h"

namespace kith::sim {

struct Ended {
  std::string wrong;                         // "" when the file and the model agreed to the end
  std::size_t step = 0;                      // in which it went wrong
  std::uint64_t answers = 0;                 // everything that was answered, in one number
  std::string bytes;                         // the file afterwards
  std::size_t faults = 0;                    // that made a call fail
  std::array<std::size_t, verbs> done = {};  // steps that succeeded, by verb
};

// `lies`: what steps of this verb do is undone behind their backs, for the test that this is found out.
Ended simulate(const std::vector<Step>& steps, std::optional<Verb> lies = std::nullopt);

// The shortest list that still goes wrong, as far as leaving steps out finds it.
std::vector<Step> shortened(std::vector<Step> steps, std::optional<Verb> lies = std::nullopt);

}  // namespace kith::sim
