// A lead's other e-mail addresses: each finds the lead, and none is another's. The primary one is a field of the lead;
// putting that field to one of these changes places with it.
#pragma once

#include <memory>

#include "model/kind.h"

namespace kith {

std::unique_ptr<Kind> make_address_kind();

}  // namespace kith
