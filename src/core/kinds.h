// Which kinds and predicates there are: one line each.
#pragma once

#include "model/kind.h"

namespace kith {

void register_kinds(Registry& registry);

}  // namespace kith
