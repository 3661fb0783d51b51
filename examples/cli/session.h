// One run of the command: the file, the clock, the form of the answer, and what every verb is told beside
// (`with`). It knows no verb.
#pragma once

#include <functional>
#include <kith.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "output.h"

namespace kith_cli {

// The command line is wrong: exit 2.
class Usage : public std::runtime_error {
  using std::runtime_error::runtime_error;
};
// The command line is right but it cannot be done: exit 1.
class Failed : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Session {
 public:
  Style style;
  std::string file;
  std::vector<std::string> columns;  // which were asked for; empty: all
  std::vector<std::string> order;    // in a table, without `columns`: which come first
  std::optional<int64_t> clock;      // what the library takes for now; none: the time of the machine
  kith::Fields extras;               // what goes into `with`, from options

  // The file, opened at the first call. It must exist.
  kith::Database& db();
  // The same, but a missing file is made, and that is said on standard error.
  kith::Database& db_or_new();
  // The same; throws Failed when the file exists.
  kith::Database& new_db();
  // For completion: opens to read only; null when that cannot be done.
  kith::Database* db_if_readable();
  // A file that is not there, for questions that need none.
  kith::Database& db_in_memory();
  // The file where there is one: what can be asked without a file may be answered otherwise in one.
  kith::Database& db_or_memory();

  int64_t now() const;

 private:
  kith::Database& open(uint32_t flags);
  std::optional<kith::Database> db_;
};

// "7" is lead 7; everything else is as kith.h has it.
std::string lead_name(const std::string& word);
// The same for the NAME of a KIND: leads and what has no name, such as notes, have bare numbers.
std::string thing_name(kith::Database& db, const std::string& kind, const std::string& word);
// The same for the value of a field that refers to such a kind.
std::string field_value(kith::Database& db, const std::string& kind, const std::string& field,
                        const std::string& word);

enum class Direction { past, future };
// A time that an option was given: RFC 3339, a date, milliseconds, or a span counted from now.
int64_t parse_time(const Session& session, std::string_view option, std::string_view text, Direction spans);
// A whole number that an option was given, 0 or more.
int64_t parse_count(std::string_view option, std::string_view text);
// "a,b" as {"a", "b"}, without spaces and empty ones.
std::vector<std::string> split_list(std::string_view text);

// Each shows an answer and gives the exit code.

// What a verb did: "`what` (event 12)", or that nothing changed.
int report(const Session& session, std::string_view what, int64_t event);
// What a verb did to many: "12 leads changed".
int report_many(const Session& session, int64_t changed);
// A row as one thing.
int show_record(const Session& session, const kith::Row& row);
// All rows that are there, or the first `most`.
int show_rows(const Session& session, const kith::Rows& rows, int64_t most = INT64_MAX);
// The first `limit` of rows that are all here; none means 50 in a table, 0 all.
int show_first(const Session& session, const kith::Rows& rows, std::optional<int64_t> limit);

// A page of at most `limit` rows that begins at `after` (none: at the beginning), and where the next begins
// (none: this is the last).
struct Page {
  Page(kith::Rows page) : rows(std::move(page)), next(rows.next()) {}
  kith::Rows rows;
  std::optional<std::string> next;
};
using Fetch = std::function<Page(const std::optional<std::string>& after, int64_t limit)>;
// Shows page after page, holding one at a time. `limit`: none means 50 rows in a table and all elsewhere,
// 0 all. `total`, if given, is asked for the remark about rows that are not shown.
int show_pages(const Session& session, std::optional<int64_t> limit, const Fetch& fetch,
               const std::function<int64_t()>& total = nullptr);

}  // namespace kith_cli
