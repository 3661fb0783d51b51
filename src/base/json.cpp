#include "base/json.h"

#include <charconv>
#include <cmath>
#include <cstring>
#include <iterator>
#include <nlohmann/json.hpp>
#include <unordered_set>
#include <vector>

#include "base/failure.h"
#include "base/text.h"

namespace kith {
namespace {

// Walks over the text and leaves word of how far it came, for the places of errors that the parser does
// not know.
struct Cursor {
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  const char* at;
  const char** reached;

  reference operator*() const { return *at; }
  Cursor& operator++() {
    *reached = ++at;
    return *this;
  }
  Cursor operator++(int) {
    Cursor old = *this;
    ++*this;
    return old;
  }
  bool operator==(const Cursor& other) const { return at == other.at; }
  bool operator!=(const Cursor& other) const { return at != other.at; }
};

// Builds the value while the parser reads, and refuses what would hurt before it is built.
class Builder {
 public:
  Builder(std::string_view text, std::string_view field)
      : reached_(text.data()), text_(text), field_(field) {}

  const char** reached() { return &reached_; }
  Json take() { return std::move(root_); }

  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(Json::number_integer_t value) { return add(value); }
  bool number_unsigned(Json::number_unsigned_t value) { return add(value); }
  bool number_float(Json::number_float_t value, const std::string&) { return add(value); }
  bool binary(Json::binary_t&) { return false; }

  bool string(std::string& value) {
    refuse_nul(value);
    return add(std::move(value));
  }

