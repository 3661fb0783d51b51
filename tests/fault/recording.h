// What a run asked of the disk, beside what it was told: from both follows what may be found on a disk that lost its
// power at any of the calls.
#pragma once

#include "fault/disk.h"
#include "fault/story.h"

namespace kith::test {

struct Recording {
  std::string name;
  const Scene* scene = nullptr;
  bool lasts = true;  // what was acknowledged must be there: not with KITH_OPEN_NORMAL_SYNC
  Files before;
  std::vector<DiskCall> calls;
  std::vector<std::uint64_t> states;  // of the rows, in their order
  struct Acknowledged {
    std::size_t calls;  // that had been made by then
    std::size_t state;
  };
  std::vector<Acknowledged> acknowledged;  // the first: what lay there before
  std::string file_id;                     // of a file that the run made

  // The states that may be found after so many calls: the first and the last.
  std::pair<std::size_t, std::size_t> possible(std::size_t calls_made) const;
};

// One act of the table on a file that is opened for it and closed after it.
Recording record_scene(Stage& stage, const Scene& scene, bool sync_normally);
// Many acts on one file, with runs between them that fold the log into it.
Recording record_story(Stage& stage, const Ground& ground, unsigned seed, int length, bool sync_normally);
// Opening and closing what a disk held after such a loss.
Recording record_opening(Stage& stage, const Recording& of, const Files& image);

// The files as an image has them; at times with what the system left of the shared memory, which means nothing.
void lay(Stage& stage, const Files& image, std::mt19937_64& random);
// What is wrong with a file that was found after so many calls; "" when nothing is. It is opened for that.
std::string wrong_with(Stage& stage, const Recording& recording, std::size_t calls_made);

}  // namespace kith::test
