#include "fault/verbs.h"

#include <cstdio>
#include <cstring>

#include "kith_arrow.h"

namespace kith::test {

std::int64_t stage_clock = stage_start;

namespace {

constexpr std::int64_t day = 86'400'000;

kith_query everybody() {
  kith_query query = {};
  query.size = sizeof query;
  return query;
}

struct Email {
  char text[64];
  Email(const char* prefix, int n) { std::snprintf(text, sizeof text, "%s%d@example.com", prefix, n); }
};

void keep_token(kith_db* db, Prepared& prepared, const char* lead, const char* purpose, const char* list) {
  kith_field with[] = {kith_text("list", list)};
  kith_rows* rows = nullptr;
  kith_token(db, lead, purpose, with, list == nullptr ? 0 : 1, &rows, nullptr);
  std::snprintf(prepared.token, sizeof prepared.token, "%s", kith_rows_text(rows, 0, 0));
  kith_rows_free(rows);
}

// Three leads as one column of Arrow's.
struct Columns {
  const char* text = "arrow1@example.comarrow2@example.comarrow3@example.com";
  std::int32_t offsets[4] = {0, 18, 36, 54};
  const void* column_buffers[3] = {nullptr, offsets, text};
  const void* struct_buffers[1] = {nullptr};
  ArrowSchema column_schema = {};
  ArrowSchema schema = {};
  ArrowArray column = {};
  ArrowArray array = {};
  ArrowSchema* schemas[1] = {&column_schema};
  ArrowArray* arrays[1] = {&column};

