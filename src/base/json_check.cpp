// A quick look at JSON text that says yes or "not sure": what it is not sure of - errors, but also many keys, long
// numbers, escapes in keys - goes to the real parser, which has the last word and the message.
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/json.h"

#include <nlohmann/json.hpp>

namespace kith {

namespace {

class Glance {
 public:
  explicit Glance(std::string_view text) : at_(text.data()), end_(at_ + text.size()) {}
  bool plainly_right() {
    blank();
    if (!value(0)) return false;
    blank();
    return at_ == end_;
  }

 private:
  static constexpr int depth_most = 8;
  static constexpr std::size_t keys_most = 12;

  void blank() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\t' || *at_ == '\r')) ++at_;
  }
  bool take(char wanted) {
    if (at_ == end_ || *at_ != wanted) return false;
    ++at_;
    return true;
  }
  bool word(std::string_view wanted) {
    if (static_cast<std::size_t>(end_ - at_) < wanted.size() || std::string_view(at_, wanted.size()) != wanted) return false;
    at_ += wanted.size();
    return true;
  }
  // Text without control characters; `escapes` says whether \" and its like may be in it.
  bool string(bool escapes, std::string_view& content) {
    if (!take('"')) return false;
    const char* from = at_;
    for (; at_ != end_; ++at_) {
      auto c = static_cast<unsigned char>(*at_);
      if (c == '"') {
        content = {from, static_cast<std::size_t>(at_ - from)};
        ++at_;
        return true;
      }
      if (c < 0x20) return false;
      if (c != '\\') continue;
      if (!escapes || ++at_ == end_) return false;
      if (std::string_view("\"\\/bfnrt").find(*at_) == std::string_view::npos) return false;
    }
    return false;
  }
  bool number() {
    take('-');
    const char* first = at_;
    while (at_ != end_ && *at_ >= '0' && *at_ <= '9') ++at_;
    std::ptrdiff_t digits = at_ - first;
    if (digits == 0 || digits > 18 || (digits > 1 && *first == '0')) return false;
    if (take('.')) {
      const char* fraction = at_;
      while (at_ != end_ && *at_ >= '0' && *at_ <= '9') ++at_;
      if (at_ == fraction) return false;
    }
    return at_ == end_ || (*at_ != 'e' && *at_ != 'E');
  }
  bool array(int depth) {
    ++at_;
    blank();
    if (take(']')) return true;
    do {
      blank();
      if (!value(depth + 1)) return false;
      blank();
    } while (take(','));
    return take(']');
  }
  bool object(int depth) {
    ++at_;
    blank();
    if (take('}')) return true;
    std::array<std::string_view, keys_most> keys;
    std::size_t count = 0;
    do {
      blank();
      std::string_view key;
      if (count == keys_most || !string(false, key)) return false;
      for (std::size_t i = 0; i < count; ++i) {
        if (keys[i] == key) return false;
      }
      keys[count++] = key;
      blank();
      if (!take(':')) return false;
      blank();
      if (!value(depth + 1)) return false;
      blank();
    } while (take(','));
    return take('}');
  }
  bool value(int depth) {
    if (at_ == end_ || depth > depth_most) return false;
    std::string_view ignored;
    switch (*at_) {
      case '{': return object(depth);
      case '[': return array(depth);
      case '"': return string(true, ignored);
      case 't': return word("true");
      case 'f': return word("false");
      case 'n': return word("null");
      default: return number();
    }
  }

  const char* at_;
  const char* end_;
};

}  // namespace

// Well-formed UTF-8 is the caller's to see to: all text that enters the library is.
void check_json(std::string_view text, std::string_view field) {
  if (text.size() <= most_json_bytes && Glance(text).plainly_right()) return;
  parse_json(text, field);
}

}  // namespace kith
