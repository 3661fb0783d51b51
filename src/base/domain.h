// Domain names: their ASCII form and what is wrong with those that have none. Private to this folder.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace kith {

inline constexpr std::size_t most_domain_bytes = 253;

// What is wrong, in words that follow "... is no domain: "; nothing if nothing is.
using Fault = std::optional<std::string>;

// Appends the ASCII form of `name`, in lower case, to `out`; on a fault `out` may hold half of it.
// `name` is well-formed UTF-8 and not empty.
Fault fold_domain(std::string_view name, std::string& out, std::size_t least_labels = 2);

}  // namespace kith
