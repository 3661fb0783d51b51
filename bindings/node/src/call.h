// Derives, from the signature of a function of kith.h, the job that calls it: which arguments JavaScript gives and in
// which order, and what it gets back. So a function added to kith.h is here by being compiled.
//
// JavaScript calls NAME(clock, handle, arguments...), where counts and outputs are left out: kith_assign(db, lead, tag, with,
// with_count, event, err) is assign(clock, handle, lead, tag, with) and answers the event. Two outputs are an array.
#pragma once

#include <tuple>
#include <type_traits>
#include <utility>

#include "batch.h"
#include "job.h"
#include "rows.h"
#include "values.h"

namespace kith_node {

// The names of the arguments that JavaScript gives, for messages; CMakeLists.txt has them from bindings/kith.json.
template <auto Function>
struct Names;

enum class Answer { rows, arrow };

// What holds the argument for one parameter. `takes`: JavaScript gives it; `gives`: it is an output.
template <class P>
struct Slot;

template <>
struct Slot<const char*> {
  static constexpr bool takes = true, gives = false;
  Text value;
  const char* get() { return value.get(); }
};
template <>
struct Slot<const kith_field*> {
  static constexpr bool takes = true, gives = false;
  Fields value;
  const kith_field* get() { return value.get(); }
};
template <>
struct Slot<const kith_query*> {
  static constexpr bool takes = true, gives = false;
  Query value;
  const kith_query* get() { return value.get(); }
};
template <>
struct Slot<const ArrowSchema*> {  // the batch of the parameter that follows
  static constexpr bool takes = false, gives = false;
};
template <>
struct Slot<const ArrowArray*> {
  static constexpr bool takes = true, gives = false;
  Batches value;
};
template <>
struct Slot<ArrowArrayStream*> {
  static constexpr bool takes = true, gives = false;
  Batches value;
  ArrowArrayStream* get() { return value.stream(); }
};
template <class P>
requires std::is_integral_v<P>
struct Slot<P> {  // also a count, which is then not asked
  static constexpr bool takes = !std::is_same_v<P, std::size_t>, gives = false;
  struct Number {
    P number = 0;
    void read(napi_env env, napi_value from, const char* what) {
      number = integer_within<P>(env, from, what);
    }
  } value;
  P get() { return value.number; }
};
template <class P>
requires(std::is_same_v<P, std::int64_t*> || std::is_same_v<P, std::int32_t*>) struct Slot<P> {
  static constexpr bool takes = false, gives = true;
  std::remove_pointer_t<P> number = 0;
  P get() { return &number; }
  napi_value answer(napi_env env, Answer) { return number_value(env, number); }
};
template <>
struct Slot<kith_rows**> {
  static constexpr bool takes = false, gives = true;
  kith_rows* rows = nullptr;
  ArrowRows arrow;
  Slot() = default;
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;
  ~Slot() { kith_rows_free(rows); }
  kith_rows** get() { return &rows; }
  // On the thread of the call: turning rows into columns takes its time.
  kith_status finish(Answer how, kith_error** error) {
    return how == Answer::arrow ? arrow.take(rows, error) : KITH_OK;
  }
  napi_value answer(napi_env env, Answer how) {
    if (how == Answer::arrow) return arrow.value(env, rows);
    RowsPointer shared(rows, FreeRows{});
    rows = nullptr;
    return rows_value(env, shared);
  }
};
template <>
struct Slot<kith_error**> {
  static constexpr bool takes = false, gives = false;
};

template <auto Function, Answer How = Answer::rows>
class Call;

template <class Object, class... P, kith_status (*Function)(Object*, P...), Answer How>
class Call<Function, How> final : public Job {
 public:
  void read(napi_env env, const napi_value* args, std::size_t count) override {
    read_clock(env, args[0]);
    constexpr bool is_database = std::is_same_v<Object, kith_db>;
    handle_ = &handle_of(env, args[1], is_database ? Handle::Kind::database : Handle::Kind::csv);
    if constexpr (is_database) {
      object_ = handle_->db;
    } else {
      object_ = handle_->csv;
    }
    std::size_t next = 2;
    read_all(env, args, count, next, std::index_sequence_for<P...>());
  }
  void run() noexcept override { call(std::index_sequence_for<P...>()); }
  napi_value answer(napi_env env) override { return answers(env, std::index_sequence_for<P...>()); }

