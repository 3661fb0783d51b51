// The addon as Node loads it, once for each environment: a job for every function of kith.h that acts on a handle, which
// CMakeLists.txt lists from bindings/kith.json.
#include "call.h"

namespace kith_node {

#define KITH_CALL(function, ...)                          \
  template <>                                             \
  struct Names<&function> {                               \
    static constexpr const char* value[] = {__VA_ARGS__}; \
  };
#include "calls.inc"
#undef KITH_CALL

namespace {

// A name without the "kith_" in front.
constexpr std::size_t prefix = 5;

// error_maker(make): how an error of kith.h becomes an exception.
napi_value error_maker(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    std::size_t count = 1;
    napi_value make = nullptr;
    check(napi_get_cb_info(env, info, &count, &make, nullptr, nullptr));
    Environment& data = environment(env);
    if (data.make_error != nullptr) check(napi_delete_reference(env, data.make_error));
    check(napi_create_reference(env, make, 1, &data.make_error));
    return undefined(env);
  });
}

// end(): cancels the calls that run, for the process or the Worker is about to end.
napi_value end(napi_env env, napi_callback_info) {
  return guarded(env, [&] {
    environment(env).workers->end();
    return undefined(env);
  });
}

napi_value status_name(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    std::size_t count = 1;
    napi_value status = nullptr;
    check(napi_get_cb_info(env, info, &count, &status, nullptr, nullptr));
    return text_value(env, kith_status_name(integer_within<kith_status>(env, status, "status")));
  });
}

napi_value start(napi_env env, napi_value exports) {
  return guarded(env, [&] {
    auto* data = new Environment();
    check(napi_set_instance_data(
        env, data, [](napi_env, void* old, void*) { delete static_cast<Environment*>(old); }, nullptr));
    data->workers = std::make_shared<Workers>(env);
    // Runs before Node takes down what the workers hand their results to.
    check(napi_add_env_cleanup_hook(
        env, [](void* workers) { static_cast<Workers*>(workers)->end(); }, data->workers.get()));
    napi_value later = nullptr, arrow = nullptr, arrow_later = nullptr;
    check(napi_create_object(env, &later));
    set(env, exports, "later", later);
    check(napi_create_object(env, &arrow));
    check(napi_create_object(env, &arrow_later));
    set(env, arrow, "later", arrow_later);
    set(env, exports, "arrow", arrow);
    set(env, exports, "version", text_value(env, kith_version()));
    set_function(env, exports, "error_maker", error_maker);
    set_function(env, exports, "end", end);
    set_function(env, exports, "status_name", status_name);
    export_handles(env, exports);
    export_matrix(env, exports);
    export_rows(env, exports);
#define KITH_CALL(function, ...) export_job<Call<&function>>(env, exports, #function + prefix);
#include "calls.inc"
#undef KITH_CALL
    export_job<Call<&kith_find, Answer::arrow>>(env, arrow, "find");
    export_job<Call<&kith_sql, Answer::arrow>>(env, arrow, "sql");
    return exports;
  });
}

}  // namespace

}  // namespace kith_node

extern "C" {
NAPI_MODULE_EXPORT int32_t node_api_module_get_api_version_v1(void) { return NAPI_VERSION; }
NAPI_MODULE_EXPORT napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  return kith_node::start(env, exports);
}
}
