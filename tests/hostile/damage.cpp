#include "hostile/damage.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>
#include <random>

#include "support/full_file.h"
#include "support/raw.h"

namespace kith::test {

namespace {

// The same numbers on every machine.
class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  unsigned operator()() { return static_cast<unsigned>(engine_()); }

 private:
  std::mt19937 engine_;
};

std::size_t below(Random& random, std::size_t limit) { return limit == 0 ? 0 : random() % limit; }

constexpr std::size_t page = 4096;

std::size_t pages_in(const std::string& bytes) { return bytes.size() / page; }

// Bytes that are likelier than others to break a reader.
char odd_byte(Random& random) {
  constexpr unsigned char odd[] = {0, 1, 2, 5, 10, 13, 0x7f, 0x80, 0xff, 0xfe, 0x40, 0xc0};
  return static_cast<char>(random() % 3 == 0 ? random() & 0xff : odd[random() % std::size(odd)]);
}

void flip(Random& random, std::string& bytes, std::size_t from, std::size_t size) {
  if (from >= bytes.size() || size == 0) return;
  std::size_t at = from + below(random, std::min(size, bytes.size() - from));
  bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ (1U << (random() % 8)));
}

using Spoiler = void (*)(Random&, std::string&);
struct Way {
  const char* name;
  Spoiler spoil;
};

const Way ways[] = {
    {"bits",
     [](Random& random, std::string& bytes) {
       for (unsigned i = 0, many = 1 + random() % 8; i < many; ++i) flip(random, bytes, 0, bytes.size());
     }},
    {"many bits of a page",
     [](Random& random, std::string& bytes) {
       std::size_t at = below(random, pages_in(bytes)) * page;
       for (unsigned i = 0; i < 40; ++i) flip(random, bytes, at, page);
     }},
    {"bytes",
     [](Random& random, std::string& bytes) {
       for (unsigned i = 0, many = 1 + random() % 20; i < many; ++i) bytes[below(random, bytes.size())] = odd_byte(random);
     }},
    {"a cut", [](Random& random, std::string& bytes) { bytes.resize(below(random, bytes.size())); }},
    {"a cut between pages", [](Random& random, std::string& bytes) { bytes.resize(below(random, pages_in(bytes)) * page); }},
    {"a zeroed sector",
     [](Random& random, std::string& bytes) {
       std::size_t at = below(random, bytes.size() / 512) * 512;
       std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), 512, '\0');
     }},
    {"a zeroed page",
     [](Random& random, std::string& bytes) {
       std::size_t at = (1 + below(random, pages_in(bytes) - 1)) * page;
       std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), page, '\0');
     }},
    {"a page over another",
     [](Random& random, std::string& bytes) {
       std::size_t from = below(random, pages_in(bytes)) * page;
       std::size_t to = below(random, pages_in(bytes)) * page;
       std::memmove(bytes.data() + to, bytes.data() + from, page);
     }},
    {"two pages swapped",
     [](Random& random, std::string& bytes) {
       auto one = bytes.begin() + static_cast<std::ptrdiff_t>((1 + below(random, pages_in(bytes) - 1)) * page);
       auto other = bytes.begin() + static_cast<std::ptrdiff_t>((1 + below(random, pages_in(bytes) - 1)) * page);
       if (one != other) std::swap_ranges(one, one + static_cast<std::ptrdiff_t>(page), other);
     }},
    {"a field of the header",
     [](Random& random, std::string& bytes) {
       constexpr std::size_t fields[] = {0, 16, 18, 19, 20, 21, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60, 64, 68, 72, 92, 96};
       for (unsigned i = 0, many = 1 + random() % 3; i < many; ++i) bytes[fields[random() % std::size(fields)] + random() % 4] = odd_byte(random);
     }},
    {"the head of a page",
     [](Random& random, std::string& bytes) {
       std::size_t at = below(random, pages_in(bytes)) * page;
       if (at == 0) at = 100;
       bytes[at + random() % 12] = odd_byte(random);
     }},
    {"the places of a page's cells",
     [](Random& random, std::string& bytes) {
       std::size_t at = below(random, pages_in(bytes)) * page;
       for (unsigned i = 0; i < 3; ++i) bytes[at + (at == 0 ? 108 : 8) + random() % 60] = odd_byte(random);
     }},
    {"noise in a page",
     [](Random& random, std::string& bytes) {
       std::size_t at = below(random, bytes.size() - 64);
       for (unsigned i = 0, many = 4 + random() % 60; i < many; ++i) bytes[at + i] = static_cast<char>(random() & 0xff);
     }},
    {"something behind the end", [](Random& random, std::string& bytes) { bytes.append(1 + random() % (3 * page), odd_byte(random)); }},
    {"a letter of the schema",
     [](Random& random, std::string& bytes) {
       constexpr const char* words[] = {"CREATE TABLE", "CREATE INDEX", "CREATE VIRTUAL", "STRICT", "PRIMARY KEY", "INTEGER", "lead_custom", "lead_search", "fts5", "UNIQUE"};
       const char* word = words[random() % std::size(words)];
       std::size_t at = bytes.find(word, below(random, bytes.size()));
       if (at == std::string::npos) at = bytes.find(word);
       if (at == std::string::npos) return;
       std::size_t letter = at + random() % (std::strlen(word) + 30);
       if (letter < bytes.size()) bytes[letter] = random() % 2 == 0 ? odd_byte(random) : ' ';
     }},
};

