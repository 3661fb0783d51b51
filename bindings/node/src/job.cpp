// Running a job here or later.
#include "job.h"

namespace kith_node {

Job::~Job() { kith_error_free(error_); }

void Job::read_clock(napi_env env, napi_value now) { now_ = integer_of(env, now, "now"); }

void Job::run_there() noexcept {
  if (is_dropped_) return;
  set_clock(now_);
  run();
}

napi_value Job::run_here(napi_env env) {
  run_there();
  if (status_ == KITH_OK) return answer(env);
  napi_throw(env, error_value(env, status_, error_));
  throw Thrown{};
}

napi_value Job::run_later(napi_env env, std::unique_ptr<Job> job, const napi_value* args, std::size_t count) {
  std::shared_ptr<Workers>& workers = environment(env).workers;
  if (workers->ended()) throw BadArgument{"", "the process is about to end"};
  napi_value promise = nullptr, kept = nullptr;
  check(napi_create_array_with_length(env, count, &kept));
  for (std::size_t i = 0; i < count; ++i)
    check(napi_set_element(env, kept, static_cast<std::uint32_t>(i), args[i]));
  std::unique_ptr<Worker>& worker = job->handle_ != nullptr ? job->handle_->worker : job->worker_;
  if (worker == nullptr) {
    worker = std::make_unique<Worker>(workers);
    if (job->handle_ != nullptr) worker->cancels(job->handle_->db);
  }
  check(napi_create_reference(env, kept, 1, &job->arguments_));
  check(napi_create_promise(env, &job->deferred_, &promise));
  job->number_ = workers->begun();
  if (job->handle_ != nullptr) ++job->handle_->pending;
  worker->add(job.release());
  return promise;
}

void Job::settle(napi_env env) {
  if (handle_ != nullptr) --handle_->pending;
  napi_value value = nullptr;
  bool well = false;
  try {
    if (is_dropped_) {
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
  napi_delete_reference(env, arguments_);
  delete this;
}

}  // namespace kith_node
