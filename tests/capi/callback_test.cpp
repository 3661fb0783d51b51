// What the library calls back while a handle is at work: the clock and Arrow streams. Using that handle from there is
// MISUSE, not a call that waits for itself; another handle may be used.
#include <catch2/catch.hpp>
#include <functional>
#include <thread>

#include "kith_arrow.h"
#include "support/child.h"
#include "support/handle.h"

using namespace kith::test;

namespace {

struct Clock {
  std::function<void()> ticked;
  bool inside = false;

  std::int64_t now() {
    if (ticked && !inside) {
      inside = true;
      ticked();
      inside = false;
    }
    return 1'700'000'000'000;
  }
};

struct Timed {
  Clock clock;
  kith_db* db = nullptr;

  Timed() {
    kith_options options = {};
    options.size = sizeof options;
    options.flags = KITH_OPEN_MEMORY;
    options.now = [](void* user) { return static_cast<Clock*>(user)->now(); };
    options.user = &clock;
    REQUIRE(kith_open(nullptr, &options, &db, nullptr) == KITH_OK);
  }
  ~Timed() {
    clock.ticked = nullptr;
    kith_close(db);
  }
  kith_status put(const char* email, kith_error** err = nullptr) {
    kith_field field = kith_text("email", email);
    return kith_put(db, "lead", &field, 1, nullptr, 0, nullptr, nullptr, err);
  }
  std::int64_t count() {
    std::int64_t leads = -1;
    kith_count(db, "lead", nullptr, &leads, nullptr);
    return leads;
  }
};

}  // namespace

TEST_CASE("a clock that uses the handle that asks it is told so", "[capi][callbacks]") {
  Timed timed, other;
  std::vector<std::string> told;
  timed.clock.ticked = [&] {
    kith_error* error = nullptr;
    timed.put("within@x.example", &error);
    told.push_back(said(error));
    std::int64_t leads = 0;
    CHECK(kith_count(timed.db, "lead", nullptr, &leads, nullptr) == KITH_MISUSE);
    CHECK(kith_begin(timed.db, nullptr) == KITH_MISUSE);
    CHECK(kith_commit(timed.db, nullptr) == KITH_MISUSE);
    CHECK(kith_run(timed.db, 0, nullptr, nullptr, nullptr) == KITH_MISUSE);
    CHECK(kith_compact(timed.db, nullptr) == KITH_MISUSE);
    kith_rollback(timed.db);
    kith_close(timed.db);
    CHECK(other.put("within@x.example") == KITH_OK);
  };
  CHECK(timed.put("ada@x.example") == KITH_OK);
  timed.clock.ticked = nullptr;
  REQUIRE(told.size() == 1);
  CHECK(told[0].find("MISUSE a call on this handle is under way") == 0);
  CHECK(timed.count() == 1);
  CHECK(other.count() == 1);
  CHECK(timed.put("bob@x.example") == KITH_OK);
}

TEST_CASE("a stream that uses the handle that reads it is told so", "[capi][callbacks]") {
  struct Stream {
    ArrowArrayStream inner = {};
    kith_db* db = nullptr;
    std::vector<kith_status> told;
  } state;
  Timed timed;
  state.db = timed.db;
  kith_rows* rows = nullptr;
  REQUIRE(kith_sql(timed.db, "SELECT 'new@x.example' AS email", nullptr, 0, &rows, nullptr) == KITH_OK);
  REQUIRE(kith_rows_arrow_stream(rows, &state.inner, nullptr) == KITH_OK);
  kith_rows_free(rows);
  ArrowArrayStream stream = {};
  stream.private_data = &state;
  stream.get_schema = [](ArrowArrayStream* self, ArrowSchema* out) {
    auto* own = static_cast<Stream*>(self->private_data);
    return own->inner.get_schema(&own->inner, out);
  };
  stream.get_next = [](ArrowArrayStream* self, ArrowArray* out) {
    auto* own = static_cast<Stream*>(self->private_data);
    std::int64_t leads = 0;
    own->told.push_back(kith_count(own->db, "lead", nullptr, &leads, nullptr));
    return own->inner.get_next(&own->inner, out);
  };
  stream.get_last_error = [](ArrowArrayStream*) -> const char* { return nullptr; };
  stream.release = [](ArrowArrayStream* self) {
    auto* own = static_cast<Stream*>(self->private_data);
    own->inner.release(&own->inner);
    self->release = nullptr;
  };
  CHECK(kith_put_stream(timed.db, "lead", &stream, 0, nullptr, 0, nullptr, nullptr) == KITH_OK);
  stream.release(&stream);
  CHECK(state.told == std::vector<kith_status>{KITH_MISUSE, KITH_MISUSE});
  CHECK(timed.count() == 1);
}

TEST_CASE("another thread waits for its turn, whatever a callback does meanwhile", "[capi][callbacks][threads]") {
  Timed timed;
  std::thread waits;
  kith_status status = KITH_MISUSE;
  timed.clock.ticked = [&] {
    if (!waits.joinable()) waits = std::thread([&] { status = timed.put("bob@x.example"); });
  };
  CHECK(timed.put("ada@x.example") == KITH_OK);
  waits.join();
  timed.clock.ticked = nullptr;
  CHECK(status == KITH_OK);
  CHECK(timed.count() == 2);
}

TEST_CASE("a process forked while a call is under way is told so by the handle, and does not hang", "[capi][callbacks][processes]") {
  Timed timed;
  int answer = -1;
  timed.clock.ticked = [&] {
    std::thread elsewhere([&] {  // which is not the one that holds the handle
      kith::test::Child child([&](kith::test::Child&) {
        alarm(20);
        kith_field field = kith_text("email", "child@x.example");
        if (kith_put(timed.db, "lead", &field, 1, nullptr, 0, nullptr, nullptr, nullptr) != KITH_MISUSE) return 1;
        if (kith_begin(timed.db, nullptr) != KITH_MISUSE || kith_commit(timed.db, nullptr) != KITH_MISUSE) return 2;
        if (kith_compact(timed.db, nullptr) != KITH_MISUSE) return 3;
        kith_rollback(timed.db);
        kith_cancel(timed.db);
        return 42;
      });
      answer = child.end();
    });
    elsewhere.join();
  };
  CHECK(timed.put("ada@x.example") == KITH_OK);
  timed.clock.ticked = nullptr;
  CHECK(answer == 42);
}
