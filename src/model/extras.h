// The named extras of a verb (`with`): those that every verb knows become the Act, the verb's own are asked for
// by name; what nobody asked for is refused.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/value.h"

namespace kith {

// A name and a value, as they arrive.
struct Given {
  std::string_view name;
  Value value;
};

// Who acts, from where, when, under which key and because of what.
struct Act {
  std::string_view by;
  std::string ip;
  Millis at = 0;  // 0: now
  std::string_view key;
  std::int64_t cause = 0;
};

class Extras {
 public:
  // `own`: the extras that this verb knows beside those of all verbs.
  Extras(std::span<const Given> given, std::initializer_list<std::string_view> own, Millis now);

  // Of what only reads, and so has nobody who does it: by, ip, at, key and cause are unknown there.
  static Extras of_reading(std::span<const Given> given, std::initializer_list<std::string_view> own);

  const Act& act() const { return act_; }
  bool has(std::string_view name) const { return find(name) != nullptr; }
  // The value as text, or `otherwise`; a number is refused.
  std::string_view text(std::string_view name, std::string_view otherwise = {}) const;
  std::string_view choice(std::string_view name, std::initializer_list<std::string_view> options) const;  // first: default
  std::int64_t integer(std::string_view name, std::int64_t otherwise) const;
  bool flag(std::string_view name) const;
  // A time in ms or as RFC 3339 text; nullopt when absent or NULL.
  std::optional<Millis> time(std::string_view name) const;
  std::vector<std::string_view> texts(std::string_view name) const;  // of a repeatable extra

 private:
  Extras() = default;
  [[noreturn]] static void fail_unknown(std::string_view name, const std::vector<std::string_view>& known);
  const Value* find(std::string_view name) const;
  std::vector<Given> own_;
  Act act_;
};

// Shared with fields: how text becomes a whole number or a time; they fail with the field's name.
std::int64_t integer_value(const Value& value, std::string_view field);
Millis time_value(const Value& value, std::string_view field);
bool boolean_value(const Value& value, std::string_view field);
double real_value(const Value& value, std::string_view field);
std::string_view text_value(const Value& value, std::string_view field);

}  // namespace kith
