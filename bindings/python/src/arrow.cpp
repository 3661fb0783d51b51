// Arrow's C interface as Python has it: capsules around streams and batches, in and out. A stream of what a query
// finds fetches page after page, for consumers that never touch Python.
#include <kith_arrow.h>

#include <cerrno>
#include <new>

#include "handle.h"
#include "rows.h"

namespace kithpy {

namespace {

template <class Struct>
void release_capsule(PyObject* capsule, const char* name) {
  auto* held = static_cast<Struct*>(PyCapsule_GetPointer(capsule, name));
  if (held == nullptr) return;
  if (held->release != nullptr) held->release(held);
  delete held;
}

constexpr const char* stream_name = "arrow_array_stream";
constexpr const char* schema_name = "arrow_schema";
constexpr const char* array_name = "arrow_array";

PyObject* capsule_of(ArrowArrayStream* stream) {
  PyObject* capsule = PyCapsule_New(
      stream, stream_name, [](PyObject* self) { release_capsule<ArrowArrayStream>(self, stream_name); });
  if (capsule == nullptr) {
    if (stream->release != nullptr) stream->release(stream);
    delete stream;
  }
  return capsule;
}

// `requested_schema` is a wish, and none can be granted: the columns are what they are.
bool takes_requested_schema(PyObject* args, PyObject* named) {
  static const char* const names[] = {"requested_schema", nullptr};
  PyObject* wish = nullptr;
  return PyArg_ParseTupleAndKeywords(args, named, "|O", const_cast<char**>(names), &wish) != 0;
}

// The pages of a query. It shares the core, so the database stays open as long as the stream, unless it is closed.
struct PageStream {
  std::shared_ptr<Core> core;
  Who who = this_thread();  // threads of its reader go on in the transaction that it was made in
  std::string kind;
  Keep keep;  // the texts of the query
  Query query;
  std::string after;
  std::int64_t left = -1;  // rows still wanted; -1: all
  bool ended = false;
  kith_rows* first = nullptr;  // the first page, for who asks for the schema again
  ArrowSchema schema = {};     // of the page that waits
  ArrowArray waiting = {};     // a page that was fetched and not yet handed over
  std::vector<std::string> formats;
  std::string failure;

