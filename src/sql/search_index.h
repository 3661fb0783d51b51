// The engine's text index: documents of words under a lead's id, found by how their words begin. What a word is, and
// that it is folded, is the caller's business. Nothing that is looked for is ever read as the engine's own syntax.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sql/connection.h"

namespace kith {

class SearchIndex {
 public:
  explicit SearchIndex(Connection& db) : db_(db) {}

  // One word that must be there: any of these, as a whole word or as the beginning of one.
  struct Term {
    std::vector<std::string> any_of;
    bool whole = false;
  };

  bool exists();
  void create();  // empty; one that is there goes
  void drop();
  // `words` are parted by single spaces, and made of letters and digits.
  void index(std::int64_t id, std::string_view words);
  void add(std::int64_t id, std::string_view words);  // of an id that is not there yet
  void remove(std::int64_t id);
  // The lowest `limit` ids whose documents hold every term.
  std::vector<std::int64_t> match(std::span<const Term> terms, std::int64_t limit);
  // Each id with its words, in the order of ids.
  Statement documents();
  // Forgets what this connection remembers of the index, should another one have written since.
  void catch_up();
  // After a removal that must leave nothing in the file.
  void scrub();

 private:
  Connection& db_;
};

}  // namespace kith
