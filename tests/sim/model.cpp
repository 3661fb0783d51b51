#include "sim/model.h"

namespace kith::sim {

Lead* Model::find(const std::string& address) {
  for (auto& [id, lead] : leads) {
    if (lead.email == address || lead.others.count(address) != 0) return &lead;
  }
  return nullptr;
}

Id Model::tag(const std::string& name) const {
  for (const auto& [id, tag] : tags) {
    if (tag.name == name) return id;
  }
  return 0;
}

Id Model::list(const std::string& name) const {
  for (const auto& [id, list] : lists) {
    if (list.name == name) return id;
  }
  return 0;
}

Id Model::category(const std::string& name) const {
  for (const auto& [id, category] : categories) {
    if (category == name) return id;
  }
  return 0;
}

Id Model::field(const std::string& key) const {
  for (const auto& [id, field] : fields) {
    if (field.first == key) return id;
  }
  return 0;
}

State Model::counted(const Lead& lead, Id list, Millis now) const {
  auto place = lead.places.find(list);
  if (place == lead.places.end()) return State::none;
  return place->second.lapses != 0 && place->second.lapses <= now ? place->second.lapses_to
                                                                  : place->second.state;
}

bool Model::is_suppressed(const Lead& lead, bool by_sms) const {
  std::string channel = by_sms ? "sms" : "email";
  auto forbids = [&](const std::string& target, bool only_personal) {
    for (const auto& [what, where, reason] : suppressions) {
      bool personal = reason == "manual" || reason == "complaint" || reason == "erased";
      if (what == target && (where == "all" || where == channel) && (personal || !only_personal)) return true;
    }
    return false;
  };
  if (forbids(lead.email, by_sms) || forbids(lead.email.substr(lead.email.find('@')), by_sms)) return true;
  if (lead.phone && forbids("tel:" + *lead.phone, !by_sms)) return true;
  for (const std::string& other : lead.others) {
    if (forbids(other, true)) return true;
  }
  return false;
}

bool Model::may_not_subscribe(const Lead& lead, const List& list) const {
  if (!is_suppressed(lead, false)) return false;
  return !list.sms || !lead.phone || is_suppressed(lead, true);
}

}  // namespace kith::sim
