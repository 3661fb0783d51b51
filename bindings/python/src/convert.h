// From Python to the library: texts, fields and queries, with what keeps their bytes alive during a call.
#pragma once

#include <memory>
#include <vector>

#include "kithpy.h"

namespace kithpy {

// Keeps copies of texts, in blocks, as long as it lives.
class Keep {
 public:
  Keep() = default;
  Keep(const Keep&) = delete;
  Keep& operator=(const Keep&) = delete;
  void clear();
  // UTF-8 of a str, NUL-terminated; nullptr with INVALID raised for ill-formed text and for a NUL inside.
  const char* text(PyObject* str, const char* field);

 private:
  char* room(std::size_t size);
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* at_ = nullptr;
  std::size_t left_ = 0;
};

// `object` is a str; None gives nullptr where it may.
bool text_of(PyObject* object, const char* name, Keep& keep, const char*& out);

// One value under a name that lives long enough. `depth` guards the hook against answering no plain value.
bool value_of(PyObject* object, const char* name, Keep& keep, kith_field& out, int depth = 0);

// A mapping, a list of pairs, or None. Where values may repeat (`with`), a list or tuple gives one field for each item.
bool fields_of(PyObject* object, bool repeat, Keep& keep, std::vector<kith_field>& out);

// None, or the tuple (where, args, columns, sort, after, limit).
class Query {
 public:
  bool parse(PyObject* object, Keep& keep);
  const kith_query* c() const { return given_ ? &query_ : nullptr; }

 private:
  std::vector<kith_field> args_;
  kith_query query_ = {};
  bool given_ = false;
};

}  // namespace kithpy
