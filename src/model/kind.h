// Kinds: what every noun of Kith is described by, once - its fields, types, rules, references and meanings.
// Generic code and kith_schema live on these descriptions; a noun's own rules are the hooks it overrides.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/event_kinds.h"
#include "model/rows.h"
#include "model/value.h"
#include "sql/literal.h"

namespace kith {

class Operation;
class Record;
struct Predicate;

enum class FieldType : std::uint8_t {
  text, name, email, url, phone, country, zone, language, ip, date, datetime, duration,
  integer, real, boolean, choice, choices, json, reference, id
};
const char* type_name(FieldType type);
// False: there is no type of this name.
bool type_of(std::string_view name, FieldType& type);
Meaning meaning_of(FieldType type);

enum FieldFlag : unsigned {
  required = 1,      // never NULL
  unique = 2,        // no two things share it
  sortable = 4,      // an index serves it
  computed = 8,      // read, never written by a put
  fixed = 16,        // given when a thing is made, and not changed later
  personal = 32,     // erase takes it away
  on_request = 64,   // left out unless asked for by name
  automatic = 128,   // written by Kith: created, updated
  filled = 256,      // never NULL when it is read, although no put has to give it
};

// A field as it is written down in the source.
struct FieldSpec {
  Literal name = "";
  FieldType type = FieldType::text;
  unsigned flags = 0;
  Literal summary = "";
  Literal options = "";     // of a choice: "single,double"
  Literal refers = "";      // of a reference: the kind
  Literal expression = "";  // of a computed field: SQL over the table, called t; $1 is the present time
  int most = 255;      // code points of a text
};

// A field as it is used: of the source, or defined by the host.
struct Field {
  std::string name;
  FieldType type = FieldType::text;
  unsigned flags = 0;
  std::string summary;
  std::vector<std::string> options;
  std::string refers;
  SqlText column;      // where it is stored, "t.email" without the t
  SqlText expression;  // how it is read
  int most = 255;
  std::int64_t custom_id = 0;  // the id of its definition, 0 for a standard field

  bool is(FieldFlag flag) const { return (flags & flag) != 0; }
  bool writable() const { return (flags & (computed | automatic)) == 0; }
  // Whether every thing has one. The host may have made a field required when leads without it were there already.
  bool never_null() const { return custom_id == 0 && (type == FieldType::id || is(required) || is(filled)); }
};

enum class Owner : std::uint8_t { lead, definition, global };

struct KindSpec {
  Literal name;
  Literal table;
  Owner owner = Owner::definition;
  Literal name_field;  // by which a thing is named. Empty: only by id
  Literal key_column = "name_key";  // the folded name that things are found by
  Literal summary;
  std::span<const FieldSpec> fields;
  Literal order = "id";   // the field that pages come by unless another is asked for: one that an index serves
  bool writable = true;   // by put
  bool removable = true;  // by remove
  // What the log says of a put and a remove; 0: nothing, or the kind's own verbs do.
  EventKind created = EventKind{};
  EventKind updated = EventKind{};
  EventKind removed = EventKind{};
};

class Kind {
 public:
  explicit Kind(const KindSpec& spec);
  virtual ~Kind() = default;

  const KindSpec& spec() const { return spec_; }
  std::string_view name() const { return spec_.name.view(); }
  const std::vector<Field>& fields() const { return fields_; }
  int find_field(std::string_view name) const;   // -1: there is none
  int field_index(std::string_view name) const;  // fails with INVALID and the nearest name
  const Field& field(int index) const { return fields_[static_cast<std::size_t>(index)]; }

  // The host's fields, which come behind the standard ones.
  void set_custom_fields(std::vector<Field> custom);
  std::size_t standard_fields() const { return standard_; }
  bool has_custom_fields() const { return fields_.size() > standard_; }

  // How the id of a thing is read: "t.id", or what stands for it where a table has none.
  const SqlText& id_column() const { return fields_.front().expression; }
  // That a thing's id is one of `ids`, parameters with commas between. Where it is that of the event that made the thing,
  // the event tells whose the thing is, and so where it lies.
  SqlText with_id(const SqlText& ids) const;
  Meaning meaning(const Field& field) const;

  // SELECT of every usual column, without WHERE; and its columns.
  const SqlText& select_usual() const { return select_usual_; }
  // The same of one thing: $1 is the present time, $2 its id.
  const SqlText& select_one() const { return select_one_; }
  const RowsBuilder::Columns& usual_columns() const { return usual_columns_; }
  const std::vector<int>& usual_fields() const { return usual_; }
  // "FROM lead t LEFT JOIN lead_custom u ...".
  SqlText from() const;

  // The id that a name stands for, 0 if none: "id:7", or as the kind names its things.
  virtual std::int64_t resolve(Operation& op, std::string_view name) const;
  // The same; fails with NOT_FOUND and the nearest name that there is.
  std::int64_t need(Operation& op, std::string_view name) const;

  // What to say of a name that stands for nothing of this kind, beyond that; "" for nothing.
  virtual std::string instead_of(Operation& op, std::string_view name) const;

  // What names compare by, as the key column holds it.
  virtual std::string name_key(std::string_view name) const;

  // A noun's rules. check: before writing; `before` is NULL for a new thing; may set fields. What `stored` could refuse,
  // it refuses already, for a refused thing must have written nothing.
  virtual void check(Operation& op, Record& record, const Record* before) const;
  virtual void stored(Operation& op, std::int64_t id, const Record& record, const Record* before) const;
  virtual void removing(Operation& op, std::int64_t id, std::string_view name) const;
  // The lead in whose log the removal is told, for things that no lead owns; 0: none.
  virtual std::int64_t about(Operation& op, std::int64_t id) const;
  // How a sort by this field runs: what is ordered by; and from where rows come in this order, under which condition, with
  // what for an id. has_own_key: the order is that of another table's key, which sort_key makes from a thing's value.
  struct SortSource {
    SqlText from;
    SqlText condition = {};
    SqlText id = {};
    bool has_own_key = false;
  };
  virtual SqlText sort_column(const Field& field) const;
  virtual SortSource sort_source(const Field& field) const;
  virtual std::string sort_key(const Field& field, std::string_view value) const;

 protected:
  void rebuild();

 private:
  KindSpec spec_;
  std::vector<Field> fields_;
  std::size_t standard_ = 0;
  std::vector<int> usual_;
  std::unordered_map<std::string_view, int> by_name_;
  SqlText select_usual_;
  SqlText select_one_;
  RowsBuilder::Columns usual_columns_;
};

// All kinds, in the order in which they are described.
class Registry {
 public:
  void add(std::unique_ptr<Kind> kind) { kinds_.push_back(std::move(kind)); }
  const std::vector<std::unique_ptr<Kind>>& all() const { return kinds_; }
  Kind* find(std::string_view name) const;
  Kind& get(std::string_view name) const;  // fails with NOT_FOUND and the nearest name
  void add_predicate(const Predicate* predicate) { predicates_.push_back(predicate); }
  const std::vector<const Predicate*>& predicates() const { return predicates_; }

 private:
  std::vector<std::unique_ptr<Kind>> kinds_;
  std::vector<const Predicate*> predicates_;
};

}  // namespace kith
