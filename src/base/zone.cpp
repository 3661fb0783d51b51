#include "base/zone.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/failure.h"

namespace kith {
namespace {

namespace fs = std::filesystem;

// Not in the IANA list, or not a place, although a file of that name lies there.
bool is_foreign(std::string_view name) {
  return name == "localtime" || name == "posixrules" || name == "Factory" || name.starts_with("posix/") ||
         name.starts_with("right/");
}

// Parts of letters, digits, '_', '-' and '+', beginning with a letter and joined by '/': no "..", no drive.
bool is_well_formed(std::string_view name) {
  if (name.empty() || name.size() > 64) return false;
  bool start = true;
  for (char c : name) {
    bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    bool more = (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '+';
    if (c == '/' ? start : start ? !letter : !letter && !more) return false;
    start = c == '/';
  }
  return !start;
}

bool is_zone_file(const fs::path& path) {
  std::error_code none;
  if (!fs::is_regular_file(path, none)) return false;
  char magic[4] = {};
  std::ifstream in(path, std::ios::binary);
  return in.read(magic, 4) && std::memcmp(magic, "TZif", 4) == 0;
}

// Some file systems answer to a name in any letter case; its folder says how it is really spelled.
bool is_spelled_so(const fs::path& folder, std::string_view name) {
#if defined(__linux__)
  (void)folder, (void)name;
  return true;
#else
  fs::path at = folder;
  for (const fs::path& part : fs::path(name)) {
    std::error_code none;
    bool found = false;
    for (const fs::directory_entry& entry : fs::directory_iterator(at, none))
      found |= entry.path().filename() == part;
    if (!found) return false;
    at /= part;
  }
  return true;
#endif
}

}  // namespace

std::string zone_folder() {
  std::error_code none;
  const char* given = std::getenv("TZDIR");
  std::string folder = given && *given ? given : "/usr/share/zoneinfo";
  return fs::is_directory(folder, none) ? folder : "";
}

bool known_zone(std::string_view name) {
  if (name == "UTC") return true;
  if (!is_well_formed(name) || is_foreign(name)) return false;
  std::string folder = zone_folder();
  if (folder.empty()) {
    fail(Status::unsupported, "",
         "this system has no time zone files (tzdata in /usr/share/zoneinfo, or TZDIR), so only UTC can be "
         "used");
  }
  return is_zone_file(fs::path(folder) / name) && is_spelled_so(folder, name);
}

std::vector<std::string> zone_names() {
  std::vector<std::string> out{"UTC"};
  std::string folder = zone_folder();
  if (folder.empty()) return out;
  std::error_code none;
  for (auto at = fs::recursive_directory_iterator(folder, none); at != fs::recursive_directory_iterator();
       at.increment(none)) {
    std::string name = at->path().lexically_relative(folder).generic_string();
    if (name == "posix" || name == "right") at.disable_recursion_pending();
    if (name != "UTC" && is_well_formed(name) && !is_foreign(name) && is_zone_file(at->path()))
      out.push_back(name);
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace kith
