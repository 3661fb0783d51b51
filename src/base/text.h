// UTF-8 text: whether it is well formed, how it compares, and how it is shown in a message.
// It knows no field and no rule of any kind; lengths are in code points unless a name says bytes.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace kith {

// Well-formed UTF-8 without NUL: no surrogates, no overlong forms, nothing above U+10FFFF.
bool valid_utf8(std::string_view text) noexcept;

// How many code points; every byte of ill-formed text that starts none counts as part of the one before.
std::size_t code_points(std::string_view text) noexcept;

// The code point that starts at `at`, which moves behind it. Ill-formed bytes are answered one by one
// as U+FFFD.
char32_t next_code_point(std::string_view text, std::size_t& at) noexcept;
void append_utf8(std::string& out, char32_t code_point);

// True for what a reader would not see, or what would reorder the text around it: controls, white space
// that is not the plain space, zero-width and direction marks, tags.
bool is_unseen(char32_t code_point) noexcept;

// The length in bytes of the white space (Unicode White_Space) that begins at `at`, 0 if there is none.
std::size_t white_space_at(std::string_view text, std::size_t at) noexcept;

// `text` without the white space around it.
std::string_view trimmed(std::string_view text) noexcept;

// Case folded and composed (NFC), white space left alone. Ill-formed bytes become U+FFFD.
std::string fold_case(std::string_view text);

// The key that names and texts compare by: fold_case, trimmed, each run of white space one space.
// fold(fold(x)) == fold(x).
std::string fold(std::string_view text);

// A value as an error message shows it: in quotes, with what cannot be seen escaped, cut after `most`
// code points with an ellipsis.
std::string shown(std::string_view text, std::size_t most = 60);

// The one of `known` that `wanted` was probably meant to be, as it is spelled there, or "" when none is
// near enough: by Damerau-Levenshtein distance between folded texts, the earlier of equals.
std::string nearest(std::string_view wanted, std::span<const std::string_view> known);
// The end of a sentence that offers it: `; did you mean "x"?`, or "" for none.
std::string did_you_mean(std::string_view near);

// "a lead", "an address".
std::string with_article(std::string_view noun);

}  // namespace kith
