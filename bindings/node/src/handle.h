// Handles on databases and CSV readers.
#pragma once

#include <memory>

#include "worker.h"

namespace kith_node {

// What a JavaScript object stands for. Only the thread of its environment touches it; jobs that run elsewhere hold the
// pointer of kith.h themselves.
struct Handle {
  enum class Kind { database, csv };
  Kind kind = Kind::database;
  kith_db* db = nullptr;
  kith_csv* csv = nullptr;
  std::unique_ptr<Worker> worker;  // of its asynchronous calls, once there was one
  std::size_t pending = 0;         // those of them that are not settled

  bool is_open() const { return db != nullptr || csv != nullptr; }
  void close();
};

// The time that the clock of a database answers while this thread is in a call: the call brings it along, for a clock
// written in JavaScript cannot be asked from another thread.
void set_clock(std::int64_t now);
std::int64_t clock_of_this_call(void*);

napi_value handle_value(napi_env env, std::unique_ptr<Handle> handle);
// Fails when it is closed, saying so.
Handle& handle_of(napi_env env, napi_value value, Handle::Kind kind);
// The same, closed or not.
Handle& any_handle_of(napi_env env, napi_value value);
void export_handles(napi_env env, napi_value exports);

}  // namespace kith_node
