// What JavaScript hands to a function of kith.h, copied into memory that the call owns, so that it can run on any thread.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "addon.h"

namespace kith_node {

// A string, or NULL for undefined and null.
class Text {
 public:
  void read(napi_env env, napi_value value, const char* what);
  const char* get() const { return given_ ? text_.c_str() : nullptr; }
  bool empty() const { return text_.empty(); }

 private:
  std::string text_;
  bool given_ = false;
};

// The UTF-8 of a JavaScript string. Refuses lone surrogates, which have none, and NUL, which would cut it.
std::string utf8(napi_env env, napi_value value, const char* what);

// Many rows of fields, filled piece by piece: names and the number of rows once, then blocks of cells. What kith_put_many
// takes, once: who makes another call fills another.
struct Matrix {
  std::vector<std::string> names;
  std::vector<kith_field> fields;
  std::deque<std::string> texts;  // the texts of one block each, NUL between them
  // types: a kith_field.type a cell, 4 for an integer whose bits lie in `numbers`; texts: all texts, each ended by NUL.
  void append(napi_env env, napi_value types, napi_value numbers, napi_value texts);
};
void export_matrix(napi_env env, napi_value exports);

// Fields of one row, from an array [name, value, name, value ...], or a Matrix that was filled before and is used up by this.
class Fields {
 public:
  void read(napi_env env, napi_value value, const char* what);
  const kith_field* get() const { return matrix_ ? matrix_->fields.data() : fields_.data(); }
  std::size_t width() const { return matrix_ ? matrix_->names.size() : fields_.size(); }
  std::size_t height() const;

 private:
  std::vector<kith_field> fields_;
  std::deque<std::string> texts_;
  std::unique_ptr<Matrix> matrix_;
};

// A kith_query, from [where, args, columns, sort, after, limit], or NULL for undefined.
class Query {
 public:
  void read(napi_env env, napi_value value, const char* what);
  const kith_query* get() const { return given_ ? &query_ : nullptr; }

 private:
  kith_query query_ = {};
  Text where_, columns_, sort_, after_;
  Fields args_;
  bool given_ = false;
};

}  // namespace kith_node
