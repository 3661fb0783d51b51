// Notes on leads: text that people keep about somebody, with who wrote it and when.
#pragma once

#include <memory>

#include "model/kind.h"

namespace kith {

std::unique_ptr<Kind> make_note_kind();

}  // namespace kith
