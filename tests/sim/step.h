// One step of a simulation as plain numbers, so that any list of steps is a simulation, and the lists that seeds make.
// What a number means - which address, which tag - does not depend on what happened before.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace kith::sim {

enum class Verb : std::int32_t {
  put_lead,
  put_many,
  put_batch,
  put_stream,
  put_tag,
  put_list,
  put_category,
  put_field,
  put_note,
  put_address,
  remove_lead,
  remove_tag,
  remove_list,
  remove_category,
  remove_field,
  remove_note,
  remove_address,
  rename_tag,
  rename_list,
  merge,
  unmerge,
  erase,
  suppress,
  unsuppress,
  assign,
  unassign,
  assign_where,
  unassign_where,
  merge_tags,
  subscribe,
  unsubscribe,
  subscribe_where,
  unsubscribe_where,
  report,
  pause,
  resume,
  sms_received,
  token,
  token_revoke,
  confirm,
  unsubscribe_by_token,
  set_preferences,
  record,
  record_many,
  run,
  search,
  backup,
  check,
  compact,
  begin,
  commit,
  rollback,
  close,
};
inline constexpr int verbs = static_cast<int>(Verb::close) + 1;
const char* verb_name(Verb verb);

struct Step {
  Verb verb = Verb::put_lead;
  int handle = 0;
  int a = 0, b = 0, c = 0, d = 0;
  std::int64_t wait = 0;  // ms that pass before it
  std::int64_t ago = 0;   // that it happened before now
  int fails_at = 0;       // which call of the file layer fails; 0: none
  int fault = 0;          // in which way
  bool lasting = false;
};
inline constexpr int handles = 3;

std::vector<Step> steps_of(std::uint64_t seed);
std::string told(const Step& step);

// What the numbers stand for.
inline constexpr int addresses = 9;
std::string address_of(int n);
std::string phone_of(int n);
std::string tag_of(int n);
std::string list_of(int n);
std::string category_of(int n);
std::string field_of(int n);
std::string target_of(int n);  // of a suppression

}  // namespace kith::sim
