// Durations: what is read lies within what there is, is written, and read again as the same.
#include "base/checks.h"
#include "base/time.h"
#include "fuzz/fuzz.h"

using namespace kith;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = fuzz::text_of(data, size);
  if (std::optional<Millis> duration = parse_duration(text)) {
    PROMISE(*duration >= 0 && *duration <= longest_duration);
    PROMISE(parse_duration(format_duration(*duration)) == duration);
  }
  Millis checked = 0;
  if (!fuzz::refused([&] { checked = checked_duration(text, "wait"); })) PROMISE(parse_duration(format_duration(checked)) == checked);
  return 0;
}
