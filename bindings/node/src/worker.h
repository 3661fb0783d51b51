// A thread that runs the asynchronous calls of one handle, in the order in which they were made. Own threads instead of
// libuv's few: a call that waits for another writer must not keep that writer's next call from running.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_set>
#include <vector>

#include "addon.h"

namespace kith_node {

class Job;
class Workers;

class Worker {
 public:
  explicit Worker(std::shared_ptr<Workers> all);
  ~Worker();  // ends the call that runs, and drops those that wait
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void add(Job* job);
  // Which database's calls are to be cancelled when the thread has to end; NULL: none.
  void cancels(kith_db* db);
  // Ends the call with this number if it runs, and keeps it from running if it waits. One that is just about to begin is
  // neither, so ask again until it is settled.
  void cancel(std::int64_t number);
  void end();

 private:
  void loop();

  std::shared_ptr<Workers> all_;
  std::mutex mutex_;
  std::condition_variable change_;
  std::deque<Job*> waiting_;
  Job* running_ = nullptr;
  kith_db* cancels_ = nullptr;
  bool ending_ = false;
  bool ended_ = false;
  std::thread thread_;
};

// All workers of an environment, and the way back from them to JavaScript.
class Workers {
 public:
  explicit Workers(napi_env env);
  ~Workers();  // after end()
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  std::int64_t begun();  // a promise was given: Node must not end before it is settled. The call's number
  void done(Job* job);   // from a worker
  void end();            // no call comes back after this
  bool ended() const { return ended_; }
  std::int64_t latest() const { return latest_; }

 private:
  friend class Worker;
  static void settle_all(napi_env env, napi_value, void* context, void*);

  napi_env env_;
  napi_threadsafe_function settle_ = nullptr;
  std::unordered_set<Worker*> workers_;
  std::mutex mutex_;
  std::vector<Job*> done_;
  std::size_t open_ = 0;  // promises that are not settled yet
  std::int64_t latest_ = 0;
  bool ended_ = false;
};

}  // namespace kith_node
