// The database, with every verb of kith.h; transactions are in transaction.hpp. Part of kith.hpp.
#ifndef KITH_DATABASE_HPP
#define KITH_DATABASE_HPP

#include <kith/rows.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace kith {
inline namespace cpp {

// In place of a list's name: every list (unsubscribe, pause ...), and no list at all (may_send).
inline constexpr std::nullopt_t all_lists = std::nullopt;
inline constexpr std::nullopt_t transactional = std::nullopt;

struct Options {
  std::uint32_t flags = 0;   // KITH_OPEN_...
  std::int32_t busy_ms = 0;  // 0: the default; -1: not at all
  std::function<std::int64_t()> clock =
      {};  // in ms; empty: the system's. It must not throw or use the database
};

struct Put {
  std::int64_t id = 0;
  std::int32_t outcome = KITH_UNCHANGED;
  bool created() const noexcept { return outcome == KITH_CREATED; }
};

struct Erased {
  std::int64_t event = 0;
  bool pending = false;
};

struct Ran {
  std::int64_t done = 0;
  std::int64_t next = 0;  // when to call again, in ms; 0: nothing is waiting
};

class Database {
 public:
  using Id = std::int64_t;  // of an event, 0: nothing changed
  using List = std::optional<std::string_view>;

  explicit Database(std::string_view path, Options options = {})
      : Database(detail::Text("path", path), options) {}
  // A database without a file.
  static Database memory(Options options = {}) {
    options.flags |= KITH_OPEN_MEMORY;
    return Database(detail::Text("path", std::nullopt), options);
  }
  kith_db* c() const noexcept { return state_->db.get(); }

  // -- The file

  Row info() const { return table(kith_info)[0]; }
  void backup(std::string_view path) const { detail::call(kith_backup, c(), detail::Text("path", path).c()); }
  Rows check(bool repair = false) { return table(kith_check, std::int32_t{repair}); }
  void compact() { detail::call(kith_compact, c()); }
  void cancel() const noexcept { kith_cancel(c()); }

  // Runs `body` in a transaction, and answers what it answers: all of it happens or, when it throws, nothing.
  // On RETRY the outermost transaction runs its body again, so a body must bear being run again.
  template <typename Body>
  std::invoke_result_t<Body&> transaction(Body body, int attempts = 16);

  // -- Kinds

  Rows schema(std::string_view topic = "kinds") const { return table(kith_schema, text("topic", topic).c()); }
  Put put(std::string_view kind, const Fields& fields, const Fields& with = {}) {
    Put result;
    const auto in = fields.c(), extra = with.c();
    detail::call(kith_put, c(), text("kind", kind).c(), in.data(), in.size(), extra.data(), extra.size(),
                 &result.id, &result.outcome);
    return result;
  }
  Rows put_many(std::string_view kind, const Table& rows, std::uint32_t flags = 0, const Fields& with = {}) {
    return put_many(kind, rows.c(), rows.width(), flags, with);
  }
  // Without a copy: rows of `width` fields, one after another.
  Rows put_many(std::string_view kind, std::span<const kith_field> rows, std::size_t width,
                std::uint32_t flags = 0, const Fields& with = {}) {
    const auto extra = with.c();
    return table(kith_put_many, text("kind", kind).c(), rows.data(), width, height(rows, width), flags,
                 extra.data(), extra.size());
  }
  Rows put_batch(std::string_view kind, const ArrowSchema* schema, const ArrowArray* array,
                 std::uint32_t flags = 0, const Fields& with = {}) {
    const auto extra = with.c();
    return table(kith_put_batch, text("kind", kind).c(), schema, array, flags, extra.data(), extra.size());
  }
  Rows put_stream(std::string_view kind, ArrowArrayStream* stream, std::uint32_t flags = 0,
                  const Fields& with = {}) {
    const auto extra = with.c();
    return table(kith_put_stream, text("kind", kind).c(), stream, flags, extra.data(), extra.size());
  }
  std::optional<Row> get(std::string_view kind, std::string_view name) const {
    return table(kith_get, text("kind", kind).c(), text("name", name).c()).first();
  }
  // All that match, page after page; and one page of them (duplicates and the timeline have both as well).
  RowRange find(std::string_view kind, Query query = {}) const {
    return pages(std::move(query), [db = c(), kind = text("kind", kind)](const kith_query* page) {
      return table_of(kith_find, db, kind.c(), page);
    });
  }
  Rows find_page(std::string_view kind, const Query& query = {}) const {
    return table(kith_find, text("kind", kind).c(), detail::QueryInC(query).c());
  }
  std::int64_t count(std::string_view kind, const Query& query = {}) const {
    return number(kith_count, text("kind", kind).c(), detail::QueryInC(query).c());
  }
  Id rename(std::string_view kind, std::string_view name, std::string_view to, const Fields& with = {}) {
    return act(kith_rename, with, text("kind", kind).c(), text("name", name).c(), text("to", to).c());
  }
  Id remove(std::string_view kind, std::string_view name, const Fields& with = {}) {
    return act(kith_remove, with, text("kind", kind).c(), text("name", name).c());
  }

  // -- Leads

  Id merge(std::string_view lead, std::string_view other, const Fields& with = {}) {
    return act(kith_merge, with, text("lead", lead).c(), text("other", other).c());
  }
  Id unmerge(Id merge_event, const Fields& with = {}) { return act(kith_unmerge, with, merge_event); }
  RowRange duplicates(Query query = {}) const {
    return pages(std::move(query),
                 [db = c()](const kith_query* page) { return table_of(kith_duplicates, db, page); });
  }
  Rows duplicates_page(const Query& query = {}) const {
    return table(kith_duplicates, detail::QueryInC(query).c());
  }
  Rows search(std::string_view words, std::int64_t limit) const {
    return table(kith_search, text("text", words).c(), limit);
  }
  Erased erase(std::string_view lead, const Fields& with = {}) {
    std::int32_t pending = 0;
    Erased result;
    const auto extra = with.c();
    detail::call(kith_erase, c(), text("lead", lead).c(), extra.data(), extra.size(), &pending,
                 &result.event);
    result.pending = pending != 0;
    return result;
  }
  // JSON documents.
  std::string export_lead(std::string_view lead) const {
    return document(kith_export_lead, text("lead", lead).c());
  }
  std::string consent_proof(std::string_view lead) const {
    return document(kith_consent_proof, text("lead", lead).c());
  }
  Id suppress(std::string_view target, const Fields& with = {}) {
    return act(kith_suppress, with, text("target", target).c());
  }
  Id unsuppress(std::string_view target, const Fields& with = {}) {
    return act(kith_unsuppress, with, text("target", target).c());
  }

  // -- Tags. The verbs in _where answer how many leads they changed

  Id assign(std::string_view lead, std::string_view tag, const Fields& with = {}) {
    return act(kith_assign, with, text("lead", lead).c(), text("tag", tag).c());
  }
  Id unassign(std::string_view lead, std::string_view tag, const Fields& with = {}) {
    return act(kith_unassign, with, text("lead", lead).c(), text("tag", tag).c());
  }
  std::int64_t assign_where(const Query& query, std::string_view tag, const Fields& with = {}) {
    return act(kith_assign_where, with, detail::QueryInC(query).c(), text("tag", tag).c());
  }
  std::int64_t unassign_where(const Query& query, std::string_view tag, const Fields& with = {}) {
    return act(kith_unassign_where, with, detail::QueryInC(query).c(), text("tag", tag).c());
  }
  Id merge_tags(std::string_view tag, std::string_view other, const Fields& with = {}) {
    return act(kith_merge_tags, with, text("tag", tag).c(), text("other", other).c());
  }

  // -- Lists and consent. In place of a list, kith::all_lists

  Id subscribe(std::string_view lead, std::string_view list, const Fields& with = {}) {
    return act(kith_subscribe, with, text("lead", lead).c(), text("list", list).c());
  }
  Id unsubscribe(std::string_view lead, List list, const Fields& with = {}) {
    return act(kith_unsubscribe, with, text("lead", lead).c(), text("list", list).c());
  }
  std::int64_t subscribe_where(const Query& query, std::string_view list, const Fields& with = {}) {
    return act(kith_subscribe_where, with, detail::QueryInC(query).c(), text("list", list).c());
  }
  std::int64_t unsubscribe_where(const Query& query, std::string_view list, const Fields& with = {}) {
    return act(kith_unsubscribe_where, with, detail::QueryInC(query).c(), text("list", list).c());
  }
  Id report(std::string_view lead, List list, std::string_view what, const Fields& with = {}) {
    return act(kith_report, with, text("lead", lead).c(), text("list", list).c(), text("what", what).c());
  }
  Id pause(std::string_view lead, List list, const Fields& with) {
    return act(kith_pause, with, text("lead", lead).c(), text("list", list).c());
  }
  Id resume(std::string_view lead, List list, const Fields& with = {}) {
    return act(kith_resume, with, text("lead", lead).c(), text("list", list).c());
  }
  Id sms_received(std::string_view phone, std::string_view message, const Fields& with = {}) {
    return act(kith_sms_received, with, text("phone", phone).c(), text("text", message).c());
  }
  // A row of allowed, why, detail. In place of a list, kith::transactional.
  Row may_send(std::string_view lead, List list, const Fields& with = {}) const {
    const auto extra = with.c();
    return table(kith_may_send, text("lead", lead).c(), text("list", list).c(), extra.data(),
                 extra.size())[0];
  }

  // -- Tokens

  Row token(std::string_view lead, std::string_view purpose, const Fields& with = {}) {
    const auto extra = with.c();
    return table(kith_token, text("lead", lead).c(), text("purpose", purpose).c(), extra.data(),
                 extra.size())[0];
  }
  std::optional<Row> token_look(std::string_view token) const {
    return table(kith_token_look, text("token", token).c()).first();
  }
  Id token_revoke(std::string_view token, const Fields& with = {}) {
    return act(kith_token_revoke, with, text("token", token).c());
  }
  Id confirm(std::string_view token, const Fields& with = {}) {
    return act(kith_confirm, with, text("token", token).c());
  }
  Id unsubscribe_by_token(std::string_view token, const Fields& with = {}) {
    return act(kith_unsubscribe_by_token, with, text("token", token).c());
  }
  Rows preferences(std::string_view token) const { return table(kith_preferences, text("token", token).c()); }
  std::int64_t set_preferences(std::string_view token, const Fields& lists, const Fields& with = {}) {
    const auto in = lists.c();
    return act(kith_set_preferences, with, text("token", token).c(), in.data(), in.size());
  }
  std::string my_data(std::string_view token) const {
    return document(kith_my_data, text("token", token).c());
  }

  // -- Log and time

  Id record(std::string_view lead, std::string_view kind, std::optional<std::string_view> data = std::nullopt,
            const Fields& with = {}) {
    return act(kith_record, with, text("lead", lead).c(), text("kind", kind).c(), text("data", data).c());
  }
  Rows record_many(const Table& rows, std::uint32_t flags = 0, const Fields& with = {}) {
    return record_many(rows.c(), rows.width(), flags, with);
  }
  Rows record_many(std::span<const kith_field> rows, std::size_t width, std::uint32_t flags = 0,
                   const Fields& with = {}) {
    const auto extra = with.c();
    return table(kith_record_many, rows.data(), width, height(rows, width), flags, extra.data(),
                 extra.size());
  }
  RowRange timeline(std::string_view lead, Query query = {}) const {
    return pages(std::move(query), [db = c(), lead = text("lead", lead)](const kith_query* page) {
      return table_of(kith_timeline, db, lead.c(), page);
    });
  }
  Rows timeline_page(std::string_view lead, const Query& query = {}) const {
    return table(kith_timeline, text("lead", lead).c(), detail::QueryInC(query).c());
  }
  Rows why(Id event) const { return table(kith_why, event); }
  Rows events_after(Id id, std::int64_t limit = 0) const { return table(kith_events_after, id, limit); }
  Ran run(std::int64_t limit = 0) {
    Ran result;
    detail::call(kith_run, c(), limit, &result.done, &result.next);
    return result;
  }

  // -- Reading

  Rows sql(std::string_view sql, const std::vector<Value>& args = {}) const {
    const auto in = detail::arguments(args);
    return table(kith_sql, text("sql", sql).c(), in.data(), in.size());
  }

 private:
  friend class Transaction;

  // What must stay where it is while the database moves. The handle goes first, for it calls the clock.
  struct State {
    std::function<std::int64_t()> clock;
    std::unique_ptr<kith_db, detail::Free> db;
    int depth = 0;  // open transactions
  };

  Database(const detail::Text& path, Options& options) : state_(std::make_unique<State>()) {
    state_->clock = std::move(options.clock);
    kith_options in{};
    in.size = sizeof in;
    in.flags = options.flags;
    in.busy_ms = options.busy_ms;
    if (state_->clock) {
      in.now = [](void* state) noexcept { return static_cast<State*>(state)->clock(); };
      in.user = state_.get();
    }
    kith_db* db = nullptr;
    detail::call(kith_open, path.c(), &in, &db);
    state_->db.reset(db);
  }

  static detail::Text text(std::string_view name, List text) { return {name, text}; }
  static std::size_t height(std::span<const kith_field> rows, std::size_t width) {
    if (width == 0 ? !rows.empty() : rows.size() % width != 0) {
      throw Error(KITH_MISUSE, "width",
                  std::to_string(rows.size()) + " fields are no rows of " + std::to_string(width));
    }
    return width == 0 ? 0 : rows.size() / width;
  }

  // The shapes that C functions have: those that answer a table, a document, a number, and what a verb did.
  template <typename Function, typename... Args>
  static Rows table_of(Function function, kith_db* db, Args... args) {
    kith_rows* rows = nullptr;
    detail::call(function, db, args..., &rows);
    return Rows(rows);
  }
  template <typename Function, typename... Args>
  Rows table(Function function, Args... args) const {
    return table_of(function, c(), args...);
  }
  template <typename Function, typename... Args>
  std::string document(Function function, Args... args) const {
    return table(function, args...)[0]["document"].text();
  }
  template <typename Function, typename... Args>
  std::int64_t number(Function function, Args... args) const {
    std::int64_t result = 0;
    detail::call(function, c(), args..., &result);
    return result;
  }
  template <typename Function, typename... Args>
  std::int64_t act(Function function, const Fields& with, Args... args) {
    const auto extra = with.c();
    return number(function, args..., extra.data(), extra.size());
  }
  template <typename Fetch>
  static RowRange pages(Query query, Fetch fetch) {
    return RowRange([query = std::move(query), fetch = std::move(fetch), last = false]() mutable {
      if (last) return Rows();
      Rows rows = fetch(detail::QueryInC(query).c());
      query.after = rows.next();
      last = !query.after;
      return rows;
    });
  }

  std::unique_ptr<State> state_;
};

}  // namespace cpp
}  // namespace kith
#endif
