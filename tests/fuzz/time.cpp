// Times and dates: what is read is written, and read again as the same.
#include "base/time.h"

#include "base/checks.h"
#include "fuzz/fuzz.h"

using namespace kith;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = fuzz::text_of(data, size);
  if (std::optional<Millis> time = parse_time(text)) {
    PROMISE(*time >= earliest_time && *time <= latest_time);
    PROMISE(parse_time(format_time(*time)) == time);
  }
  Millis checked = 0;
  if (!fuzz::refused([&] { checked = checked_time(text, "at"); })) PROMISE(parse_time(format_time(checked)) == checked);
  std::string date;
  if (!fuzz::refused([&] { date = checked_date(text, "birth_date"); })) {
    PROMISE(valid_date(date));
    PROMISE(parse_time(date).has_value());
    PROMISE(format_time(*parse_time(date)).substr(0, 10) == date);
  }
  return 0;
}
