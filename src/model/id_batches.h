// Ids in the form in which a statement takes many of them at once: Dialect::id_list reads them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "model/lead_set.h"

namespace kith {

inline std::vector<std::int64_t> ids_of(const LeadSet& leads) {
  std::vector<std::int64_t> ids;
  ids.reserve(static_cast<std::size_t>(leads.size()));
  leads.each([&](std::int64_t lead) { ids.push_back(lead); });
  return ids;
}

inline constexpr std::size_t ids_a_statement = 8192;

// `work` gets "[3,5,8]", one batch after the other.
template <class Work>
void in_batches(std::span<const std::int64_t> ids, Work work) {
  std::string text;
  while (!ids.empty()) {
    std::span<const std::int64_t> batch = ids.first(std::min(ids.size(), ids_a_statement));
    ids = ids.subspan(batch.size());
    text = "[";
    for (std::int64_t id : batch) {
      if (text.size() > 1) text += ',';
      append_json_number(text, id);
    }
    text += ']';
    work(std::string_view(text));
  }
}

// The same of a set, in ascending order.
template <class Work>
void in_batches(const LeadSet& leads, Work work) {
  in_batches(std::span<const std::int64_t>(ids_of(leads)), work);
}

}  // namespace kith
