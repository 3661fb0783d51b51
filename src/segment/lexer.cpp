#include "segment/lexer.h"

#include <charconv>

#include "base/text.h"

namespace kith {

namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool starts_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool in_word(char c) { return starts_word(c) || digit(c); }

class Lexer {
 public:
  explicit Lexer(const Source& source) : source_(source), text_(source.text()) {}

  std::vector<Lexeme> run() {
    std::vector<Lexeme> all;
    for (skip_space(); at_ < text_.size(); skip_space()) all.push_back(next());
    Lexeme end;
    end.at = text_.size();
    all.push_back(std::move(end));
    return all;
  }

 private:
  void skip_space() {
    while (std::size_t length = white_space_at(text_, at_)) at_ += length;
  }
  char peek(std::size_t ahead) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  Lexeme next() {
    char c = text_[at_];
    if (c == '\'') return quoted();
    if (starts_word(c)) return word();
    if (digit(c) || ((c == '-' || c == '+' || c == '.') && digit(peek(1))) ||
        (c == '-' && peek(1) == '.' && digit(peek(2)))) {
      return number();
    }
    return symbol();
  }

  Lexeme cut(Token token, std::size_t length) {
    Lexeme lexeme;
    lexeme.token = token;
    lexeme.at = at_;
    lexeme.raw = text_.substr(at_, length);
    at_ += length;
    return lexeme;
  }

  // 'It''s': a quote inside is written twice.
  Lexeme quoted() {
    std::string content;
    std::size_t i = at_ + 1;
    while (true) {
      std::size_t quote = text_.find('\'', i);
      if (quote == std::string_view::npos) {
        source_.fail_at(at_, "the text that begins here has no closing quote (')");
      }
      content += text_.substr(i, quote - i);
      i = quote + 1;
      if (i >= text_.size() || text_[i] != '\'') break;
      content += '\'';
      ++i;
    }
    Lexeme lexeme = cut(Token::text, i - at_);
    lexeme.text = std::move(content);
    return lexeme;
  }

  Lexeme word() {
    std::size_t length = 0;
    while (at_ + length < text_.size() && in_word(text_[at_ + length])) {
      std::size_t space = white_space_at(text_, at_ + length);
      if (space != 0) break;
      std::size_t end = at_ + length;
      next_code_point(text_, end);
      length = end - at_;
    }
    Lexeme lexeme = cut(Token::word, length);
    for (std::string_view typographic : {"\u2018", "\u2019", "\u201C", "\u201D"}) {
      if (lexeme.raw.starts_with(typographic)) {
        source_.fail_at(lexeme.at, "text stands in straight single quotes: 'text'");
      }
    }
    lexeme.text = fold_case(lexeme.raw);
    return lexeme;
  }

  Lexeme number() {
    std::size_t length = 0;
    bool real = false;
    while (true) {
      char c = peek(length);
      bool sign = (c == '-' || c == '+') &&
                  (length == 0 || (real && (peek(length - 1) == 'e' || peek(length - 1) == 'E')));
      if (c == '.' || ((c == 'e' || c == 'E') && length > 0)) {
        real = true;
      } else if (!digit(c) && !sign) {
        break;
      }
      ++length;
    }
    // 12abc and 2026-01-31 are one mistake each, not several tokens.
    while (in_word(peek(length)) || peek(length) == '-' || peek(length) == ':') ++length;
    Lexeme lexeme = cut(Token::number, length);
    std::string_view digits = lexeme.raw;
    if (digits.front() == '+') digits.remove_prefix(1);
    const char* last = digits.data() + digits.size();
    if (real) {
      double value = 0;
      auto [end, error] = std::from_chars(digits.data(), last, value);
      if (error == std::errc::result_out_of_range && end == last) too_large(lexeme);
      if (error != std::errc() || end != last) no_number(lexeme);
      lexeme.number = Value(value);
    } else {
      std::int64_t value = 0;
      auto [end, error] = std::from_chars(digits.data(), last, value);
      if (error == std::errc::result_out_of_range && end == last) too_large(lexeme);
      if (error != std::errc() || end != last) no_number(lexeme);
      lexeme.number = Value(value);
    }
    return lexeme;
  }

  [[noreturn]] void too_large(const Lexeme& lexeme) {
    source_.fail_at(lexeme.at, fmt::format("{} is larger than numbers can be", shown(lexeme.raw)));
  }
  [[noreturn]] void no_number(const Lexeme& lexeme) {
    source_.fail_at(lexeme.at,
                    fmt::format("{} is no number; text and dates stand in single quotes", shown(lexeme.raw)));
  }

  Lexeme symbol() {
    char second = peek(1);
    switch (text_[at_]) {
      case '(':
        return cut(Token::open, 1);
      case ')':
        return cut(Token::close, 1);
      case ',':
        return cut(Token::comma, 1);
      case '?':
        return cut(Token::parameter, 1);
      case '=':
        if (second == '=') source_.fail_at(at_, "== is written =");
        return cut(Token::equal, 1);
      case '!':
        if (second != '=') source_.fail_at(at_, "! is written not");
        return cut(Token::not_equal, 2);
      case '<':
        if (second == '>') source_.fail_at(at_, "<> is written !=");
        return second == '=' ? cut(Token::less_equal, 2) : cut(Token::less, 1);
      case '>':
        return second == '=' ? cut(Token::greater_equal, 2) : cut(Token::greater, 1);
      case '"':
        source_.fail_at(at_, "text stands in single quotes: 'text'");
      case '&':
        source_.fail_at(at_, "& is written and");
      case '|':
        source_.fail_at(at_, "| is written or");
      case '$':
      case ':':
      case '@':
        source_.fail_at(at_, "a value that is given beside the text is written ?");
      default:
        break;
    }
    std::size_t end = at_;
    next_code_point(text_, end);
    source_.fail_at(at_, fmt::format("{} has no meaning here; text stands in single quotes",
                                     shown(text_.substr(at_, end - at_))));
  }

  const Source& source_;
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<Lexeme> lex(const Source& source) { return Lexer(source).run(); }

}  // namespace kith
