// One prepared statement in use: bind, step, read. It is borrowed from the connection's cache and goes back,
// reset and unbound, when it ends. Columns and parameters count from 0 and 1, as SQLite has them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

struct sqlite3_stmt;

namespace kith {

class Connection;

// What goes in and comes out: SQLite's five storage classes, as the contract of the layer names them.
enum class SqlType { null, integer, real, text, blob };

struct Blob {
  std::span<const std::uint8_t> bytes;
};

// A cell as it lies in a result: an integer, or a real's bits, in `bits`. Blobs are answered as null.
struct RawCell {
  SqlType type = SqlType::null;
  std::uint64_t bits = 0;
  std::string_view text;
};

class Statement {
 public:
  struct Slot;  // the cache's entry

  Statement(Connection& connection, Slot* slot) : connection_(&connection), slot_(slot) {}
  Statement(Statement&& other) noexcept
      : connection_(other.connection_), slot_(std::exchange(other.slot_, nullptr)) {}
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  // Text and blobs are borrowed: they must stay as they are until the next reset.
  void bind(int index, std::nullptr_t);
  void bind(int index, std::int64_t value);
  void bind(int index, int value) { bind(index, std::int64_t{value}); }
  void bind(int index, bool) = delete;
  void bind(int index, double value);
  void bind(int index, std::string_view value);
  void bind(int index, const char* value) { bind(index, std::string_view(value)); }
  void bind(int index, Blob value);
  template <class T>
  void bind(int index, const std::optional<T>& value) {
    if (value) {
      bind(index, *value);
    } else {
      bind(index, nullptr);
    }
  }
  template <class... Values>
  Statement& bind_all(const Values&... values) {
    int index = 0;
    (bind(++index, values), ...);
    return *this;
  }

  bool step();   // true: there is a row
  void reset();  // ready to bind and step again
  void run();    // step to the end, then reset

  int columns() const;
  std::string_view column_name(int column) const;
  SqlType type(int column) const;
  bool is_null(int column) const { return type(column) == SqlType::null; }
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string_view text(int column) const;  // CORRUPT if the file holds what is no text
  std::span<const std::uint8_t> blob(int column) const;
  RawCell cell(int column) const;  // all of it by one look, for reading many rows
  std::optional<std::int64_t> optional_integer(int column) const {
    return is_null(column) ? std::nullopt : std::optional(integer(column));
  }

  bool reads_only() const;
  int parameters() const;
  sqlite3_stmt* raw() const;

 private:
  std::string_view believed(std::string_view text, int column) const;
  Connection* connection_;
  Slot* slot_;
};

}  // namespace kith
