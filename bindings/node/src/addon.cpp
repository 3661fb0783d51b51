// Short forms of Node-API calls, and errors of the JavaScript side.
#include "addon.h"

#include <cmath>
#include <new>
#include <vector>

#include "worker.h"

namespace kith_node {

Environment::Environment() = default;
Environment::~Environment() = default;

Environment& environment(napi_env env) {
  void* data = nullptr;
  check(napi_get_instance_data(env, &data));
  return *static_cast<Environment*>(data);
}

napi_value text_value(napi_env env, std::string_view text) {
  napi_value value = nullptr;
  check(napi_create_string_utf8(env, text.data(), text.size(), &value));
  return value;
}

napi_value kept_text_value(napi_env env, const std::string& text) {
  Environment& data = environment(env);
  napi_value array = nullptr, value = nullptr;
  if (data.kept_texts == nullptr) {
    check(napi_create_array(env, &array));
    check(napi_create_reference(env, array, 1, &data.kept_texts));
  }
  check(napi_get_reference_value(env, data.kept_texts, &array));
  auto found = data.kept_places.find(text);
  if (found != data.kept_places.end()) return element(env, array, found->second);
  value = text_value(env, text);
  if (data.kept_places.size() < 1000) {
    auto place = static_cast<std::uint32_t>(data.kept_places.size());
    check(napi_set_element(env, array, place, value));
    data.kept_places.emplace(text, place);
  }
  return value;
}

napi_value number_value(napi_env env, std::int64_t value) {
  napi_value out = nullptr;
  constexpr std::int64_t safe = (std::int64_t{1} << 53) - 1;
  if (value > safe || value < -safe) {
    check(napi_create_bigint_int64(env, value, &out));
  } else {
    check(napi_create_double(env, static_cast<double>(value), &out));
  }
  return out;
}

napi_value undefined(napi_env env) {
  napi_value value = nullptr;
  check(napi_get_undefined(env, &value));
  return value;
}

napi_valuetype type_of(napi_env env, napi_value value) {
  napi_valuetype type = napi_undefined;
  if (value != nullptr) check(napi_typeof(env, value, &type));
  return type;
}

std::int64_t integer_of(napi_env env, napi_value value, const char* what) {
  napi_valuetype type = type_of(env, value);
  std::int64_t number = 0;
  if (is_missing(type)) return 0;
  if (type == napi_bigint) {
    bool fits = false;
    check(napi_get_value_bigint_int64(env, value, &number, &fits));
    if (!fits) throw BadArgument{what, std::string(what) + ": the integer is larger than 64 bits"};
    return number;
  }
  double real = 0;
  if (type == napi_number) check(napi_get_value_double(env, value, &real));
  constexpr double end = 9223372036854775808.0;  // 2^63, the first that is too large
  if (type != napi_number || !(real >= -end && real < end) || real != std::trunc(real)) {
    throw BadArgument{what, std::string(what) + ": a whole number is wanted"};
  }
  return static_cast<std::int64_t>(real);
}

napi_value element(napi_env env, napi_value array, std::uint32_t index) {
  napi_value value = nullptr;
  check(napi_get_element(env, array, index, &value));
  return value;
}

napi_value property(napi_env env, napi_value object, const char* name) {
  napi_value value = nullptr;
  check(napi_get_named_property(env, object, name, &value));
  return value;
}

void set(napi_env env, napi_value object, const char* name, napi_value value) {
  check(napi_set_named_property(env, object, name, value));
}

std::uint32_t length_of(napi_env env, napi_value array) {
  std::uint32_t length = 0;
  check(napi_get_array_length(env, array, &length));
  return length;
}

napi_value error_value(napi_env env, kith_status status, std::string_view message, std::string_view field,
                       std::string_view nearest) {
  napi_value make = nullptr, receiver = undefined(env), made = nullptr;
  check(napi_get_reference_value(env, environment(env).make_error, &make));
  napi_value args[] = {text_value(env, kith_status_name(status)), text_value(env, message),
                       text_value(env, field), text_value(env, nearest)};
  check(napi_call_function(env, receiver, make, 4, args, &made));
  return made;
}

napi_value error_value(napi_env env, kith_status status, const kith_error* error) {
  return error_value(env, status, kith_error_message(error), kith_error_field(error),
                     kith_error_nearest(error));
}

void throw_error(napi_env env, kith_status status, std::string_view message,
                 std::string_view field) noexcept {
  try {
    napi_throw(env, error_value(env, status, message, field, ""));
  } catch (const Thrown&) {  // its exception is pending
  }
}

void set_function(napi_env env, napi_value object, const char* name, napi_callback function) {
  napi_value value = nullptr;
  check(napi_create_function(env, name, NAPI_AUTO_LENGTH, function, nullptr, &value));
  set(env, object, name, value);
}

}  // namespace kith_node
