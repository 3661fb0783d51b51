// The syntax tree: what binds to what, and what is said where the grammar is left.
#include <catch2/catch.hpp>

#include "base/failure.h"
#include "segment/syntax.h"

namespace kith::test {

namespace {

std::string_view sign(Comparison comparison) {
  constexpr std::string_view signs[] = {"in", "<", "<=", ">", ">=", "empty", "contains", "starts", "ends"};
  return signs[static_cast<std::size_t>(comparison)];
}

std::string drawn(const Operand& operand) {
  switch (operand.type) {
    case Operand::Type::text:
      return "'" + operand.text + "'";
    case Operand::Type::parameter:
      return fmt::format("?{}", operand.parameter);
    default:
      return operand.text;
  }
}

// The tree as an expression in prefix form.
std::string drawn(const Syntax& syntax) {
  std::string out = "(";
  switch (syntax.form) {
    case Form::all:
      out += "and";
      break;
    case Form::any:
      out += "or";
      break;
    case Form::negation:
      out += "not";
      break;
    case Form::comparison:
      out += fmt::format("{} {}", sign(syntax.comparison), syntax.name);
      break;
    case Form::membership:
      out += fmt::format("has {}", syntax.name);
      break;
  }
  for (const Syntax& part : syntax.parts) out += " " + drawn(part);
  for (const Operand& operand : syntax.operands) out += " " + drawn(operand);
  if (!syntax.state.empty()) out += " " + syntax.state;
  return out + ")";
}

std::string tree(std::string_view text) {
  Source source(text);
  Parsed parsed = parse(source);
  return parsed.root ? drawn(*parsed.root) : "";
}

std::string refusal(std::string_view text, Status status = Status::invalid) {
  try {
    tree(text);
  } catch (const Failure& failure) {
    CHECK(failure.status() == status);
    CHECK(failure.field() == "where");
    return std::string(failure.sentence());
  }
  return {};
}

}  // namespace

TEST_CASE("and binds closer than or, not closer than both", "[segment]") {
  struct Row {
    std::string_view text, tree;
  };
  const Row rows[] = {
      {"", ""},
      {"a = 1", "(in a 1)"},
      {"a = 1 or b = 2 and c = 3", "(or (in a 1) (and (in b 2) (in c 3)))"},
      {"a = 1 and b = 2 or c = 3", "(or (and (in a 1) (in b 2)) (in c 3))"},
      {"(a = 1 or b = 2) and c = 3", "(and (or (in a 1) (in b 2)) (in c 3))"},
      {"not a = 1 and b = 2", "(and (not (in a 1)) (in b 2))"},
      {"not not a = 1", "(not (not (in a 1)))"},
      {"not (a = 1 or b = 2)", "(not (or (in a 1) (in b 2)))"},
      {"a = 1 and b = 2 and c = 3", "(and (in a 1) (in b 2) (in c 3))"},
      {"((a = 1))", "(in a 1)"},
      {"A = 1 AND Not B IS Empty", "(and (in a 1) (not (empty b)))"},
      {"a != 'x'", "(not (in a 'x'))"},
      {"a < 1 or a <= 2 or a > 3 or a >= 4.5", "(or (< a 1) (<= a 2) (> a 3) (>= a 4.5))"},
      {"a in (?, 'b', 3, true)", "(in a ?0 'b' 3 true)"},
      {"a not in (?)", "(not (in a ?0))"},
      {"a is empty", "(empty a)"},
      {"a is not empty", "(not (empty a))"},
      {"a contains 'b'", "(contains a 'b')"},
      {"a not contains ?", "(not (contains a ?0))"},
      {"a starts with 'b' or a ends with ?", "(or (starts a 'b') (ends a ?0))"},
      {"a not starts with 'b' and a not ends with 'c'", "(and (not (starts a 'b')) (not (ends a 'c')))"},
      {"a = TRUE or b = False", "(or (in a true) (in b false))"},
      {"tag 'VIP'", "(has tag 'VIP')"},
      {"tag ? and tag ?", "(and (has tag ?0) (has tag ?1))"},
      {"list 'News' pending", "(has list 'News' pending)"},
      {"list 'News' Pending and not list ? bounced",
       "(and (has list 'News' pending) (not (has list ?0 bounced)))"},
      {"tag 'a' or a = ? and not(list ? )", "(or (has tag 'a') (and (in a ?0) (not (has list ?1))))"},
  };
  for (const Row& row : rows) CHECK(tree(row.text) == row.tree);
}

TEST_CASE("what leaves the grammar is told with its place and what should be there", "[segment]") {
  struct Row {
    std::string_view text, sentence;
  };
  const std::string_view after_name =
      "a comparison (= != < <= > >=, in, is empty, contains, starts with, ends with) or a name in single "
      "quotes";
  const std::string ends_after_name = fmt::format("the text ends where {} should follow", after_name);
  const std::string no_comparison = fmt::format("at character 5: \"VIP\" stands where {} should", after_name);
  const std::string city_ends = "at character 5: " + ends_after_name;
  const Row rows[] = {
      {"city", city_ends},
      {"tag VIP", no_comparison},
      {"=", "at character 1: \"=\" stands where a field or a condition such as tag 'VIP' should"},
      {"not", "at character 4: the text ends where a field or a condition such as tag 'VIP' should follow"},
      {"a = 1 and",
       "at character 10: the text ends where a field or a condition such as tag 'VIP' should follow"},
      {"a = 1 and and b = 2",
       "at character 11: \"and\" stands where a field or a condition such as tag 'VIP' should"},
      {"()", "at character 2: \")\" stands where a field or a condition such as tag 'VIP' should"},
      {"a = 1 b = 2", "at character 7: \"b\" stands where and, or, or the end should"},
      {"a = 1 'x'", "at character 7: \"'x'\" stands where and, or, or the end should"},
      {"(a = 1", "at character 1: the ( here is never closed"},
      {"(a = 1 or (b = 2)", "at character 1: the ( here is never closed"},
      {"(a = 1 b", "at character 8: \"b\" stands where and, or, or ) should"},
      {"a = 1)", "at character 6: this ) closes nothing"},
      {"a =",
       "at character 4: the text ends where a value ('text', a number, true, false or ?) should follow"},
      {"a = =", "at character 5: \"=\" stands where a value ('text', a number, true, false or ?) should"},
      {"a = Lund", "at character 5: \"Lund\" stands where a value should: text stands in single quotes"},
      {"a = null", "at character 5: null is no value: use is empty, or is not empty"},
      {"a != NULL", "at character 6: null is no value: use is empty, or is not empty"},
      {"a is null", "at character 6: null is written empty: is empty, is not empty"},
      {"a is not null", "at character 10: null is written empty: is empty, is not empty"},
      {"a is 5", "at character 6: \"5\" stands where empty or not empty should"},
      {"a is not 5", "at character 10: \"5\" stands where empty should"},
      {"a not 5", "at character 7: \"5\" stands where in, contains, starts with or ends with should"},
      {"a not = 5", "at character 7: \"=\" stands where in, contains, starts with or ends with should"},
      {"a in 5", "at character 6: \"5\" stands where ( and values with commas between should"},
      {"a in ()", "at character 7: \")\" stands where a value ('text', a number, true, false or ?) should"},
      {"a in (1, )",
       "at character 10: \")\" stands where a value ('text', a number, true, false or ?) should"},
      {"a in (1 2)", "at character 9: \"2\" stands where , or ) should"},
      {"a in (1", "at character 8: the text ends where , or ) should follow"},
      {"a starts 'x'", "at character 10: \"'x'\" stands where with should"},
      {"a ends", "at character 7: the text ends where with should follow"},
      {"true", "at character 1: \"true\" stands where a field or a condition such as tag 'VIP' should"},
      {"tag 'a' pending 'b'", "at character 17: \"'b'\" stands where and, or, or the end should"},
      {"\u00E5\u00E4\u00F6 = '\U0001F600' or",
       "at character 13: the text ends where a field or a condition such as tag 'VIP' should follow"},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    CHECK(refusal(row.text) == row.sentence);
  }
}

TEST_CASE("what is too long, deep or wide is LIMIT", "[segment]") {
  auto nested = [](int depth) {
    return std::string(static_cast<std::size_t>(depth), '(') + "a = 1" +
           std::string(static_cast<std::size_t>(depth), ')');
  };
  CHECK(refusal(nested(64)).empty());
  CHECK(refusal(nested(65), Status::limit) == "at character 66: nests more than 64 deep");
  CHECK(refusal(nested(30000), Status::limit) == "at character 66: nests more than 64 deep");
  std::string nots;
  for (int i = 0; i < 10000; ++i) nots += "not ";
  CHECK(refusal(nots + "a = 1", Status::limit) == "at character 261: nests more than 64 deep");
  std::string in_row = "(a = 1)";
  for (int i = 0; i < 200; ++i) in_row += " and (not a = 1)";
  CHECK(refusal(in_row).empty());

  std::string wide = "a in (1";
  for (int i = 1; i < 10000; ++i) wide += ",1";
  CHECK(refusal(wide + ")").empty());
  CHECK(refusal(wide + ",1)", Status::limit) == "has more than 10000 values");

  std::string text = "a = '" + std::string(65536 - 6, 'x') + "'";
  CHECK(refusal(text).empty());
  CHECK(refusal(text + " ", Status::limit) == "has 65537 bytes; at most 65536 are taken");
}

TEST_CASE("ill-formed text is refused", "[segment]") {
  CHECK(refusal("a = '\xFF'") == "is not well-formed UTF-8");
  CHECK(refusal("a = '\xC3") == "is not well-formed UTF-8");
  CHECK(refusal(std::string_view("a = '\0'", 8)) == "is not well-formed UTF-8");
}

}  // namespace kith::test
