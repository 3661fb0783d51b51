// A set of leads as texts for Dialect::id_list, so that one statement speaks of many leads at once.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "model/lead_set.h"

namespace kith {

inline constexpr std::int64_t ids_a_list = 65536;

// Calls `work` with "[3,5,8]" and so on, in ascending order, `most` ids a text.
template <class Work>
void each_id_list(const LeadSet& leads, std::int64_t most, Work work) {
  std::string ids = "[";
  std::int64_t count = 0;
  auto hand_over = [&] {
    ids += ']';
    work(std::string_view(ids));
    ids = "[";
    count = 0;
  };
  leads.each([&](std::int64_t lead) {
    if (count > 0) ids += ',';
    append_json_number(ids, lead);
    if (++count == most) hand_over();
  });
  if (count > 0) hand_over();
}

template <class Work>
void each_id_list(const LeadSet& leads, Work work) {
  each_id_list(leads, ids_a_list, work);
}

}  // namespace kith