  Columns() {
    auto schema_gone = [](ArrowSchema* self) { self->release = nullptr; };
    auto array_gone = [](ArrowArray* self) { self->release = nullptr; };
    column_schema.format = "u";
    column_schema.name = "email";
    column_schema.release = schema_gone;
    schema.format = "+s";
    schema.n_children = 1;
    schema.children = schemas;
    schema.release = schema_gone;
    column.length = 3;
    column.n_buffers = 3;
    column.buffers = column_buffers;
    column.release = array_gone;
    array.length = 3;
    array.n_buffers = 1;
    array.buffers = struct_buffers;
    array.n_children = 1;
    array.children = arrays;
    array.release = array_gone;
  }
};

// Hands them out once.
struct Stream {
  Columns columns;
  bool done = false;
  ArrowArrayStream stream = {};
  Stream() {
    stream.private_data = this;
    stream.get_schema = [](ArrowArrayStream* self, ArrowSchema* out) {
      *out = static_cast<Stream*>(self->private_data)->columns.schema;
      return 0;
    };
    stream.get_next = [](ArrowArrayStream* self, ArrowArray* out) {
      auto* mine = static_cast<Stream*>(self->private_data);
      if (mine->done) {
        std::memset(out, 0, sizeof *out);
      } else {
        *out = mine->columns.array;
      }
      mine->done = true;
      return 0;
    };
    stream.get_last_error = [](ArrowArrayStream*) -> const char* { return nullptr; };
    stream.release = [](ArrowArrayStream* self) { self->release = nullptr; };
  }
};

kith_status put_thing(Turn& t, const char* kind, const kith_field* fields, std::size_t count) {
  return kith_put(t.db, kind, fields, count, nullptr, 0, t.out->number(), t.out->small(), t.err);
}

kith_status put_crowd(Turn& t, bool bad) {
  constexpr int height = 150;
  static char emails[height][40];
  static kith_field fields[height * 2];
  for (int i = 0; i < height; ++i) {
    std::snprintf(emails[i], sizeof emails[i], bad && i % 5 == 0 ? "no address %d" : "crowd%d@example.com", i);
    fields[2 * i] = kith_text("email", emails[i]);
    fields[2 * i + 1] = kith_text("custom_text", i % 3 == 0 ? nullptr : "crowd");
  }
  kith_field with[] = {kith_text("tag", "VIP"), kith_text("list", "News")};
  return kith_put_many(t.db, "lead", fields, 2, height, bad ? KITH_SKIP_BAD : 0, with, 2, t.out->rows(), t.err);
}

kith_status remove(Turn& t, const char* kind, const char* name) {
  return kith_remove(t.db, kind, name, nullptr, 0, t.out->number(), t.err);
}

kith_status report(Turn& t, const char* what, const char* bounce) {
  kith_field with[] = {kith_text("bounce", bounce), kith_text("code", "said so")};
  return kith_report(t.db, "gus@example.com", "News", what, with, std::strcmp(what, "bounced") == 0 ? 2 : 0, t.out->number(), t.err);
}

void prepare_two_bounces(kith_db* db, Prepared&) {
  kith_field with[] = {kith_text("bounce", "soft")};
  for (int i = 0; i < 2; ++i) kith_report(db, "gus@example.com", "News", "bounced", with, 1, nullptr, nullptr);
}

// begin, two writes, then what `end` says.
kith_status transaction(Turn& t, bool commit) {
  kith_status status = kith_begin(t.db, t.err);
  if (status != KITH_OK) return status;
  for (int i = 0; i < 2 && status == KITH_OK; ++i) {
    Email email("both", i);
    kith_field fields[] = {kith_text("email", email.text)};
    kith_field with[] = {kith_text("tag", "VIP")};
    status = kith_put(t.db, "lead", fields, 1, with, static_cast<std::size_t>(i), nullptr, nullptr, t.err);
  }
  if (status == KITH_OK && commit) status = kith_commit(t.db, t.err);
  if (status != KITH_OK || !commit) kith_rollback(t.db);
  return status;
}

kith_status open_put_close(Turn& t, bool put) {
  kith_db* db = reinterpret_cast<kith_db*>(1);
  kith_status status = kith_open(t.path, t.options, &db, t.err);
  if (status != KITH_OK) return db == nullptr ? status : KITH_INTERNAL;
  kith_field fields[] = {kith_text("email", "opened@example.com")};
  if (put) status = kith_put(db, "lead", fields, 1, nullptr, 0, t.out->number(), t.out->small(), t.err);
  kith_close(db);
  return status;
}

const Verb verbs[] = {
    {"kith_open", "a new file", nullptr, [](Turn& t) { return open_put_close(t, false); }, nullptr, true, true},
    {"kith_open", "a file that is there", nullptr, [](Turn& t) { return open_put_close(t, false); }, nullptr, true},
    {"kith_close", "after a write", nullptr, [](Turn& t) { return open_put_close(t, true); }, nullptr, true},
    {"kith_backup", "to a new file", nullptr, [](Turn& t) { return kith_backup(t.db, t.copy, t.err); }},
    {"kith_check", "repairing", nullptr, [](Turn& t) { return kith_check(t.db, 1, t.out->rows(), t.err); },
     "DELETE FROM lead_set WHERE family < 4; DELETE FROM lead_key WHERE key LIKE 'gus%'; DELETE FROM lead_search WHERE rowid > 5", false, false, true},
    {"kith_compact", "a file with gaps",
     [](kith_db* db, Prepared&) {
       Prepared none;
       Answers out;
       Turn turn = {db, nullptr, nullptr, nullptr, &none, 0, &out, nullptr};
       put_crowd(turn, false);
       out.release();
       kith_query query = everybody();
       kith_unassign_where(db, &query, "VIP", nullptr, 0, nullptr, nullptr);
     },
     [](Turn& t) { return kith_compact(t.db, t.err); }},
    {"kith_begin", "with two puts and commit", nullptr, [](Turn& t) { return transaction(t, true); }},
    {"kith_commit", "with two puts", nullptr, [](Turn& t) { return transaction(t, true); }},
    {"kith_rollback", "of two puts", nullptr, [](Turn& t) { return transaction(t, false); }},

    {"kith_put", "a new lead", nullptr,
     [](Turn& t) {
       Email email("new", t.n);
       kith_field fields[] = {kith_text("email", email.text), kith_text("first_name", "New"), kith_text("phone", "+46 70 999 99 99"), kith_text("custom_text", "x")};
       return put_thing(t, "lead", fields, 4);
     }},
    {"kith_put", "a lead that changes", nullptr,
     [](Turn& t) {
       Email email("bobby", t.n);
       kith_field fields[] = {kith_text("external_id", "bob"), kith_text("email", email.text), kith_text("city", "Ystad"), kith_text("custom_more", "y")};
       return put_thing(t, "lead", fields, 4);
     }},
    {"kith_put", "a lead with tag, list and key", nullptr,
     [](Turn& t) {
       Email email("tagged", t.n);
       kith_field fields[] = {kith_text("email", email.text)};
       kith_field with[] = {kith_text("tag", "Gold"), kith_text("list", "Twice"), kith_text("by", "us"), kith_text("key", email.text)};
       return kith_put(t.db, "lead", fields, 1, with, 4, t.out->number(), t.out->small(), t.err);
     }},
    {"kith_put", "a tag", nullptr,
     [](Turn& t) {
       kith_field fields[] = {kith_text("name", "Silver"), kith_text("category", "Levels")};
       return put_thing(t, "tag", fields, 2);
     }},
    {"kith_put", "a list that changes", nullptr,
     [](Turn& t) {
       kith_field fields[] = {kith_text("name", "News"), kith_text("description", "weekly")};
       return put_thing(t, "list", fields, 2);
     }},
    {"kith_put", "a field", nullptr,
     [](Turn& t) {
       kith_field fields[] = {kith_text("key", "size"), kith_text("type", "integer"), kith_integer("indexed", 1)};
       return put_thing(t, "field", fields, 3);
     }},
    {"kith_put", "a field that changes its type", nullptr,
     [](Turn& t) {
       kith_field fields[] = {kith_text("key", "custom_text"), kith_text("type", "choice"),
                              kith_text("options", R"(["bob", "cy", "dan", "eve", "gus", "x"])")};
       return put_thing(t, "field", fields, 3);
     },
     "UPDATE lead_custom SET c1 = 'x' WHERE c1 NOT IN ('bob', 'cy', 'dan', 'eve', 'gus')"},
    {"kith_put", "a note", nullptr,
     [](Turn& t) {
       static char text[9000];
       std::memset(text, 'n', sizeof text - 1);
       kith_field fields[] = {kith_text("lead", "bob@example.com"), kith_text("text", text), kith_text("author", "us")};
       return put_thing(t, "note", fields, 3);
     }},
    {"kith_put", "an address", nullptr,
     [](Turn& t) {
       Email email("also", t.n);
       kith_field fields[] = {kith_text("lead", "bob@example.com"), kith_text("email", email.text)};
       return put_thing(t, "address", fields, 2);
     }},
    {"kith_put_many", "leads", nullptr, [](Turn& t) { return put_crowd(t, false); }},
    {"kith_put_many", "leads, some refused", nullptr, [](Turn& t) { return put_crowd(t, true); }},
    {"kith_put_batch", "leads", nullptr,
     [](Turn& t) {
       Columns columns;
       return kith_put_batch(t.db, "lead", &columns.schema, &columns.array, 0, nullptr, 0, t.out->rows(), t.err);
     }},
    {"kith_put_stream", "leads", nullptr,
     [](Turn& t) {
       Stream stream;
       return kith_put_stream(t.db, "lead", &stream.stream, 0, nullptr, 0, t.out->rows(), t.err);
     }},
    {"kith_rename", "a tag", nullptr, [](Turn& t) { return kith_rename(t.db, "tag", "VIP", "Friends", nullptr, 0, t.out->number(), t.err); }},
    {"kith_remove", "a lead", nullptr, [](Turn& t) { return remove(t, "lead", "bob@example.com"); }},
    {"kith_remove", "a tag", nullptr, [](Turn& t) { return remove(t, "tag", "Gold"); }},
    {"kith_remove", "a list", nullptr, [](Turn& t) { return remove(t, "list", "Twice"); }},
    {"kith_remove", "a field", nullptr, [](Turn& t) { return remove(t, "field", "custom_text"); }},
    {"kith_remove", "a note", nullptr, [](Turn& t) { return remove(t, "note", "id:1"); }},

    {"kith_merge", "two leads", nullptr,
     [](Turn& t) { return kith_merge(t.db, "gus@example.com", "bob@example.com", nullptr, 0, t.out->number(), t.err); }},
    {"kith_unmerge", "what was merged",
     [](kith_db* db, Prepared& prepared) { kith_merge(db, "gus@example.com", "bob@example.com", nullptr, 0, &prepared.event, nullptr); },
     [](Turn& t) { return kith_unmerge(t.db, t.prepared->event, nullptr, 0, t.out->number(), t.err); }},
    {"kith_erase", "a lead, suppressed", nullptr,
     [](Turn& t) {
       kith_field with[] = {kith_integer("suppress", 1)};
       return kith_erase(t.db, "bob@example.com", with, 1, t.out->small(), t.out->number(), t.err);
     }},
    {"kith_suppress", "an address", nullptr,
     [](Turn& t) { return kith_suppress(t.db, "gus@example.com", nullptr, 0, t.out->number(), t.err); }},
    {"kith_unsuppress", "a domain", nullptr, [](Turn& t) { return kith_unsuppress(t.db, "@spam.example", nullptr, 0, t.out->number(), t.err); }},

    {"kith_assign", "a tag", nullptr, [](Turn& t) { return kith_assign(t.db, "bob@example.com", "VIP", nullptr, 0, t.out->number(), t.err); }},
    {"kith_unassign", "a tag", nullptr, [](Turn& t) { return kith_unassign(t.db, "bob@example.com", "Gold", nullptr, 0, t.out->number(), t.err); }},
    {"kith_assign_where", "to all", nullptr,
     [](Turn& t) {
       kith_query query = everybody();
       return kith_assign_where(t.db, &query, "VIP", nullptr, 0, t.out->number(), t.err);
     }},
    {"kith_unassign_where", "from all", nullptr,
     [](Turn& t) {
       kith_query query = everybody();
       return kith_unassign_where(t.db, &query, "Gold", nullptr, 0, t.out->number(), t.err);
     }},
    {"kith_merge_tags", "two tags", nullptr, [](Turn& t) { return kith_merge_tags(t.db, "VIP", "Gold", nullptr, 0, t.out->number(), t.err); }},

    {"kith_subscribe", "to double opt-in", nullptr,
     [](Turn& t) {
       kith_field with[] = {kith_text("consent", "yes"), kith_text("ip", "203.0.113.9")};
       return kith_subscribe(t.db, "gus@example.com", "Twice", with, 2, t.out->number(), t.err);
     }},
    {"kith_unsubscribe", "from all", nullptr,
     [](Turn& t) { return kith_unsubscribe(t.db, "bob@example.com", nullptr, nullptr, 0, t.out->number(), t.err); }},
    {"kith_subscribe_where", "all", nullptr,
     [](Turn& t) {
       kith_query query = everybody();
       return kith_subscribe_where(t.db, &query, "Twice", nullptr, 0, t.out->number(), t.err);
     }},
    {"kith_unsubscribe_where", "all", nullptr,
     [](Turn& t) {
       kith_query query = everybody();
       return kith_unsubscribe_where(t.db, &query, "News", nullptr, 0, t.out->number(), t.err);
     }},
    {"kith_report", "a hard bounce", nullptr, [](Turn& t) { return report(t, "bounced", "hard"); }},
    {"kith_report", "the third soft bounce", prepare_two_bounces, [](Turn& t) { return report(t, "bounced", "soft"); }},
    {"kith_report", "a complaint", nullptr, [](Turn& t) { return report(t, "complained", nullptr); }},
    {"kith_report", "a delivery", prepare_two_bounces, [](Turn& t) { return report(t, "delivered", nullptr); }},
    {"kith_pause", "all lists", nullptr,
     [](Turn& t) {
       kith_field with[] = {kith_integer("until", stage_start + 9 * day), kith_text("reason", "away")};
       return kith_pause(t.db, "gus@example.com", nullptr, with, 2, t.out->number(), t.err);
     }},
    {"kith_resume", "all lists",
     [](kith_db* db, Prepared&) {
       kith_field with[] = {kith_integer("until", stage_start + 9 * day)};
       kith_pause(db, "gus@example.com", nullptr, with, 1, nullptr, nullptr);
     },
     [](Turn& t) { return kith_resume(t.db, "gus@example.com", nullptr, nullptr, 0, t.out->number(), t.err); }},
    {"kith_sms_received", "STOP", nullptr,
     [](Turn& t) { return kith_sms_received(t.db, "+46 70 000 00 28", "Stop!", nullptr, 0, t.out->number(), t.err); }},

    {"kith_token", "to unsubscribe", nullptr,
     [](Turn& t) {
       kith_field with[] = {kith_text("list", "News")};
       return kith_token(t.db, "gus@example.com", "unsubscribe", with, 1, t.out->rows(), t.err);
     }},
    {"kith_token_revoke", "one", [](kith_db* db, Prepared& prepared) { keep_token(db, prepared, "gus@example.com", "data", nullptr); },
     [](Turn& t) { return kith_token_revoke(t.db, t.prepared->token, nullptr, 0, t.out->number(), t.err); }},
    {"kith_confirm", "what is pending", [](kith_db* db, Prepared& prepared) { keep_token(db, prepared, "bob@example.com", "confirm", "Twice"); },
     [](Turn& t) { return kith_confirm(t.db, t.prepared->token, nullptr, 0, t.out->number(), t.err); }},
    {"kith_unsubscribe_by_token", "all", [](kith_db* db, Prepared& prepared) { keep_token(db, prepared, "gus@example.com", "unsubscribe", "News"); },
     [](Turn& t) {
       kith_field with[] = {kith_integer("all", 1)};
       return kith_unsubscribe_by_token(t.db, t.prepared->token, with, 1, t.out->number(), t.err);
     }},
    {"kith_set_preferences", "in and out", [](kith_db* db, Prepared& prepared) { keep_token(db, prepared, "gus@example.com", "preferences", nullptr); },
     [](Turn& t) {
       kith_field fields[] = {kith_integer("News", 0), kith_integer("Twice", 1)};
       return kith_set_preferences(t.db, t.prepared->token, fields, 2, nullptr, 0, t.out->number(), t.err);
     }},

    {"kith_record", "a new kind", nullptr,
     [](Turn& t) {
       kith_field with[] = {kith_text("subject", "cart 7")};
       return kith_record(t.db, "bob@example.com", "shop.cart_left", "{\"items\": [1, 2, 3]}", with, 1, t.out->number(), t.err);
     }},
    {"kith_record_many", "events", nullptr,
     [](Turn& t) {
       static kith_field fields[60];
       for (int i = 0; i < 30; ++i) {
         fields[2 * i] = kith_text("lead", i % 2 == 0 ? "bob@example.com" : "gus@example.com");
         fields[2 * i + 1] = kith_text("kind", i % 3 == 0 ? "shop.bought" : "shop.looked");
       }
       return kith_record_many(t.db, fields, 2, 30, 0, nullptr, 0, t.out->rows(), t.err);
     }},
    {"kith_run", "expiries, lapses, pauses",
     [](kith_db* db, Prepared&) {
       kith_field with[] = {kith_integer("until", stage_start + day)};
       kith_pause(db, "gus@example.com", nullptr, with, 1, nullptr, nullptr);
     },
     [](Turn& t) {
       stage_clock = stage_start + 60 * day;
       return kith_run(t.db, 0, t.out->number(), nullptr, t.err);
     },
     nullptr, false, false, false, 3},
    {"kith_search", "building the index", nullptr, [](Turn& t) { return kith_search(t.db, "bob", 0, t.out->rows(), t.err); },
     "DROP TABLE lead_search; DELETE FROM counter WHERE name = 'search_index'"},
};

}  // namespace

std::span<const Verb> changing_verbs() { return verbs; }

}  // namespace kith::test