// What an evil hand writes into a column. old is what stands there.
constexpr const char* values[] = {
    "NULL", "0", "-1", "1", "2", "7", "65536", "4294967296", "9007199254740991", "9007199254740992", "9223372036854775807", "-9223372036854775807 - 1", "1e308", "-1e308", "9e999", "0.5", "1800000000001",
    "''", "' '", "'x'", "'id:1'", "'NULL'", "'-1'", "'9007199254740993'", "'News'", "'bob@example.com'", "'BOB@example.com '", "'a' || char(0) || 'b'",
    "CAST(x'ff' AS TEXT)", "CAST(x'c080' AS TEXT)", "CAST(x'eda080' AS TEXT)", "CAST(x'f09f98' AS TEXT)", "CAST(x'66f66f40f6c62e6465' AS TEXT)", "char(8238) || 'moc.elpmaxe@bob'", "x''", "x'00'", "x'ff00ff'",
    "zeroblob(8192)", "zeroblob(8191)", "x'0100010002000100'", "x'02000100'", "x'0000ffff'", "randomblob_", "zeroblob(70000)",
    "'{'", "'['", "'{\"a\":'", "'[]'", "'{}'", "'null'", "'{\"changes\":[1,2]}'", "'{\"changes\":{\"email\":7}}'", "'{\"list\":[[[]]]}'", "'{\"a\":1e999}'", "'\"\\ud800\"'", "'[\"email\",\"pigeon\"]'",
    "replace(hex(zeroblob(40)), '00', '[')", "replace(hex(zeroblob(3000)), '00', '[')", "replace(hex(zeroblob(3000)), '00', '{\"a\":')", "replace(hex(zeroblob(100000)), '00', 'x')", "'subscribed'", "'gone'", "'merged'", "'erased'",
    "old + 1", "old - 1", "-old", "old * 1000003", "old || 'x'", "old || CAST(x'80' AS TEXT)", "substr(old, 1, length(old) / 2)", "substr(old, 2)", "CAST(old AS BLOB)", "CAST(old AS TEXT)", "upper(old)", "old || old",
    "replace(old, ':', '')", "replace(old, '\"', '')", "replace(old, '1', '-9')", "replace(old, 'a', CAST(x'ff' AS TEXT))", "replace(old, '{', '[')", "(SELECT MAX(id) FROM event)", "(SELECT COUNT(*) FROM event) + 1", "old + 1099511627776"};

std::string blob_of(Random& random) {
  std::string text = "x'";
  for (unsigned i = 0, many = random() % 40; i < many; ++i) text += "0123456789abcdef"[random() % 16], text += "0123456789abcdef"[random() % 16];
  return text + "'";
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) text.replace(at, from.size(), to);
}

std::string take_token(kith_db* db, const char* purpose) {
  kith_rows* rows = nullptr;
  OK(kith_token(db, "bob@example.com", purpose, nullptr, 0, &rows, err));
  std::string token = kith_rows_text(rows, 0, 0);
  kith_rows_free(rows);
  return token;
}

std::string quoted(const std::string& name) { return "\"" + name + "\""; }

}  // namespace

Ground::Ground() {
  std::string path = folder_ / "a.kith";
  kith_options options = {};
  options.size = sizeof options;
  options.now = clock;
  kith_db* db = nullptr;
  OK(kith_open(path.c_str(), &options, &db, err));
  fill_every_table(db);
  kith_field pause[] = {kith_integer("until", clock(nullptr) + 1000)};
  OK(kith_pause(db, "gus@example.com", nullptr, pause, 1, nullptr, err));
  known_.data_token = take_token(db, "data");
  known_.preferences_token = take_token(db, "preferences");
  known_.copy = folder_ / "copy.kith";
  kith_close(db);
  sound_ = bytes_of(path);
  // The same with a log that has not been folded in: what a process leaves that was killed.
  OK(kith_open(path.c_str(), &options, &db, err));
  OK(kith_assign(db, "bob@example.com", "VIP", nullptr, 0, nullptr, err));
  kith_field more[] = {kith_text("email", "logged@example.com")};
  OK(kith_put(db, "lead", more, 1, nullptr, 0, nullptr, nullptr, err));
  Raw raw(path);
  std::string copies = "cp '" + path + "' '" + folder_ / "b.kith" + "' && cp '" + path + "-wal' '" + folder_ / "b.wal" + "'";
  if (std::system(copies.c_str()) != 0) throw std::runtime_error("no copy for a test");
  kith_close(db);
  open_ = bytes_of(folder_ / "b.kith");
  log_ = bytes_of(folder_ / "b.wal");
  loosen();
}

