// Zone names: known ones, wrong ones, tricks with paths, a system without zone files.
#include "base/zone.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>

#include "base/checks.h"
#include "base/text.h"
#include "failing.h"

using namespace kith;
using kith::test::failure_of;
using kith::test::said_by;

namespace {

namespace fs = std::filesystem;

// TZDIR for as long as it lives, with two zones and some traps in it.
class ZoneFolder {
 public:
  ZoneFolder() : path_(fs::temp_directory_path() / ("kith_zone_test_" + std::to_string(::getpid()))) {
    if (const char* old = std::getenv("TZDIR")) old_ = old;
    fs::remove_all(path_);
    for (const char* name :
         {"Europe/Stockholm", "Etc/GMT+5", "America/Argentina/Buenos_Aires", "right/Europe/Stockholm",
          "posix/Etc/UTC", "localtime", "posixrules", "Factory", "UTC"}) {
      write(name, "TZif2");
    }
    write("zone.tab", "# text");
    write("Asia/Fake", "TZi");
    ::setenv("TZDIR", path_.c_str(), 1);
  }
  ~ZoneFolder() {
    old_ ? ::setenv("TZDIR", old_->c_str(), 1) : ::unsetenv("TZDIR");
    fs::remove_all(path_);
  }
  ZoneFolder(const ZoneFolder&) = delete;
  ZoneFolder& operator=(const ZoneFolder&) = delete;

  const fs::path& path() const { return path_; }
  void write(const fs::path& name, const char* text) {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name) << text;
  }

 private:
  fs::path path_;
  std::optional<std::string> old_;
};

}  // namespace

TEST_CASE("zones are known by their exact names", "[base][zone]") {
  ZoneFolder folder;
  CHECK(zone_folder() == folder.path());
  for (const char* good : {"UTC", "Europe/Stockholm", "Etc/GMT+5", "America/Argentina/Buenos_Aires"}) {
    CAPTURE(good);
    CHECK(known_zone(good));
  }
  for (const char* bad : {"",
                          "europe/stockholm",
                          "EUROPE/STOCKHOLM",
                          "Europe",
                          "Europe/",
                          "/Europe/Stockholm",
                          "Europe//Stockholm",
                          "Europe/Stockholm/",
                          "Europe/./Stockholm",
                          "../kith_zone_test/Europe/Stockholm",
                          "Europe/../UTC",
                          "zone.tab",
                          "Asia/Fake",
                          "Asia/None",
                          "right/Europe/Stockholm",
                          "posix/Etc/UTC",
                          "localtime",
                          "posixrules",
                          "Factory",
                          "Europe\\Stockholm",
                          "C:Stockholm",
                          "CEST",
                          "+02:00",
                          "utc",
                          "Europe/Stockholm "}) {
    CAPTURE(bad);
    CHECK_FALSE(known_zone(bad));
  }
  CHECK_FALSE(known_zone(folder.path().string() + "/Europe/Stockholm"));
  CHECK_FALSE(known_zone(std::string_view("Europe/Stockholm\0", 17)));
  CHECK_FALSE(known_zone("A/" + std::string(10000, 'a')));
}

TEST_CASE("the names listed are those known", "[base][zone]") {
  ZoneFolder folder;
  CHECK(zone_names() ==
        std::vector<std::string>{"America/Argentina/Buenos_Aires", "Etc/GMT+5", "Europe/Stockholm", "UTC"});
}

TEST_CASE("a wrong zone is told the likely one", "[base][zone]") {
  ZoneFolder folder;
  CHECK(checked_zone(" Europe/Stockholm ", "zone") == "Europe/Stockholm");
  CHECK(said_by([] { checked_zone("europe/stockholm", "zone"); }) ==
        "INVALID zone: \"europe/stockholm\" is no time zone; did you mean \"Europe/Stockholm\"?");
  CHECK(said_by([] {
          checked_zone("Europe/Stokholm", "zone");
        }).ends_with("did you mean \"Europe/Stockholm\"?"));
  CHECK(said_by([] {
          checked_zone("buenos aires", "zone");
        }).ends_with("did you mean \"America/Argentina/Buenos_Aires\"?"));
  CHECK(said_by([] { checked_zone("CEST", "zone"); }) ==
        "INVALID zone: \"CEST\" is no time zone; give an IANA name, as in \"Europe/Stockholm\"");
  CHECK(said_by([] { checked_zone("", "zone"); }) ==
        "INVALID zone: \"\" is no time zone; give an IANA name, as in \"Europe/Stockholm\"");
}

