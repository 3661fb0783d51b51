// What every file of the addon shares: the environment's own data, short forms of Node-API calls, and errors. Nothing
// here is global to the process, so that each Worker has its own.
#pragma once

#include <kith.h>
#include <node_api.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace kith_node {

class Workers;

// One for each environment: the main thread, and each Worker that loads the addon.
struct Environment {
  Environment();
  ~Environment();
  std::shared_ptr<Workers> workers;
  napi_ref make_error = nullptr;  // (status, message, field, nearest) => KithError, given by the JavaScript
  // Texts that are handed over again and again, such as the names of a result's columns: the same JavaScript string each
  // time, whose hash V8 knows. They lie in an array, since a reference to a string is beyond this version of Node-API.
  napi_ref kept_texts = nullptr;
  std::unordered_map<std::string, std::uint32_t> kept_places;
};

Environment& environment(napi_env env);

// Something is wrong with an argument before kith.h saw it. `field` may be empty.
struct BadArgument {
  std::string field;
  std::string message;
};
// A call of Node-API failed, mostly because JavaScript threw: the exception is pending.
struct Thrown {};

inline void check(napi_status status) {
  if (status != napi_ok) throw Thrown{};
}

napi_value text_value(napi_env env, std::string_view text);
napi_value kept_text_value(napi_env env, const std::string& text);
napi_value number_value(napi_env env, std::int64_t value);  // a BigInt beyond 2^53
napi_value undefined(napi_env env);
napi_valuetype type_of(napi_env env, napi_value value);
inline bool is_missing(napi_valuetype type) { return type == napi_undefined || type == napi_null; }
std::int64_t integer_of(napi_env env, napi_value value, const char* what);
// The same for a smaller type: what does not fit is refused, not cut.
template <class T>
T integer_within(napi_env env, napi_value value, const char* what) {
  std::int64_t number = integer_of(env, value, what);
  if (!std::in_range<T>(number)) throw BadArgument{what, std::string(what) + ": the number is out of range"};
  return static_cast<T>(number);
}
napi_value element(napi_env env, napi_value array, std::uint32_t index);
napi_value property(napi_env env, napi_value object, const char* name);
void set(napi_env env, napi_value object, const char* name, napi_value value);
std::uint32_t length_of(napi_env env, napi_value array);

// An instance of KithError.
napi_value error_value(napi_env env, kith_status status, std::string_view message, std::string_view field,
                       std::string_view nearest);
napi_value error_value(napi_env env, kith_status status, const kith_error* error);

// Throws a KithError, or what went wrong while it was made.
void throw_error(napi_env env, kith_status status, std::string_view message,
                 std::string_view field = "") noexcept;

// Runs `work` as a function that JavaScript calls: C++ exceptions become JavaScript's, none passes through Node.
template <class Work>
napi_value guarded(napi_env env, Work work) noexcept {
  try {
    return work();
  } catch (const Thrown&) {
    bool pending = false;
    napi_is_exception_pending(env, &pending);
    if (!pending) napi_throw_error(env, nullptr, "kith: a call of Node-API failed");
  } catch (const BadArgument& bad) {
    throw_error(env, KITH_INVALID, bad.message, bad.field);
  } catch (const std::bad_alloc&) {
    throw_error(env, KITH_NO_MEMORY, "out of memory");
  } catch (const std::exception& unexpected) {
    throw_error(env, KITH_INTERNAL, unexpected.what());
  }
  return nullptr;
}

void set_function(napi_env env, napi_value object, const char* name, napi_callback function);

}  // namespace kith_node