// Takes every rule out of the tables' texts, for a moment: then any value can be written.
void Ground::loosen() {
  std::string path = folder_ / "loose.kith";
  write_bytes(path, sound_);
  {
    Raw raw(path);
    auto take = [](void* self, int, char** cells, char**) {
      static_cast<Ground*>(self)->texts_.emplace_back(cells[0], cells[1]);
      return 0;
    };
    sqlite3_exec(raw.db(), "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE TABLE%STRICT%' ORDER BY name", take, this, nullptr);
    raw.run("PRAGMA journal_mode=DELETE; PRAGMA writable_schema=ON");
    for (const auto& [name, text] : texts_) {
      std::string loose = text;
      replace_all(loose, "STRICT, ", "");
      replace_all(loose, " STRICT", "");
      replace_all(loose, " NOT NULL", "");
      sqlite3_stmt* statement = nullptr;
      sqlite3_prepare_v2(raw.db(), "UPDATE sqlite_schema SET sql = ?1 WHERE name = ?2", -1, &statement, nullptr);
      sqlite3_bind_text(statement, 1, loose.c_str(), -1, SQLITE_TRANSIENT);
      sqlite3_bind_text(statement, 2, name.c_str(), -1, SQLITE_TRANSIENT);
      if (sqlite3_step(statement) != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(raw.db()));
      sqlite3_finalize(statement);
    }
  }
  Raw raw(path);
  auto take = [](void* self, int, char** cells, char**) {
    static_cast<Ground*>(self)->columns_.push_back({cells[0], cells[1]});
    return 0;
  };
  sqlite3_exec(raw.db(),
               "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT IN ('lead_search', 'lead_search_config') "
               "AND t.sql NOT LIKE 'CREATE VIRTUAL%' AND t.name NOT LIKE 'sqlite%' AND EXISTS (SELECT 1) ORDER BY 1, c.cid",
               take, this, nullptr);
  REQUIRE(columns_.size() > 150);
  loose_ = bytes_of(path);
}

std::string Ground::with_values(unsigned number, std::string& how) {
  Random random(number);
  std::string path = folder_ / "values.kith";
  write_bytes(path, loose_);
  {
    Raw raw(path);
    raw.run("PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY; BEGIN");
    for (unsigned i = 0, many = 1 + random() % 3; i < many; ++i) {
      // Tables in turn, whatever the number of their columns.
      const Column& any = columns_[random() % columns_.size()];
      std::vector<const Column*> of_table;
      for (const Column& column : columns_) {
        if (column.table == any.table) of_table.push_back(&column);
      }
      const Column& column = *of_table[random() % of_table.size()];
      std::string value = values[random() % std::size(values)];
      if (value == "randomblob_") value = blob_of(random);
      std::string name = quoted(column.name);
      replace_all(value, "old", name);
      std::string table = quoted(column.table);
      std::string sql = "UPDATE OR REPLACE " + table + " SET " + name + " = " + value;
      if (random() % 4 != 0) {
        std::string rows = raw.one("SELECT COUNT(*) FROM " + table);
        std::size_t row = below(random, static_cast<std::size_t>(std::stoll(rows)));
        sql += " WHERE " + name + " IS (SELECT " + name + " FROM " + table + " LIMIT 1 OFFSET " + std::to_string(row) + ")";
      }
      how += how.empty() ? sql : "; " + sql;
      sqlite3_exec(raw.db(), sql.c_str(), nullptr, nullptr, nullptr);  // some are refused: a text is no rowid
    }
    raw.run("COMMIT; PRAGMA writable_schema=ON; BEGIN");
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v2(raw.db(), "UPDATE sqlite_schema SET sql = ?1 WHERE name = ?2", -1, &statement, nullptr);
    for (const auto& [table, text] : texts_) {
      sqlite3_bind_text(statement, 1, text.c_str(), -1, SQLITE_STATIC);
      sqlite3_bind_text(statement, 2, table.c_str(), -1, SQLITE_STATIC);
      if (sqlite3_step(statement) != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(raw.db()));
      sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
    raw.run("COMMIT");
  }
  return bytes_of(path);
}

// Half of all are values: SQLite guards its own pages, and only Kith guards what they mean.
Damaged Ground::damaged(unsigned number) {
  Damaged out;
  Random random(number);
  if (number % 2 == 0) {
    out.file = with_values(number, out.how);
    return out;
  }
  if (number % 16 == 1) {
    out.file = open_;
    out.log = log_;
    const Way& way = ways[random() % 6];
    out.how = std::string("the log: ") + way.name;
    if (random() % 3 == 0) {
      std::size_t frame = 32 + below(random, (log_.size() - 32) / (page + 24)) * (page + 24);
      out.log[frame + random() % 24] = odd_byte(random);
      out.how = "the log: the head of a frame";
    } else {
      way.spoil(random, out.log);
    }
    return out;
  }
  const Way& way = ways[number / 2 % std::size(ways)];
  out.how = way.name;
  out.file = sound_;
  way.spoil(random, out.file);
  return out;
}

}  // namespace kith::test
