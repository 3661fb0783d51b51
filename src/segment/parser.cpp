#include <algorithm>
#include <array>

#include "base/text.h"
#include "segment/lexer.h"
#include "segment/syntax.h"

namespace kith {

namespace {

constexpr std::size_t longest_text = 64 * 1024;
constexpr std::size_t most_values = 10000;
constexpr int deepest = 64;

constexpr std::array<std::string_view, 12> reserved = {"and",      "or",     "not",  "in",   "is",   "empty",
                                                       "contains", "starts", "ends", "with", "true", "false"};
constexpr std::string_view comparisons =
    "a comparison (= != < <= > >=, in, is empty, contains, starts with, ends with) or a name in single "
    "quotes";

bool is_reserved(std::string_view word) {
  return std::find(reserved.begin(), reserved.end(), word) != reserved.end();
}

Syntax negated(Syntax part) {
  Syntax syntax;
  syntax.form = Form::negation;
  syntax.at = part.at;
  syntax.parts.push_back(std::move(part));
  return syntax;
}

class Parser {
 public:
  explicit Parser(const Source& source) : source_(source), lexemes_(lex(source)) {}

  Parsed run() {
    Parsed parsed;
    if (now().token == Token::end) return parsed;
    parsed.root = alternatives();
    if (now().token == Token::close) source_.fail_at(now().at, "this ) closes nothing");
    if (now().token != Token::end) expected("and, or, or the end");
    parsed.parameters = parameters_;
    return parsed;
  }

 private:
  const Lexeme& now() const { return lexemes_[at_]; }
  const Lexeme& ahead() const { return lexemes_[std::min(at_ + 1, lexemes_.size() - 1)]; }
  const Lexeme& take() { return lexemes_[at_++]; }
  bool is(std::string_view word) const { return now().token == Token::word && now().text == word; }
  bool take(std::string_view word) {
    if (!is(word)) return false;
    ++at_;
    return true;
  }

  [[noreturn]] void expected(std::string_view what) const {
    source_.fail_at(now().at, now().token == Token::end
                                  ? fmt::format("the text ends where {} should follow", what)
                                  : fmt::format("{} stands where {} should", shown(now().raw), what));
  }

  Syntax chain(Form form, std::string_view word, Syntax (Parser::*part)()) {
    Syntax first = (this->*part)();
    if (!is(word)) return first;
    Syntax syntax;
    syntax.form = form;
    syntax.at = first.at;
    syntax.parts.push_back(std::move(first));
    while (take(word)) syntax.parts.push_back((this->*part)());
    return syntax;
  }
  Syntax alternatives() { return chain(Form::any, "or", &Parser::conditions); }
  Syntax conditions() { return chain(Form::all, "and", &Parser::condition); }

  Syntax condition() {
    if (++depth_ > deepest + 1) {
      fail(Status::limit, "where", "at character {}: nests more than {} deep",
           code_points(source_.text().substr(0, now().at)) + 1, deepest);
    }
    Syntax syntax;
    if (take("not")) {
      syntax = negated(condition());
    } else if (now().token == Token::open) {
      std::size_t open = take().at;
      syntax = alternatives();
      if (now().token == Token::end) source_.fail_at(open, "the ( here is never closed");
      if (now().token != Token::close) expected("and, or, or )");
      ++at_;
    } else {
      syntax = simple();
    }
    --depth_;
    return syntax;
  }

  Syntax simple() {
    if (now().token != Token::word || is_reserved(now().text)) {
      expected("a field or a condition such as tag 'VIP'");
    }
    Syntax syntax;
    syntax.at = now().at;
    syntax.name = take().text;
    Token next = now().token;
    if (next == Token::text || next == Token::parameter || next == Token::number) {
      syntax.form = Form::membership;
      syntax.operands.push_back(operand());
      if (now().token == Token::word && !is_reserved(now().text)) {
        syntax.state_at = now().at;
        syntax.state = take().text;
      }
      return syntax;
    }
    syntax.form = Form::comparison;
    return comparison(std::move(syntax));
  }

  Syntax comparison(Syntax syntax) {
    auto with = [&](Comparison comparison) {
      ++at_;
      syntax.comparison = comparison;
      syntax.operands.push_back(operand());
      return std::move(syntax);
    };
    switch (now().token) {
      case Token::equal:
        return with(Comparison::in);
      case Token::not_equal:
        return negated(with(Comparison::in));
      case Token::less:
        return with(Comparison::less);
      case Token::less_equal:
        return with(Comparison::less_equal);
      case Token::greater:
        return with(Comparison::greater);
      case Token::greater_equal:
        return with(Comparison::greater_equal);
      default:
        break;
    }
    if (take("is")) {
      bool no = take("not");
      if (is("null")) source_.fail_at(now().at, "null is written empty: is empty, is not empty");
      if (!take("empty")) expected(no ? "empty" : "empty or not empty");
      syntax.comparison = Comparison::empty;
      return no ? negated(std::move(syntax)) : syntax;
    }
    bool no = take("not");
    if (is("in")) {
      syntax = values(std::move(syntax));
    } else if (is("contains")) {
      syntax = with(Comparison::contains);
    } else if (is("starts") || is("ends")) {
      bool starts = take().text == "starts";
      if (!is("with")) expected("with");
      syntax = with(starts ? Comparison::starts_with : Comparison::ends_with);
    } else {
      expected(no ? "in, contains, starts with or ends with" : comparisons);
    }
    return no ? negated(std::move(syntax)) : syntax;
  }

  Syntax values(Syntax syntax) {
    ++at_;
    if (now().token != Token::open) expected("( and values with commas between");
    do {
      ++at_;
      syntax.operands.push_back(operand());
    } while (now().token == Token::comma);
    if (now().token != Token::close) expected(", or )");
    ++at_;
    return syntax;
  }

  Operand operand() {
    if (++operands_ > most_values) fail(Status::limit, "where", "has more than {} values", most_values);
    Operand operand;
    operand.at = now().at;
    switch (now().token) {
      case Token::text:
        operand.type = Operand::Type::text;
        operand.text = take().text;
        return operand;
      case Token::number:
        operand.type = Operand::Type::number;
        operand.text = std::string(now().raw);
        operand.number = take().number;
        return operand;
      case Token::parameter:
        operand.type = Operand::Type::parameter;
        operand.parameter = parameters_++;
        ++at_;
        return operand;
      default:
        break;
    }
    if (is("true") || is("false")) {
      operand.type = Operand::Type::boolean;
      operand.text = now().text;
      operand.number = Value(take().text == "true" ? 1 : 0);
      return operand;
    }
    if (is("null")) source_.fail_at(now().at, "null is no value: use is empty, or is not empty");
    if (now().token == Token::word) {
      source_.fail_at(now().at, fmt::format("{} stands where a value should: text stands in single quotes",
                                            shown(now().raw)));
    }
    expected("a value ('text', a number, true, false or ?)");
  }

  const Source& source_;
  std::vector<Lexeme> lexemes_;
  std::size_t at_ = 0;
  std::size_t parameters_ = 0;
  std::size_t operands_ = 0;
  int depth_ = 0;
};

}  // namespace

Parsed parse(const Source& source) {
  if (source.text().size() > longest_text) {
    fail(Status::limit, "where", "has {} bytes; at most {} are taken", source.text().size(), longest_text);
  }
  if (!valid_utf8(source.text())) fail(Status::invalid, "where", "is not well-formed UTF-8");
  return Parser(source).run();
}

}  // namespace kith
