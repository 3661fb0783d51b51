#include "segment/source.h"

#include "base/text.h"

namespace kith {

std::string Source::place(std::size_t at) const {
  return fmt::format("at character {}", code_points(text_.substr(0, at)) + 1);
}

void Source::fail_at(std::size_t at, std::string_view sentence, std::string_view near) const {
  Failure failure(Status::invalid, "where", fmt::format("{}: {}", place(at), sentence));
  throw failure.near(near);
}

void Source::fail_at(std::size_t at, const Failure& failure) const {
  Failure here(failure.status(), "where", fmt::format("{}: {}", place(at), failure.message()));
  throw here.near(failure.nearest());
}

}  // namespace kith
