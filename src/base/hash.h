// Hashes: SHA-256 for what must not be reversed or forged, a quick one for tables in memory.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace kith {

std::array<std::uint8_t, 32> sha256(std::string_view bytes);
std::string sha256_hex(std::string_view bytes);  // 64 lower case digits

// 64 bits, the same on every machine and in every version (FNV-1a, finished with a mixer): for buckets
// and tables, never for secrets.
std::uint64_t quick_hash(std::string_view bytes) noexcept;

}  // namespace kith
