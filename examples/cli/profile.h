// The profile of a lead: fields that are set, tags, lists, notes and the latest events on one page.
#pragma once

#include <string>

#include "session.h"

namespace kith_cli {

int show_profile(Session& session, const std::string& lead, int64_t events);

}  // namespace kith_cli
