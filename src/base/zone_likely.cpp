// The zone that a wrong name probably means. It may be asked for each row of an import, so the folder of the zones is
// walked once, and few names are compared letter by letter.
#include <algorithm>
#include <bit>
#include <cstdint>
#include <memory>
#include <mutex>

#include "base/text.h"
#include "base/zone.h"

namespace kith {
namespace {

constexpr std::size_t most_slips = 4;        // as `nearest` forgives at most
constexpr std::size_t most_name_bytes = 64;  // no zone has a longer name
constexpr std::size_t longest_bytes = most_name_bytes + 4 * most_slips;  // of what may be near to one

struct ZoneName {
  std::string name;
  std::string folded;
  std::uint64_t letters = 0;
};

// Which letters of ASCII are in it; a few share a bit, which makes names look more alike than they are, never less.
std::uint64_t letters_of(std::string_view text) {
  std::uint64_t letters = 0;
  for (char c : text) {
    if ((c & 0x80) == 0) letters |= std::uint64_t{1} << (c & 63);
  }
  return letters;
}

struct ZoneList {
  std::string folder;
  std::vector<ZoneName> names;
};

// A list is made whole before it takes the place of the one before, so whoever holds one may go on with it, and one that
// memory did not suffice for is made at the next call. Another folder (TZDIR) is another list.
std::shared_ptr<const ZoneList> zone_list() {
  static std::mutex mutex;
  static std::shared_ptr<const ZoneList> last;
  std::string folder = zone_folder();
  std::scoped_lock lock(mutex);
  if (last && last->folder == folder) return last;
  auto made = std::make_shared<ZoneList>();
  made->folder = std::move(folder);
  for (std::string& name : zone_names()) {
    std::string folded = fold(name);
    std::uint64_t letters = letters_of(folded);
    made->names.push_back({std::move(name), std::move(folded), letters});
  }
  last = std::move(made);
  return last;
}

}  // namespace

std::string likely_zone(std::string_view wanted) {
  if (wanted.size() > longest_bytes) return {};
  std::shared_ptr<const ZoneList> zones = zone_list();
  std::string mine = fold(wanted);
  std::string place = "/" + mine;
  for (char& c : place) c = c == ' ' ? '_' : c;
  for (const ZoneName& zone : zones->names) {
    if (zone.folded.ends_with(place)) return zone.name;
  }
  // One slip brings or takes one letter: what lacks more letters than there may be slips is not near.
  std::size_t size = code_points(mine);
  std::uint64_t letters = letters_of(mine);
  std::vector<std::string_view> likely;
  for (const ZoneName& zone : zones->names) {
    std::size_t difference = std::max(size, zone.folded.size()) - std::min(size, zone.folded.size());
    auto lacking = static_cast<std::size_t>(std::max(std::popcount(letters & ~zone.letters), std::popcount(zone.letters & ~letters)));
    if (difference <= most_slips && lacking <= most_slips) likely.push_back(zone.name);
  }
  return nearest(wanted, likely);
}

}  // namespace kith