  bool start_object(std::size_t) { return open(Json::object()); }
  bool start_array(std::size_t) { return open(Json::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(std::string& name) {
    refuse_nul(name);
    Level& level = levels_.back();
    if (!level.is_new(name)) refuse(fmt::format("the key {} stands twice in one object", shown(name)));
    level.key = std::move(name);
    return true;
  }

  bool parse_error(std::size_t byte, const std::string&, const Json::exception& error) {
    if (byte > text_.size()) refuse("the text ends too early", text_.size());
    std::size_t at = byte == 0 ? 0 : byte - 1;
    if (error.id == 406) refuse("a number is too large", at);  // out_of_range
    std::size_t end = at;
    next_code_point(text_, end);
    refuse(fmt::format("{} does not belong there", shown(text_.substr(at, end - at))), at);
  }

 private:
  struct Level {
    Json* value;
    std::string key;
    std::unordered_set<std::string> many{};  // the keys, once a look at each would take long

    bool is_new(const std::string& name) {
      auto& members = value->get_ref<Json::object_t&>();
      if (members.size() < 16) {
        for (const auto& member : members) {
          if (member.first == name) return false;
        }
        return true;
      }
      if (many.empty()) {
        for (const auto& member : members) many.insert(member.first);
      }
      return many.insert(name).second;
    }
  };

  Json* place(Json&& value) {
    if (levels_.empty()) return &(root_ = std::move(value));
    Level& level = levels_.back();
    if (level.value->is_array()) {
      auto& elements = level.value->get_ref<Json::array_t&>();
      elements.push_back(std::move(value));
      return &elements.back();
    }
    // The key is known to be new: the map's own insertion would look for it again among all.
    Json::object_t::Container& members = level.value->get_ref<Json::object_t&>();
    members.emplace_back(std::move(level.key), std::move(value));
    return &members.back().second;
  }

  bool add(Json&& value) {
    place(std::move(value));
    return true;
  }

  bool open(Json&& value) {
    if (levels_.size() == most_json_depth)
      refuse(fmt::format("nested deeper than {} levels", most_json_depth));
    levels_.push_back(Level{place(std::move(value)), {}});
    return true;
  }

  bool close() {
    levels_.pop_back();
    return true;
  }

  void refuse_nul(const std::string& value) {
    if (value.find('\0') != value.npos) refuse("a text holds the NUL character (\\u0000)");
  }

  // What the parser takes for right: the place is that of the last byte read.
  [[noreturn]] void refuse(const std::string& what) {
    auto read = static_cast<std::size_t>(reached_ - text_.data());
    refuse(what, read == 0 ? 0 : read - 1);
  }

  [[noreturn]] void refuse(const std::string& what, std::size_t place) {
    std::string_view before = text_.substr(0, place);
    std::size_t line = 1, start = 0;
    for (std::size_t at; (at = before.find('\n', start)) != before.npos; start = at + 1) ++line;
    fail(Status::invalid, field_, "not JSON that can be used: {} (line {}, column {})", what, line,
         code_points(before.substr(start)) + 1);
  }

  const char* reached_;
  std::string_view text_;
  std::string_view field_;
  Json root_;
  std::vector<Level> levels_;
};

// Whether any of eight bytes needs an escape: below 0x20, '"' or '\\'. Bytes beyond ASCII never do.
bool needs_escape(const char* eight) noexcept {
  constexpr std::uint64_t ones = 0x0101010101010101u;
  std::uint64_t word;
  std::memcpy(&word, eight, 8);
  auto has_zero = [](std::uint64_t w) { return (w - ones) & ~w; };
  std::uint64_t low = (word - 0x20 * ones) & ~word;
  return ((low | has_zero(word ^ ('"' * ones)) | has_zero(word ^ ('\\' * ones))) & (0x80 * ones)) != 0;
}

}  // namespace

Json parse_json(std::string_view text, std::string_view field) {
  if (text.size() > most_json_bytes) {
    fail(Status::limit, field, "JSON of {} bytes; at most {} are read", text.size(), most_json_bytes);
  }
  if (!valid_utf8(text)) fail(Status::invalid, field, "JSON must be well-formed UTF-8 without NUL");
  Builder builder(text, field);
  Cursor first{text.data(), builder.reached()};
  Cursor last{text.data() + text.size(), builder.reached()};
  Json::sax_parse(first, last, &builder);
  return builder.take();
}

Json stored_json(std::string_view text, std::string_view what) {
  Builder builder(text, what);
  Cursor first{text.data(), builder.reached()};
  Cursor last{text.data() + text.size(), builder.reached()};
  try {
    Json::sax_parse(first, last, &builder);
  } catch (const Failure& failure) {
    fail(Status::corrupt, "", "{} in the file is {}", what, failure.sentence());
  }
  return builder.take();
}

std::string to_json(const Json& value) {
  try {
    return value.dump();
  } catch (const Json::type_error&) {
    fail(Status::internal, "", "a text that is to become JSON is not well-formed UTF-8");
  }
}

void append_json_text(std::string& out, std::string_view text) {
  out += '"';
  std::size_t start = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    while (text.size() - at >= 8 && !needs_escape(text.data() + at)) at += 8;
    if (at == text.size()) break;
    auto c = static_cast<unsigned char>(text[at]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, start, at - start);
    start = at + 1;
    out += '\\';
    switch (c) {
      case '"':
      case '\\': out += static_cast<char>(c); break;
      case '\n': out += 'n'; break;
      case '\r': out += 'r'; break;
      case '\t': out += 't'; break;
      case '\b': out += 'b'; break;
      case '\f': out += 'f'; break;
      default:
        out += "u00";
        out += "0123456789abcdef"[c >> 4];
        out += "0123456789abcdef"[c & 15];
    }
  }
  out.append(text, start, text.size() - start);
  out += '"';
}

void append_json_number(std::string& out, std::int64_t number) {
  char buffer[24];
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr);
}

void append_json_number(std::string& out, double number) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  char buffer[32];
  char* end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
  out.append(buffer, end);
  // 3 would read back as an integer.
  if (std::string_view(buffer, static_cast<std::size_t>(end - buffer)).find_first_of(".e") ==
      std::string_view::npos)
    out += ".0";
}

}  // namespace kith
