#include "sql/statement.h"

#include <bit>
#include <new>

#include "base/failure.h"
#include "base/text.h"
#include "sql/connection.h"
#include "sql/slot.h"
#include "sqlite3.h"

namespace kith {

Statement::Slot::~Slot() { sqlite3_finalize(statement); }

Statement::~Statement() {
  if (slot_ == nullptr) return;
  sqlite3_reset(slot_->statement);
  if (slot_->parameters > 0) sqlite3_clear_bindings(slot_->statement);
  if (slot_->lasting) {
    slot_->in_use = false;
  } else {
    delete slot_;
  }
}

void Statement::bind(int index, std::nullptr_t) {
  if (int code = sqlite3_bind_null(slot_->statement, index); code != SQLITE_OK) connection_->fail_with(code);
}
void Statement::bind(int index, std::int64_t value) {
  if (int code = sqlite3_bind_int64(slot_->statement, index, value); code != SQLITE_OK) connection_->fail_with(code);
}
void Statement::bind(int index, double value) {
  if (int code = sqlite3_bind_double(slot_->statement, index, value); code != SQLITE_OK) connection_->fail_with(code);
}
void Statement::bind(int index, std::string_view value) {
  const char* data = value.data() == nullptr ? "" : value.data();
  int code = sqlite3_bind_text64(slot_->statement, index, data, value.size(), SQLITE_STATIC, SQLITE_UTF8);
  if (code != SQLITE_OK) connection_->fail_with(code);
}
void Statement::bind(int index, Blob value) {
  const void* data = value.bytes.data() == nullptr ? static_cast<const void*>("") : value.bytes.data();
  int code = sqlite3_bind_blob64(slot_->statement, index, data, value.bytes.size(), SQLITE_STATIC);
  if (code != SQLITE_OK) connection_->fail_with(code);
}

bool Statement::step() {
  if (connection_->cancelled()) connection_->fail_with(SQLITE_INTERRUPT);
  int code = sqlite3_step(slot_->statement);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  connection_->fail_with(code);
}

void Statement::reset() { sqlite3_reset(slot_->statement); }

void Statement::run() {
  while (step()) {
  }
  reset();
}

int Statement::columns() const { return sqlite3_column_count(slot_->statement); }

std::string_view Statement::column_name(int column) const {
  const char* name = sqlite3_column_name(slot_->statement, column);
  if (name == nullptr) throw std::bad_alloc();
  return name;
}

SqlType Statement::type(int column) const {
  switch (sqlite3_column_type(slot_->statement, column)) {
    case SQLITE_INTEGER: return SqlType::integer;
    case SQLITE_FLOAT: return SqlType::real;
    case SQLITE_TEXT: return SqlType::text;
    case SQLITE_BLOB: return SqlType::blob;
    default: return SqlType::null;
  }
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(slot_->statement, column); }

double Statement::real(int column) const { return sqlite3_column_double(slot_->statement, column); }

std::string_view Statement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(slot_->statement, column));
  if (data == nullptr) {
    if (sqlite3_errcode(connection_->raw()) == SQLITE_NOMEM) throw std::bad_alloc();
    return {};
  }
  return believed({data, static_cast<std::size_t>(sqlite3_column_bytes(slot_->statement, column))}, column);
}

// Nothing but UTF-8 was let into the file. What else is there would go on to messages, JSON and hosts.
std::string_view Statement::believed(std::string_view text, int column) const {
  if (!slot_->foreign && !valid_utf8(text)) {
    fail(Status::corrupt, "", "a text in the file, read as {}, is not well-formed UTF-8", shown(column_name(column)));
  }
  return text;
}

std::span<const std::uint8_t> Statement::blob(int column) const {
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(slot_->statement, column));
  if (data == nullptr) {
    if (sqlite3_errcode(connection_->raw()) == SQLITE_NOMEM) throw std::bad_alloc();
    return {};
  }
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(slot_->statement, column))};
}

RawCell Statement::cell(int column) const {
  // The value is looked at on the thread that steps the statement, before it moves on: then this is safe.
  sqlite3_value* value = sqlite3_column_value(slot_->statement, column);
  RawCell cell;
  switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
      cell.type = SqlType::integer;
      cell.bits = static_cast<std::uint64_t>(sqlite3_value_int64(value));
      break;
    case SQLITE_FLOAT:
      cell.type = SqlType::real;
      cell.bits = std::bit_cast<std::uint64_t>(sqlite3_value_double(value));
      break;
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
      if (text == nullptr) throw std::bad_alloc();
      cell.type = SqlType::text;
      cell.text = believed({text, static_cast<std::size_t>(sqlite3_value_bytes(value))}, column);
      break;
    }
    default: break;
  }
  return cell;
}

bool Statement::reads_only() const { return sqlite3_stmt_readonly(slot_->statement) != 0; }
int Statement::parameters() const { return slot_->parameters; }
sqlite3_stmt* Statement::raw() const { return slot_->statement; }

}  // namespace kith
