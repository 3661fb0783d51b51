// From the text of a `where` to its tokens. Knows how words, texts and numbers are written, and nothing of
// what they mean.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "model/value.h"
#include "segment/source.h"

namespace kith {

enum class Token : std::uint8_t {
  word,
  text,
  number,
  parameter,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  open,
  close,
  comma,
  end
};

struct Lexeme {
  Token token = Token::end;
  std::size_t at = 0;    // its first byte
  std::string_view raw;  // as it stands in the source
  std::string text;      // of a text: without quotes; of a word: in lower case
  Value number;
};

// All of the source; the last one is Token::end.
std::vector<Lexeme> lex(const Source& source);

}  // namespace kith
