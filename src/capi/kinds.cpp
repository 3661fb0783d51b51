// Putting, getting, finding, counting, renaming and removing things of any kind.
#include "base/text.h"
#include "capi/arguments.h"
#include "core/put.h"
#include "model/write_key.h"
#include "segment/segment.h"

using namespace kith;

kith_status kith_put(kith_db* db, const char* kind, const kith_field* fields, size_t field_count, const kith_field* with,
                     size_t with_count, int64_t* id, int32_t* outcome, kith_error** err) {
  put_out(id, 0);
  put_out(outcome, 0);
  return guard(err, [&] {
    need_pointer(db, "db");
    std::string_view name = text_argument(kind, "kind");
    std::vector<Given> given = given_fields(fields, field_count, "fields");
    std::vector<Given> extras = given_fields(with, with_count, "with");
    PutResult result = db->database.write(extras, put_extras(name), [&](Operation& op, const Extras& extra) {
      return put_one(op, op.kinds.get(name), given, extra);
    }, put_checks_first(name, extras));
    put_out(id, result.id);
    put_out(outcome, result.outcome);
  });
}

kith_status kith_put_many(kith_db* db, const char* kind, const kith_field* fields, size_t width, size_t height, uint32_t flags,
                          const kith_field* with, size_t with_count, kith_rows** out, kith_error** err) {
  if (out != nullptr) *out = nullptr;
  return guard(err, [&] {
    need_pointer(db, "db");
    std::string_view name = text_argument(kind, "kind");
    FieldRows source(fields, width, height);
    if ((flags & ~std::uint32_t{KITH_SKIP_BAD}) != 0) fail(Status::misuse, "flags", "holds bits that this version does not know");
    std::vector<Given> extras = given_fields(with, with_count, "with");
    RowsOut answer(out);
    answer.give(db->database.write(extras, put_extras(name), [&](Operation& op, const Extras& extra) {
      return rows_of(put_rows(op, op.kinds.get(name), source, extra, (flags & KITH_SKIP_BAD) != 0));
    }));
  });
}

kith_status kith_get(kith_db* db, const char* kind, const char* name, kith_rows** out, kith_error** err) {
  if (out != nullptr) *out = nullptr;
  return guard(err, [&] {
    need_pointer(db, "db");
    need_pointer(out, "out");
    std::string_view kind_name = text_argument(kind, "kind");
    std::string_view thing = text_argument(name, "name");
    give_rows(out, db->database.read([&](Operation& op) {
      const Kind& of = op.kinds.get(kind_name);
      return get_thing(op, of, of.resolve(op, thing));
    }));
  });
}

kith_status kith_find(kith_db* db, const char* kind, const kith_query* query, kith_rows** out, kith_error** err) {
  if (out != nullptr) *out = nullptr;
  return guard(err, [&] {
    need_pointer(db, "db");
    need_pointer(out, "out");
    std::string_view name = text_argument(kind, "kind");
    QueryArgument argument(query);
    give_rows(out, db->database.read([&](Operation& op) {
      const Kind& of = op.kinds.get(name);
      Parameters parameters(op.now);
      Condition condition = compile(op, of, argument.query().where, argument.query().args, parameters);
      return find_things(op, of, argument.query(), condition, parameters);
    }));
  });
}

kith_status kith_count(kith_db* db, const char* kind, const kith_query* query, int64_t* out, kith_error** err) {
  put_out(out, 0);
  return guard(err, [&] {
    need_pointer(db, "db");
    std::string_view name = text_argument(kind, "kind");
    QueryArgument argument(query);
    std::int64_t count = db->database.read([&](Operation& op) {
      return count_where(op, op.kinds.get(name), argument.query().where, argument.query().args);
    });
    put_out(out, count);
  });
}

kith_status kith_rename(kith_db* db, const char* kind, const char* name, const char* to, const kith_field* with,
                        size_t with_count, int64_t* event, kith_error** err) {
  put_out(event, 0);
  return guard(err, [&] {
    need_pointer(db, "db");
    std::string_view kind_name = text_argument(kind, "kind");
    std::string_view thing = text_argument(name, "name");
    std::string_view other = text_argument(to, "to");
    std::vector<Given> extras = given_fields(with, with_count, "with");
    put_out(event, db->database.write(extras, {}, [&](Operation& op, const Extras&) {
      const Kind& of = op.kinds.get(kind_name);
      return once(op, "rename:" + std::string(of.name()), 0, fold(thing) + "\n" + fold(other), [&] { return rename_thing(op, of, thing, other); });
    }));
  });
}

kith_status kith_remove(kith_db* db, const char* kind, const char* name, const kith_field* with, size_t with_count,
                        int64_t* event, kith_error** err) {
  put_out(event, 0);
  return guard(err, [&] {
    need_pointer(db, "db");
    std::string_view kind_name = text_argument(kind, "kind");
    std::string_view thing = text_argument(name, "name");
    std::vector<Given> extras = given_fields(with, with_count, "with");
    put_out(event, db->database.write(extras, {}, [&](Operation& op, const Extras&) {
      return remove_one(op, op.kinds.get(kind_name), thing);
    }));
  });
}
