// One call of a function of kith.h: its arguments copied, run on this thread or on a worker's, its answer or error turned
// into JavaScript values. call.h derives a job from each function's signature.
#pragma once

#include "handle.h"

namespace kith_node {

class Job {
 public:
  virtual ~Job();
  Job() = default;
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  virtual void read(napi_env env, const napi_value* args,
                    std::size_t count) = 0;     // on the thread of JavaScript
  virtual void run() noexcept = 0;              // on any thread
  virtual napi_value answer(napi_env env) = 0;  // on the thread of JavaScript

  // Runs it now: the answer, or an exception.
  napi_value run_here(napi_env env);
  // Runs it when those before it on its handle have run: a promise. Owns itself from here on.
  static napi_value run_later(napi_env env, std::unique_ptr<Job> job, const napi_value* args,
                              std::size_t count);
  void run_there() noexcept;  // a worker
  void settle(napi_env env);  // resolves or rejects the promise, and ends the job

  std::int64_t number() const { return number_; }
  void drop() { is_dropped_ = true; }     // it was cancelled before it began
  void makes_later() { is_later_ = true; }

 protected:
  void read_clock(napi_env env, napi_value now);
  bool is_later_ = false;     // known before read(): arguments must then be copied whole
  Handle* handle_ = nullptr;  // NULL: it needs none
  kith_status status_ = KITH_OK;
  kith_error* error_ = nullptr;
  std::int64_t now_ = 0;

 private:
  std::int64_t number_ = 0;  // among those that run later
  bool is_dropped_ = false;
  napi_deferred deferred_ = nullptr;
  napi_ref arguments_ =
      nullptr;  // keeps the handle alive while it waits and runs
  std::unique_ptr<Worker> worker_;  // of a call without a handle, such as open
};

}  // namespace kith_node
