// What a call failed with, for tests that look at the words.
#pragma once

#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/failure.h"

namespace kith::test {

template <typename Call>
std::optional<Failure> failure_of(Call&& call) {
  try {
    call();
  } catch (const Failure& failure) {
    return failure;
  }
  return {};
}

// "INVALID email: ..." or "" when the call succeeded.
template <typename Call>
std::string said_by(Call&& call) {
  std::optional<Failure> failure = failure_of(call);
  return failure ? std::string(status_name(failure->status())) + " " + failure->message() : "";
}

}  // namespace kith::test
