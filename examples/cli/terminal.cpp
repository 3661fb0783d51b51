// The terminal and the width of text on it.
#include "terminal.h"

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#ifdef _WIN32
#include <io.h>
#define isatty _isatty
#define fileno _fileno
#else
#include <sys/ioctl.h>
#include <unistd.h>
#endif

namespace kith_cli {
namespace {

volatile std::sig_atomic_t interrupt_seen = 0;

struct Range {
  uint32_t first, last;
};

// Blocks rather than single characters: enough to keep columns straight.
constexpr Range zero_width[] = {{0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD},   {0x0610, 0x061A},
                                {0x064B, 0x065F}, {0x0900, 0x0902}, {0x093C, 0x093C},   {0x0941, 0x0948},
                                {0x0E31, 0x0E31}, {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E},   {0x1AB0, 0x1AFF},
                                {0x1DC0, 0x1DFF}, {0x200B, 0x200D}, {0x20D0, 0x20FF},   {0xFE00, 0xFE0F},
                                {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0x1F3FB, 0x1F3FF}, {0xE0100, 0xE01EF}};
constexpr Range double_width[] = {
    {0x1100, 0x115F}, {0x2E80, 0x303E},   {0x3041, 0x33FF},   {0x3400, 0x4DBF},   {0x4E00, 0x9FFF},
    {0xA000, 0xA4CF}, {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE4F},   {0xFF00, 0xFF60},
    {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1FAFF}, {0x20000, 0x3FFFD}};

template <size_t N>
bool in(const Range (&ranges)[N], uint32_t code) {
  for (const Range& range : ranges)
    if (code >= range.first && code <= range.last) return true;
  return false;
}

// Takes one code point off the front. The library hands out well-formed UTF-8 only; arguments may be
// anything, and a stray byte counts as itself.
uint32_t next_code(std::string_view& text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
  if (length == 1 || text.size() < length) {
    text.remove_prefix(1);
    return lead;
  }
  uint32_t code = lead & (0xFFu >> (length + 1));
  for (size_t i = 1; i < length; ++i) code = (code << 6) | (byte(i) & 0x3Fu);
  text.remove_prefix(length);
  return code;
}

size_t code_width(uint32_t code) { return in(zero_width, code) ? 0 : in(double_width, code) ? 2 : 1; }

bool turns_direction(uint32_t code) {
  return code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069);
}

std::string hexadecimal(uint32_t code, bool json) {
  char out[16];
  if (code < 0x100 && !json)
    std::snprintf(out, sizeof out, "\\x%02x", code);
  else
    std::snprintf(out, sizeof out, "\\u%04x", code);
  return out;
}

// The text with what may do harm as `escape` writes it, which is also told what follows.
template <class Escape>
std::string escaped(std::string_view text, Escape escape) {
  std::string out;
  out.reserve(text.size());
  std::string_view rest = text;
  while (!rest.empty()) {
    const size_t at = text.size() - rest.size();
    const uint32_t code = next_code(rest);
    const size_t length = text.size() - rest.size() - at;
    if (code < 0x20 || (code >= 0x7F && code < 0xA0) || turns_direction(code))
      out += escape(code, rest);
    else
      out += text.substr(at, length);
  }
  return out;
}

extern "C" void note_interrupt(int signal) {
  // The second time it ends the program, as ever.
  std::signal(signal, SIG_DFL);
  interrupt_seen = 1;
}

}  // namespace

bool stdout_is_terminal() { return isatty(fileno(stdout)) != 0; }
bool stderr_is_terminal() { return isatty(fileno(stderr)) != 0; }
bool stdin_is_terminal() { return isatty(fileno(stdin)) != 0; }

size_t terminal_width() {
  if (const char* columns = std::getenv("COLUMNS")) {
    const long width = std::strtol(columns, nullptr, 10);
    if (width > 0) return static_cast<size_t>(width);
  }
#ifndef _WIN32
  for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
    winsize size{};
    if (ioctl(stream, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  }
#endif
  return 80;
}

bool colour_wanted() {
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  const char* term = std::getenv("TERM");
  if (term == nullptr || std::strcmp(term, "dumb") == 0) return false;
  return stdout_is_terminal();
}

size_t display_width(std::string_view text) {
  size_t width = 0;
  while (!text.empty()) width += code_width(next_code(text));
  return width;
}

std::string shorten(std::string_view text, size_t width) {
  if (display_width(text) <= width) return std::string(text);
  if (width == 0) return {};
  std::string_view rest = text;
  size_t used = 0;
  size_t end = 0;
  while (!rest.empty()) {
    used += code_width(next_code(rest));
    if (used > width - 1) break;
    end = text.size() - rest.size();
  }
  return std::string(text.substr(0, end)) + "…";
}

std::vector<std::string> broken(std::string_view text, size_t width) {
  std::vector<std::string> lines;
  while (display_width(text) > width) {
    std::string_view rest = text;
    size_t used = 0;
    size_t end = 0;    // of what has room
    size_t blank = 0;  // the last in it
    while (!rest.empty()) {
      const size_t at = text.size() - rest.size();
      const bool is_blank = rest.front() == ' ';
      used += code_width(next_code(rest));
      if (is_blank && at > 0) blank = at;
      if (used > width) break;
      end = text.size() - rest.size();
    }
    if (end == 0) end = text.size() - rest.size();  // not even one character has room
    const size_t cut = blank > 0 ? blank : end;
    lines.emplace_back(text.substr(0, cut));
    text.remove_prefix(blank > 0 ? blank + 1 : end);
  }
  lines.emplace_back(text);
  return lines;
}

std::string harmless(std::string_view text) {
  return escaped(text, [](uint32_t code, std::string_view) {
    return code == '\n' ? "\\n" : code == '\t' ? "\\t" : code == '\r' ? "\\r" : hexadecimal(code, false);
  });
}

std::string harmless_lines(std::string_view text) {
  return escaped(text, [](uint32_t code, std::string_view after) -> std::string {
    if (code == '\n') return "\n";
    if (code == '\t') return "\t";
    if (code == '\r') return after.starts_with('\n') ? "\r" : "\\r";
    return hexadecimal(code, false);
  });
}

std::string harmless_json(std::string_view json) {
  return escaped(json, [](uint32_t code, std::string_view) -> std::string {
    return code == '\n' ? "\n" : hexadecimal(code, true);
  });
}

void catch_interrupts() { std::signal(SIGINT, note_interrupt); }
bool interrupted() { return interrupt_seen != 0; }

}  // namespace kith_cli
