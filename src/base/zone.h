// The names of time zones. The one file that knows where this system keeps its zone files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kith {

// An IANA name that this system has a zone file for, in its exact spelling ("Europe/Stockholm"). "UTC"
// is always known. UNSUPPORTED when the system has no zone files at all (TZDIR, /usr/share/zoneinfo).
bool known_zone(std::string_view name);

// Every name for which known_zone answers true, sorted. It walks the folder: for messages and listings.
std::vector<std::string> zone_names();

// What a wrong name was probably meant to be: by its last part ("Stockholm"), or by likeness; "" when nothing is near. Cheap
// enough to be asked for many rows: it remembers the names of the folder as they were at the first call.
std::string likely_zone(std::string_view wanted);

// The folder of the zone files: TZDIR where that is set, else /usr/share/zoneinfo; "" if there is none.
std::string zone_folder();

}  // namespace kith
