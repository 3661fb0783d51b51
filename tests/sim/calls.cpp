#include "sim/calls.h"

#include <cstring>
#include <deque>

#include "support/arrow.h"

namespace kith::sim {

namespace {

// Fields whose texts live as long as they do.
class Fields {
 public:
  Fields& text(const char* name, const std::string& value) {
    texts_.push_back(value);
    fields_.push_back(kith_text(name, texts_.back().c_str()));
    return *this;
  }
  Fields& named_integer(const std::string& name, std::int64_t value) {
    texts_.push_back(name);
    fields_.push_back(kith_integer(texts_.back().c_str(), value));
    return *this;
  }
  Fields& integer(const char* name, std::int64_t value) {
    fields_.push_back(kith_integer(name, value));
    return *this;
  }
  Fields& null(const char* name) {
    fields_.push_back(kith_null(name));
    return *this;
  }
  const kith_field* data() const { return fields_.data(); }
  std::size_t size() const { return fields_.size(); }

 private:
  std::deque<std::string> texts_;
  std::vector<kith_field> fields_;
};

class Caller {
 public:
  Caller(kith_db* db, const Step& step, const Model& model, Millis time, const std::string& copy)
      : db_(db), s(step), m(model), now(time), copy_(copy) {
    if (step.ago != 0) with_.integer("at", time - step.ago);
  }

  Answer run() {
    kith_error* error = nullptr;
    answer_.status = make(&error);
    answer_.message = kith_error_message(error);
    kith_error_free(error);
    return answer_;
  }

 private:
  kith_status make(kith_error** err);
  kith_status put(const char* kind, const Fields& fields, kith_error** err) {
    return kith_put(db_, kind, fields.data(), fields.size(), with_.data(), with_.size(), &answer_.id,
                    &answer_.outcome, err);
  }
  kith_status remove(const char* kind, const std::string& name, kith_error** err) {
    return kith_remove(db_, kind, name.c_str(), with_.data(), with_.size(), &answer_.event, err);
  }
  kith_status put_lead(kith_error** err);
  kith_status put_leads(kith_error** err);
  kith_status report(kith_error** err);
  kith_status record_many(kith_error** err);
  void subscribe_with(int mode);
  const char* list_or_all(int n) {
    list_ = list_of(n);
    return n % 4 == 3 ? nullptr : list_.c_str();
  }
  const kith_query* query() {
    condition_ = condition_of(s);
    query_.size = sizeof query_;
    query_.where = condition_.empty() ? nullptr : condition_.c_str();
    return &query_;
  }
  void take_ids(kith_rows* rows) {
    for (std::int64_t row = 0; row < kith_rows_count(rows); ++row)
      answer_.ids.push_back(kith_rows_integer(rows, row, 0));
    kith_rows_free(rows);
  }

