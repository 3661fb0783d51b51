// Opening, closing and cancelling, and the objects by which JavaScript holds a database or a CSV reader.
#include "handle.h"

#include "call.h"

namespace kith_node {

namespace {

thread_local std::int64_t clock_now = 0;

const napi_type_tag handle_tag = {0x6b6974682068616e, 0x646c650000000001};

void free_handle(napi_env, void* data, void*) {
  auto* handle = static_cast<Handle*>(data);
  handle->worker.reset();
  handle->close();
  delete handle;
}

// open(clock, path, flags, busyMs, now)
class OpenJob final : public Job {
 public:
  ~OpenJob() override { kith_close(db_); }

  void read(napi_env env, const napi_value* args, std::size_t) override {
    bool has_clock = !is_missing(type_of(env, args[0]));
    read_clock(env, args[0]);
    path_.read(env, args[1], "path");
    options_.size = sizeof options_;
    options_.flags = integer_within<std::uint32_t>(env, args[2], "flags");
    options_.busy_ms = integer_within<std::int32_t>(env, args[3], "busyMs");
    if (has_clock) options_.now = clock_of_this_call;
  }
  void run() noexcept override { status_ = kith_open(path_.get(), &options_, &db_, &error_); }
  napi_value answer(napi_env env) override {
    auto handle = std::make_unique<Handle>();
    handle->db = db_;
    db_ = nullptr;
    return handle_value(env, std::move(handle));
  }

 private:
  Text path_;
  kith_options options_ = {};
  kith_db* db_ = nullptr;
};

// csv_open(clock, path, with)
class CsvOpenJob final : public Job {
 public:
  ~CsvOpenJob() override { kith_csv_free(csv_); }

  void read(napi_env env, const napi_value* args, std::size_t) override {
    path_.read(env, args[1], "path");
    with_.read(env, args[2], "options");
  }
  void run() noexcept override {
    status_ = kith_csv_open(path_.get(), with_.get(), with_.width(), &csv_, &error_);
  }
  napi_value answer(napi_env env) override {
    auto handle = std::make_unique<Handle>();
    handle->kind = Handle::Kind::csv;
    handle->csv = csv_;
    csv_ = nullptr;
    return handle_value(env, std::move(handle));
  }

 private:
  Text path_;
  Fields with_;
  kith_csv* csv_ = nullptr;
};

// close(handle), when nothing runs on it any more: closing under a running call would pull the file away from it.
class CloseJob final : public Job {
 public:
  ~CloseJob() override {
    kith_close(db_);
    kith_csv_free(csv_);
  }
  void read(napi_env env, const napi_value* args, std::size_t) override {
    handle_ = &any_handle_of(env, args[1]);
    std::swap(db_, handle_->db);  // from here on it is closed to every new call
    std::swap(csv_, handle_->csv);
    if (handle_->worker != nullptr) handle_->worker->cancels(nullptr);
  }
  void run() noexcept override {
    kith_close(db_);
    kith_csv_free(csv_);
    db_ = nullptr;
    csv_ = nullptr;
  }
  napi_value answer(napi_env env) override {
    if (handle_->pending == 0) handle_->worker.reset();
    return undefined(env);
  }

 private:
  kith_db* db_ = nullptr;
  kith_csv* csv_ = nullptr;
};

// rollback(clock, handle): a job like the others, though it cannot fail, since a transaction may wait for its turn.
class RollbackJob final : public Job {
 public:
  void read(napi_env env, const napi_value* args, std::size_t) override {
    read_clock(env, args[0]);
    handle_ = &handle_of(env, args[1], Handle::Kind::database);
    db_ = handle_->db;
  }
  void run() noexcept override { kith_rollback(db_); }
  napi_value answer(napi_env env) override { return undefined(env); }

