// What the golden files hold: every kind of thing, every kind of event, every state that a lead can have, told through
// the C++ wrapper by a clock of its own; and all of a file as text. The same story makes the same rows.
#pragma once

#include <cstdint>
#include <kith.hpp>
#include <string>

namespace kith::test {

class Story {
 public:
  // The clock that a database of the story is to be opened with.
  std::int64_t now = 1'700'000'000'000;

  void tell(kith::Database& db) {
    definitions(db);
    leads(db);
    consent(db);
    tokens(db);
    ends(db);
  }

  // Every table as text, but for what is random: the file's own id, and the hashes of tokens.
  static std::string text_of(const kith::Database& db);

 private:
  static constexpr std::int64_t hour = 3'600'000;
  static constexpr std::int64_t day = 24 * hour;

  void later(std::int64_t time = hour) { now += time; }
  void definitions(kith::Database& db);
  void leads(kith::Database& db);
  void consent(kith::Database& db);
  void tokens(kith::Database& db);
  void ends(kith::Database& db);
};

}  // namespace kith::test
