// Running a job here or later. Jobs of one handle take turns, so that a slow one holds one of libuv's threads and not all.
#include "job.h"

namespace kith_node {

Job::~Job() { kith_error_free(error_); }

void Job::read_clock(napi_env env, napi_value now) { now_ = integer_of(env, now, "now"); }

napi_value Job::run_here(napi_env env) {
  set_clock(now_);
  run();
  if (status_ == KITH_OK) return answer(env);
  napi_throw(env, error_value(env, status_, error_));
  throw Thrown{};
}

napi_value Job::run_later(napi_env env, std::unique_ptr<Job> job, const napi_value* args, std::size_t count) {
  napi_value promise = nullptr, kept = nullptr, name = text_value(env, "kith");
  check(napi_create_array_with_length(env, count, &kept));
  for (std::size_t i = 0; i < count; ++i) check(napi_set_element(env, kept, static_cast<std::uint32_t>(i), args[i]));
  check(napi_create_async_work(env, nullptr, name, execute, complete, job.get(), &job->work_));
  check(napi_create_reference(env, kept, 1, &job->arguments_));
  check(napi_create_promise(env, &job->deferred_, &promise));
  Job* self = job.release();
  if (self->handle_ != nullptr && self->handle_->running != nullptr) {
    self->handle_->waiting.push_back(self);
  } else {
    self->start(env);
  }
  return promise;
}

void Job::start(napi_env env) {
  if (handle_ != nullptr) handle_->running = this;
  check(napi_queue_async_work(env, work_));
}

void Job::execute(napi_env, void* data) {
  auto* self = static_cast<Job*>(data);
  set_clock(self->now_);
  self->run();
}

void Job::complete(napi_env env, napi_status how, void* data) {
  auto* self = static_cast<Job*>(data);
  Handle* handle = self->handle_;
  if (handle != nullptr) handle->running = nullptr;
  if (handle != nullptr && !handle->waiting.empty()) {
    Job* next = handle->waiting.front();
    handle->waiting.pop_front();
    next->start(env);
  }
  self->settle(env, how);
}

// Resolves or rejects the promise, and ends the job.
void Job::settle(napi_env env, napi_status how) {
  napi_value value = nullptr;
  bool well = false;
  try {
    if (how != napi_ok) {
      value = error_value(env, KITH_CANCELLED, "the call was cancelled before it began", "", "");
    } else if (status_ != KITH_OK) {
      value = error_value(env, status_, error_);
    } else {
      value = answer(env);
      well = true;
    }
  } catch (...) {  // while the environment ends nothing can be made any more
    bool pending = false;
    napi_is_exception_pending(env, &pending);
    if (pending) napi_get_and_clear_last_exception(env, &value);
  }
  if (value == nullptr) napi_get_undefined(env, &value);
  if (well) {
    napi_resolve_deferred(env, deferred_, value);
  } else {
    napi_reject_deferred(env, deferred_, value);
  }
  forget(env);
}

void Job::forget(napi_env env) {
  napi_delete_async_work(env, work_);
  napi_delete_reference(env, arguments_);
  delete this;
}

}  // namespace kith_node
