// The terminal: whether there is one, how wide it is, whether it wants colour, and how text looks on it.
// The one file of the command that differs between operating systems.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace kith_cli {

bool stdout_is_terminal();
bool stderr_is_terminal();
bool stdin_is_terminal();

// The columns of the terminal: $COLUMNS, else what it says itself, else 80.
size_t terminal_width();
// Colour is for terminals only, and not where NO_COLOR is set or TERM is "dumb".
bool colour_wanted();

// How many columns a text takes: combining marks none, wide characters two.
size_t display_width(std::string_view text);
// At most `width` columns of a text, ending with … when something is cut.
std::string shorten(std::string_view text, size_t width);
// A text as lines of at most `width` columns, broken at blanks where there are some.
std::vector<std::string> broken(std::string_view text, size_t width);
// Control characters and marks that turn the direction of text, written as escapes: what comes out of a
// file must not move the cursor or hide a part of a line.
std::string harmless(std::string_view text);
// The same, but line breaks and tabs stay: for text of several lines.
std::string harmless_lines(std::string_view text);
// The same for JSON text: what stands in its strings is written \u001b, so that nothing changes for who reads it.
std::string harmless_json(std::string_view json);

// What Ctrl-C does from here on: it only sets a mark, so that a long act can stop between two batches.
void catch_interrupts();
bool interrupted();

}  // namespace kith_cli