 private:
  template <std::size_t I>
  using Parameter = std::tuple_element_t<I, std::tuple<P...>>;

  template <std::size_t... I>
  void read_all(napi_env env, const napi_value* args, std::size_t count, std::size_t& next,
                std::index_sequence<I...>) {
    (read_one<I>(env, args, count, next), ...);
  }
  template <std::size_t I>
  void read_one(napi_env env, const napi_value* args, std::size_t count, std::size_t& next) {
    if constexpr (Slot<Parameter<I>>::takes) {
      if constexpr (requires { std::get<I>(slots_).value.copy(); }) {
        if (is_later_) std::get<I>(slots_).value.copy();
      }
      if (next < count) std::get<I>(slots_).value.read(env, args[next], Names<Function>::value[next - 2]);
      ++next;
    }
  }

  template <std::size_t... I>
  void call(std::index_sequence<I...>) {
    status_ = Function(object_, argument<I>()...);
    (finish<I>(), ...);
  }
  template <std::size_t I>
  void finish() {
    if constexpr (std::is_same_v<Parameter<I>, kith_rows**>) {
      if (status_ == KITH_OK) status_ = std::get<I>(slots_).finish(How, &error_);
    }
  }
  template <std::size_t I>
  Parameter<I> argument() {
    using Type = Parameter<I>;
    if constexpr (std::is_same_v<Type, kith_error**>) {
      return &error_;
    } else if constexpr (std::is_same_v<Type, std::size_t>) {
      // The count behind fields is their number; a second one the number of rows.
      if constexpr (std::is_same_v<Parameter<I - 1>, const kith_field*>) {
        return std::get<I - 1>(slots_).value.width();
      } else {
        return std::get<I - 2>(slots_).value.height();
      }
    } else if constexpr (std::is_same_v<Type, const ArrowSchema*>) {
      return std::get<I + 1>(slots_).value.schema();
    } else if constexpr (std::is_same_v<Type, const ArrowArray*>) {
      return std::get<I>(slots_).value.first();
    } else {
      return std::get<I>(slots_).get();
    }
  }

  template <std::size_t... I>
  napi_value answers(napi_env env, std::index_sequence<I...>) {
    constexpr std::size_t given = (std::size_t{0} + ... + (Slot<P>::gives ? 1 : 0));
    napi_value out = given == 0 ? undefined(env) : nullptr;
    if constexpr (given > 1) check(napi_create_array_with_length(env, given, &out));
    std::uint32_t at = 0;
    (answer_one<I, given>(env, out, at), ...);
    return out;
  }
  template <std::size_t I, std::size_t Given>
  void answer_one(napi_env env, napi_value& out, std::uint32_t& at) {
    if constexpr (Slot<Parameter<I>>::gives) {
      napi_value value = std::get<I>(slots_).answer(env, How);
      if constexpr (Given == 1) {
        out = value;
      } else {
        check(napi_set_element(env, out, at++, value));
      }
    }
  }

  Object* object_ = nullptr;
  std::tuple<Slot<P>...> slots_;
};

constexpr std::size_t most_arguments = 12;

template <class J>
napi_value call_now(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    std::size_t count = most_arguments;
    napi_value args[most_arguments];
    check(napi_get_cb_info(env, info, &count, args, nullptr, nullptr));
    J job;
    job.read(env, args, count);
    return job.run_here(env);
  });
}

template <class J>
napi_value call_later(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    std::size_t count = most_arguments;
    napi_value args[most_arguments];
    check(napi_get_cb_info(env, info, &count, args, nullptr, nullptr));
    auto job = std::make_unique<J>();
    job->makes_later();
    job->read(env, args, count);
    return Job::run_later(env, std::move(job), args, count);
  });
}

// exports.NAME, and exports.later.NAME, which answers a promise.
template <class J>
void export_job(napi_env env, napi_value exports, const char* name) {
  set_function(env, exports, name, call_now<J>);
  set_function(env, property(env, exports, "later"), name, call_later<J>);
}

}  // namespace kith_node
