// JSON: the quick check refuses what the parser refuses, and what was parsed and written reads back the same.
#include "base/json.h"

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "fuzz/fuzz.h"

using namespace kith;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = fuzz::text_of(data, size);
  Json parsed;
  bool by_parser = fuzz::refused([&] { parsed = parse_json(text, "data"); });
  if (valid_utf8(text)) {  // the quick one leaves that to its callers
    PROMISE(fuzz::refused([&] { check_json(text, "data"); }) == by_parser);
  }
  if (!by_parser) {
    std::string written = to_json(parsed);
    PROMISE(valid_utf8(written));
    PROMISE(parse_json(written, "data") == parsed);
    PROMISE(to_json(parse_json(written, "data")) == written);
    PROMISE(stored_json(written, "it") == parsed);
  }
  if (valid_utf8(text)) {
    std::string literal;
    append_json_text(literal, text);
    PROMISE(parse_json(literal, "data") == Json(text));
  }
  return 0;
}
