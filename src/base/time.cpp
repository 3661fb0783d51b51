#include "base/time.h"

#include <chrono>

#include "base/failure.h"

namespace kith {
namespace {

// Reads text from the left; what does not fit leaves it where it was.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}
  bool done() const { return rest_.empty(); }
  bool is_digit() const { return !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; }

  bool take(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool take_one_of(std::string_view any, char* taken = nullptr) {
    if (rest_.empty() || any.find(rest_[0]) == any.npos) return false;
    if (taken) *taken = rest_[0];
    rest_.remove_prefix(1);
    return true;
  }

  // Exactly `digits` digits.
  bool number(int digits, int& out) {
    int value = 0;
    if (rest_.size() < static_cast<std::size_t>(digits)) return false;
    for (int i = 0; i < digits; ++i) {
      char c = rest_[static_cast<std::size_t>(i)];
      if (c < '0' || c > '9') return false;
      value = 10 * value + (c - '0');
    }
    rest_.remove_prefix(static_cast<std::size_t>(digits));
    out = value;
    return true;
  }

  // Any digits behind a decimal point, cut to thousandths.
  bool thousandths(int& out) {
    if (!is_digit()) return false;
    int value = 0, weight = 100;
    for (; is_digit(); rest_.remove_prefix(1), weight /= 10) value += weight * (rest_[0] - '0');
    out = value;
    return true;
  }

 private:
  std::string_view rest_;
};

std::optional<std::int64_t> read_day(Reader& in) {
  int year = 0, month = 0, day = 0;
  if (!in.number(4, year) || !in.take('-') || !in.number(2, month) || !in.take('-') || !in.number(2, day))
    return {};
  std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                   std::chrono::day(static_cast<unsigned>(day))};
  if (year < 1 || !date.ok()) return {};
  return std::chrono::sys_days(date).time_since_epoch().count();
}

// "Z", "+02:00", "+0200" or "+02", in minutes.
bool read_offset(Reader& in, int& minutes) {
  char sign = '+';
  int hour = 0, minute = 0;
  minutes = 0;
  if (in.take_one_of("Zz")) return true;
  if (!in.take_one_of("+-", &sign) || !in.number(2, hour)) return false;
  if (in.take(':')) {
    if (!in.number(2, minute)) return false;
  } else if (in.is_digit() && !in.number(2, minute)) {
    return false;
  }
  minutes = (hour * 60 + minute) * (sign == '-' ? -1 : 1);
  return hour < 24 && minute < 60;
}

void append_digits(std::string& out, unsigned value, int digits) {
  char text[4];
  for (int i = digits; i-- > 0; value /= 10) text[i] = static_cast<char>('0' + value % 10);
  out.append(text, static_cast<std::size_t>(digits));
}

}  // namespace

Millis system_now() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::optional<Millis> parse_time(std::string_view text) noexcept {
  Reader in(text);
  std::optional<std::int64_t> day = read_day(in);
  if (!day) return {};
  if (in.done()) return *day * one_day;
  int hour = 0, minute = 0, second = 0, milli = 0, offset = 0;
  if (!in.take_one_of("Tt ") || !in.number(2, hour) || !in.take(':') || !in.number(2, minute)) return {};
  if (in.take(':')) {
    if (!in.number(2, second)) return {};
    if (in.take('.') && !in.thousandths(milli)) return {};
  }
  if (!read_offset(in, offset) || !in.done()) return {};
  if (hour > 23 || minute > 59 || second > 60) return {};
  Millis time =
      *day * one_day + hour * one_hour + (minute - offset) * one_minute + second * one_second + milli;
  // A leap second ends a day in UTC, and is counted as the first second of the next.
  if (second == 60 && (time - milli) % one_day != 0) return {};
  if (time < earliest_time || time > latest_time) return {};
  return time;
}

std::string format_time(Millis time) {
  if (time < earliest_time || time > latest_time) {
    fail(Status::invalid, "", "the time {} is outside the years 1 to 9999 (milliseconds since 1970)", time);
  }
  using namespace std::chrono;
  sys_days day = floor<days>(sys_time<milliseconds>(milliseconds(time)));
  year_month_day date(day);
  auto rest = static_cast<unsigned>(time - Millis{day.time_since_epoch().count()} * one_day);
  std::string out;
  out.reserve(24);
  append_digits(out, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  append_digits(out += '-', static_cast<unsigned>(date.month()), 2);
  append_digits(out += '-', static_cast<unsigned>(date.day()), 2);
  append_digits(out += 'T', rest / 3600000, 2);
  append_digits(out += ':', rest / 60000 % 60, 2);
  append_digits(out += ':', rest / 1000 % 60, 2);
  if (rest % 1000 != 0) append_digits(out += '.', rest % 1000, 3);
  return out += 'Z';
}

bool valid_date(std::string_view text) noexcept {
  Reader in(text);
  return read_day(in).has_value() && in.done();
}

}  // namespace kith
