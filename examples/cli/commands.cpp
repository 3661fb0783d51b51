// The topics of the command line, in the order of the help.
#include <algorithm>

#include "command.h"

namespace kith_cli {

std::span<const Topic> topics() {
  static const Topic all[] = {
      {"The file", file_commands()},
      {"Things: leads, tags, lists, notes and all other kinds", thing_commands()},
      {"Leads", lead_commands()},
      {"Privacy", person_commands()},
      {"Tags", tag_commands()},
      {"Lists and consent", list_commands()},
      {"Sending", sending_commands()},
      {"Tokens and preferences", token_commands()},
      {"The log", log_commands()},
      {"Files of leads", import_commands()},
      {"The shell", shell_commands()},
  };
  return all;
}

const char* group_summary(std::string_view group) {
  if (group == "tag") return "Assign, remove and merge tags";
  if (group == "list") return "Put leads on lists and take them off";
  return "";
}

}  // namespace kith_cli
