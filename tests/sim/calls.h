// The call of kith.h that a step stands for.
#pragma once

#include <string>

#include "sim/play.h"

namespace kith::sim {

// `model` knows what the handle sees: tokens, notes, merges. `copy`: where a backup goes.
Answer call(kith_db* db, const Step& step, const Model& model, Millis now, const std::string& copy);

}  // namespace kith::sim