TEST_CASE("the folder of the zones is walked once for all wrong names", "[base][zone]") {
  ZoneFolder folder;
  REQUIRE(likely_zone("stockholm") == "Europe/Stockholm");
  fs::remove_all(folder.path() / "Europe");
  folder.write("Europe/Oslo", "TZif2");
  CHECK(likely_zone("stockholm") == "Europe/Stockholm");
  CHECK(likely_zone("Europe/Stokholm") == "Europe/Stockholm");
  CHECK(likely_zone("oslo").empty());
  // Another folder is another list.
  fs::path other = folder.path() / "America";
  ::setenv("TZDIR", other.c_str(), 1);
  CHECK(likely_zone("buenos aires") == "Argentina/Buenos_Aires");
  ::setenv("TZDIR", folder.path().c_str(), 1);
  CHECK(likely_zone("oslo") == "Europe/Oslo");
  ::setenv("TZDIR", other.c_str(), 1);  // which is what stays remembered: others use the folder of that name
  CHECK(likely_zone("oslo").empty());
}

TEST_CASE("the likely zone is the nearest of all, however few are looked at", "[base][zone]") {
  if (zone_folder().empty()) return;  // a system without tzdata
  std::vector<std::string> names = zone_names();
  std::vector<std::string_view> views(names.begin(), names.end());
  std::mt19937 random(20261124);
  int found = 0;
  for (int round = 0; round < 400; ++round) {
    std::string name = names[random() % names.size()];
    for (auto slips = random() % 6; slips-- > 0 && name.size() > 1;) {
      std::size_t at = random() % (name.size() - 1);
      switch (random() % 5) {
        case 0: name.erase(at, 1); break;
        case 1: name.insert(at, 1, static_cast<char>('a' + random() % 26)); break;
        case 2: name[at] = static_cast<char>('A' + random() % 26); break;
        case 3: std::swap(name[at], name[at + 1]); break;
        default: name.insert(at, "\u00e4"); break;
      }
    }
    std::string likely = likely_zone(name);
    bool by_place = !likely.empty() && fold(likely).ends_with("/" + fold(name));
    INFO(name);
    if (!by_place) CHECK(likely == nearest(name, views));
    found += likely.empty() ? 0 : 1;
  }
  CHECK(found > 200);
  CHECK(likely_zone(std::string(3000, 'a')).empty());
}

TEST_CASE("without zone files only UTC can be used, and that is said", "[base][zone]") {
  ZoneFolder folder;
  ::setenv("TZDIR", (folder.path() / "none").c_str(), 1);
  CHECK(zone_folder() == "");
  CHECK(known_zone("UTC"));
  CHECK(zone_names() == std::vector<std::string>{"UTC"});
  auto failure = failure_of([] { known_zone("Europe/Stockholm"); });
  REQUIRE(failure);
  CHECK(failure->status() == Status::unsupported);
  CHECK_FALSE(known_zone("../etc/passwd"));
}

TEST_CASE("the system's own zones are known", "[base][zone]") {
  ZoneFolder folder;
  ::setenv("TZDIR", "", 1);
  if (zone_folder().empty()) return;  // a system without tzdata
  std::vector<std::string> names = zone_names();
  CHECK(names.size() > 300);
  CHECK(std::all_of(names.begin(), names.end(), [](const std::string& name) { return known_zone(name); }));
  for (const char* name : {"Europe/Stockholm", "Asia/Kolkata", "America/New_York", "Etc/GMT-14"})
    CHECK(known_zone(name));
}
