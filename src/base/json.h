// JSON text in and out. Private: no public header shows it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace kith {

// Plain memory for the values of a Json; see std::allocator<Json> below for why it has a name of its own.
template <class T>
struct JsonAllocator {
  using value_type = T;
  JsonAllocator() = default;
  template <class U>
  JsonAllocator(const JsonAllocator<U>&) noexcept {}  // NOLINT: meant to convert
  T* allocate(std::size_t count) { return static_cast<T*>(::operator new(count * sizeof(T))); }
  void deallocate(T* values, std::size_t) noexcept { ::operator delete(values); }
  friend bool operator==(const JsonAllocator&, const JsonAllocator&) { return true; }
};

// Objects keep the order of their keys. Include <nlohmann/json.hpp> where it is used.
using Json = nlohmann::basic_json<nlohmann::ordered_map, std::vector, std::string, bool, std::int64_t, std::uint64_t, double, JsonAllocator>;

inline constexpr std::size_t most_json_depth = 64;
inline constexpr std::size_t most_json_bytes = 16 * 1024 * 1024;

// INVALID with `field` and the place of the error; also for more than most_json_depth levels, a key that
// stands twice, NUL in a text and ill-formed UTF-8. LIMIT for more than most_json_bytes.
Json parse_json(std::string_view text, std::string_view field);

// What Kith itself wrote into a file, of any size. CORRUPT with `what` if it is no JSON, or nested deeper.
Json stored_json(std::string_view text, std::string_view what);

// The same refusals without building anything: quick where the text is plain, which is nearly always.
void check_json(std::string_view text, std::string_view field);

// Compact, keys in their order.
std::string to_json(const Json& value);

// Appends a JSON string literal, quotes included. `text` is well-formed UTF-8.
void append_json_text(std::string& out, std::string_view text);
// Appends a number; a double in the shortest form that reads back the same, null if it is not finite.
void append_json_number(std::string& out, std::int64_t number);
void append_json_number(std::string& out, double number);

}  // namespace kith

// The destructor of a Json puts its parts into a vector first. Without memory for that the process would end, for a
// destructor must not throw: then they come from a reserve.
template <>
struct std::allocator<kith::Json> {
  using value_type = kith::Json;
  allocator() = default;
  template <class U>
  allocator(const std::allocator<U>&) noexcept {}  // NOLINT: meant to convert
  kith::Json* allocate(std::size_t count);
  void deallocate(kith::Json* values, std::size_t count) noexcept;
  friend bool operator==(const allocator&, const allocator&) { return true; }
};
