// The verbs of the C interface that take `with`, and the extras that each knows: the table that kith_schema hands out. Each
// verb says beside its own work what it takes; a test holds the two against each other.
#pragma once

#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

namespace kith {

struct VerbExtra {
  std::string_view name;
  std::string_view type;  // text, integer, boolean, datetime, or choices with | between
  std::string_view summary;
};

struct Verb {
  std::string_view name;
  std::initializer_list<VerbExtra> extras;
};

std::span<const VerbExtra> extras_of_every_verb();
std::span<const Verb> all_verbs();

}  // namespace kith
