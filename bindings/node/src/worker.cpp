// The threads of asynchronous calls: how they begin, hand back what they did, and end.
#include "worker.h"

#include <chrono>

#include "job.h"

namespace kith_node {

Worker::Worker(std::shared_ptr<Workers> all) : all_(std::move(all)), thread_([this] { loop(); }) {
  all_->workers_.insert(this);
}

Worker::~Worker() {
  end();
  all_->workers_.erase(this);
  for (Job* job : waiting_) delete job;
}

void Worker::add(Job* job) {
  std::lock_guard lock(mutex_);
  waiting_.push_back(job);
  change_.notify_all();
}

void Worker::cancels(kith_db* db) {
  std::lock_guard lock(mutex_);
  cancels_ = db;
}

void Worker::cancel(std::int64_t number) {
  std::lock_guard lock(mutex_);
  if (running_ != nullptr && running_->number() == number && cancels_ != nullptr) kith_cancel(cancels_);
  for (Job* job : waiting_) {
    if (job->number() == number) job->drop();
  }
}

void Worker::end() {
  if (!thread_.joinable()) return;
  {
    std::unique_lock lock(mutex_);
    ending_ = true;
    change_.notify_all();
    // A call that is about to begin cannot be cancelled yet, so it is tried until the thread has ended.
    while (!change_.wait_for(lock, std::chrono::milliseconds(2), [this] { return ended_; })) {
      if (cancels_ != nullptr) kith_cancel(cancels_);
    }
  }
  thread_.join();
}

void Worker::loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    change_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
    if (ending_) break;
    Job* job = waiting_.front();
    waiting_.pop_front();
    running_ = job;
    lock.unlock();
    job->run_there();
    lock.lock();
    running_ = nullptr;
    lock.unlock();
    all_->done(job);
    lock.lock();
  }
  ended_ = true;
  change_.notify_all();
}

Workers::Workers(napi_env env) : env_(env) {
  check(napi_create_threadsafe_function(env, nullptr, nullptr, text_value(env, "kith"), 0, 1, nullptr,
                                        nullptr, this, settle_all, &settle_));
  check(napi_unref_threadsafe_function(env, settle_));
}

Workers::~Workers() {
  for (Job* job : done_) delete job;
}

std::int64_t Workers::begun() {
  if (open_++ == 0) check(napi_ref_threadsafe_function(env_, settle_));
  return ++latest_;
}

void Workers::done(Job* job) {
  std::lock_guard lock(mutex_);
  done_.push_back(job);
  if (done_.size() == 1) napi_call_threadsafe_function(settle_, nullptr, napi_tsfn_nonblocking);
}

void Workers::settle_all(napi_env env, napi_value, void* context, void*) {
  auto* self = static_cast<Workers*>(context);
  if (env == nullptr) return;
  std::vector<Job*> done;
  {
    std::lock_guard lock(self->mutex_);
    done.swap(self->done_);
  }
  for (Job* job : done) {
    if (--self->open_ == 0) napi_unref_threadsafe_function(env, self->settle_);
    job->settle(env);
  }
}

void Workers::end() {
  if (ended_) return;
  ended_ = true;
  for (Worker* worker : workers_) worker->end();
  napi_release_threadsafe_function(settle_, napi_tsfn_abort);
}

}  // namespace kith_node