 private:
  kith_db* db_ = nullptr;
};

// cancel(handle) waits for nobody's turn: it ends the call that runs.
napi_value cancel(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    std::size_t count = 1;
    napi_value value = nullptr;
    check(napi_get_cb_info(env, info, &count, &value, nullptr, nullptr));
    kith_cancel(handle_of(env, value, Handle::Kind::database).db);
    return undefined(env);
  });
}

// cancel_call(handle, number): one call, by the number that latest() answered when it was made.
napi_value cancel_call(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    std::size_t count = 2;
    napi_value args[2];
    check(napi_get_cb_info(env, info, &count, args, nullptr, nullptr));
    Handle& handle = any_handle_of(env, args[0]);
    if (handle.worker != nullptr) handle.worker->cancel(integer_of(env, args[1], "number"));
    return undefined(env);
  });
}

napi_value latest(napi_env env, napi_callback_info) {
  return guarded(env, [&] { return number_value(env, environment(env).workers->latest()); });
}

napi_value is_open(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    std::size_t count = 1;
    napi_value value = nullptr;
    check(napi_get_cb_info(env, info, &count, &value, nullptr, nullptr));
    check(napi_get_boolean(env, any_handle_of(env, value).is_open(), &value));
    return value;
  });
}

napi_value is_busy(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    std::size_t count = 1;
    napi_value value = nullptr;
    check(napi_get_cb_info(env, info, &count, &value, nullptr, nullptr));
    check(napi_get_boolean(env, any_handle_of(env, value).pending > 0, &value));
    return value;
  });
}

napi_value csv_progress(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    std::size_t count = 1;
    napi_value value = nullptr;
    check(napi_get_cb_info(env, info, &count, &value, nullptr, nullptr));
    check(napi_create_double(env, kith_csv_progress(handle_of(env, value, Handle::Kind::csv).csv), &value));
    return value;
  });
}

}  // namespace

void set_clock(std::int64_t now) { clock_now = now; }
std::int64_t clock_of_this_call(void*) { return clock_now; }

void Handle::close() {
  kith_close(db);
  kith_csv_free(csv);
  db = nullptr;
  csv = nullptr;
}

napi_value handle_value(napi_env env, std::unique_ptr<Handle> handle) {
  napi_value object = nullptr;
  check(napi_create_object(env, &object));
  check(napi_type_tag_object(env, object, &handle_tag));
  check(napi_wrap(env, object, handle.get(), free_handle, nullptr, nullptr));
  handle.release();
  return object;
}

Handle& any_handle_of(napi_env env, napi_value value) {
  bool ours = false;
  void* data = nullptr;
  if (type_of(env, value) == napi_object) check(napi_check_object_type_tag(env, value, &handle_tag, &ours));
  if (ours) check(napi_unwrap(env, value, &data));
  if (data == nullptr) throw BadArgument{"", "not a handle of Kith"};
  return *static_cast<Handle*>(data);
}

Handle& handle_of(napi_env env, napi_value value, Handle::Kind kind) {
  Handle& handle = any_handle_of(env, value);
  if (handle.kind != kind) throw BadArgument{"", "a handle of another kind"};
  if (!handle.is_open()) {
    napi_throw(env,
               error_value(env, KITH_MISUSE,
                           kind == Handle::Kind::csv ? "the CSV reader is closed" : "the database is closed",
                           "", ""));
    throw Thrown{};
  }
  return handle;
}

void export_handles(napi_env env, napi_value exports) {
  export_job<OpenJob>(env, exports, "open");
  export_job<CsvOpenJob>(env, exports, "csv_open");
  export_job<CloseJob>(env, exports, "close");
  set_function(env, exports, "is_open", is_open);
  set_function(env, exports, "is_busy", is_busy);
  set_function(env, exports, "csv_progress", csv_progress);
  export_job<RollbackJob>(env, exports, "rollback");
  set_function(env, exports, "cancel", cancel);
  set_function(env, exports, "cancel_call", cancel_call);
  set_function(env, exports, "latest", latest);
}

}  // namespace kith_node