  ~PageStream() {
    kith_rows_free(first);
    if (schema.release != nullptr) schema.release(&schema);
    if (waiting.release != nullptr) waiting.release(&waiting);
  }
};

// Few enough that a page is still in the processor's cache when its columns are gathered: a quarter faster than 65,536.
constexpr std::int64_t page_rows = 8192;

// Without the GIL, which the caller may hold or not: another thread's call may be waiting for it in a clock.
template <class Work>
void without_gil(Work work) {
  struct Gil {
    PyGILState_STATE state = PyGILState_Ensure();
    ~Gil() { PyGILState_Release(state); }
  } gil;
  WithoutGil free;
  work();
}

// What an Arrow consumer calls is left by no C++ exception either.
template <class Work>
int answered(Work work) noexcept {
  try {
    return work();
  } catch (...) {
    return ENOMEM;
  }
}

int failed(PageStream& own, const std::string& message, int code) {
  own.failure = message;
  own.ended = true;
  return code;
}

kith_query next_query(const PageStream& own) {
  kith_query query = *own.query.c();
  query.limit = own.left < 0 || own.left > page_rows ? page_rows : own.left == 0 ? 1 : own.left;
  if (own.first != nullptr) query.after = own.after.c_str();
  return query;
}

// Makes a page what waits, and takes it over. Each is exported once, for that copies its texts.
int accept(PageStream& own, kith_rows* page) {
  const char* next = kith_rows_next(page);
  if (next != nullptr) own.after = next;
  if (own.left > 0) own.left -= kith_rows_count(page);
  own.ended = next == nullptr || own.left == 0;
  kith_error* error = nullptr;
  kith_status status = kith_rows_arrow(page, &own.schema, &own.waiting, &error);
  bool is_first = own.first == nullptr;
  if (is_first) {
    own.first = page;
  } else {
    kith_rows_free(page);
  }
  std::string message = kith_error_message(error);
  kith_error_free(error);
  if (status != KITH_OK) return failed(own, message, EIO);
  std::vector<std::string> formats;
  for (std::int64_t i = 0; i < own.schema.n_children; ++i)
    formats.emplace_back(own.schema.children[i]->format);
  if (is_first) {
    own.formats = std::move(formats);
    return 0;
  }
  own.schema.release(&own.schema);
  if (formats == own.formats) return 0;
  own.waiting.release(&own.waiting);
  return failed(own, "the columns changed while they were being read", EIO);
}

void without_python_error() {
  PyGILState_STATE state = PyGILState_Ensure();
  PyErr_Clear();
  Py_XDECREF(std::exchange(clock_error, nullptr));
  PyGILState_Release(state);
}

int fetch(PageStream& own) {
  if (inside == own.core.get())
    return failed(own, "the database that is reading this stream cannot also be its source", EINVAL);
  kith_query query = next_query(own);
  kith_error* error = nullptr;
  kith_status status = KITH_MISUSE;
  kith_rows* page = nullptr;
  int code = 0;
  Core::Turn turn = Core::Turn::closed;
  bool clock_failed = false;
  without_gil([&] {
    {
      Call call(*own.core, own.who, Act::call);
      turn = call.turn();
      if (turn == Core::Turn::taken)
        status = call.done(kith_find(own.core->db, own.kind.c_str(), &query, &page, &error));
    }
    if (page != nullptr) code = accept(own, page);
  });
  if (clock_error != nullptr ||
      turn == Core::Turn::signalled) {  // a stream has words alone for what was raised
    without_python_error();
    clock_failed = true;
  }
  if (page != nullptr) return code;
  std::string message = clock_failed                 ? "the clock or a signal's handler raised"
                        : turn == Core::Turn::closed ? "the database is closed"
                        : turn == Core::Turn::forked ? "the database was opened in another process"
                        : turn == Core::Turn::busy ? "another thread has had a transaction open for too long"
                                                   : kith_error_message(error);
  kith_error_free(error);
  return failed(own, message, status == KITH_NO_MEMORY ? ENOMEM : EIO);
}

PageStream& page_stream(ArrowArrayStream* stream) { return *static_cast<PageStream*>(stream->private_data); }

int pages_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  PageStream& own = page_stream(stream);
  *out = {};
  if (own.schema.release != nullptr) {
    *out = std::exchange(own.schema, {});
    return 0;
  }
  ArrowArray array = {};
  kith_error* error = nullptr;
  kith_status status = kith_rows_arrow(own.first, out, &array, &error);
  std::string message = kith_error_message(error);
  kith_error_free(error);
  if (status != KITH_OK) return failed(own, message, EIO);
  array.release(&array);
  return 0;
}

int pages_next(ArrowArrayStream* stream, ArrowArray* out) {
  PageStream& own = page_stream(stream);
  *out = {};  // released already: the end
  if (own.waiting.release == nullptr) {
    if (own.ended) return own.failure.empty() ? 0 : EIO;
    if (int code = fetch(own)) return code;
  }
  *out = std::exchange(own.waiting, {});
  return 0;
}

const char* pages_error(ArrowArrayStream* stream) {
  const std::string& failure = page_stream(stream).failure;
  return failure.empty() ? nullptr : failure.c_str();
}

void pages_release(ArrowArrayStream* stream) {
  auto* own = static_cast<PageStream*>(std::exchange(stream->private_data, nullptr));
  stream->release = nullptr;
  if (Py_IsInitialized() == 0) return;  // the process is ending
  PyGILState_STATE state = PyGILState_Ensure();
  {
    WithoutGil free;
    delete own;  // the last one closes the database
  }
  PyGILState_Release(state);
}

}  // namespace

PyObject* handle_find_stream(PyObject* self, PyObject* args) {
  PyObject *kind_object, *query_object;
  if (!PyArg_ParseTuple(args, "OO", &kind_object, &query_object)) return nullptr;
  auto own = std::make_unique<PageStream>();
  const char* kind;
  if (!text_of(kind_object, "kind", own->keep, kind)) return nullptr;
  if (kind == nullptr || query_object == Py_None) {
    PyErr_SetString(PyExc_TypeError, "a kind and a query are wanted");
    return nullptr;
  }
  own->kind = kind;
  if (!own->query.parse(query_object, own->keep)) return nullptr;
  own->core = *reinterpret_cast<Handle*>(self)->core;
  own->left = own->query.c()->limit;
  // The first page now, so that what is wrong with the query is an exception and no failure of a stream.
  kith_query query = next_query(*own);
  kith_rows* page = nullptr;
  int code = 0;
  auto work = [&](kith_db* db, kith_error** error) {
    kith_status status = kith_find(db, own->kind.c_str(), &query, &page, error);
    if (page != nullptr) code = accept(*own, page);
    return status;
  };
  if (!run(*own->core, work)) return nullptr;
  if (code != 0) return raise_status(KITH_INTERNAL, own->failure);
  if (own->query.c()->limit == 0) own->waiting.release(&own->waiting);  // no rows are wanted: only the schema
  auto* stream = new ArrowArrayStream{};
  stream->get_schema = [](ArrowArrayStream* of, ArrowSchema* out) {
    return answered([&] { return pages_schema(of, out); });
  };
  stream->get_next = [](ArrowArrayStream* of, ArrowArray* out) {
    return answered([&] { return pages_next(of, out); });
  };
  stream->get_last_error = pages_error;
  stream->release = pages_release;
  stream->private_data = own.release();
  return capsule_of(stream);
}

