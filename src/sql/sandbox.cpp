#include "sql/sandbox.h"

#include <sys/resource.h>

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "sqlite3.h"

namespace kith {

namespace {

constexpr int steps_between_looks = 100;  // each may make a value of 16 MB
constexpr std::chrono::milliseconds between_looks_at_memory{5};

// The most memory that the process has had, in bytes: the engine is built without counting its own, and sorts, groups and
// what a recursion has seen already would otherwise grow for as long as the statement may run.
std::int64_t peak_memory() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return std::int64_t{usage.ru_maxrss} * 1024;
}

struct Limit {
  int id;
  int most;
};
// 100 KB of text, 16 MB a value; the rest so that nothing deep or wide takes long before the first step.
constexpr Limit limits_inside[] = {
    {SQLITE_LIMIT_LENGTH, 16 * 1024 * 1024}, {SQLITE_LIMIT_SQL_LENGTH, 100 * 1024}, {SQLITE_LIMIT_COLUMN, 1000},
    {SQLITE_LIMIT_EXPR_DEPTH, 200},          {SQLITE_LIMIT_COMPOUND_SELECT, 50},    {SQLITE_LIMIT_VDBE_OP, 100000},
    {SQLITE_LIMIT_FUNCTION_ARG, 100},        {SQLITE_LIMIT_VARIABLE_NUMBER, 1000},  {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000},
};

// What reads nothing but its arguments. Sorted.
constexpr std::string_view functions[] = {
    "->", "->>", "abs", "avg", "bm25", "ceil", "ceiling", "char", "coalesce", "concat", "concat_ws", "count", "cume_dist", "current_date",
    "current_time", "current_timestamp", "date", "datetime", "dense_rank", "first_value", "floor", "format", "glob", "group_concat", "hex",
    "highlight", "ifnull", "iif", "instr", "json", "json_array", "json_array_length", "json_each", "json_extract", "json_group_array",
    "json_group_object", "json_object", "json_patch", "json_quote", "json_tree", "json_type", "json_valid", "julianday", "lag", "last_value",
    "lead", "length", "like", "likelihood", "likely", "lower", "ltrim", "match", "max", "median", "min", "nth_value", "ntile", "nullif",
    "octet_length", "percent_rank", "percentile", "printf", "quote", "rank", "replace", "round", "row_number", "rtrim", "sign", "snippet",
    "strftime", "string_agg", "substr", "substring", "sum", "time", "timediff", "total", "trim", "typeof", "unhex", "unicode", "unixepoch",
    "unlikely", "upper"};
static_assert(std::is_sorted(std::begin(functions), std::end(functions)));

const char* name_of(int action) {
  switch (action) {
    case SQLITE_INSERT: return "writing";
    case SQLITE_UPDATE: return "writing";
    case SQLITE_DELETE: return "writing";
    case SQLITE_ATTACH:
    case SQLITE_DETACH: return "attaching another file";
    case SQLITE_PRAGMA: return "a PRAGMA";
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT: return "a transaction";
    default: return "changing the schema";
  }
}

}  // namespace

Sandbox::Sandbox(Connection& db, const SandboxLimits& limits)
    : db_(db), end_(std::chrono::steady_clock::now() + limits.time), time_(limits.time), memory_(limits.memory), peak_before_(peak_memory()) {
  static_assert(std::size(limits_inside) <= std::size(decltype(saved_limits_){}));
  db_.run_script("PRAGMA query_only=ON");
  for (std::size_t i = 0; i < std::size(limits_inside); ++i) {
    saved_limits_[i] = sqlite3_limit(db_.raw(), limits_inside[i].id, limits_inside[i].most);
  }
  sqlite3_progress_handler(db_.raw(), steps_between_looks, &Sandbox::progress, this);
  db_.watch_statements(&Sandbox::authorize, this);
}

Sandbox::~Sandbox() {
  db_.watch_statements(nullptr, nullptr);
  sqlite3_progress_handler(db_.raw(), 0, nullptr, nullptr);
  for (std::size_t i = 0; i < std::size(limits_inside); ++i) sqlite3_limit(db_.raw(), limits_inside[i].id, saved_limits_[i]);
  Connection::Undisturbed undisturbed(db_);
  if (!db_.read_only()) sqlite3_exec(db_.raw(), "PRAGMA query_only=OFF", nullptr, nullptr, nullptr);
}

int Sandbox::progress(void* self) {
  auto* sandbox = static_cast<Sandbox*>(self);
  if (sandbox->db_.cancelled()) return 1;
  auto now = std::chrono::steady_clock::now();
  sandbox->late_ = now >= sandbox->end_;
  if (now - sandbox->looked_ >= between_looks_at_memory) {
    sandbox->looked_ = now;
    sandbox->greedy_ = peak_memory() - sandbox->peak_before_ > sandbox->memory_;
  }
  return sandbox->late_ || sandbox->greedy_ ? 1 : 0;
}

int Sandbox::authorize(void* self, int action, const char* first, const char* second, const char*, const char*) {
  auto view = [](const char* text) { return text == nullptr ? std::string_view() : std::string_view(text); };
  try {
    return static_cast<Sandbox*>(self)->judge(action, view(first), view(second));
  } catch (...) {
    return SQLITE_DENY;  // no memory for the reason
  }
}

int Sandbox::judge(int action, std::string_view first, std::string_view second) {
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE: return SQLITE_OK;
    case SQLITE_READ:
      // What a token's hash is worth, nobody needs to read: it comes out as NULL.
      return first == "token" && second == "hash" ? SQLITE_IGNORE : SQLITE_OK;
    case SQLITE_PRAGMA:
      // The search index asks it before a MATCH: whether somebody else has changed the file.
      if (first == "data_version" && second.empty()) return SQLITE_OK;
      if (denied_.empty()) denied_ = name_of(action);
      return SQLITE_DENY;
    case SQLITE_FUNCTION: {
      std::string name(second);
      std::transform(name.begin(), name.end(), name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
      if (std::binary_search(std::begin(functions), std::end(functions), std::string_view(name))) return SQLITE_OK;
      if (denied_.empty()) denied_ = "the function " + shown(second);
      return SQLITE_DENY;
    }
    default:
      if (denied_.empty()) denied_ = name_of(action);
      return SQLITE_DENY;
  }
}

// The failure in this place's terms.
void Sandbox::fail_with(const Failure& failure) const {
  if (!denied_.empty()) fail(Status::refused, "sql", "only reading is allowed here: {} is not", denied_);
  if (greedy_) fail(Status::limit, "sql", "the statement takes more than {} MB of memory", memory_ >> 20);
  if (late_) {
    auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time_).count();
    fail(Status::cancelled, "sql", "the statement ran for more than {} s", seconds);
  }
  switch (failure.status()) {
    case Status::internal: throw Failure(Status::invalid, "sql", failure.sentence());
    case Status::limit: fail(Status::limit, "sql", "the statement, or a value that it makes, is too long");
    case Status::read_only: fail(Status::refused, "sql", "only reading is allowed here");
    default: throw failure;
  }
}

Statement Sandbox::prepare(std::string_view text) {
  try {
    Statement statement = db_.prepare_foreign(text);
    if (!statement.reads_only()) fail(Status::refused, "sql", "only reading is allowed here");
    if (statement.columns() == 0) fail(Status::refused, "sql", "a statement without an answer is not allowed here: write a SELECT");
    return statement;
  } catch (const Failure& failure) {
    fail_with(failure);
  }
}

bool Sandbox::step(Statement& statement) {
  try {
    return statement.step();
  } catch (const Failure& failure) {
    fail_with(failure);
  }
}

}  // namespace kith