  kith_db* db_;
  const Step& s;
  const Model& m;
  Millis now;
  const std::string& copy_;
  Answer answer_;
  Fields with_;
  std::string list_, condition_;
  kith_query query_ = {};
};

kith_status Caller::put_lead(kith_error** err) {
  Fields fields;
  fields.text("email", address_of(s.a));
  if (s.b % 4 == 1) fields.null("first_name");
  if (s.b % 4 > 1) fields.text("first_name", "N" + std::to_string(s.b % 8));
  if (s.c % 4 == 1) fields.null("phone");
  if (s.c % 4 > 1) fields.text("phone", phone_of(s.c / 4));
  std::string own = field_of(0);
  if (s.d % 2 == 1) fields.text(own.c_str(), "v" + std::to_string(s.b % 5));
  if (s.d / 2 % 2 == 1) with_.text("tag", tag_of(s.b));
  if (s.d / 4 % 2 == 1) with_.text("list", list_of(s.c));
  if (s.d / 8 % 4 == 1) with_.integer("fill_gaps", 1);
  return put("lead", fields, err);
}

kith_status Caller::put_leads(kith_error** err) {
  std::vector<int> rows = rows_put(s);
  kith_rows* out = nullptr;
  kith_status status = KITH_OK;
  if (s.verb == Verb::put_many) {
    if (s.d % 2 == 1) with_.text("tag", tag_of(s.b));
    if (s.d % 4 >= 2) with_.text("list", list_of(s.c));
    Fields fields;
    for (int row : rows)
      fields.text("email", row < 0 ? "no address" : address_of(row))
          .text("first_name", "M" + std::to_string(s.b % 8));
    status = kith_put_many(db_, "lead", fields.data(), 2, rows.size(), KITH_SKIP_BAD, with_.data(),
                           with_.size(), &out, err);
  } else {
    std::vector<std::optional<std::string>> addresses;
    for (int row : rows) addresses.push_back(address_of(row));
    test::Batch batch;
    batch.texts("email", addresses);
    test::BatchStream stream(batch);
    status = s.verb == Verb::put_batch
                 ? kith_put_batch(db_, "lead", &batch.schema(), &batch.array(), 0, with_.data(), with_.size(),
                                  &out, err)
                 : kith_put_stream(db_, "lead", stream.c(), 0, with_.data(), with_.size(), &out, err);
  }
  if (status == KITH_OK) take_ids(out);
  return status;
}

void Caller::subscribe_with(int mode) {
  switch (mode % 10) {
    case 2:
    case 3:
      with_.text("consent", "I agree");
      break;
    case 4:
      with_.integer("confirmed", 1);
      break;
    case 5:
      with_.integer("confirmed", 1).text("consent", "I agree");
      break;
    case 6:
      with_.text("via", "form");
      break;
    case 7:
      with_.text("via", "import");
      break;
    case 8:
      with_.text("via", "import").integer("confirmed", 1);
      break;
    case 9:
      with_.text("via", "automation");
      break;
    default:
      break;
  }
}

kith_status Caller::report(kith_error** err) {
  const char* what = s.c % 6 == 0 ? "delivered" : s.c % 6 == 1 ? "complained" : "bounced";
  if (s.c % 6 == 3) with_.text("code", "550 5.7.1 refused");
  if (s.c % 6 > 3) with_.text("bounce", "soft");
  return kith_report(db_, address_of(s.a).c_str(), list_or_all(s.b), what, with_.data(), with_.size(),
                     &answer_.event, err);
}

kith_status Caller::record_many(kith_error** err) {
  Fields fields;
  for (int i = 0; i < 3; ++i) fields.text("lead", address_of(s.a + i)).text("kind", "sim.many");
  kith_rows* out = nullptr;
  kith_status status =
      kith_record_many(db_, fields.data(), 2, 3, KITH_SKIP_BAD, with_.data(), with_.size(), &out, err);
  if (status == KITH_OK) take_ids(out);
  return status;
}

kith_status Caller::make(kith_error** err) {
  std::string a = address_of(s.a);
  auto with = [&] { return with_.data(); };
  auto count = [&] { return with_.size(); };
  std::int64_t* event = &answer_.event;
  std::size_t which = token_meant(m, s);
  const std::string token = which == m.tokens.size() ? "1-AAAAAAAAAAAAAAAAAAAAAA" : m.tokens[which].text;
  kith_rows* rows = nullptr;
  switch (s.verb) {
    case Verb::put_lead:
      return put_lead(err);
    case Verb::put_many:
    case Verb::put_batch:
    case Verb::put_stream:
      return put_leads(err);
    case Verb::put_tag: {
      Fields fields;
      fields.text("name", tag_of(s.a));
      if (s.b % 3 == 1) fields.integer("expires_after", 6 * 3'600'000);
      if (s.b % 3 == 2) fields.null("expires_after");
      if (s.c % 4 == 1) fields.text("category", category_of(s.c));
      return put("tag", fields, err);
    }
    case Verb::put_list: {
      constexpr const char* opt_ins[] = {"single", "double", "out"};
      Fields fields;
      fields.text("name", list_of(s.a));
      if (s.b % 4 != 3) fields.text("opt_in", opt_ins[s.b % 4]);
      if (s.c % 3 != 0) fields.integer("lapse_after", s.c % 3 == 1 ? 2 * one_day : 0);
      if (s.d % 3 != 1) fields.text("channels", s.d % 3 == 0 ? R"(["email", "sms"])" : R"(["email"])");
      return put("list", fields, err);
    }
    case Verb::put_category:
      return put("category", Fields().text("name", category_of(s.a)), err);
    case Verb::put_field:
      return put(
          "field",
          Fields().text("key", field_of(s.a)).text("type", "text").integer("indexed", s.b % 3 == 0 ? 1 : 0),
          err);
    case Verb::put_note:
      return put("note", Fields().text("lead", a).text("text", "note " + std::to_string(s.b)), err);
    case Verb::put_address:
      return put("address", Fields().text("lead", a).text("email", address_of(s.b)), err);
    case Verb::remove_lead:
      return remove("lead", a, err);
    case Verb::remove_tag:
      return remove("tag", tag_of(s.a), err);
    case Verb::remove_list:
      return remove("list", list_of(s.a), err);
    case Verb::remove_category:
      return remove("category", category_of(s.a), err);
    case Verb::remove_field:
      return remove("field", field_of(s.a), err);
    case Verb::remove_note:
      return remove("note", "id:" + std::to_string(note_meant(m, s)), err);
    case Verb::remove_address:
      return remove("address", address_meant(m, s), err);
    case Verb::rename_tag:
      return kith_rename(db_, "tag", tag_of(s.a).c_str(), tag_of(s.b).c_str(), with(), count(), event, err);
    case Verb::rename_list:
      return kith_rename(db_, "list", list_of(s.a).c_str(), list_of(s.b).c_str(), with(), count(), event,
                         err);
    case Verb::merge:
      if (s.c % 3 != 0) with_.text("survivor", s.c % 3 == 1 ? "lead" : "other");
      if (s.d % 2 == 1) with_.text("fields", "other");
      return kith_merge(db_, a.c_str(), address_of(s.b).c_str(), with(), count(), event, err);
    case Verb::unmerge:
      return kith_unmerge(db_, m.merges.at(merge_meant(m, s)).event, with(), count(), event, err);
    case Verb::erase: {
      if (s.b % 2 == 1) with_.integer("suppress", 1);
      std::int32_t pending = 0;
      return kith_erase(db_, a.c_str(), with(), count(), &pending, event, err);
    }
    case Verb::suppress:
      with_.text("reason", reason_of_step(s)).text("channel", channel_of_step(s));
      return kith_suppress(db_, target_of(s.a).c_str(), with(), count(), event, err);
    case Verb::unsuppress:
      with_.text("reason", reason_of_step(s));
      if (s.d % 2 == 1) with_.text("channel", channel_of_step(s));
      return kith_unsuppress(db_, target_of(s.a).c_str(), with(), count(), event, err);
    case Verb::assign:
    case Verb::assign_where:
      if (std::optional<Millis> end = end_given(s, now))
        *end == 0 ? with_.null("expires") : with_.integer("expires", *end);
      if (s.verb == Verb::assign)
        return kith_assign(db_, a.c_str(), tag_of(s.b).c_str(), with(), count(), event, err);
      return kith_assign_where(db_, query(), tag_of(s.b).c_str(), with(), count(), &answer_.number, err);
    case Verb::unassign:
      return kith_unassign(db_, a.c_str(), tag_of(s.b).c_str(), with(), count(), event, err);
    case Verb::unassign_where:
      return kith_unassign_where(db_, query(), tag_of(s.b).c_str(), with(), count(), &answer_.number, err);
    case Verb::merge_tags:
      return kith_merge_tags(db_, tag_of(s.a).c_str(), tag_of(s.b).c_str(), with(), count(), event, err);
    case Verb::subscribe:
      subscribe_with(s.c);
      return kith_subscribe(db_, a.c_str(), list_of(s.b).c_str(), with(), count(), event, err);
    case Verb::unsubscribe:
      return kith_unsubscribe(db_, a.c_str(), list_or_all(s.b), with(), count(), event, err);
    case Verb::subscribe_where:
      subscribe_with(s.d);
      return kith_subscribe_where(db_, query(), list_of(s.b).c_str(), with(), count(), &answer_.number, err);
    case Verb::unsubscribe_where:
      return kith_unsubscribe_where(db_, query(), list_of(s.b).c_str(), with(), count(), &answer_.number,
                                    err);
    case Verb::report:
      return report(err);
    case Verb::pause:
      with_.integer("until", pause_end(s, now));
      return kith_pause(db_, a.c_str(), list_or_all(s.b), with(), count(), event, err);
    case Verb::resume:
      return kith_resume(db_, a.c_str(), list_or_all(s.b), with(), count(), event, err);
    case Verb::sms_received: {
      constexpr const char* texts[] = {"Stop!", "START", "when?"};
      return kith_sms_received(db_, phone_of(s.a).c_str(), texts[s.b % 3], with(), count(), event, err);
    }
    case Verb::token: {
      if (purpose_has_list(s)) with_.text("list", list_of(s.b));
      kith_status status = kith_token(db_, a.c_str(), purpose_of(s).c_str(), with(), count(), &rows, err);
      if (status == KITH_OK) answer_.text = kith_rows_text(rows, 0, 0);
      kith_rows_free(rows);
      return status;
    }
    case Verb::token_revoke:
      return kith_token_revoke(db_, token.c_str(), with(), count(), event, err);
    case Verb::confirm:
      return kith_confirm(db_, token.c_str(), with(), count(), event, err);
    case Verb::unsubscribe_by_token:
      if (s.b % 2 == 1) with_.integer("all", 1);
      return kith_unsubscribe_by_token(db_, token.c_str(), with(), count(), event, err);
    case Verb::set_preferences: {
      Fields choices;
      choices.named_integer(list_of(s.b), s.d % 2);
      if (s.c % 4 != s.b % 4) choices.named_integer(list_of(s.c), s.d / 2 % 2);
      if (s.d / 4 % 2 == 1) with_.text("consent", "I agree");
      return kith_set_preferences(db_, token.c_str(), choices.data(), choices.size(), with(), count(),
                                  &answer_.number, err);
    }
    case Verb::record:
      return kith_record(db_, a.c_str(), s.b % 2 == 0 ? "sim.one" : "sim.two",
                         s.c % 2 == 0 ? nullptr : "{\"n\":1}", with(), count(), event, err);
    case Verb::record_many:
      return record_many(err);
    case Verb::run: {
      std::int64_t next = 0;
      return kith_run(db_, limit_of_run(s), &answer_.number, &next, err);
    }
    case Verb::search: {
      kith_status status = kith_search(db_, ("p" + std::to_string(s.a % addresses)).c_str(), 0, &rows, err);
      if (status == KITH_OK) take_ids(rows);
      return status;
    }
    case Verb::backup:
      return kith_backup(db_, copy_.c_str(), err);
    case Verb::check: {
      kith_status status = kith_check(db_, s.d % 4 == 0 ? 1 : 0, &rows, err);
      if (status == KITH_OK && kith_rows_count(rows) > 0) answer_.text = kith_rows_text(rows, 0, 2);
      kith_rows_free(rows);
      return status;
    }
    case Verb::compact:
      return kith_compact(db_, err);
    case Verb::begin:
      return kith_begin(db_, err);
    case Verb::commit:
      return kith_commit(db_, err);
    case Verb::rollback:
      kith_rollback(db_);
      return KITH_OK;
    case Verb::close:
      return KITH_OK;  // the world closes handles
  }
  return KITH_INTERNAL;
}

}  // namespace

Answer call(kith_db* db, const Step& step, const Model& model, Millis now, const std::string& copy) {
  return Caller(db, step, model, now, copy).run();
}

}  // namespace kith::sim
