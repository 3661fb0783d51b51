// JSON text in and out. Private: no public header shows it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace kith {

using Json = nlohmann::ordered_json;  // include <nlohmann/json.hpp> where it is used

inline constexpr std::size_t most_json_depth = 64;
inline constexpr std::size_t most_json_bytes = 16 * 1024 * 1024;

// INVALID with `field` and the place of the error; also for more than most_json_depth levels, a key that
// stands twice, NUL in a text and ill-formed UTF-8. LIMIT for more than most_json_bytes.
Json parse_json(std::string_view text, std::string_view field);

// Compact, keys in their order.
// The same refusals without building anything: quick where the text is plain, which is nearly always.
void check_json(std::string_view text, std::string_view field);

std::string to_json(const Json& value);

// Appends a JSON string literal, quotes included. `text` is well-formed UTF-8.
void append_json_text(std::string& out, std::string_view text);
// Appends a number; a double in the shortest form that reads back the same, null if it is not finite.
void append_json_number(std::string& out, std::int64_t number);
void append_json_number(std::string& out, double number);

}  // namespace kith
