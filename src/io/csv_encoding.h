// How the bytes of a text file become UTF-8: which encoding it is in, told by its bytes, and the decoding, block
// by block. Knows nothing of lines and cells.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kith {

enum class TextEncoding { utf8, utf16le, utf16be, windows1252 };

// "utf-8", "utf-16le", "utf-16be", "windows-1252", as the extra `encoding` names them; INVALID for another.
TextEncoding encoding_named(std::string_view name);

struct FoundEncoding {
  TextEncoding encoding = TextEncoding::utf8;
  std::size_t mark = 0;  // bytes of byte order mark at the start
};

// `start` is how the file begins; `whole`: there is no more of it.
FoundEncoding find_encoding(std::string_view start, bool whole);
// The length of the byte order mark of this encoding that `start` begins with.
std::size_t byte_order_mark(TextEncoding encoding, std::string_view start);

class Decoder {
 public:
  explicit Decoder(TextEncoding encoding) : encoding_(encoding) {}
  TextEncoding encoding() const { return encoding_; }
  // Appends `bytes` as UTF-8. What cannot be decoded comes out ill-formed, for whoever knows its line to refuse;
  // a character cut by the end of a block waits for the next. `end`: nothing follows.
  void decode(std::string_view bytes, bool end, std::string& out);

 private:
  void decode_utf16(std::string_view bytes, bool end, std::string& out);
  void unit(char16_t unit, std::string& out);
  TextEncoding encoding_;
  std::string odd_;            // of UTF-16: half a unit
  char16_t high_surrogate_ = 0;
};

}  // namespace kith
