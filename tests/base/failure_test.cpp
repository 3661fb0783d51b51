// Failures carry status, field and sentence, alone and from outside.
#include "base/failure.h"

#include <set>

#include "failing.h"

using namespace kith;
using kith::test::failure_of;

TEST_CASE("a failure begins with its field", "[base]") {
  auto failure = failure_of([] { fail(Status::invalid, "wait", "{} is no {}", 3, "duration"); });
  REQUIRE(failure);
  CHECK(failure->status() == Status::invalid);
  CHECK(failure->field() == "wait");
  CHECK(failure->message() == "wait: 3 is no duration");
  CHECK(failure->sentence() == "3 is no duration");
  CHECK(std::string(failure->what()) == failure->message());
}

TEST_CASE("a failure without field is its sentence", "[base]") {
  auto failure = failure_of([] { fail(Status::busy, "", "another writer: {{}}"); });
  REQUIRE(failure);
  CHECK(failure->message() == "another writer: {}");
  CHECK(failure->sentence() == failure->message());
  CHECK(failure->field().empty());
}

TEST_CASE("a failure within a path keeps its sentence", "[base]") {
  Failure inner(Status::invalid, "wait", "wrong");
  CHECK(inner.within("steps[2]").message() == "steps[2].wait: wrong");
  CHECK(inner.within("[2]").within("steps").field() == "steps[2].wait");
  CHECK(inner.within("").field() == "wait");
  CHECK(Failure(Status::limit, "", "too many").within("steps").message() == "steps: too many");
  CHECK(Failure(Status::limit, "", "too many").within("steps").status() == Status::limit);
}

TEST_CASE("a failure keeps its nearest name within a path", "[base]") {
  CHECK(Failure(Status::not_found, "tag", "no such tag").near("VIP").within("steps").nearest() == "VIP");
}

TEST_CASE("a field of any length makes a message that can be shown", "[base]") {
  const std::string letters(10000000, 'a');
  CHECK(Failure(Status::invalid, letters, "no such field").message() == letters.substr(0, 200) + "…: no such field");
  CHECK(Failure(Status::invalid, letters.substr(0, 200), "").field() == letters.substr(0, 200));
  std::string wide = "a";
  for (int i = 0; i < 100; ++i) wide += "é";
  CHECK(Failure(Status::invalid, wide, "").field() == wide.substr(0, 199) + "…");
  CHECK(Failure(Status::invalid, letters, "wrong").within("steps").sentence() == "wrong");
}

TEST_CASE("every status has a name of its own", "[base]") {
  std::set<std::string> names;
  for (std::int32_t i = 0; i <= 19; ++i) names.insert(status_name(static_cast<Status>(i)));
  CHECK(names.size() == 20);
  CHECK(names.count("UNKNOWN") == 0);
  CHECK(std::string(status_name(static_cast<Status>(20))) == "UNKNOWN");
  CHECK(std::string(status_name(Status::too_new)) == "TOO_NEW");
}
