#include "model/extras.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/checks.h"
#include "base/failure.h"
#include "base/text.h"

namespace kith {

std::string_view text_value(const Value& value, std::string_view field) {
  if (value.type == SqlType::text) return value.text;
  if (value.is_null()) fail(Status::invalid, field, "is empty; it must be text");
  fail(Status::invalid, field, "is a number; it must be text");
}

std::int64_t integer_value(const Value& value, std::string_view field) {
  if (value.type == SqlType::integer) return value.integer;
  if (value.type == SqlType::real) {
    if (std::nearbyint(value.real) == value.real && std::abs(value.real) <= 9007199254740992.0) {
      return static_cast<std::int64_t>(value.real);
    }
    fail(Status::invalid, field, "{} is no whole number", value.real);
  }
  if (value.is_null()) fail(Status::invalid, field, "is empty; it must be a whole number");
  std::string_view text = trimmed(value.text);
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  std::int64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc::result_out_of_range) fail(Status::invalid, field, "{} is too large a number", shown(value.text));
  if (error != std::errc() || end != text.data() + text.size()) {
    fail(Status::invalid, field, "{} is no whole number", shown(value.text));
  }
  return number;
}

double real_value(const Value& value, std::string_view field) {
  if (value.type == SqlType::integer) return static_cast<double>(value.integer);
  if (value.type == SqlType::real) {
    if (!std::isfinite(value.real)) fail(Status::invalid, field, "must be a finite number");
    return value.real;
  }
  if (value.is_null()) fail(Status::invalid, field, "is empty; it must be a number");
  std::string_view text = trimmed(value.text);
  double number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) {
    fail(Status::invalid, field, "{} is no number", shown(value.text));
  }
  return number;
}

bool boolean_value(const Value& value, std::string_view field) {
  if (value.type == SqlType::integer && (value.integer == 0 || value.integer == 1)) return value.integer == 1;
  if (value.type == SqlType::text) {
    std::string text = fold(value.text);
    for (std::string_view yes : {"1", "true", "yes", "on"}) {
      if (text == yes) return true;
    }
    for (std::string_view no : {"0", "false", "no", "off"}) {
      if (text == no) return false;
    }
    fail(Status::invalid, field, "{} is neither true nor false: write 1 or 0, true or false, yes or no", shown(value.text));
  }
  fail(Status::invalid, field, "must be 1 or 0");
}

Millis time_value(const Value& value, std::string_view field) {
  if (value.type == SqlType::text) return checked_time(value.text, field);
  std::int64_t time = integer_value(value, field);
  if (time < earliest_time || time > latest_time) {
    fail(Status::invalid, field, "{} lies outside the years 1 to 9999; times are milliseconds since 1970", time);
  }
  return time;
}

Extras::Extras(std::span<const Given> given, std::initializer_list<std::string_view> own, Millis now) {
  for (const Given& extra : given) {
    if (extra.name == "by") {
      act_.by = trimmed(text_value(extra.value, "by"));
      if (code_points(act_.by) > 255) fail(Status::limit, "by", "has more than 255 characters");
    } else if (extra.name == "ip") {
      act_.ip = checked_ip(text_value(extra.value, "ip"), "ip");
    } else if (extra.name == "at") {
      act_.at = time_value(extra.value, "at");
      if (act_.at == 0) fail(Status::invalid, "at", "is 0, 1970-01-01T00:00:00Z, as a time is that nobody set: leave it out for now");
      if (act_.at > now + 1000) fail(Status::invalid, "at", "{} has not come yet", format_time(act_.at));
    } else if (extra.name == "key") {
      act_.key = text_value(extra.value, "key");
      if (act_.key.empty() || act_.key.size() > 255) fail(Status::limit, "key", "must have 1 to 255 bytes");
    } else if (extra.name == "cause") {
      act_.cause = integer_value(extra.value, "cause");
      if (act_.cause <= 0) fail(Status::invalid, "cause", "{} is no event's id", act_.cause);
    } else if (std::find(own.begin(), own.end(), extra.name) != own.end()) {
      own_.push_back(extra);
    } else {
      std::vector<std::string_view> known = {"by", "ip", "at", "key", "cause"};
      known.insert(known.end(), own.begin(), own.end());
      fail_unknown(extra.name, known);
    }
  }
}

Extras Extras::of_reading(std::span<const Given> given, std::initializer_list<std::string_view> own) {
  Extras extras;
  for (const Given& extra : given) {
    if (std::find(own.begin(), own.end(), extra.name) == own.end()) fail_unknown(extra.name, own);
    extras.own_.push_back(extra);
  }
  return extras;
}

void Extras::fail_unknown(std::string_view name, const std::vector<std::string_view>& known) {
  std::string near = nearest(name, known);
  Failure failure(Status::invalid, name, fmt::format("is no extra of this verb{}", near.empty() ? "" : "; did you mean \"" + near + "\"?"));
  throw failure.near(near);
}

const Value* Extras::find(std::string_view name) const {
  for (auto given = own_.rbegin(); given != own_.rend(); ++given) {
    if (given->name == name) return &given->value;
  }
  return nullptr;
}

std::string_view Extras::text(std::string_view name, std::string_view otherwise) const {
  const Value* value = find(name);
  return value == nullptr || value->is_null() ? otherwise : text_value(*value, name);
}

std::string_view Extras::choice(std::string_view name, std::initializer_list<std::string_view> options) const {
  const Value* value = find(name);
  if (value == nullptr || value->is_null()) return *options.begin();
  std::string text = fold(text_value(*value, name));
  for (std::string_view option : options) {
    if (option == text) return option;
  }
  std::vector<std::string_view> all(options);
  fail(Status::invalid, name, "{} is none of {}", shown(value->text), fmt::join(all, ", "));
}

std::int64_t Extras::integer(std::string_view name, std::int64_t otherwise) const {
  const Value* value = find(name);
  return value == nullptr || value->is_null() ? otherwise : integer_value(*value, name);
}

bool Extras::flag(std::string_view name) const {
  const Value* value = find(name);
  return value != nullptr && !value->is_null() && boolean_value(*value, name);
}

std::optional<Millis> Extras::time(std::string_view name) const {
  const Value* value = find(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  return time_value(*value, name);
}

std::vector<std::string_view> Extras::texts(std::string_view name) const {
  std::vector<std::string_view> all;
  for (const Given& given : own_) {
    if (given.name == name && !given.value.is_null()) all.push_back(text_value(given.value, name));
  }
  return all;
}

}  // namespace kith
