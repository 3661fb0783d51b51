// A file against the model, through kith.h alone.
#pragma once

#include "kith.h"
#include "sim/model.h"

namespace kith::sim {

// What differs, the first of it; "" when nothing does.
std::string difference(kith_db* db, const Model& model, Millis now);
// What is wrong with the events since `before`: each has a cause that came before it, or none.
std::string wrong_events(kith_db* db, Id before, const Model& model);

}  // namespace kith::sim
