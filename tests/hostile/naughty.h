// The texts of naughty.txt, and the one table of every function of kith.h that takes a text, by which each text reaches each
// place that one can be given in.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "kith.h"

namespace kith::test {

const std::vector<std::string>& naughty_texts();

// A line of a list: \xNN is a byte, \\ a backslash.
std::string unescaped(const std::string& line);

// One call with one text in one place; all else is as usual.
class Call {
 public:
  Call(kith_db* database, std::string place, const char* naughty) : db(database), place_(std::move(place)), naughty_(naughty) {}
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  kith_db* db;
  std::int64_t event = 0;
  kith_rows* rows = nullptr;
  kith_error* error = nullptr;
  std::set<std::string> asked;  // the places that the function has

  // A parameter of the function.
  const char* text(const char* parameter, const char* usual) {
    asked.insert(parameter);
    return place_ == parameter ? naughty_ : usual;
  }
  // The query, whose texts are places.
  const kith_query* query(const char* where, const char* arg = nullptr);
  // Its fields, of which one name and one value are places.
  const kith_field* fields(const char* name, const char* value);
  // What the function takes as `with`: the extra that is tried, behind those it needs.
  const kith_field* with(std::initializer_list<kith_field> usual = {});
  std::size_t with_count() const { return with_.size(); }

 private:
  std::string place_;
  const char* naughty_;
  kith_query query_ = {};
  kith_field arg_ = {};
  kith_field fields_[1] = {};
  std::vector<kith_field> with_;
};

struct Caller {
  const char* function;
  kith_status (*call)(Call& call);
  bool outside = false;  // not within a transaction
};

std::span<const Caller> callers();

}  // namespace kith::test