PyObject* rows_arrow_stream(PyObject* self, PyObject* args, PyObject* named) {
  if (!takes_requested_schema(args, named)) return nullptr;
  auto* stream = new ArrowArrayStream{};
  kith_error* error = nullptr;
  kith_status status = kith_rows_arrow_stream(reinterpret_cast<RowsObject*>(self)->rows, stream, &error);
  if (status == KITH_OK) return capsule_of(stream);
  delete stream;
  return raise_error(status, error);
}

PyObject* rows_arrow_array(PyObject* self, PyObject* args, PyObject* named) {
  if (!takes_requested_schema(args, named)) return nullptr;
  auto schema = std::make_unique<ArrowSchema>();
  auto array = std::make_unique<ArrowArray>();
  kith_error* error = nullptr;
  kith_status status =
      kith_rows_arrow(reinterpret_cast<RowsObject*>(self)->rows, schema.get(), array.get(), &error);
  if (status != KITH_OK) return raise_error(status, error);
  Ref first(PyCapsule_New(schema.release(), schema_name,
                          [](PyObject* capsule) { release_capsule<ArrowSchema>(capsule, schema_name); }));
  Ref second(PyCapsule_New(array.release(), array_name,
                           [](PyObject* capsule) { release_capsule<ArrowArray>(capsule, array_name); }));
  return first && second ? PyTuple_Pack(2, first.get(), second.get()) : nullptr;
}

namespace {

struct Incoming {
  Keep keep;
  const char* kind = nullptr;
  std::vector<kith_field> with;
  bool parse(PyObject* kind_object, PyObject* with_object) {
    return text_of(kind_object, "kind", keep, kind) && fields_of(with_object, true, keep, with);
  }
};

// What the consumer of a capsule is asked to do: it is the owner from here on.
PyObject* answer(OwnedRows& out) { return make_rows(out.take(), nullptr, row_type); }

}  // namespace

PyObject* handle_put_stream(PyObject* self, PyObject* args) {
  PyObject *kind, *capsule, *with;
  unsigned int flags;
  if (!PyArg_ParseTuple(args, "OOIO", &kind, &capsule, &flags, &with)) return nullptr;
  Incoming given;
  auto* stream = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule, stream_name));
  if (stream == nullptr || !given.parse(kind, with)) return nullptr;
  OwnedRows out;
  auto work = [&](kith_db* db, kith_error** error) {
    return kith_put_stream(db, given.kind, stream, flags, given.with.data(), given.with.size(), &out.rows,
                           error);
  };
  return run(core_of(self), work) ? answer(out) : nullptr;
}

PyObject* handle_put_batch(PyObject* self, PyObject* args) {
  PyObject *kind, *schema_capsule, *array_capsule, *with;
  unsigned int flags;
  if (!PyArg_ParseTuple(args, "OOOIO", &kind, &schema_capsule, &array_capsule, &flags, &with)) return nullptr;
  Incoming given;
  auto* schema = static_cast<ArrowSchema*>(PyCapsule_GetPointer(schema_capsule, schema_name));
  if (schema == nullptr) return nullptr;
  auto* array = static_cast<ArrowArray*>(PyCapsule_GetPointer(array_capsule, array_name));
  if (array == nullptr || !given.parse(kind, with)) return nullptr;
  OwnedRows out;
  auto work = [&](kith_db* db, kith_error** error) {
    return kith_put_batch(db, given.kind, schema, array, flags, given.with.data(), given.with.size(),
                          &out.rows, error);
  };
  return run(core_of(self), work) ? answer(out) : nullptr;
}

}  // namespace kithpy
