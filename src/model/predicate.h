// Words of the segment language that ask for membership in stored sets: `tag 'VIP'`, `list 'News' pending`. The noun
// that owns the sets declares its word here, so that segment/ need not know it.
#pragma once

#include <string_view>
#include <vector>

#include "model/lead_set.h"
#include "model/operation.h"

namespace kith {

struct Predicate {
  std::string_view word;                 // "tag"
  std::string_view kind;                 // what the name behind it names
  std::vector<std::string_view> states;  // what may follow the name; the first is meant when nothing does
  std::string_view summary;
  LeadSet (*leads)(Operation& op, std::int64_t id, std::size_t state);
  // The same answer's size, where it can be had without the set.
  std::int64_t (*count)(Operation& op, std::int64_t id, std::size_t state);
};

}  // namespace kith
