#include "core/info.h"

#include <optional>

#include "base/failure.h"
#include "base/text.h"
#include "sql/file_facts.h"
#include "sql/sandbox.h"

namespace kith {

namespace {

std::string setting(Operation& op, std::string_view name) {
  Statement row = op.db.query("SELECT value FROM setting WHERE name = $1", name);
  return row.step() ? std::string(row.text(0)) : std::string();
}

Meaning meaning_of(SqlType type) {
  switch (type) {
    case SqlType::integer: return Meaning::integer;
    case SqlType::real: return Meaning::real;
    default: return Meaning::text;
  }
}

std::string hex(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (std::uint8_t byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

// SQL can make text that is none, such as CAST(x'ff' AS TEXT) or char(0).
std::string mended(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    char32_t code_point = next_code_point(text, at);
    append_utf8(out, code_point == 0 ? U'\ufffd' : code_point);
  }
  return out;
}

void set_cell(RowsBuilder& rows, const Statement& statement, int column) {
  switch (statement.type(column)) {
    case SqlType::blob: rows.set_text(column, hex(statement.blob(column))); break;
    case SqlType::text: {
      std::string_view text = statement.text(column);
      if (valid_utf8(text)) {
        rows.set_text(column, text);
      } else {
        rows.set_text(column, mended(text));
      }
      break;
    }
    default: rows.set_column(statement, column, column);
  }
}

std::size_t bytes_of(const Statement& statement) {
  std::size_t bytes = 0;
  for (int column = 0; column < statement.columns(); ++column) {
    bytes += 16;
    SqlType type = statement.type(column);
    if (type == SqlType::text) bytes += statement.text(column).size();
    if (type == SqlType::blob) bytes += statement.blob(column).size() * 2;
  }
  return bytes;
}

}  // namespace

RowsPtr file_info(Operation& op, std::string_view path) {
  FileFacts facts = file_facts(op.db);
  RowsBuilder rows({{"path", Meaning::text},
                    {"file_id", Meaning::text},
                    {"schema", Meaning::integer},
                    {"kith", Meaning::text},
                    {"sqlite", Meaning::text},
                    {"page_size", Meaning::integer},
                    {"pages", Meaning::integer},
                    {"free_pages", Meaning::integer},
                    {"wal_bytes", Meaning::integer},
                    {"leads", Meaning::integer},
                    {"last_event", Meaning::id}});
  std::string file_id = setting(op, "file_id");
  rows.add({path, file_id, facts.schema, KITH_VERSION_STRING, engine_version(), facts.page_size, facts.pages, facts.free_pages,
            facts.log_bytes, op.sets.count_everybody(), op.ids.last("event")});
  return rows.finish();
}

RowsPtr run_select(Operation& op, std::string_view sql, std::span<const Value> args) {
  Sandbox sandbox(op.db);
  Statement statement = sandbox.prepare(sql);
  auto given = static_cast<int>(args.size());
  if (statement.parameters() > given) fail(Status::invalid, "args", "?{} has no value: {} of them came", given + 1, given);
  if (statement.parameters() < given) {
    fail(Status::invalid, "args", "{} values came, and the statement uses {}", given, statement.parameters());
  }
  for (int i = 0; i < given; ++i) bind_value(statement, i + 1, args[static_cast<std::size_t>(i)]);

  bool more = sandbox.step(statement);
  std::vector<Rows::Column> columns;
  for (int column = 0; column < statement.columns(); ++column) {
    std::string name = mended(statement.column_name(column));
    columns.push_back({name, more ? meaning_of(statement.type(column)) : Meaning::text});
  }
  RowsBuilder rows(std::move(columns));
  std::size_t bytes = 0;
  for (; more; more = sandbox.step(statement)) {
    if (rows.count() == most_sql_rows) {
      fail(Status::limit, "sql", "the answer has more than {} rows: ask for less, with LIMIT", most_sql_rows);
    }
    bytes += bytes_of(statement);
    if (bytes > most_sql_bytes) fail(Status::limit, "sql", "the answer has more than {} MB: ask for less", most_sql_bytes >> 20);
    rows.add_row();
    for (int column = 0; column < statement.columns(); ++column) set_cell(rows, statement, column);
  }
  return rows.finish();
}

}  // namespace kith
