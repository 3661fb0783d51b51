// Makes a golden file, and all of its rows as text beside it: kith_golden tests/golden/0001. It sees kith.h only.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>

#include "golden/story.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: kith_golden PATH, without .kith\n");
    return 2;
  }
  std::string path = argv[1];
  if (std::filesystem::exists(path + ".kith")) {
    std::fprintf(stderr, "kith_golden: %s.kith is there: the file of a released schema is never made again; take it away if it is not released\n", path.c_str());
    return 1;
  }
  try {
    kith::test::Story story;
    kith::Database db(path + ".kith", {.clock = [&story] { return story.now; }});
    story.tell(db);
    db.compact();
    std::ofstream(path + ".txt", std::ios::binary) << kith::test::Story::text_of(db);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "kith_golden: %s\n", error.what());
    return 1;
  }
  return 0;
}
