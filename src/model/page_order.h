// The order of a page: what it is sorted by, where it begins, and how the file is read for that, so that an index has
// the rows in this order already. Knows nothing of columns and conditions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/kind.h"
#include "model/parameters.h"

namespace kith {

struct SortKey {
  const Field* field;
  bool descending;
};

// "-created, email"; "": the kind's own order. The id ends every one. Fails with INVALID for a field that no index serves.
std::vector<SortKey> sort_keys(const Kind& kind, std::string_view text);

// The last row of the page before, by the values of its keys.
class PagePlace {
 public:
  PagePlace(std::string_view token, const std::vector<SortKey>& keys);
  const Value& value(std::size_t key) const { return values_[key]; }

 private:
  std::vector<Value> values_;
  std::vector<std::string> kept_;
};

// What one statement reads: `condition` may be empty.
struct PagePart {
  SqlText condition;
  SqlText order;
};

// The statements, in this order, whose rows together are the page: where the first key can be NULL, those without it are
// read for themselves, since no index range holds them and the others.
std::vector<PagePart> page_parts(const std::vector<SortKey>& keys, const std::vector<SqlText>& columns, const std::optional<PagePlace>& place,
                                 Parameters& parameters);

// Names with commas between; `what` is for the sentence of a failure.
std::vector<std::string_view> split_names(std::string_view text, std::string_view what);

}  // namespace kith
