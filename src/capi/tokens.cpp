// Tokens, and what their holders do by them: confirm, unsubscribe, choose their lists, see their data.
#include "capi/arguments.h"
#include "domain/export.h"
#include "domain/preferences.h"
#include "domain/subscriptions.h"
#include "domain/tokens.h"
#include "model/write_key.h"

using namespace kith;

namespace {

// An act by a token of one purpose.
template <class Work>
kith_status by_token(kith_db* db, const char* verb, const char* token, std::string_view purpose, const kith_field* with, size_t with_count,
                     std::initializer_list<std::string_view> own, int64_t* event, kith_error** err, Work work) {
  put_out(event, 0);
  return guard(err, [&] {
    need_pointer(db, "db");
    std::string_view text = text_argument(token, "token");
    std::vector<Given> extras = given_fields(with, with_count, "with");
    put_out(event, db->database.write(extras, own, [&](Operation& op, const Extras& extra) {
      Token known = need_token(op, text, purpose);
      return once(op, verb, known.lead, std::to_string(known.list), [&] { return work(op, known, extra); });
    }));
  });
}

}  // namespace

kith_status kith_token(kith_db* db, const char* lead, const char* purpose, const kith_field* with, size_t with_count, kith_rows** out,
                       kith_error** err) {
  if (out != nullptr) *out = nullptr;
  return guard(err, [&] {
    need_pointer(db, "db");
    need_pointer(out, "out");
    std::string_view who = text_argument(lead, "lead");
    std::string_view what = text_argument(purpose, "purpose");
    std::vector<Given> extras = given_fields(with, with_count, "with");
    Given named[] = {{"purpose", Value(what)}};
    std::string_view known = Extras(named, {"purpose"}, 0).choice("purpose", {"confirm", "unsubscribe", "preferences", "data"});
    if (what.empty()) fail(Status::invalid, "purpose", "is empty: say confirm, unsubscribe, preferences or data");
    RowsOut answer(out);
    answer.give(db->database.write(extras, {"list", "expires"}, [&](Operation& op, const Extras& extra) {
      if (!op.act.key.empty()) fail(Status::invalid, "key", "cannot be kept here: a token is answered once, and nobody can answer it again");
      std::int64_t lead_id = need_lead(op, who);
      std::string_view list = extra.text("list");
      std::int64_t list_id = list.empty() ? 0 : op.kinds.get("list").need(op, list);
      return rows_of(make_token(op, lead_id, known, list_id, extra.time("expires")));
    }));
  });
}

kith_status kith_token_look(kith_db* db, const char* token, kith_rows** out, kith_error** err) {
  if (out != nullptr) *out = nullptr;
  return guard(err, [&] {
    need_pointer(db, "db");
    need_pointer(out, "out");
    std::string_view text = text_argument(token, "token");
    give_rows(out, db->database.read([&](Operation& op) { return look_at_token(op, text); }));
  });
}

kith_status kith_token_revoke(kith_db* db, const char* token, const kith_field* with, size_t with_count, int64_t* event, kith_error** err) {
  put_out(event, 0);
  return guard(err, [&] {
    need_pointer(db, "db");
    std::string_view text = text_argument(token, "token");
    std::vector<Given> extras = given_fields(with, with_count, "with");
    put_out(event, db->database.write(extras, {}, [&](Operation& op, const Extras&) {
      return once(op, "token_revoke", 0, text, [&] { return revoke_token(op, text); });
    }));
  });
}

kith_status kith_confirm(kith_db* db, const char* token, const kith_field* with, size_t with_count, int64_t* event, kith_error** err) {
  return by_token(db, "confirm", token, "confirm", with, with_count, {}, event, err,
                  [](Operation& op, const Token& known, const Extras&) { return confirm(op, known); });
}

kith_status kith_unsubscribe_by_token(kith_db* db, const char* token, const kith_field* with, size_t with_count, int64_t* event,
                                      kith_error** err) {
  return by_token(db, "unsubscribe_by_token", token, "unsubscribe", with, with_count, {"all", "reason"}, event, err,
                  [](Operation& op, const Token& known, const Extras& extras) {
                    return unsubscribe_by(op, known, extras.flag("all"), extras.text("reason"));
                  });
}

kith_status kith_preferences(kith_db* db, const char* token, kith_rows** out, kith_error** err) {
  if (out != nullptr) *out = nullptr;
  return guard(err, [&] {
    need_pointer(db, "db");
    need_pointer(out, "out");
    std::string_view text = text_argument(token, "token");
    give_rows(out, db->database.read([&](Operation& op) { return preferences(op, need_token(op, text, "preferences").lead); }));
  });
}

kith_status kith_set_preferences(kith_db* db, const char* token, const kith_field* fields, size_t field_count, const kith_field* with,
                                 size_t with_count, int64_t* changed, kith_error** err) {
  put_out(changed, 0);
  return guard(err, [&] {
    need_pointer(db, "db");
    std::string_view text = text_argument(token, "token");
    std::vector<Given> choices = given_fields(fields, field_count, "fields");
    std::vector<Given> extras = given_fields(with, with_count, "with");
    put_out(changed, db->database.write(extras, {"consent", "reason"}, [&](Operation& op, const Extras& extra) {
      Token known = need_token(op, text, "preferences");
      return counted_once(op, "set_preferences", known.lead, texts_of(choices), [&] {
        return set_preferences(op, known.lead, choices, extra.text("consent"), extra.text("reason"), op.act.cause != 0 ? op.act.cause : known.event);
      });
    }));
  });
}

kith_status kith_my_data(kith_db* db, const char* token, kith_rows** out, kith_error** err) {
  if (out != nullptr) *out = nullptr;
  return guard(err, [&] {
    need_pointer(db, "db");
    need_pointer(out, "out");
    std::string_view text = text_argument(token, "token");
    give_rows(out, db->database.read([&](Operation& op) {
      RowsBuilder rows({{"document", Meaning::json}});
      rows.add({Value(export_lead_json(op, need_token(op, text, "data").lead))});
      return rows.finish();
    }));
  });
}
